"""From the bytes of a file to deposits that passed every check; writing them down is another subject."""
