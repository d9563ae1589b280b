"""The documents of an agreement: looked at, given, filed version after version; the self-evaluation."""

from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.services import agreement_documents, files
from parvis.services.file_previews import preview
from parvis.services.file_problems import FileRefusedError
from parvis.services.visibility import see_agreement, see_agreement_file
from parvis.states import fields
from parvis.states.agreement_stages import AgreementAction
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import WrongInputError, problem_of
from parvis.web.forms import Typed, TypedForm, parsed
from parvis.web.pages.agreements import Attempt, show
from parvis.web.pages.previews import drawn, picture, wanted_page
from parvis.web.pages.uploads import Uploads, one_checked
from parvis.web.rendering import page
from parvis.web.sending import download
from parvis.web.site import Here, Visit

router = APIRouter()


@router.get("/conventions/{reference}/fichiers/{file_id}", name="agreement_file")
def agreement_file(here: Here, reference: str, file_id: int) -> Response:
    """Give a document of an agreement, to be kept and not shown."""
    with here.database.transaction() as session:
        agreement_id = see_agreement(session, here.known, reference)
        line = see_agreement_file(session, here.known, agreement_id, file_id)
    return download(line.name, line.media_type, files.read(files.shelf(here.site.settings), line))


@router.get("/conventions/{reference}/fichiers/{file_id}/apercu", name="preview_agreement_file")
def preview_agreement_file(request: Request, here: Here, reference: str, file_id: int) -> Response:
    """Show a document of an agreement, one page at a time, and the others beside it."""
    with here.database.transaction() as session:
        agreement_id = see_agreement(session, here.known, reference)
        line = see_agreement_file(session, here.known, agreement_id, file_id)
        papers = agreement_documents.papers(session, agreement_id)
    outside, number = here.known.role == Role.APPLICANT, wanted_page(request)
    there = [paper for paper in papers if paper.holds or not outside]
    place = [paper.file.id for paper in there].index(line.id)
    seen = preview(files.shelf(here.site.settings), line, number)
    return page(
        request, "preview.html", reference=reference, home=f"/conventions/{quote(reference, safe='')}", file=line,
        seen=seen, number=number, drawn=drawn(seen), documents=(), files=(), papers=there,
        before=there[place - 1].file if place else None,
        after=there[place + 1].file if place + 1 < len(there) else None,
    )  # fmt: skip


@router.get("/conventions/{reference}/fichiers/{file_id}/image", name="agreement_picture")
def agreement_picture(here: Here, reference: str, file_id: int) -> Response:
    """Give a document that is a picture, for its preview to show."""
    with here.database.transaction() as session:
        agreement_id = see_agreement(session, here.known, reference)
        line = see_agreement_file(session, here.known, agreement_id, file_id)
    return picture(here, line)


@router.post("/conventions/{reference}/fichiers", name="attach_to_agreement")
def attach_to_agreement(
    request: Request, here: Here, reference: str, sent: Uploads, typed: TypedForm
) -> Response:
    """File a version of the agreement, or of one of its amendments."""
    with here.database.transaction() as session:
        agreement_id = see_agreement(session, here.known, reference)
    try:
        _file(here, agreement_id, sent, typed)
    except (FileRefusedError, WrongInputError) as refusal:
        tried = _unusable(AgreementAction.FILE_DOCUMENT, "fichier", typed, refusal)
        return show(request, here, reference, tried)
    except MoveRefusedError as refusal:
        refused = Attempt(refused=problem_of(refusal), status=HTTPStatus.CONFLICT)
        return show(request, here, reference, refused)
    address = f"/conventions/{quote(reference, safe='')}?fait={AgreementAction.FILE_DOCUMENT}#pieces"
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


@router.post("/conventions/{reference}/auto-evaluation", name="give_evaluation")
def give_evaluation(
    request: Request, here: Here, reference: str, sent: Uploads, typed: TypedForm
) -> Response:
    """Take the self-evaluation of an organisation: a few words, a file, or both."""
    with here.database.transaction() as session:
        agreement_id = see_agreement(session, here.known, reference)
    try:
        said = parsed("reason", typed.one("reason"), _text) if typed.one("reason") else ""
        file = one_checked(here, sent, "evaluation") if "evaluation" in sent else None
        if not said and file is None:
            raise forms.wrong("evaluation", SOMETHING)
        with here.database.transaction() as session:
            agreement_documents.receive_evaluation(
                session, files.shelf(here.site.settings), agreement_id, said, file, by=here.by, at=here.at
            )
    except (FileRefusedError, WrongInputError) as refusal:
        tried = _unusable(AgreementAction.RECEIVE_EVALUATION, "evaluation", typed, refusal)
        return show(request, here, reference, tried)
    except MoveRefusedError as refusal:
        refused = Attempt(refused=problem_of(refusal), status=HTTPStatus.CONFLICT)
        return show(request, here, reference, refused)
    address = f"/conventions/{quote(reference, safe='')}?fait={AgreementAction.RECEIVE_EVALUATION}"
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


SOMETHING = Sentence("Écrire quelques lignes, ou joindre un fichier.", "Write a few lines, or attach a file.")


def _unusable(
    action: AgreementAction, file: str, typed: Typed, refusal: FileRefusedError | WrongInputError
) -> Attempt:
    """What was typed and cannot be used, told at its field; a file that is refused, at the field `file`."""
    wrong = refusal if isinstance(refusal, WrongInputError) else forms.wrong(file, refusal.sentence)
    return Attempt(action, typed, wrong.by_field, problem_of(wrong), HTTPStatus.UNPROCESSABLE_ENTITY)


def _text(value: str) -> str:
    return fields.text(value, max_length=4_000, lines=True)


def _file(here: Visit, agreement_id: int, sent: Uploads, typed: Typed) -> None:
    file = one_checked(here, sent, "fichier")
    number, day = typed.one("avenant"), typed.one("signe")
    amendment = parsed("avenant", number, _rank) if number else None
    signed_on = parsed("signe", day, fields.calendar_day) if day else None
    with here.database.transaction() as session:
        agreement_documents.add(
            session, files.shelf(here.site.settings), agreement_id, file,
            by=here.by, at=here.at, amendment=amendment, signed_on=signed_on,
        )  # fmt: skip


def _rank(value: str) -> int:
    return fields.integer(value, minimum=1, maximum=999)
