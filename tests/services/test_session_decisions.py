"""What a committee says is kept as it goes: case by case, safe for two secretaries, or a block at once."""

import threading

import pytest

from parvis.models.queries.balances import balances
from parvis.models.queries.session_cases import on_table
from parvis.services.sessions import decisions
from parvis.services.sessions.decisions import BlockRefusedError, DecisionChangedError
from parvis.states.facts import By
from parvis.states.outcomes import Draft, Outcome, Votes
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError
from tests.services.desk import moment
from tests.services.session_desk import SECRETARY, SessionDesk, fund, said


def refusal(table: SessionDesk, case: int, draft: Draft) -> list[str]:
    with pytest.raises(MoveRefusedError) as refused:
        table.save(case, draft)
    return [reason.code for reason in refused.value.reasons]


def saved(table: SessionDesk) -> dict[int, Draft]:
    with table.desk.database.transaction() as session:
        return {one.case_id: one.saved.draft for one in on_table(session, table.committee) if one.saved}


def test_a_decision_is_kept_with_its_amounts_votes_and_line_of_the_journal_and_can_be_read_again(table):
    (case,) = table.cases(1)
    table.open()
    draft = fund(120_000, 60_000, conditions="Ouvrir le samedi.", votes=Votes(5, 1, 0))

    table.save(case, draft)

    assert saved(table) == {case: draft}
    assert table.desk.value("SELECT count(*) FROM committee_journal WHERE action = 'decision'") == 1
    assert table.desk.stage(case) == "committee"
    assert table.desk.value("SELECT count(*) FROM movements WHERE case_id IS NOT NULL") == 0


def test_a_decision_is_replaced_by_the_next_one_amounts_included(table):
    (case,) = table.cases(1)
    table.open()
    table.save(case, fund(120_000, 60_000))

    table.save(case, fund(90_000))
    assert saved(table)[case].amounts == (("etat", 90_000),)

    table.save(case, said(Outcome.REJECT))
    assert saved(table)[case].amounts == ()


def test_the_same_decision_again_is_one_line_of_the_journal(table):
    (case,) = table.cases(1)
    table.open()
    first = table.save(case, fund(120_000, 60_000), expected=0)

    again = table.save(case, fund(120_000, 60_000), expected=0)

    assert again.version == first.version
    assert table.desk.value("SELECT count(*) FROM committee_journal WHERE action = 'decision'") == 1


def test_two_secretaries_at_once_on_one_case_the_second_is_told_what_the_first_said(table):
    (case,) = table.cases(1)
    table.open()
    seen = table.save(case, fund(120_000)).version
    table.save(case, fund(90_000), expected=seen, by=By(f"person:{table.person('rose')}", Role.SECRETARY))

    with pytest.raises(DecisionChangedError) as changed:
        table.save(case, said(Outcome.REJECT), expected=seen)

    assert changed.value.now is not None
    assert changed.value.now.saved_by == "Rose Vert"
    assert changed.value.now.draft.amounts == (("etat", 90_000),)
    assert saved(table)[case].outcome is Outcome.FUND


def test_a_decision_taken_back_and_made_again_is_another_one_than_was_seen(table):
    (case,) = table.cases(1)
    table.open()
    seen = table.save(case, fund(120_000)).version
    with table.desk.database.transaction() as session:
        decisions.take_back(
            session, table.committee, case, by=SECRETARY, at=moment(table.at), expected_version=seen
        )
    assert saved(table) == {}
    table.save(case, fund(90_000))

    with pytest.raises(DecisionChangedError):
        table.save(case, fund(70_000), expected=seen)


def test_two_secretaries_on_different_cases_lose_nothing(table):
    cases = table.cases(8)
    table.open()

    def decide(mine: list[int]) -> None:
        for case in mine:
            table.save(case, fund(1_000 + case), expected=0)

    both = [threading.Thread(target=decide, args=(half,)) for half in (cases[:4], cases[4:])]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert {case: draft.total_cents for case, draft in saved(table).items()} == {c: 1_000 + c for c in cases}


def test_what_a_decision_lacks_is_said_at_once(table):
    (case,) = table.cases(1)
    table.open()

    assert refusal(table, case, fund(0)) == ["amount_granted"]
    assert refusal(table, case, fund(500_001)) == ["within_request"]
    assert refusal(table, case, Draft(Outcome.FUND, (("caf", 5),))) == ["funder_not_asked"]
    assert refusal(table, case, said(Outcome.REJECT, " ")) == ["reason_given"]
    assert refusal(table, case, Draft(Outcome.DEFER, (("etat", 5),), "Motif")) == ["no_amount_here"]
    assert refusal(table, case, Draft(Outcome.RECOMMEND, (("etat", 5),))) == ["committee_recommends"]
    assert refusal(table, case, fund(1, votes=Votes(7, 0, 0))) == ["votes_too_many"]
    assert refusal(table, case, fund(1, votes=Votes(2, 3, 1))) == ["not_carried"]
    assert refusal(table, case, fund(1, votes=Votes(-1, 0, 0))) == ["votes_negative"]
    assert saved(table) == {}


def test_at_a_tie_the_vote_of_the_chair_prevails_unless_the_chair_has_left_the_room(table):
    first, second = table.cases(2)
    table.recuse("chair", second)
    table.open()

    table.save(first, fund(1, votes=Votes(3, 3, 0)))

    assert refusal(table, second, fund(1, votes=Votes(2, 2, 1))) == ["not_carried"]


def test_a_recused_member_does_not_vote_on_the_case_and_votes_on_the_others(table):
    hidden, other = table.cases(2)
    table.recuse("bob", hidden)
    table.open()

    assert refusal(table, hidden, fund(1, votes=Votes(6, 0, 0))) == ["votes_too_many"]
    table.save(hidden, fund(1, votes=Votes(5, 0, 0)))
    table.save(other, fund(1, votes=Votes(6, 0, 0)))


def test_a_technical_committee_only_advises_where_the_steering_one_decides(table):
    technical = table.other("etouvie")
    (case,) = technical.cases(1)
    technical.open()

    assert refusal(technical, case, fund(1)) == ["committee_decides"]
    technical.save(case, Draft(Outcome.RECOMMEND, (("etat", 5),)))


def test_a_case_of_another_agenda_or_decided_already_is_refused(table):
    (elsewhere,) = table.other("etouvie").cases(1)
    (case,) = table.cases(1)
    table.open()
    table.save(case, fund())
    table.close()

    assert refusal(table, elsewhere, fund()) == ["not_from_here"]
    table.desk.run("UPDATE committees SET closed_at = NULL WHERE id = %(id)s", id=table.committee)
    assert refusal(table, elsewhere, fund()) == ["not_on_agenda"]
    assert refusal(table, case, fund()) == ["not_on_agenda"]


def test_nothing_is_kept_before_the_session_is_open(table):
    (case,) = table.cases(1)

    assert refusal(table, case, fund()) == ["not_from_here"]


def test_balances_follow_the_table_and_show_when_it_promises_too_much(table):
    first, second = table.cases(2)
    table.open()
    table.desk.fill(150_000, "etat")
    table.save(first, fund(100_000))
    table.save(second, fund(60_000, 1_000))

    with table.desk.database.transaction() as session:
        left = {
            one.funder: (one.left_cents, one.left_after_cents) for one in balances(session, table.committee)
        }

    assert left == {"etat": (150_000, -10_000), "ville": (2_000_000, 1_999_000)}


def test_what_funders_propose_is_the_decision_proposed_and_can_be_kept_for_all_at_once(table):
    proposed, silent, refused = table.cases(3)
    table.desk.run(
        "UPDATE fundings SET opinion = 'favourable', proposed_cents = 700000 WHERE case_id = %(c)s AND funder_id ="
        " (SELECT id FROM funders WHERE code = 'etat')", c=proposed,
    )  # fmt: skip
    table.desk.run(
        "UPDATE fundings SET opinion = 'unfavourable', proposed_cents = 5000 WHERE case_id = %(c)s", c=refused
    )
    table.open()

    with table.desk.database.transaction() as session:
        kept = decisions.save_as_proposed(session, table.committee, by=SECRETARY, at=moment(table.at))

    assert [(one.case_id, one.draft.amounts) for one in kept] == [(proposed, (("etat", 500_000),))]
    with pytest.raises(BlockRefusedError) as nothing, table.desk.database.transaction() as session:
        decisions.save_as_proposed(
            session, table.committee, by=SECRETARY, at=moment(table.at), only={silent, refused}
        )
    assert {one.case_id for one in nothing.value.refused} == {silent, refused}


def test_a_block_of_decisions_is_kept_whole_or_not_at_all(table):
    first, second = table.cases(2)
    table.open()

    with pytest.raises(BlockRefusedError) as refused, table.desk.database.transaction() as session:
        decisions.save_block(
            session,
            table.committee,
            {first: fund(5), second: fund(500_001)},
            by=SECRETARY,
            at=moment(table.at),
        )

    assert [(one.case_id, [r.code for r in one.reasons]) for one in refused.value.refused] == [
        (second, ["within_request"])
    ]
    assert saved(table) == {}
