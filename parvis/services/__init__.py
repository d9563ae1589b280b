"""Decide and record, one subject a file."""
