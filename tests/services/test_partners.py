"""Coordinated proposals: partners invited, confirmed or gone, paid directly, released; who may not, and why."""

from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy

import pytest

from parvis.models.queries.partners import coalitions
from parvis.services.advance import why
from parvis.services.imports.deposit import PartnerShare
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError
from parvis.states.words import money
from tests.services.desk import Desk, moment
from tests.services.smtp_server import listening
from tests.services.test_outbox import send

CENTRE, REGIE = "35600000000048", "21800019600123"
SHARES = (
    PartnerShare(siret=CENTRE, requested_cents=200_001, email="centre@asso.example"),
    PartnerShare(siret=REGIE, requested_cents=100_000, by_funder=(("ville", 100_000),)),
)


@pytest.fixture
def several(desk: Desk) -> int:
    """A case of three associations, just deposited: one has given an address, the other none."""
    return desk.submitted_case(partners=SHARES)


def organisation(desk: Desk, siret: str) -> int:
    return int(desk.value("SELECT id FROM organisations WHERE siret = %(s)s", s=siret))


def act(
    desk: Desk, case: int, action: Action, siret: str, role: Role = Role.INSTRUCTOR, **given: object
) -> None:
    brought = replace(Given(partner_id=organisation(desk, siret)), **given)  # type: ignore[arg-type]
    desk.move(case, action, role=role, given=brought, at="2026-06-02")


def sign(desk: Desk, case: int, siret: str) -> None:
    act(
        desk,
        case,
        Action.CONFIRM_PARTNER,
        siret,
        Role.APPLICANT,
        signer="Zoé Petit",
        signer_quality="présidente",
    )


def before_committee(desk: Desk, case: int) -> None:
    """The case is examined, and its session held."""
    codes = tuple(code for (code,) in desk.rows("SELECT code FROM documents WHERE case_id = %(id)s", id=case))
    desk.move(case, Action.RECEIVE_DOCUMENTS, given=Given(documents=codes), at="2026-06-03")
    desk.move(case, Action.CHECK_ELIGIBILITY, at="2026-06-03")
    desk.move(case, Action.ASSESS, given=Given(score=70), at="2026-06-03")
    desk.move(case, Action.INSTRUCT, at="2026-06-03")
    desk.move(case, Action.SCHEDULE, given=Given(committee_id=desk.committee("copil")), at="2026-06-03")
    desk.hold_session()


def funded(desk: Desk, case: int, etat: int = 400_000, ville: int = 300_000) -> None:
    """The case goes all the way, and is granted these cents."""
    before_committee(desk, case)
    amounts = (("etat", etat), ("ville", ville))
    desk.move(case, Action.FUND, role=Role.SECRETARY, given=Given(amounts=amounts), at="2026-09-15")


def mailbox(desk: Desk, at: str) -> dict[str, str]:
    """By address, all that a real server received for it, subjects and texts, with plain spaces."""
    read: dict[str, str] = {}
    with listening() as post:
        send(desk, post.url, at=at)
        for each in post.messages:
            message = message_from_bytes(each, policy=policy.default)
            body = message.get_body(("plain",))
            text = f"{message['Subject']}\n{body.get_content() if body else ''}"
            text = text.replace("\u202f", " ").replace("\xa0", " ")
            address = message["To"].addresses[0].addr_spec
            read[address] = read.get(address, "") + text
    return read


def euros(cents: int) -> str:
    """An amount as a letter writes it, with plain spaces."""
    return money(cents).replace("\u202f", " ").replace("\xa0", " ")


def refused(desk: Desk, case: int, action: Action, role: Role, given: Given) -> list[str]:
    with pytest.raises(MoveRefusedError) as refusal:
        desk.move(case, action, role=role, given=given, at="2026-06-03")
    return [reason.code for reason in refusal.value.reasons]


def test_each_partner_is_written_to_at_the_deposit_and_a_task_says_whose_address_is_missing(desk, several):
    [centre, regie] = desk.rows(
        "SELECT o.siret, p.state FROM partners p JOIN organisations o ON o.id = p.organisation_id ORDER BY o.id"
    )
    [(path, deadline)] = desk.rows(
        "SELECT data ->> 'path', data ->> 'deadline' FROM letters WHERE template = 'partner_invited'"
    )

    assert {centre, regie} == {(CENTRE, "invited"), (REGIE, "named")}
    assert (path.startswith("/lien/"), deadline) == (True, "2026-06-16")
    assert desk.value("SELECT count(*) FROM tasks WHERE kind = 'partner' AND done_at IS NULL") == 1
    act(desk, several, Action.INVITE_PARTNER, REGIE, partner_email="regie@asso.example")
    assert desk.value("SELECT count(*) FROM tasks WHERE kind = 'partner' AND done_at IS NULL") == 0
    desk.sweep("2026-06-16 09:00")
    assert desk.letters(several, "partner_reminder") == 2


def test_shares_follow_what_each_funder_is_asked_to_the_cent(desk, several):
    with desk.database.transaction() as session:
        parts = {part.siret: dict(part.asked) for part in coalitions(session, [several])[several].parts}

    assert sum(parts[CENTRE].values()) == 200_001
    assert parts[REGIE] == {"ville": 100_000}
    assert parts[CENTRE]["ville"] + 100_000 <= 300_000


def test_instruction_waits_for_every_partner_and_says_whom(desk, several):
    sign(desk, several, CENTRE)
    with desk.database.transaction() as session:
        [option] = [
            each for each in why(session, several, at=moment("2026-06-03")) if each.action == Action.INSTRUCT
        ]

    awaited = [reason.sentence.fr for reason in option.reasons if reason.code == "partners_confirmed"]
    assert [REGIE in said and CENTRE not in said for said in awaited] == [True]
    assert "partner_awaited" in refused(
        desk, several, Action.CONFIRM_PARTNER, Role.APPLICANT,
        Given(partner_id=organisation(desk, CENTRE), signer="Quelqu’un", signer_quality="trésorier"),
    )  # fmt: skip


def test_a_partner_that_leaves_before_the_decision_takes_its_share_off_the_request(desk, several):
    sign(desk, several, CENTRE)

    act(desk, several, Action.DECLINE_PARTNER, REGIE, Role.APPLICANT, reason="Plus de salarié.")

    asked = "SELECT f.code, g.requested_cents FROM fundings g JOIN funders f ON f.id = g.funder_id ORDER BY f.code"
    assert dict(desk.rows(asked)) == {"etat": 500_000, "ville": 200_000}
    assert desk.value("SELECT requested_cents FROM cases") == 700_000
    assert desk.letters(several, "partner_left") == 2
    funded(desk, several, ville=200_000)
    assert desk.stage(several) == "funded"


def test_a_grant_is_paid_to_each_partner_directly_and_the_sums_are_those_of_the_decision(desk, several):
    sign(desk, several, CENTRE)
    sign(desk, several, REGIE)

    desk.run(
        "UPDATE calls SET digest = digest || '+', document = document || '{\"agreement_threshold_cents\": 200000}'"
    )

    funded(desk, several, etat=333_333, ville=299_999)

    by_payee = "SELECT COALESCE(partner_id, 0), sum(amount_cents) FROM payments GROUP BY 1"
    paid = dict(desk.rows(by_payee))
    assert set(paid) == {0, organisation(desk, CENTRE), organisation(desk, REGIE)}
    by_funder = (
        "SELECT f.code, sum(p.amount_cents) FROM payments p JOIN funders f ON f.id = p.funder_id GROUP BY 1"
    )
    assert dict(desk.rows(by_funder)) == {"etat": 333_333, "ville": 299_999}
    granted = (
        "SELECT sum(v.value::bigint) FROM partners, jsonb_each_text(granted) v WHERE organisation_id = %(id)s"
    )
    assert desk.value(granted, id=organisation(desk, CENTRE)) == paid[organisation(desk, CENTRE)]
    assert desk.letters(several, "partner_granted") == 2
    read = mailbox(desk, "2026-09-15 10:00")
    share = euros(paid[organisation(desk, CENTRE)])
    assert f"La part accordée à votre organisme est de {share}" in read["centre@asso.example"]
    assert "tribunal administratif" in read["centre@asso.example"]
    assert "Une convention est nécessaire" not in read["centre@asso.example"]
    lead = read["contact@asso.example"]
    assert f"- Association Exemple : {euros(paid[0])}" in lead
    assert f"- {CENTRE} : {share}" in lead
    assert "Chacun est payé directement" in lead
    assert "Une convention est nécessaire" in lead


def test_after_the_decision_a_share_is_released_its_payments_cancelled_and_what_was_paid_asked_back(
    desk, several
):
    sign(desk, several, CENTRE)
    sign(desk, several, REGIE)
    funded(desk, several)
    centre = organisation(desk, CENTRE)
    desk.run(
        "UPDATE payments SET status = 'paid', paid_on = '2026-10-01'"
        " WHERE partner_id = %(id)s AND status = 'due'", id=centre,
    )  # fmt: skip
    paid = desk.value(
        "SELECT sum(amount_cents) FROM payments WHERE partner_id = %(id)s AND status = 'paid'", id=centre
    )
    share = desk.value(
        "SELECT sum(v.value::bigint) FROM partners, jsonb_each_text(granted) v WHERE organisation_id = %(id)s",
        id=centre,
    )

    act(desk, several, Action.WITHDRAW_PARTNER, CENTRE, reason="Liquidation.")

    assert desk.value("SELECT sum(granted_cents) FROM fundings") == 700_000 - share
    assert desk.value("SELECT sum(committed_cents) FROM envelopes") == 700_000 - share
    assert (
        desk.value("SELECT sum(amount_cents) FROM ledger WHERE account IN ('committed', 'paid')")
        == 700_000 - share
    )
    left = "SELECT status, sum(amount_cents) FROM payments WHERE partner_id = %(id)s GROUP BY 1 ORDER BY 1"
    assert dict(desk.rows(left, id=centre)) == {"cancelled": share - paid, "due": -paid, "paid": paid}
    assert "partner_known" in refused(
        desk, several, Action.WITHDRAW_PARTNER, Role.INSTRUCTOR, Given(partner_id=centre, reason="Encore.")
    )


def test_the_lead_is_paid_for_all_only_once_the_clause_is_written(desk, several):
    desk.run(
        "UPDATE calls SET digest = digest || '+', document = document || '{\"pays_through_lead\": true}'"
    )
    sign(desk, several, CENTRE)
    sign(desk, several, REGIE)

    with pytest.raises(MoveRefusedError) as refusal:
        funded(desk, several)

    assert [reason.code for reason in refusal.value.reasons] == ["sub_granting_clause"]
    assert "L1611-4" in refusal.value.reasons[0].sentence.fr
    desk.move(
        several, Action.WRITE_CLAUSE, given=Given(reason="Article 6 : le porteur reverse."), at="2026-09-15"
    )
    amounts = (("etat", 400_000), ("ville", 300_000))
    desk.move(several, Action.FUND, role=Role.SECRETARY, given=Given(amounts=amounts), at="2026-09-15")
    assert desk.rows("SELECT DISTINCT partner_id FROM payments") == [(None,)]


def test_a_partner_of_another_case_and_a_case_of_one_have_nothing_to_sign(desk, several):
    alone = desk.submitted_case()
    partner = Given(
        partner_id=organisation(desk, CENTRE), signer="Zoé Petit", signer_quality="élue", reason="Non."
    )

    for action in (Action.CONFIRM_PARTNER, Action.DECLINE_PARTNER):
        assert "partner_awaited" in refused(desk, alone, action, Role.APPLICANT, partner)
    assert refused(desk, alone, Action.WRITE_CLAUSE, Role.MANAGER, partner) == ["coordinated"]
    with desk.database.transaction() as session:
        options = {each.action for each in why(session, alone, at=moment("2026-06-03"))}
    assert not options & {Action.INVITE_PARTNER, Action.WRITE_CLAUSE}
    assert date(2026, 6, 16) == desk.value("SELECT partners_due_on FROM cases WHERE id = %(id)s", id=several)
