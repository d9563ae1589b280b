"""The line a command leaves in the technical log, where `PARVIS_LOG` asks for one: never what was typed."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from parvis.cli.entries import Entry, Section
from parvis.services import logs, wiring
from parvis.services.logs import LogFormat


def command_of(typed: Sequence[str], commands: Sequence[Entry | Section]) -> str:
    """The command in what was typed, `letters send`: its names and nothing else; empty for none."""
    words = [word for word in typed if not word.startswith("-")]
    known = {each.name: each for each in commands}
    first = known.get(words[0]) if words else None
    if first is None:
        return ""
    inside = {entry.name for entry in first.entries} if isinstance(first, Section) else set()
    return " ".join([first.name, *(word for word in words[1:2] if word in inside)])


@contextmanager
def noted(command: str) -> Iterator[Callable[[int], None]]:
    """Tell how long the block took; what it gives takes the number the command ends with."""
    form = wiring.log_format()
    if form is LogFormat.AUTO:
        yield lambda _: None
        return
    logs.begin(form, "cli")
    begun, ended = time.perf_counter(), list[int]()
    try:
        yield ended.append
    finally:
        ms = round((time.perf_counter() - begun) * 1_000, 1)
        logs.tell("command", command=command or None, exit=ended[0] if ended else None, ms=ms)
