"""Releases as they are: verified from outside."""
