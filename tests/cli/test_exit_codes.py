"""Every exit code means one thing, whatever the command; the page of the command line repeats them."""

from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url

from parvis.cli.exits import MEANINGS, ExitCode
from parvis.cli.failures import explain
from parvis.cli.setting_words import SECRET, WRITE
from parvis.cli.values import WrongUseError
from parvis.models.databases import AdministrationError
from parvis.models.postmaster import EmbeddedServerError
from parvis.models.revisions import UnknownRevisionError
from parvis.models.session import ConflictError, ConstraintError, UnreachableDatabaseError
from parvis.notifications.mailbox import NoSuchLetterError as NotInMailboxError
from parvis.services.advance import IdempotencyMismatchError
from parvis.services.anchor_files import AnchorFileError
from parvis.services.cases import NoSuchCaseError
from parvis.services.contracts import ContractFileError, FileProblem
from parvis.services.imports.problems import DepositFileError, Problem
from parvis.services.intake import NoContractError, UnknownCallError
from parvis.services.journal import AnchorsDisagreeError
from parvis.services.people import UnknownNameError
from parvis.services.settings import Settings
from parvis.services.templates import FolderProblem, TemplateFolderError
from parvis.services.upcoming import NoSuchLetterError
from parvis.services.wiring import UnreadableSettingsError
from parvis.states.table import MoveRefusedError, Reason, StaleVersionError
from parvis.states.words import Sentence
from tests.cli.conftest import Terminal

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
CASES = Path(__file__).parents[1] / "data" / "portal" / "dossier.json"
SAID = Sentence("Dit.", "Said.")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (AdministrationError("no"), 1),
        (EmbeddedServerError("no"), 1),
        (UnreachableDatabaseError("no"), 1),
        (PermissionError(13, "Permission denied", "x"), 5),
        (IsADirectoryError(21, "Is a directory", "x"), 5),
        (OSError(30, "Read-only file system", "x"), 5),
        (OSError(24, "Too many open files"), 1),
        (OSError(99, "Cannot assign requested address"), 1),
        (UnreadableSettingsError(".env"), 5),
        (UnknownRevisionError(), 5),
        (UnknownRevisionError("x"), 4),
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


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("postgresql://nobody@127.0.0.1:1/nothing", "aucun serveur n’écoute à cette adresse"),
        ("postgresql://nobody@base.invalid/nothing", "cet hôte est introuvable sur le réseau"),
    ],
)
def test_a_database_away_is_a_failure_of_the_machine_told_in_french(terminal: Terminal, address, why):
    answer = terminal("case", "list", PARVIS_DATABASE_URL=address)

    assert answer.code == 1
    assert f"La base de données ne répond pas : {why}." in answer.said
    assert "Détail technique :" in answer.said
    assert "Traceback" not in answer.said


def test_a_user_and_a_database_the_server_does_not_have_are_told_apart(terminal: Terminal, database_url):
    address = make_url(database_url)
    nobody = address.set(username="nobody_here").render_as_string(hide_password=False)
    nothing = address.set(database="nothing_here").render_as_string(hide_password=False)

    assert "ce nom d’utilisateur n’existe pas" in terminal("case", "list", PARVIS_DATABASE_URL=nobody).said
    assert "cette base n’existe pas" in terminal("case", "list", PARVIS_DATABASE_URL=nothing).said


@pytest.mark.parametrize(
    ("name", "value", "write"),
    [
        ("PARVIS_PORT", "cent", "de 0 à 65535"),
        ("PARVIS_PREFECT_PORT", "70000", "de 0 à 65535"),
        ("PARVIS_LANGUAGE", "latin", "fr ou en"),
        ("PARVIS_SMTP_CONNECTIONS", "99", "de 1 à 16"),
        ("PARVIS_SMTP_TIMEOUT_SECONDS", "nan", "plus grand que zéro, 240 au plus"),
        ("PARVIS_SMTP_TIMEOUT_SECONDS", "600", "240 au plus"),
        ("PARVIS_PUBLIC_URL", "parvis.example", "https://"),
        ("PARVIS_DATABASE_URL", "base", "postgresql://"),
        ("PARVIS_DATABASE_URL", "mysql://u:s3cret@base/x", "postgresql://"),
        ("PARVIS_DATABASE_URL", "postgresql://base:abc/x", "postgresql://"),
        ("PARVIS_DATABASE_URL", "postgresql://base/x?nonsense=1", "postgresql://"),
        ("PARVIS_DATABASE_URL", "postgresql://base", "postgresql://"),
        ("PARVIS_DATABASE_OWNER_URL", "postgresql://base:0/x", "postgresql://"),
        ("PARVIS_PREFECT_DATABASE_URL", "base", "postgresql+asyncpg://"),
        ("PARVIS_SMTP_URL", "courrier", "Le début n’est pas connu. Écrire smtp://"),
        ("PARVIS_SMTP_URL", "smtp://u@h", "ni l’un ni l’autre"),
        ("PARVIS_OIDC_ISSUER", "http://auth.example", "https://auth.exemple.fr"),
        ("PARVIS_OIDC_SCOPES", "email", "openid email"),
        ("PARVIS_OIDC_TRUST_EMAIL", "parfois", "true ou false"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_what_to_write(terminal: Terminal, name, value, write):
    answer = terminal("case", "list", **{name: value})

    assert answer.code == 5
    assert name in answer.said
    assert write in answer.said
    assert "s3cret" not in answer.said


@pytest.mark.parametrize("missing", ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "PUBLIC_URL"])
def test_sign_in_by_openid_connect_set_by_half_names_what_lacks(terminal: Terminal, missing):
    whole: dict[str, Any] = {
        "PARVIS_OIDC_ISSUER": "https://auth.example", "PARVIS_OIDC_CLIENT_ID": "parvis",
        "PARVIS_OIDC_CLIENT_SECRET": "s3cret", "PARVIS_PUBLIC_URL": "https://parvis.example",
    }  # fmt: skip

    answer = terminal("case", "list", **{**whole, f"PARVIS_{missing}": ""})

    assert answer.code == 5
    assert f"PARVIS_{missing}" in answer.said
    assert "réglé à moitié" in answer.said
    assert "s3cret" not in answer.said


def test_every_setting_says_what_to_write():
    assert set(WRITE) == set(Settings.model_fields)
    assert {
        name for name, field in Settings.model_fields.items() if SecretStr in get_args(field.annotation)
    } == SECRET


@pytest.mark.parametrize("words", [("--lang", "de"), ("--lang=latin",), ("--lang=",), ("--lang",)])
def test_a_language_that_is_not_known_is_refused_with_those_that_are(terminal: Terminal, words):
    answer = terminal("case", "list", *words)

    assert answer.code == 2
    assert "fr" in answer.said
    assert "en" in answer.said
    assert answer.out == ""


def test_a_word_that_is_not_text_is_bad_use(terminal: Terminal):
    answer = terminal("case", "show", b"\xe9t\xe9".decode("utf-8", "surrogateescape"))

    assert answer.code == 2
    assert "L’argument n° 3 n’est pas du texte UTF-8" in answer.said


def test_lines_read_that_are_not_text_are_bad_use(terminal: Terminal):
    answer = terminal("case", "bulk", "instruct", "-", "--role", "instructor", typed=b"\xe9t\xe9\n")

    assert answer.code == 2
    assert "n’est pas du texte UTF-8" in answer.said


@pytest.mark.parametrize("parts", [("file",), ("file", "below")])
def test_a_data_folder_that_cannot_be_used_is_named_with_its_variable(terminal: Terminal, tmp_path, parts):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")

    answer = terminal(
        "letters", "send", PARVIS_DATA_FOLDER=str(tmp_path.joinpath(*parts)), PARVIS_DATABASE_URL=""
    )

    assert answer.code == 5
    assert "Le dossier des données" in answer.said
    assert "ce n’est pas un dossier" in answer.said
    assert "PARVIS_DATA_FOLDER" in answer.said


def test_a_data_folder_that_cannot_be_made_is_a_setting_to_correct(terminal: Terminal):
    answer = terminal("case", "list", PARVIS_DATA_FOLDER="/proc/no/such", PARVIS_DATABASE_URL="")

    assert answer.code == 5
    assert "ne peut pas être créé" in answer.said


def test_a_file_missing_in_a_good_data_folder_is_only_a_missing_file(terminal: Terminal, tmp_path):
    (tmp_path / "data" / "inbox").mkdir(parents=True)

    missing = terminal("import", str(tmp_path / "data" / "inbox" / "rien.csv"))
    folder = terminal("import", str(tmp_path / "data" / "inbox"))
    nowhere = terminal("import-template", str(tmp_path / "rien" / "feuille.csv"))

    assert (missing.code, folder.code, nowhere.code) == (4, 5, 4)
    assert "Le fichier" in missing.said
    assert "c’est un dossier, pas un fichier" in folder.said
    assert "Le dossier" in nowhere.said


def test_a_full_disk_is_a_failure_whatever_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("PARVIS_DATA_FOLDER", str(tmp_path))

    failed = explain(OSError(28, "No space left on device", str(tmp_path / "mailbox" / "new")))

    assert failed is not None
    assert (failed.exit_code, failed.code) == (1, "data_folder")
    assert "le disque est plein" in failed.sentence.fr


def test_a_contract_that_is_a_folder_is_an_unusable_contract(terminal: Terminal, tmp_path):
    answer = terminal("import", str(CASES), PARVIS_CONTRACT=str(tmp_path))

    assert answer.code == 5
    assert "ne peut pas être lu" in answer.said


def test_a_failure_for_a_program_is_one_line_of_json(terminal: Terminal):
    answer = terminal("case", "show", "RIEN", "--json")

    assert answer.error["code"] == "not_found"
    assert answer.error["exit_code"] == answer.code == 4
    assert len(answer.err.splitlines()) == 1
