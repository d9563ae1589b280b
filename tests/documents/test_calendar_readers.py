"""Calendars as another reader takes them: vobject, used by servers of calendars, which refuses what is not valid."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.documents.calendar_feed import Due, Sat, feed_text
from parvis.documents.calendar_invite import Attendee, Invitation, Method, invitation_text
from tests.documents.test_calendar_invite import SITTING

HOSTILE = st.text(st.characters(codec="utf-8") | st.sampled_from('\r\n\t;,\\:"é\u202e\x00'), max_size=100)


def read(text: str) -> Any:
    """A calendar found valid, every event of it."""
    calendar = vobject.readOne(text)
    assert calendar.validate(raiseException=True)
    return calendar


@pytest.mark.parametrize(
    ("starts_at", "offset"),
    [(SITTING.starts_at, 1), (datetime(2027, 6, 10, 12, 30, tzinfo=UTC), 2)],
    ids=["winter", "summer"],
)
def test_a_summons_stands_at_its_hour_with_everybody_it_names(starts_at: datetime, offset: int):
    meant = replace(SITTING, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))

    calendar = read(invitation_text(meant))

    event = calendar.vevent
    assert (calendar.method.value, event.uid.value, event.sequence.value) == ("REQUEST", SITTING.uid, "0")
    assert (event.dtstart.value.astimezone(UTC), event.dtend.value - event.dtstart.value) == (
        starts_at, timedelta(hours=2),
    )  # fmt: skip
    assert event.dtstart.value.utcoffset() == timedelta(hours=offset)
    assert (event.summary.value, event.location.value) == (SITTING.summary, SITTING.location)
    assert event.description.value == SITTING.description
    assert [one.value for one in event.attendee_list] == [f"mailto:{one.email}" for one in SITTING.attendees]
    assert event.attendee_list[1].params["CN"] == ["Jean ″le Breton″; Martin, élu"]


def test_a_cancellation_is_told_from_a_summons():
    calendar = read(invitation_text(replace(SITTING, sequence=1), Method.CANCEL))

    assert (calendar.method.value, calendar.vevent.status.value, calendar.vevent.sequence.value) == (
        "CANCEL", "CANCELLED", "1",
    )  # fmt: skip


def test_a_feed_holds_hours_and_whole_days_and_asks_nothing_of_anybody():
    events = (
        Sat(uid="sitting-1@x", starts_at=SITTING.starts_at, ends_at=SITTING.ends_at, summary="Comité ; du 10, « soir »",
            location="Hôtel de ville", address="https://parvis.example/séances/1"),
        Due(uid="opinion-1@x", day=date(2026, 12, 31), summary="Avis à rendre"),
    )  # fmt: skip

    calendar = read(feed_text("À suivre", events, stamped_at=SITTING.stamped_at, language="fr"))

    sat, due = calendar.vevent_list
    assert (sat.dtstart.value.astimezone(UTC), sat.summary.value) == (
        SITTING.starts_at, "Comité ; du 10, « soir »",
    )  # fmt: skip
    assert (due.dtstart.value, due.dtend.value) == (date(2026, 12, 31), date(2027, 1, 1))
    assert "method" not in calendar.contents


@settings(max_examples=15)
@given(HOSTILE)
def test_no_value_makes_a_calendar_unreadable(hostile: str):
    hostile_one: Invitation = replace(
        SITTING, summary=hostile, description=hostile, location=hostile, organiser_name=hostile,
        attendees=(Attendee(hostile, "a@x.example"),),
    )  # fmt: skip
    feed = feed_text(hostile, [Due(uid="1@x", day=date(2026, 12, 1), summary=hostile)],
                     stamped_at=SITTING.stamped_at, language="fr")  # fmt: skip

    assert len(read(invitation_text(hostile_one)).vevent_list) == 1
    assert len(read(feed).vevent_list) == 1
