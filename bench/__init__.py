"""Speed against the floor of the database and of the mail server, measured in the same run: `make bench`."""
