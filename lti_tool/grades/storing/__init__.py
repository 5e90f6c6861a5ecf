"""Writes what was read, in bulk and in the caller's transaction: a row only where something changed."""
