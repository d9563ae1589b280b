"""Taking people’s words out of a journal without breaking its chain: what stays, and what vouches for it. Pure."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence

from parvis.states.details import Plain
from parvis.states.journal import AnyLine, canonical

ANONYMISE = "anonymise"
"""The action of the line that vouches for those before it that lost words."""
RECTIFY = "rectify"
"""The action of the line a case gets when its contact is corrected: which fields, never what they held."""
REDACTED = "redacted"
"""Where that line keeps what it vouches for: the seal of each line, by its number."""

SALT = "salt"
"""What is drawn for a line that holds words: it goes with them."""
KEPT_WORDS = frozenset({
    "amounts", "arrival", "batch", "instalment", "kind", "missed_wave", "opinion", "outcome", "part_amounts",
    "partner_siret", "points", "reference", "renewed_as", "sha256", "stage", "undertaken",
})  # fmt: skip
"""Details whose words are codes or numbers, never what somebody typed."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}([T ][0-9:.+Z-]*)?")
_CODES = frozenset({"documents", "codes"})
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def without_words(details: Mapping[str, Plain]) -> dict[str, Plain]:
    """What stays of the details of a line: numbers, days, codes and ids, each as it was; nothing somebody typed."""
    return {name: value for name, value in details.items() if _stays(name, value)}


def salted(details: Mapping[str, Plain], salt: str) -> Mapping[str, Plain]:
    """Details with a salt beside the words somebody typed, where there are some.

    Once both are gone, the hash of the line confirms no guess of the words: nobody can guess the salt.
    """
    return (
        {**details, SALT: salt}
        if any(not _stays(name, value) for name, value in details.items())
        else details
    )


def _stays(name: str, value: Plain) -> bool:
    if name in KEPT_WORDS:
        return True
    if name in _CODES and isinstance(value, list):
        return all(isinstance(each, str) and _CODE.fullmatch(each) for each in value)
    return not _has_words(value)


def _has_words(value: Plain) -> bool:
    match value:
        case str():
            return _DAY.fullmatch(value) is None
        case list():
            return any(map(_has_words, value))
        case dict():
            return any(_has_words(each) for each in value.values())
        case _:
            return False


def seal(line: AnyLine, own: bytes) -> str:
    """What vouches for a line that lost words: over what it says now and its hash in the chain, in hexadecimal."""
    return hashlib.sha256(b"\x02" + own + canonical(line)).hexdigest()


def vouched(lines: Sequence[tuple[AnyLine, bytes]]) -> dict[int, str]:
    """The seals that lines of a journal carry for lines before them, by number; the last one said counts."""
    seals: dict[int, str] = {}
    for line, _ in lines:
        if line.action == ANONYMISE:
            seals |= {number: said for number, said in _said(line.details).items() if number < line.seq}
    return seals


def _said(details: str) -> dict[int, str]:
    """What a line vouches for; nothing where it cannot be read, which breaks the chain of its own accord."""
    try:
        carried = json.loads(details).get(REDACTED, {})
        return {int(number): str(said) for number, said in carried.items()}
    except (ValueError, AttributeError, TypeError):
        return {}
