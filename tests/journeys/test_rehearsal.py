"""Somebody rehearses a call before opening it: one command, a report, and nothing left behind."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from typer.testing import CliRunner, Result

from parvis.cli.here import Here
from parvis.cli.main import build
from parvis.models import databases
from parvis.models.embedded import EmbeddedServer
from parvis.states.words import Language

ROOT = Path(__file__).parents[2]
TWO_MONTHS = ("annuel-2027", "--from", "2027-01-04", "--to", "2027-03-05", "--cases", "10", "--seed", "5")
ONE_MONTH = ("annuel-2027", "--from", "2027-01-04", "--to", "2027-02-05", "--cases", "4", "--seed", "5")
WHOLE_CALL = ("annuel-2027", "--from", "2027-01-04", "--to", "2028-07-31", "--cases", "450", "--seed", "1")
FIVE_YEARS = (
    "annuel-2026", "annuel-2027", "annuel-2028", "--agreements", "40", "--from", "2026-01-01", "--to", "2030-12-31",
    "--cases", "1500", "--seed", "1",
)  # fmt: skip

Typed: TypeAlias = Callable[..., Result]


@pytest.fixture
def typed(postgres: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types `parvis rehearse …` in an empty folder, with the server of the tests."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str, width: int = 100) -> Result:
        environment = {
            "PARVIS_DATABASE_OWNER_URL": postgres.url(), "PARVIS_DATA_FOLDER": "data",
            "PARVIS_CONTRACT": str(ROOT / "contracts" / "amiens.yaml"), "COLUMNS": str(width), "NO_COLOR": "1",
        }  # fmt: skip
        return CliRunner().invoke(
            build(), ["rehearse", *words], env=environment, catch_exceptions=False, obj=Here(Language.FR)
        )

    return run


def scratch_databases(server: EmbeddedServer) -> set[str]:
    with databases.connect(server.url()) as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'parvis_scratch%'")
        return {row[0] for row in rows}


def test_a_call_is_rehearsed_from_one_command_and_nothing_is_left(typed, postgres, tmp_path):
    before = scratch_databases(postgres)

    answer = typed(*TWO_MONTHS, "--html", "rapport.html", width=80)

    assert (answer.exit_code, answer.stderr) == (0, "")
    assert "Répétition\u202f: Appel à projets annuel 2027" in answer.stdout
    assert "Le journal est intact" in answer.stdout
    assert max(len(line) for line in answer.stdout.splitlines()) <= 80
    assert "…" not in answer.stdout.replace("… +", "")
    assert (tmp_path / "rapport.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert scratch_databases(postgres) <= before


def test_a_program_reads_the_figures_as_json(typed):
    answer = typed(*ONE_MONTH, "--json")

    figures = json.loads(answer.stdout)

    assert (figures["cases"], figures["seed"], figures["first"]) == (4, 5, "2027-01-04")
    assert figures["proofs"]["journal_sound"] is True
    assert sum(count for _, count in figures["days"]) > 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("inconnu",), 4, "annuel-2027"),
        (("annuel-2027", "--from", "2027-05-01", "--to", "2027-04-01"), 2, "avant de commencer"),
        (("annuel-2027", "--from", "2028-02-01", "--to", "2028-03-01"), 2, "ne reçoit aucun dépôt"),
        (("annuel-2027", "--cases", "0"), 2, "--cases"),
        (("annuel-2027", "--seed", "x"), 2, "--seed"),
    ],
)
def test_what_cannot_be_rehearsed_is_said_in_a_sentence(typed, words, code, said):
    answer = typed(*words)

    assert answer.exit_code == code
    assert said in " ".join(answer.stderr.split())
    assert "Traceback" not in answer.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [WHOLE_CALL, FIVE_YEARS], ids=["450 cases", "40 agreements over five years"]
)
def test_a_large_rehearsal_tells_the_same_twice_to_the_byte_and_nothing_is_left_aside(typed, tmp_path, words):
    first = typed(*words, "--html", "un.html")
    second = typed(*words, "--html", "deux.html")

    assert first.exit_code == second.exit_code == 0
    assert first.stdout.replace("un.html", "") == second.stdout.replace("deux.html", "")
    page = (tmp_path / "un.html").read_bytes()
    assert page == (tmp_path / "deux.html").read_bytes()
    alarms = {code for code in ("stuck", "agreements", "reports", "proofs") if f'href="#{code}">'.encode() in
              page.partition(b"<nav")[0]}  # fmt: skip
    assert alarms == set()
