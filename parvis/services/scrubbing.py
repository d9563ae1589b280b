"""What no log may say: secrets and what tells one person from another are taken out of any text on its way there."""

import re
from collections.abc import Iterable

HIDDEN = "…"
_SHORTEST = 4
"""A shorter secret is a word: to hide it everywhere would hide what happened."""

LET_IN = ("calendrier", "lien", "bienvenue", "nouvelle-adresse")
"""Beginnings of addresses of ours that let somebody in by what follows."""

_RULES = (
    # What stands before the host of an address: postgresql://user:secret@host.
    (re.compile(r"(?<=://)[^/\s@'\"]+(?=@)"), HIDDEN),
    (re.compile(rf"/({'|'.join(LET_IN)})/[^/\s'\"?]+"), rf"/\1/{HIDDEN}"),
    (re.compile(r"(?i)\b(authorization|cookie|set-cookie)(['\"]?\s*[:=]\s*)[^\n]+"), rf"\1\2{HIDDEN}"),
    (re.compile(r"[^\s@<>()\[\]{}'\",;:=]+@[\w-]+(?:\.[\w-]+)+"), f"{HIDDEN}@{HIDDEN}"),
    # An IBAN as typed, whole or by fours.
    (re.compile(r"\b[A-Z]{2}\d{2}(?:[ \u00a0\u202f]?[0-9A-Z]{4}){2,7}(?:[ \u00a0\u202f]?[0-9A-Z]{1,4})?\b"), HIDDEN),
    # A signed token (JWT), one of ours (`parvis_…`, `whsec_…`), a secret made by chance.
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), HIDDEN),
    (re.compile(r"\b(parvis_|whsec_)[\w+/=-]{16,}"), rf"\1{HIDDEN}"),
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{40,}=?"), HIDDEN),
    # What PostgreSQL and Pydantic repeat of the values they refuse.
    (re.compile(r"(?m)^DETAIL:.*$"), f"DETAIL: {HIDDEN}"),
    (re.compile(r"\[parameters: [^\n]*\]"), f"[parameters: {HIDDEN}]"),
    (re.compile(r"input_value=.*?(?=, input_type=)"), f"input_value={HIDDEN}"),
)  # fmt: skip


_PLAIN = re.compile(r"[a-z0-9_.:+-]{0,30}")
"""No rule takes anything out of such a word, too short and too plain: most of what a line says."""


class Scrubber:
    """Takes out what no log may say, the secrets of the settings among it."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Hide `secrets` wherever they stand, the longest first."""
        self.secrets = frozenset(each for each in secrets if len(each) >= _SHORTEST)
        known = sorted(self.secrets, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        """`text` without them."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        if _PLAIN.fullmatch(text):
            return text
        for pattern, instead in _RULES:
            text = pattern.sub(instead, text)
        return text
