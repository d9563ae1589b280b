"""The queue: pages of cases as one looks at them, what stands before and after a case, what is new in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import queue, seen
from parvis.models.queries.people import active_people
from parvis.models.queries.queue_rows import CaseRow
from parvis.models.session import Session
from parvis.services.queue_address import Address, read_address, read_query, write_query
from parvis.states.calendar import paris_day
from parvis.states.queue import MOST_COUNTED, PAGE, Filter, Order, Place, Viewer
from parvis.states.stages import Role
from parvis.states.words import Sentence

__all__ = [
    "PAGE", "Address", "CaseRow", "Filter", "Order", "Page", "Place", "Viewer", "case_ids", "mark_seen", "mark_unseen",
    "neighbours", "people_called", "place_of", "read_address", "read_page", "read_query", "viewer_of", "write_query",
]  # fmt: skip

COUNTED = Sentence("{total} dossiers", "{total} cases")
ONE = Sentence("1 dossier", "1 case")
TOO_MANY = Sentence("plus de {total} dossiers", "more than {total} cases")


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list. `total` is that of the whole list, cut at 1,000 or sooner (`capped`).

    `next` and `previous` are where to go on after and before this page; None at an end of the list.
    """

    rows: tuple[CaseRow, ...]
    total: int
    capped: bool
    next: Place | None
    previous: Place | None

    @property
    def counted(self) -> Sentence:
        """How many there are, in words."""
        if self.capped:
            return TOO_MANY.fill(total=_thousands(self.total))
        return ONE if self.total == 1 else COUNTED.fill(total=_thousands(self.total))


def read_page(
    session: Session, wanted: Filter, order: Order, viewer: Viewer, *, at: datetime,
    after: Place | None = None, before: Place | None = None, limit: int = PAGE,
) -> Page:  # fmt: skip
    """The first cases of a list, or those after or before a place, in two statements however many they are."""
    listed = queue.list_cases(
        session, wanted, order, viewer, today=paris_day(at), limit=limit + 1, after=after, before=before
    )
    more = len(listed.rows) > limit
    kept = slice(-limit, None) if before is not None else slice(limit)
    rows, places = listed.rows[kept], listed.places[kept]
    goes_on = more if before is None else True
    comes_from = more if before is not None else after is not None
    return Page(
        rows,
        min(listed.total, listed.counted),
        listed.total > listed.counted,
        places[-1] if rows and goes_on else None,
        places[0] if rows and comes_from else None,
    )


def neighbours(
    session: Session, case_id: int, wanted: Filter, order: Order, viewer: Viewer, *, at: datetime
) -> tuple[str | None, str | None]:
    """The references of the cases before and after this one in a list, whether it is still part of it or not."""
    return queue.neighbours(session, case_id, wanted, order, viewer, today=paris_day(at))


def place_of(session: Session, case_id: int, order: Order) -> Place:
    """Where a case stands in an order."""
    return queue.place_of(session, case_id, order)


def case_ids(
    session: Session, wanted: Filter, viewer: Viewer, *, at: datetime, limit: int = MOST_COUNTED
) -> list[int]:
    """The ids of the cases wanted, at most `limit`."""
    return queue.wanted_ids(session, wanted, viewer, today=paris_day(at), limit=limit)


def mark_seen(session: Session, person_id: int, ids: Sequence[int], *, at: datetime) -> None:
    """Remember that a person has opened these cases: nothing in them is news to them."""
    seen.mark_seen(session, person_id, ids, at=at)


def mark_unseen(session: Session, person_id: int, ids: Sequence[int]) -> None:
    """Make everything in these cases news to a person again."""
    seen.mark_unseen(session, person_id, ids)


def people_called(session: Session, name: str) -> tuple[int, ...]:
    """Those who have this address, or whose name begins so; `(0,)`, which is nobody, when there are none."""
    typed = name.strip().lower()
    found = (
        person.id
        for person in active_people(session)
        if person.email.lower() == typed or person.name.lower().startswith(typed)
    )
    return tuple(found) or (0,)


def viewer_of(session: Session, person_id: int) -> Viewer | None:
    """A person as whoever looks at a list; None when there is no such active person."""
    for person in active_people(session):
        if person.id == person_id:
            return Viewer(Role(person.role), person.id, person.funder_id, person.contract_id)
    return None


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")
