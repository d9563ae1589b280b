"""What moves about partners write beside their own rows: invitations, answers, shares taken off or released, grants."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from parvis.models.queries import partners as queries
from parvis.models.queries.dispatch import open_task
from parvis.models.queries.movements import NewMovement, give_share_back
from parvis.models.queries.notices import owe_to_partner
from parvis.models.queries.tasks import finish_task_of, who_asks
from parvis.models.session import Session
from parvis.services import links
from parvis.services.links import Guest
from parvis.services.made import Made
from parvis.services.part_budget import cost_of
from parvis.services.partner_rows import OWED
from parvis.states.access import Purpose
from parvis.states.calendar import local_instant, paris_day
from parvis.states.details import Plain
from parvis.states.ledger import Kind
from parvis.states.partners import Part, PartnerState, shared_out
from parvis.states.payments import Share
from parvis.states.stages import Action
from parvis.states.words import Sentence

LINK_LASTS = timedelta(days=45)
"""How long the link of an invitation opens, past the day it asks an answer by (a setting no source confirms)."""

NO_ADDRESS = Sentence(
    "Trouver l’adresse de {partner}, partenaire de {organisation} ({reference}), puis l’inviter.",
    "Find the address of {partner}, a partner of {organisation} ({reference}), then invite it.",
)


def shares_of(session: Session, made: Made) -> list[Share]:
    """What each funder grants to the lead and to each partner: as the committee said, else pro rata of what was asked.

    Everything to the lead where the call pays so and the clause of the agreement is written.
    """
    given, coalition = made.given, made.given.coalition
    parts = coalition.taking_part if coalition else ()
    if not parts:
        return [Share(code, cents) for code, cents in given.amounts]
    asked = {code: cents for code, (_, cents) in queries.asks(session, made.case_id).items()}
    shares: list[Share] = []
    granted: dict[int, dict[str, int]] = {part.organisation_id: {} for part in parts}
    for code, cents in given.amounts:
        for who, amount in shared_out(code, cents, asked.get(code, 0), parts, given.part_amounts):
            shares.append(Share(code, amount, who))
            if who is not None:
                granted[who][code] = amount
    queries.write_grants(session, made.case_id, granted)
    _tell_grants(session, made, parts, granted)
    if coalition is not None and (coalition.clause or coalition.through_lead):
        return [Share(code, cents) for code, cents in given.amounts]
    return shares


def _tell_grants(
    session: Session, made: Made, parts: tuple[Part, ...], granted: Mapping[int, Mapping[str, int]]
) -> None:
    if made.rules.silent:
        return
    for part in parts:
        total = sum(granted[part.organisation_id].values())
        data: dict[str, Plain] = {"total_cents": total, "conditions": made.given.conditions}
        data["agreement"] = part.siret in made.given.agreement_with
        owe_to_partner(
            session, made.case_id, part.organisation_id, template="partner_granted", occurrence=str(made.version),
            data=data, at=made.at,
        )  # fmt: skip


def _invite_all(session: Session, made: Made) -> None:
    """Once a proposal is submitted, write to everybody who takes part; documents of theirs join the check-list."""
    coalition = made.given.coalition
    for part in coalition.parts if coalition and not made.rules.silent else ():
        if part.state == PartnerState.NAMED:
            _invite(session, made, part, "")


def _add(session: Session, made: Made) -> None:
    """An association joins: its row, the documents it owes, its invitation."""
    joining = made.given.joining
    if joining is None:
        return
    documents = made.rules.documents
    owed = [
        (f"{code}_{joining.siret}", f"{documents[code]}, partenaire {joining.siret}")
        for code in OWED
        if code in documents
    ]
    queries.join(session, made.case_id, joining, owed)
    mine = made.by.startswith("organisation:") and queries.has_cases(session, joining.organisation_id)
    _invite(session, made, joining, "" if mine else made.given.partner_email)


def _invite_one(session: Session, made: Made) -> None:
    if part := _part(made):
        typed = made.given.partner_email
        mine = made.by.startswith("organisation:") and queries.has_cases(session, part.organisation_id)
        _invite(session, made, part, "" if mine else typed)


def _invite(session: Session, made: Made, part: Part, email: str) -> None:
    address = queries.invite(session, made.case_id, part.organisation_id, email=email, at=made.at)
    key = f"partner/{made.case_id}/{part.organisation_id}"
    if not address:
        reference, organisation = who_asks(session, made.case_id)
        title = NO_ADDRESS.fill(partner=part.name, organisation=organisation, reference=reference)
        open_task(
            session, key=key, case_id=made.case_id, kind="partner", recipient="instructor",
            title_fr=title.fr, title_en=title.en, at=made.at,
        )  # fmt: skip
        return
    finish_task_of(session, key, at=made.at)
    due = paris_day(made.at) + timedelta(days=made.rules.times.partner_days)
    path = links.offer(
        session, Guest(organisation_id=part.organisation_id), Purpose.PARTNER, made.case_id,
        expires_at=local_instant(due) + LINK_LASTS, at=made.at,
    )  # fmt: skip
    data = {"path": path, "deadline": due.isoformat(), "total_cents": part.asked_cents}
    owe_to_partner(
        session, made.case_id, part.organisation_id, template="partner_invited", occurrence=str(made.version),
        data=data, at=made.at,
    )  # fmt: skip


def _confirm(session: Session, made: Made) -> None:
    _answer(session, made, PartnerState.CONFIRMED)


def _decline(session: Session, made: Made) -> None:
    _leave(session, made, PartnerState.DECLINED)


def _withdraw(session: Session, made: Made) -> None:
    _leave(session, made, PartnerState.WITHDRAWN)


def _leave(session: Session, made: Made, state: PartnerState) -> None:
    """Its share leaves the request, or, once granted, goes back to the envelopes; its payments stop."""
    part = _part(made)
    if part is None:
        return
    if part.granted:
        key = f"release/{made.case_id}/{made.version}"
        said = NewMovement(Kind.RELEASE, key, made.at, made.by, part.name, made.case_id)
        give_share_back(session, made.case_id, dict(part.granted), said)
        queries.cancel_share(session, made.case_id, part.organisation_id, dict(part.granted))
    else:
        cost = cost_of(session, made.case_id, part.organisation_id)
        queries.take_share_off(session, made.case_id, dict(part.asked), cost)
    queries.waive_documents(session, made.case_id, part.siret)
    _answer(session, made, state)


def _answer(session: Session, made: Made, state: PartnerState) -> None:
    if part := _part(made):
        queries.answer(
            session, made.case_id, part.organisation_id, state, signer=made.given.signature, at=made.at
        )
        finish_task_of(session, f"partner/{made.case_id}/{part.organisation_id}", at=made.at)


def _part(made: Made) -> Part | None:
    coalition = made.given.coalition
    return coalition.part(made.given.partner_id) if coalition else None


PARTNER_EFFECTS: dict[Action, Callable[[Session, Made], None]] = {
    Action.SUBMIT: _invite_all,
    Action.ADD_PARTNER: _add,
    Action.INVITE_PARTNER: _invite_one,
    Action.CONFIRM_PARTNER: _confirm,
    Action.DECLINE_PARTNER: _decline,
    Action.WITHDRAW_PARTNER: _withdraw,
}
