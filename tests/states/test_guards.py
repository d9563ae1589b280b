"""Every guard of every table: where it holds, where it fails, and how it says so."""

from tests.states.examples import Subject, assert_readable, every_table, guards


@every_table
def test_a_code_names_one_guard_and_every_guard_has_examples(subject: Subject) -> None:
    codes = [guard.code for guard in guards(subject.table)]

    assert len(codes) == len(set(codes))
    assert set(codes) <= subject.examples.keys()


@every_table
def test_every_guard_holds_and_fails_where_its_examples_say(subject: Subject) -> None:
    for guard in guards(subject.table):
        facts = subject.at(subject.table.initial)
        examples = subject.examples[guard.code]

        assert all(guard.holds(hold(facts)) for hold in examples.hold), guard.code
        assert not any(guard.holds(fail(facts)) for fail in examples.fail), guard.code
        assert examples.hold, guard.code
        assert examples.fail, guard.code
        for fail in examples.fail:
            assert_readable(guard.reason(fail(facts)))


@every_table
def test_every_guard_says_its_condition_in_a_few_words(subject: Subject) -> None:
    for guard in guards(subject.table):
        for said in (guard.condition.fr, guard.condition.en):
            assert 0 < len(said) <= 60, said
            assert said[-1] not in ".!", said
            assert "{" not in said, said
