"""A rehearsal goes through the services, tells the same each time, and leaves nothing behind."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date

import pytest

from parvis.models.session import Database
from parvis.services.intake import UnknownCallError
from parvis.services.rehearsal.counting import count
from parvis.services.rehearsal.figures import Figures
from parvis.services.rehearsal.habits import ApplicantHabits, FinanceHabits, Habits, OfficerHabits
from parvis.services.rehearsal.page import page
from parvis.services.rehearsal.play import NothingToRehearseError, Played, Scenario, rehearse
from parvis.services.rehearsal.report import report
from parvis.states.contract import Contract
from parvis.states.stages import Stage
from tests.services.rehearsal.conftest import Stage as Theatre


@dataclass(frozen=True)
class Over:
    """A rehearsal that is over, its database still there."""

    database: Database
    played: Played
    figures: Figures


@pytest.fixture(scope="module")
def play(stage: Theatre, amiens: Contract) -> Callable[[Scenario], AbstractContextManager[Over]]:
    @contextmanager
    def played(scenario: Scenario, contract: Contract = amiens) -> Iterator[Over]:
        with stage() as database:
            over = rehearse(database, contract, scenario)
            yield Over(database, over, count(database, contract, over))

    return played


@pytest.fixture(scope="module")
def over(play, scenario) -> Iterator[Over]:
    with play(scenario) as done:
        yield done


def value(database: Database, statement: str) -> object:
    with database.transaction() as session:
        return session.exec_driver_sql(statement).scalar_one()


def said(figures: Figures) -> tuple[str, str, str]:
    return page(report(figures), "fr"), page(report(figures), "en"), json.dumps(asdict(figures), default=str)


def test_the_same_seed_gives_the_same_report_to_the_byte(play, scenario, over):
    with play(scenario) as again:
        assert said(again.figures) == said(over.figures)


def test_everything_proves_right_at_the_end_and_nothing_is_stuck(over, scenario):
    assert over.played.verification.sound
    assert over.figures.proofs.hold
    assert over.figures.stuck == ()
    assert over.figures.cases == scenario.cases
    assert value(over.database, "SELECT count(*) FROM cases WHERE instructor_id IS NULL") == 0
    assert value(over.database, "SELECT count(*) FROM letters WHERE stage = 'sending'") == 0


def test_time_never_goes_back_for_a_case(over):
    backwards = value(
        over.database,
        "SELECT count(*) FROM journal a JOIN journal b ON b.case_id = a.case_id AND b.seq = a.seq + 1"
        " WHERE b.at < a.at",
    )

    assert backwards == 0


def test_an_officer_who_has_checked_a_case_is_not_told_that_it_waits_to_be_checked(over):
    told_after_checking = value(
        over.database,
        "SELECT count(*) FROM timers t JOIN journal j ON j.case_id = t.case_id AND j.action = 'check_eligibility'"
        " WHERE t.rule LIKE 'check-late%%' AND t.outcome = 'fired' AND t.settled_at > j.at",
    )

    assert told_after_checking == 0


def test_deposits_come_through_the_importer_and_late_ones_are_refused_at_the_door(play):
    late = Habits(applicants=ApplicantHabits(after_closing=1.0))
    scenario = Scenario(("annuel-2027",), date(2027, 10, 1), date(2027, 10, 25), 6, seed=1, habits=late)

    with play(scenario) as over:
        assert value(over.database, "SELECT count(*) FROM cases") == 0
    assert {problem.code for _, problem in over.played.tally.files_refused} == {"late_submission"}
    assert len(over.figures.refused_files) == 6
    assert (over.figures.cases, over.figures.proposals) == (0, 6)


def test_officers_who_forget_and_let_letters_pass_leave_cases_named_as_stuck(play, scenario):
    asleep = Habits(officers=OfficerHabits(forgets=1.0, lets_letter_pass=1.0), stuck_after_days=45)

    with play(replace(scenario, cases=6, last=date(2027, 3, 31), habits=asleep)) as over:
        figures = over.figures

    assert figures.stuck
    assert {one.stage for one in figures.stuck} == {Stage.SUBMITTED}
    assert all(one.officer for one in figures.stuck)
    assert dict(figures.missed)["check"] > 0


def test_applicants_who_never_answer_lapse_and_the_manager_reopens_at_most_two(play, scenario):
    silent = Habits(
        applicants=ApplicantHabits(renewals=0.0, incomplete=1.0, never_answers=1.0, answers_late=0.0,
                                   answers_when_reminded=0.0, protests=1.0, not_eligible=0.0),
        finance=FinanceHabits(most_reopened=2),
    )  # fmt: skip

    with play(replace(scenario, cases=6, last=date(2027, 4, 15), habits=silent)) as over:
        lapses = value(over.database, "SELECT count(*) FROM journal WHERE action = 'lapse'")
        reopened = value(over.database, "SELECT count(*) FROM journal WHERE action = 'reopen'")

    assert isinstance(lapses, int)
    assert lapses >= 4
    assert reopened == over.played.tally.reopened == 2
    assert dict(over.figures.missed)["reply"] == lapses


def test_a_committee_too_small_is_named_and_its_cases_go_to_the_next(play, amiens, scenario):
    pilotage = next(committee for committee in amiens.committees if committee.code == "pilotage")
    small = pilotage.model_copy(update={"capacity": 2})
    cramped = amiens.model_copy(update={"committees": (small,)})

    with play(replace(scenario, cases=8), cramped) as over:
        figures = over.figures

    assert figures.sittings[0].scheduled == 2
    assert figures.sittings[0].turned_away > 0
    assert len(figures.sittings) > 1
    assert [one.code for one in report(figures).sections if one.alarm] == ["sittings"]


def test_a_call_that_takes_no_deposit_then_cannot_be_rehearsed(stage, amiens):
    with stage() as database, pytest.raises(NothingToRehearseError):
        rehearse(database, amiens, Scenario(("annuel-2027",), date(2028, 1, 1), date(2028, 2, 1), 5, seed=1))


@pytest.mark.parametrize("code", ["inconnu", "reprise"])
def test_only_a_call_of_the_contract_that_writes_letters_can_be_rehearsed(stage, amiens, code):
    with stage() as database, pytest.raises(UnknownCallError) as refused:
        rehearse(database, amiens, Scenario((code,), date(2027, 1, 1), date(2027, 2, 1), 5, seed=1))

    assert "annuel-2027" in refused.value.known
    assert "reprise" not in refused.value.known
