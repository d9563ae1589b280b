"""Following a form of Démarche numérique: what changed since the last round, page by page, from where one stopped."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from parvis.models.queries import demarches as queries
from parvis.models.queries.demarches import Sync
from parvis.models.queries.deposits import known_schools
from parvis.models.queries.dispatch import open_task
from parvis.models.queries.tasks import finish_task_of
from parvis.models.session import Database, Session
from parvis.services.demarches.asking import Platform
from parvis.services.demarches.failing import DemarcheError, Why
from parvis.services.demarches.fetching import Fetched, fetch
from parvis.services.demarches.reading import Reader
from parvis.services.demarches.taking import Taken, take
from parvis.services.demarches.work import Work
from parvis.services.files import Shelf
from parvis.services.imports.problems import Problem
from parvis.services.intake import import_context
from parvis.services.portals.following import follow_status
from parvis.states.words import Sentence

OVERLAP = timedelta(minutes=10)
"""A round asks again for what changed a little before the last one began: clocks differ."""
DELETED = "supprime"
NOT_TAKEN = Sentence(
    "Des dossiers de Démarche numérique n’entrent pas dans l’appel {call} : pourquoi, et que faire, dans "
    "« Administration », « Démarche numérique ».",
    "Dossiers of Démarche numérique could not come into call {call}: why, and what to do, in “Administration”, "
    "“Démarche numérique”.",
)

Progress = Callable[[int], None]
"""Told how many dossiers are read so far."""


@dataclass(frozen=True, slots=True)
class Round:
    """What a round over the form of a call did; references of cases, numbers of dossiers, what stopped it if it was."""

    call: str
    read: int = 0
    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    diverging: tuple[str, ...] = ()
    unchanged: int = 0
    deleted: tuple[str, ...] = ()
    refused: dict[int, tuple[Problem, ...]] = field(default_factory=dict)
    files: Fetched = field(default_factory=Fetched)
    stopped: DemarcheError | None = None

    def plus(self, taken: Taken, read: int) -> "Round":
        """With what came of one page more."""
        got = taken.received
        return replace(
            self, read=self.read + read, created=self.created + got.created, updated=self.updated + got.updated,
            diverging=self.diverging + got.diverging, unchanged=self.unchanged + len(got.unchanged),
            refused={**self.refused, **taken.refused},
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Follower:
    """Reads the form of one call."""

    database: Database
    kept: Shelf
    platform: Platform
    work: Work
    at: datetime
    dry_run: bool = False
    progress: Progress | None = None

    def follow(self, *, anew: bool = False) -> Round:
        """Take in what changed since the last round; what the platform stops is taken up by the next one."""
        done = Round(self.work.call.code)
        sync = self._begin(anew=anew)
        try:
            done = self._refused_before(done)
            done, whole = self._changed(done, sync)
            if whole:
                done = self._deleted(done, sync)
                self._end(sync)
        except StoppedError as stopped:
            done = replace(stopped.done, stopped=stopped.error)
        if self.dry_run:
            return done
        self._tell_refusals()
        return replace(done, files=fetch(self.database, self.kept, self.platform, self.work, self.at))

    def _tell_refusals(self) -> None:
        """A task for the manager while dossiers cannot be taken in; done by itself once none is refused."""
        with self.database.transaction() as session:
            key = f"demarche/{self.work.call_id}"
            if not queries.refusals(session, self.work.call_id):
                finish_task_of(session, key, at=self.at)
                return
            title = NOT_TAKEN.fill(call=self.work.call.code)
            open_task(
                session, key=key, case_id=None, contract_id=self.work.contract_id, kind="import", recipient="manager",
                title_fr=title.fr, title_en=title.en, at=self.at,
            )  # fmt: skip

    def _begin(self, *, anew: bool) -> Sync:
        with self.database.transaction() as session:
            sync = queries.begin_round(session, self.work.call_id, at=self.at, anew=anew)
            if self.dry_run:
                session.rollback()
        return sync

    def _end(self, sync: Sync) -> None:
        if not self.dry_run:
            with self.database.transaction() as session:
                queries.end_round(
                    session, self.work.call_id, (sync.begun_at or self.at) - OVERLAP, at=self.at
                )

    def _reader(self) -> Reader:
        with self.database.transaction() as session:
            schools = known_schools(session)
        context = import_context(self.work.contract, self.at, self.work.call.code, schools)
        return Reader.of(self.work.contract, self.work.call, self.work.demarche, context)

    def _refused_before(self, done: Round) -> Round:
        """Those refused before, asked again: their form, or its mapping here, may have been corrected."""
        with self.database.transaction() as session:
            numbers = [each.number for each in queries.refusals(session, self.work.call_id)]
        for number in numbers:
            try:
                found = self.platform.dossier(number)
            except DemarcheError as error:
                if error.why is not Why.REFUSED:
                    raise StoppedError(done, error) from error
                with self.database.transaction() as session:
                    queries.forget_refusals(session, self.work.call_id, [number])
                continue
            taken = take(self.database, self.work, self._reader(), [found], self.at, dry_run=self.dry_run)
            done = done.plus(taken, 1)
        return done

    def _changed(self, done: Round, sync: Sync) -> tuple[Round, bool]:
        """Page after page of what changed; False when another process is reading the same form."""
        cursor, number, more, reader = sync.cursor, self.work.demarche.number, True, self._reader()
        while more:
            try:
                page = self.platform.dossiers(number, after=cursor, since=sync.since)
            except DemarcheError as error:
                raise StoppedError(done, error) from error
            after = page.info.cursor or cursor
            turn = partial(_turn, call_id=self.work.call_id, before=cursor, after=after)
            taken = take(
                self.database, self.work, reader, page.nodes, self.at,
                turn=None if self.dry_run else turn, dry_run=self.dry_run,
            )  # fmt: skip
            done = done.plus(taken, len(page.nodes))
            if self.progress:
                self.progress(done.read)
            if not taken.turned:
                return done, False
            more, cursor = page.info.more and after != cursor, after
        return done, True

    def _deleted(self, done: Round, sync: Sync) -> Round:
        """What was deleted there: told to the officer, who decides; never withdrawn by itself."""
        cursor, number, more = sync.deleted_cursor, self.work.demarche.number, True
        while more:
            try:
                page = self.platform.deleted(number, after=cursor, since=sync.since)
            except DemarcheError as error:
                raise StoppedError(done, error) from error
            after = page.info.cursor or cursor
            done = replace(done, deleted=done.deleted + self._gone([each.number for each in page.nodes if each],
                                                                   cursor, after))  # fmt: skip
            more, cursor = page.info.more and after != cursor, after
        return done

    def _gone(self, numbers: list[int], before: str, after: str) -> tuple[str, ...]:
        with self.database.transaction() as session:
            cases = queries.cases_of(session, self.work.call_id, numbers)
            told = tuple(
                reference
                for case_id, reference, _ in cases.values()
                if follow_status(session, case_id, reference, DELETED, at=self.at)
            )
            queries.forget_refusals(session, self.work.call_id, numbers)
            queries.turn_page(session, self.work.call_id, before, after, deleted=True)
            if self.dry_run:
                session.rollback()
        return told


class StoppedError(Exception):
    """The platform stopped a round; `done` is what it had done so far."""

    def __init__(self, done: Round, error: DemarcheError) -> None:
        super().__init__(str(error))
        self.done = done
        self.error = error


def _turn(session: Session, *, call_id: int, before: str, after: str) -> bool:
    return queries.turn_page(session, call_id, before, after, deleted=False)
