"""Who asks, and what waits for them."""

from typing import Annotated

from fastapi import APIRouter, Query

from parvis.services.waiting import waiting
from parvis.states.access import OF_PROGRAMS
from parvis.web.api.more_shapes import Me, Task, Tasks
from parvis.web.api.told import READING, ROOT, person, problems
from parvis.web.site import Here

router = APIRouter(prefix=ROOT)


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
        found = waiting(session, here.known, at=here.at, limit=limite + 1)
    items = [
        Task(
            kind=one.kind, title=one.title, reference=one.reference, sitting_id=one.sitting_id, due_on=one.due_on,
            href=f"{ROOT}/sittings/{one.sitting_id}" if one.sitting_id else f"{ROOT}/cases/{one.reference}",
        )
        for one in found[:limite]
    ]  # fmt: skip
    return Tasks(items=items, more=len(found) > limite)
