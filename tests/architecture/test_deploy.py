"""What is handed to whoever installs Parvis on servers: units, containers and variables that suit this version."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from parvis.services.settings import Settings
from tests.architecture.house import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OF_OTHERS = re.compile(r"PREFECT_\w+|DO_NOT_TRACK|PYTHON\w+|TUNNEL_TO")
TUNNEL = "prefect-tunnel"  # of the host, with containers too


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_nothing_to_say_of_a_unit(unit: Path, tmp_path: Path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not here")
    here = str(Path(sys.executable).parent)
    tried = tmp_path / unit.name
    tried.write_text(
        unit.read_text(encoding="utf-8").replace("/opt/parvis/.venv/bin", here), encoding="utf-8"
    )

    said = subprocess.run(
        ["systemd-analyze", "verify", str(tried)], capture_output=True, text=True, check=False
    )

    assert unit.name not in said.stdout + said.stderr, said.stderr
    assert "PrivateTmp=true" in tried.read_text(encoding="utf-8")


def test_every_variable_handed_over_is_a_setting():
    known = {f"PARVIS_{name.upper()}" for name in Settings.model_fields}
    text = (DEPLOY / "parvis.env.example").read_text(encoding="utf-8")
    named = {line.partition("=")[0] for line in text.splitlines() if line and not line.startswith("#")}

    assert {name for name in named if not OF_OTHERS.fullmatch(name)} <= known
    assert {"PARVIS_DATABASE_URL", "PARVIS_BANK_KEYS", "PARVIS_PUBLIC_URL"} <= named
    assert "PARVIS_DATABASE_OWNER_URL" not in named, "the owner's secret is for one host, not for all"


def test_variables_handed_over_mean_the_same_to_systemd_a_shell_and_the_file_env():
    lines = (DEPLOY / "parvis.env.example").read_text(encoding="utf-8").splitlines()

    assert all(re.fullmatch(r"#.*|[A-Z_]+=[\w+:/@.,-]+", line) for line in lines)


def test_containers_and_units_run_the_same_commands():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    units = {unit.stem.removeprefix("parvis-"): unit.read_text(encoding="utf-8") for unit in UNITS}

    assert f"{TUNNEL}.service" in " ".join(unit.name for unit in UNITS)
    for name, text in units.items():
        if name == TUNNEL:
            continue
        started = re.search(r"^ExecStart=/opt/parvis/\.venv/bin/(.+)$", text, re.MULTILINE)
        assert started, name
        assert started[1].split() == services[name]["command"]
    assert services["migrate"]["command"] == ["parvis", "db", "migrate"]
    assert all(service["network_mode"] == "host" for service in services.values())
