"""Amounts of money as people write them, to integer cents; what could be read two ways is refused."""

import math
import re
from decimal import Decimal

from parvis.states.fields.errors import FieldError, Raw, refuse_blank, shortened
from parvis.states.fields.texts import as_typed, refuse_controls, without_invisible
from parvis.states.words import Cents, Sentence

MAX_AMOUNT_CENTS = 100_000_000_000
"""One billion euros: larger than any envelope here, far from the limit of a 64-bit column."""
MAX_TYPED = 30
"""Characters of an amount: fewer than the digits Decimal keeps, so that nothing is rounded on the way."""

_SPACE = re.compile("[\u00a0\u2007\u2009\u202f]")
_EURO = re.compile(r"(€|EUR|euros?)", re.IGNORECASE)
_NOT_FINITE = re.compile(r"[+-]?(s?nan|inf(inity)?|∞)", re.IGNORECASE)
_OTHER_CURRENCY = re.compile(r"[$£¥₣]|\b(USD|GBP|CHF|JPY|CAD)\b", re.IGNORECASE)
_GROUPED = re.compile(r"[0-9]{1,3}( [0-9]{3})+|[0-9]{1,3}(\.[0-9]{3}){2,}|[0-9]{1,3}(,[0-9]{3}){2,}|[0-9]+")
_GROUPED_BEFORE_COMMA = re.compile(r"[0-9]{1,3}(([ .])[0-9]{3}(\2[0-9]{3})*)?|[0-9]+")
_GROUPED_BEFORE_DOT = re.compile(r"[0-9]{1,3}(([ ,])[0-9]{3}(\2[0-9]{3})*)?|[0-9]+")
_SIGNED = re.compile(r"([-−+(]?) ?([0-9][0-9 .,]*) ?([-−)]?)")
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")

FORMAT = Sentence(
    fr="« {value} » n’est pas un montant : écrivez-le comme 1 234,56 €.",
    en="“{value}” is not an amount: write it like 1 234,56 €.",
)
AMBIGUOUS = Sentence(
    fr="« {value} » peut se lire de deux façons : écrivez {thousands} ou {decimals}.",
    en="“{value}” can be read two ways: write {thousands} or {decimals}.",
)
NEGATIVE = Sentence(
    fr="Le montant « {value} » est négatif : indiquez un montant positif.",
    en="The amount “{value}” is negative: give a positive amount.",
)
NOT_FINITE = Sentence(
    fr="« {value} » n’est pas un nombre fini : indiquez un montant en euros.",
    en="“{value}” is not a finite number: give an amount in euros.",
)
PRECISION = Sentence(
    fr="« {value} » a plus de deux décimales, et Parvis n’arrondit pas : indiquez le montant au centime.",
    en="“{value}” has more than two decimals, and Parvis does not round: give the amount to the cent.",
)
ZERO = Sentence(
    fr="Le montant est nul : indiquez un montant supérieur à zéro.",
    en="The amount is zero: give an amount above zero.",
)
CURRENCY = Sentence(
    fr="« {value} » n’est pas en euros : convertissez le montant.",
    en="“{value}” is not in euros: convert the amount.",
)
RANGE = Sentence(
    fr="Le montant « {value} » dépasse {limit} : vérifiez le nombre de zéros.",
    en="The amount “{value}” is above {limit}: check the number of zeros.",
)


def amount(value: Raw, *, zero_allowed: bool = False) -> int:
    """Integer cents. A float is read to its 15 significant digits, as a spreadsheet shows it.

    Raises:
        FieldError: `required`, `amount_format`, `amount_ambiguous`, `amount_negative`, `amount_not_finite`,
            `amount_precision`, `amount_zero`, `amount_currency`, `amount_range`, `control_char`.
    """
    refuse_blank(value)
    shown = shortened(value)
    euros = _from_text(value, shown) if isinstance(value, str) else _from_number(value, shown)
    if euros < 0:
        raise FieldError("amount_negative", NEGATIVE, value=shown)
    if euros * 100 > MAX_AMOUNT_CENTS:
        raise FieldError("amount_range", RANGE, value=shown, limit=Cents(MAX_AMOUNT_CENTS))
    cents = euros * 100
    if cents != int(cents):
        raise FieldError("amount_precision", PRECISION, value=shown)
    if cents == 0 and not zero_allowed:
        raise FieldError("amount_zero", ZERO)
    return int(cents)


def plain_amount(cents: int) -> str:
    """Cents as the field of an amount takes them: `1234,50`."""
    return f"{cents // 100},{cents % 100:02d}"


def grouped_amount(cents: int) -> str:
    """The same as a person types it: `1 234,50`, without cents when there are none."""
    whole, rest = divmod(cents, 100)
    said = f"{whole:,}".replace(",", "\u00a0")
    return f"{said},{rest:02d}" if rest else said


def _from_number(value: Raw, shown: str) -> Decimal:
    match value:
        case bool():
            raise FieldError("amount_format", FORMAT, value=shown)
        case int():
            # Compared before any conversion: ten thousand digits would cost quadratic time.
            if abs(value) * 100 > MAX_AMOUNT_CENTS:
                value = MAX_AMOUNT_CENTS if value > 0 else -1
            return Decimal(value)
        case Decimal():
            if not value.is_finite():
                raise FieldError("amount_not_finite", NOT_FINITE, value=shown)
            return min(value, Decimal(MAX_AMOUNT_CENTS))
        case float():
            if not math.isfinite(value):
                raise FieldError("amount_not_finite", NOT_FINITE, value=shown)
            return min(Decimal(f"{value:.15g}"), Decimal(MAX_AMOUNT_CENTS))
        case _:
            raise FieldError("amount_format", FORMAT, value=shown)


def _from_text(value: str, shown: str) -> Decimal:
    refuse_controls(value)
    typed = _SPACE.sub(" ", without_invisible(as_typed(value))).strip(" ")
    if _NOT_FINITE.fullmatch(typed):
        raise FieldError("amount_not_finite", NOT_FINITE, value=shown)
    if _OTHER_CURRENCY.search(typed):
        raise FieldError("amount_currency", CURRENCY, value=shown)
    signed = _SIGNED.fullmatch(_EURO.sub("", typed, count=1).strip(" ")) if len(typed) <= MAX_TYPED else None
    if signed is None:
        raise FieldError("amount_format", FORMAT, value=shown)
    before, digits, after = signed.groups()
    if _AMBIGUOUS.fullmatch(digits):
        whole, rest = re.split("[.,]", digits)
        raise FieldError(
            "amount_ambiguous",
            AMBIGUOUS,
            value=shown,
            thousands=f"{whole} {rest}",
            decimals=f"{whole},{rest[:2]}",
        )
    euros = _read(digits)
    if euros is None:
        raise FieldError("amount_format", FORMAT, value=shown)
    return -euros if before in ("-", "−", "(") or after else euros


def _read(digits: str) -> Decimal | None:
    digits = digits.strip(" ")
    if _GROUPED.fullmatch(digits):
        return Decimal(re.sub(r"[^0-9]", "", digits))
    mark = max(digits.rfind(","), digits.rfind("."))
    whole, decimals = digits[:mark], digits[mark + 1 :]
    groups = _GROUPED_BEFORE_COMMA if digits[mark] == "," else _GROUPED_BEFORE_DOT
    if mark < 0 or not decimals.isdigit() or not groups.fullmatch(whole):
        return None
    return Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{decimals}")
