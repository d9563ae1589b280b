"""Amounts, days, hours and shares as French documents print them; the same as `states.words`, many times faster."""

from collections.abc import Iterable
from datetime import date, time

NARROW = "\u202f"
NONE = "—"
_MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
           "décembre")  # fmt: skip
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def euros(cents: int | None, *, whole: bool | None = None) -> str:
    """An amount in cents: `12 345 €`, or `12 345,50 €` when it has cents or with `whole=False`; a dash for none."""
    if cents is None:
        return NONE
    units, rest = divmod(abs(cents), 100)
    shown = f"{units:,}".replace(",", NARROW)
    if rest or whole is False:
        shown += f",{rest:02d}"
    return f"{'−' if cents < 0 else ''}{shown}{NARROW}€"


def column(amounts: Iterable[int | None]) -> list[str]:
    """The amounts of a column: if one has cents, all show theirs."""
    listed = list(amounts)
    whole = all(not each or each % 100 == 0 for each in listed)
    return [euros(each, whole=whole) for each in listed]


def day(value: date | None) -> str:
    """`1er mars 2027`; a dash for none."""
    if value is None:
        return NONE
    return f"{'1er' if value.day == 1 else value.day} {_MONTHS[value.month - 1]} {value.year}".replace(
        " ", "\u00a0"
    )


def full_day(value: date) -> str:
    """`lundi 1er mars 2027`."""
    return f"{_WEEKDAYS[value.weekday()]}\u00a0{day(value)}"


def short_day(value: date | None) -> str:
    """`01/03/2027`; a dash for none."""
    return f"{value:%d/%m/%Y}" if value else NONE


def hour(value: time) -> str:
    """`14 h 30`, `9 h`."""
    return f"{value.hour}\u00a0h" + (f"\u00a0{value.minute:02d}" if value.minute else "")


def percent(part: int, whole: int) -> str:
    """A share in whole percent: `52 %`; a dash of nothing."""
    return f"{round(100 * part / whole)}{NARROW}%" if whole else NONE


def siret(number: str) -> str:
    """`418 166 096 00051`."""
    if len(number) != 14:
        return number
    return "\u00a0".join((number[:3], number[3:6], number[6:9], number[9:]))


def count(number: int, one: str, many: str) -> str:
    """A number with its noun: `1 dossier`, `2 dossiers`."""
    return f"{number:,}".replace(",", NARROW) + f"\u00a0{one if number in {0, 1} else many}"
