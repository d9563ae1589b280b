"""An invitation reads back in any calendar as what was meant, whatever its values hold."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.documents.calendar_invite import (
    LINE_OCTETS,
    Attendee,
    Invitation,
    Method,
    Party,
    invitation_text,
    sitting_uid,
)
from parvis.states.words import PARIS

SITTING = Invitation(
    uid=sitting_uid(12, "amiens.example"),
    sequence=0,
    stamped_at=datetime(2026, 11, 25, 8, 0, tzinfo=UTC),
    starts_at=datetime(2026, 12, 10, 13, 30, tzinfo=UTC),
    ends_at=datetime(2026, 12, 10, 16, 0, tzinfo=UTC),
    summary="Comité de pilotage du contrat de ville ; séance du 10 décembre",
    description="Ordre du jour, 42 dossiers.\nLe dossier de séance suit par courriel.",
    location="Hôtel de ville, salle « Jules Verne »",
    video_url="https://visio.amiens.example/copil?salle=élus",
    organiser_name="Secrétariat du contrat de ville",
    organiser_email="contrat@amiens.example",
    attendees=(
        Attendee("Claire Dubois", "claire.dubois@amiens.example", Party.CHAIR),
        Attendee('Jean "le Breton"; Martin, élu', "jean@amiens.example"),
        Attendee("", "habitante@etouvie.example", Party.OPTIONAL),
    ),
)


def parsed(text: str) -> Any:
    return icalendar.Calendar.from_ical(text)


def event(text: str) -> Any:
    (found,) = parsed(text).walk("VEVENT")
    return found


def test_an_invitation_reads_back_as_what_was_meant():
    calendar = parsed(invitation_text(SITTING))
    (read,) = calendar.walk("VEVENT")

    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert (read["UID"], read["SEQUENCE"], read["STATUS"]) == ("sitting-12@amiens.example", 0, "CONFIRMED")
    assert read["DTSTAMP"].dt == SITTING.stamped_at
    assert read["DTSTART"].dt.astimezone(UTC) == SITTING.starts_at
    assert read["DTEND"].dt.astimezone(UTC) == SITTING.ends_at
    assert read["SUMMARY"] == SITTING.summary
    assert read["DESCRIPTION"] == SITTING.description
    assert read["LOCATION"] == SITTING.location
    assert str(read["CONFERENCE"]) == "https://visio.amiens.example/copil?salle=%C3%A9lus"
    assert str(read["ORGANIZER"]) == "mailto:contrat@amiens.example"
    assert [str(one) for one in read["ATTENDEE"]] == [f"mailto:{one.email}" for one in SITTING.attendees]
    assert [one.params["ROLE"] for one in read["ATTENDEE"]] == ["CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT"]
    assert {one.params["RSVP"] for one in read["ATTENDEE"]} == {"TRUE"}
    assert read["ATTENDEE"][1].params["CN"] == "Jean ″le Breton″; Martin, élu"


@pytest.mark.parametrize(
    ("starts_at", "offset"),
    [(datetime(2026, 12, 10, 13, 30, tzinfo=UTC), 1), (datetime(2027, 6, 10, 12, 30, tzinfo=UTC), 2)],
)
def test_the_zone_written_by_hand_says_what_paris_says(starts_at: datetime, offset: int):
    text = invitation_text(replace(SITTING, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2)))
    (zone,) = parsed(text).walk("VTIMEZONE")

    wall = starts_at.astimezone(PARIS).replace(tzinfo=None)

    assert wall.replace(tzinfo=zone.to_tz()).utcoffset() == timedelta(hours=offset)
    assert f"DTSTART;TZID=Europe/Paris:{wall:%Y%m%dT%H%M%S}\r\n" in text


def test_a_cancellation_keeps_the_uid_goes_one_further_and_asks_for_no_reply():
    text = invitation_text(replace(SITTING, sequence=1), Method.CANCEL)
    read = event(text)

    assert "\r\nMETHOD:CANCEL\r\n" in text
    assert (read["UID"], read["SEQUENCE"], read["STATUS"]) == (SITTING.uid, 1, "CANCELLED")
    assert "RSVP" not in text


def test_the_same_invitation_is_the_same_text():
    assert invitation_text(SITTING) == invitation_text(replace(SITTING))


@given(st.text(st.characters(codec="utf-8") | st.sampled_from('\r\n\t;,\\:"é\u202e\x00'), max_size=300))
def test_no_value_adds_a_line_or_stretches_one(hostile: str):
    text = invitation_text(
        replace(
            SITTING, summary=hostile or "x", description=hostile, location=hostile, organiser_name=hostile,
            video_url=hostile, attendees=(Attendee(hostile, f"{hostile}@x.example"),),
        )
    )  # fmt: skip
    read = event(text)

    assert all(len(line.encode()) <= LINE_OCTETS for line in text.split("\r\n"))
    assert text.replace("\r\n", "").isprintable() or "\n" not in text.replace("\r\n", "")
    assert set(read) <= {
        "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "LOCATION", "CONFERENCE", "URL",
        "ORGANIZER", "ATTENDEE", "STATUS", "TRANSP", "CLASS",
    }  # fmt: skip
    assert text.count("BEGIN:VEVENT") == 1 or "BEGIN:VEVENT" in hostile


def test_a_sitting_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="after it begins"):
        invitation_text(replace(SITTING, ends_at=SITTING.starts_at))


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        invitation_text(replace(SITTING, stamped_at=SITTING.stamped_at.replace(tzinfo=None)))
