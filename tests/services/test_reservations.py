"""What is recommended is kept for its case until it is decided, and given back when it will not be."""

from functools import partial

import pytest

from parvis.models.queries.balances import balances
from parvis.models.queries.scenarios import find
from parvis.models.session import Database
from parvis.services import money, scenarios
from parvis.services.packet_content import read_content
from parvis.services.scenarios import Source
from parvis.services.sessions import decisions
from parvis.services.sessions.closing import ClosingBlockedError
from parvis.states.facts import Given
from parvis.states.outcomes import Draft, Outcome
from parvis.states.stages import Action, Role
from tests.services import envelope_desk
from tests.services.desk import CONTRACT, Desk, moment
from tests.services.envelope_desk import (
    ALONE,
    GENERAL,
    OF_CHALLENGE,
    OF_PLACE,
    amounts,
    fund,
    refused,
    sound,
    transfer,
)
from tests.services.session_desk import SECRETARY, SessionDesk, contract, said
from tests.services.session_desk import fund as granted

AT = moment("2026-09-10")
D01, D02 = 2, 3


@pytest.fixture
def table(database: Database) -> SessionDesk:
    """A steering committee and a technical one, over the State's envelope in parts."""
    calls = envelope_desk.contract()["calls"]
    return SessionDesk(Desk.opened(database, contract(calls=calls)))


def recommend(**cents: int) -> Draft:
    return Draft(Outcome.RECOMMEND, tuple(cents.items()))


def reserved(desk: Desk) -> dict[int, int]:
    return amounts(desk, "reserved_cents")


def advised(table: SessionDesk, *drafts: Draft) -> list[int]:
    """Cases of Étouvie that the technical committee advised on, in that order."""
    technical = table.other("etouvie")
    cases = technical.cases(len(drafts))
    technical.open()
    for case_id, draft in zip(cases, drafts, strict=True):
        technical.save(case_id, draft)
    technical.close()
    return cases


def test_what_is_recommended_is_reserved_posted_as_decided_and_what_is_given_up_serves_the_others(
    table: SessionDesk,
) -> None:
    desk = table.desk
    raised, kept, rejected, deferred, carried = advised(
        table, *(recommend(etat=cents) for cents in (100_000, 50_000, 60_000, 40_000, 50_000))
    )
    assert reserved(desk) == {GENERAL: 300_000, OF_CHALLENGE: 0, OF_PLACE: 300_000, ALONE: 0}
    assert amounts(desk, "available_cents")[OF_PLACE] == 0
    assert sound(desk)
    with desk.database.transaction() as session:
        of_place = next(one for one in balances(session, table.committee) if one.envelope_id == OF_PLACE)
        packet = next(
            one for one in read_content(session, table.committee).envelopes if one.scope == "Étouvie"
        )
    assert (of_place.left_cents, packet.held_cents, packet.left_cents) == (300_000, 0, 300_000)

    table.open()
    table.save(raised, granted(200_000))
    table.save(kept, granted(50_000))
    table.save(rejected, said(Outcome.REJECT))
    table.save(deferred, said(Outcome.DEFER))
    table.save(carried, said(Outcome.CARRY))
    table.close()

    assert reserved(desk) == {GENERAL: 50_000, OF_CHALLENGE: 0, OF_PLACE: 50_000, ALONE: 0}
    assert amounts(desk) == {GENERAL: 250_000, OF_CHALLENGE: 0, OF_PLACE: 250_000, ALONE: 0}
    assert desk.rows("SELECT case_id, kind FROM movements WHERE case_id IS NOT NULL ORDER BY case_id, id") == [
        (raised, "reserve"), (raised, "release"), (raised, "post"), (kept, "reserve"), (kept, "post"),
        (rejected, "reserve"), (rejected, "release"), (deferred, "reserve"), (deferred, "release"),
        (carried, "reserve"),
    ]  # fmt: skip
    assert sound(desk)
    table.assert_ledger_is_columns()


def test_a_recommended_case_that_is_withdrawn_gives_back_what_was_reserved(table: SessionDesk) -> None:
    desk = table.desk
    (carried,) = advised(table, recommend(etat=50_000, ville=10_000))

    desk.move(carried, Action.WITHDRAW, role=Role.APPLICANT, at="2026-09-20", given=Given(reason="Abandon"))
    assert reserved(desk)[GENERAL] == 0
    assert (
        desk.value("SELECT reason FROM movements WHERE case_id = %(c)s AND kind = 'release'", c=carried)
        == "Abandon"
    )
    assert sound(desk)


def test_nobody_recommends_more_than_what_is_left_and_the_refusal_says_where_how_much_and_what_to_do(
    table: SessionDesk,
) -> None:
    technical = table.other("etouvie")
    first, second = technical.cases(2)
    technical.open()
    technical.save(first, recommend(etat=299_999, ville=300_000))
    technical.save(second, recommend(etat=2))

    with pytest.raises(ClosingBlockedError) as blocked:
        technical.close()

    (one,) = blocked.value.blocked
    assert (one.case_id, [reason.code for reason in one.reasons]) == (second, ["within_envelope"])
    assert one.reasons[0].sentence.fr.replace("\u202f", " ").replace("\u00a0", " ") == (
        "Enveloppe insuffisante : « État, Étouvie » (reste 0,01 €, il manque 0,01 €). "
        "Réduire le montant, ou abonder l’enveloppe par un virement."
    )
    assert reserved(table.desk)[GENERAL] == 0
    technical.save(second, recommend(etat=1))
    technical.close()
    assert reserved(table.desk)[OF_PLACE] == 300_000


def test_others_cannot_be_granted_what_is_reserved_and_a_case_that_leaves_the_agenda_gives_it_back(
    table: SessionDesk,
) -> None:
    desk = table.desk
    (kept,) = advised(table, recommend(etat=299_000))
    other = table.cases(1)[0]
    desk.hold_session()

    with refused("within_envelope"):
        fund(desk, other, etat=1_001)
    fund(desk, other, etat=1_000)
    desk.run("UPDATE committees SET held_at = NULL")
    desk.move(kept, Action.UNSCHEDULE, role=Role.SECRETARY, given=Given(reason="Pièce à revoir"))

    assert reserved(desk) == dict.fromkeys((GENERAL, OF_CHALLENGE, OF_PLACE, ALONE), 0)
    assert amounts(desk, "available_cents")[OF_PLACE] == 299_000
    assert sound(desk)


def programme(table: SessionDesk, wanted: dict[tuple[int, str], int]) -> None:
    """These amounts are sent to the committee."""
    with table.desk.database.transaction() as session:
        begun = scenarios.begin(session, table.committee, "Vague", Source.NOTHING, by=SECRETARY, at=AT)
        for change in (partial(scenarios.save, given=wanted), scenarios.send):
            row = find(session, table.committee, begun)
            assert row
            change(session, row, version=row.version, by=SECRETARY, at=AT)


def recommend_alone(desk: Desk, case_id: int, day: str = "2026-09-08", **cents: int) -> None:
    given = Given(amounts=tuple(cents.items()), reason="Priorité du quartier")
    desk.move(case_id, Action.RECOMMEND_AMOUNTS, at=day, given=given)


def test_one_case_recommended_alone_has_its_amounts_reserved_and_proposed_to_the_session_until_it_decides(
    table: SessionDesk,
) -> None:
    desk = table.desk
    alone, programmed, carried = table.cases(3, total_cost_cents=2_000_000)

    recommend_alone(desk, alone, etat=290_000, ville=20_000)
    with refused("within_envelope"):
        recommend_alone(desk, carried, etat=10_001)
    with refused("within_request"):
        recommend_alone(desk, carried, ville=300_001)
    with refused("amount_recommended"):
        recommend_alone(desk, carried)
    recommend_alone(desk, alone, etat=150_000)
    recommend_alone(desk, programmed, etat=150_000)
    assert reserved(desk) == {GENERAL: 300_000, OF_CHALLENGE: 0, OF_PLACE: 300_000, ALONE: 0}
    programme(table, {(alone, "etat"): 150_000, (programmed, "etat"): 140_000})
    recommend_alone(desk, alone, "2026-09-11", etat=110_000)

    table.open()
    with refused("session_to_begin"):
        recommend_alone(desk, carried, "2026-09-15", etat=1)
    with desk.database.transaction() as session:
        said = decisions.save_as_proposed(session, table.committee, by=SECRETARY, at=moment(table.at))
    table.save(carried, Draft(Outcome.CARRY, reason="Trop tard"))
    table.close()

    assert {one.case_id: one.draft.amounts for one in said} == {
        alone: (("etat", 110_000),), programmed: (("etat", 140_000),)
    }  # fmt: skip
    assert amounts(desk)[OF_PLACE] == 250_000
    assert reserved(desk)[OF_PLACE] == 0
    reasons = "SELECT reason FROM movements WHERE case_id = %(c)s AND kind = 'reserve' ORDER BY id"
    assert [row[0] for row in desk.rows(reasons, c=alone)] == ["Priorité du quartier"] * 3
    assert sound(desk)


def test_of_envelopes_alike_the_one_a_programming_planned_is_the_one_the_decision_takes_from(
    database: Database,
) -> None:
    parts = [{"funder": "etat", "total_cents": cents, "challenge": code}
             for code, cents in (("D01", 400_000), ("D02", 390_000))]  # fmt: skip
    call = {**CONTRACT["calls"][0], "envelopes": [{"funder": "etat", "total_cents": 1_000_000}, *parts]}
    named = [{"code": code, "label": code} for code in ("D01", "D02")]
    table = SessionDesk(Desk.opened(database, contract(calls=[call], challenges=named)))
    desk = table.desk
    first, second = table.cases(2, total_cost_cents=2_000_000)
    desk.run(
        "INSERT INTO case_challenges SELECT c.id, d.id FROM cases c, challenges d ON CONFLICT DO NOTHING"
    )
    programme(table, {(first, "etat"): 100_000, (second, "etat"): 350_000})
    assert reserved(desk) == {GENERAL: 450_000, D01: 100_000, D02: 350_000}
    transfer(desk, D01, D02, 300_000)  # D02 has the most left now

    table.open()
    table.save(first, granted(100_000, 200_000))
    table.save(second, granted(350_000))
    table.close()

    assert amounts(desk) == {GENERAL: 450_000, D01: 100_000, D02: 350_000}
    assert desk.value("SELECT count(*) FROM movements WHERE kind = 'release'") == 0
    assert sound(desk)


def test_verifying_names_a_reservation_that_nobody_is_about_to_decide(table: SessionDesk) -> None:
    (kept,) = advised(table, recommend(etat=100_000))
    table.desk.run("UPDATE cases SET stage = 'withdrawn' WHERE id = %(c)s", c=kept)

    with table.desk.database.transaction() as session:
        first = money.verify(session).astray[0]

    reference = table.desk.value("SELECT reference FROM cases WHERE id = %(c)s", c=kept)
    assert (first.envelope_id, first.column, first.said_cents, first.lines_cents) == (
        GENERAL, f"reserved {reference}", 0, 100_000,
    )  # fmt: skip
