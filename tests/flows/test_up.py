"""`parvis up`: everything starts, is watched, and nothing is left behind, however it ends."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from parvis.models import databases
from parvis.models.embedded import EmbeddedServer
from tests.flows.parvis_up import Machine, Up, machine
from tests.flows.prefect_server import client, wait_for

pytestmark = pytest.mark.prefect

FLOWS = {
    "advance-deadlines",
    "deliver-webhooks",
    "apply-retention",
    "fill-agendas",
    "follow-demarches",
    "import-deposits",
    "morning-digest",
    "prepare-packets",
    "renew-agreements",
    "send-letters",
    "publish-open-data",
    "read-bounces",
    "watch-health",
    "watch-journal",
    "write-papers",
}
UNDER_WAY = {"Pending", "Submitting", "Running"}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Machine]:
    with machine(tmp_path) as used:
        yield used


def test_up_starts_everything_says_where_it_is_and_leaves_nothing_when_stopped(here: Machine):
    up = here.up().wait_until_ready()

    with up.server.talked_to(), client() as prefect:
        served = prefect.read_deployments()
    entrance = httpx2.get(f"{up.address}/connexion")
    web = min(pid for pid, command in up.processes().items() if "parvis.web.serve" in command)
    told = Path(f"/proc/{web}/environ").read_text(encoding="utf-8").split("\0")
    code = up.stop(signal.SIGTERM)

    key = (up.data / "bank.key").read_text(encoding="ascii")
    assert f"PARVIS_BANK_KEYS={key}" in told, "pages open accounts"
    assert "Entrer dans Parvis" in entrance.text
    assert "Démonstration" not in entrance.text
    assert {one.name for one in served} == FLOWS
    assert not any(one.paused for one in served)
    assert code == 0
    assert up.text.rstrip().endswith("Parvis est arrêté.")
    assert "Traceback" not in up.text
    assert up.processes() == {}


def test_an_unusable_contract_is_said_with_its_lines_and_nothing_starts(here: Machine, tmp_path: Path):
    (tmp_path / "faux.yaml").write_text("code: 3\nnom: rien\n", encoding="utf-8")

    up = here.up(PARVIS_CONTRACT=str(tmp_path / "faux.yaml"))
    code = up.process.wait(60)

    assert code == 5
    assert "ligne" in up.text
    assert "Traceback" not in up.text
    assert up.processes() == {}


@pytest.mark.slow
def test_every_flow_runs_once_at_the_start_and_leaves_its_table(here: Machine):
    up = here.up().wait_until_ready()

    with up.server.talked_to():
        for flow in FLOWS:
            wait_for(lambda flow=flow: "Completed" in {run.state_name for run in up.server.runs(flow)})
        tables = {flow: up.server.artifact(flow) for flow in FLOWS}
    code = up.stop(signal.SIGINT)

    assert all(tables.values())
    assert code == 0
    assert up.processes() == {}


@pytest.mark.slow
@pytest.mark.browser
def test_prefects_page_shows_every_job_in_a_browser_that_reaches_no_other_machine(here: Machine):
    chromium = shutil.which("chromium")
    if chromium is None and os.environ.get("PARVIS_REQUIRE_BROWSER") != "1":
        pytest.skip("no Chromium here")
    up = here.up().wait_until_ready()

    page = subprocess.run(
        [str(chromium), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", f"--user-data-dir={here.folder / 'browser'}",
         "--virtual-time-budget=15000", "--dump-dom", f"http://127.0.0.1:{up.server.port}/deployments"],
        capture_output=True, text=True, check=True, timeout=120,
    ).stdout  # fmt: skip

    assert {flow for flow in FLOWS if flow in page} == FLOWS
    assert up.stop() == 0


@pytest.mark.slow
def test_only_its_own_address_reaches_prefects_server_and_its_pages_reach_nothing_else(here: Machine):
    up = here.up().wait_until_ready()
    connection = http.client.HTTPConnection("127.0.0.1", up.server.port)

    connection.request("GET", "/api/health", headers={"Host": "elsewhere.example"})
    elsewhere = connection.getresponse()
    elsewhere.read()
    connection.request("GET", "/")
    page = connection.getresponse()
    page.read()
    connection.request("POST", "/api/flows/filter", body="{}", headers={"Content-Type": "application/json"})
    without_token = connection.getresponse()
    connection.close()

    assert elsewhere.status == 400
    assert "default-src 'self'" in (page.getheader("content-security-policy") or "")
    assert without_token.status == 403
    assert up.stop() == 0


@pytest.mark.slow
def test_a_taken_port_is_replaced_by_a_free_one_and_a_second_up_is_sent_to_the_first(here: Machine):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        up = here.up(PARVIS_PREFECT_PORT=str(port)).wait_until_ready()

    second = here.up()
    code = second.process.wait(60)

    assert up.server.port != port
    assert code == 6
    assert up.address in second.text
    assert up.stop() == 0


@pytest.mark.slow
@pytest.mark.parametrize("module", ["parvis.flows.server", "parvis.flows.serve"])
def test_a_process_that_dies_is_said_and_everything_stops(here: Machine, module: str):
    up = here.up().wait_until_ready()

    os.kill(up.pid_of(module), signal.SIGKILL)
    code = up.process.wait(60)

    assert code == 1
    assert "arrêt inattendu" in up.text
    assert "Traceback" not in up.text
    wait_for(lambda: up.processes() == {})


@pytest.mark.slow
def test_a_database_that_dies_is_said_and_everything_stops(here: Machine):
    up = here.up().wait_until_ready()
    postmaster = int((up.data / "postgres" / "data" / "postmaster.pid").read_text().split()[0])

    os.kill(postmaster, signal.SIGKILL)
    code = up.process.wait(60)

    assert code == 1
    assert "Base de données : arrêt inattendu" in up.text
    wait_for(lambda: up.processes() == {})


@pytest.mark.slow
def test_everything_killed_in_the_middle_of_a_run_starts_again_and_runs_again(here: Machine):
    first = here.up().wait_until_ready()
    with first.server.talked_to():
        wait_for(lambda: UNDER_WAY & {run.state_name for run in first.server.runs("send-letters")})
    for pid in first.processes():
        os.kill(pid, signal.SIGKILL)
    first.process.wait(10)

    second = here.up().wait_until_ready()
    with second.server.talked_to():
        begun = completed(second)
        wait_for(lambda: completed(second) - begun)
        states = [run.state_name for run in second.server.runs("send-letters")]

    assert "Crashed" in states
    assert second.stop() == 0
    assert second.processes() == {}


@pytest.mark.slow
def test_nothing_outlives_an_up_that_is_killed_but_the_database_which_the_next_one_joins(here: Machine):
    first = here.up().wait_until_ready()

    first.stop(signal.SIGKILL)

    wait_for(lambda: not any("parvis.flows" in command for command in first.processes().values()))
    second = here.up().wait_until_ready()
    assert second.stop() == 0
    assert second.processes() == {}


def completed(up: Up) -> set[UUID]:
    return {run.id for run in up.server.runs("send-letters") if run.state_name == "Completed"}


@pytest.mark.slow
def test_with_a_server_of_its_own_prefect_has_its_database_there_and_the_server_goes_on(
    here: Machine, new_database: Callable[..., str], postgres: EmbeddedServer
):
    address = postgres.url(databases.name_of(new_database(migrated=False)))

    up = here.up(PARVIS_DATABASE_URL=address).wait_until_ready()
    code = up.stop()

    assert code == 0
    assert not (up.data / "postgres").exists()
    assert databases.exists(postgres.url(), f"{databases.name_of(address)}_prefect")
    databases.drop(postgres.url(), f"{databases.name_of(address)}_prefect")


@pytest.mark.slow
def test_an_up_stopped_while_it_starts_stops_what_it_had_started(here: Machine):
    up = here.up()
    wait_for(lambda: "Contrat de ville" in up.text)

    code = up.stop(signal.SIGINT)

    assert code == 0
    assert "Parvis est prêt" not in up.text
    assert up.processes() == {}


@pytest.mark.slow
def test_an_account_that_may_not_make_prefects_database_is_told_which_one_to_have_made(
    here: Machine, new_database: Callable[..., str]
):
    address = new_database(migrated=False)

    up = here.up(PARVIS_DATABASE_URL=address)
    code = up.process.wait(60)

    assert code == 5
    assert f"{databases.name_of(address)}_prefect" in " ".join(up.text.split())
