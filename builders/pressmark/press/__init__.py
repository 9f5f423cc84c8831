"""Writes: columns, shards, manifest, card."""
