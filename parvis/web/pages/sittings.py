"""Sittings: those somebody sits in or prepares, the agenda of one, the interests a member declares."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.services import files, interests, sitting_page
from parvis.services.files import find_file
from parvis.services.visibility import see_sitting, see_sitting_file
from parvis.states import fields
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import NotHereError, Problem, problem_of
from parvis.web.forms import Typed, TypedForm
from parvis.web.rendering import page
from parvis.web.rights import may
from parvis.web.sending import download
from parvis.web.site import Here, Visit

router = APIRouter()

PREPARES = frozenset({Role.SECRETARY, Role.MANAGER, Role.ADMINISTRATOR})
"""Roles that see every sitting whole: who is recused from what, its conflicts, its files."""
SAY_WHAT = Sentence("dire ce qui vous lie à ce dossier", "say what ties you to this case")


@router.get("/seances", name="sittings")
def sittings(request: Request, here: Here) -> Response:
    """The sittings of whoever looks: to come, then past."""
    known = here.known
    everybodys = known.role in PREPARES
    with here.database.transaction() as session:
        ahead, over = sitting_page.sittings(
            session, known.contract_id or 0, known.person_id or 0, everybodys=everybodys, at=here.at
        )
    return page(request, "sittings.html", ahead=ahead, over=over, everybodys=everybodys, today=here.today)


@router.get("/seances/{sitting_id}", name="sitting")
def sitting(request: Request, here: Here, sitting_id: int, fait: str = "") -> Response:
    """One sitting: its agenda, and who sits."""
    return show(request, here, sitting_id, done=fait)


def show(
    request: Request, here: Visit, sitting_id: int, *,
    done: str = "", refused: Problem | None = None, status: HTTPStatus = HTTPStatus.OK,
) -> Response:  # fmt: skip
    """The page of a sitting, for whoever may look at it."""
    prepares = here.known.role in PREPARES
    with here.database.transaction() as session:
        see_sitting(session, here.known, sitting_id)
        shown = sitting_page.sitting_page(session, sitting_id, here.known.person_id or 0, prepares=prepares)
        choices = sitting_page.carry_choices(session, shown.row, today=here.today) if prepares else ()
    return page(
        request, "sitting.html", status=status, shown=shown, prepares=prepares, done=done, refused=refused,
        may=may(here, ["order_agenda", "change_agenda", "session"]), today=here.today, choices=choices,
    )  # fmt: skip


@router.get("/seances/{sitting_id}/dossier", name="packet")
def packet(here: Here, sitting_id: int) -> Response:
    """Give whoever sits their copy of the packet, without the cases hidden from them now."""
    with here.database.transaction() as session:
        see_sitting(session, here.known, sitting_id)
        prepares = here.known.role in PREPARES
        line = sitting_page.packet_of(session, sitting_id, here.known.person_id or 0, prepares=prepares)
        file = find_file(session, line.file_id) if line else None
    if file is None:
        raise NotHereError
    return download(file.name, file.media_type, files.read(files.shelf(here.site.settings), file))


@router.get("/seances/{sitting_id}/fichiers/{file_id}", name="sitting_file")
def sitting_file(here: Here, sitting_id: int, file_id: int) -> Response:
    """Give those who prepare a sitting one of its files."""
    with here.database.transaction() as session:
        see_sitting(session, here.known, sitting_id)
        file = see_sitting_file(session, sitting_id, file_id)
    return download(file.name, file.media_type, files.read(files.shelf(here.site.settings), file))


@router.get("/seances/{sitting_id}/interets", name="interests")
def weigh(request: Request, here: Here, sitting_id: int) -> Response:
    """Ask a member what ties them to the cases of a sitting."""
    return _weigh(request, here, sitting_id)


@router.post("/seances/{sitting_id}/interets", name="declare_interests")
def declare(request: Request, here: Here, sitting_id: int, typed: TypedForm) -> Response:
    """Record what a member declares; what was declared before stays, as its cases are shown no more."""
    person_id = here.known.person_id or 0
    with here.database.transaction() as session:
        if not see_sitting(session, here.known, sitting_id).member:
            raise NotHereError
        offered = {line.case_id for line in interests.cases_to_weigh(session, sitting_id, person_id)}
        before = sitting_page.declared(session, sitting_id, person_id)
    said, faults = _said(typed, offered)
    if faults:
        return _weigh(
            request, here, sitting_id, typed=typed, faults=faults, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    try:
        with here.database.transaction() as session:
            interests.declare(session, sitting_id, person_id, {**before, **said}, by=here.by, at=here.at)
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
    return page(
        request, "interests.html", status=status, shown=shown, cases=cases, typed=typed or Typed(),
        faults=faults or {}, refused=refused,
    )  # fmt: skip
