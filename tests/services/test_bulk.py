"""Bulk actions: what is common, what would happen, doing it in batches, and taking letters back in time."""

from datetime import timedelta

import pytest

from parvis.services import bulk
from parvis.services.advance import IdempotencyMismatchError
from parvis.services.bulk import RunNotFoundError, TakenBack, TooManyError
from parvis.services.bulk_preview import preview
from parvis.states.bulk import Withheld
from parvis.states.facts import NOTHING, By, Given
from parvis.states.stages import Action, Role
from tests.services.desk import Desk, moment

INES = By("person:1", Role.INSTRUCTOR)
REASON = Given(reason="Hors contrat")


def ask(
    desk: Desk, cases: list[int], action: Action = Action.DECLARE_INELIGIBLE, *, given: Given = REASON,
    key: str = "k", at: str = "2026-06-02 10:00",
) -> bulk.Run:  # fmt: skip
    with desk.database.transaction() as session:
        return bulk.ask(session, cases, action, by=INES, given=given, key=key, at=moment(at))


def proceed(desk: Desk, run: bulk.Run, at: str = "2026-06-02 10:00") -> bulk.Run:
    return bulk.proceed(desk.database, run.id, at=moment(at))


def take_back(desk: Desk, run: bulk.Run, at: str = "2026-06-02 10:05") -> TakenBack:
    with desk.database.transaction() as session:
        return bulk.take_back(session, run.id, by=By("person:4", Role.MANAGER), at=moment(at))


def withheld(desk: Desk, run: bulk.Run) -> dict[int, str | None]:
    with desk.database.transaction() as session:
        return {result.case_id: result.withheld for result in bulk.read_results(session, run.id)}


def test_the_actions_offered_are_those_every_case_allows(desk):
    submitted, waiting = desk.submitted_case(), desk.case_awaiting_documents("2026-07-30")

    with desk.database.transaction() as session:
        alone = bulk.common_actions(session, [submitted], role=Role.INSTRUCTOR)
        both = bulk.common_actions(session, [submitted, waiting], role=Role.INSTRUCTOR)
        none = bulk.common_actions(session, [], role=Role.INSTRUCTOR)

    assert Action.DECLARE_INELIGIBLE in alone
    assert set(both) == {Action.WITHDRAW, Action.ASSIGN, Action.RECEIVE_DOCUMENTS}
    assert none == ()


def test_a_preview_says_what_would_happen_and_who_would_be_written_to_and_changes_nothing(desk):
    one = desk.submitted_case()
    other = desk.submitted_case(siret="35600000000048", organisation="Sans adresse", email="")
    waiting = desk.case_awaiting_documents("2026-07-30")
    before = desk.rows("SELECT id, version, stage FROM cases ORDER BY id")

    seen = preview(
        desk.database, [one, other, waiting], Action.DECLARE_INELIGIBLE, by=INES, given=REASON,
        at=moment("2026-06-02 10:00"),
    )  # fmt: skip

    assert (seen.total, seen.done, seen.stages) == (3, 2, (("ineligible", 2),))
    assert [(blocked.reason.code, blocked.count, blocked.cases) for blocked in seen.blocked] == [
        ("not_from_here", 1, (("ANNUEL-2026-00003", "Association Exemple"),))
    ]
    (mail,) = seen.mail
    assert (mail.template, mail.count, mail.without_address) == ("ineligible", 2, ("Sans adresse",))
    assert set(mail.names) == {"Association Exemple", "Sans adresse"}
    assert desk.rows("SELECT id, version, stage FROM cases ORDER BY id") == before
    assert desk.value("SELECT count(*) FROM letters WHERE template = 'ineligible'") == 0


def test_a_run_does_nothing_before_it_proceeds_then_gives_a_result_for_each_case(desk):
    cases = [desk.submitted_case() for _ in range(3)]
    waiting = desk.case_awaiting_documents("2026-07-30")

    run = ask(desk, [*cases, waiting])
    assert (run.total, run.waiting, desk.stage(cases[0])) == (4, 4, "submitted")
    done = proceed(desk, run)

    assert (done.done, done.refused, done.waiting) == (3, 1, 0)
    assert done.finished_at is not None
    assert {desk.stage(case) for case in cases} == {"ineligible"}
    with desk.database.transaction() as session:
        results = bulk.read_results(session, run.id)
    assert [(result.outcome, result.stage) for result in results] == [
        *[("done", "ineligible")] * 3, ("refused", None),
    ]  # fmt: skip
    assert results[-1].reasons[0]["code"] == "not_from_here"


def test_an_interrupted_run_goes_on_where_it_stopped_and_never_does_a_case_twice(desk):
    cases = [desk.submitted_case() for _ in range(5)]
    run = ask(desk, cases)

    class PowerCutError(Exception):
        pass

    def cut(run: bulk.Run) -> None:
        raise PowerCutError

    with pytest.raises(PowerCutError):
        bulk.proceed(desk.database, run.id, at=moment("2026-06-02 10:00"), batch=2, progress=cut)
    assert [desk.stage(case) for case in cases].count("ineligible") == 2

    heard: list[int] = []
    done = bulk.proceed(
        desk.database, run.id, at=moment("2026-06-02 11:00"), batch=2,
        progress=lambda so_far: heard.append(so_far.waiting),
    )  # fmt: skip
    again = proceed(desk, run, at="2026-06-02 12:00")

    assert (done.done, again.done, heard) == (5, 5, [1, 0, 0])
    assert desk.value("SELECT count(*) FROM journal WHERE action = 'declare_ineligible'") == 5


def test_a_case_that_changed_since_it_was_chosen_is_refused(desk):
    case = desk.submitted_case()
    run = ask(desk, [case])

    desk.move(case, Action.CHECK_ELIGIBILITY, at="2026-06-02 09:30")

    assert proceed(desk, run).refused == 1
    assert desk.stage(case) == "submitted"


def test_the_same_request_with_the_same_key_is_the_same_run_and_another_is_refused(desk):
    cases = [desk.submitted_case(), desk.submitted_case()]
    run = ask(desk, cases)
    proceed(desk, run)

    assert ask(desk, list(reversed(cases)), at="2026-06-02 10:20").id == run.id
    with pytest.raises(IdempotencyMismatchError):
        ask(desk, cases[:1])


def test_what_a_person_brought_is_kept_as_it_was(desk):
    case = desk.submitted_case()
    given = Given(documents=("rib",), reply_by=moment("2026-07-01").date())

    proceed(desk, ask(desk, [case], Action.REQUEST_DOCUMENTS, given=given))

    assert desk.value("SELECT reply_by::text FROM cases") == "2026-07-01"
    assert desk.value("SELECT count(*) FROM documents WHERE requested_at IS NOT NULL AND code = 'rib'") == 1


def test_letters_of_a_run_wait_before_they_leave_and_no_other_letter_does(desk):
    case = desk.submitted_case()
    proceed(desk, ask(desk, [case]))

    waits = dict(desk.rows("SELECT template, not_before - owed_at FROM letters"))

    assert waits == {"acknowledge": timedelta(0), "ineligible": bulk.WAIT}


def test_taken_back_in_time_a_run_writes_to_nobody_and_its_moves_stand(desk):
    cases = [desk.submitted_case(), desk.submitted_case()]
    run = ask(desk, cases)
    proceed(desk, run)

    assert take_back(desk, run) == TakenBack(withheld=2)
    assert take_back(desk, run) == TakenBack()

    assert desk.rows("SELECT DISTINCT stage, note FROM letters WHERE template = 'ineligible'") == [
        ("dropped", f"Envoi groupé n° {run.id} annulé avant le départ des lettres.")
    ]
    assert {desk.stage(case) for case in cases} == {"ineligible"}
    assert desk.value("SELECT withheld_by FROM bulk_runs") == "person:4"
    assert desk.value("SELECT count(*) FROM letters WHERE template = 'acknowledge' AND stage = 'owed'") == 2


def test_a_letter_that_left_and_a_case_that_moved_are_told_apart_and_left_alone(desk):
    left, moved, held = (desk.submitted_case() for _ in range(3))
    run = ask(desk, [left, moved, held])
    proceed(desk, run)
    desk.run(
        "UPDATE letters SET stage = 'sent', rendered_at = now() WHERE template = 'ineligible' AND case_id = %(id)s",
        id=left,
    )
    desk.move(moved, Action.REOPEN, role=Role.MANAGER, at="2026-06-02 10:02", given=Given(reason="Erreur"))

    assert take_back(desk, run) == TakenBack(withheld=1, left=1, moved=1)

    assert withheld(desk, run) == {left: Withheld.LEFT, moved: Withheld.MOVED, held: Withheld.WITHHELD}
    assert desk.letters(moved, "ineligible") == 1
    assert (
        desk.value("SELECT stage FROM letters WHERE template = 'ineligible' AND case_id = %(id)s", id=moved)
        == "owed"
    )


def test_taken_back_halfway_a_run_leaves_the_other_cases_as_they_are(desk):
    cases = [desk.submitted_case() for _ in range(3)]
    run = ask(desk, cases)

    class PowerCutError(Exception):
        pass

    def cut(run: bulk.Run) -> None:
        raise PowerCutError

    with pytest.raises(PowerCutError):
        bulk.proceed(desk.database, run.id, at=moment("2026-06-02 10:00"), batch=1, progress=cut)

    assert take_back(desk, run) == TakenBack(withheld=1, stopped=2)
    after = proceed(desk, run, at="2026-06-02 10:06")

    assert (after.done, after.refused, after.waiting) == (1, 2, 0)
    assert [desk.stage(case) for case in cases] == ["ineligible", "submitted", "submitted"]


def test_a_move_that_owes_no_letter_has_none_to_withhold(desk):
    run = ask(desk, [desk.submitted_case()], Action.CHECK_ELIGIBILITY, given=NOTHING)
    proceed(desk, run)

    assert take_back(desk, run) == TakenBack(none=1)


def test_a_run_takes_ten_thousand_cases_at_most(desk):
    with desk.database.transaction() as session, pytest.raises(TooManyError):
        bulk.ask(
            session, range(10_001), Action.ASSIGN, by=INES, given=NOTHING, key="x", at=moment("2026-06-02")
        )


def test_a_run_nobody_asked_for_is_not_found(desk):
    with pytest.raises(RunNotFoundError):
        bulk.proceed(desk.database, 99, at=moment("2026-06-02"))
