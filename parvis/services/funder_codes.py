"""The code of a funder that only a deposit names."""

import re
import unicodedata


def funder_code(name: str) -> str:
    """The code of a funder that only a deposit names: its name without accents, in lower case, with hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "financeur"
