"""The pages of an association: its cases, where each stands, documents to send, what it may still do."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from parvis.services import applicant_page, files
from parvis.services.advance import advance_alone
from parvis.services.cases import Found
from parvis.services.file_problems import FileRefusedError
from parvis.services.people import UnknownNameError
from parvis.services.visibility import see_case, see_file, see_own_case
from parvis.states.facts import Given
from parvis.states.stages import Action
from parvis.states.table import MoveRefusedError, StaleVersionError
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import NotHereError, Problem, problem_of
from parvis.web.forms import TypedForm
from parvis.web.rendering import page
from parvis.web.sending import download
from parvis.web.site import Here, Visit

router = APIRouter()

OWN_ACTIONS = frozenset({Action.COMPLETE, Action.WITHDRAW, Action.RECEIVE_REPORT})


@router.get("/mes-dossiers", name="my_cases")
def my_cases(request: Request, here: Here) -> Response:
    """The cases of an organisation."""
    with here.database.transaction() as session:
        cases = applicant_page.own_cases(session, here.known.organisation_id or 0)
    return page(request, "my_cases.html", cases=cases, today=here.today)


@router.get("/mes-dossiers/{reference}", name="my_case")
def my_case(request: Request, here: Here, reference: str, fait: str = "") -> Response:
    """One of them."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
    return _show(request, here, found, done=fait)


@router.post("/mes-dossiers/{reference}/pieces", name="send_document")
def send_document(
    request: Request, here: Here, reference: str, fichier: Annotated[UploadFile, File()],
    piece: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Send a document that was asked for, or another one."""
    kept = files.shelf(here.site.settings)
    content = fichier.file.read(kept.most_bytes + 1)
    with here.database.transaction() as session:
        found = see_own_case(session, here.known, reference, at=here.at)
    try:
        with here.database.transaction() as session:
            files.attach(
                session, kept, found.id, fichier.filename or "fichier", content,
                by=here.by, at=here.at, document=piece.strip() or None,
            )  # fmt: skip
    except FileRefusedError as refusal:
        return _show(
            request,
            here,
            found,
            faults={piece or "autre": refusal.sentence},
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    except UnknownNameError:
        return _show(
            request, here, found, faults={"autre": forms.NOT_OFFERED}, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    except MoveRefusedError as refusal:
        return _show(request, here, found, refused=problem_of(refusal), status=HTTPStatus.CONFLICT)
    return RedirectResponse(f"/mes-dossiers/{found.reference}?fait=piece#pieces", HTTPStatus.SEE_OTHER)


@router.post("/mes-dossiers/{reference}/actions/{action}", name="act_on_my_case")
def act(request: Request, here: Here, reference: str, action: str, typed: TypedForm) -> Response:
    """Say that all is sent, withdraw the request, say that the report is sent."""
    if action not in OWN_ACTIONS:
        raise NotHereError
    with here.database.transaction() as session:
        found = see_own_case(session, here.known, reference, at=here.at)
    given = Given(reason=typed.one("reason")[: forms.LONGEST_REASON])
    try:
        advance_alone(
            here.database, found.id, Action(action), by=here.by, at=here.at,
            expected_version=forms.version(typed), given=given,
        )  # fmt: skip
    except (MoveRefusedError, StaleVersionError) as refusal:
        return _show(request, here, found, refused=problem_of(refusal), status=HTTPStatus.CONFLICT)
    return RedirectResponse(f"/mes-dossiers/{found.reference}?fait={action}", HTTPStatus.SEE_OTHER)


@router.get("/mes-dossiers/{reference}/fichiers/{file_id}", name="my_file")
def my_file(here: Here, reference: str, file_id: int) -> Response:
    """Give an organisation what it sent, and what was made for it."""
    with here.database.transaction() as session:
        found = see_own_case(session, here.known, reference, at=here.at)
        shown = applicant_page.applicant_page(session, found.id, here.known.organisation_id or 0, at=here.at)
        line = see_file(session, found, file_id)
    if line not in shown.files:
        raise NotHereError
    return download(line.name, line.media_type, files.read(files.shelf(here.site.settings), line))


def _show(
    request: Request, here: Visit, found: Found, *,
    done: str = "", faults: dict[str, Sentence] | None = None, refused: Problem | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:  # fmt: skip
    with here.database.transaction() as session:
        shown = applicant_page.applicant_page(session, found.id, here.known.organisation_id or 0, at=here.at)
    return page(
        request, "my_case.html", status=status, shown=shown, done=done, faults=faults or {}, refused=refused,
        said=applicant_page.SAID, today=here.today, most_megabytes=here.site.settings.file_megabytes,
    )  # fmt: skip
