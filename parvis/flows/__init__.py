"""When: one scheduled job a file."""
