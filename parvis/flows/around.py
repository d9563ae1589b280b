"""What every flow does around its work: it opens the database, settles the instant, says and shows what it did."""

import logging
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from prefect.artifacts import create_table_artifact
from prefect.context import FlowRunContext, TaskRunContext
from prefect.futures import PrefectFuture
from prefect.logging import get_run_logger

from parvis.models.session import Database
from parvis.services import logs, wiring
from parvis.services.scrubbing import Scrubber
from parvis.services.settings import Settings
from parvis.services.traces import TRACES
from parvis.states.words import Sentence

RETRIES = 3
RETRY_DELAYS = [10.0, 60.0, 300.0]
"""Seconds before the second, third and fourth try of a task: a server restarts, a network comes back, a long cut."""

WHAT = Sentence("Quoi", "What")
COUNT = Sentence("Nombre", "Count")
AS_OF = Sentence("{title}, le {at}", "{title}, {at}")

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a flow or a task works with."""

    database: Database
    settings: Settings
    did: dict[str, int] = field(default_factory=dict)
    """What was done, for the line that ends the run in the technical log."""

    def log(self, sentence: Sentence, **values: object) -> None:
        """Write a sentence to the log of the run, in the language of the installation."""
        get_run_logger().info(self.say(sentence, **values))

    def say(self, sentence: Sentence, **values: object) -> str:
        """A sentence in the language of the installation."""
        return sentence.fill(**values).say(self.settings.language)

    def leave_counts(
        self, key: str, title: Sentence, at: datetime, counts: Sequence[tuple[Sentence, int]]
    ) -> None:
        """Leave what the run did on Prefect's page, a line per count."""
        self.did.update({label.en: number for label, number in counts})
        what, count = self.say(WHAT), self.say(COUNT)
        self.leave_table(key, title, at, [{what: self.say(label), count: number} for label, number in counts])

    def leave_table(self, key: str, title: Sentence, at: datetime, rows: list[dict[str, str | int]]) -> None:
        """Leave a table on Prefect's page; `key` gathers those of one flow."""
        create_table_artifact(key=key, table=rows, description=self.say(AS_OF, title=title, at=at))


class HiddenError(Exception):
    """A failure, in words that Prefect may keep and show: what no log may say is taken out of them."""


@contextmanager
def desk() -> Iterator[Desk]:
    """The database of the settings, already migrated; a run that finds it away fails, and the next catches up.

    What is done at the desk ends with a line in the technical log: which run, how long, what was done.

    Raises:
        HiddenError: what went wrong, where its own words hold what no log may say.
    """
    settings = wiring.settings()
    scrub = Scrubber(settings.secrets)
    try:
        with _desk(settings, scrub) as work:
            yield work
    except Exception as error:
        words = "".join(traceback.format_exception(error))
        if scrub(words) == words:
            raise
        logs.tell_error("run", error)
        raise HiddenError(scrub(f"{type(error).__name__}: {error}")) from None


@contextmanager
def _desk(settings: Settings, scrub: Scrubber) -> Iterator[Desk]:
    logs.begin(settings.log, "flow", scrub=scrub)
    TRACES.begin(settings.traces_url, "flow")
    begun, did, failed, run = time.perf_counter(), dict[str, int](), True, _run()
    with logs.bound(**run), TRACES.span(f"run {run.get('task') or run.get('flow', '')}", **run):
        try:
            with wiring.opened(settings, migrated=False) as opened:
                yield Desk(opened.database, settings, did)
            failed = False
        finally:
            level, ms = (
                logging.ERROR if failed else logging.INFO,
                round((time.perf_counter() - begun) * 1_000, 1),
            )
            logs.tell("run", level=level, ms=ms, failed=failed or None, did=did or None)


def _run() -> dict[str, str]:
    """What the lines of this run are known by: the flow, its run at Prefect, the task within it."""
    said, flow, task = {}, FlowRunContext.get(), TaskRunContext.get()
    if flow is not None and flow.flow is not None and flow.flow_run is not None:
        said = {"flow": flow.flow.name, "run": str(flow.flow_run.id)}
    if task is not None:
        said |= {"task": task.task.name, "run": str(task.task_run.flow_run_id)}
    return said


def moment(at: datetime | None) -> datetime:
    """The instant a run works for: the one given, to replay it, or now.

    Raises:
        ValueError: the instant says no time zone.
    """
    if at is None:
        return wiring.now()
    if at.tzinfo is None:
        raise ValueError(f"an instant needs its time zone: {at.isoformat()}")
    return at


class SomeFailedError(Exception):
    """Some batches failed, though all were tried; the next run takes up what they left."""

    def __init__(self, failed: int, tried: int) -> None:
        super().__init__(f"{failed} / {tried}")


def gathered(futures: Sequence[PrefectFuture[Done]]) -> tuple[list[Done], list[BaseException]]:
    """Wait for every batch, whatever fails: what came back, and what went wrong."""
    answers = [future.result(raise_on_failure=False) for future in futures]
    done = [answer for answer in answers if not isinstance(answer, BaseException)]
    return done, [answer for answer in answers if isinstance(answer, BaseException)]


def fail_if_any(failures: Sequence[BaseException], tried: int) -> None:
    """Fail the run when a batch failed.

    Raises:
        SomeFailedError: one did; the first failure is its cause.
    """
    if failures:
        raise SomeFailedError(len(failures), tried) from failures[0]
