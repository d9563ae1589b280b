"""Who typed: the command line."""
