"""The letters of the next days: seen as they will be read, put off, set aside."""

import pytest

from parvis.services import deadlines, upcoming
from parvis.states.facts import By
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError
from tests.services.desk import Desk, moment

OFFICER = By("person:1", Role.INSTRUCTOR)


def codes(desk: Desk, at: str) -> dict[str, str]:
    with desk.database.transaction() as session:
        return {one.template: one.code for one in upcoming.upcoming(session, at=moment(at))}


def test_the_next_fourteen_days_list_letters_owed_and_reminders_to_come(desk: Desk) -> None:
    desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-10")

    with desk.database.transaction() as session:
        listed = upcoming.upcoming(session, at=moment("2026-06-18"))

    assert [one.template for one in listed] == [
        "acknowledge", "documents_requested", "documents_reminder", "documents_reminder", "lapsed",
    ]  # fmt: skip
    assert listed[2].name == "Association Exemple"


def test_a_reminder_to_come_can_be_read_as_its_recipient_will(desk: Desk) -> None:
    desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-10")

    with desk.database.transaction() as session:
        shown = upcoming.preview(session, codes(desk, "2026-06-18")["documents_reminder"])

    assert shown.address == "contact@asso.example"
    assert "30 juin 2026" in shown.rendered.text
    assert "RIB" in shown.rendered.text


def test_not_this_one_keeps_a_reminder_from_leaving(desk: Desk) -> None:
    desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-10")
    last = codes(desk, "2026-06-18")["documents_reminder"]

    with desk.database.transaction() as session:
        upcoming.drop(session, last, by=OFFICER, at=moment("2026-06-18"), reason="Vu au téléphone")
    desk.sweep(at="2026-06-24")
    desk.sweep(at="2026-06-29 12:00")

    assert desk.value("SELECT count(*) FROM letters WHERE template = 'documents_reminder'") == 1
    assert desk.value("SELECT note FROM timers WHERE outcome = 'declined'") == "person:1: Vu au téléphone"


def test_a_letter_put_off_waits_for_its_day(desk: Desk) -> None:
    desk.submitted_case("2026-06-10")

    with desk.database.transaction() as session:
        upcoming.snooze(session, "l1", until=moment("2026-06-20"), by=OFFICER, at=moment("2026-06-10"))

    assert desk.value("SELECT not_before FROM letters WHERE id = 1") == moment("2026-06-20")


def test_planning_anew_leaves_a_reminder_where_a_person_put_it(desk: Desk) -> None:
    case_id = desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-10")
    code = codes(desk, "2026-06-18")["documents_reminder"]

    with desk.database.transaction() as session:
        upcoming.snooze(session, code, until=moment("2026-06-30 08:00"), by=OFFICER, at=moment("2026-06-18"))
        deadlines.replan(session, [case_id], at=moment("2026-06-19"))

    assert desk.value("SELECT due_at FROM timers WHERE id = %(id)s", id=int(code[1:])) == moment(
        "2026-06-30 08:00"
    )


def test_a_reminder_cannot_be_put_off_beyond_the_date_it_warns_of(desk: Desk) -> None:
    desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-10")
    last = codes(desk, "2026-06-18")["documents_reminder"]

    with desk.database.transaction() as session, pytest.raises(MoveRefusedError, match="too_late"):
        upcoming.snooze(session, last, until=moment("2026-07-01 00:00"), by=OFFICER, at=moment("2026-06-18"))


def test_a_deadline_is_no_reminder_and_cannot_be_set_aside(desk: Desk) -> None:
    desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-10")
    lapse = codes(desk, "2026-06-18")["lapsed"]

    with desk.database.transaction() as session, pytest.raises(MoveRefusedError, match="is_a_move"):
        upcoming.drop(session, lapse, by=OFFICER, at=moment("2026-06-18"), reason="non")


def test_dropping_needs_a_reason_and_an_unsent_letter(desk: Desk) -> None:
    desk.submitted_case("2026-06-10")
    with desk.database.transaction() as session, pytest.raises(MoveRefusedError, match="reason_given"):
        upcoming.drop(session, "l1", by=OFFICER, at=moment("2026-06-10"), reason=" ")

    desk.run("UPDATE letters SET stage = 'gathered'")
    with desk.database.transaction() as session, pytest.raises(MoveRefusedError, match="not_from_here"):
        upcoming.drop(session, "l1", by=OFFICER, at=moment("2026-06-10"), reason="trop tard")


@pytest.mark.parametrize("code", ["", "l", "x1", "l-1", "l9999", "r٣", "l1; DROP TABLE letters"])
def test_an_unknown_code_is_not_found(desk: Desk, code: str) -> None:
    with desk.database.transaction() as session, pytest.raises(upcoming.NoSuchLetterError):
        upcoming.preview(session, code)


def test_a_failed_letter_mended_is_owed_again_and_its_task_done(desk: Desk) -> None:
    desk.submitted_case("2026-06-10", email=None)
    desk.run("UPDATE letters SET stage = 'failed'")
    desk.run(
        "INSERT INTO tasks (key, contract_id, kind, title_fr, title_en, opened_at)"
        " SELECT 'letter/1', id, 'call', 'x', 'x', now() FROM contracts"
    )

    with desk.database.transaction() as session:
        upcoming.resend(session, "l1", by=OFFICER, at=moment("2026-06-11"))

    assert desk.value("SELECT stage FROM letters") == "owed"
    assert desk.value("SELECT count(*) FROM tasks WHERE done_at IS NULL") == 0


def test_a_letter_cannot_be_put_off_to_a_day_that_has_passed(desk: Desk) -> None:
    desk.submitted_case("2026-06-10")

    with desk.database.transaction() as session, pytest.raises(MoveRefusedError, match="past"):
        upcoming.snooze(session, "l1", until=moment("2026-06-09"), by=OFFICER, at=moment("2026-06-10"))


@pytest.mark.parametrize(
    ("looked_at", "leaves"),
    [
        ("2026-06-24 07:00", "2026-06-24 07:30"),
        ("2026-06-24 07:30", "2026-06-24 07:30"),
        ("2026-06-24 12:00", "2026-06-25 07:30"),
        ("2026-06-26 12:00", "2026-06-29 07:30"),
        ("2026-07-13 12:00", "2026-07-15 07:30"),
    ],
)
def test_a_letter_kept_for_a_digest_is_listed_at_the_next_one(
    desk: Desk, looked_at: str, leaves: str
) -> None:
    desk.run("UPDATE people SET delivery = 'digest' WHERE role = 'instructor'")
    desk.submitted_case("2026-06-01")
    desk.sweep(at="2026-06-23 12:00")
    kept = "SELECT count(*) FROM letters WHERE recipient = 'instructor'"
    assert desk.value(kept) == 1

    with desk.database.transaction() as session:
        listed = upcoming.upcoming(session, at=moment(looked_at))

    late = next(one for one in listed if one.template == "stage_late" and one.kind == "letter")
    assert (late.gathered, late.leaves_at) == (True, moment(leaves))
    assert all(one.leaves_at >= moment(looked_at) for one in listed)
    assert [one.leaves_at for one in listed] == sorted(one.leaves_at for one in listed)


def test_a_reminder_to_come_for_somebody_who_reads_digests_is_listed_at_the_one_after_it(desk: Desk) -> None:
    desk.run("UPDATE people SET delivery = 'digest' WHERE role = 'instructor'")
    desk.submitted_case("2026-06-01")

    with desk.database.transaction() as session:
        listed = {one.template: one for one in upcoming.upcoming(session, at=moment("2026-06-18"))}

    assert listed["stage_late"].leaves_at == moment("2026-06-24 07:30")
    assert listed["acknowledge"].leaves_at == moment("2026-06-18")
