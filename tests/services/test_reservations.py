"""What is recommended is kept for its case until it is decided, and given back when it will not be."""

import pytest

from parvis.models.queries.balances import balances
from parvis.models.session import Database
from parvis.services import money
from parvis.services.packet_content import read_content
from parvis.services.sessions.closing import ClosingBlockedError
from parvis.states.facts import Given
from parvis.states.outcomes import Draft, Outcome
from parvis.states.stages import Action, Role
from tests.services import envelope_desk
from tests.services.desk import Desk
from tests.services.envelope_desk import ALONE, GENERAL, OF_CHALLENGE, OF_PLACE, amounts, fund, refused, sound
from tests.services.session_desk import SessionDesk, contract, said
from tests.services.session_desk import fund as granted


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


def test_verifying_names_a_reservation_that_nobody_is_about_to_decide(table: SessionDesk) -> None:
    (kept,) = advised(table, recommend(etat=100_000))
    table.desk.run("UPDATE cases SET stage = 'withdrawn' WHERE id = %(c)s", c=kept)

    with table.desk.database.transaction() as session:
        first = money.verify(session).astray[0]

    reference = table.desk.value("SELECT reference FROM cases WHERE id = %(c)s", c=kept)
    assert (first.envelope_id, first.column, first.said_cents, first.lines_cents) == (
        GENERAL, f"reserved {reference}", 0, 100_000,
    )  # fmt: skip
