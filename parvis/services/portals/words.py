"""What a platform and Parvis say, as people read it: on the page of a case, in its history, in a list."""

from collections.abc import Mapping
from datetime import date

from parvis.states.details import Plain
from parvis.states.portals import (
    DISCREET,
    FIELD_WORDS,
    PLATFORM_WORDS,
    THE_FILE,
    PortalField,
    field_of,
    nature_words,
    status_words,
)
from parvis.states.words import Cents, Sentence, shown

LONGEST = 160
_MONEY = frozenset({PortalField.REQUESTED, PortalField.ASKED, PortalField.TOTAL_COST})
NOTHING = Sentence("rien", "nothing")
LINES = Sentence("{count} lignes, {total}", "{count} lines, {total}")
CHANGED = Sentence("{field} : {before} → {after}", "{field}: {before} → {after}")
CHANGED_DISCREETLY = Sentence("{field}", "{field}")


def platform_words(source: str) -> Sentence:
    """Who says it: a platform, or the file that was imported."""
    return PLATFORM_WORDS.get(source, THE_FILE)


def field_words(key: str, funders: Mapping[str, str]) -> Sentence:
    """What a key is about; `funders` are names by code."""
    words = FIELD_WORDS[field_of(key)]
    code = key.partition(":")[2]
    return words.fill(funder=funders.get(code, code)) if code else words


def value_words(key: str, value: Plain, names: Mapping[str, str]) -> Sentence:
    """A value as people read it; `names` are those of neighbourhoods and challenges, by code."""
    field = field_of(key)
    if value in (None, "", [], {}):
        return NOTHING
    if isinstance(value, list):
        return (
            _budget(value)
            if field is PortalField.BUDGET
            else _said([names.get(str(v), str(v)) for v in value])
        )
    if isinstance(value, dict):
        return _said(", ".join(str(each) for each in value.values() if each))
    if isinstance(value, int) and field in _MONEY:
        return _said(Cents(value))
    text = str(value)
    if field in (PortalField.STARTS_ON, PortalField.ENDS_ON):
        return _said(date.fromisoformat(text))
    if field is PortalField.STATUS:
        return _said(status_words(text))
    if field is PortalField.NATURE:
        return _said(nature_words(text))
    return _said(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")


def _budget(lines: list[Plain]) -> Sentence:
    costs = [line[3] for line in lines if isinstance(line, list) and line[0] == "charge"]
    return LINES.fill(count=len(lines), total=Cents(sum(cents for cents in costs if isinstance(cents, int))))


def kept_words(key: str, value: Plain) -> str:
    """A value as the journal keeps it: short, and nothing of what it must not remember."""
    if field_of(key) in DISCREET or value in (None, "", [], {}):
        return ""
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)[:LONGEST]
    return str(value)[:LONGEST]


def told_words(key: str, before: str, after: str, funders: Mapping[str, str]) -> Sentence:
    """A line of the journal about one point, as it is read in the history of a case."""
    field = field_words(key, funders)
    if not before and not after:
        return CHANGED_DISCREETLY.fill(field=field)
    return CHANGED.fill(field=field, before=_read(key, before), after=_read(key, after))


def _read(key: str, kept: str) -> Sentence:
    field = field_of(key)
    if field in _MONEY and kept.isdigit():
        return value_words(key, int(kept), {})
    return value_words(key, kept, {})


def _said(value: object) -> Sentence:
    return Sentence(shown(value, "fr"), shown(value, "en"))
