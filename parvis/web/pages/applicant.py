"""An organisation's own cases: their list, where each stands, and what it may do: send, confirm, report, withdraw."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from parvis.services import applicant_page, files
from parvis.services.advance import advance, advance_alone
from parvis.services.applicant_page import OwnCasePage
from parvis.services.case_page import addable
from parvis.services.cases import Found
from parvis.services.renewals import offer
from parvis.services.visibility import HiddenError, see_case, see_file, see_own_case
from parvis.states import fields
from parvis.states.answered import blocking
from parvis.states.facts import Given
from parvis.states.stages import Action, Role, Stage
from parvis.states.table import MoveRefusedError, StaleVersionError
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.errors import FieldError, Problem, WrongInputError, problem_of
from parvis.web.forms import Typed, TypedForm
from parvis.web.pages.uploads import Uploads, attach_each, one_checked
from parvis.web.rendering import page
from parvis.web.sending import download
from parvis.web.site import Here, Visit

router = APIRouter()

DONE: dict[str, Sentence] = {
    "depot": Sentence("Votre demande est déposée. L’accusé de réception part par courriel.",
                      "Your request is submitted. Its receipt leaves by e-mail."),
    "pieces": Sentence("Bien reçu.", "Received."),
    "complet": Sentence("C’est noté : l’examen de votre demande reprend.", "Noted: your request is examined again."),
    "bilan": Sentence("Votre bilan est reçu. L’accusé de réception part par courriel.",
                      "Your report is received. Its receipt leaves by e-mail."),
    "bilan-intermediaire": Sentence("Votre bilan intermédiaire est reçu. L’accusé de réception part par courriel.",
                                    "Your interim report is received. Its receipt leaves by e-mail."),
    "non-realisation": Sentence("C’est noté : l’action n’a pas eu lieu. Une lettre le confirme.",
                                "Noted: the action did not take place. A letter confirms it."),
    "dates": Sentence("Votre demande de dates est transmise. Une lettre vous répondra.",
                      "Your request for other dates is sent. A letter will answer."),
    "partenaire": Sentence("Partenaire ajouté : l’invitation part par courriel.",
                           "Partner added: the invitation leaves by e-mail."),
    "invitation": Sentence("L’invitation part par courriel.", "The invitation leaves by e-mail."),
    "retrait": Sentence("Votre demande est retirée. Une lettre le confirme.",
                        "Your request is withdrawn. A letter confirms it."),
}  # fmt: skip
"""What to say after something was done, by the word in the address."""

TAKES = frozenset({Stage.DRAFT, Stage.SUBMITTED, Stage.INCOMPLETE})
"""Stages in which documents of the check-list can still be sent."""


@dataclass(frozen=True)
class Attempt:
    """What could not be done on the page, and why."""

    faults: Mapping[str, Sentence] = field(default_factory=dict)
    refused: Problem | None = None
    status: HTTPStatus = HTTPStatus.OK
    added: Typed = field(default_factory=Typed)


@router.get("/mes-dossiers", name="my_cases")
def my_cases(request: Request, here: Here) -> Response:
    """List the cases of one's organisation, with what is expected of whom."""
    with here.database.transaction() as session:
        listed = applicant_page.own_cases(session, organisation(here), at=here.at)
    return page(request, "my_cases.html", listed=listed, today=here.today)


@router.get("/mes-dossiers/{reference}", name="my_case")
def my_case(request: Request, here: Here, reference: str, fait: str = "") -> Response:
    """Show where one's case stands; a draft goes on where it is written."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
    return show(request, here, found, done=DONE.get(fait))


@router.get("/mes-dossiers/{reference}/fichiers/{file_id}", name="my_file")
def my_file(here: Here, reference: str, file_id: int) -> Response:
    """Give a file of one's own case, to be kept and not shown."""
    with here.database.transaction() as session:
        found = see_case(session, here.known, reference, at=here.at)
        line = see_file(session, found, file_id)
        shown = applicant_page.own_case(session, found.id, organisation(here), at=here.at)
    if line.id not in {each.id for each in shown.files}:
        raise HiddenError(str(file_id))
    return download(line.name, line.media_type, files.read(files.shelf(here.site.settings), line))


@router.post("/mes-dossiers/{reference}/pieces", name="send_documents")
def send_documents(request: Request, here: Here, reference: str, sent: Uploads) -> Response:
    """Take in documents of the check-list: those that are good stay, whatever the others are."""
    found = mine(here, reference)
    if found.stage not in TAKES:
        raise HiddenError(reference)
    faults = attach_each(here, found, sent)
    if faults:
        wrong = WrongInputError(*(FieldError(name, sentence) for name, sentence in faults.items()))
        return show(request, here, found, Attempt(faults, problem_of(wrong), HTTPStatus.UNPROCESSABLE_ENTITY))
    return _back(found, "pieces")


@router.post("/mes-dossiers/{reference}/complet", name="declare_complete")
def declare_complete(request: Request, here: Here, reference: str, typed: TypedForm) -> Response:
    """Say that everything asked for is sent."""
    found = mine(here, reference)
    return _attempt(request, here, found, "complet", lambda: _move(here, found, Action.COMPLETE, typed))


@router.post("/mes-dossiers/{reference}/bilan", name="send_report")
def send_report(request: Request, here: Here, reference: str, sent: Uploads) -> Response:
    """Take in the final report: the file and the fact together."""
    return _take_report(request, here, reference, sent, field="bilan", action=Action.RECEIVE_REPORT)


@router.post("/mes-dossiers/{reference}/bilan-intermediaire", name="send_interim")
def send_interim(request: Request, here: Here, reference: str, sent: Uploads) -> Response:
    """Take in an interim report: the file and the fact together."""
    return _take_report(
        request, here, reference, sent, field="bilan-intermediaire", action=Action.RECEIVE_INTERIM
    )


@router.get("/mes-dossiers/{reference}/retrait", name="ask_withdrawal")
def ask_withdrawal(request: Request, here: Here, reference: str) -> Response:
    """Ask whether it is really to be withdrawn."""
    found = mine(here, reference)
    with here.database.transaction() as session:
        shown = applicant_page.own_case(session, found.id, organisation(here), at=here.at)
    return page(request, "withdraw.html", shown=shown, typed=Typed(), faults={})


@router.post("/mes-dossiers/{reference}/retrait", name="withdraw_case")
def withdraw_case(request: Request, here: Here, reference: str, typed: TypedForm) -> Response:
    """Withdraw one's case."""
    found = mine(here, reference)
    return _attempt(request, here, found, "retrait", lambda: _move(here, found, Action.WITHDRAW, typed))


def organisation(here: Visit) -> int:
    """The organisation of whoever is signed in as an applicant."""
    if here.known.organisation_id is None:
        raise HiddenError("no organisation")
    return here.known.organisation_id


def mine(here: Visit, reference: str) -> Found:
    """The case of this reference, when the visitor's organisation asks for it: a partner changes nothing.

    Raises:
        HiddenError: there is none.
    """
    with here.database.transaction() as session:
        return see_own_case(session, here.known, reference, at=here.at)


def show(
    request: Request, here: Visit, found: Found, tried: Attempt = Attempt(), done: Sentence | None = None
) -> Response:
    """The page of a case that was seen."""
    with here.database.transaction() as session:
        shown = applicant_page.own_case(session, found.id, organisation(here), at=here.at)
        renewing = next((each.reasons for each in shown.options if each.action == Action.RENEW), None)
        years = offer(session, found.id, renewing) if shown.lead else None
        adds = addable(session, found.id, at=here.at) if _may(shown, Action.ADD_PARTNER) else None
    return page(
        request, "my_case.html", status=tried.status, shown=shown, done=done, refused=tried.refused,
        said=applicant_page.SAID, years=years, may_renew=True, faults=tried.faults, today=here.today,
        takes=takes(shown), adds=adds, added=tried.added, most_megabytes=here.site.settings.file_megabytes,
    )  # fmt: skip


def _may(shown: OwnCasePage, action: Action) -> bool:
    """Whether the lead may do this here, as far as its form leaves it open."""
    options = (each for each in shown.options if each.action == action and Role.APPLICANT in each.by)
    return shown.lead and any(not blocking(action, each.reasons) for each in options)


def takes(shown: OwnCasePage) -> bool:
    """Whether documents of the check-list can still be sent."""
    return shown.lead and shown.view.head.stage in TAKES


def _attempt(request: Request, here: Visit, found: Found, done: str, move: Callable[[], None]) -> Response:
    try:
        move()
    except WrongInputError as wrong:
        faults = wrong.by_field
        return show(request, here, found, Attempt(faults, problem_of(wrong), HTTPStatus.UNPROCESSABLE_ENTITY))
    except (MoveRefusedError, StaleVersionError) as refusal:
        return show(request, here, found, Attempt({}, problem_of(refusal), HTTPStatus.CONFLICT))
    return _back(found, done)


def _move(here: Visit, found: Found, action: Action, typed: Typed) -> None:
    said = typed.one("reason")
    reason = (
        forms.parsed(
            "reason", said, lambda text: fields.text(text, max_length=forms.LONGEST_REASON, lines=True)
        )
        if said
        else ""
    )
    advance_alone(
        here.database, found.id, action, by=here.by, at=here.at, expected_version=forms.version(typed),
        given=Given(reason=reason),
    )  # fmt: skip


def _take_report(
    request: Request, here: Visit, reference: str, sent: Uploads, *, field: str, action: Action
) -> Response:
    found = mine(here, reference)

    def move() -> None:
        try:
            file = one_checked(here, sent, field)
            with here.database.transaction() as session:
                files.attach(session, files.shelf(here.site.settings), found.id, file, by=here.by, at=here.at)
                advance(session, found.id, action, by=here.by, at=here.at)
        except files.FileRefusedError as refusal:
            raise forms.wrong(field, refusal.sentence) from None

    return _attempt(request, here, found, field, move)


def _back(found: Found, done: str) -> Response:
    return RedirectResponse(f"/mes-dossiers/{found.reference}?fait={done}", HTTPStatus.SEE_OTHER)
