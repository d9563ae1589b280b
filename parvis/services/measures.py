"""What Prometheus reads: answers counted over all the web processes of one machine, and the figures of the database."""

import multiprocessing as mp
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from http import HTTPStatus
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
READS, WRITES = "read", "write"
_KINDS = (READS, WRITES)
_CLASSES = ("2xx", "3xx", "4xx", "5xx")
_REFUSED = frozenset({HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.PRECONDITION_FAILED})


class Answers:
    """How long answers took, and what they were: counted by processes forked after it was made, together."""

    def __init__(self) -> None:
        width = len(BOUNDS) + 2  # the last bucket, and the sum
        self._width = width
        self._counts = mp.Array("d", len(_KINDS) * width + len(_CLASSES) + 1)

    def count(self, *, writes: bool, status: int, seconds: float) -> None:
        """Count one answer."""
        first = self._width * _KINDS.index(WRITES if writes else READS)
        place = min(max(status // 100 - 2, 0), len(_CLASSES) - 1)
        with self._counts.get_lock():
            counts: Any = self._counts.get_obj()
            counts[first + bisect_left(BOUNDS, seconds)] += 1
            counts[first + self._width - 1] += seconds
            counts[self._width * len(_KINDS) + place] += 1
            counts[self._width * len(_KINDS) + len(_CLASSES)] += status in _REFUSED

    def families(self) -> Iterable[Metric]:
        """The counts, as Prometheus tells them."""
        with self._counts.get_lock():
            counts = list(self._counts.get_obj())
        durations = HistogramMetricFamily(
            "parvis_answer_seconds", "How long an answer took; those that write are moves and what else is kept.",
            labels=["kind"],
        )  # fmt: skip
        for number, kind in enumerate(_KINDS):
            own = counts[number * self._width : (number + 1) * self._width]
            durations.add_metric([kind], _cumulated(own[:-1]), own[-1])
        yield durations
        classes = counts[len(_KINDS) * self._width :]
        answers = CounterMetricFamily("parvis_answers", "Answers, by class of status.", labels=["status"])
        for name, value in zip(_CLASSES, classes, strict=False):
            answers.add_metric([name], value)
        yield answers
        yield CounterMetricFamily(
            "parvis_refusals", "Writes refused by the rules (409, 412, 422).", value=classes[-1]
        )


def exposition(
    found: Examined, stages: Mapping[str, int], written: Mapping[str, int], answers: Answers
) -> bytes:
    """Everything, in the text format 0.0.4 of Prometheus. `written`: rows by table since PostgreSQL counts them."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told((*_gauges(found), *_counted(stages, written), *answers.families())))
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


def _counted(stages: Mapping[str, int], written: Mapping[str, int]) -> Iterable[Metric]:
    cases = GaugeMetricFamily("parvis_cases", "Cases, by stage.", labels=["stage"])
    for stage, count in sorted(stages.items()):
        cases.add_metric([stage], count)
    yield cases
    lines = CounterMetricFamily(
        "parvis_rows_written", "Rows written since PostgreSQL counts them; a move is a line of the journal.",
        labels=["table"],
    )  # fmt: skip
    for table, count in sorted(written.items()):
        lines.add_metric([table], count)
    yield lines
