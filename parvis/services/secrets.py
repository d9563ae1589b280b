"""Secrets in addresses and cookies: made by chance, kept as their hash."""

import hashlib
import secrets

_BYTES = 32


def new_secret() -> str:
    """A secret nobody guesses: 43 letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(_BYTES)


def kept(secret: str) -> bytes:
    """What the database keeps of a secret: its SHA-256, enough for one made by chance."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
