"""A request typed by an organisation: begun, saved step by step with or without JavaScript, read again, submitted."""

from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.queries.case_parts import read_documents
from parvis.models.session import Session
from parvis.services import drafts, files
from parvis.services.arrivals import arrivals
from parvis.services.cases import Found
from parvis.services.draft_answers import LABELS, STEPS, Fault, short, unusable
from parvis.services.draft_partners import MOST_PARTNERS
from parvis.services.drafts import Draft, DraftRefusedError, NoSuchDraftError
from parvis.services.files import NoSuchFileError
from parvis.states import cerfa
from parvis.states.calendar import paris_day
from parvis.states.table import MoveRefusedError
from parvis.states.words import Sentence
from parvis.web.errors import WrongInputError, problem_of
from parvis.web.forms import Typed, TypedForm, parsed
from parvis.web.pages.applicant import mine, organisation
from parvis.web.pages.saving import Saved, Tried, save_step
from parvis.web.pages.uploads import Uploads, attach_each
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()

CONTACT, DOCUMENTS, SUMMARY = "echange", "pieces", "recapitulatif"
WORDS = {
    **STEPS,
    CONTACT: Sentence("L’échange préalable", "First contact"),
    DOCUMENTS: Sentence("Les pièces", "Documents"),
    SUMMARY: Sentence("Relire et déposer", "Read again and submit"),
}
MET = frozenset({CONTACT, SUMMARY})
"""Steps that say how the draft falls in its call, and whom to meet."""


@router.get("/mes-dossiers/nouvelle", name="new_draft")
def new_draft(request: Request, here: Here) -> Response:
    """Offer the calls that are open."""
    return _new(request, here, Typed(), {})


@router.post("/mes-dossiers/nouvelle", name="start_draft")
def start_draft(request: Request, here: Here, typed: TypedForm) -> Response:
    """Begin a draft."""
    faults: dict[str, Sentence] = {}
    try:
        title = parsed("titre", typed.one("titre"), short)
        with here.database.transaction() as session:
            reference = drafts.start(
                session, organisation(here), typed.one("appel"), title, by=here.by, at=here.at
            )
        return RedirectResponse(f"/mes-dossiers/{reference}/demande/action", HTTPStatus.SEE_OTHER)
    except WrongInputError as wrong:
        faults = wrong.by_field
    except DraftRefusedError as refusal:
        faults = {"appel": refusal.sentence}
    return _new(request, here, typed, faults)


@router.get("/mes-dossiers/{reference}/demande/{step}", name="draft_step")
def draft_step(request: Request, here: Here, reference: str, step: str) -> Response:
    """Show one step of a draft; once it is submitted, where it stands."""
    return show_step(request, here, mine(here, reference), step, Tried())


@router.post("/mes-dossiers/{reference}/demande/{step}", name="save_draft")
def save_draft(request: Request, here: Here, reference: str, step: str, typed: TypedForm) -> Response:
    """Keep a step as it is typed; to a person, say what of it cannot be used, then go on to the next one."""
    found = mine(here, reference)

    def keep(session: Session) -> Saved:
        stamped = drafts.save(
            session, found.id, step, typed.values, typed.one("tampon"), by=here.by, at=here.at
        )
        draft = drafts.open_draft(session, found.id)
        wrong = unusable(draft.read.faults, step)
        following = _steps(draft)[_steps(draft).index(step) + 1] if step in draft.offered.steps else SUMMARY
        return Saved(stamped, wrong, f"/mes-dossiers/{found.reference}/demande/{following}")

    try:
        return save_step(
            request, here, typed, keep, lambda tried: show_step(request, here, found, step, tried)
        )
    except NoSuchDraftError:
        return gone(found)


@router.post("/mes-dossiers/{reference}/demande/pieces/fichiers", name="attach_to_draft")
def attach_to_draft(request: Request, here: Here, reference: str, sent: Uploads) -> Response:
    """Take in documents of the check-list; those that are good stay."""
    found = mine(here, reference)
    with here.database.transaction() as session:
        try:
            drafts.open_draft(session, found.id)
        except NoSuchDraftError:
            return gone(found)
    if faults := attach_each(here, found, sent):
        tried = Tried(faults=faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return show_step(request, here, found, DOCUMENTS, tried)
    return RedirectResponse(f"/mes-dossiers/{found.reference}/demande/pieces", HTTPStatus.SEE_OTHER)


@router.post("/mes-dossiers/{reference}/demande/pieces/fichiers/{file_id}/retirer", name="remove_from_draft")
def remove_from_draft(here: Here, reference: str, file_id: int) -> Response:
    """Take a file off a draft; one that is gone already is no matter."""
    found = mine(here, reference)
    try:
        with here.database.transaction() as session, suppress(NoSuchFileError):
            drafts.take_off(session, found.id, file_id, by=here.by, at=here.at)
    except NoSuchDraftError:
        return gone(found)
    return RedirectResponse(f"/mes-dossiers/{found.reference}/demande/pieces", HTTPStatus.SEE_OTHER)


@router.post("/mes-dossiers/{reference}/depot", name="submit_draft")
def submit_draft(request: Request, here: Here, reference: str, typed: TypedForm) -> Response:
    """Submit a draft."""
    found = mine(here, reference)
    try:
        with here.database.transaction() as session:
            drafts.submit(
                session, found.id, committed=typed.one("engagement") == "oui", by=here.by, at=here.at
            )
    except NoSuchDraftError:
        return gone(found)
    except DraftRefusedError as refusal:
        tried = Tried(faults={"engagement": refusal.sentence}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return show_step(request, here, found, SUMMARY, tried)
    except MoveRefusedError as refusal:
        return show_step(
            request, here, found, SUMMARY, Tried(refused=problem_of(refusal), status=HTTPStatus.CONFLICT)
        )
    return RedirectResponse(f"/mes-dossiers/{found.reference}?fait=depot", HTTPStatus.SEE_OTHER)


def _new(request: Request, here: Visit, typed: Typed, faults: Mapping[str, Sentence]) -> Response:
    with here.database.transaction() as session:
        calls = drafts.open_calls(session, organisation(here), at=here.at)
        following = drafts.next_opening(session, at=here.at)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(
        request, "draft_new.html", status=status, calls=calls, following=following, typed=typed, faults=faults,
        today=here.today,
    )  # fmt: skip


def show_step(request: Request, here: Visit, found: Found, step: str, tried: Tried) -> Response:
    """The page of one step of a draft; once it is submitted, where it stands."""
    try:
        with here.database.transaction() as session:
            draft = drafts.open_draft(session, found.id)
            documents = read_documents(session, found.id)
            there = files.list_files(session, case_ids=[found.id])
            arrival = arrivals(session, [found.id], at=here.at)[found.id] if step in MET else None
    except NoSuchDraftError:
        return gone(found)
    if step not in _steps(draft):
        return RedirectResponse(f"/mes-dossiers/{found.reference}/demande/action", HTTPStatus.SEE_OTHER)
    values = tried.values if tried.values is not None else draft.values(step)
    return page(
        request, "draft_step.html", status=tried.status, draft=draft, step=step, steps=_steps(draft), words=WORDS,
        labels=LABELS, typed=Typed(values), stamp=tried.stamp or drafts.stamp(draft.values(step)), tried=tried,
        faults=tried.faults, broken=_broken(draft), documents=documents, files=there, accounts=cerfa,
        rows=MOST_PARTNERS, closes_on=draft.closes_on(here.today), today=here.today,
        saved_on=paris_day(draft.row.saved_at), arrival=arrival, most_megabytes=here.site.settings.file_megabytes,
    )  # fmt: skip


def _steps(draft: Draft) -> tuple[str, ...]:
    first, *others = draft.offered.steps
    return (first, *([CONTACT] if draft.meets_officer else []), *others, DOCUMENTS, SUMMARY)


def _broken(draft: Draft) -> dict[str, list[tuple[str, Fault]]]:
    """By step, the fields that still block, and why."""
    found: dict[str, list[tuple[str, Fault]]] = {}
    for name, fault in draft.read.faults.items():
        found.setdefault(fault.step, []).append((name, fault))
    return found


def gone(found: Found) -> Response:
    """Submitted meanwhile, or twice at once: where it stands says all."""
    return RedirectResponse(f"/mes-dossiers/{found.reference}", HTTPStatus.SEE_OTHER)
