"""Facts about what a clone holds: nothing of one machine, nothing of one registry, all the package needs."""

import re
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from tests.architecture.house import PACKAGE, ROOT, committed_files, name

# Neither pattern matches itself: this file is read by its own tests.
MACHINE = re.compile(rb"(?<![\w.<>~-])/(?:work|root|home/[a-z]|opt/[a-z]+/simple|Users/[A-Z])\b")
HOSTS = re.compile(rb"pypi\.org|pythonhosted\.org|registry\.npmjs|ghcr\.io")


def test_no_file_names_a_folder_of_one_machine():
    found = [
        f"{name(path)}: {match.group().decode()}" for path in _texts() for match in _matches(MACHINE, path)
    ]

    assert found == []


def test_no_file_names_a_registry():
    found = [
        f"{name(path)}: {match.group().decode()}" for path in _texts() for match in _matches(HOSTS, path)
    ]

    assert found == []


def test_the_lock_names_versions_and_no_address():
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if line and not line.lstrip().startswith("#")]

    assert [line for line in pinned if not re.fullmatch(r"[a-z0-9._\[\]-]+==[\w.!+]+( ; .+)?", line)] == []
    assert not re.search(r"https?:|file:|--|@", "\n".join(lines))


def test_the_lock_pins_everything_the_project_asks_for():
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*pyproject["project"]["dependencies"], *pyproject["dependency-groups"]["dev"]]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {line.partition("==")[0].partition("[")[0] for line in lock.splitlines() if "==" in line}

    assert {re.split(r"[\[><=~! ]", requirement)[0] for requirement in asked} - pinned == set()


def test_the_data_folder_is_never_committed():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()

    assert {".parvis/", ".venv"} <= set(ignored)
    assert [name(path) for path in committed_files() if path.relative_to(ROOT).parts[0] == ".parvis"] == []


def test_the_wheel_carries_every_file_of_the_package(tmp_path):
    wheel = next(iter(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])))

    with zipfile.ZipFile(wheel) as archive:
        packed = {entry for entry in archive.namelist() if entry.startswith("parvis/")}
    assert {name(path) for path in committed_files() if path.is_relative_to(PACKAGE)} - packed == set()


def test_continuous_integration_runs_the_checks_and_demands_a_browser():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=False).returncode == 0
    assert "export PARVIS_REQUIRE_BROWSER=1" in script
    assert script.rstrip().endswith("check")


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "LICENSE"])
def test_the_house_has_its_pages(page):
    assert (ROOT / page).read_text(encoding="utf-8").strip()


def _texts() -> list[Path]:
    """Committed files that hold text; a vendored or generated binary names nothing."""
    return [path for path in committed_files() if b"\0" not in path.read_bytes()[:8192]]


def _matches(pattern: re.Pattern[bytes], path: Path) -> list[re.Match[bytes]]:
    return list(pattern.finditer(path.read_bytes()))
