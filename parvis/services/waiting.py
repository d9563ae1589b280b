"""What waits for somebody: cases, opinions to give, interests to declare; and the calendar that says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from parvis.documents.calendar_feed import Due, Sat, feed_text
from parvis.documents.calendar_invite import sitting_uid
from parvis.models.queries.access import Visitor
from parvis.models.queries.contracts import contract_by_id
from parvis.models.session import Session
from parvis.services import opinions, queue, sitting_page
from parvis.services.letters import mail_domain
from parvis.services.queue import Filter, Order
from parvis.services.visibility import viewer
from parvis.states.calendar import local_instant, paris_day
from parvis.states.stages import Role
from parvis.states.words import Sentence

MOST = 200
FAR = date.max
PREPARES = frozenset({Role.SECRETARY, Role.MANAGER, Role.ADMINISTRATOR})

NAMES: dict[str, Sentence] = {
    "case": Sentence("{reference} : {title}", "{reference}: {title}"),
    "opinion": Sentence("Avis à donner, {reference} : {title}", "Opinion to give, {reference}: {title}"),
    "interests": Sentence("Intérêts à déclarer : {title}", "Interests to declare: {title}"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for somebody: a case or opinion by its `reference`, interests by their `sitting_id`."""

    kind: Literal["case", "opinion", "interests"]
    title: str
    due_on: date | None
    reference: str | None = None
    sitting_id: int | None = None


def waiting(session: Session, visitor: Visitor, *, at: datetime, limit: int = MOST) -> list[Waiting]:
    """What waits for somebody, the most pressing first; at most `limit` of each kind."""
    found = [
        *_interests(session, visitor, at),
        *_opinions(session, visitor),
        *_cases(session, visitor, at, limit),
    ]
    return sorted(found, key=lambda one: (one.due_on or FAR, one.reference or "", one.sitting_id or 0))


def _cases(session: Session, visitor: Visitor, at: datetime, limit: int) -> Iterator[Waiting]:
    if visitor.role == Role.FUNDER:
        return
    page = queue.read_page(session, Filter(needs_me=True), Order(), viewer(visitor), at=at, limit=limit)
    for row in page.rows:
        yield Waiting("case", row.title, row.late_since or row.due_on, reference=row.reference)


def _opinions(session: Session, visitor: Visitor) -> Iterator[Waiting]:
    if visitor.role != Role.FUNDER or visitor.funder_id is None:
        return
    for line in opinions.awaited(session, visitor.funder_id, visitor.person_id):
        due_on = paris_day(line.due_at - datetime.resolution) if line.due_at else None
        yield Waiting("opinion", line.title, due_on, reference=line.reference)


def _interests(session: Session, visitor: Visitor, at: datetime) -> Iterator[Waiting]:
    if visitor.person_id is None or visitor.contract_id is None:
        return
    ahead, _ = sitting_page.sittings(session, visitor.contract_id, visitor.person_id, everybodys=False, at=at)
    for line in ahead:
        if line.role and line.declared_at is None and line.held_at is None and line.cancelled_at is None:
            yield Waiting("interests", line.name, line.held_on, sitting_id=line.id)


def calendar(session: Session, visitor: Visitor, *, at: datetime, public_url: str) -> str:
    """The calendar of a person: sittings, and days by which something is expected of them. Nothing hidden from them."""
    contract = contract_by_id(session, visitor.contract_id or 0)
    domain = mail_domain(contract)
    events: list[Sat | Due] = [*_sittings(session, visitor, at, domain, public_url)]
    for one in waiting(session, visitor, at=at):
        if one.due_on is None:
            continue
        about = one.reference or f"sitting-{one.sitting_id}"
        path = f"/seances/{one.sitting_id}/interets" if one.sitting_id else f"/dossiers/{one.reference}"
        events.append(Due(
            uid=f"{one.kind}-{about}-{visitor.person_id}@{domain}", day=one.due_on,
            summary=NAMES[one.kind].fill(reference=one.reference or "", title=one.title).say(visitor.language),
            address=public_url and public_url + path,
        ))  # fmt: skip
    return feed_text(f"Parvis – {contract.name}", events, stamped_at=at, language=visitor.language)


def _sittings(
    session: Session, visitor: Visitor, at: datetime, domain: str, public_url: str
) -> Iterator[Sat]:
    ahead, past = sitting_page.sittings(
        session, visitor.contract_id or 0, visitor.person_id or 0, everybodys=visitor.role in PREPARES, at=at
    )
    for line in [*reversed(past), *ahead]:
        starts_at = local_instant(line.held_on, line.starts_at)
        yield Sat(
            uid=sitting_uid(line.id, domain), starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=line.duration_minutes), summary=line.name, location=line.room,
            address=public_url and f"{public_url}/seances/{line.id}", cancelled=line.cancelled_at is not None,
        )  # fmt: skip
