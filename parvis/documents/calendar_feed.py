"""A calendar to follow, as iCalendar text (RFC 5545, 7986): sittings at their hour, deadlines on their day.

It has no METHOD: nobody is asked anything, and each event of a published one would owe an organiser (RFC 5546, 3.2.1).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from parvis.documents.calendar_invite import PARIS_ZONE, escaped, folded, uri
from parvis.states.words import PARIS


@dataclass(frozen=True, slots=True, kw_only=True)
class Sat:
    """Something that takes place at an hour: aware instants."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str = ""
    address: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something to be done by the end of a day."""

    uid: str
    day: date
    summary: str
    address: str = ""


def feed_text(name: str, events: Iterable[Sat | Due], *, stamped_at: datetime, language: str) -> str:
    """The text of a calendar called `name`: CRLF line ends, lines of at most 75 octets, events in their order."""
    lines = (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Parvis//Calendrier//FR", "CALSCALE:GREGORIAN",
        f"NAME:{escaped(name)}", f"X-WR-CALNAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", *PARIS_ZONE,
        *(line for event in events for line in _event(event, stamped_at, language)), "END:VCALENDAR",
    )  # fmt: skip
    return "".join(piece for line in lines for piece in folded(line))


def _event(event: Sat | Due, stamped_at: datetime, language: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{stamped_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if isinstance(event, Due):
        yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    else:
        yield f"DTSTART;TZID=Europe/Paris:{event.starts_at.astimezone(PARIS):%Y%m%dT%H%M%S}"
        yield f"DTEND;TZID=Europe/Paris:{event.ends_at.astimezone(PARIS):%Y%m%dT%H%M%S}"
        yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
        if event.location:
            yield f"LOCATION;LANGUAGE={language}:{escaped(event.location)}"
    yield f"SUMMARY;LANGUAGE={language}:{escaped(event.summary)}"
    if event.address:
        yield f"URL:{uri(event.address)}"
    yield f"TRANSP:{'TRANSPARENT' if isinstance(event, Due) or event.cancelled else 'OPAQUE'}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"
