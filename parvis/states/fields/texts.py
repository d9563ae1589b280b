"""Free text: normalised once on the way in, so that search, unique keys and letters agree on it."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

from parvis.states.fields.errors import MAX_BITS, FieldError, Raw, refuse_blank, shortened
from parvis.states.words import Sentence

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
# A zero-width joiner keeps an emoji together; after a letter it only hides a difference.
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]|(?<=\\w)\u200d")
_LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")
_SPACES = re.compile("[ \t\n]+")
_LOOKALIKE_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")

CONTROL_CHAR = Sentence(
    fr="Le caractère de contrôle {char} (position {position}) n’est pas admis dans « {value} » : retapez ce "
    "texte.",
    en="Control character {char} (position {position}) is not allowed in “{value}”: type the text again.",
)
TOO_LONG = Sentence(
    fr="Le texte « {value} » compte {length} caractères, pour {limit} au plus : raccourcissez-le.",
    en="The text “{value}” has {length} characters, at most {limit} are allowed: shorten it.",
)
NOT_TEXT = Sentence(
    fr="« {value} » n’est pas un texte : écrivez-le en toutes lettres.",
    en="“{value}” is not a text: write it out.",
)


def text(value: Raw, *, max_length: int = 10_000, lines: bool = False) -> str:
    """The text in Unicode NFC, without invisible characters nor outer spaces; one line unless `lines`.

    Raises:
        FieldError: `required`, `control_char`, `too_long`, `text_type`.
    """
    refuse_blank(value)
    typed = as_typed(value)
    refuse_controls(typed)
    if len(typed) > 2 * max_length + 100:
        raise FieldError("too_long", TOO_LONG, value=shortened(typed), length=len(typed), limit=max_length)
    kept = unicodedata.normalize("NFC", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", typed)))
    kept = kept.strip() if lines else _SPACES.sub(" ", kept).strip()
    refuse_blank(kept)
    if len(kept) > max_length:
        raise FieldError("too_long", TOO_LONG, value=shortened(kept), length=len(kept), limit=max_length)
    return kept


def as_typed(value: Raw) -> str:
    """The characters a person would have typed for `value`.

    Raises:
        FieldError: `text_type` for true and false, which no field of a deposit means.
    """
    match value:
        case str():
            return value
        case bool():
            raise FieldError("text_type", NOT_TEXT, value=str(value))
        case int() if value.bit_length() > MAX_BITS:
            raise FieldError("text_type", NOT_TEXT, value=shortened(value))
        case float():
            return f"{value:.15g}"
        case datetime():
            return value.strftime("%d/%m/%Y %H:%M")
        case date():
            return value.strftime("%d/%m/%Y")
        case int() | Decimal():
            return str(value)
        case None:
            return ""


def refuse_controls(typed: str) -> None:
    """Stop NUL, escape sequences and lone surrogates: PostgreSQL or a printer would choke on them.

    Raises:
        FieldError: `control_char`.
    """
    found = _CONTROLS.search(typed)
    if found:
        start = max(0, found.start() - 15)
        raise FieldError(
            "control_char",
            CONTROL_CHAR,
            char=f"U+{ord(found.group()):04X}",
            position=found.start() + 1,
            value=shortened(typed[start : start + 30]),
        )


def without_invisible(typed: str) -> str:
    """`typed` without the characters that print nothing."""
    return _INVISIBLE.sub("", typed)


def mixed_scripts(kept: str) -> bool:
    """True when one word mixes alphabets whose letters look alike (Cyrillic letters in a French name)."""
    return any(len(_scripts(word)) > 1 for word in re.findall(r"[^\W\d_]+", kept))


def _scripts(word: str) -> set[str]:
    if word.isascii():
        return {"LATIN"}
    names = (unicodedata.name(char, "") for char in word)
    return {script for name in names for script in _LOOKALIKE_SCRIPTS if name.startswith(script)}
