"""Whatever happens to a case, in any order and after any wait: somebody will hear of it again."""

from dataclasses import replace
from datetime import time, timedelta

from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from parvis.states.calendar import add_months, local_instant, paris_day
from parvis.states.case_table import CASES, CLOCK_RUNS
from parvis.states.deadlines import silence_on
from parvis.states.stages import Action
from tests.states.stories import SPINE, Story, times

DAY = timedelta(days=1)
walks = st.lists(
    st.tuples(st.integers(0, 2**16), st.integers(1, 45), st.integers(0, 23), st.integers(0, 40)),
    min_size=12,
    max_size=30,
)
ENDS_OR_TELLS_LITTLE = {Action.WITHDRAW, Action.ASSIGN}


@settings(max_examples=50, phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink))
@given(times, st.integers(0, len(SPINE)), walks)
def test_something_is_always_due_and_it_is_what_planning_anew_would_say(rules, spine, walk):
    story = Story.so_far(rules, spine)

    for choice, lag, hour, wait in walk:
        at = local_instant(paris_day(story.facts.at) + lag * DAY, time(hour))
        story.facts = replace(story.facts, at=at)
        allowed = [
            what for what in story.open_to(wait) if choice % 8 == 0 or what[0] not in ENDS_OR_TELLS_LITTLE
        ]
        if not allowed:
            break
        action, role = allowed[choice % len(allowed)]
        outcome = story.move(action, role, at, wait=wait)
        event(f"{action} happened")

        assert len({(timer.rule, timer.occurrence) for timer in outcome.timers}) == len(outcome.timers)
        assert bool(story.timers) == (story.facts.stage not in CASES.finals)
        assert story.missing() == set()
        assert story.unexplained() == set()
        assert_the_clock_is_right(story)


def assert_the_clock_is_right(story: Story) -> None:
    facts = story.facts
    running = [timer for timer in story.timers.values() if timer.rule == "silence"]
    assert bool(running) == (facts.stage in CLOCK_RUNS)
    if running:
        end = silence_on(facts, story.times)
        assert facts.clock_started_on is not None
        assert end is not None
        assert end >= add_months(facts.clock_started_on, 2) + facts.clock_paused_days * DAY
        assert [timer.deadline for timer in running] == [end]
