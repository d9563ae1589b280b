"""What a table of commands is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from parvis.states.words import Sentence


@dataclass(frozen=True, slots=True)
class Entry:
    """One command: its name, what it runs, what it is for."""

    name: str
    run: Callable[..., Any]
    said: Sentence
    listed: tuple[Sentence, Mapping[str, Sentence]] | None = None
    """What its help lists besides: a title, and names with what each means."""


@dataclass(frozen=True, slots=True)
class Section:
    """Commands about one subject, called `parvis NAME COMMAND`."""

    name: str
    said: Sentence
    entries: tuple[Entry, ...]
