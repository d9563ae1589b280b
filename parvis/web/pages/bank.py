"""Bank details: an organisation gives its own; for the service, those to confirm, and who is to be paid without any."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.models.queries.addresses import reached
from parvis.models.session import Session
from parvis.services import bank
from parvis.services.bank_keys import Ring, ring
from parvis.services.visibility import see_organisation
from parvis.states import fields
from parvis.states.bank import CONFIRMS, Account
from parvis.states.table import MoveRefusedError
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import FieldError, NotHereError, Problem, WrongInputError, problem_of
from parvis.web.forms import Typed, TypedForm
from parvis.web.pages.applicant import organisation
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()

OWN = "/mes-coordonnees-bancaires"
ALL = "/coordonnees-bancaires"
LONGEST_HOLDER = 140
DONE: dict[str, Sentence] = {
    "demande": Sentence(
        "C’est noté. Une seconde personne du service confirme, RIB en main ; une lettre le dit à l’organisme.",
        "Noted. A second person of the service confirms it, statement in hand; a letter tells the organisation.",
    ),
    "confirme": Sentence(
        "Coordonnées confirmées : les prochains versements iront sur ce compte. Une lettre le dit à l’organisme.",
        "Bank details confirmed: the next payments go to this account. A letter tells the organisation.",
    ),
    "refuse": Sentence(
        "Demande refusée. Une lettre le dit à l’organisme.",
        "Request refused. A letter tells the organisation.",
    ),
}


@router.get(OWN, name="my_bank")
def my_bank(request: Request, here: Here, fait: str = "") -> Response:
    """Show where one's organisation is paid, and the form to change it."""
    return _own(request, here, done=fait)


@router.post(OWN, name="ask_my_bank")
def ask_my_bank(request: Request, here: Here, typed: TypedForm) -> Response:
    """Give other bank details for one's organisation."""
    try:
        account = _account(typed)
        with here.database.transaction() as session:
            bank.ask(session, _ring(here), organisation(here), account, by=here.by, at=here.at)
    except (WrongInputError, MoveRefusedError) as refused:
        return _own(request, here, typed=typed, refused=refused)
    return RedirectResponse(f"{OWN}?fait=demande", HTTPStatus.SEE_OTHER)


@router.get(ALL, name="bank_list")
def bank_list(request: Request, here: Here) -> Response:
    """List the organisations with bank details, or to be paid."""
    with here.database.transaction() as session:
        rows = bank.list_organisations(session, here.known.contract_id or 0)
    return page(request, "bank_list.html", rows=rows)


@router.get(ALL + "/{organisation_id}", name="bank")
def one(request: Request, here: Here, organisation_id: int, fait: str = "") -> Response:
    """Show the bank details of an organisation, and what may be done about them."""
    return _one(request, here, organisation_id, done=fait)


def _ask(session: Session, keys: Ring, here: Visit, organisation_id: int, typed: Typed) -> None:
    bank.ask(session, keys, organisation_id, _account(typed), by=here.by, at=here.at)


def _confirm(session: Session, keys: Ring, here: Visit, organisation_id: int, typed: Typed) -> None:
    iban = forms.parsed("relu", typed.one("relu"), fields.account_number)
    bank.confirm(session, keys, organisation_id, iban, by=here.by, at=here.at)


def _refuse(session: Session, keys: Ring, here: Visit, organisation_id: int, typed: Typed) -> None:
    del keys
    said = typed.one("motif")
    reason = (
        forms.parsed("motif", said, lambda one: fields.text(one, max_length=forms.LONGEST_REASON))
        if said
        else ""
    )
    bank.refuse(session, organisation_id, reason, by=here.by, at=here.at)


_CHANGES: Mapping[str, tuple[Callable[[Session, Ring, Visit, int, Typed], None], str]] = {
    "demander": (_ask, "demande"), "confirmer": (_confirm, "confirme"), "refuser": (_refuse, "refuse"),
}  # fmt: skip


@router.post(ALL + "/{organisation_id}/{change}", name="change_bank")
def change(request: Request, here: Here, organisation_id: int, change: str, typed: TypedForm) -> Response:
    """Ask for other bank details, confirm those that wait, refuse them."""
    if change not in _CHANGES:
        raise NotHereError
    act, done = _CHANGES[change]
    try:
        with here.database.transaction() as session:
            see_organisation(session, here.known, organisation_id)
            act(session, _ring(here), here, organisation_id, typed)
    except (WrongInputError, MoveRefusedError) as refused:
        return _one(request, here, organisation_id, typed=typed, refused=refused)
    return RedirectResponse(f"{ALL}/{organisation_id}?fait={done}", HTTPStatus.SEE_OTHER)


def _ring(here: Visit) -> Ring:
    return ring(here.site.settings)


def _account(typed: Typed) -> Account:
    """The account typed in the form; every fault beside its field."""
    faults: list[FieldError] = []

    def read(name: str, parse: Callable[[str], str]) -> str:
        try:
            return parse(typed.one(name))
        except fields.FieldError as error:
            faults.append(FieldError(name, error.sentence))
            return ""

    account = Account(
        read("iban", fields.account_number),
        read("titulaire", lambda said: fields.text(said, max_length=LONGEST_HOLDER)), read("bic", fields.bic),
    )  # fmt: skip
    if faults:
        raise WrongInputError(*faults)
    return account


_Refusal = WrongInputError | MoveRefusedError


def _told(refused: _Refusal | None) -> tuple[dict[str, Sentence], Problem | None, HTTPStatus]:
    if refused is None:
        return {}, None, HTTPStatus.OK
    if isinstance(refused, WrongInputError):
        return refused.by_field, problem_of(refused), HTTPStatus.UNPROCESSABLE_ENTITY
    return {}, problem_of(refused), HTTPStatus.CONFLICT


def _own(
    request: Request, here: Visit, *, typed: Typed | None = None, refused: _Refusal | None = None, done: str = ""
) -> Response:  # fmt: skip
    faults, problem, status = _told(refused)
    with here.database.transaction() as session:
        shown = bank.standing(session, organisation(here))
    return page(
        request, "my_bank.html", status=status, shown=shown, typed=typed or Typed(), faults=faults, refused=problem,
        done=DONE.get(done), action=OWN,
    )  # fmt: skip


def _one(
    request: Request, here: Visit, organisation_id: int, *,
    typed: Typed | None = None, refused: _Refusal | None = None, done: str = "",
) -> Response:  # fmt: skip
    faults, problem, status = _told(refused)
    with here.database.transaction() as session:
        see_organisation(session, here.known, organisation_id)
        known = reached(session, organisation_id)
        shown = bank.standing(session, organisation_id)
    return page(
        request, "bank.html", status=status, shown=shown, known=known, typed=typed or Typed(), faults=faults,
        refused=problem, done=DONE.get(done), action=f"{ALL}/{organisation_id}", actor=here.known.actor,
        may_confirm=here.known.role in CONFIRMS,
    )  # fmt: skip
