"""Deadlines: due ranges, catch-up without storms, plans made anew."""

import threading
from datetime import date

import pytest

from parvis.services import deadlines
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError
from tests.services.desk import Desk, moment


def test_a_reply_after_the_date_finds_the_case_lapsed_and_leaves_one_letter(desk: Desk) -> None:
    case_id = desk.case_awaiting_documents(reply_by="2026-06-30")

    desk.sweep(at="2026-07-01 00:00")

    assert desk.stage(case_id) == "lapsed"
    assert desk.letters(case_id, "lapsed") == 1
    with pytest.raises(MoveRefusedError):
        desk.move(case_id, Action.RECEIVE_DOCUMENTS, at="2026-07-01 09:00", given=Given(documents=("rib",)))


def test_a_reply_in_the_last_second_of_the_date_is_in_time(desk: Desk) -> None:
    case_id = desk.case_awaiting_documents(reply_by="2026-06-30")

    fired = desk.sweep(at="2026-06-30 23:59")

    assert fired.moved == 0
    assert desk.stage(case_id) == "incomplete"


@pytest.mark.parametrize("silent_days", ["2026-06-24", "2026-06-29", "2026-07-13"])
def test_after_days_of_silence_a_case_gets_one_letter_per_recipient(desk: Desk, silent_days: str) -> None:
    case_id = desk.case_awaiting_documents(reply_by="2026-06-30")
    before = desk.letters(case_id)

    desk.sweep(at=silent_days)
    again = desk.sweep(at=silent_days)

    letters = desk.rows(
        "SELECT recipient, count(*) FROM letters WHERE owed_at = %(at)s GROUP BY 1", at=moment(silent_days)
    )
    assert all(count == 1 for _, count in letters)
    assert desk.letters(case_id) == before + 1
    assert again.total == 0


def test_only_the_latest_due_reminder_leaves_and_the_others_are_superseded(desk: Desk) -> None:
    case_id = desk.case_awaiting_documents(reply_by="2026-06-30")

    fired = desk.sweep(at="2026-06-29 12:00")

    assert (fired.owed, fired.superseded) == (1, 1)
    assert desk.rows(
        "SELECT rule, outcome FROM timers WHERE outcome IN ('fired', 'superseded') ORDER BY due_at"
    ) == [
        ("reply-7", "superseded"),
        ("reply-1", "fired"),
    ]
    assert desk.letters(case_id, "documents_reminder") == 1


def test_a_sweep_with_nothing_due_writes_nothing(desk: Desk) -> None:
    desk.case_awaiting_documents(reply_by="2026-06-30")
    before = desk.value("SELECT count(*) FROM journal")

    fired = desk.sweep(at="2026-06-05")

    assert fired == deadlines.Fired()
    assert desk.value("SELECT count(*) FROM journal") == before


def test_silence_is_recorded_and_said_but_closes_nothing(desk: Desk) -> None:
    case_id = desk.submitted_case("2026-06-01")

    desk.sweep(at="2026-08-04 09:00")

    assert desk.stage(case_id) == "submitted"
    assert desk.letters(case_id, "statutory_silence") == 2
    assert desk.value("SELECT count(*) FROM journal WHERE action = 'record_silence'") == 1
    assert desk.sweep(at="2026-08-04 09:01").moved == 0


def test_many_sweeps_at_once_owe_each_letter_once(desk: Desk) -> None:
    for _ in range(30):
        desk.case_awaiting_documents(reply_by="2026-06-30")
    fired: list[deadlines.Fired] = []

    threads = [
        threading.Thread(target=lambda: fired.append(desk.sweep("2026-06-29 12:00"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fired.append(desk.sweep("2026-06-29 12:00"))

    assert sum(one.owed for one in fired) == 30
    assert desk.value("SELECT count(*) FROM letters WHERE template = 'documents_reminder'") == 30


def test_a_later_reply_date_starts_its_reminders_anew(desk: Desk) -> None:
    case_id = desk.case_awaiting_documents(reply_by="2026-06-30")
    desk.sweep(at="2026-06-23 12:00")

    desk.move(case_id, Action.EXTEND_REPLY, at="2026-06-24", given=Given(reply_by=date(2026, 7, 31)))
    desk.sweep(at="2026-07-01 12:00")
    desk.sweep(at="2026-07-24 12:00")

    assert desk.stage(case_id) == "incomplete"
    assert desk.rows("SELECT deadline FROM timers WHERE outcome = 'fired' ORDER BY due_at") == [
        (date(2026, 6, 30),),
        (date(2026, 7, 31),),
    ]


def test_a_changed_rule_plans_open_cases_anew_without_saying_again_what_was_said(desk: Desk) -> None:
    case_id = desk.case_awaiting_documents(reply_by="2026-06-30")
    desk.sweep(at="2026-06-23 12:00")
    desk.run(
        "UPDATE calls SET digest = 'two', document = jsonb_set(document, '{times,documents_reminders}', '[-7, -3]')"
    )

    with desk.database.transaction() as session:
        changed = deadlines.replan_call(session, 1, at=moment("2026-06-24"))
        unchanged = deadlines.replan_call(session, 1, at=moment("2026-06-24"))
    desk.sweep(at="2026-06-29 12:00")

    assert (changed.cancelled, changed.written) == (1, 1)
    assert (unchanged.cancelled, unchanged.written) == (0, 0)
    assert desk.letters(case_id, "documents_reminder") == 2


def test_leaving_a_stage_cancels_its_timers(desk: Desk) -> None:
    case_id = desk.case_awaiting_documents(reply_by="2026-06-30")

    desk.move(case_id, Action.WITHDRAW, at="2026-06-10", role=Role.APPLICANT)

    assert desk.value("SELECT count(*) FROM timers WHERE settled_at IS NULL") == 0
    assert desk.sweep(at="2026-08-30").total == 0


def test_a_case_whose_documents_have_all_arrived_is_complete_at_its_reply_date_and_not_lapsed(
    desk: Desk,
) -> None:
    case_id = desk.case_awaiting_documents(reply_by="2026-06-30")
    desk.move(case_id, Action.RECEIVE_DOCUMENTS, at="2026-06-30 23:00", given=Given(documents=("rib",)))

    fired = desk.sweep(at="2026-07-01 00:00")

    assert (fired.moved, fired.refused) == (1, 0)
    assert desk.stage(case_id) == "submitted"
    assert desk.letters(case_id, "lapsed") == 0


def test_planning_anew_leaves_to_the_sweep_what_was_already_due(desk: Desk) -> None:
    case_id = desk.case_awaiting_documents(reply_by="2026-06-30")

    with desk.database.transaction() as session:
        changed = deadlines.replan(session, [case_id], at=moment("2026-06-29 12:00"))
    fired = desk.sweep(at="2026-06-29 12:00")

    assert changed == deadlines.Replanned(0, 0)
    assert (fired.owed, fired.superseded) == (1, 1)
