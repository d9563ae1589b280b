"""A request typed by an organisation: begun, saved step by step with or without JavaScript, read again, submitted."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from parvis.models.queries.case_parts import read_documents
from parvis.services import drafts, files
from parvis.services.arrivals import arrivals
from parvis.services.cases import Found
from parvis.services.draft_answers import LABELS, STEPS, Fault, short
from parvis.services.draft_partners import MOST_PARTNERS
from parvis.services.drafts import Draft, DraftChangedError, DraftRefusedError, NoSuchDraftError
from parvis.services.files import NoSuchFileError
from parvis.states import cerfa
from parvis.states.calendar import paris_day
from parvis.states.table import MoveRefusedError
from parvis.states.words import Sentence, instant
from parvis.web.errors import Problem, WrongInputError, problem_of
from parvis.web.forms import Typed, TypedForm, parsed
from parvis.web.pages.applicant import mine, organisation
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
SAVED = Sentence("Enregistré le {at}.", "Saved on {at}.")
CHANGED = Sentence(
    "Modifié entre-temps, dans une autre fenêtre ou par quelqu’un d’autre : ce que vous avez tapé est encore ici, rien "
    "n’est remplacé. Enregistrer de nouveau garde votre version.",
    "Changed meanwhile, in another window or by somebody else: what you typed is still here, nothing was replaced. "
    "Saving again keeps your version.",
)


@dataclass(frozen=True)
class Tried:
    """What was typed and not kept, or kept and to be corrected: shown again as it was typed."""

    values: Mapping[str, list[str]] | None = None
    stamp: str = ""
    there: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Sentence] = field(default_factory=dict)
    told: Sentence | None = None
    refused: Problem | None = None
    status: HTTPStatus = HTTPStatus.OK


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
    found, silent = mine(here, reference), "application/json" in request.headers.get("accept", "")
    try:
        with here.database.transaction() as session:
            stamped = drafts.save(
                session, found.id, step, typed.values, typed.one("tampon"), by=here.by, at=here.at
            )
            draft = drafts.open_draft(session, found.id)
    except NoSuchDraftError:
        return gone(found)
    except DraftChangedError as changed:
        if silent:
            return JSONResponse({"told": here.say(CHANGED)}, HTTPStatus.CONFLICT)
        values = {name: list(said) for name, said in typed.values.items()}
        tried = Tried(
            values, changed.stamp, _other(values, changed), told=CHANGED, status=HTTPStatus.CONFLICT
        )
        return show_step(request, here, found, step, tried)
    if silent:
        return JSONResponse({"stamp": stamped, "told": here.say(SAVED, at=_hour(here))})
    faults = {name: fault for name, fault in draft.read.faults.items() if fault.step == step}
    if any(not fault.missing for fault in faults.values()):
        said = {name: fault.sentence for name, fault in faults.items() if not fault.missing}
        return show_step(
            request, here, found, step, Tried(faults=said, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        )
    following = _steps(draft)[_steps(draft).index(step) + 1] if step in draft.offered.steps else SUMMARY
    return RedirectResponse(f"/mes-dossiers/{found.reference}/demande/{following}", HTTPStatus.SEE_OTHER)


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


def _other(values: Mapping[str, list[str]], changed: DraftChangedError) -> dict[str, str]:
    """What the other window says where this one says something else."""
    return {
        name: ", ".join(changed.values.get(name, ()))
        for name in values.keys() | changed.values.keys()
        if name != "tampon" and list(filter(None, values.get(name, ()))) != list(changed.values.get(name, ()))
    }


def _hour(here: Visit) -> str:
    return instant(here.at, here.language)


def gone(found: Found) -> Response:
    """Submitted meanwhile, or twice at once: where it stands says all."""
    return RedirectResponse(f"/mes-dossiers/{found.reference}", HTTPStatus.SEE_OTHER)
