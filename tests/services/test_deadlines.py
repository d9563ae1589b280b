"""Deadlines: due ranges, catch-up without storms, plans made anew."""

import itertools
import threading
from datetime import date, timedelta

import pytest

from parvis.services import deadlines, jobs, upcoming
from parvis.states.calendar import is_working_day, paris_day
from parvis.states.facts import By, Given
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


def test_a_sweep_leaves_to_another_the_batch_it_holds_and_fires_the_others(desk: Desk) -> None:
    cases = [desk.case_awaiting_documents(reply_by="2026-06-30") for _ in range(6)]
    at = moment("2026-07-01")

    first, *others = jobs.due_batches(desk.database, at, size=2)
    with desk.database.transaction() as session:
        held = deadlines.fire(session, first, at=at)
        shared = [jobs.fire_deadlines(desk.database, batch, at) for batch in (first, *others)]
    again = [jobs.fire_deadlines(desk.database, batch, at) for batch in (first, *others)]

    assert [each.moved for each in shared] == [0, 2, 2]
    assert held.moved == 2
    assert sum(each.total for each in again) == 0
    assert {desk.stage(case) for case in cases} == {"lapsed"}


@pytest.mark.parametrize(
    ("due", "batches"), [(1, 1), (250, 1), (251, 2), (4_000, 16), (16_000, 16), (100_000, 16), (400_000, 20)]
)
def test_what_is_due_is_cut_into_enough_batches_for_several_workers(due: int, batches: int) -> None:
    assert -(-due // deadlines.shared_size(due)) == batches


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


def a_case_whose_report_waits(desk: Desk) -> int:
    """A funded case of June 2026 whose report came in on 2 July 2026 and is looked at by nobody."""
    case_id = desk.case_in_committee()
    desk.hold_session()
    amounts = Given(amounts=(("etat", 100_000),))
    desk.move(case_id, Action.FUND, at="2026-06-26", role=Role.SECRETARY, given=amounts)
    desk.move(case_id, Action.RECEIVE_REPORT, at="2026-07-02")
    return case_id


def test_a_report_nobody_looks_at_is_said_late_as_long_as_nobody_does(desk: Desk) -> None:
    a_case_whose_report_waits(desk)
    nothing_open = (
        "SELECT count(*) FROM cases c WHERE NOT EXISTS (SELECT FROM timers WHERE settled_at IS NULL)"
    )

    for day in range(0, 900, 3):
        at = f"{date(2026, 7, 3) + timedelta(days=day)} 12:00"
        desk.sweep(at=at)
        assert desk.sweep(at=at).total == 0
        assert desk.value(nothing_open) == 0

    said = [
        paris_day(row[0])
        for row in desk.rows(
            "SELECT owed_at FROM letters WHERE template = 'stage_late' AND recipient = 'manager' ORDER BY 1"
        )
    ]
    gaps = [(later - sooner).days for sooner, later in itertools.pairwise(said)]
    assert len(said) > 20
    assert min(gaps) >= 30
    assert max(gaps) <= 35
    assert all(is_working_day(paris_day(due)) for (due,) in desk.rows("SELECT due_at FROM timers"))


def test_after_a_year_of_silence_what_repeats_is_said_once_and_planned_once(desk: Desk) -> None:
    case_id = a_case_whose_report_waits(desk)
    before = desk.letters(case_id)

    desk.sweep(at="2027-12-01 12:00")

    assert desk.letters(case_id) == before + 2, "one to the instructor, one to the manager"
    assert desk.rows(
        "SELECT recipient, due_at, count(*) FROM timers WHERE settled_at IS NULL GROUP BY 1, 2 ORDER BY 1"
    ) == [("instructor", moment("2027-12-31 08:00"), 1), ("manager", moment("2027-12-31 08:00"), 1)]
    assert desk.sweep(at="2027-12-01 12:01").total == 0


def test_moving_on_ends_what_was_repeated(desk: Desk) -> None:
    case_id = desk.submitted_case("2026-06-01")
    desk.sweep(at="2026-06-25 12:00")
    opened = "SELECT count(*) FROM timers WHERE settled_at IS NULL AND occurrence LIKE '%%@%%'"
    assert desk.value(opened) == 1

    desk.move(case_id, Action.CHECK_ELIGIBILITY, at="2026-06-26")

    assert desk.value(opened) == 0


def test_a_plan_made_anew_keeps_what_was_repeated_and_takes_the_new_pace(desk: Desk) -> None:
    case_id = a_case_whose_report_waits(desk)
    desk.sweep(at="2027-12-01 12:00")
    repeated = "SELECT rule, occurrence, due_at FROM timers WHERE settled_at IS NULL ORDER BY 1"
    before = desk.rows(repeated)

    assert replanned(desk, case_id) == deadlines.Replanned(0, 0)
    assert desk.rows(repeated) == before
    desk.run("UPDATE calls SET digest = 'paced', document = jsonb_set(document, '{times,repeat_days}', '7')")
    replanned(desk, case_id)
    desk.sweep(at="2027-12-31 12:00")

    assert (
        desk.rows("SELECT due_at FROM timers WHERE settled_at IS NULL") == [(moment("2028-01-07 08:00"),)] * 2
    )


def replanned(desk: Desk, case_id: int) -> deadlines.Replanned:
    with desk.database.transaction() as session:
        return deadlines.replan(session, [case_id], at=moment("2027-12-02"))


def test_one_that_is_set_aside_comes_back_at_its_next_turn(desk: Desk) -> None:
    a_case_whose_report_waits(desk)
    desk.sweep(at="2027-12-01 12:00")
    code = "r{}".format(
        desk.value("SELECT id FROM timers WHERE settled_at IS NULL AND recipient = 'manager'")
    )

    with desk.database.transaction() as session:
        upcoming.drop(
            session, code, by=By("ines@ville.example", Role.INSTRUCTOR), at=moment("2027-12-15"), reason="Vu."
        )

    assert desk.rows(
        "SELECT outcome, due_at FROM timers WHERE recipient = 'manager' AND due_at > %(at)s ORDER BY due_at",
        at=moment("2027-12-02"),
    ) == [("declined", moment("2027-12-31 08:00")), (None, moment("2028-01-14 08:00"))]
