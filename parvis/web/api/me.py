"""Who asks, and what waits for them."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from parvis.models.session import Session
from parvis.services import opinions, queue, sitting_page
from parvis.services.queue import Filter, Order
from parvis.services.visibility import viewer
from parvis.states.access import OF_PROGRAMS
from parvis.states.calendar import paris_day
from parvis.states.stages import Role
from parvis.web.api.more_shapes import Me, Task, Tasks
from parvis.web.api.told import READING, ROOT, person, problems
from parvis.web.site import Here, Visit

router = APIRouter(prefix=ROOT)

FAR = date.max


@router.get("/me", name="api_me", responses=problems(*READING))
def me(here: Here) -> Me:
    """Say who asks."""
    known = here.known
    scopes = sorted(OF_PROGRAMS if known.scopes is None else known.scopes)
    return Me(name=known.name, email=known.email, role=known.role, language=known.language, scopes=scopes)


@router.get("/me/tasks", name="api_tasks", responses=problems(*READING))
def tasks(here: Here, limite: Annotated[int, Query(ge=1, le=200)] = 50) -> Tasks:
    """List what waits for whoever asks: cases, opinions to give, interests to declare."""
    person(here)
    with here.database.transaction() as session:
        waiting = [*_interests(session, here), *_opinions(session, here), *_cases(session, here, limite + 1)]
    waiting.sort(key=lambda task: (task.due_on or FAR, task.href))
    return Tasks(items=waiting[:limite], more=len(waiting) > limite)


def _cases(session: Session, here: Visit, limit: int) -> list[Task]:
    if here.known.role == Role.FUNDER:
        return []
    page = queue.read_page(
        session, Filter(needs_me=True), Order(), viewer(here.known), at=here.at, limit=limit
    )
    return [
        Task(kind="case", title=row.title, reference=row.reference, due_on=row.late_since or row.due_on,
             href=f"{ROOT}/cases/{row.reference}")
        for row in page.rows
    ]  # fmt: skip


def _opinions(session: Session, here: Visit) -> list[Task]:
    if here.known.role != Role.FUNDER or here.known.funder_id is None:
        return []
    return [
        Task(kind="opinion", title=line.title, reference=line.reference,
             due_on=paris_day(line.due_at - line.due_at.resolution) if line.due_at else None,
             href=f"{ROOT}/cases/{line.reference}")
        for line in opinions.awaited(session, here.known.funder_id)
    ]  # fmt: skip


def _interests(session: Session, here: Visit) -> list[Task]:
    person_id, contract_id = person(here)
    ahead, _ = sitting_page.sittings(session, contract_id, person_id, everybodys=False, at=here.at)
    return [
        Task(kind="interests", title=line.name, sitting_id=line.id, due_on=line.held_on,
             href=f"{ROOT}/sittings/{line.id}")
        for line in ahead
        if line.role and line.declared_at is None and line.held_at is None and line.cancelled_at is None
    ]  # fmt: skip
