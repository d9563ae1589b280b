"""Crashing a move at every point, and what must be seen: the whole of it or nothing, and all of it once done again."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from parvis.models.session import Database, UnreachableDatabaseError
from parvis.services import journal
from tests.faults.door import Door
from tests.faults.ground import Ground, Picture, differing
from tests.faults.moves.act import Act
from tests.faults.moves.every import act_named
from tests.services.processes import Other
from tests.services.works import Hear, Tell

EVERY_POINT = os.environ.get("FAULTS_EVERY") == "1"
"""Whether nothing is sampled: `make faults FAULTS_EVERY=1`."""
DRAWN_ON = date.fromisoformat(os.environ.get("FAULTS_DRAW") or f"{datetime.now(UTC):%F}")
"""The day whose draw is played where not all acts and points are: `FAULTS_DRAW` plays that of another day again."""
TODAY = DRAWN_ON.toordinal()
MANY = 40


@dataclass
class Found:
    """What crashing an act at each of its points showed, by the name of the point."""

    points: list[str] = field(default_factory=list)
    nothing: int = 0
    whole: int = 0
    between: int = 0
    torn: dict[str, list[str]] = field(default_factory=dict)
    not_mended: dict[str, list[str]] = field(default_factory=dict)

    def __add__(self, other: "Found") -> "Found":
        return Found(
            [*self.points, *other.points], self.nothing + other.nothing, self.whole + other.whole,
            self.between + other.between, self.torn | other.torn, self.not_mended | other.not_mended,
        )  # fmt: skip


@dataclass
class Story:
    """An act on its ground, seen through a door: `front` passes by it, `back` does not."""

    act: Act
    given: tuple[Any, ...]
    ground: Ground
    door: Door
    front: Database
    back: Database
    _said: list[str] = field(default_factory=list)
    _last: Picture | None = None

    def crashed(self, crash: "Crash", *, again: bool = True, every: int = 1) -> Found:
        """Crash it before each statement (or one of so many), and once the last was answered with nobody to hear.

        Of an act of more than `MANY` statements one of so many is crashed, others each day.

        It is done again where something of it is there; where nothing is, the database is as before: once is enough,
        at the last such point, unless `EVERY_POINT` asks for all.
        """
        after = self._made(crash)
        last, found, bare = len(self._said), Found(), 0
        every = 1 if EVERY_POINT else max(every, -(-last // MANY))
        ends = {at + 2 for at, said in enumerate(self._said) if said == "COMMIT"} if self.act.steps else set()
        for at in sorted({*range(1 + TODAY % every, last + 1, every), *ends, last, last + 1}):
            found.points.append(self.point(at))
            crash(self, at, last)
            now = self._see(found, at, after)
            if now == self.ground.before and not EVERY_POINT:
                bare = at
            elif again and self.point(at) not in found.torn:
                now = self._do_again(found, self.point(at), after)
            self.ground.put_back(now)
        if again and bare:
            crash(self, bare, last)
            self.ground.settle()
            self.ground.put_back(self._do_again(found, self.point(bare), after))
        return found

    def point(self, at: int) -> str:
        """The name of a point."""
        return f"{self.act.kind}/{self.act.name}/{at}"

    def _made(self, crash: "Crash") -> Picture:
        """Make it undisturbed, and hear what it sends: all that is there after."""
        for _ in range(2):  # what a process learns the first time, it does not ask again
            self.ground.put_back(self.ground.picture())
            crash(self, 0, 0)
        self._said, after = list(self.door.said), self.ground.picture()
        assert after != self.ground.before, f"{self.act.kind}/{self.act.name} writes nothing"
        self.ground.put_back(after)
        return after

    def _see(self, found: Found, at: int, after: Picture) -> Picture:
        self.ground.settle()
        now = self.ground.picture()
        kept = now == self._last or (at > 1 and self._said[at - 2] == "COMMIT")
        if now == self.ground.before:
            found.nothing += 1
        elif now == after:
            found.whole += 1
        elif self.act.steps and kept:
            found.between += 1
        else:
            found.torn[self.point(at)] = differing(now, after)
        self._last = now
        return now

    def _do_again(self, found: Found, point: str, after: Picture) -> Picture:
        self.ground.number_again()
        with suppress(*self.act.there):
            (self.act.again or self.act.does)(self.back, *self.given)
        with self.back.transaction() as session:
            sound = journal.verify(session).sound
        now = self.ground.picture()
        left = [table for table in differing(now, after) if table not in self.act.twice]
        if left or not sound:
            found.not_mended[point] = left if sound else [*left, "journal not sound"]
        return now


@contextmanager
def standing(act: Act, given: tuple[Any, ...], ground: Ground, door: Door) -> Iterator[Story]:
    """An act about to be crashed, its two ways to the database open for the time of the block."""
    with (
        Database(door.url(ground.url), role="parvis_app") as front,
        Database(ground.url, role="parvis_app") as back,
    ):
        yield Story(act, given, ground, door, front, back)


Crash: TypeAlias = Callable[[Story, int, int], None]
"""Crash a story before the statement of this number, of so many; at 0, let it end."""


def by_cutting(story: Story, at: int, last: int) -> None:
    """The connection is gone, as after the end of the process or of its machine; so are those it would open."""
    _cut(story, at, last, untied=False)


def by_cutting_untied(story: Story, at: int, last: int) -> None:
    """The same, with transactions taken away: what the tests must see torn."""
    _cut(story, at, last, untied=True)


def by_killing(story: Story, at: int, last: int) -> None:
    """A process of its own makes the move, and gets `kill -9` at the point."""
    _kill(story, at, last, untied=False)


def by_killing_untied(story: Story, at: int, last: int) -> None:
    """The same, with transactions taken away."""
    _kill(story, at, last, untied=True)


def _kill(story: Story, at: int, last: int, *, untied: bool) -> None:
    door, act = story.door, story.act
    door.arm()
    child = Other(perform, door.url(story.ground.url), (act.kind, act.name), story.given)
    assert child.told() == "ready"
    door.arm(at, last=last, untied=untied, on_cut=lambda: os.kill(child.pid, signal.SIGKILL))
    child.tell("go")
    while not door.is_cut and child.runs:
        time.sleep(0.001)
    assert child.join() == (-signal.SIGKILL if at else 0)
    assert door.is_cut == bool(at), f"{story.point(at)} was not reached"


def perform(
    database: Database, tell: Tell, hear: Hear, which: tuple[str, str], given: tuple[Any, ...]
) -> None:
    """Make a move once told to, the connection being open."""
    _warm(database)
    tell("ready")
    hear()
    act_named(*which).does(database, *given)


def _cut(story: Story, at: int, last: int, *, untied: bool) -> None:
    """By a connection of its own, opened before: opening one is no part of a move."""
    story.door.arm()
    _warm(story.front)
    story.door.arm(at, last=last, untied=untied)
    with suppress(UnreachableDatabaseError):
        story.act.does(story.front, *story.given)
    story.front.dispose()
    assert story.door.is_cut == bool(at), f"{story.point(at)} was not reached"


def _warm(database: Database) -> None:
    with database.transaction() as session:
        session.exec_driver_sql("SELECT 1")
