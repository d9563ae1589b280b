"""Sittings for programs: those one sits in or prepares; the agenda of one, without what is hidden from whoever asks."""

from fastapi import APIRouter

from parvis.services import sitting_page
from parvis.services.sitting_page import SittingLine as Line
from parvis.services.visibility import see_sitting
from parvis.web.api.more_shapes import AgendaLine, Sitting, SittingLine, Sittings
from parvis.web.api.told import READING, ROOT, Number, person, problems
from parvis.web.pages.sittings import PREPARES
from parvis.web.site import Here

router = APIRouter(prefix=ROOT)


@router.get("/sittings", name="api_sittings", responses=problems(*READING))
def sittings(here: Here) -> Sittings:
    """List the sittings of whoever asks."""
    person_id, contract_id = person(here)
    everybodys = here.known.role in PREPARES
    with here.database.transaction() as session:
        ahead, past = sitting_page.sittings(
            session, contract_id, person_id, everybodys=everybodys, at=here.at
        )
    return Sittings(ahead=[_line(line) for line in ahead], past=[_line(line) for line in past])


@router.get("/sittings/{sitting_id}", name="api_sitting", responses=problems(*READING))
def sitting(here: Here, sitting_id: Number) -> Sitting:
    """Read one sitting and its agenda."""
    person_id, _ = person(here)
    with here.database.transaction() as session:
        see_sitting(session, here.known, sitting_id)
        shown = sitting_page.sitting_page(session, sitting_id, person_id, prepares=False)
    row = shown.row
    return Sitting(
        id=row.id, name=row.name, kind=row.kind, stage=shown.stage, held_on=row.held_on, starts_at=row.starts_at,
        room=row.room, agenda_open=row.agenda_open, version=row.version,
        agenda=[AgendaLine.model_validate(line) for line in shown.agenda],
    )  # fmt: skip


def _line(line: Line) -> SittingLine:
    said = {name: getattr(line, name) for name in SittingLine.model_fields if name != "seat"}
    return SittingLine(**said, seat=line.role)
