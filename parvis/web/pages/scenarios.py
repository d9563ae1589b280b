"""Programmings of a sitting: their list, the grid of one, what the solver proposes, what is sent to the committee."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TypeAlias

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.queries import scenarios as queries
from parvis.models.queries.scenarios import ScenarioRow
from parvis.models.queries.session_room import SessionRow, read_sitting
from parvis.models.session import Session
from parvis.services import scenarios, sitting_papers
from parvis.services.scenarios import ScenarioRefusedError, Source
from parvis.services.visibility import see_sitting
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import NotHereError, WrongInputError
from parvis.web.forms import Typed, TypedForm, TypedGrid
from parvis.web.grids import as_typed, read_amounts
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()

UNREADABLE = Sentence("Rien n’est enregistré. À corriger :", "Nothing is saved. To be mended:")


@router.get("/seances/{sitting_id}/programmation", name="scenarios")
def listed(request: Request, here: Here, sitting_id: int) -> Response:
    """The programmings of a sitting."""
    return _list(request, here, sitting_id)


@router.post("/seances/{sitting_id}/programmation", name="begin_scenario")
def begin(request: Request, here: Here, sitting_id: int, typed: TypedForm) -> Response:
    """Begin a programming: from what funders propose, from the solver, from nothing, from another."""
    try:
        with here.database.transaction() as session:
            _seen(session, here, sitting_id)
            known = {str(row.id): row.id for row in queries.scenarios(session, sitting_id)}
            said = typed.one("depuis")
            if said not in {*Source, *known}:
                raise forms.wrong("depuis", forms.NOT_OFFERED)
            source = known[said] if said in known else Source(said)
            made = scenarios.begin(session, sitting_id, typed.one("nom"), source, by=here.by, at=here.at)
    except (ScenarioRefusedError, WrongInputError) as refusal:
        return _list(request, here, sitting_id, typed=typed, refused=refusal)
    return RedirectResponse(f"/seances/{sitting_id}/programmation/{made}", HTTPStatus.SEE_OTHER)


@router.get("/seances/{sitting_id}/programmation/{scenario_id}", name="scenario")
def one(
    request: Request, here: Here, sitting_id: int, scenario_id: int, *, avec: str = "", fait: str = ""
) -> Response:
    """The grid of a programming, beside another when one is named."""
    return _grid(request, here, sitting_id, scenario_id, beside=avec, done=fait)


@router.post("/seances/{sitting_id}/programmation/{scenario_id}", name="save_scenario")
def save(request: Request, here: Here, sitting_id: int, scenario_id: int, typed: TypedGrid) -> Response:
    """Keep the amounts of the grid, and those pasted from a spreadsheet."""
    try:
        with here.database.transaction() as session:
            row = _row(session, here, sitting_id, scenario_id)
            amounts = read_amounts(typed, scenarios.ground(session, sitting_id))
            version = forms.version(typed)
            scenarios.save(session, row, amounts, version=version, by=here.by, at=here.at)
    except (ScenarioRefusedError, WrongInputError) as refusal:
        return _grid(request, here, sitting_id, scenario_id, typed=typed, refused=refusal)
    return _back(sitting_id, scenario_id, "garder")


@router.post("/seances/{sitting_id}/programmation/{scenario_id}/{change}", name="change_scenario")
def change(
    request: Request, here: Here, sitting_id: int, scenario_id: int, *, change: str, typed: TypedForm
) -> Response:
    """Have the solver propose amounts, send the programming to the committee, delete it."""
    if change not in _CHANGES:
        raise NotHereError
    try:
        with here.database.transaction() as session:
            row = _row(session, here, sitting_id, scenario_id)
            _CHANGES[change](session, row, forms.version(typed), here)
    except (ScenarioRefusedError, WrongInputError) as refusal:
        return _grid(request, here, sitting_id, scenario_id, refused=refusal)
    if change == "effacer":
        return RedirectResponse(f"/seances/{sitting_id}/programmation", HTTPStatus.SEE_OTHER)
    return _back(sitting_id, scenario_id, change)


def _propose(session: Session, row: ScenarioRow, version: int, here: Visit) -> None:
    amounts = scenarios.solve(scenarios.ground(session, row.committee_id))
    scenarios.save(session, row, amounts, version=version, by=here.by, at=here.at, solved=True)


def _send(session: Session, row: ScenarioRow, version: int, here: Visit) -> None:
    scenarios.send(session, row, version=version, by=here.by, at=here.at)


def _delete(session: Session, row: ScenarioRow, version: int, here: Visit) -> None:
    del version, here
    if not queries.delete(session, row.committee_id, row.id):
        raise ScenarioRefusedError(scenarios.SENT.fill(name=row.name))


_Change: TypeAlias = Callable[[Session, ScenarioRow, int, Visit], None]
_CHANGES: Mapping[str, _Change] = {"proposer": _propose, "envoyer": _send, "effacer": _delete}


def _list(
    request: Request, here: Visit, sitting_id: int, *,
    typed: Typed | None = None, refused: ScenarioRefusedError | WrongInputError | None = None,
) -> Response:  # fmt: skip
    with here.database.transaction() as session:
        sitting = _seen(session, here, sitting_id)
        rows = queries.scenarios(session, sitting_id)
        cases = queries.case_lines(session, sitting_id)
    return page(
        request, "scenarios.html", status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
        sitting_id=sitting_id, sitting=sitting, rows=rows, cases=cases, typed=typed or Typed(), refused=_said(refused),
        scored=sum(case.score is not None for case in cases),
    )  # fmt: skip


def _grid(
    request: Request, here: Visit, sitting_id: int, scenario_id: int, *, typed: Typed | None = None,
    refused: ScenarioRefusedError | WrongInputError | None = None, beside: str = "", done: str = "",
) -> Response:  # fmt: skip
    with here.database.transaction() as session:
        sitting = _seen(session, here, sitting_id)
        row = _row(session, here, sitting_id, scenario_id)
        shown = scenarios.show(session, row)
        others = [other for other in queries.scenarios(session, sitting_id) if other.id != scenario_id]
        other = next((one for one in others if str(one.id) == beside), None)
        differences = scenarios.compare(session, row, other) if other else []
    faults = refused.by_field if isinstance(refused, WrongInputError) else {}
    return page(
        request, "scenario.html", status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
        sitting_id=sitting_id, sitting=sitting, shown=shown, others=others, other=other, differences=differences,
        done=done, typed=typed or as_typed(shown), faults=faults, refused=_said(refused),
    )  # fmt: skip


def _seen(session: Session, here: Visit, sitting_id: int) -> SessionRow:
    """The sitting, for those who prepare it whole: a programming tells of every case."""
    see_sitting(session, here.known, sitting_id)
    if sitting_papers.hidden_from(session, sitting_id, here.known.person_id or 0):
        raise NotHereError
    return read_sitting(session, sitting_id)


def _row(session: Session, here: Visit, sitting_id: int, scenario_id: int) -> ScenarioRow:
    _seen(session, here, sitting_id)
    row = queries.find(session, sitting_id, scenario_id) if scenario_id < 2**62 else None
    if row is None:
        raise NotHereError
    return row


def _said(refused: ScenarioRefusedError | WrongInputError | None) -> ScenarioRefusedError | None:
    if isinstance(refused, WrongInputError):
        return ScenarioRefusedError(UNREADABLE, tuple(fault.sentence for fault in refused.fields))
    return refused


def _back(sitting_id: int, scenario_id: int, done: str) -> Response:
    return RedirectResponse(
        f"/seances/{sitting_id}/programmation/{scenario_id}?fait={done}", HTTPStatus.SEE_OTHER
    )
