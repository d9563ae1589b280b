"""Envelopes: their tree, what pays for what, transfers, the contract’s file, and the proof of their amounts."""

from typing import Any

import pytest

from parvis.models.queries.balances import balances
from parvis.models.queries.case_page import funders_for
from parvis.models.queries.contract_envelopes import BelowCommittedError
from parvis.models.queries.contracts import write_contract
from parvis.models.session import ConstraintError, Database
from parvis.services import money
from parvis.services.packet_content import read_content
from parvis.states.contract import Contract
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role
from tests.services.desk import Desk
from tests.services.envelope_desk import (
    ALONE,
    AT,
    GENERAL,
    OF_CHALLENGE,
    OF_PLACE,
    amounts,
    answering,
    contract,
    fund,
    refused,
    sound,
    transfer,
)


def test_a_grant_is_taken_from_the_most_specific_envelope_and_counts_in_the_general_one(city: Desk) -> None:
    assert city.rows("SELECT id, parent_id FROM envelopes ORDER BY id") == [
        (1, None),
        (2, 1),
        (3, 1),
        (4, None),
    ]
    of_both, of_place, elsewhere = answering(city), city.case_in_committee(), city.case_in_committee()
    city.run("DELETE FROM case_neighbourhoods WHERE case_id = %(c)s", c=elsewhere)
    city.hold_session()

    fund(city, of_both, etat=150_000, ville=120_000)
    fund(city, of_place, etat=100_000, ville=300_000)
    fund(city, elsewhere, etat=50_000)

    assert amounts(city) == {GENERAL: 300_000, OF_CHALLENGE: 150_000, OF_PLACE: 100_000, ALONE: 120_000}
    assert city.rows("SELECT case_id, envelope_id FROM fundings WHERE granted_cents > 0 ORDER BY 1, 2") == [
        (of_both, OF_CHALLENGE), (of_both, ALONE), (of_place, OF_PLACE), (of_place, None), (elsewhere, GENERAL),
    ]  # fmt: skip
    assert sound(city)

    city.move(of_both, Action.RECORD_NOT_CARRIED_OUT, role=Role.FINANCE, given=Given(reason="Annulée"))
    city.move(of_both, Action.RECLAIM, role=Role.FINANCE, given=Given(reason="Annulée"))
    assert amounts(city) == {GENERAL: 150_000, OF_CHALLENGE: 0, OF_PLACE: 100_000, ALONE: 0}
    assert sound(city)


def test_a_part_is_spent_to_the_cent_and_no_more_and_neither_is_the_whole(city: Desk) -> None:
    cases = [answering(city) for _ in range(3)]
    city.hold_session()
    fund(city, cases[0], etat=399_999)

    with refused("within_envelope"):
        fund(city, cases[1], etat=2)
    fund(city, cases[1], etat=1)
    with city.database.transaction() as session:
        left = {one.code: one.available_cents for one in funders_for(session, cases[2])}
    assert left == {"etat": 0, "ville": 200_000}

    transfer(city, GENERAL, OF_CHALLENGE, 600_000)
    with refused("within_request"):
        fund(city, cases[2], etat=500_001)
    fund(city, cases[2], etat=500_000)
    assert amounts(city)[GENERAL] == 900_000
    assert sound(city)


def test_the_session_and_the_packet_take_from_the_same_envelopes(city: Desk) -> None:
    cases = [answering(city), city.case_in_committee()]
    for case_id, cents in zip(cases, (150_000, 70_000), strict=True):
        city.run(
            "UPDATE fundings SET proposed_cents = %(x)s WHERE case_id = %(c)s AND funder_id = 1",
            c=case_id,
            x=cents,
        )
        city.run(
            "INSERT INTO session_decisions (committee_id, case_id, version, outcome, saved_at, saved_by)"
            " SELECT committee_id, id, 1, 'fund', now(), 'person:3' FROM cases WHERE id = %(c)s", c=case_id,
        )  # fmt: skip
        city.run("INSERT INTO session_amounts (committee_id, case_id, funder_id, amount_cents)"
                 " SELECT committee_id, id, 1, %(x)s FROM cases WHERE id = %(c)s", c=case_id, x=cents)  # fmt: skip

    with city.database.transaction() as session:
        table = {one.envelope_id: one.on_table_cents for one in balances(session, city.committee("copil"))}
        packet = read_content(session, city.committee("copil")).envelopes

    assert table == {GENERAL: 220_000, OF_CHALLENGE: 150_000, OF_PLACE: 70_000, ALONE: 0}
    assert [(one.scope, one.proposed_cents, one.part) for one in packet] == [
        ("", 220_000, False), ("Emploi", 150_000, True), ("Étouvie", 70_000, True), ("Emploi", 0, False),
    ]  # fmt: skip


def test_a_transfer_moves_money_between_envelopes_of_one_funder_once_and_says_why(city: Desk) -> None:
    assert transfer(city, OF_PLACE, OF_CHALLENGE, 100_000)
    assert not transfer(city, OF_PLACE, OF_CHALLENGE, 100_000)
    assert transfer(city, OF_CHALLENGE, GENERAL, 1, key="back")

    assert amounts(city, "total_cents") == {
        GENERAL: 1_000_000,
        OF_CHALLENGE: 499_999,
        OF_PLACE: 200_000,
        ALONE: 200_000,
    }
    with city.database.transaction() as session:
        seen = money.see(session, city.contract_id, OF_CHALLENGE)
    assert [(one.kind, one.name, one.reason, one.total_cents) for one in seen.movements] == [
        ("open", "", "", 400_000), ("transfer", "Max Noir", "Défi", 100_000), ("transfer", "Max Noir", "Défi", -1),
    ]  # fmt: skip
    assert sound(city)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"by": By("person:3", Role.SECRETARY)}, ["role"]),
        ({"reason": " "}, ["reason_given"]),
        ({"cents": 0}, ["amount"]),
        ({"target": OF_PLACE}, ["same_envelope"]),
        ({"target": ALONE}, ["other_funder"]),
        ({"cents": 200_001}, ["held"]),
        ({"source": GENERAL, "cents": 600_001}, ["more_than_whole"]),
    ],
)
def test_a_transfer_that_cannot_be_is_refused_with_its_reasons(
    city: Desk, changes: dict[str, Any], codes: list[str]
) -> None:
    case_id = city.case_in_committee()
    city.hold_session()
    fund(city, case_id, etat=100_000)
    before = amounts(city, "total_cents")

    with refused(*codes):
        transfer(city, **{"source": OF_PLACE, "target": OF_CHALLENGE, "cents": 1, **changes})

    assert amounts(city, "total_cents") == before


def test_the_contracts_file_changes_envelopes_by_movements_and_never_below_what_is_committed(
    city: Desk,
) -> None:
    case_id = answering(city)
    city.hold_session()
    fund(city, case_id, etat=300_000)

    def write(**changes: Any) -> None:
        with city.database.transaction() as session:
            write_contract(session, Contract.model_validate(contract(**changes)), digest=str(changes), at=AT)

    write(challenge=300_000)
    with pytest.raises(BelowCommittedError):
        write(challenge=299_999)

    assert amounts(city, "total_cents")[OF_CHALLENGE] == 300_000
    assert city.rows("SELECT kind, actor, key FROM movements WHERE key LIKE 'adjust/%%'") == [
        ("adjust", "contract", "adjust/2/1")
    ]
    assert sound(city)


def test_a_general_envelope_that_comes_later_counts_what_its_parts_hold(database: Database) -> None:
    desk = Desk.opened(database, contract(general=0))
    case_id = answering(desk)
    desk.hold_session()
    fund(desk, case_id, etat=250_000)

    with database.transaction() as session:
        write_contract(session, Contract.model_validate(contract()), digest="later", at=AT)

    general = desk.value(
        "SELECT id FROM envelopes WHERE funder_id = 1 AND challenge_id IS NULL AND neighbourhood_id IS NULL"
    )
    assert (
        desk.rows("SELECT parent_id FROM envelopes WHERE funder_id = 1 AND id <> %(g)s", g=general)
        == [(general,)] * 2
    )
    assert amounts(desk)[general] == 250_000
    assert sound(desk)


def test_a_payment_leaves_what_is_committed_and_what_is_never_paid_is_available_again(city: Desk) -> None:
    case_id = answering(city)
    city.hold_session()
    fund(city, case_id, etat=100_000)

    city.move(
        case_id, Action.RECORD_PAYMENT, role=Role.FINANCE, at="2026-10-01", given=Given(instalment="advance")
    )
    paid = amounts(city, "paid_cents"), amounts(city)[GENERAL]
    city.run("UPDATE payments SET amount_cents = 5000, status = 'due' WHERE status = 'planned'")
    city.run("UPDATE cases SET report_accepted = true")
    city.move(case_id, Action.SETTLE_BALANCE, role=Role.FINANCE, at="2026-11-01")

    assert paid == ({GENERAL: 80_000, OF_CHALLENGE: 80_000, OF_PLACE: 0, ALONE: 0}, 100_000)
    assert (
        amounts(city, "paid_cents")
        == amounts(city)
        == {GENERAL: 85_000, OF_CHALLENGE: 85_000, OF_PLACE: 0, ALONE: 0}
    )
    assert city.rows("SELECT kind FROM movements WHERE case_id = %(c)s ORDER BY id", c=case_id) == [
        ("post",), ("pay",), ("pay",), ("release",),
    ]  # fmt: skip
    assert sound(city)


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE envelopes SET committed_cents = committed_cents + 1 WHERE id = 1", "follows_ledger"),
        (
            "INSERT INTO envelopes (funder_id, call_id, year, initial_cents) VALUES (1, 1, 2030, 1)",
            "follows_ledger",
        ),
        ("INSERT INTO ledger VALUES (1, 1, 'reserved', 1)", "balanced"),
        ("INSERT INTO ledger VALUES (1, 1, 'paid', -1), (1, 1, 'reserved', 1)", "ck_envelopes_amounts"),
        (
            "INSERT INTO ledger VALUES (2, 1, 'available', -1000001), (2, 1, 'reserved', 1000001)",
            "ck_envelopes_never_over",
        ),
    ],
)
def test_nobody_writes_an_amount_that_is_not_the_sum_of_its_lines(
    city: Desk, statement: str, name: str
) -> None:
    with pytest.raises(ConstraintError) as refusal:
        city.run(statement)

    assert refusal.value.name == name


def test_verifying_names_the_first_envelope_astray(city: Desk, owner_database: Database) -> None:
    with owner_database.transaction() as session:
        session.exec_driver_sql("ALTER TABLE envelopes DISABLE TRIGGER follows_ledger")
        session.exec_driver_sql("UPDATE envelopes SET committed_cents = 1 WHERE id IN (2, 3)")
        session.exec_driver_sql("ALTER TABLE envelopes ENABLE TRIGGER follows_ledger")

    with city.database.transaction() as session:
        found = money.verify(session)

    first = found.astray[0]
    assert (first.envelope_id, first.column, first.said_cents, first.lines_cents) == (GENERAL, "parts", 2, 0)
    assert {(one.envelope_id, one.column) for one in found.astray[1:]} == {
        (2, "committed"), (2, "available"), (3, "committed"), (3, "available"),
    }  # fmt: skip
