"""The calendar against the published vectors, and the properties they rest on."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from dateutil.easter import easter
from hypothesis import given
from hypothesis import strategies as st

from parvis.states import calendar
from parvis.states.reminders import rule_name, sweep_reminders

VECTORS = list(csv.DictReader(Path(__file__).with_name("date_vectors.csv").read_text("utf-8").splitlines()))

day = date.fromisoformat
local = datetime.fromisoformat


def iso(value: date | datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value.isoformat()


def isos(values: list[Any]) -> list[str]:
    return [iso(value) for value in values]


def instant(text: str, fold: int = 0) -> datetime:
    wall = local(text)
    return calendar.local_instant(wall.date(), wall.time(), fold=fold)


def delay_months(i: dict[str, Any]) -> str:
    return iso(calendar.delay_end(day(i["start"]), months=i["n"], clear=i["franc"]))


def elapsed_hours(i: dict[str, Any]) -> int:
    return (instant(i["to_local"]) - instant(i["from_local"])) // timedelta(hours=1)


def sweeps(i: dict[str, Any]) -> list[Any]:
    settled: set[int] = set()
    lines = []
    for on in i["sweep_dates"]:
        swept = sweep_reminders(day(i["deadline"]), i["offsets"], settled=settled, on=day(on))
        sent = [swept.sent.rule] if swept.sent else []
        lines.append([on, sent, [reminder.rule for reminder in swept.superseded]])
        settled |= {r.offset for r in (swept.sent, *swept.superseded) if r}
    return lines


OPERATIONS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "easter": lambda i: iso(easter(i["year"])),
    "is_holiday": lambda i: day(i["date"]) in calendar.public_holidays(day(i["date"]).year),
    "holiday_count": lambda i: len(calendar.public_holidays(i["year"])),
    "roll_forward": lambda i: iso(calendar.next_working_day(day(i["date"]))),
    "add_working_days": lambda i: iso(calendar.add_working_days(day(i["start"]), i["n"])),
    "add_months": lambda i: iso(calendar.add_months(day(i["start"]), i["n"])),
    "add_months_iter": lambda i: iso(reduce(calendar.add_months, i["steps"], day(i["start"]))),
    "add_months_days": lambda i: iso(calendar.raw_end(day(i["start"]), months=i["months"], days=i["days"])),
    "delay_months": delay_months,
    "clear_days_ok": lambda i: calendar.clear_days_ok(day(i["sent"]), day(i["meeting"]), i["n"]),
    "latest_convocation": lambda i: iso(calendar.clear_days_before(day(i["meeting"]), i["n"])),
    "reminders_rolled": lambda i: isos(calendar.reminder_dates(day(i["deadline"]), i["offsets"])),
    "agreement_end": lambda i: iso(calendar.agreement_end(day(i["start"]), i["years"])),
    "milestones": lambda i: isos(calendar.milestones(day(i["end"]), i["months"])),
    "milestones_rolled": lambda i: isos(calendar.milestones_rolled(day(i["end"]), i["months"])),
    "report_due": lambda i: iso(calendar.report_due(day(i["fiscal_year_end"]), i["months"])),
    "local_to_utc": lambda i: iso(instant(i["local"], i["fold"])),
    "local_day_hours": lambda i: calendar.local_day_hours(day(i["date"])),
    "local_exists": lambda i: calendar.local_exists(local(i["local"])),
    "local_ambiguous": lambda i: calendar.local_ambiguous(local(i["local"])),
    "deadline_instant": lambda i: iso(calendar.deadline_instant(day(i["date"]))),
    "on_time": lambda i: calendar.on_time(local(i["received"]), day(i["deadline"])),
    "local_date": lambda i: iso(calendar.paris_day(local(i["instant"]))),
    "elapsed_hours": elapsed_hours,
    "iso_week": lambda i: calendar.iso_week(day(i["date"])),
    "cron_daily_local": lambda i: isos(
        calendar.cron_daily_local(day(i["from"]), day(i["to"]), time.fromisoformat(i["time"]))
    ),
    "sweeps": sweeps,
}


def expected(text: str) -> Any:
    """A JSON value where the file holds one, else the bare text (dates and instants are not quoted there)."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


@pytest.mark.parametrize("vector", VECTORS, ids=[f"{v['id']} {v['op']}" for v in VECTORS])
def test_every_published_vector_holds(vector):
    result = OPERATIONS[vector["op"]](json.loads(vector["input"]))

    assert result == expected(vector["expected"]), vector["rationale"]


@pytest.mark.parametrize(
    ("start", "delay", "end"),
    [
        ("2020-07-31", {"months": 4}, "2020-11-30"),
        ("2020-08-25", {"months": 4}, "2020-12-28"),
        ("2020-02-13", {"years": 1}, "2021-02-15"),
        ("2020-05-13", {"years": 1}, "2021-05-14"),
    ],
)
def test_delays_end_where_the_published_examples_of_the_code_say(start, delay, end):
    assert iso(calendar.delay_end(day(start), **delay)) == end


def test_a_clear_delay_gives_one_more_day_before_rolling():
    friday = day("2026-06-19")

    assert calendar.delay_end(friday, days=7) == day("2026-06-26")
    assert calendar.delay_end(friday, days=7, clear=True) == day("2026-06-29")


def test_an_hour_skipped_in_march_is_read_one_hour_later():
    skipped = calendar.local_instant(day("2026-03-29"), time(2, 30))

    assert skipped == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert not calendar.local_ambiguous(local("2026-03-29T02:30"))


def test_a_day_is_over_at_the_second_and_not_before():
    last_second = datetime(2026, 12, 31, 22, 59, 59, 999999, tzinfo=UTC)

    assert calendar.on_time(last_second, day("2026-12-31"))
    assert not calendar.on_time(last_second + timedelta(microseconds=1), day("2026-12-31"))


def test_the_paris_day_does_not_depend_on_the_zone_the_instant_is_written_in():
    tokyo = datetime(2026, 7, 1, 6, 59, tzinfo=timezone(timedelta(hours=9)))

    assert calendar.paris_day(tokyo) == day("2026-06-30")


def test_an_instant_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        calendar.paris_day(local("2026-07-01T12:00"))


days = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))


@given(days)
def test_rolling_lands_on_the_nearest_working_day_of_its_side(a_day):
    after, before = calendar.next_working_day(a_day), calendar.previous_working_day(a_day)

    assert calendar.is_working_day(after)
    assert calendar.is_working_day(before)
    assert before <= a_day <= after
    assert (before == a_day) == (after == a_day) == calendar.is_working_day(a_day)
    assert after - before <= timedelta(days=5)


@given(days, st.integers(min_value=-60, max_value=60))
def test_adding_working_days_is_undone_by_taking_them_away(a_day, n):
    start = calendar.next_working_day(a_day)

    assert calendar.add_working_days(calendar.add_working_days(start, n), -n) == start


@given(days, st.lists(st.integers(min_value=1, max_value=36), max_size=6))
def test_each_milestone_is_counted_from_the_original_end(end, months):
    assert calendar.milestones(end, months) == [calendar.milestones(end, [m])[0] for m in months]


@given(days, st.integers(min_value=1, max_value=5))
def test_an_agreement_never_loses_nor_gains_a_day(start, years):
    end = calendar.agreement_end(start, years)

    following = calendar.agreement_end(end + timedelta(days=1), years)

    assert end + timedelta(days=1) >= start + timedelta(days=365 * years)
    assert following > end
    assert (end - start).days + 1 in {365 * years + leap for leap in (0, 1, 2)}


@given(days, st.integers(min_value=-60, max_value=60))
def test_a_reminder_is_on_a_working_day_and_stays_on_its_side_of_the_deadline(deadline, offset):
    reminder = calendar.reminder_date(deadline, offset)

    assert calendar.is_working_day(reminder)
    assert (reminder <= deadline) if offset <= 0 else (reminder > deadline)


@given(days, st.integers(min_value=0, max_value=23), st.integers(min_value=0, max_value=59))
def test_a_wall_clock_time_that_happens_comes_back_as_written(a_day, hour, minute):
    wall = datetime.combine(a_day, time(hour, minute))

    there = calendar.local_instant(wall.date(), wall.time())

    assert (there.astimezone(calendar.PARIS).replace(tzinfo=None) == wall) == calendar.local_exists(wall)


offsets_lists = st.lists(st.integers(min_value=-40, max_value=40), unique=True, max_size=8)
sweep_delays = st.lists(st.integers(min_value=-60, max_value=120), max_size=12).map(sorted)


@given(days, offsets_lists, sweep_delays)
def test_whatever_the_outages_a_sweep_sends_one_reminder_at_most_and_settles_it(deadline, offsets, delays):
    settled: list[int] = []

    for delay in delays:
        on = deadline + timedelta(days=delay)
        swept = sweep_reminders(deadline, offsets, settled=settled, on=on)
        again = [swept.sent] if swept.sent else []
        settled += [reminder.offset for reminder in (*again, *swept.superseded)]

        assert swept.sent is None or swept.sent.due_on <= on
        assert swept.sent is None or swept.sent.offset > 0 or on <= deadline
        assert sweep_reminders(deadline, offsets, settled=settled, on=on).sent is None

    assert len(settled) == len(set(settled))


def test_rules_are_named_as_officers_say_them():
    assert [rule_name(offset) for offset in (-7, 0, 15)] == ["J-7", "J", "J+15"]
