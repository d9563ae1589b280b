"""What a run is judged by: a leak is found whatever the noise, a warm-up and a peak are not one."""

import random

import pytest

from tests.soak.judging import FEWEST, judge

CHANCE = random.Random(1)


def run(**values):
    """Samples of a quiet run of 120 moments, but for what `values` say of a moment (from 0 to 1)."""
    quiet = {
        "web, memory": lambda at: 200 + CHANCE.uniform(-3, 3), "web, handles": lambda at: 40,
        "web, threads": lambda at: 20,
        "idle in transaction": lambda at: 0, "oldest transaction": lambda at: CHANCE.random(),
        "connections": lambda at: 12,
        "dead rows": lambda at: CHANCE.uniform(2, 12), "letters late": lambda at: 0, "timers late": lambda at: 0,
        "deadlocks": lambda at: 0, "temporary files": lambda at: CHANCE.randrange(3),
    }  # fmt: skip
    said = quiet | {name.replace("__", ", ").replace("_", " "): value for name, value in values.items()}
    return [{name: of(moment / 120) for name, of in said.items()} for moment in range(120)]


def broken(samples):
    return [verdict.name for verdict in judge(samples) if not verdict.kept]


def test_a_quiet_run_keeps_every_rule():
    assert broken(run()) == []


def test_a_warm_up_and_a_peak_are_no_leak():
    assert broken(run(web__memory=lambda at: min(200, 80 + 900 * at) + CHANCE.uniform(-3, 3))) == []
    assert broken(run(web__memory=lambda at: 600 if 0.8 < at < 0.85 else 200)) == []


@pytest.mark.parametrize(
    ("name", "grows"),
    [
        ("web__memory", lambda at: 200 + 90 * at + CHANCE.uniform(-3, 3)),
        ("web__handles", lambda at: 40 + 90 * at),
        ("web__threads", lambda at: 20 + 20 * at),
        ("connections", lambda at: 12 + 200 * at**3),
        ("dead_rows", lambda at: 5 + 60 * at),
        ("letters_late", lambda at: 300 * at),
        ("temporary_files", lambda at: 40 * at),
        ("oldest_transaction", lambda at: 120 * at),
    ],
)
def test_what_grows_is_found(name, grows):
    assert broken(run(**{name: grows})) == [name.replace("__", ", ").replace("_", " ")]


def test_a_transaction_left_open_once_is_one_too_many():
    assert broken(run(idle_in_transaction=lambda at: 1 if at == 0.5 else 0)) == ["idle in transaction"]


def test_a_run_too_short_is_not_judged():
    with pytest.raises(ValueError, match="say nothing"):
        judge(run()[: FEWEST - 1])
