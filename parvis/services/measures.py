"""What Prometheus reads: answers counted over all the web processes of one machine, and the figures of the database."""

import multiprocessing as mp
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from parvis.services.health import Examined
from parvis.states.health import Level

EXPOSITION = CONTENT_TYPE_PLAIN_0_0_4
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the buckets of durations, in seconds; a last one holds what is longer."""
_CLASSES = ("2xx", "3xx", "4xx", "5xx")


class Kind(StrEnum):
    """What a request does: `move` is a write that moves one case or agreement."""

    READ = "read"
    WRITE = "write"
    MOVE = "move"


class Refusal(StrEnum):
    """Why a request is refused."""

    SIGN_IN = "sign_in"
    RIGHTS = "rights"
    SCOPE = "scope"
    FORGED = "forged"
    HOST = "host"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    RULES = "rules"
    STALE = "stale"
    INPUT = "input"
    NOT_FOUND = "not_found"


_KINDS, _REFUSALS = tuple(Kind), tuple(Refusal)


class Answers:
    """How long answers took, and what they were: counted by processes forked after it was made, together."""

    def __init__(self) -> None:
        self._width = len(BOUNDS) + 2  # the last bucket, and the sum
        self._classes = len(_KINDS) * self._width
        self._refusals = self._classes + len(_CLASSES)
        self._counts = mp.Array("d", self._refusals + len(_REFUSALS))

    def count(self, *, kind: Kind, status: int, seconds: float, refused: Refusal | None = None) -> None:
        """Count one answer."""
        first = self._width * _KINDS.index(kind)
        place = min(max(status // 100 - 2, 0), len(_CLASSES) - 1)
        with self._counts.get_lock():
            counts: Any = self._counts.get_obj()
            counts[first + bisect_left(BOUNDS, seconds)] += 1
            counts[first + self._width - 1] += seconds
            counts[self._classes + place] += 1
            if refused is not None:
                counts[self._refusals + _REFUSALS.index(refused)] += 1

    def families(self) -> Iterable[Metric]:
        """The counts, as Prometheus tells them."""
        with self._counts.get_lock():
            counts = list(self._counts.get_obj())
        durations = HistogramMetricFamily(
            "parvis_answer_seconds", "How long an answer took: read, write, or the move of one case or agreement.",
            labels=["kind"],
        )  # fmt: skip
        for number, kind in enumerate(_KINDS):
            own = counts[number * self._width : (number + 1) * self._width]
            durations.add_metric([kind], _cumulated(own[:-1]), own[-1])
        yield durations
        answers = CounterMetricFamily("parvis_answers", "Answers, by class of status.", labels=["status"])
        for name, value in zip(_CLASSES, counts[self._classes : self._refusals], strict=True):
            answers.add_metric([name], value)
        yield answers
        refusals = CounterMetricFamily("parvis_refusals", "Requests refused, by reason.", labels=["reason"])
        for refusal, value in zip(_REFUSALS, counts[self._refusals :], strict=True):
            refusals.add_metric([refusal], value)
        yield refusals


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted in the database: cases by stage, letters not gone by status, rows written by table."""

    stages: Mapping[str, int]
    letters: Mapping[str, int]
    written: Mapping[str, int]


def exposition(found: Examined, counted: Counted, answers: Answers) -> bytes:
    """Everything, in the text format 0.0.4 of Prometheus."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told((*_gauges(found), *_counted(counted), *answers.families())))
    return generate_latest(registry)


class _Told(Collector):
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _cumulated(counts: list[float]) -> list[tuple[str, float]]:
    total, buckets = 0.0, []
    for bound, count in zip((*map(str, BOUNDS), "+Inf"), counts, strict=True):
        total += count
        buckets.append((bound, total))
    return buckets


_NUMBERS = {
    "timers_due": "Deadlines due and not fired yet.",
    "letters_due": "Letters whose time has come and that have not left.",
    "letters_sending": "Letters in the hands of a dispatcher.",
    "letters_failed": "Letters that did not reach whom they were for.",
    "database_bytes": "Size of the database.",
    "disk_free_bytes": "Room left on the disk of the data folder.",
}
_AGES = {
    "oldest_timer": ("oldest_timer_seconds", "How long the oldest deadline due has waited."),
    "oldest_letter": ("oldest_letter_seconds", "How long the oldest letter due has waited."),
    "oldest_transaction": ("oldest_transaction_seconds", "How long the oldest transaction has been open."),
    "anchored_at": ("anchor_age_seconds", "How long ago the journal was anchored."),
}


def _gauges(found: Examined) -> Iterable[Metric]:
    values = asdict(found.figures)
    for name, said in _NUMBERS.items():
        yield GaugeMetricFamily(f"parvis_{name}", said, value=values[name])
    for name, (told, said) in _AGES.items():
        yield GaugeMetricFamily(f"parvis_{told}", said, value=_age(values[name], found.at))
    wrong = GaugeMetricFamily("parvis_finding", "0 well, 1 to be looked at, 2 out of order.", labels=["code"])
    for one in found.findings:
        wrong.add_metric([one.code], list(Level).index(one.level))
    yield wrong


def _age(since: datetime | None, at: datetime) -> float:
    return (at - since).total_seconds() if since else 0.0


def _counted(counted: Counted) -> Iterable[Metric]:
    cases = GaugeMetricFamily("parvis_cases", "Cases, by stage.", labels=["stage"])
    for stage, count in sorted(counted.stages.items()):
        cases.add_metric([stage], count)
    yield cases
    letters = GaugeMetricFamily("parvis_letters", "Letters that have not left, by status.", labels=["status"])
    for status, count in counted.letters.items():
        letters.add_metric([status], count)
    yield letters
    lines = CounterMetricFamily(
        "parvis_rows_written", "Rows written since PostgreSQL counts them; a move is a line of the journal.",
        labels=["table"],
    )  # fmt: skip
    for table, count in sorted(counted.written.items()):
        lines.add_metric([table], count)
    yield lines
