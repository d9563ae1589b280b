"""The interpreter of every table of moves: what may happen, to whom, and why not."""

import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from parvis.states.stages import ROLE_WORDS, Role
from parvis.states.words import Sentence


class Situation(Protocol):
    """What the interpreter needs to know of any subject."""

    @property
    def stage(self) -> str:
        """Where the subject stands."""
        ...

    @property
    def version(self) -> int:
        """How many times it has moved."""
        ...


F = TypeVar("F", bound=Situation)


class Clock(StrEnum):
    """What a move does to the statutory clock of the case."""

    KEEP = "keep"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is refused, and what would unblock it."""

    code: str
    sentence: Sentence


@dataclass(frozen=True)
class Guard(Generic[F]):
    """A condition on the facts, in a few words, with the sentence said when it does not hold.

    Placeholders of the sentence are names of facts, so that it says what is missing and not only that it is.
    """

    code: str
    condition: Sentence
    holds: Callable[[F], bool]
    sentence: Sentence

    def reason(self, facts: F) -> Reason:
        """The refusal this guard gives for `facts`."""
        names = {name for _, name, _, _ in string.Formatter().parse(self.sentence.fr) if name}
        return Reason(self.code, self.sentence.fill(**{name: getattr(facts, name) for name in names}))


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter a move owes: which one, to whom."""

    template: str
    to: str


@dataclass(frozen=True)
class Move(Generic[F]):
    """One row: from any of `sources`, `by` these roles, `only_if` these guards, to `target` (None: it stays)."""

    action: StrEnum
    sources: tuple[StrEnum, ...]
    target: StrEnum | None
    by: tuple[Role, ...]
    only_if: tuple[Guard[F], ...] = ()
    letters: tuple[Letter, ...] = ()
    clock: Clock = Clock.KEEP
    then: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Care:
    """Who looks after a stage, and the deadline that keeps it from being forgotten."""

    owner: Role
    deadline: Sentence


@dataclass(frozen=True)
class Table(Generic[F]):
    """A table of moves; what is not in it is refused."""

    name: str
    title: Sentence
    initial: StrEnum
    stages: type[StrEnum]
    actions: type[StrEnum]
    words: Mapping[str, Sentence]
    moves: tuple[Move[F], ...]
    care: Mapping[str, Care]
    index: dict[tuple[str, str, str], Move[F]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        index = {key: move for move in self.moves for key in _keys(move)}
        object.__setattr__(self, "index", index)

    @property
    def finals(self) -> frozenset[StrEnum]:
        """Stages nobody has to look after."""
        return frozenset(stage for stage in self.stages if stage not in self.care)

    def row(self, stage: str, action: str, role: str) -> Move[F] | None:
        """The row for this role doing this in this stage, or None."""
        return self.index.get((stage, action, role))

    def rows(self, stage: str, action: str) -> list[Move[F]]:
        """The rows for this action in this stage, whoever does it."""
        return [move for move in self.moves if move.action == action and stage in move.sources]


class MoveRefusedError(Exception):
    """The table says no. `reasons` tell why; nothing was written."""

    def __init__(self, action: str, reasons: tuple[Reason, ...]) -> None:
        super().__init__(f"{action}: {', '.join(reason.code for reason in reasons)}")
        self.action = action
        self.reasons = reasons


class StaleVersionError(Exception):
    """Someone moved it since the version the caller saw."""

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(f"expected version {expected}, found {actual}")
        self.expected = expected
        self.actual = actual


@dataclass(frozen=True, slots=True)
class Option:
    """One move open, or blocked, from where the subject stands."""

    action: StrEnum
    target: StrEnum | None
    by: tuple[Role, ...]
    reasons: tuple[Reason, ...]

    @property
    def allowed(self) -> bool:
        """Nothing but the right person is needed."""
        return not self.reasons


def decide(table: Table[F], facts: F, action: str, role: str, expected_version: int | None = None) -> Move[F]:
    """The row that applies.

    Raises:
        StaleVersionError: the subject is no longer at `expected_version`.
        MoveRefusedError: no such row, or a guard does not hold.
    """
    if expected_version is not None and facts.version != expected_version:
        raise StaleVersionError(expected_version, facts.version)
    move = table.index.get((facts.stage, action, role))
    if move is None:
        raise MoveRefusedError(action, (absent(table, facts.stage, action, role),))
    for guard in move.only_if:
        if not guard.holds(facts):
            raise MoveRefusedError(action, blocked_by(move, facts))
    return move


def blocked_by(move: Move[F], facts: F) -> tuple[Reason, ...]:
    """Every reason that blocks this row now; empty when it is open."""
    return tuple(guard.reason(facts) for guard in move.only_if if not guard.holds(facts))


def options(table: Table[F], facts: F) -> list[Option]:
    """Every move from where the subject stands, who may make it, and what blocks it now."""
    here = [move for move in table.moves if facts.stage in move.sources]
    return [Option(move.action, move.target, move.by, blocked_by(move, facts)) for move in here]


def absent(table: Table[F], stage: str, action: str, role: str) -> Reason:
    """Why there is no row: nobody may here, or somebody else may."""
    where = table.words[table.stages(stage)]
    what = table.words.get(table.actions(action), Sentence(action, action))
    if others := dict.fromkeys(who for move in table.rows(stage, action) for who in move.by):
        return Reason("not_your_role", _OTHERS.fill(action=what, others=[ROLE_WORDS[who] for who in others]))
    if sources := dict.fromkeys(s for move in table.moves if move.action == action for s in move.sources):
        stages = [table.words[source] for source in sources]
        return Reason("not_from_here", _ELSEWHERE.fill(action=what, stage=where, stages=stages))
    return Reason("never", Sentence("Cette action n’existe pas.", "There is no such action."))


_OTHERS = Sentence(
    "Vous ne pouvez pas « {action} ». Rôles qui le peuvent : {others}.",
    "You may not “{action}”. Roles that may: {others}.",
)
_ELSEWHERE = Sentence(
    "« {action} » n’est pas possible au stade « {stage} ». Stades où ce l’est : {stages}.",
    "“{action}” is not possible at stage “{stage}”. Stages where it is: {stages}.",
)


def _keys(move: Move[F]) -> Iterator[tuple[str, str, str]]:
    for source in move.sources:
        for role in move.by:
            yield source.value, move.action.value, role.value
