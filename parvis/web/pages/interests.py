"""The interests a member declares in the cases of a sitting: one form, to be changed until the session."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.services import interests, sitting_page
from parvis.services.visibility import see_sitting
from parvis.states import fields
from parvis.states.table import MoveRefusedError
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import NotHereError, Problem, problem_of
from parvis.web.forms import Typed, TypedForm
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()

SAY_WHAT = Sentence("dire ce qui vous lie à ce dossier", "say what ties you to this case")


@router.get("/seances/{sitting_id}/interets", name="interests")
def weigh(request: Request, here: Here, sitting_id: int) -> Response:
    """Ask a member what ties them to the cases of a sitting."""
    return _weigh(request, here, sitting_id)


@router.post("/seances/{sitting_id}/interets", name="declare_interests")
def declare(request: Request, here: Here, sitting_id: int, typed: TypedForm) -> Response:
    """Record what a member declares. Of what was declared before, only what the form showed (`deja`) is replaced."""
    person_id = here.known.person_id or 0
    with here.database.transaction() as session:
        if not see_sitting(session, here.known, sitting_id).member:
            raise NotHereError
        offered = {line.case_id for line in interests.cases_to_weigh(session, sitting_id, person_id)}
        before = sitting_page.declared(session, sitting_id, person_id)
    said, faults = _said(typed, offered | before.keys())
    if faults:
        return _weigh(
            request, here, sitting_id, typed=typed, faults=faults, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    shown = set(typed.all("deja"))
    kept = {case_id: detail for case_id, detail in before.items() if str(case_id) not in shown}
    try:
        with here.database.transaction() as session:
            interests.declare(session, sitting_id, person_id, {**kept, **said}, by=here.by, at=here.at)
    except MoveRefusedError as refusal:
        refused = problem_of(refusal)
        return _weigh(request, here, sitting_id, typed=typed, refused=refused, status=HTTPStatus.CONFLICT)
    return RedirectResponse(f"/seances/{sitting_id}?fait=interets", HTTPStatus.SEE_OTHER)


def _said(typed: Typed, offered: set[int]) -> tuple[dict[int, str], dict[str, Sentence]]:
    said: dict[int, str] = {}
    faults: dict[str, Sentence] = {}
    for number in typed.all("dossier"):
        if not (number.isascii() and number.isdigit() and len(number) <= 18 and int(number) in offered):
            faults["dossier"] = forms.NOT_OFFERED
            continue
        name = f"lien_{number}"
        try:
            said[int(number)] = fields.text(typed.one(name), max_length=500)
        except fields.FieldError as error:
            faults[name] = SAY_WHAT if error.code == "required" else error.sentence
    return said, faults


def _weigh(
    request: Request, here: Visit, sitting_id: int, *, typed: Typed | None = None,
    faults: Mapping[str, Sentence] | None = None, refused: Problem | None = None, status: HTTPStatus = HTTPStatus.OK,
) -> Response:  # fmt: skip
    person_id = here.known.person_id or 0
    with here.database.transaction() as session:
        if not see_sitting(session, here.known, sitting_id).member:
            raise NotHereError
        shown = sitting_page.sitting_page(session, sitting_id, person_id, prepares=False)
        cases = interests.cases_to_weigh(session, sitting_id, person_id)
        own = sitting_page.own_interests(session, sitting_id, person_id)
    return page(
        request, "interests.html", status=status, shown=shown, cases=cases, own=own, typed=typed or Typed(),
        faults=faults or {}, refused=refused,
    )  # fmt: skip
