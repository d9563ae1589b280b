"""A letter becomes a MIME message and leaves by SMTP or into a local mailbox."""
