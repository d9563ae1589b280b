"""The jobs as Prefect tells of them over HTTP: when each ran last, which runs failed and why; and running one now."""

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from parvis.states.words import Sentence

SECONDS = 4.0
"""How long Prefect may take to answer before it is away."""
MOST_JOBS, MOST_FAILURES = 50, 20
_CLIENT = "parvis"
_ENDED = ("COMPLETED", "FAILED", "CRASHED", "RUNNING")
_BAD = ("FAILED", "CRASHED")
_BETWEEN = " · "

STATES: Mapping[str, Sentence] = {
    "COMPLETED": Sentence("réussi", "completed"),
    "FAILED": Sentence("en échec", "failed"),
    "CRASHED": Sentence("interrompu", "crashed"),
    "RUNNING": Sentence("en cours", "running"),
}


class JobsAwayError(Exception):
    """Prefect does not answer at `address`, or not as it should."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class NoSuchJobError(Exception):
    """No job has this name."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job: its state, when it started, how long it lasted in seconds, what it said."""

    job: str
    state: str
    started_at: datetime | None
    seconds: float
    message: str

    @property
    def words(self) -> Sentence:
        """The state in words."""
        return STATES.get(self.state) or Sentence(self.state.lower(), self.state.lower())

    @property
    def bad(self) -> bool:
        """Whether it failed."""
        return self.state in _BAD


@dataclass(frozen=True, slots=True)
class Job:
    """A job: what it does, when it runs (as cron says), whether it is paused, its last run."""

    name: str
    says: Sentence
    crons: tuple[str, ...]
    paused: bool
    last: Run | None


@dataclass(frozen=True, slots=True)
class Jobs:
    """Every job, and the latest runs that failed."""

    jobs: tuple[Job, ...]
    failures: tuple[Run, ...]


def read_jobs(address: str) -> Jobs:
    """The jobs of the server at `address` (`http://…/api`).

    Raises:
        JobsAwayError: Prefect does not answer.
    """
    with _talking(address) as server:
        deployments = server.ask("/deployments/filter", {"limit": MOST_JOBS, "sort": "NAME_ASC"})
        names = {each["id"]: str(each["name"]) for each in deployments}
        last = {each: server.runs(_ENDED, 1, names, each) for each in names}
        failures = server.runs(_BAD, MOST_FAILURES, names)
        return Jobs(tuple(_job(each, last[each["id"]]) for each in deployments), tuple(failures))


def run_now(address: str, name: str) -> None:
    """Ask for a run of a job, now.

    Raises:
        JobsAwayError: Prefect does not answer.
        NoSuchJobError: no job has this name.
    """
    with _talking(address) as server:
        found = server.ask("/deployments/filter", {"deployments": {"name": {"any_": [name]}}, "limit": 1})
        if not found:
            raise NoSuchJobError(name)
        server.ask(f"/deployments/{found[0]['id']}/create_flow_run", {})


@dataclass(frozen=True, slots=True)
class _Server:
    """A connection to Prefect, with the token it asks for."""

    connection: http.client.HTTPConnection
    root: str
    headers: Mapping[str, str]

    def ask(self, path: str, body: Mapping[str, Any]) -> Any:
        """What Prefect answers to this."""
        self.connection.request("POST", self.root + path, json.dumps(body), dict(self.headers))
        return _answer(self.connection)

    def runs(
        self, states: tuple[str, ...], limit: int, names: Mapping[str, str], job: str | None = None
    ) -> list[Run]:
        """The latest runs in these states, of one job or of all."""
        wanted: dict[str, Any] = {
            "sort": "EXPECTED_START_TIME_DESC", "limit": limit,
            "flow_runs": {"state": {"type": {"any_": list(states)}}},
        }  # fmt: skip
        if job is not None:
            wanted["deployments"] = {"id": {"any_": [job]}}
        return [_run(each, names) for each in self.ask("/flow_runs/filter", wanted)]


@contextmanager
def _talking(address: str) -> Iterator[_Server]:
    parts = urlsplit(address)
    if not parts.hostname:
        raise JobsAwayError(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=SECONDS)
    try:
        yield _Server(connection, parts.path, _headers(connection, parts.path))
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError) as error:
        raise JobsAwayError(address) from error
    finally:
        connection.close()


def _headers(connection: http.client.HTTPConnection, root: str) -> dict[str, str]:
    """What each request says; a server that asks for no token gives none."""
    headers = {"content-type": "application/json"}
    connection.request("GET", f"{root}/csrf-token?client={_CLIENT}")
    response = connection.getresponse()
    said = response.read()
    if response.status == http.HTTPStatus.OK:
        token = json.loads(said)["token"]
        headers |= {"Prefect-Csrf-Token": str(token), "Prefect-Csrf-Client": _CLIENT}
    return headers


def _answer(connection: http.client.HTTPConnection) -> Any:
    response = connection.getresponse()
    said = response.read()
    if response.status >= http.HTTPStatus.BAD_REQUEST:
        raise ValueError(response.status)
    return json.loads(said)


def _job(told: Mapping[str, Any], last: list[Run]) -> Job:
    french, _, english = str(told.get("description") or "").partition(_BETWEEN)
    crons = tuple(str(each["schedule"].get("cron", "")) for each in told.get("schedules") or ())
    return Job(
        str(told["name"]), Sentence(french, english or french), crons, bool(told.get("paused")),
        last[0] if last else None,
    )  # fmt: skip


def _run(told: Mapping[str, Any], names: Mapping[str, str]) -> Run:
    started = told.get("start_time")
    state = told.get("state") or {}
    return Run(
        names.get(told.get("deployment_id") or "", str(told.get("name", ""))), str(told["state_type"]),
        datetime.fromisoformat(started) if started else None, float(told.get("total_run_time") or 0),
        str(state.get("message") or ""),
    )  # fmt: skip
