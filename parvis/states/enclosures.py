"""What a letter carries beside its text: an invitation, whole, or a stored file, by its SHA-256."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One thing a letter carries. An invitation has its `text`; a stored file its `sha256`, in hexadecimal."""

    name: str
    media_type: str
    sha256: str = ""
    text: str = ""

    @property
    def is_invitation(self) -> bool:
        """Whether it is an iCalendar text, which mail readers show with buttons to accept or decline."""
        return self.media_type == CALENDAR


CALENDAR = "text/calendar"


def invitation(text: str, name: str = "invitation.ics") -> Enclosure:
    """An invitation made by `documents.calendar_invite`, to be carried by a letter."""
    return Enclosure(name, CALENDAR, text=text)


def as_rows(enclosures: Sequence[Enclosure]) -> list[dict[str, str]]:
    """Enclosures as the row of a letter keeps them."""
    return [
        {"name": each.name, "media_type": each.media_type, "sha256": each.sha256, "text": each.text}
        for each in enclosures
    ]


def of_rows(rows: Sequence[Mapping[str, str]]) -> tuple[Enclosure, ...]:
    """Enclosures from the row of a letter."""
    return tuple(Enclosure(row["name"], row["media_type"], row["sha256"], row["text"]) for row in rows)
