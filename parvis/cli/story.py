"""What may be done with a case or an agreement, and what was done: told the same way for both."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from rich.padding import Padding
from rich.text import Text

from parvis.cli.acting import MACHINES
from parvis.cli.here import Here
from parvis.cli.output import grid, kept, row, short_instant, show
from parvis.cli.values import code
from parvis.states.stages import ROLE_WORDS, Role
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.states.table import Option

FOR = Sentence("par {roles}", "by {roles}")
OPEN = Sentence("possible", "possible")
TO_BRING = Sentence("à préciser", "to be completed")
BLOCKED = Sentence("bloqué", "blocked")
BY_ITSELF = Sentence("d’office", "by itself")


class Told(Protocol):
    """One thing that happened, in the reader's language."""

    @property
    def at(self) -> datetime:
        """When."""
        ...

    @property
    def who(self) -> str:
        """Who did it."""
        ...

    @property
    def what(self) -> str:
        """What they did."""
        ...

    @property
    def details(self) -> tuple[str, ...]:
        """What they said with it."""
        ...


def option_json(here: Here, option: "Option") -> dict[str, object]:
    """A move as a program reads it."""
    return {
        "action": option.action, "target": option.target, "by": option.by, "allowed": option.allowed,
        "reasons": [{"code": reason.code, "sentence": here.say(reason.sentence)} for reason in option.reasons],
    }  # fmt: skip


def print_option(
    here: Here, option: "Option", *, words: Mapping[str, Sentence], brought: Collection[str]
) -> None:
    """A move, whether it is possible, by whom, and what blocks it.

    `words` are those of its table, `brought` the codes of reasons that whoever acts lifts by saying more.
    """
    state, style = _state(option, brought)
    said = Text.assemble(("\n" + code(option.action), "bold cyan"), "  ")
    said.append(kept(words[option.action].say(here.language)), "bold")
    if option.target:
        said.append(kept(f" → {words[option.target].say(here.language)}"))
    said.append("  ").append(kept(here.say(state)), style)
    show(said)
    people = _people(option.by)
    details = (
        [Text(kept(here.say(FOR, roles=[ROLE_WORDS[role] for role in people])), "dim")] if people else []
    )
    details += [Text(kept(here.say(reason.sentence))) for reason in option.reasons]
    show(*(Padding(detail, (0, 0, 0, 2)) for detail in details))


def print_history(entries: Iterable[Told]) -> None:
    """What happened, oldest first."""
    for entry in entries:
        said = Text(kept(entry.what), "bold").append(kept(f"\n{entry.who}"), "dim")
        for detail in entry.details:
            said.append(kept(f"\n{detail}"), "not bold not dim")
        made = grid()
        row(made, Text(short_instant(entry.at), "cyan"), said)
        show(made)


def _state(option: "Option", brought: Collection[str]) -> tuple[Sentence, str]:
    if not _people(option.by):
        return BY_ITSELF, "dim"
    if option.allowed:
        return OPEN, "green"
    if {reason.code for reason in option.reasons} <= set(brought):
        return TO_BRING, "cyan"
    return BLOCKED, "yellow"


def _people(roles: Sequence[Role]) -> list[Role]:
    return [role for role in roles if role not in MACHINES]
