"""An invitation to a sitting as iCalendar text (RFC 5545, 5546): the same invitation, the same bytes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import quote

from parvis.states.words import PARIS

__all__ = [
    "PARIS_ZONE", "Attendee", "Invitation", "Method", "Party", "escaped", "folded", "invitation_text", "sitting_uid",
    "uri",
]  # fmt: skip

LINE_OCTETS = 75
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")

# The rules of Directive 2000/84/EC, in force since 1996: nothing older is needed, and the library's own takes 4 kB.
PARIS_ZONE = (
    "BEGIN:VTIMEZONE", "TZID:Europe/Paris",
    "BEGIN:DAYLIGHT", "DTSTART:19960331T020000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "TZNAME:CEST", "END:DAYLIGHT",
    "BEGIN:STANDARD", "DTSTART:19961027T030000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "TZNAME:CET", "END:STANDARD",
    "END:VTIMEZONE",
)  # fmt: skip


class Method(StrEnum):
    """What the text asks of a calendar: to hold the time, or to let go of it."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Party(StrEnum):
    """How somebody takes part."""

    CHAIR = "CHAIR"
    REQUIRED = "REQ-PARTICIPANT"
    OPTIONAL = "OPT-PARTICIPANT"
    INFORMED = "NON-PARTICIPANT"


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody invited."""

    name: str
    email: str
    party: Party = Party.REQUIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A sitting somebody is invited to. Instants are aware; `sequence` grows with each text sent under `uid`.

    A cancellation is the same invitation, one `sequence` further, said with `Method.CANCEL`.
    """

    uid: str
    sequence: int
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str = ""
    location: str = ""
    video_url: str = ""
    organiser_name: str = ""
    organiser_email: str
    attendees: tuple[Attendee, ...]


def sitting_uid(committee_id: int, domain: str) -> str:
    """The UID of a sitting: the same for all its invitations, whoever receives them and whatever changes."""
    return f"sitting-{committee_id}@{domain}"


def invitation_text(invitation: Invitation, method: Method = Method.REQUEST) -> str:
    """The text of an invitation or of its cancellation: CRLF line ends, lines of at most 75 octets.

    Raises:
        ValueError: the sitting ends before it begins, or an instant has no zone.
    """
    if not invitation.starts_at < invitation.ends_at:
        raise ValueError("a sitting ends after it begins")
    lines = (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Parvis//Comites//FR", "CALSCALE:GREGORIAN",
        f"METHOD:{method}", *PARIS_ZONE, *_event(invitation, method), "END:VCALENDAR",
    )  # fmt: skip
    return "".join(piece for line in lines for piece in folded(line))


def _event(meant: Invitation, method: Method) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(meant.uid)}"
    yield f"SEQUENCE:{meant.sequence}"
    yield f"DTSTAMP:{_aware(meant.stamped_at).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;TZID=Europe/Paris:{_aware(meant.starts_at).astimezone(PARIS):%Y%m%dT%H%M%S}"
    yield f"DTEND;TZID=Europe/Paris:{_aware(meant.ends_at).astimezone(PARIS):%Y%m%dT%H%M%S}"
    yield f"SUMMARY;LANGUAGE=fr:{escaped(meant.summary)}"
    if meant.description:
        yield f"DESCRIPTION;LANGUAGE=fr:{escaped(meant.description)}"
    if meant.location:
        yield f"LOCATION;LANGUAGE=fr:{escaped(meant.location)}"
    if meant.video_url:
        yield f"CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL=Visioconférence:{uri(meant.video_url)}"
        yield f"URL:{uri(meant.video_url)}"
    yield f"ORGANIZER{_named(meant.organiser_name)}:{_mailto(meant.organiser_email)}"
    for attendee in meant.attendees:
        yield _attendee(attendee, method)
    yield f"STATUS:{'CANCELLED' if method == Method.CANCEL else 'CONFIRMED'}"
    yield "TRANSP:OPAQUE"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _attendee(attendee: Attendee, method: Method) -> str:
    asked = method == Method.REQUEST and attendee.party != Party.INFORMED
    reply = ";PARTSTAT=NEEDS-ACTION;RSVP=TRUE" if asked else ""
    kind = f";CUTYPE=INDIVIDUAL;ROLE={attendee.party}{reply}"
    return f"ATTENDEE{_named(attendee.name)}{kind}:{_mailto(attendee.email)}"


def _named(name: str) -> str:
    """A name as a parameter, whose quotes nothing in the name can close."""
    said = " ".join(_CONTROLS.sub("", name).replace('"', "″").split())
    return f';CN="{said}"' if said else ""


def _mailto(address: str) -> str:
    return "mailto:" + quote(_CONTROLS.sub("", address).replace("\n", ""), safe="@!#$&'*+-./=^_`{|}~")


def uri(url: str) -> str:
    """An address as a property holds it."""
    return quote(_CONTROLS.sub("", url).replace("\n", ""), safe=":/?#[]@!$&'()*+,;=%~-._")


def escaped(text: str) -> str:
    """A text as a property holds it."""
    lines = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return lines.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant without a zone is nobody's")
    return at


def folded(line: str) -> Iterator[str]:
    """`line` in pieces of at most 75 octets, never cut inside a character; pieces that follow begin with a space."""
    start, used = 0, 0
    for index, char in enumerate(line):
        size = len(char.encode())
        if used + size > LINE_OCTETS:
            yield f"{' ' if start else ''}{line[start:index]}\r\n"
            start, used = index, 1
        used += size
    yield f"{' ' if start else ''}{line[start:]}\r\n"
