"""Is everything all right? The figures of an installation, gathered where they are, and who is told when it is not."""

import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from parvis.models.queries import health as queries
from parvis.models.queries.notices import owe_to_role
from parvis.models.revisions import newest
from parvis.models.session import Database, Session
from parvis.services.flow_runs import Job, JobsAwayError, read_jobs
from parvis.states.calendar import paris_day
from parvis.states.health import Figures, Finding, Level, Trouble, alarms, findings, worst
from parvis.states.stages import Role

WATCHERS = (Role.ADMINISTRATOR, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class Examined:
    """What was measured at `at`, and what it means."""

    at: datetime
    figures: Figures
    findings: tuple[Finding, ...]

    @property
    def level(self) -> Level:
        """How the whole is."""
        return worst(self.findings)


def examine(database: Database, folder: Path, jobs: str, *, at: datetime, watching: str = "") -> Examined:
    """Look at the database, the disk under `folder` and the jobs of Prefect at the address `jobs`.

    `watching` names the job that looks, if one does: its own last failure is no news.

    Raises:
        UnreachableDatabaseError: the database does not answer.
    """
    with database.transaction() as session:
        figures = Figures(**asdict(queries.measure(session, at=at)))
    figures = _with_jobs(_with_disk(figures, folder), jobs, watching)
    return Examined(at, figures, findings(figures, at))


def is_current(session: Session) -> bool:
    """Whether the database is of this version, or of a later one that still suits it (see `docs/operations.md`)."""
    return queries.revision(session) >= _newest()


@cache
def _newest() -> str:
    return max(newest())


def tell(session: Session, found: Examined) -> int:
    """Owe a letter to whoever watches over the installation, once a day for each thing that is out of order."""
    owed = 0
    for one in alarms(found.findings):
        data = {
            "code": one.code, "name_fr": one.name.fr, "name_en": one.name.en,
            "seen_fr": one.seen.fr, "seen_en": one.seen.en,
            "todo_fr": one.todo.fr if one.todo else "", "todo_en": one.todo.en if one.todo else "",
        }  # fmt: skip
        for role in WATCHERS:
            owed += owe_to_role(
                session, role, template="out_of_order", occurrence=f"{one.code}/{paris_day(found.at)}",
                data=data, at=found.at,
            )  # fmt: skip
    return owed


def _with_disk(figures: Figures, folder: Path) -> Figures:
    """What is left on the disk of the data; a folder that is not there yet says nothing."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return figures
    return replace(figures, disk_bytes=usage.total, disk_free_bytes=usage.free)


def _with_jobs(figures: Figures, address: str, watching: str) -> Figures:
    try:
        known = read_jobs(address).jobs
    except JobsAwayError:
        return replace(figures, jobs_seen=False)
    begun = {job.name: job.last.started_at for job in known if job.last is not None and job.last.started_at}
    return replace(
        figures, jobs_seen=bool(known or watching), troubles=tuple(_troubles(known, watching)), begun=begun
    )


def _troubles(jobs: Iterable[Job], watching: str) -> Iterable[Trouble]:
    for job in jobs:
        if job.name != watching and (job.paused or (job.last is not None and job.last.bad)):
            message = job.last.message if job.last is not None and job.last.bad else ""
            yield Trouble(job.name, job.paused, message[:200])
