"""Calendar days and instants as people, portals and spreadsheets write them."""

import re
from datetime import UTC, date, datetime, time, timedelta

from parvis.states.fields.errors import FieldError, Raw, refuse_blank, shortened
from parvis.states.fields.texts import as_typed, without_invisible
from parvis.states.words import PARIS, Sentence

FIRST_YEAR = 1990
LAST_YEAR = 2100

_FRENCH = re.compile(r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_ISO_INSTANT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?P<time>[0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?)"
    r"(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?",
    re.IGNORECASE,
)
_SERIAL_1900 = datetime(1899, 12, 30)  # noqa: DTZ001
_SERIAL_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_LEAP_DAY_THAT_NEVER_WAS = 60

FORMAT = Sentence(
    fr="« {value} » n’est pas une date : écrivez-la JJ/MM/AAAA, comme 03/04/2026.",
    en="“{value}” is not a date: write it DD/MM/YYYY, like 03/04/2026.",
)
INVALID = Sentence(
    fr="La date « {value} » n’existe pas dans le calendrier : vérifiez le jour et le mois.",
    en="The date “{value}” does not exist in the calendar: check the day and the month.",
)
RANGE = Sentence(
    fr="La date « {value} » n’est pas entre {first} et {last} : vérifiez l’année.",
    en="The date “{value}” is not between {first} and {last}: check the year.",
)
OFFSET_REQUIRED = Sentence(
    fr="« {value} » est une heure sans fuseau, qui peut désigner deux instants : ajoutez le décalage, comme "
    "+02:00, "
    "ou donnez le jour seul.",
    en="“{value}” is a time without an offset, which can mean two instants: add the offset, like +02:00, "
    "or give the day only.",
)
BARE_NUMBER = Sentence(
    fr="« {value} » est un nombre et non une date : écrivez-la JJ/MM/AAAA, ou mettez la cellule au format "
    "date.",
    en="“{value}” is a number, not a date: write it DD/MM/YYYY, or give the cell a date format.",
)


def calendar_day(value: Raw) -> date:
    """The day meant: `JJ/MM/AAAA`, ISO, or the day in Paris of an instant written with its offset.

    Raises:
        FieldError: `required`, `date_format`, `date_invalid`, `date_range`, `datetime_offset_required`.
    """
    refuse_blank(value)
    match value:
        case datetime():
            return _in_range(value.astimezone(PARIS).date() if value.tzinfo else value.date())
        case date():
            return _in_range(value)
        case str():
            typed = without_invisible(value).strip(" \u00a0\u202f")
        case _:
            raise FieldError("date_invalid", BARE_NUMBER, value=shortened(value))
    found = _FRENCH.fullmatch(typed) or _ISO.fullmatch(typed)
    if found:
        return _day(found, typed)
    return instant(typed).astimezone(PARIS).date()


def instant(value: Raw) -> datetime:
    """An aware UTC instant, from ISO 8601 with its offset.

    Raises:
        FieldError: `required`, `date_format`, `date_invalid`, `date_range`, `datetime_offset_required`.
    """
    refuse_blank(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise FieldError("datetime_offset_required", OFFSET_REQUIRED, value=value.isoformat())
        _in_range(value.date())
        return value.astimezone(UTC)
    typed = without_invisible(as_typed(value)).strip(" \u00a0\u202f")
    found = _ISO_INSTANT.fullmatch(typed)
    day = _ISO.fullmatch(found["day"]) if found else None
    if found is None or day is None:
        raise FieldError("date_format", FORMAT, value=shortened(typed))
    _day(day, typed)
    if found["offset"] is None:
        raise FieldError("datetime_offset_required", OFFSET_REQUIRED, value=shortened(typed))
    try:
        return datetime.fromisoformat(typed.upper()).astimezone(UTC)
    except ValueError:
        raise FieldError("date_invalid", INVALID, value=shortened(typed)) from None


def day_or_instant(value: Raw) -> datetime:
    """An aware UTC instant; midnight in Paris when only the day is given, Paris time for a date cell with an hour.

    Raises:
        FieldError: `required`, `date_format`, `date_invalid`, `date_range`, `datetime_offset_required`.
    """
    day = calendar_day(value)
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=PARIS)).astimezone(UTC)
    if isinstance(value, str) and ":" in value:
        return instant(value)
    return datetime.combine(day, time.min, PARIS).astimezone(UTC)


def spreadsheet_moment(serial: float, *, since_1904: bool = False) -> datetime:
    """The naive wall-clock moment of a date cell, from its serial number of days.

    Serial 60 of the 1900 system is 29 February 1900, which never was: Excel repeats a bug of Lotus 1-2-3.

    Raises:
        FieldError: `date_invalid`, `date_range`.
    """
    if not since_1904 and int(serial) == _LEAP_DAY_THAT_NEVER_WAS:
        raise FieldError("date_invalid", INVALID, value="29/02/1900")
    if not 0 <= serial < 1_000_000:
        raise FieldError(
            "date_range", RANGE, value=f"{serial:.15g}", first=str(FIRST_YEAR), last=str(LAST_YEAR)
        )
    origin = _SERIAL_1904 if since_1904 else _SERIAL_1900
    moment = origin + timedelta(seconds=round(serial * 86_400))
    return moment if since_1904 or serial > _LEAP_DAY_THAT_NEVER_WAS else moment + timedelta(days=1)


def spreadsheet_day(serial: float, *, since_1904: bool = False) -> date:
    """The day of a date cell, from its serial number of days.

    Raises:
        FieldError: `date_invalid`, `date_range`.
    """
    return _in_range(spreadsheet_moment(serial, since_1904=since_1904).date())


def _day(found: re.Match[str], typed: str) -> date:
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise FieldError(
            "date_range", RANGE, value=shortened(typed), first=str(FIRST_YEAR), last=str(LAST_YEAR)
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise FieldError("date_invalid", INVALID, value=shortened(typed)) from None


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        shown = f"{day.day:02}/{day.month:02}/{day.year:04}"
        raise FieldError("date_range", RANGE, value=shown, first=str(FIRST_YEAR), last=str(LAST_YEAR))
    return day
