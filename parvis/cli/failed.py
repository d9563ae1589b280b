"""How a command ends when it cannot do what was asked: its number, its sentence, what is wrong in detail."""

from dataclasses import dataclass

from parvis.cli.exits import ExitCode
from parvis.states.words import Sentence


@dataclass(frozen=True, slots=True)
class Detail:
    """One part of what is wrong: where (empty for the whole), the value found, why and what to do."""

    code: str
    sentence: Sentence
    place: Sentence | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """How a command ends when it cannot do what was asked."""

    exit_code: ExitCode
    code: str
    sentence: Sentence
    details: tuple[Detail, ...] = ()
    place: Sentence | None = None
