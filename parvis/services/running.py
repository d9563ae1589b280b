"""What `parvis up` does: starts everything one after the other, watches it, and stops it in the opposite order."""

import http.client
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import TypeAlias

from parvis.models import databases, embedded
from parvis.notifications.mailbox import LocalMailbox
from parvis.services import wiring
from parvis.services.bank_keys import kept_key
from parvis.services.children import Child
from parvis.services.claims import Claim
from parvis.services.opening import open_contract
from parvis.services.prefect_settings import HOST, api_url, client_environment, server_environment
from parvis.services.rehearsal.demonstration import ensure_demonstration
from parvis.services.settings import Settings
from parvis.services.wiring import Opened

START_SECONDS = 120.0
"""How long a process may take to be ready, its first start on a slow machine included."""
STOP_SECONDS = 7.0
"""How long each may take to stop before it is killed."""
_LOOK_SECONDS = 0.1


class Step(StrEnum):
    """What is started, in this order, and stopped in the opposite one."""

    DATABASE = "database"
    CONTRACT = "contract"
    DEMONSTRATION = "demonstration"
    WEB = "web"
    PREFECT = "prefect"
    FLOWS = "flows"


@dataclass(frozen=True, slots=True)
class Begun:
    """A step begins."""

    step: Step


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far a long step is."""

    step: Step
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Done:
    """A step is done; `count` is how many calls changed, or cases the demonstration put in."""

    step: Step
    count: int = 0


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything runs; `address` is Parvis's own, `jobs` that of Prefect's page."""

    address: str
    jobs: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """A step is stopped; not `by_itself` when it had to be killed."""

    step: Step
    by_itself: bool = True


Told: TypeAlias = Begun | Progressed | Done | Ready | Stopped


class StepFailedError(Exception):
    """Something did not start, or ended while it should run; `last_words` is the end of its log."""

    def __init__(self, step: Step, log: Path, last_words: str = "", *, was_running: bool = False) -> None:
        super().__init__(step)
        self.step = step
        self.log = log
        self.last_words = last_words
        self.was_running = was_running


class NoPrefectDatabaseError(Exception):
    """Prefect needs a database of its own, `name`, and this account may not make it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _AskedToStopError(Exception):
    """While starting."""


def run(chosen: Settings, *, stop: Event, tell: Callable[[Told], None], demonstration: bool = False) -> None:
    """Start everything, wait until `stop` is set, then stop everything; nothing started here outlives this call.

    Raises:
        AlreadyRunningError: another one runs on this data folder.
        StillEndingError: what a killed one left does not end.
        ContractFileError: the contract cannot be used.
        NoPrefectDatabaseError: the server of the settings has no database for Prefect.
        StepFailedError: something did not start or died; everything else is stopped.
    """
    with ExitStack() as stack:
        claim = stack.enter_context(Claim(chosen.data_folder))
        running = _Running(chosen, stop, tell, stack, claim)
        try:
            opened = running.open_database()
            running.bring_contract(opened)
            if demonstration:
                running.demonstrate(opened)
            port = free_port(chosen.prefect_port)
            address = running.start_web(opened, port, demonstration=demonstration)
            running.start_prefect(opened, port)
            running.start_flows(opened, port, address)
        except _AskedToStopError:
            return
        claim.say(address)
        tell(Ready(address, f"http://{HOST}:{port}"))
        running.watch()


@dataclass(slots=True)
class _Running:
    """One run: what was started, to be stopped by `stack`."""

    chosen: Settings
    stop: Event
    tell: Callable[[Told], None]
    stack: ExitStack
    claim: Claim
    children: list[tuple[Step, Child]] = field(default_factory=list)

    def open_database(self) -> Opened:
        """Start or join the database; stopped last."""
        self._begin(Step.DATABASE)
        if self._embedded:
            self.stack.callback(lambda: self.tell(Stopped(Step.DATABASE)))
        opened = self.stack.enter_context(wiring.opened(self.chosen))
        self.tell(Done(Step.DATABASE))
        return opened

    def bring_contract(self, opened: Opened) -> None:
        """Make the database say what the contract's file says."""
        self._begin(Step.CONTRACT)
        contract = open_contract(opened.database, self.chosen, wiring.now())
        self.tell(Done(Step.CONTRACT, len(contract.changed_calls)))

    def demonstrate(self, opened: Opened) -> None:
        """Play the demonstration into an empty database; stopped in the middle, it leaves nothing."""
        self._begin(Step.DEMONSTRATION)

        def progressed(done: int, total: int) -> None:
            if self.stop.is_set():
                raise _AskedToStopError
            self.tell(Progressed(Step.DEMONSTRATION, done, total))

        mailbox = LocalMailbox(self.chosen.mailbox)
        played = ensure_demonstration(opened.database, self.chosen, wiring.now(), mailbox, progressed)
        self.tell(Done(Step.DEMONSTRATION, played.cases if played else 0))

    def start_web(self, opened: Opened, prefect: int, *, demonstration: bool) -> str:
        """Start the web application; its address, on another port than asked for when that is taken.

        It is told where Prefect will answer: on the port `prefect`.
        """
        self._begin(Step.WEB)
        port, ready = free_port(self.chosen.port), self.chosen.data_folder / "web-ready"
        ready.unlink(missing_ok=True)
        words = ["--port", str(port), "--ready", str(ready), *(["--demo"] if demonstration else [])]
        address = self.chosen.public_url or f"http://{HOST}:{port}"
        environment = {**self._ours(opened, address), "PREFECT_API_URL": api_url(prefect)}
        web = self._start(Step.WEB, "parvis.web.serve", *words, environment=environment)
        self._wait(Step.WEB, web, ready.exists)
        self.tell(Done(Step.WEB))
        return address

    def start_prefect(self, opened: Opened, port: int) -> None:
        """Start Prefect's server on a port."""
        self._begin(Step.PREFECT)
        environment = server_environment(
            wiring.environment(), self._home, port, opened.prefect_url or self._prefect_database(opened)
        )
        server = self._start(Step.PREFECT, "parvis.flows.server", environment=environment)
        self._wait(Step.PREFECT, server, lambda: answers(port))
        self.tell(Done(Step.PREFECT))

    def start_flows(self, opened: Opened, port: int, address: str) -> None:
        """Serve the flows."""
        self._begin(Step.FLOWS)
        served = self._home / "served"
        served.unlink(missing_ok=True)
        environment = client_environment(self._ours(opened, address), self._home, port)
        flows = self._start(Step.FLOWS, "parvis.flows.serve", str(served), environment=environment)
        self._wait(Step.FLOWS, flows, served.exists)
        self.tell(Done(Step.FLOWS))

    def watch(self) -> None:
        """Wait to be told to stop.

        Raises:
            StepFailedError: something died meanwhile.
        """
        postgres = self.chosen.data_folder / "postgres"
        while not self.stop.wait(_LOOK_SECONDS):
            for step, child in self.children:
                if child.ended:
                    raise StepFailedError(step, child.log, child.last_words(), was_running=True)
            if self._embedded and not embedded.is_running(postgres):
                raise StepFailedError(Step.DATABASE, postgres / "log", was_running=True)

    @property
    def _embedded(self) -> bool:
        return self.chosen.database_url is None and self.chosen.database_owner_url is None

    @property
    def _home(self) -> Path:
        return self.chosen.data_folder / "prefect"

    def _ours(self, opened: Opened, address: str) -> dict[str, str]:
        """The environment of our own processes: the database that is open, the address letters lead to."""
        environment = {**wiring.environment(), "PARVIS_PUBLIC_URL": address}
        if self.chosen.database_url is None:
            environment["PARVIS_DATABASE_URL"] = opened.owner_url
        if self._embedded and self.chosen.bank_keys is None:  # they cannot tell whose database it is
            environment["PARVIS_BANK_KEYS"] = kept_key(self.chosen.bank_key_file)
        return environment

    def _begin(self, step: Step) -> None:
        if self.stop.is_set():
            raise _AskedToStopError
        self.tell(Begun(step))

    def _prefect_database(self, opened: Opened) -> str:
        """Prefect's own database on the server of the application's, made if there is none yet."""
        name = f"{databases.name_of(opened.owner_url)}_{wiring.PREFECT_DATABASE}"
        if not databases.exists(opened.owner_url, name):
            try:
                databases.create(opened.owner_url, name)
            except databases.AdministrationError as error:
                raise NoPrefectDatabaseError(name) from error
        return databases.beside(opened.owner_url, name, driver="asyncpg")

    def _start(self, step: Step, module: str, *arguments: str, environment: dict[str, str]) -> Child:
        log = self.chosen.data_folder / "logs" / f"{step}.log"
        child = Child(module, *arguments, environment=environment, log=log, kept_open=[self.claim.inherited])
        self.children.append((step, child))
        self.stack.callback(lambda: self.tell(Stopped(step, by_itself=child.stop(STOP_SECONDS))))
        return child

    def _wait(self, step: Step, child: Child, is_ready: Callable[[], bool]) -> None:
        limit = time.monotonic() + START_SECONDS
        while not is_ready():
            if child.ended or time.monotonic() > limit:
                raise StepFailedError(step, child.log, child.last_words())
            if self.stop.wait(_LOOK_SECONDS):
                raise _AskedToStopError


def free_port(wanted: int) -> int:
    """`wanted` when nobody listens on it, else one that is free; 0 for any."""
    for port in (wanted, 0):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((HOST, port))
            except OSError:
                continue
            return int(trial.getsockname()[1])
    return wanted


def answers(port: int) -> bool:
    """Whether Prefect's server answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
