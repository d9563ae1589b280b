"""What is proved of every table of moves: nothing stuck, nothing ambiguous, nothing refused without a reason."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, product
from typing import Any

import pytest

from parvis.states.agreement_table import AGREEMENTS
from parvis.states.case_table import CASES, INSTEAD
from parvis.states.letter_table import LETTERS as LETTER_TABLE
from parvis.states.sitting_table import SITTINGS
from parvis.states.stages import ROLE_WORDS, Action, Role, Stage
from parvis.states.table import (
    Clock,
    Guard,
    Move,
    MoveRefusedError,
    StaleVersionError,
    Table,
    decide,
    options,
)
from parvis.states.words import Sentence
from tests.states.changes import Change
from tests.states.examples import SUBJECTS, Subject, assert_readable, every_table


def steps(table: Table[Any]) -> set[tuple[str, str]]:
    return {(source, move.target) for move in table.moves if move.target for source in move.sources}


def reached(starts: set[str], pairs: set[tuple[str, str]]) -> set[str]:
    found = set(starts)
    while more := {target for source, target in pairs if source in found} - found:
        found |= more
    return found


def triples(table: Table[Any]) -> Iterator[tuple[str, str, str]]:
    return product(table.stages, table.actions, Role)


def rows(table: Table[Any]) -> Iterator[tuple[Move[Any], str, str]]:
    for move in table.moves:
        for source, role in product(move.sources, move.by):
            yield move, source, role


def failures(subject: Subject, move: Move[Any]) -> Iterator[tuple[Guard[Any], Change]]:
    for guard in move.only_if:
        for fail in subject.examples[guard.code].fail:
            yield guard, fail


@every_table
def test_every_stage_can_be_reached_from_the_first(subject: Subject) -> None:
    table = subject.table

    assert reached({table.initial}, steps(table)) == set(table.stages)


@every_table
def test_a_final_stage_can_be_reached_from_every_stage(subject: Subject) -> None:
    table = subject.table
    backwards = {(target, source) for source, target in steps(table)}

    assert table.finals
    assert reached(set(table.finals), backwards) == set(table.stages)


def test_the_finals_are_those_of_the_rulebook() -> None:
    assert {str(stage) for stage in CASES.finals} == {
        "evaluated", "ineligible", "lapsed", "rejected", "withdrawn", "reclaimed",
    }  # fmt: skip
    assert {str(stage) for stage in LETTER_TABLE.finals} == {"sent", "gathered", "dropped"}
    assert {str(stage) for stage in SITTINGS.finals} == {"closed", "cancelled"}
    assert {str(stage) for stage in AGREEMENTS.finals} == {"renewed", "ended", "terminated"}


def test_a_final_case_moves_again_only_when_a_manager_reopens_it() -> None:
    leaving = {
        (m.action, m.by) for m in CASES.moves for source in m.sources if m.target and source in CASES.finals
    }

    assert leaving == {(Action.REOPEN, (Role.MANAGER,))}


def test_the_spine_leads_from_a_deposit_to_an_evaluation() -> None:
    spine = [Stage.DRAFT, Stage.SUBMITTED, Stage.INSTRUCTED, Stage.COMMITTEE, Stage.FUNDED, Stage.EVALUATED]

    assert set(pairwise(spine)) <= steps(CASES)


@every_table
def test_no_two_rows_could_both_apply(subject: Subject) -> None:
    seen = Counter((source, move.action, role) for move, source, role in rows(subject.table))

    assert [key for key, times in seen.items() if times > 1] == []
    assert seen.keys() == subject.table.index.keys()


@every_table
def test_every_stage_that_is_not_final_has_an_owner_and_a_deadline(subject: Subject) -> None:
    for stage in set(subject.table.stages) - subject.table.finals:
        care = subject.table.care[stage]

        assert care.owner in ROLE_WORDS, stage
        assert care.deadline.fr.strip(), stage
        assert care.deadline.en.strip(), stage
        assert any(care.owner in move.by for move in subject.table.moves if stage in move.sources), stage


@every_table
def test_every_stage_action_and_role_has_its_words(subject: Subject) -> None:
    words = {**subject.table.words, **ROLE_WORDS}

    for code in (*subject.table.stages, *subject.table.actions, *Role):
        assert words[code].fr.strip(), code
        assert words[code].en.strip(), code


@every_table
def test_no_stage_and_action_share_a_code_so_that_neither_takes_the_words_of_the_other(
    subject: Subject,
) -> None:
    assert {str(stage) for stage in subject.table.stages}.isdisjoint(
        {str(each) for each in subject.table.actions}
    )


@every_table
def test_every_action_has_a_row(subject: Subject) -> None:
    assert {move.action for move in subject.table.moves} == set(subject.table.actions)


@every_table
def test_what_stays_in_place_leaves_the_clock_alone(subject: Subject) -> None:
    staying = [move for move in subject.table.moves if move.target is None]

    assert {move.clock for move in staying} <= {Clock.KEEP}


@every_table
def test_every_row_applies_once_its_guards_hold(subject: Subject) -> None:
    for move, stage, role in rows(subject.table):
        assert decide(subject.table, subject.ready(move, stage), move.action, role) is move


@every_table
def test_every_row_is_refused_by_each_of_its_guards_with_a_reason_that_can_be_read(subject: Subject) -> None:
    for move, stage, role in rows(subject.table):
        for guard, fail in failures(subject, move):
            with pytest.raises(MoveRefusedError) as refused:
                decide(subject.table, fail(subject.ready(move, stage)), move.action, role)

            assert guard.code in {reason.code for reason in refused.value.reasons}
            for reason in refused.value.reasons:
                assert_readable(reason)


@every_table
def test_every_row_names_at_once_all_that_blocks_it(subject: Subject) -> None:
    for move, stage, role in rows(subject.table):
        blocking = [guard.code for guard in move.only_if if not guard.holds(subject.at(stage))]
        if blocking:
            with pytest.raises(MoveRefusedError) as refused:
                decide(subject.table, subject.at(stage), move.action, role)

            assert [reason.code for reason in refused.value.reasons] == blocking


@every_table
def test_whatever_the_table_does_not_hold_is_refused_with_a_reason_that_can_be_read(subject: Subject) -> None:
    table = subject.table
    absent = [triple for triple in triples(table) if triple not in table.index]

    for stage, action, role in absent:
        with pytest.raises(MoveRefusedError) as refused:
            decide(table, subject.at(stage), action, role)

        (reason,) = refused.value.reasons
        assert_readable(reason)
        assert reason.code == ("not_your_role" if table.rows(stage, action) else "not_from_here")

    assert len(absent) + len(table.index) == len(table.stages) * len(table.actions) * len(Role)


def test_a_refusal_says_who_may_or_from_where() -> None:
    someone_else = refusal(Stage.COMMITTEE, Action.FUND, Role.INSTRUCTOR)
    elsewhere = refusal(Stage.DRAFT, Action.REOPEN, Role.MANAGER)

    assert someone_else == Sentence(
        "Vous ne pouvez pas « financer ». Rôles qui le peuvent : secrétaire du comité.",
        "You may not “fund”. Roles that may: committee secretary.",
    )
    assert elsewhere == Sentence(
        "« rouvrir » n’est pas possible au stade « brouillon ». Stades où ce l’est : irrecevable, caduc et rejeté.",
        "“reopen” is not possible at stage “draft”. Stages where it is: ineligible, lapsed and rejected.",
    )


def refusal(stage: Stage, action: Action, role: Role) -> Sentence:
    with pytest.raises(MoveRefusedError) as refused:
        decide(CASES, SUBJECTS[0].at(stage), action, role)
    return refused.value.reasons[0].sentence


@every_table
def test_options_are_what_the_table_would_decide(subject: Subject) -> None:
    for move, stage, role in rows(subject.table):
        for facts in (subject.at(stage), subject.ready(move, stage)):
            found = [o for o in options(subject.table, facts) if o.action == move.action and role in o.by]

            assert len(found) == 1
            assert found[0].target == move.target
            assert found[0].allowed == decided(subject.table, facts, move.action, role)


def decided(table: Table[Any], facts: Any, action: str, role: str) -> bool:
    try:
        decide(table, facts, action, role)
    except MoveRefusedError:
        return False
    return True


@every_table
def test_a_version_that_has_passed_is_said_before_anything_else(subject: Subject) -> None:
    facts = subject.at(subject.table.initial)

    for action in subject.table.actions:
        with pytest.raises(StaleVersionError) as stale:
            decide(subject.table, facts, action, Role.MEMBER, expected_version=facts.version - 1)

        assert (stale.value.expected, stale.value.actual) == (facts.version - 1, facts.version)


def test_every_letter_a_row_owes_is_one_that_can_be_written() -> None:
    from parvis.notifications.kinds import LETTERS

    for subject in SUBJECTS:
        owed = {letter.template for move in subject.table.moves for letter in move.letters}

        assert owed <= LETTERS.keys()


def test_every_letter_goes_to_a_reader_it_is_written_for() -> None:
    from parvis.notifications.kinds import LETTERS

    readers = {
        "applicant": {"applicant", "concerned"}, "partners": {"applicant"}, "funders": {"funder"},
        "instructor": {"instructor", "staff", "concerned"}, "manager": {"manager", "staff"},
    }  # fmt: skip

    for letters in [move.letters for move in CASES.moves] + [move.letters for move in AGREEMENTS.moves]:
        for letter in letters:
            assert LETTERS[letter.template].audience in readers[letter.to], letter


def test_what_the_clock_does_instead_is_a_row_of_its_own_from_the_same_stage() -> None:
    for action, instead in INSTEAD.items():
        sources = {s for move in CASES.moves if move.action == action for s in move.sources}

        assert sources
        assert all(CASES.row(source, instead, Role.CLOCK) for source in sources)
