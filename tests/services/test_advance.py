"""Moving cases: one transaction a move, optimistic versions, idempotency, bulk."""

import threading
from datetime import date

import pytest

from parvis.services.advance import (
    Advanced,
    CaseNotFoundError,
    IdempotencyMismatchError,
    Refused,
    Request,
    advance_many,
)
from parvis.states.facts import By, Given
from parvis.states.journal import GENESIS, Line, link
from parvis.states.stages import Action, Role, Stage
from parvis.states.table import MoveRefusedError, StaleVersionError
from tests.services.desk import Desk, moment


def test_a_deposit_becomes_a_submitted_case_with_a_receipt_and_timers(desk: Desk) -> None:
    case_id = desk.submitted_case()

    assert desk.stage(case_id) == "submitted"
    assert desk.version(case_id) == 1
    assert desk.letters(case_id, "acknowledge") == 1
    assert desk.value("SELECT count(*) FROM timers WHERE settled_at IS NULL AND period = 'clock'") == 3


def test_a_move_writes_a_line_whose_hash_follows_the_one_before(desk: Desk) -> None:
    case_id = desk.ready_case()

    rows = desk.rows(
        "SELECT case_id, seq, at, actor, role, action, source, target, details, hash FROM journal ORDER BY seq"
    )

    previous = GENESIS
    for row in rows:
        previous = link(previous, Line(*row[:9]))
        assert previous == row[9]
    assert desk.value("SELECT journal_head FROM cases WHERE id = %(id)s", id=case_id) == previous
    assert [row[1] for row in rows] == [1, 2, 3, 4]


def test_a_refusal_says_everything_that_blocks_and_writes_nothing(desk: Desk) -> None:
    case_id = desk.submitted_case()

    with pytest.raises(MoveRefusedError) as refused:
        desk.move(case_id, Action.INSTRUCT)

    codes = [reason.code for reason in refused.value.reasons]
    assert codes == ["documents_complete", "eligibility_checked", "assessed"]
    assert "Statuts et RIB" in refused.value.reasons[0].sentence.fr
    assert desk.version(case_id) == 1


def test_a_move_on_an_old_version_is_refused(desk: Desk) -> None:
    case_id = desk.ready_case()

    with pytest.raises(StaleVersionError):
        desk.move(case_id, Action.INSTRUCT, expected_version=2)

    assert desk.move(case_id, Action.INSTRUCT, expected_version=4).stage == Stage.INSTRUCTED


def test_a_case_that_does_not_exist_is_not_found(desk: Desk) -> None:
    with pytest.raises(CaseNotFoundError):
        desk.move(999, Action.WITHDRAW)


def test_the_same_key_served_twice_moves_once(desk: Desk) -> None:
    case_id = desk.ready_case()

    first = desk.move(case_id, Action.INSTRUCT, key="abc")
    again = desk.move(case_id, Action.INSTRUCT, key="abc")

    assert (first.replayed, again.replayed) == (False, True)
    assert again == Advanced(case_id, Stage.INSTRUCTED, 5, replayed=True)
    assert desk.version(case_id) == 5


def test_a_key_used_for_another_request_is_refused(desk: Desk) -> None:
    case_id = desk.ready_case()
    desk.move(case_id, Action.INSTRUCT, key="abc")

    with pytest.raises(IdempotencyMismatchError):
        desk.move(case_id, Action.WITHDRAW, key="abc")


def test_two_at_once_with_the_same_key_move_once(desk: Desk) -> None:
    case_id = desk.ready_case()
    results: list[Advanced] = []

    threads = [
        threading.Thread(target=lambda: results.append(desk.move(case_id, Action.INSTRUCT, key="k")))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(result.replayed for result in results) == [False] + [True] * 5
    assert desk.version(case_id) == 5


def test_documents_asked_for_pause_the_clock_and_their_arrival_resumes_it(desk: Desk) -> None:
    case_id = desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-02")
    assert desk.value("SELECT count(*) FROM timers WHERE settled_at IS NULL AND period = 'clock'") == 0

    desk.move(
        case_id,
        Action.RECEIVE_DOCUMENTS,
        at="2026-06-12",
        role=Role.APPLICANT,
        given=Given(documents=("rib",)),
    )
    desk.move(case_id, Action.COMPLETE, at="2026-06-12", role=Role.APPLICANT)

    deadline = desk.value("SELECT deadline FROM timers WHERE settled_at IS NULL AND rule = 'silence'")
    assert desk.stage(case_id) == "submitted"
    assert deadline == date(2026, 8, 12)  # 2 June + 2 months + 10 days of waiting


def test_funding_commits_the_envelopes_and_writes_the_ledger(desk: Desk) -> None:
    case_id = desk.case_in_committee()
    desk.hold_session()

    desk.move(case_id, Action.FUND, at="2026-09-15", role=Role.SECRETARY,
              given=Given(amounts=(("etat", 400_000), ("ville", 300_000))))  # fmt: skip

    assert desk.stage(case_id) == "funded"
    assert desk.rows("SELECT committed_cents FROM envelopes ORDER BY id") == [(400_000,), (300_000,)]
    assert desk.rows(
        "SELECT envelope_id, amount_cents, kind, actor FROM ledger JOIN movements m ON m.id = movement_id"
        " WHERE account = 'committed' ORDER BY 1"
    ) == [(1, 400_000, "post", "person:1"), (2, 300_000, "post", "person:1")]
    assert desk.value("SELECT report_due_on FROM cases") == date(2027, 6, 30)


def test_more_than_asked_or_than_the_envelope_holds_is_refused(desk: Desk) -> None:
    case_id = desk.case_in_committee()
    desk.hold_session()
    desk.fill(100, "ville")

    with pytest.raises(MoveRefusedError) as refused:
        desk.move(case_id, Action.FUND, at="2026-09-15", role=Role.SECRETARY,
                  given=Given(amounts=(("etat", 500_001), ("ville", 101))))  # fmt: skip

    assert [reason.code for reason in refused.value.reasons] == ["within_request", "within_envelope"]
    assert desk.value("SELECT sum(committed_cents) FROM envelopes") == 0


def test_reclaiming_gives_the_money_back_to_the_envelopes(desk: Desk) -> None:
    case_id = desk.case_in_committee()
    desk.hold_session()
    desk.move(case_id, Action.FUND, role=Role.SECRETARY, given=Given(amounts=(("etat", 400_000),)))

    desk.move(case_id, Action.RECORD_NOT_CARRIED_OUT, role=Role.FINANCE, given=Given(reason="Action annulée"))
    desk.move(case_id, Action.RECLAIM, role=Role.FINANCE, given=Given(reason="Action annulée"))

    assert desk.stage(case_id) == "reclaimed"
    assert desk.value("SELECT sum(committed_cents) FROM envelopes") == 0
    assert desk.rows("SELECT kind, reason FROM movements WHERE case_id IS NOT NULL ORDER BY id") == [
        ("post", ""), ("reclaim", "Action annulée"),
    ]  # fmt: skip


def test_opinions_are_awaited_until_their_date_then_locked_out(desk: Desk) -> None:
    case_id = desk.ready_case()
    desk.move(case_id, Action.ASK_OPINIONS, given=Given(due_on=date(2026, 6, 20)))
    with pytest.raises(MoveRefusedError, match="opinions_in"):
        desk.move(case_id, Action.INSTRUCT, at="2026-06-20 23:59")

    desk.move(case_id, Action.GIVE_OPINION, role=Role.FUNDER,
              given=Given(funder_id=1, opinion="favourable", proposed_cents=300_000))  # fmt: skip
    with pytest.raises(MoveRefusedError, match="opinion_asked"):
        desk.move(
            case_id, Action.GIVE_OPINION, role=Role.FUNDER, given=Given(funder_id=1, opinion="reserved")
        )

    desk.move(case_id, Action.INSTRUCT, at="2026-06-21 00:00")
    assert desk.stage(case_id) == "instructed"


def test_a_committee_that_does_not_cover_the_case_is_refused(desk: Desk) -> None:
    case_id = desk.submitted_case(qpvs=("QN08001M", "QN08003M"))
    desk.move(case_id, Action.RECEIVE_DOCUMENTS, given=Given(documents=("statuts", "rib")))
    desk.move(case_id, Action.CHECK_ELIGIBILITY)
    desk.move(case_id, Action.ASSESS, given=Given(score=70))
    desk.move(case_id, Action.INSTRUCT)

    with pytest.raises(MoveRefusedError, match="committee_covers"):
        desk.move(case_id, Action.SCHEDULE, given=Given(committee_id=desk.committee("etouvie")))

    desk.move(case_id, Action.SCHEDULE, given=Given(committee_id=desk.committee("copil")))
    assert desk.stage(case_id) == "committee"


def test_a_decision_looks_at_the_sitting_of_the_case_whatever_sitting_is_named(desk: Desk) -> None:
    case_id = desk.case_in_committee()
    desk.hold_session("etouvie")
    named = Given(committee_id=desk.committee("etouvie"), amounts=(("etat", 100_000),))

    with pytest.raises(MoveRefusedError) as refused:
        desk.move(case_id, Action.FUND, at="2026-09-16", role=Role.SECRETARY, given=named)

    assert "session_held" in {reason.code for reason in refused.value.reasons}


def test_a_bulk_move_has_a_result_for_each_case(desk: Desk) -> None:
    ready, not_ready = desk.ready_case(), desk.submitted_case()

    with desk.database.transaction() as session:
        results = advance_many(
            session, [Request(not_ready), Request(ready), Request(999)], Action.INSTRUCT,
            by=By("person:1", Role.INSTRUCTOR), at=moment("2026-06-05"),
        )  # fmt: skip

    assert [type(result) for result in results] == [Refused, Advanced, Refused]
    assert (desk.stage(ready), desk.stage(not_ready)) == ("instructed", "submitted")


def test_a_bulk_decision_stops_where_the_envelope_ends(desk: Desk) -> None:
    cases = [desk.case_in_committee() for _ in range(3)]
    desk.hold_session()
    desk.fill(1_000_000, "etat")

    given = Given(amounts=(("etat", 500_000),))
    with desk.database.transaction() as session:
        results = advance_many(
            session, [Request(case_id, given) for case_id in cases], Action.FUND,
            by=By("person:3", Role.SECRETARY), at=moment("2026-09-15"),
        )  # fmt: skip

    assert [type(result) for result in results] == [Advanced, Advanced, Refused]
    assert desk.value("SELECT committed_cents FROM envelopes WHERE id = 1") == 1_000_000


def test_an_opinion_given_cancels_the_reminders_of_that_funder_only(desk: Desk) -> None:
    case_id = desk.submitted_case()
    desk.run(
        "INSERT INTO funders (contract_id, code, name) SELECT 1, 'f' || n, 'F' || n FROM generate_series(3, 12) n"
    )
    desk.move(case_id, Action.ASK_OPINIONS, given=Given(funder_ids=(1, 12)))

    desk.move(case_id, Action.GIVE_OPINION, role=Role.FUNDER, given=Given(funder_id=1, opinion="favourable"))

    assert desk.rows(
        "SELECT DISTINCT recipient FROM timers WHERE settled_at IS NULL AND recipient LIKE 'funder:%%'"
    ) == [("funder:12",)]
