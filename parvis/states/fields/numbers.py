"""Counts and shares."""

import re
from decimal import Decimal

from parvis.states.fields.errors import FieldError, Raw, refuse_blank, shortened
from parvis.states.fields.texts import as_typed, without_invisible
from parvis.states.words import Sentence

_SPACES = re.compile("[ \u00a0\u2007\u2009\u202f]")

INTEGER_FORMAT = Sentence(
    fr="« {value} » n’est pas un nombre entier : écrivez-le en chiffres, sans décimale.",
    en="“{value}” is not a whole number: write it in digits, without decimals.",
)
INTEGER_RANGE = Sentence(
    fr="« {value} » n’est pas entre {minimum} et {maximum} : vérifiez ce nombre.",
    en="“{value}” is not between {minimum} and {maximum}: check this number.",
)
PERCENTAGE_FORMAT = Sentence(
    fr="« {value} » n’est pas un pourcentage entier : écrivez-le comme 60 %.",
    en="“{value}” is not a whole percentage: write it like 60%.",
)
PERCENTAGE_RANGE = Sentence(
    fr="« {value} » n’est pas entre 0 % et 100 % : vérifiez ce pourcentage.",
    en="“{value}” is not between 0% and 100%: check this percentage.",
)


def integer(value: Raw, *, minimum: int = 0, maximum: int = 10_000_000) -> int:
    """A whole number from `minimum` to `maximum`, both included; groups of three may be spaced.

    Raises:
        FieldError: `required`, `integer_format`, `integer_range`.
    """
    refuse_blank(value)
    shown = shortened(value)
    if isinstance(value, (bool, Decimal)) or (isinstance(value, float) and not value.is_integer()):
        raise FieldError("integer_format", INTEGER_FORMAT, value=shown)
    number = int(value) if isinstance(value, (int, float)) else _whole(as_typed(value))
    if number is None:
        raise FieldError("integer_format", INTEGER_FORMAT, value=shown)
    if not minimum <= number <= maximum:
        raise FieldError("integer_range", INTEGER_RANGE, value=shown, minimum=minimum, maximum=maximum)
    return number


def percentage(value: Raw) -> int:
    """A whole share, 0 to 100; a bare 0.6 is refused because it could be 60 % or less than one.

    Raises:
        FieldError: `required`, `percentage_format`, `percentage_range`.
    """
    refuse_blank(value)
    shown = shortened(value)
    typed = _SPACES.sub("", without_invisible(as_typed(value)))
    match = re.fullmatch(r"(-?[0-9]{1,9})([.,]0{1,9})?%?", typed)
    if match is None:
        raise FieldError("percentage_format", PERCENTAGE_FORMAT, value=shown)
    share = int(match.group(1))
    if not 0 <= share <= 100:
        raise FieldError("percentage_range", PERCENTAGE_RANGE, value=shown)
    return share


def _whole(typed: str) -> int | None:
    digits = _SPACES.sub(" ", without_invisible(typed)).strip()
    if not re.fullmatch(r"-?([0-9]{1,18}|[0-9]{1,3}( [0-9]{3}){1,5})", digits):
        return None
    return int(digits.replace(" ", ""))
