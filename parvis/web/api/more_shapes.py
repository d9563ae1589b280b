"""What the API answers beside cases: who asks, what waits for them, files, sittings, imports."""

from datetime import date, datetime, time
from typing import Annotated

from pydantic import Field, PlainSerializer

from parvis.web.api.shapes import Cents, CheckLine, Shape

Clock = Annotated[
    time,
    PlainSerializer(lambda value: f"{value:%H:%M}", return_type=str),
    Field(description="Paris wall clock, like 14:30."),
]


class Me(Shape):
    """Who asks: the person, their role, and what the token allows (all, when a browser asks)."""

    name: str
    email: str
    role: str
    language: str
    scopes: list[str]


class Task(Shape):
    """Something that waits for whoever asks. `href` is the address of what it is about, in this API."""

    kind: str = Field(description="`case`, `opinion` or `interests`.")
    title: str
    reference: str | None = None
    sitting_id: int | None = None
    due_on: date | None
    href: str


class Tasks(Shape):
    """What waits, the most pressing first; `more` when there is more than is listed."""

    items: list[Task]
    more: bool


class File(Shape):
    """A stored file; `href` is where its bytes are."""

    id: int
    name: str
    kind: str
    document_code: str | None
    media_type: str
    size_bytes: int
    sha256: str
    added_at: datetime
    href: str


class Documents(Shape):
    """The check-list of a case, and its files."""

    checklist: list[CheckLine]
    files: list[File]


class SittingLine(Shape):
    """A sitting in a list. `starts_at` is Paris time; `cases` are those one may see; `seat` is one's own there."""

    id: int
    name: str
    kind: str
    held_on: date
    starts_at: Clock
    room: str
    agenda_open: bool
    held_at: datetime | None
    closed_at: datetime | None
    cancelled_at: datetime | None
    capacity: int | None
    cases: int
    seat: str | None
    declared_at: datetime | None


class Sittings(Shape):
    """Sittings to come or not yet closed, the nearest first, then those of the past year, the latest first."""

    ahead: list[SittingLine]
    past: list[SittingLine]


class AgendaLine(Shape):
    """A case on an agenda."""

    position: int
    reference: str
    title: str
    organisation: str
    neighbourhoods: list[str]
    requested_cents: Cents
    stage: str
    version: int


class Sitting(Shape):
    """A sitting as one sees it: cases one is recused from are not there, and are not counted either."""

    id: int
    name: str
    kind: str
    stage: str
    held_on: date
    starts_at: Clock
    room: str
    agenda_open: bool
    version: int
    agenda: list[AgendaLine]


class Warned(Shape):
    """Something to check in a deposit that was taken in."""

    external_id: str
    sentence: str


class Imported(Shape):
    """What an import did: references of the cases created, left as they were, and different from what is held.

    Those `updated` had something their platform owns.
    """

    created: list[str]
    unchanged: list[str]
    diverging: list[str]
    updated: list[str]
    warnings: list[Warned]
    dry_run: bool
