"""The real command, in a process of its own with a data folder of its own: what a person has in front of them."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARVIS = Path(sys.executable).with_name("parvis")
PORTAL = ROOT / "tests" / "data" / "portal" / "dossier.json"
HEAVY = (
    "sqlalchemy",
    "alembic",
    "pydantic",
    "psycopg",
    "prefect",
    "openpyxl",
    "holidays",
    "sqlmodel",
    "jinja2",
)


@pytest.fixture
def parvis(tmp_path):
    """Type a command in an empty folder, with nothing in the environment that concerns Parvis but what is said."""

    def type_it(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(tmp_path), "PARVIS_DATA_FOLDER": str(tmp_path / "data"),
            "PARVIS_CONTRACT": str(ROOT / "contracts" / "amiens.yaml"), **changes,
        }  # fmt: skip
        return subprocess.run(
            [PARVIS, *words],
            cwd=tmp_path,
            env=environment,
            check=False,
            capture_output=True,
            encoding="utf-8",
        )

    return type_it


def test_a_fresh_folder_is_enough_to_import_and_read_a_case(parvis):
    first = parvis("import", str(PORTAL))
    second = parvis("import", str(PORTAL), "--lang", "en")
    case = json.loads(parvis("case", "show", "REPRISE-00001", "--json").stdout)
    missing = parvis("case", "show", "REPRISE-00002")
    stopped = parvis("db", "stop")

    assert (first.returncode, second.returncode, stopped.returncode) == (0, 0, 0)
    assert "REPRISE-00001" in first.stdout
    assert "Nothing changed." in second.stdout
    assert case["budget"]["balanced"]
    assert (missing.returncode, missing.stdout) == (4, "")
    assert "\x1b" not in first.stdout


@pytest.mark.parametrize(
    ("changes", "begins"),
    [
        ({}, "Utilisation"),
        ({"LANG": "en_GB.UTF-8"}, "Usage"),
        ({"LANG": "en_GB.UTF-8", "PARVIS_LANGUAGE": "fr"}, "Utilisation"),
    ],
)
def test_the_language_comes_from_the_environment(parvis, changes, begins):
    assert parvis("--help", **changes).stdout.startswith(begins)


def test_the_command_line_wins_over_the_environment(parvis):
    assert parvis("case", "list", "--help", "--lang", "fr", LANG="en_GB.UTF-8").stdout.startswith(
        "Utilisation"
    )


def test_a_terminal_that_cannot_write_french_gets_no_traceback(parvis):
    answer = parvis("--help", PYTHONIOENCODING="ascii", PYTHONUTF8="0")

    assert answer.returncode == 0
    assert "Utilisation" in answer.stdout


def test_help_loads_nothing_heavy(parvis):
    code = "import sys; sys.argv = ['parvis', '--help']\ntry:\n    from parvis.cli.main import run; run()\n"
    code += "except SystemExit:\n    print('LOADED', *sys.modules)"

    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8"
    ).stdout

    assert set(HEAVY) & set(said.partition("LOADED")[2].split()) == set()


def test_an_unforeseen_error_leaves_its_trace_in_a_file_and_a_sentence_on_the_screen(tmp_path):
    code = (
        "from parvis.cli import main, version\n"
        "def broken(context): raise ZeroDivisionError('ines@ville.example/FR1420041010050500013M02606')\n"
        "main.COMMANDS = (main.Entry('broken', broken, main.ABOUT),)\n"
        "broken.__annotations__ = {'context': version.typer.Context}\n"
        "import sys; sys.argv = ['parvis', 'broken']; main.run()"
    )

    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=False, encoding="utf-8",
        env={"PATH": os.environ["PATH"], "PARVIS_DATA_FOLDER": str(tmp_path / "data")},
    )  # fmt: skip

    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert "ZeroDivisionError" in answer.stderr
    kept = (tmp_path / "data" / "errors.log").read_text(encoding="utf-8")
    assert "Traceback" in kept
    assert "ZeroDivisionError: …@…/…" in kept


def test_a_pipe_closed_early_ends_quietly(parvis, tmp_path):
    answer = subprocess.run(
        f"{PARVIS} reference | head -1", shell=True, check=False, capture_output=True, encoding="utf-8", cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PARVIS_DATA_FOLDER": str(tmp_path)},
    )  # fmt: skip

    assert answer.stdout == "# Ligne de commande\n"
    assert answer.stderr == ""


def test_ctrl_c_ends_quietly_with_130(tmp_path, database_url):
    slow = tmp_path / "depots.csv"
    os.mkfifo(slow)
    process = subprocess.Popen(
        [PARVIS, "import", slow], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PARVIS_DATABASE_URL": database_url,
             "PARVIS_CONTRACT": str(ROOT / "contracts" / "amiens.yaml")},
    )  # fmt: skip

    writing = _opened(slow, process)  # the command now waits for what never comes
    out, error = _interrupted(process)
    os.close(writing)

    assert (process.returncode, out, error) == (130, b"", b"")


def _interrupted(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """What a process says to Ctrl-C, typed again where it went to a library that was being loaded."""
    for _ in range(5):
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=5)
    process.kill()
    return process.communicate()


def _opened(fifo: Path, reader: subprocess.Popen[bytes]) -> int:
    """The writing end of a named pipe, once `reader` has opened the other; fails if it ends before."""
    for _ in range(600):
        assert reader.poll() is None, reader.communicate()
        with contextlib.suppress(OSError):  # nobody reads it yet
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        time.sleep(0.05)
    reader.kill()
    raise AssertionError(reader.communicate())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_are_there(parvis, shell):
    words = {"COMP_WORDS": "parvis case ", "COMP_CWORD": "2", "_TYPER_COMPLETE_ARGS": "parvis case ",
             "_TYPER_COMPLETE_FISH_ACTION": "get-args"}  # fmt: skip
    answer = parvis(_PARVIS_COMPLETE=f"complete_{shell}", **words)

    assert answer.returncode == 0
    assert "advance" in answer.stdout
