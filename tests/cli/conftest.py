"""What the command line's tests share: a terminal on a small city's database, at a moment of one's choice."""

import json
import sys
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from parvis.cli.here import Here
from parvis.cli.main import build
from parvis.models.session import Database
from parvis.states.words import Language
from tests.services.desk import CONTRACT, Desk, moment


@dataclass(frozen=True)
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer for a program."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """What went wrong, for a program."""
        return json.loads(self.err)["error"]

    @property
    def said(self) -> str:
        """All that was said, on one line and with plain spaces."""
        return " ".join((self.out + self.err).split())


@dataclass
class Terminal:
    """Somebody who types, in French, on 1 June 2026 unless they say otherwise."""

    environment: dict[str, str]
    at: str = "2026-06-01"
    language: str = Language.FR

    def __call__(
        self, *words: str, typed: str | bytes | None = None, width: int = 100, **changes: str
    ) -> Answer:
        """Type `parvis WORDS…`; `typed` is what comes on the input."""
        environment = {**self.environment, "COLUMNS": str(width), **changes}
        here = Here(Language(self.language), clock=lambda: moment(self.at))
        with CliRunner().isolation(input=typed, env=environment) as (out, err, _):
            code = _command(self.language).main(list(words), "parvis", standalone_mode=False, obj=here)
            sys.stdout.flush()
            sys.stderr.flush()
            return Answer(code, _text(out), _text(err))


@cache
def _command(language: str) -> Any:
    """The application in one language: made once, for that takes four times as long as most commands."""
    return get_command(build(language))


def _text(said: BytesIO) -> str:
    return said.getvalue().decode("utf-8", "replace")


@pytest.fixture
def desk(database: Database) -> Desk:
    """A small city, its contract written, no case yet."""
    return Desk.opened(database)


@pytest.fixture
def empty_terminal(database_url: str, tmp_path: Path) -> Terminal:
    """A terminal on a database where nothing was written, not even the contract."""
    contract = tmp_path / "contrat.yaml"
    contract.write_text(json.dumps(CONTRACT, ensure_ascii=False), encoding="utf-8")
    return Terminal(
        {
            "PARVIS_DATABASE_URL": database_url, "PARVIS_CONTRACT": str(contract), "PARVIS_AS": "",
            "PARVIS_DATA_FOLDER": str(tmp_path / "data"), "PARVIS_SMTP_URL": "", "NO_COLOR": "1",
        }
    )  # fmt: skip


@pytest.fixture
def terminal(desk: Desk, empty_terminal: Terminal) -> Terminal:
    """A terminal on the desk's database."""
    return empty_terminal


@pytest.fixture
def english(terminal: Terminal) -> Terminal:
    """The same terminal for somebody who reads English."""
    return Terminal(terminal.environment, language=Language.EN)
