"""What some moves write beside their own rows, in their transaction: documents, opinions, money."""

from collections.abc import Callable

from parvis.models.queries import effects as queries
from parvis.models.queries import movements, payments
from parvis.models.queries.dispatch import open_task
from parvis.models.queries.reports import ask_interim, ask_reports
from parvis.models.queries.tasks import finish_task_of, who_asks
from parvis.models.session import Session
from parvis.services.agreement_birth import be_born
from parvis.services.made import Made
from parvis.services.partner_effects import PARTNER_EFFECTS, shares_of
from parvis.services.renewals import carry_on
from parvis.services.report_effects import REPORT_EFFECTS, waive_interim
from parvis.states.calendar import paris_day
from parvis.states.ledger import Account, Kind
from parvis.states.payments import schedule
from parvis.states.report_words import ReportKind
from parvis.states.stages import Action
from parvis.states.words import Sentence

CONTACT = Sentence(
    "Rappeler {organisation}, qui demande un échange avant de déposer ({reference}).",
    "Call {organisation}, who asks for a contact before submitting ({reference}).",
)


def has_effects(action: Action) -> bool:
    """Whether this action writes more than the one statement of its move."""
    return action in _EFFECTS


def apply_effects(session: Session, action: Action, made: Made) -> None:
    """Write what this action owes beside its move."""
    if effect := _EFFECTS.get(action):
        effect(session, made)


def _request_documents(session: Session, made: Made) -> None:
    named = [(code, made.rules.documents.get(code, code)) for code in made.given.documents]
    queries.request_documents(session, made.case_id, named, at=made.at)


def _receive_documents(session: Session, made: Made) -> None:
    queries.receive_documents(session, [made.case_id], made.given.documents, at=made.at)


def _ask_opinions(session: Session, made: Made) -> None:
    queries.ask_opinions(session, made.case_id, made.given.funder_ids, at=made.at)


def _give_opinion(session: Session, made: Made) -> None:
    given = made.given
    queries.give_opinion(
        session, made.case_id, given.funder_id or 0, given.opinion,
        proposed_cents=given.proposed_cents, comment=given.reason, at=made.at,
    )  # fmt: skip


def _commit(session: Session, made: Made) -> None:
    taken = _taken(made)
    movements.write_grants(
        session, made.case_id, made.version, taken, kind=Kind.POST, actor=made.by, at=made.at
    )
    rules, shares = made.rules, shares_of(session, made)
    days = rules.times.payment_days
    payments.plan_payments(
        session, made.case_id, schedule(rules.schedule, shares, notified_on=paris_day(made.at), days=days)
    )
    ask_reports(session, made.case_id, [ReportKind.FINAL])
    ask_interim(session, made.case_id)
    be_born(session, made.case_id, dict(made.given.amounts), at=made.at)


def _taken(made: Made) -> list[movements.Taken]:
    paying = {grant.code: grant.envelope_id for grant in made.given.grants}
    return [movements.Taken(code, cents, paying.get(code)) for code, cents in made.given.amounts]


def _reserve(session: Session, made: Made) -> None:
    """What is recommended is kept for the case until it is decided; a recommendation replaces the one before."""
    movements.write_grants(
        session, made.case_id, made.version, _taken(made), kind=Kind.RESERVE, actor=made.by, at=made.at,
        reason=made.given.reason.strip(),
    )  # fmt: skip


def _free(session: Session, made: Made) -> None:
    """A case that no committee is about to decide keeps nothing reserved."""
    key = f"release/{made.case_id}/{made.version}"
    said = movements.NewMovement(Kind.RELEASE, key, made.at, made.by, made.given.reason.strip(), made.case_id)
    movements.give_back(session, made.case_id, said, accounts=(Account.RESERVED,))


def _withdraw(session: Session, made: Made) -> None:
    _close_contact(session, made)
    _free(session, made)


def _release(session: Session, made: Made) -> None:
    key = f"reclaim/{made.case_id}/{made.version}"
    said = movements.NewMovement(Kind.RECLAIM, key, made.at, made.by, made.given.reason.strip(), made.case_id)
    movements.give_back(session, made.case_id, said)
    payments.cancel_unpaid(session, made.case_id)
    payments.ask_all_back(session, made.case_id)
    waive_interim(session, made)


def _open_contact(session: Session, made: Made) -> None:
    reference, organisation = who_asks(session, made.case_id)
    title = CONTACT.fill(organisation=organisation, reference=reference)
    open_task(
        session, key=f"contact/{made.case_id}", case_id=made.case_id, kind="contact", recipient="instructor",
        title_fr=title.fr, title_en=title.en, at=made.at,
    )  # fmt: skip


def _close_contact(session: Session, made: Made) -> None:
    finish_task_of(session, f"contact/{made.case_id}", at=made.at)


_EFFECTS: dict[Action, Callable[[Session, Made], None]] = {
    Action.ASK_CONTACT: _open_contact,
    Action.RECORD_CONTACT: _close_contact,
    Action.WITHDRAW: _withdraw,
    Action.REQUEST_DOCUMENTS: _request_documents,
    Action.RECEIVE_DOCUMENTS: _receive_documents,
    Action.ASK_OPINIONS: _ask_opinions,
    Action.GIVE_OPINION: _give_opinion,
    Action.RECOMMEND: _reserve,
    Action.RECOMMEND_AMOUNTS: _reserve,
    Action.UNSCHEDULE: _free,
    Action.DEFER: _free,
    Action.REJECT: _free,
    Action.FUND: _commit,
    Action.RECLAIM: _release,
    Action.RENEW: carry_on,
    **REPORT_EFFECTS,
    **PARTNER_EFFECTS,
}
