"""Whether something grew: the median of the last third of a run against that of the middle third, with a tolerance.

The first third warms up: templates are compiled, plans prepared, caches filled. A median forgives a peak.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.soak.samples import Sample

FEWEST = 9
"""Samples a run needs to be judged: three in each third."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a measure may do: grow by a `share` of itself and by `more`, and never pass `most`."""

    share: float = 0.0
    more: float = 0.0
    most: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the table: the median of each third, the highest of all, and whether the rule is kept."""

    name: str
    thirds: tuple[float, float, float]
    highest: float
    allowed: float
    unit: str
    kept: bool


RULES: tuple[tuple[Callable[[str], bool], Rule], ...] = (
    (lambda name: name.endswith(", memory a process"), Rule(share=0.15, more=1, unit="MB")),
    (lambda name: name.endswith(", handles a process"), Rule(share=0.15, more=10)),
    (lambda name: name.endswith(", memory"), Rule(share=0.08, more=6, unit="MB")),
    (lambda name: name.endswith(", handles"), Rule(share=0.05, more=10)),  # a round that is on holds a dozen
    (lambda name: name.endswith(", threads"), Rule(share=0.05, more=3)),
    (lambda name: name == "idle in transaction", Rule(most=0)),
    (lambda name: name == "oldest transaction", Rule(share=0.5, more=5, most=60, unit="s")),
    (lambda name: name == "connections", Rule(share=1, more=10)),  # a killed server takes its own with it
    (lambda name: name == "dead rows", Rule(more=8, unit="%")),
    (lambda name: name in {"letters late", "timers late"}, Rule(share=0.5, more=20)),
    (lambda name: name == "deadlocks", Rule(share=10, more=1_000)),
    (lambda name: name == "temporary files", Rule(share=0.2, more=5)),
)


def judge(samples: Sequence[Sample]) -> list[Verdict]:
    """A verdict for everything there is a rule for, in the order of the rules.

    Raises:
        ValueError: too few samples to say anything.
    """
    if len(samples) < FEWEST:
        raise ValueError(f"{len(samples)} samples say nothing: {FEWEST} at least")
    size = len(samples) // 3
    thirds = (samples[:size], samples[size : 2 * size], samples[2 * size :])
    names = [name for concerns, _ in RULES for name in samples[0] if concerns(name)]
    return [_verdict(name, _rule(name), thirds) for name in names]


def _rule(name: str) -> Rule:
    return next(rule for concerns, rule in RULES if concerns(name))


def _verdict(name: str, rule: Rule, thirds: Sequence[Sequence[Sample]]) -> Verdict:
    first, middle, last = (statistics.median(sample[name] for sample in third) for third in thirds)
    highest = max(sample[name] for third in thirds for sample in third)
    allowed = middle * (1 + rule.share) + rule.more
    kept = last <= allowed and (rule.most is None or highest <= rule.most)
    if rule.most is not None:
        allowed = min(allowed, rule.most)
    return Verdict(name, (first, middle, last), highest, allowed, rule.unit, kept)
