"""What every command works with: the reader's language, the time, the settings, the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import typer

from parvis.cli.values import WrongUseError
from parvis.services import wiring
from parvis.states.words import Language, Sentence

if TYPE_CHECKING:
    from parvis.models.session import Database, Session
    from parvis.services.settings import Settings

NO_CONTRACT = Sentence("Il n’y a pas encore de contrat.", "There is no contract yet.")


@dataclass
class Here:
    """One run of the command line. `json` is true when whoever reads the output is a program."""

    language: Language
    clock: Callable[[], datetime] = field(default=wiring.now)
    json: bool = False

    def say(self, sentence: Sentence, **values: object) -> str:
        """A sentence in the reader's language."""
        return (sentence.fill(**values) if values else sentence).say(self.language)

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        return self.clock()

    @cached_property
    def settings(self) -> "Settings":
        """The settings of this process."""
        return wiring.settings()

    @contextmanager
    def database(self) -> Iterator["Database"]:
        """The database, started and migrated when needed."""
        with wiring.opened(self.settings) as opened:
            yield opened.database

    @contextmanager
    def acting(self) -> Iterator["Database"]:
        """The database for a command that acts: by the contract as its file says it now, where there is a file."""
        from parvis.services.opening import keep_up

        with self.database() as database:
            keep_up(database, self.settings, self.now())
            yield database

    @contextmanager
    def contract(self) -> Iterator["Database"]:
        """The database with the contract of the settings in it, as its file says it now."""
        from parvis.services.opening import open_contract

        with self.database() as database:
            open_contract(database, self.settings, self.now())
            yield database


def contract_there(session: "Session") -> int:
    """The contract in the database, for a command that is about one.

    Raises:
        WrongUseError: there is none yet.
    """
    from parvis.models.queries.contracts import contract_known

    contract_id = contract_known(session, None)
    if contract_id is None:
        raise WrongUseError("", NO_CONTRACT)
    return contract_id


def here_of(context: typer.Context) -> Here:
    """What the command being run works with."""
    found = context.find_object(Here)
    if found is None:
        raise TypeError("a command runs inside the application built by parvis.cli.main")
    return found
