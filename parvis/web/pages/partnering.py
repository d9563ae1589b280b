"""A partner's own part of a coordinated proposal: read, filled in, signed or declined; the lead who invites again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.queries.payments import payments_of
from parvis.services import applicant_page, own_part
from parvis.services.advance import advance_alone
from parvis.services.case_page import addable
from parvis.services.cases import Found
from parvis.services.own_part import PartLockedError, PartWrongError
from parvis.services.visibility import HiddenError, see_case
from parvis.states import cerfa, fields
from parvis.states.facts import Given
from parvis.states.partners import PARTNER_WORDS
from parvis.states.payments import PAID_ON_WORDS, STATUS_WORDS
from parvis.states.stages import Action
from parvis.states.table import MoveRefusedError
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import Problem, WrongInputError, problem_of
from parvis.web.forms import Typed, TypedForm
from parvis.web.pages.applicant import Attempt, mine, organisation
from parvis.web.pages.applicant import show as show_case
from parvis.web.pages.uploads import PREFIX, Uploads, attach_each
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()

DONE: dict[str, Sentence] = {
    "budget": Sentence("Budget enregistré.", "Budget saved."),
    "pieces": Sentence("Bien reçu.", "Received."),
    "confirmation": Sentence("Votre part est confirmée. Merci.", "Your part is confirmed. Thank you."),
    "refus": Sentence(
        "C’est noté : vous ne participez plus à ce dossier.", "Noted: you take no part in this case any more."
    ),
}


@dataclass(frozen=True)
class Tried:
    """What was typed and could not be kept or signed, and why."""

    typed: Typed = field(default_factory=Typed)
    faults: Mapping[str, Sentence] = field(default_factory=dict)
    refused: Sentence | None = None
    problem: Problem | None = None
    status: HTTPStatus = HTTPStatus.OK


@router.get("/mes-dossiers/{reference}/partenaire", name="my_part")
def my_part(request: Request, here: Here, reference: str, fait: str = "") -> Response:
    """Show a partner its part, where it stands and what is expected of it."""
    return _show(request, here, _found(here, reference), Tried(), DONE.get(fait))


@router.post("/mes-dossiers/{reference}/partenaire", name="save_part")
def save_part(request: Request, here: Here, reference: str, typed: TypedForm) -> Response:
    """Keep the budget of a part as it is typed, and say what of it does not add up."""
    found = _found(here, reference)
    try:
        with here.database.transaction() as session:
            read = own_part.save(session, found.id, organisation(here), typed.values, stage=found.stage)
    except PartLockedError as locked:
        return _show(request, here, found, Tried(typed, refused=locked.sentence, status=HTTPStatus.CONFLICT))
    if read.faults:
        tried = Tried(typed, read.faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return _show(request, here, found, tried)
    return _back(found, "budget")


@router.post("/mes-dossiers/{reference}/partenaire/pieces", name="send_part_documents")
def send_part_documents(request: Request, here: Here, reference: str, sent: Uploads) -> Response:
    """Take in a partner's own documents of the check-list, and no others."""
    found = _found(here, reference)
    with here.database.transaction() as session:
        shown = own_part.view(session, found.id, organisation(here), stage=found.stage)
    own = {PREFIX + line.code for line in shown.documents} if shown else set()
    theirs = {name: upload for name, upload in sent.items() if name in own}
    if not shown or not shown.takes_part or not theirs or not shown.open:
        refused = own_part.LOCKED if shown and theirs else CHOOSE
        return _show(request, here, found, Tried(refused=refused, status=HTTPStatus.CONFLICT))
    if faults := attach_each(here, found, theirs):
        return _show(request, here, found, Tried(faults=faults, status=HTTPStatus.UNPROCESSABLE_ENTITY))
    return _back(found, "pieces")


@router.post("/mes-dossiers/{reference}/partenaire/confirmation", name="confirm_part")
def confirm_part(request: Request, here: Here, reference: str, typed: TypedForm) -> Response:
    """Sign a part, once, for one's organisation."""
    found = _found(here, reference)
    try:
        signer, quality = (
            forms.parsed(name, said, _name) if (said := typed.one(name)) else ""
            for name in ("signataire", "qualite")
        )
        with here.database.transaction() as session:
            signed = own_part.Signature(
                signer, quality, typed.one("engagement") == "oui", typed.one("mandat") == "oui"
            )
            own_part.confirm(
                session, found.id, organisation(here), signed, stage=found.stage, by=here.by, at=here.at
            )
    except PartLockedError as locked:
        return _show(request, here, found, Tried(typed, refused=locked.sentence, status=HTTPStatus.CONFLICT))
    except PartWrongError as wrong:
        tried = Tried(typed, wrong.faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return _show(request, here, found, tried)
    except WrongInputError as wrong:
        faults = wrong.by_field
        return _show(request, here, found, Tried(typed, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY))
    except MoveRefusedError as refusal:
        tried = Tried(typed, problem=problem_of(refusal), status=HTTPStatus.CONFLICT)
        return _show(request, here, found, tried)
    return _back(found, "confirmation")


@router.post("/mes-dossiers/{reference}/partenaire/refus", name="leave_part")
def leave_part(request: Request, here: Here, reference: str, typed: TypedForm) -> Response:
    """Decline, or withdraw once confirmed; the lead and the service are told by letter."""
    found, said = _found(here, reference), typed.one("motif")
    try:
        reason = forms.parsed("motif", said, _reason) if said else ""
        with here.database.transaction() as session:
            own_part.leave(session, found.id, organisation(here), reason, by=here.by, at=here.at)
    except WrongInputError as wrong:
        faults = wrong.by_field
        return _show(request, here, found, Tried(typed, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY))
    except MoveRefusedError as refusal:
        tried = Tried(typed, problem=problem_of(refusal), status=HTTPStatus.CONFLICT)
        return _show(request, here, found, tried)
    return _back(found, "refus")


@router.post("/mes-dossiers/{reference}/partenaires", name="add_partner")
def add_partner(request: Request, here: Here, reference: str, typed: TypedForm) -> Response:
    """Have the lead add a partner, with a share taken from its own."""
    found = mine(here, reference)
    try:
        with here.database.transaction() as session:
            chosen = addable(session, found.id, at=here.at).choices
        given = forms.given(Action.ADD_PARTNER, typed, chosen, (), funder_id=None)
        advance_alone(here.database, found.id, Action.ADD_PARTNER, by=here.by, at=here.at, given=given)
    except WrongInputError as wrong:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return show_case(request, here, found, Attempt(wrong.by_field, problem_of(wrong), status, typed))
    except MoveRefusedError as refusal:
        return show_case(request, here, found, Attempt({}, problem_of(refusal), HTTPStatus.CONFLICT, typed))
    return RedirectResponse(f"/mes-dossiers/{found.reference}?fait=partenaire", HTTPStatus.SEE_OTHER)


@router.post("/mes-dossiers/{reference}/partenaires/{partner_id}/invitation", name="invite_partner")
def invite_partner(
    request: Request, here: Here, reference: str, partner_id: int, typed: TypedForm
) -> Response:
    """Have the lead write to a partner again."""
    found, said = mine(here, reference), typed.one("courriel")
    try:
        email = forms.parsed("courriel", said, fields.email) if said else ""
        given = Given(partner_id=partner_id, partner_email=email)
        advance_alone(here.database, found.id, Action.INVITE_PARTNER, by=here.by, at=here.at, given=given)
    except WrongInputError as wrong:
        faults = wrong.by_field
        attempt = Attempt(faults, problem_of(wrong), HTTPStatus.UNPROCESSABLE_ENTITY)
        return show_case(request, here, found, attempt)
    except MoveRefusedError as refusal:
        return show_case(request, here, found, Attempt({}, problem_of(refusal), HTTPStatus.CONFLICT))
    return RedirectResponse(f"/mes-dossiers/{found.reference}?fait=invitation", HTTPStatus.SEE_OTHER)


CHOOSE = Sentence("Choisir un fichier, puis envoyer.", "Choose a file, then send it.")


def _found(here: Visit, reference: str) -> Found:
    """The case of this reference, when the visitor's organisation is one of its partners.

    Raises:
        HiddenError: it is not, or there is no such case.
    """
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
        if own_part.view(session, found.id, organisation(here), stage=found.stage) is None:
            raise HiddenError(reference)
    return found


def _show(
    request: Request, here: Visit, found: Found, tried: Tried, done: Sentence | None = None
) -> Response:
    with here.database.transaction() as session:
        shown = applicant_page.own_case(session, found.id, organisation(here), at=here.at)
        part = own_part.view(session, found.id, organisation(here), stage=found.stage)
        paid = [line for line in payments_of(session, found.id) if line.partner_id == organisation(here)]
    if part is None:
        raise HiddenError(found.reference)
    return page(
        request, "my_part.html", status=tried.status, shown=shown, view=shown.view, head=shown.view.head, part=part,
        tried=tried, faults=tried.faults or (part.read.faults if part.awaited and part.part.answers else {}),
        done=done, typed=tried.typed, adds=None, accounts=cerfa, payments=paid, words=PARTNER_WORDS,
        paid_on=PAID_ON_WORDS, statuses=STATUS_WORDS, said=applicant_page.SAID,
        most_megabytes=here.site.settings.file_megabytes,
    )  # fmt: skip


def _name(said: str) -> str:
    return fields.text(said, max_length=200)


def _reason(said: str) -> str:
    return fields.text(said, max_length=forms.LONGEST_REASON, lines=True)


def _back(found: Found, done: str) -> Response:
    return RedirectResponse(f"/mes-dossiers/{found.reference}/partenaire?fait={done}", HTTPStatus.SEE_OTHER)
