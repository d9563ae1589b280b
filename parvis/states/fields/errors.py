"""What every field parser shares: the refusal, the empty value, and a safe way to quote what was typed."""

import re
from datetime import date
from decimal import Decimal

from parvis.states.words import Sentence

Raw = str | int | float | Decimal | date | None
"""A value before it is understood: text from a form, a number from JSON, a date from a spreadsheet cell."""

SHOWN_LENGTH = 40
MAX_BITS = 256
"""Larger integers are never written out: Python refuses to, past 4,300 digits."""
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ud800-\udfff]"
)
_BLANK = " \t\r\n\u00a0\u2007\u2009\u202f\u200b\ufeff"


class FieldError(ValueError):
    """A value is refused: `code` is for machines, `sentence` says what is wrong and what to do."""

    def __init__(self, code: str, sentence: Sentence, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self._sentence = sentence
        self._values = values

    @property
    def sentence(self) -> Sentence:
        """Filled when asked for: a file with a hundred thousand errors shows only some of them."""
        return self._sentence.fill(**self._values)

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"


def shortened(value: object, limit: int = SHOWN_LENGTH) -> str:
    """`value` fit to be quoted in a sentence: at most `limit` characters, nothing invisible left as it is."""
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        return "10^…"
    quoted = value[: limit + 1] if isinstance(value, str) else str(value)[: limit + 1]
    cut = quoted[:limit] + "…" if len(quoted) > limit else quoted
    return _INVISIBLE.sub(_made_visible, cut)


def is_blank(value: Raw) -> bool:
    """True for nothing at all, or only spaces."""
    return value is None or (isinstance(value, str) and not value.strip(_BLANK))


def refuse_blank(value: Raw) -> None:
    """Stop an empty value before a parser looks at it.

    Raises:
        FieldError: `required`.
    """
    if is_blank(value):
        raise FieldError(
            "required",
            Sentence(
                fr="Ce champ est vide alors qu’il est obligatoire : indiquez une valeur.",
                en="This field is empty but required: give a value.",
            ),
        )


def _made_visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    return chr(0x2400 + code) if code < 0x20 else f"[U+{code:04X}]"
