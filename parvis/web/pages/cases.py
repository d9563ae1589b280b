"""The page of a case: what it is, what happened to it, what whoever looks may do with it now."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from parvis.models.queries.case_parts import read_documents
from parvis.services import files, queue
from parvis.services.agenda_moves import move
from parvis.services.case_archive import archive
from parvis.services.case_page import CasePage, case_page, choices
from parvis.services.cases import Found
from parvis.services.file_problems import FileRefusedError, NoSuchFileError
from parvis.services.histories import Origin
from parvis.services.people import UnknownNameError
from parvis.services.portals.settling import view
from parvis.services.queue import Address
from parvis.services.renewals import offer
from parvis.services.taking_off import take_off
from parvis.services.visibility import see_case, see_file, viewer
from parvis.states import fields
from parvis.states.answered import beside
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError, StaleVersionError
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import NotHereError, Problem, WrongInputError, problem_of
from parvis.web.forms import Typed, TypedForm
from parvis.web.pages.lists import read
from parvis.web.pages.notes import for_case
from parvis.web.pages.register import told_of
from parvis.web.rendering import page
from parvis.web.rights import may
from parvis.web.sending import download
from parvis.web.site import Here, Visit

router = APIRouter()

OUTSIDE = frozenset({Role.FUNDER, Role.MEMBER})
"""Roles that look at cases from outside the service: they see neither letters nor the other cases of an applicant."""


@dataclass(frozen=True)
class Attempt:
    """What somebody tried to do on the page, and why it did not happen."""

    action: Action | None = None
    typed: Typed = field(default_factory=Typed)
    faults: Mapping[str, Sentence] = field(default_factory=dict)
    refused: Problem | None = None
    status: HTTPStatus = HTTPStatus.OK


@router.get("/dossiers/{reference}", name="case")
def case(request: Request, here: Here, reference: str, fait: str = "") -> Response:
    """Show a case; an organisation is led on to its own page of it."""
    if here.known.role == Role.APPLICANT:
        return RedirectResponse(f"/mes-dossiers/{quote(reference, safe='')}", HTTPStatus.SEE_OTHER)
    with here.database.one_write() as session:
        found = see_case(session, here.known, reference, at=here.at)
        if here.known.person_id is not None:
            queue.mark_seen(session, here.known.person_id, [found.id], at=here.at)
    return show(request, here, found, done=fait if fait in set(Action) else "")


@router.post("/dossiers/{reference}/actions/{action}", name="act_on_case")
def act(request: Request, here: Here, reference: str, action: str, typed: TypedForm) -> Response:
    """Do something with a case, as it was when its page was read."""
    if action not in set(Action):
        raise NotHereError
    wanted = Action(action)
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
        offered = choices(session, found.id, at=here.at)
        codes = [line.code for line in read_documents(session, found.id)]
    try:
        brought = forms.given(wanted, typed, offered, codes, funder_id=here.known.funder_id)
        _do(here, found, wanted, brought, forms.version(typed))
    except WrongInputError as wrong:
        faults = wrong.by_field
        tried = Attempt(wanted, typed, faults, problem_of(wrong), HTTPStatus.UNPROCESSABLE_ENTITY)
        return show(request, here, found, tried)
    except (MoveRefusedError, StaleVersionError) as refusal:
        faults = beside(wanted, refusal.reasons) if isinstance(refusal, MoveRefusedError) else {}
        tried = Attempt(wanted, typed, faults, problem_of(refusal), HTTPStatus.CONFLICT)
        return show(request, here, found, tried)
    return RedirectResponse(
        f"/dossiers/{found.reference}{_joined(request, fait=wanted)}", HTTPStatus.SEE_OTHER
    )


@router.post("/dossiers/{reference}/non-lu", name="mark_unread")
def mark_unread(request: Request, here: Here, reference: str) -> Response:
    """Make what is in a case news again to whoever asks, and go back to the list they came from."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
        if here.known.person_id is not None:
            queue.mark_unseen(session, here.known.person_id, [found.id])
    return RedirectResponse(_list_address(read(request)), HTTPStatus.SEE_OTHER)


@router.get("/dossiers/{reference}/fichiers/{file_id}", name="case_file")
def case_file(here: Here, reference: str, file_id: int) -> Response:
    """Give a file of a case, to be kept and not shown."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
        line = see_file(session, found, file_id)
    return download(line.name, line.media_type, files.read(files.shelf(here.site.settings), line))


@router.get("/dossiers/{reference}/archive.zip", name="case_archive")
def case_archive(here: Here, reference: str) -> Response:
    """Give a case whole in one file, with the proof of its journal."""
    with here.database.transaction() as session, TemporaryDirectory() as folder:
        found = see_case(session, here.known, reference, at=here.at)
        file = Path(folder) / f"{found.reference}.zip"
        archive(session, files.shelf(here.site.settings), found.id, file, at=here.at)
        return download(file.name, "application/zip", file.read_bytes())


@router.post("/dossiers/{reference}/fichiers", name="attach_file")
def attach_file(
    request: Request, here: Here, reference: str, fichier: Annotated[UploadFile, File()],
    piece: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Attach a file to a case; for a document of its check-list, it has been received."""
    kept = files.shelf(here.site.settings)
    content = fichier.file.read(kept.most_bytes + 1)
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
    try:
        file = files.checked(kept, fichier.filename or "fichier", content)
        with here.database.transaction() as session:
            files.attach(
                session, kept, found.id, file,
                by=here.by, at=here.at, document=piece or None,
            )  # fmt: skip
    except (FileRefusedError, UnknownNameError) as refusal:
        sentence = refusal.sentence if isinstance(refusal, FileRefusedError) else forms.NOT_OFFERED
        wrong = forms.wrong("fichier", sentence)
        tried = Attempt(
            None, Typed(), {"fichier": sentence}, problem_of(wrong), HTTPStatus.UNPROCESSABLE_ENTITY
        )
        return show(request, here, found, tried)
    except MoveRefusedError as refusal:
        return show(
            request, here, found, Attempt(None, refused=problem_of(refusal), status=HTTPStatus.CONFLICT)
        )
    return RedirectResponse(f"/dossiers/{found.reference}#pieces", HTTPStatus.SEE_OTHER)


@router.post("/dossiers/{reference}/fichiers/retrait", name="take_off_file")
def take_off_file(request: Request, here: Here, reference: str, typed: TypedForm) -> Response:
    """Take off a file that was attached by mistake, with the reason."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
    try:
        chosen = forms.parsed("retire", typed.one("retire"), fields.integer)
        reason = forms.parsed("motif_retrait", typed.one("motif_retrait"), _reason)
        with here.database.transaction() as session:
            take_off(session, found.id, chosen, reason, by=here.by, at=here.at)
    except WrongInputError as wrong:
        problem = problem_of(wrong)
        tried = Attempt(None, typed, wrong.by_field, problem, HTTPStatus.UNPROCESSABLE_ENTITY)
        return show(request, here, found, tried)
    except FileRefusedError as refusal:
        made = forms.wrong("retire", refusal.sentence)
        tried = Attempt(None, typed, made.by_field, problem_of(made), HTTPStatus.UNPROCESSABLE_ENTITY)
        return show(request, here, found, tried)
    except NoSuchFileError:
        pass  # taken off meanwhile: the page shows what is left
    return RedirectResponse(f"/dossiers/{found.reference}#pieces", HTTPStatus.SEE_OTHER)


def show(request: Request, here: Visit, found: Found, tried: Attempt = Attempt(), done: str = "") -> Response:
    """The page of a case that was seen."""
    visitor = here.known
    address = read(request)
    with here.database.one_write() as session:
        shown = case_page(
            session,
            found.id,
            role=visitor.role,
            funder_id=visitor.funder_id,
            language=here.language,
            at=here.at,
        )
        renewing = next((form.blocked for form in shown.forms if form.action == Action.RENEW), None)
        years = offer(session, found.id, renewing) if visitor.role not in OUTSIDE else None
        before, after = queue.neighbours(
            session, found.id, address.wanted, address.order, viewer(visitor), at=here.at
        )  # fmt: skip
        portal = view(session, found.id) if visitor.role not in OUTSIDE else None
        noted = for_case(session, found) if may(here, ["save_note"]) else {"notes": None}
        register = told_of(session, here, shown.view.applicant)
    query = queue.write_query(address.wanted, address.order, address.columns)
    return page(
        request, "case.html", status=tried.status, shown=_for(visitor.role, shown),
        shown_to_staff=visitor.role not in OUTSIDE, years=years,
        may_renew=bool(may(here, ["renew_case"])), done=done, refused=tried.refused, tried=tried.action,
        typed=tried.typed, blank=Typed(), faults=tried.faults, before=before, after=after,
        list_query=f"?{query}" if query else "", list_address=_list_address(address),
        portal=portal, may_settle=bool(may(here, ["settle_difference"])), register=register, **noted,
        may_attach=bool(may(here, ["attach_file"])), may_take_off=bool(may(here, ["take_off_file"])),
        most_megabytes=here.site.settings.file_megabytes,
    )  # fmt: skip


def _reason(typed: str) -> str:
    return fields.text(typed, max_length=forms.LONGEST_REASON, lines=True)


def _list_address(address: Address) -> str:
    """The list a case was opened from, as it was asked for."""
    query = queue.write_query(address.wanted, address.order, address.columns)
    return f"/dossiers?{query}" if query else "/dossiers"


_BESIDE = frozenset({Action.RENEW, Action.TAKE_OFF_FILE})
"""What is done elsewhere on the page than among the other moves."""


def _for(role: str, shown: CasePage) -> CasePage:
    """What somebody in this role sees; an action is renewed beside its years, a file taken off beside the others."""
    shown = replace(
        shown,
        forms=tuple(form for form in shown.forms if form.action not in _BESIDE),
        elsewhere=tuple(each for each in shown.elsewhere if each.action not in _BESIDE),
    )
    if role not in OUTSIDE:
        return shown
    told = tuple(entry for entry in shown.history if entry.origin is not Origin.LETTER)
    return replace(shown, history=told, letters=(), same_action=(), other_cases=(), elsewhere=())


def _do(here: Visit, found: Found, action: Action, brought: Given, version: int) -> None:
    move(here.database, found.id, action, brought, by=here.by, at=here.at, expected_version=version)


def _joined(request: Request, **more: str) -> str:
    query = "&".join(filter(None, (request.url.query, urlencode(more))))
    return f"?{query}" if query else ""
