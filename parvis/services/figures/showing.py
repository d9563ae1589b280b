"""How the cells of a report look: numbers with their thousands, days short, amounts to the euro."""

from datetime import date
from decimal import Decimal

from babel.numbers import format_currency, format_decimal

from parvis.services.figures.shapes import Cell, Percent
from parvis.states.words import Cents, Language, Sentence, money


def cell(value: Cell, language: str) -> str:
    """A cell as text: empty when there is nothing to say."""
    match value:
        case None:
            return ""
        case Cents(amount):
            return euros(amount, language)
        case int():
            return number(value, language)
        case Percent(share, signed):
            return percent(share, signed=signed).say(language)
        case date():
            return value.strftime("%d/%m/%Y")
        case Sentence():
            return value.say(language)
        case str():
            return value


def number(value: int, language: str) -> str:
    """A whole number: `12 345`."""
    return str(format_decimal(value, locale=_locale(language)))


def euros(cents: int, language: str) -> str:
    """An amount to the euro: `12 345 €`."""
    whole = Decimal(cents) / 100
    pattern = "¤#,##0" if language == Language.EN else "#,##0\u00a0¤"
    return str(
        format_currency(round(whole), "EUR", format=pattern, locale=_locale(language), currency_digits=False)
    )


def thousands(cents: int, language: str) -> str:
    """An amount to the thousand, where room is short: `1 234 k€`."""
    said = number(round(cents / 100_000), language)
    return f"€{said}k" if language == Language.EN else f"{said}\u202fk€"


def thousands_of(part: int, whole: int, language: str) -> str:
    """A part of an amount, both to the thousand: `12 / 1 234 k€`."""
    if language == Language.EN:
        return f"{thousands(part, language)} / {thousands(whole, language)}"
    return f"{number(round(part / 100_000), language)} / {thousands(whole, language)}"


def exact(cents: int, language: str) -> str:
    """An amount to the cent, without cents when there are none: `12 345 €`, `12 345,50 €`."""
    said = money(cents, language)
    return said.replace(",00", "").replace(".00", "") if cents % 100 == 0 else said


def percent(value: int, *, signed: bool = False) -> Sentence:
    """A percentage, inside a sentence of either language: `62 %`, and when it is a change `+62 %`."""
    said = f"{'−' if value < 0 else '+' if signed and value > 0 else ''}{abs(value)}"
    return Sentence(f"{said}\u202f%", f"{said}%")


def amount(cents: int) -> Sentence:
    """An amount to the euro, inside a sentence of either language."""
    return Sentence(euros(cents, Language.FR), euros(cents, Language.EN))


def counted(value: int) -> Sentence:
    """A whole number, inside a sentence of either language."""
    return Sentence(number(value, Language.FR), number(value, Language.EN))


def _locale(language: str) -> str:
    return "en_GB" if language == Language.EN else "fr_FR"
