"""Agreements of several years: their list, one with all it holds, what may be done with it; an action renewed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from parvis.models.queries.agreement_pages import list_agreements
from parvis.models.queries.agreements import funder_names
from parvis.models.queries.files import agreement_files_of_case
from parvis.models.queries.past_actions import followers
from parvis.models.session import Session
from parvis.services import agreement_documents, agreement_pages
from parvis.services.advance import advance_alone
from parvis.services.agreements import advance
from parvis.services.figures.agreement_line import agreement_line
from parvis.services.visibility import see_agreement, see_case, see_own_case
from parvis.states import fields
from parvis.states.agreement_facts import AgreementGiven
from parvis.states.agreement_stages import AgreementAction, AgreementStage, Review
from parvis.states.agreement_table import FILING
from parvis.states.facts import By
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError, Option, StaleVersionError
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import FieldError, NotHereError, Problem, WrongInputError, problem_of
from parvis.web.forms import REQUIRED, Typed, TypedForm, parsed, version
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()
Value = TypeVar("Value")
A = AgreementAction

ASKS: Mapping[str, tuple[str, ...]] = {
    A.TERMINATE: ("reason", "on"), A.SIGN: ("on",), A.CONFIRM_YEAR: ("year", "amounts"),
    A.REVIEW_YEAR: ("year", "result", "on", "reason"), A.RECORD_APPROVAL: ("on",),
    A.AMEND: ("reason", "new_end", "year", "amounts"), A.RECORD_PAYMENT: ("year", "on", "reason"),
}  # fmt: skip
"""What the form of each action asks; those not named ask nothing."""
REQUIRED_FIELDS: Mapping[str, tuple[str, ...]] = {
    A.TERMINATE: ("reason",), A.SIGN: ("on",), A.CONFIRM_YEAR: ("year",), A.REVIEW_YEAR: ("year", "result"),
    A.RECORD_APPROVAL: ("on",), A.AMEND: ("reason",), A.RECORD_PAYMENT: ("on", "reason"),
}  # fmt: skip
BROUGHT = frozenset({
    "reason_given", "signed_by_now", "year_named", "reviewed", "approval_dated", "changes_something", "ends_within",
    "end_ahead",
})  # fmt: skip
"""Reasons that whoever acts lifts by filling in the form."""
AMOUNT = "amount_"


@dataclass(frozen=True)
class Attempt:
    """What somebody tried to do on the page, and why it did not happen."""

    action: str = ""
    typed: Typed = field(default_factory=Typed)
    faults: Mapping[str, Sentence] = field(default_factory=dict)
    refused: Problem | None = None
    status: HTTPStatus = HTTPStatus.OK


@router.get("/conventions", name="agreements")
def agreements(request: Request, here: Here, stade: str = "", fin: str = "", mots: str = "") -> Response:
    """List agreements, those that end first coming first; an organisation sees its own."""
    stage = stade if stade in set(AgreementStage) else ""
    with here.database.transaction() as session:
        found = list_agreements(
            session, today=here.today, stages=[stage] if stage else [], ends_by=_day(fin), words=mots[:200],
            organisation_id=here.known.organisation_id, contract_id=here.known.contract_id,
        )  # fmt: skip
    return page(
        request, "agreements.html", found=found, stage=stage, ends_by=fin, words=mots, stages=list(AgreementStage),
        today=here.today,
    )  # fmt: skip


@router.get("/conventions/{reference}", name="agreement")
def agreement(request: Request, here: Here, reference: str, fait: str = "") -> Response:
    """Show an agreement, and what may be done with it."""
    return show(request, here, reference, done=fait if fait in set(A) else "")


@router.post("/conventions/{reference}/actions/{action}", name="act_on_agreement")
def act(request: Request, here: Here, reference: str, action: str, typed: TypedForm) -> Response:
    """Do something with an agreement, as it was when its page was read."""
    if action not in set(A):
        raise NotHereError
    wanted = A(action)
    try:
        with here.database.transaction() as session:
            agreement_id = see_agreement(session, here.known, reference)
            names = _funders(session, agreement_id)
            advance(
                session, agreement_id, wanted, by=here.by, at=here.at, expected_version=version(typed),
                given=_given(wanted, typed, names),
            )  # fmt: skip
    except WrongInputError as wrong:
        faults = wrong.by_field
        tried = Attempt(action, typed, faults, problem_of(wrong), HTTPStatus.UNPROCESSABLE_ENTITY)
        return show(request, here, reference, tried)
    except (MoveRefusedError, StaleVersionError) as refusal:
        return show(
            request, here, reference, Attempt(action, typed, {}, problem_of(refusal), HTTPStatus.CONFLICT)
        )
    return RedirectResponse(f"/conventions/{quote(reference, safe='')}?fait={action}", HTTPStatus.SEE_OTHER)


@router.post("/dossiers/{reference}/reconduire", name="renew_case")
def renew(here: Here, reference: str) -> Response:
    """Renew an action of last year: a draft for the next call, with what is known."""
    see = see_own_case if here.known.role == Role.APPLICANT else see_case
    with here.database.transaction() as session:
        found = see(session, here.known, reference, at=here.at)
    advance_alone(here.database, found.id, Action.RENEW, by=here.by, at=here.at)
    with here.database.transaction() as session:
        written = followers(session, [found.id])[found.id]
    where = "mes-dossiers" if here.known.role == Role.APPLICANT else "dossiers"
    return RedirectResponse(f"/{where}/{written}", HTTPStatus.SEE_OTHER)


def show(
    request: Request, here: Visit, reference: str, tried: Attempt | None = None, *, done: str = ""
) -> Response:
    """The page of an agreement, with what was tried there and did not happen."""
    outside = here.known.role == Role.APPLICANT
    attempt = tried or Attempt()
    with here.database.transaction() as session:
        agreement_id = see_agreement(session, here.known, reference)
        shown = agreement_pages.page(session, agreement_id, at=here.at)
        history = agreement_pages.history(session, agreement_id, here.language)
        names = _funders(session, agreement_id)
        papers = agreement_documents.papers(session, agreement_id)
        made = agreement_files_of_case(session, agreement_id)
    line = agreement_line(
        here.say(PICTURE).format(reference=shown.row.reference), shown.years, shown.steps,
        approval_ends_on=shown.row.approval_ends_on, today=here.today,
    )  # fmt: skip
    mine, blocked, others = _sorted(shown.options, here.by)
    return page(
        request, "agreement.html", status=attempt.status, shown=shown, row=shown.row, history=history, names=names,
        line=Markup(line), mine=mine, blocked=blocked, others=others, asks=ASKS, required=REQUIRED_FIELDS,  # noqa: S704
        tried=attempt, typed=attempt.typed, faults=attempt.faults, refused=attempt.refused, done=done,
        today=here.today, results=list(Review), amount=AMOUNT, outside=outside,
        papers=[each for each in papers if each.holds or not outside],
        made=[each for each in made if each.signed_on or not outside],
        may_file=here.known.role in FILING, most_megabytes=here.site.settings.file_megabytes,
    )  # fmt: skip


PICTURE = Sentence(
    "La convention {reference} dans le temps : ses années, les étapes 1 à 4 de son renouvellement, aujourd’hui",
    "The agreement {reference} in time: its years, the steps 1 to 4 of its renewal, today",
)


def _sorted(found: Sequence[Option], by: By) -> tuple[list[Option], list[Option], list[Option]]:
    """What the visitor may do now, what is not possible yet, what others may do."""
    options = [each for each in agreement_pages.for_people(found) if each.action != A.FILE_DOCUMENT]
    mine = [each for each in options if by.role in each.by]
    open_ = [each for each in mine if {reason.code for reason in each.reasons} <= BROUGHT]
    return open_, [each for each in mine if each not in open_], [e for e in options if e not in mine]


def _funders(session: Session, agreement_id: int) -> Mapping[str, str]:
    return funder_names(session, agreement_pages.contract_of(session, agreement_id))


def _given(action: AgreementAction, typed: Typed, names: Mapping[str, str]) -> AgreementGiven:
    """What the form of an action brings.

    Raises:
        WrongInputError: a field cannot be read, or is missing.
    """
    asked = ASKS.get(action, ())
    missing = [name for name in REQUIRED_FIELDS.get(action, ()) if not typed.one(name)]
    if missing:
        raise WrongInputError(*(FieldError(name, REQUIRED) for name in missing))
    amounts = [
        (code, parsed(AMOUNT + code, said, lambda value: fields.amount(value, zero_allowed=True)))
        for code in names
        if "amounts" in asked and (said := typed.one(AMOUNT + code))
    ]
    result = typed.one("result") if "result" in asked else ""
    if result and result not in set(Review):
        raise forms.wrong("result", forms.NOT_OFFERED)
    return AgreementGiven(
        reason=_read(typed, "reason", asked, lambda value: fields.text(value, max_length=4_000, lines=True)) or "",
        on=_read(typed, "on", asked, fields.calendar_day),
        year=_read(typed, "year", asked, lambda value: fields.integer(value, minimum=1, maximum=99)),
        amounts=tuple(amounts), result=result, new_end=_read(typed, "new_end", asked, fields.calendar_day),
    )  # fmt: skip


def _read(typed: Typed, name: str, asked: tuple[str, ...], parse: Callable[[str], Value]) -> Value | None:
    said = typed.one(name) if name in asked else ""
    return parsed(name, said, parse) if said else None


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
