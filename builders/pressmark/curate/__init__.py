"""Decides: rights, copies, splits."""
