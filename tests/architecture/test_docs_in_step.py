"""Pages that repeat the code agree with it: the lifecycle, the commands, the records of decisions, the changelog."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import PACKAGE, ROOT

COMMAND_LINE = PACKAGE / "cli" / "main.py"
SCHEMA = PACKAGE / "services" / "contracts" / "schema.py"
ADR = ROOT / "docs" / "adr"
ADR_LINES = 60


@pytest.mark.skipif(not COMMAND_LINE.exists(), reason="parvis/cli/main.py is not written yet")
def test_the_page_of_the_lifecycle_is_what_the_command_prints():
    """Out of step? `make docs` writes the page again."""
    printed = _parvis("lifecycle", "--lang", "fr")

    assert (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8") == printed


def test_the_page_of_the_command_line_says_what_the_commands_are():
    """Out of step? `make docs` writes the page again."""
    printed = _parvis("reference")

    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == printed


@pytest.mark.skipif(not SCHEMA.exists(), reason="parvis/services/contracts/schema.py is not written yet")
def test_the_published_schema_is_the_one_contracts_are_checked_with():
    """Out of step? `make docs` writes the schema again."""
    from parvis.services.contracts import schema_text

    assert (ROOT / "contracts" / "contract.schema.json").read_text(encoding="utf-8") == schema_text()


def test_the_readme_names_only_commands_that_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    named = set(re.findall(r"make ([a-z-]+)", readme))

    assert {"run", "test"} <= named
    assert named - targets == set()


def test_the_readme_describes_every_room():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rooms = {room.parent.name for room in PACKAGE.glob("*/__init__.py")}

    assert {room for room in rooms if f"`{room}/`" not in readme} == set()


def test_the_changelog_has_a_place_for_the_next_change():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert "\n## [Unreleased]\n" in changelog


def test_records_of_decisions_are_numbered_without_a_gap():
    numbers = [int(path.name[:4]) for path in _records()]

    assert numbers == list(range(1, len(numbers) + 1))


def test_a_record_of_decision_is_one_page_with_its_four_parts():
    for path in _records():
        text = path.read_text(encoding="utf-8")

        assert text.startswith(f"# {path.name[:4]}. "), path.name
        assert len(text.splitlines()) <= ADR_LINES, path.name
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert headings == ["Status", "Context", "Decision", "Consequences"], path.name


def _records() -> list[Path]:
    return sorted(path for path in ADR.glob("[0-9]*.md") if not path.name.startswith("0000"))


def _parvis(*arguments: str) -> str:
    program = "from parvis.cli.main import run; run()"
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments], check=False, capture_output=True, cwd=ROOT
    )
    assert result.returncode == 0, result.stderr.decode()
    return result.stdout.decode("utf-8")


def test_what_the_page_of_security_cites_as_proof_exists():
    cited = re.findall(
        r"\[`(test_\w+)`\]\(\.\./(\S+?)\)", (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    )

    assert len(cited) > 30
    assert not [
        (name, path)
        for name, path in cited
        if f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    ]
