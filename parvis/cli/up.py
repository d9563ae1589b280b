"""`parvis up`: everything on this machine, until Ctrl-C."""

import signal
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.status import Status
from rich.table import Table
from rich.text import Text

from parvis.cli.entries import Entry
from parvis.cli.errors import tell
from parvis.cli.exits import ExitCode
from parvis.cli.failed import Detail, Failed
from parvis.cli.failure_words import TECHNICAL
from parvis.cli.here import Here, here_of
from parvis.cli.options import option
from parvis.cli.output import console, kept, row
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.running import StepFailedError, Told

STEPS = {
    "database": Sentence("Base de données", "Database"),
    "contract": Sentence("Contrat de ville", "City contract"),
    "demonstration": Sentence("Démonstration", "Demonstration"),
    "web": Sentence("Application web", "Web application"),
    "prefect": Sentence("Serveur Prefect", "Prefect’s server"),
    "flows": Sentence("Tâches planifiées", "Scheduled jobs"),
}
COUNTED = {
    "contract": Sentence("appels nouveaux ou modifiés : {count}", "calls new or changed: {count}"),
    "demonstration": Sentence("dossiers : {count}", "cases: {count}"),
}
DAYS = Sentence("jour {done} sur {total}", "day {done} of {total}")
READY = Sentence("Parvis est prêt. Ctrl-C l’arrête.", "Parvis is ready. Ctrl-C stops it.")
ADDRESS = Sentence("Parvis", "Parvis")
PAGE = Sentence("Tâches planifiées", "Scheduled jobs")
LETTERS = Sentence("Lettres", "Letters")
MAILBOX = Sentence("{folder}  (parvis letters show)", "{folder}  (parvis letters show)")
SMTP = Sentence("serveur de PARVIS_SMTP_URL", "server of PARVIS_SMTP_URL")
INBOX = Sentence("Dépôts à importer", "Deposits to import")
LOGS = Sentence("Journaux techniques", "Technical logs")
STOPPING = Sentence("Arrêt…", "Stopping…")
STOPPED = Sentence("{step} : arrêt", "{step}: stopped")
KILLED = Sentence("{step} : arrêt forcé", "{step}: killed")
BYE = Sentence("Parvis est arrêté.", "Parvis is stopped.")

ALREADY = Sentence(
    "Parvis tourne déjà sur ce dossier de données : {page}",
    "Parvis already runs on this data folder: {page}",
)
STARTING = Sentence("il démarre", "it is starting")
STILL_ENDING = Sentence(
    "Ce qu’avait lancé un Parvis tué ne s’arrête pas : redémarrer la machine, ou arrêter ses processus.",
    "What a killed Parvis had started does not end: restart the machine, or end its processes.",
)
NOT_STARTED = Sentence(
    "{step} : le démarrage a échoué. Le détail est dans {log}.",
    "{step}: did not start. The details are in {log}.",
)
DIED = Sentence(
    "{step} : arrêt inattendu ; tout est arrêté. Le détail est dans {log}.",
    "{step}: ended unexpectedly; everything is stopped. The details are in {log}.",
)
NO_PREFECT_DATABASE = Sentence(
    "Prefect a besoin d’une base à lui, et ce compte ne peut pas la créer : créer la base « {name} » pour ce compte, "
    "ou indiquer une base dans PARVIS_PREFECT_DATABASE_URL (postgresql+asyncpg://…).",
    "Prefect needs a database of its own, and this account may not create it: create the database “{name}” for this "
    "account, or name one in PARVIS_PREFECT_DATABASE_URL (postgresql+asyncpg://…).",
)

Demo = Annotated[
    bool,
    option(
        "--demo",
        said=Sentence(
            "Met d’abord la démonstration dans une base vide : environ 200 dossiers inventés.",
            "First puts the demonstration into an empty database: about 200 invented cases.",
        ),
    ),
]


@dataclass
class Screen:
    """What the terminal shows of a run: a line per step, its tick once it is done."""

    here: Here
    out: Console = field(default_factory=console)
    status: Status | None = None
    stopping: bool = False

    def show(self, told: "Told") -> None:
        """Show one thing `parvis up` tells."""
        from parvis.services import running

        match told:
            case running.Begun(step):
                self._begin(self.here.say(STEPS[step]))
            case running.Progressed(step, done, total):
                self._update(f"{self.here.say(STEPS[step])} · {self.here.say(DAYS, done=done, total=total)}")
            case running.Done(step, count):
                counted = f" · {self.here.say(COUNTED[step], count=count)}" if count else ""
                self._tick(self.here.say(STEPS[step]), counted)
            case running.Ready(address, jobs):
                self._ready(address, jobs)
            case running.Stopped(step, by_itself):
                self._stopped(self.here.say(STOPPED if by_itself else KILLED, step=STEPS[step]))

    def close(self) -> None:
        """Leave nothing turning."""
        if self.status:
            self.status.stop()
            self.status = None

    def _begin(self, said: str) -> None:
        self.close()
        if self.out.is_terminal:
            self.status = self.out.status(Text(kept(said)))
            self.status.start()

    def _update(self, said: str) -> None:
        if self.status:
            self.status.update(Text(kept(said)))

    def _tick(self, said: str, more: str = "") -> None:
        self.close()
        self.out.print(Text.assemble(("✓ ", "green"), kept(said), (kept(more), "dim")))

    def _stopped(self, said: str) -> None:
        if not self.stopping:
            self.close()
            self.stopping = True
            self.out.print(Text(kept(self.here.say(STOPPING)), "bold"))
        self._tick(said)

    def _ready(self, address: str, jobs: str) -> None:
        settings, say = self.here.settings, self.here.say
        smtp = settings.smtp_url is not None
        found = Table.grid(padding=(0, 2))
        row(found, say(ADDRESS), Text(address, "bold cyan"))
        row(found, say(PAGE), Text(f"{jobs}/runs", "cyan"))
        row(found, say(LETTERS), say(SMTP) if smtp else say(MAILBOX, folder=str(settings.mailbox)))
        row(found, say(INBOX), str(settings.inbox))
        row(found, say(LOGS), str(settings.data_folder / "logs"))
        self.out.print()
        self.out.print(Padding(found, (0, 0, 0, 2)))
        self.out.print()
        self.out.print(Text(kept(say(READY)), "bold green"))


def up(context: typer.Context, demo: Demo = False) -> None:
    """Start everything, wait for Ctrl-C, stop everything."""
    from parvis.services import claims, running

    here = here_of(context)
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    screen = Screen(here)
    try:
        running.run(here.settings, stop=stop, tell=screen.show, demonstration=demo)
    except claims.AlreadyRunningError as error:
        said = ALREADY.fill(page=error.page or STARTING)
        _fail(here, Failed(ExitCode.CONFLICT, "already_running", said))
    except claims.StillEndingError:
        _fail(here, Failed(ExitCode.FAILURE, "still_ending", STILL_ENDING))
    except running.NoPrefectDatabaseError as error:
        _fail(
            here, Failed(ExitCode.INVALID, "no_prefect_database", NO_PREFECT_DATABASE.fill(name=error.name))
        )
    except running.StepFailedError as error:
        _fail(here, _failed(error))
    finally:
        screen.close()
    screen.out.print(Text(kept(here.say(BYE)), "bold"))


def _failed(error: "StepFailedError") -> Failed:
    said = (DIED if error.was_running else NOT_STARTED).fill(step=STEPS[error.step], log=str(error.log))
    words = error.last_words.strip()
    details = (Detail("log", TECHNICAL.fill(said=f"\n{words}")),) if words else ()
    return Failed(ExitCode.FAILURE, "step_failed", said, details)


def _fail(here: Here, failed: Failed) -> None:
    tell(here, failed)
    raise typer.Exit(failed.exit_code)


ENTRIES = (
    Entry(
        "up", up,
        Sentence(
            "Démarre tout sur cette machine et attend Ctrl-C : base, serveur Prefect, tâches planifiées.",
            "Starts everything on this machine and waits for Ctrl-C: database, Prefect’s server, scheduled jobs.",
        ),
    ),
)  # fmt: skip
