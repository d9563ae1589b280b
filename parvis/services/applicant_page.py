"""What an organisation sees of its own cases: where each stands, what is expected of whom, its money, its letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.queries import applicant as queries
from parvis.models.queries import visibility
from parvis.models.queries.applicant import OwnCase, ReceivedLetter
from parvis.models.queries.facts import read_facts
from parvis.models.queries.payments import PaymentLine
from parvis.models.session import Session
from parvis.services.advance import why
from parvis.services.after_decision import DECIDED, NOTHING_YET, AfterDecision, after_decision
from parvis.services.arrivals import arrivals
from parvis.services.cases import CaseView, read_case
from parvis.services.files import FileLine, list_files
from parvis.states.contract import Call
from parvis.states.deadlines import silence_on
from parvis.states.facts import NOTHING, Facts
from parvis.states.files import SIGNED_KINDS, FileKind
from parvis.states.payments import PAID_ON_WORDS, STATUS_WORDS, PaymentStatus
from parvis.states.stages import Role, Stage
from parvis.states.table import Option
from parvis.states.words import Sentence

__all__ = [
    "SAID", "Expected", "OwnCase", "OwnCasePage", "Payment", "ReceivedLetter", "expected_of", "own_case",
    "own_cases",
]  # fmt: skip

MOST_CASES = 200


@dataclass(frozen=True, slots=True)
class Expected:
    """What comes next: in words, by when if there is a day, and whether it is for the applicant to do."""

    words: Sentence
    day: date | None = None
    yours: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """An instalment, in cents, what makes it payable, and where it stands; negative when it is to be paid back."""

    amount_cents: int
    on: Sentence
    status: str
    due_on: date | None
    paid_on: date | None

    @property
    def words(self) -> Sentence:
        """Where it stands, as people say it."""
        return STATUS_WORDS[self.status]


@dataclass(frozen=True, slots=True)
class OwnCasePage:
    """A case as the page of its applicant shows it; a partner (`lead` false) sees the summary alone."""

    view: CaseView
    lead: bool
    expected: Expected
    silence: date | None
    files: tuple[FileLine, ...]
    letters: tuple[ReceivedLetter, ...]
    payments: tuple[Payment, ...]
    granted_cents: int | None
    options: tuple[Option, ...]
    call: Call
    after: AfterDecision = NOTHING_YET
    interim_due_on: date | None = None

    def can(self, action: str) -> bool:
        """Whether the applicant may do this now."""
        return any(option.action == action and not option.reasons for option in self.options)

    @property
    def awaited(self) -> list[str]:
        """The codes of the documents asked for and not here yet."""
        return [line.code for line in self.view.documents if line.requested_at and not line.received_at]


def own_cases(session: Session, organisation_id: int, *, at: datetime) -> list[tuple[OwnCase, Expected]]:
    """The cases an organisation asks for or takes part in, the latest first, each with what comes next."""
    found = queries.own_cases(session, organisation_id, limit=MOST_CASES)
    drafts = arrivals(session, [each.id for each in found if each.stage == Stage.DRAFT], at=at)
    return [
        (
            each,
            expected_of(
                Stage(each.stage), awaited=each.awaited, reply_by=each.reply_by,
                closes_on=drafts[each.id].closes_on if each.id in drafts else each.closes_on,
                report_due_on=each.report_due_on, report_received_on=each.report_received_on,
                interim_due_on=each.interim_due_on,
            ),
        )
        for each in found
    ]  # fmt: skip


def own_case(session: Session, case_id: int, organisation_id: int, *, at: datetime) -> OwnCasePage:
    """A case that was seen, for this organisation which asks for it or takes part in it."""
    view = read_case(session, case_id)
    call = queries.call_of_case(session, case_id)
    facts = read_facts(session, [case_id], NOTHING, at=at, lock=False)[case_id].facts
    lead = visibility.leads(session, case_id, organisation_id)
    granted = _granted(view)
    after = after_decision(session, case_id, view.head.stage)
    return OwnCasePage(
        view,
        lead,
        _expected(view, facts),
        silence_on(facts, call.times),
        tuple(_shown_files(session, case_id, organisation_id)) if lead else (),
        tuple(queries.received_letters(session, case_id)) if lead else (),
        tuple(instalments(after.payments)) if granted else (),
        granted,
        tuple(o for o in why(session, case_id, at=at) if Role.APPLICANT in o.by) if lead else (),
        call,
        after if lead else NOTHING_YET,
        None if facts.interim_received_on else facts.interim_due_on,
    )


def expected_of(
    stage: Stage, *, awaited: int, reply_by: date | None, closes_on: date | None,
    report_due_on: date | None, report_received_on: date | None, held_on: date | None = None,
    interim_due_on: date | None = None,
) -> Expected:  # fmt: skip
    """What comes next for a case that stands so."""
    match stage:
        case Stage.DRAFT:
            return Expected(FINISH, closes_on, yours=True)
        case Stage.INCOMPLETE if awaited:
            return Expected(SEND.fill(count=awaited) if awaited > 1 else SEND_ONE, reply_by, yours=True)
        case Stage.INCOMPLETE:
            return Expected(CONFIRM, reply_by, yours=True)
        case Stage.COMMITTEE:
            return Expected(SITS, held_on)
        case Stage.FUNDED if interim_due_on is not None:
            return Expected(INTERIM, interim_due_on, yours=True)
        case Stage.FUNDED if report_received_on is None:
            return Expected(REPORT, report_due_on, yours=True)
        case _:
            return Expected(_NEXT[stage])


def instalments(lines: Sequence[PaymentLine]) -> list[Payment]:
    """The payments of a case by instalment, all funders together, in cents; those that are cancelled are left out."""
    found: dict[tuple[str, str], list[PaymentLine]] = {}
    for line in lines:
        if line.status != PaymentStatus.CANCELLED:
            found.setdefault((line.instalment, line.status), []).append(line)
    return [
        Payment(
            sum(line.amount_cents for line in same), PAID_ON_WORDS[same[0].condition], status,
            max((line.due_on for line in same if line.due_on), default=None),
            max((line.paid_on for line in same if line.paid_on), default=None),
        )
        for (_, status), same in found.items()
    ]  # fmt: skip


def _expected(view: CaseView, facts: Facts) -> Expected:
    head = view.head
    if head.stage == Stage.FUNDED and (then := _of_report(facts)):
        return then
    return expected_of(
        Stage(head.stage), awaited=len(facts.requested_documents), reply_by=head.reply_by, closes_on=facts.closes_on,
        report_due_on=head.report_due_on, report_received_on=head.report_received_on, held_on=head.committee_on,
    )  # fmt: skip


def _of_report(facts: Facts) -> Expected | None:
    """What comes next where the report took another way than the usual one."""
    if facts.not_carried_out:
        return Expected(NOT_DONE)
    if facts.new_dates_asked_on is not None:
        return Expected(DATES)
    if facts.interim_received_on is not None:
        return Expected(READ)
    if facts.interim_due_on is not None:
        return Expected(INTERIM, facts.interim_due_on, yours=True)
    if facts.corrections_due_on is not None:
        return Expected(CORRECT, facts.corrections_due_on, yours=True)
    return Expected(EVALUATES) if facts.report_accepted else None


def _granted(view: CaseView) -> int | None:
    if view.head.stage not in DECIDED:
        return None
    return sum(line.granted_cents or 0 for line in view.fundings)


def _shown_files(session: Session, case_id: int, organisation_id: int) -> Sequence[FileLine]:
    """What the organisation sent, what was signed for it, what it pays back; notes are the service's."""
    own = f"organisation:{organisation_id}"
    return [
        line
        for line in list_files(session, case_ids=[case_id])
        if (line.kind == FileKind.ATTACHMENT and line.added_by == own)
        or (line.kind in SIGNED_KINDS and line.signed_on is not None)
        or line.kind == FileKind.RECOVERY_ORDER
    ]


SAID: dict[str, Sentence] = {
    Stage.DRAFT: Sentence("Votre demande n’est pas encore déposée.", "Your request is not submitted yet."),
    Stage.SUBMITTED: Sentence(
        "Votre demande est arrivée : elle est vérifiée, puis examinée.",
        "Your request has arrived: it is checked, then examined.",
    ),
    Stage.INCOMPLETE: Sentence(
        "Des pièces vous sont demandées : l’examen reprend dès qu’elles sont là.",
        "Documents are asked of you: examination goes on as soon as they are in.",
    ),
    Stage.INSTRUCTED: Sentence(
        "L’examen est terminé : votre demande attend un comité.",
        "Examination is over: your request waits for a committee.",
    ),
    Stage.COMMITTEE: Sentence(
        "Votre demande est à l’ordre du jour d’un comité.", "Your request is on the agenda of a committee."
    ),
    Stage.FUNDED: Sentence("Une subvention vous est accordée.", "You have been awarded a grant."),
    Stage.EVALUATED: Sentence(
        "L’action est évaluée et le dossier clos.", "The action is evaluated and the case closed."
    ),
    Stage.INELIGIBLE: Sentence("Votre demande n’est pas recevable.", "Your request is not eligible."),
    Stage.LAPSED: Sentence(
        "Votre demande est caduque : les pièces ne sont pas arrivées à temps.",
        "Your request has lapsed: the documents did not arrive in time.",
    ),
    Stage.REJECTED: Sentence("Votre demande n’est pas retenue.", "Your request is not selected."),
    Stage.WITHDRAWN: Sentence("Votre demande est retirée.", "Your request is withdrawn."),
    Stage.RECLAIMED: Sentence("Un reversement vous est demandé.", "You are asked to pay the grant back."),
}
"""Where a case stands, said to whoever asks."""

FINISH = Sentence("Finir et déposer la demande", "Finish the request and submit it")
SEND = Sentence("Envoyer les {count} pièces demandées", "Send the {count} documents asked for")
SEND_ONE = Sentence("Envoyer la pièce demandée", "Send the document asked for")
CONFIRM = Sentence("Confirmer que tout est envoyé", "Confirm that everything is sent")
SITS = Sentence("Le comité examine la demande", "The committee examines the request")
NOT_DONE = Sentence(
    "Le service financier dit s’il y a un acompte à rendre",
    "Finance says whether an advance is to be returned",
)
DATES = Sentence(
    "Le service répond à votre demande de dates", "The service answers your request for other dates"
)
CORRECT = Sentence("Corriger le bilan et l’envoyer de nouveau", "Correct the report and send it again")
EVALUATES = Sentence(
    "Le service solde les comptes et évalue l’action", "The service settles the accounts and evaluates"
)
INTERIM = Sentence("Envoyer le bilan intermédiaire", "Send the interim report")
READ = Sentence("Le service lit le bilan intermédiaire", "The service reads the interim report")
REPORT = Sentence("Envoyer le bilan de l’action", "Send the report of the action")
_NEXT: dict[Stage, Sentence] = {
    Stage.SUBMITTED: Sentence("Le service vérifie la demande", "The service checks the request"),
    Stage.INSTRUCTED: Sentence("Le service inscrit la demande à un comité", "The service puts it before a committee"),
    Stage.FUNDED: Sentence("Le service examine le bilan", "The service examines the report"),
    Stage.EVALUATED: Sentence("Rien : le dossier est soldé", "Nothing: the case is closed"),
    Stage.REJECTED: Sentence("Rien : la lettre dit le motif et vos recours", "Nothing: the letter tells why"),
    Stage.INELIGIBLE: Sentence("Rien : la lettre dit le motif et vos recours", "Nothing: the letter tells why"),
    Stage.LAPSED: Sentence("Rien : la lettre dit le motif et vos recours", "Nothing: the letter tells why"),
    Stage.WITHDRAWN: Sentence("Rien : la demande est retirée", "Nothing: the request is withdrawn"),
    Stage.RECLAIMED: Sentence("Reverser la somme que dit la lettre", "Repay what the letter says"),
}  # fmt: skip
