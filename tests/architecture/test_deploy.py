"""What is handed to whoever installs Parvis on servers: units, containers and variables that suit this version."""

import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from parvis.services.settings import Settings
from tests.architecture.house import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OF_OTHERS = re.compile(r"PREFECT_\w+|DO_NOT_TRACK|PYTHON\w+|TUNNEL_TO")
TUNNEL = "prefect-tunnel"  # of the host, with containers too
ACCOUNT = 10001


def services() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = yaml.safe_load(read("compose.yaml"))["services"]
    return found


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def page() -> str:
    """The page of whoever installs, in plain spaces."""
    return re.sub("[\u00a0\u202f]", " ", (ROOT / "docs/operations.md").read_text(encoding="utf-8"))


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
    units = {unit.stem.removeprefix("parvis-"): unit.read_text(encoding="utf-8") for unit in UNITS}

    assert f"{TUNNEL}.service" in " ".join(unit.name for unit in UNITS)
    for name, text in units.items():
        if name == TUNNEL:
            continue
        started = re.search(r"^ExecStart=/opt/parvis/\.venv/bin/(.+)$", text, re.MULTILINE)
        assert started, name
        assert started[1].split() == services()[name]["command"]
    assert services()["migrate"]["command"] == ["parvis", "db", "migrate"]
    assert all(service["network_mode"] == "host" for service in services().values())


def test_every_container_runs_something_there_is_and_can_write_nothing_but_the_shared_folder():
    for name, service in services().items():
        command = service["command"]
        assert isinstance(command, list)
        assert command[:1] == ["parvis"] or find_spec(command[2]), name
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "ports" not in service, "all listen on 127.0.0.1 of the host"
        assert service["volumes"] == [
            "/etc/parvis/contracts:/etc/parvis/contracts:ro", "/srv/parvis:/var/lib/parvis",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("web", f"http://127.0.0.1:{Settings.model_fields['port'].default}/sante"),
        ("prefect", f"http://127.0.0.1:{Settings.model_fields['prefect_port'].default}/api/health"),
    ],
)
def test_a_container_is_asked_where_its_server_answers(name: str, asked: str):
    assert f"'{asked}'" in str(services()[name]["healthcheck"])


def test_an_image_is_made_from_what_it_needs_and_from_nothing_secret():
    let_through = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", read("Containerfile"), re.MULTILINE)
        for source in line.split()[:-1]
    ]

    assert "*" in let_through
    assert {line[1:] for line in let_through if line.startswith("!")} == set(copied)
    assert all((ROOT / source).exists() for source in copied)
    assert not any(fnmatch(".env", line[1:]) for line in let_through if line.startswith("!"))


def test_the_account_has_one_number_in_the_image_and_on_the_hosts():
    for text in (read("Containerfile"), page()):
        assert f"groupadd --system --gid {ACCOUNT} parvis" in text
        assert re.search(
            rf"useradd --system --uid {ACCOUNT} --gid parvis .*--shell /usr/sbin/nologin parvis", text
        )


def test_nothing_starts_before_the_shared_folder_is_there():
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8")
        assert ("RequiresMountsFor=/var/lib/parvis" in text) == ("ReadWritePaths=/var/lib/parvis" in text)


def test_the_key_of_a_host_opens_the_way_to_prefect_and_nothing_else():
    said = dict(line.split(maxsplit=1) for line in read("sshd.conf").splitlines() if line.startswith("    "))
    tunnel = (DEPLOY / "systemd" / f"parvis-{TUNNEL}.service").read_text(encoding="utf-8")

    assert f":{said['PermitOpen']} " in tunnel
    assert said["MaxSessions"] == "0", "no command, no file"
    assert said["AllowTcpForwarding"] == "local", "no way back"
    assert said["AllowStreamLocalForwarding"] == "no"
    assert said["AuthorizedKeysFile"] in page()


def test_every_place_behind_nginx_is_told_who_asks():
    text = read("nginx.conf")
    places = re.findall(r"location [^{]+\{(.*?)\n    \}", text, re.DOTALL)

    assert text.index("proxy_set_header X-Forwarded-For $remote_addr;") < text.index("location")
    assert len(places) == 3
    assert all("proxy_pass http://127.0.0.1:8000;" in place for place in places)
    assert not any("proxy_set_header" in place for place in places), "one there would undo all those above"


def test_the_page_names_each_file_handed_over():
    named = page()

    assert [
        file.name
        for file in DEPLOY.rglob("*")
        if file.is_file() and file not in UNITS and f"deploy/{file.relative_to(DEPLOY)}" not in named
    ] == []
    assert all(f"systemctl enable --now {unit.stem}" in named for unit in UNITS)


def test_the_owner_may_make_bases_and_only_from_one_host():
    lines = re.findall(r"^host \S+ .+$", page(), re.MULTILINE)

    assert {line.split()[2]: line.split()[1] for line in lines} == {
        "parvis_owner": "all", "parvis_web": "parvis", "parvis_prefect": "parvis_prefect",
    }  # fmt: skip
    assert [line for line in lines if "parvis_owner" in line and "/32 " in line]
