"""Every exit code means one thing, whatever the command; the page of the command line repeats them."""

from pathlib import Path

import pytest

from parvis.cli.exits import MEANINGS, ExitCode
from parvis.cli.failures import explain
from parvis.cli.values import WrongUseError
from parvis.models.databases import AdministrationError
from parvis.models.postmaster import EmbeddedServerError
from parvis.models.session import ConflictError, ConstraintError, UnreachableDatabaseError
from parvis.notifications.mailbox import NoSuchLetterError as NotInMailboxError
from parvis.notifications.smtp_url import SmtpUrlError
from parvis.services.advance import IdempotencyMismatchError
from parvis.services.anchor_files import AnchorFileError
from parvis.services.cases import NoSuchCaseError
from parvis.services.contracts import ContractFileError, FileProblem
from parvis.services.imports.problems import DepositFileError, Problem
from parvis.services.intake import NoContractError, UnknownCallError
from parvis.services.journal import AnchorsDisagreeError
from parvis.services.people import UnknownNameError
from parvis.services.templates import FolderProblem, TemplateFolderError
from parvis.services.upcoming import NoSuchLetterError
from parvis.states.table import MoveRefusedError, Reason, StaleVersionError
from parvis.states.words import Sentence
from tests.cli.conftest import Terminal

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
SAID = Sentence("Dit.", "Said.")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (AdministrationError("no"), 1),
        (EmbeddedServerError("no"), 1),
        (UnreachableDatabaseError("no"), 1),
        (PermissionError(13, "Permission denied", "x"), 1),
        (OSError(28, "No space left on device", "x"), 1),
        (WrongUseError("--at", SAID), 2),
        (MoveRefusedError("fund", (Reason("why", SAID),)), 3),
        (NoSuchCaseError("A"), 4),
        (NoSuchCaseError("A", ("B", "C")), 4),
        (NoSuchLetterError("l1"), 4),
        (NotInMailboxError("x"), 4),
        (UnknownCallError("a", ("b",)), 4),
        *((UnknownNameError(kind, "a", ["b"]), 4) for kind in ("person", "funder", "committee", "document")),
        (UnknownNameError("person", "a"), 4),
        (FileNotFoundError(2, "No such file", "x"), 4),
        (DepositFileError([Problem(2, "siret", "1", "code", SAID)]), 5),
        (ContractFileError([FileProblem(1, "calls[0]", None, SAID)], file="x"), 5),
        (TemplateFolderError([FolderProblem("x", 0, 0, SAID)]), 5),
        (NoContractError(None), 5),
        (SmtpUrlError("scheme"), 5),
        (StaleVersionError(1, 2), 6),
        (IdempotencyMismatchError("k"), 6),
        (ConflictError("x"), 6),
        (ConstraintError("x", "y"), 6),
        (AnchorsDisagreeError(1, 2), 7),
        (AnchorFileError(1), 7),
    ],
    ids=repr,
)
def test_each_error_of_the_services_ends_with_its_code_and_a_sentence(error, code):
    failed = explain(error)

    assert failed is not None
    assert failed.exit_code == code
    assert failed.sentence.fr.endswith(".")
    assert failed.sentence.en.endswith(".")
    assert failed.sentence.fr != failed.sentence.en


def test_an_error_nobody_foresaw_is_not_explained_away():
    assert explain(ZeroDivisionError()) is None


def test_every_code_has_a_meaning_and_stands_on_the_page():
    page = PAGE.read_text(encoding="utf-8")

    assert set(MEANINGS) == set(ExitCode)
    for code, meaning in MEANINGS.items():
        assert f"| {int(code)} | {meaning.fr} |" in page
        assert f"| {int(code)} | {meaning.en} |" in page


def test_a_database_away_is_a_failure_of_the_machine(terminal: Terminal):
    answer = terminal("case", "list", PARVIS_DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/nothing")

    assert answer.code == 1
    assert "La base de données ne répond pas" in answer.said
    assert "Traceback" not in answer.said


@pytest.mark.parametrize(
    ("name", "value"),
    [("PARVIS_PORT", "cent"), ("PARVIS_LANGUAGE", "latin"), ("PARVIS_SMTP_CONNECTIONS", "99")],
)
def test_a_setting_that_cannot_be_used_is_named(terminal: Terminal, name, value):
    answer = terminal("case", "list", **{name: value})

    assert answer.code == 5
    assert name in answer.said


def test_a_failure_for_a_program_is_one_line_of_json(terminal: Terminal):
    answer = terminal("case", "show", "RIEN", "--json")

    assert answer.error["code"] == "not_found"
    assert answer.error["exit_code"] == answer.code == 4
    assert len(answer.err.splitlines()) == 1
