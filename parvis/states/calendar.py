"""Calendar arithmetic: working days, delays of law, Paris wall-clock time.

A date is a Paris day, an instant is UTC.
The Code de procédure civile (CPC) is applied by analogy: a call that relies on it says so.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

PARIS = ZoneInfo("Europe/Paris")

_DAY = timedelta(days=1)
_SATURDAY = 5


@lru_cache(maxsize=256)
def public_holidays(year: int) -> frozenset[date]:
    """The distinct legal holidays of metropolitan France in `year` (Code du travail L3133-1).

    Ten rather than eleven when two of them fall on the same day, as in 2008.
    """
    # the package takes long to import: only who counts days pays for it
    from holidays import country_holidays  # noqa: PLC0415

    return frozenset(country_holidays("FR", years=year))


def named_holidays(year: int, *, english: bool = False) -> dict[date, str]:
    """The same days with their names, in their order."""
    from holidays import country_holidays  # noqa: PLC0415

    named = country_holidays("FR", years=year, language="en_US" if english else "fr")
    return {day: name.replace("'", "’") for day, name in sorted(named.items())}


@lru_cache(maxsize=8192)
def is_working_day(day: date) -> bool:
    """Whether `day` is neither a Saturday, a Sunday nor a legal holiday (CPC art. 642)."""
    return day.weekday() < _SATURDAY and day not in public_holidays(day.year)


def next_working_day(day: date) -> date:
    """`day` itself when it is worked, else the first working day after it (CPC art. 642 al. 2)."""
    while not is_working_day(day):
        day += _DAY
    return day


def previous_working_day(day: date) -> date:
    """`day` itself when it is worked, else the last working day before it."""
    while not is_working_day(day):
        day -= _DAY
    return day


def add_working_days(day: date, n: int) -> date:
    """The `n`th working day after `day`, or before it when `n` is negative; `day` itself when `n` is 0.

    The starting day does not count (CPC art. 641 al. 1).
    """
    step = _DAY if n > 0 else -_DAY
    left = abs(n)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def add_months(day: date, n: int) -> date:
    """The same day number `n` months away, else the last day of that month (CPC art. 641 al. 2).

    Not associative: several steps are always computed from the original day.
    """
    return day + relativedelta(months=n)


def raw_end(start: date, *, days: int = 0, months: int = 0, years: int = 0) -> date:
    """The last day of a delay, not rolled: years and months first, then days (CPC art. 641 al. 1 to 3)."""
    return start + relativedelta(years=years, months=months, days=days)


def delay_end(start: date, *, days: int = 0, months: int = 0, years: int = 0, clear: bool = False) -> date:
    """The last day of a delay opened by an event on `start` (CPC art. 641 and 642).

    The starting day does not count; an end on a Saturday, a Sunday or a holiday moves to a working day.
    With `clear` (délai franc) the last day does not count either: one more day is given before rolling.
    A published closing date is not a delay and never goes through here.
    """
    end = raw_end(start, days=days, months=months, years=years)
    return next_working_day(end + _DAY if clear else end)


def clear_days_before(event: date, n: int) -> date:
    """The latest day to send a summons so that `n` clear days separate it from `event`, never rolled.

    Neither the day sent nor the day of the event counts (CGCT L2121-12 ; CE 13 octobre 1993, d’André).
    """
    return event - timedelta(days=n + 1)


def clear_days_ok(sent: date, event: date, n: int) -> bool:
    """Whether a summons sent on `sent` leaves `n` clear days before `event` (CGCT L2121-12)."""
    return sent <= clear_days_before(event, n)


def reminder_date(deadline: date, offset: int) -> date:
    """The working day of the reminder `offset` days from `deadline` (negative: before).

    A reminder before the deadline, or on it, moves back to a working day; one after it moves forward.
    """
    raw = deadline + timedelta(days=offset)
    return next_working_day(raw) if offset > 0 else previous_working_day(raw)


def reminder_dates(deadline: date, offsets: Iterable[int]) -> list[date]:
    """The working days of the reminders at `offsets` days from `deadline`, in the order given."""
    return [reminder_date(deadline, offset) for offset in offsets]


def agreement_end(start: date, years: int) -> date:
    """The last day, included, of an agreement of `years` from `start`: the eve of its anniversary.

    When the anniversary does not exist (29 February), the last day of that month is already the eve.
    """
    anniversary = start + relativedelta(years=years)
    return anniversary if anniversary.day != start.day else anniversary - _DAY


def milestones(end: date, months_before: Iterable[int]) -> list[date]:
    """The days `months_before` the end of an agreement, each from the original end (CPC art. 641 al. 2).

    The sign does not matter: 9 and -9 are both nine months before. Not rolled: see `milestones_rolled`.
    """
    return [add_months(end, -abs(months)) for months in months_before]


def milestones_rolled(end: date, months_before: Iterable[int]) -> list[date]:
    """The `milestones`, each moved back to a working day."""
    return [previous_working_day(day) for day in milestones(end, months_before)]


def report_due(fiscal_year_end: date, months: int = 6) -> date:
    """The last day to send the financial report (loi 2000-321 art. 10 al. 4: six months after the year’s end)."""
    return delay_end(fiscal_year_end, months=months)


def iso_week(day: date) -> str:
    """The ISO 8601 week of `day`, as `2026-W53`: its year is not always the year of the day."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


@lru_cache(maxsize=4096)
def local_instant(day: date, at: time = time(0), *, fold: int = 0) -> datetime:
    """The UTC instant of a Paris wall-clock time.

    An hour that happens twice in October is its first pass, or its second with `fold=1`. An hour skipped
    in March is read with the offset before the jump: 02:30 becomes 03:30 (PEP 495; directive 2000/84/CE).
    """
    return datetime.combine(day, at, tzinfo=PARIS).replace(fold=fold).astimezone(UTC)


def paris_day(instant: datetime) -> date:
    """The Paris day of an aware instant.

    Raises:
        ValueError: the instant says no time zone.
    """
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs its time zone: {instant.isoformat()}")
    return instant.astimezone(PARIS).date()


def deadline_instant(day: date) -> datetime:
    """The instant when `day` is over in Paris, 24:00, as an exclusive bound (CPC art. 642 al. 1)."""
    return local_instant(day + _DAY)


def on_time(received: datetime, deadline: date) -> bool:
    """Whether something received at an aware instant arrived before the end of `deadline` in Paris."""
    return received < deadline_instant(deadline)


def local_exists(local: datetime) -> bool:
    """Whether a naive Paris wall-clock time happens at all: false in the hour skipped in March."""
    there = local.replace(tzinfo=PARIS).astimezone(UTC)
    return there.astimezone(PARIS).replace(tzinfo=None, fold=0) == local.replace(fold=0)


def local_ambiguous(local: datetime) -> bool:
    """Whether a naive Paris wall-clock time happens twice, in October."""
    first, second = (local.replace(tzinfo=PARIS, fold=fold).utcoffset() for fold in (0, 1))
    return first != second and local_exists(local)


def local_day_hours(day: date) -> int:
    """The hours of a Paris day: 23, 24 or 25."""
    return (deadline_instant(day) - local_instant(day)) // timedelta(hours=1)


def cron_daily_local(first: date, last: date, at: time) -> list[datetime]:
    """The UTC instants of a daily job at a Paris time, both days included: once a day, on the first pass."""
    return [local_instant(first + _DAY * n, at) for n in range((last - first).days + 1)]
