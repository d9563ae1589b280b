"""Runs whose host is gone are closed; those of hosts that are heard are left alone."""

import os
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from prefect import flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.events import emit_event
from prefect.events.filters import EventFilter, EventNameFilter, EventOccurredFilter, EventResourceFilter
from prefect.states import Running

from parvis.flows.dead_runs import close_dead
from tests.flows.fleet import fleet, order
from tests.flows.prefect_server import PrefectServer, client, wait_for
from tests.services.desk import Desk
from tests.services.smtp_server import listening

pytestmark = pytest.mark.prefect


@flow(name="goes-on")
def goes_on() -> None:
    """Never called: its runs are said to be under way."""


def under_way() -> UUID:
    """A run that has begun, as Prefect believes."""
    with client() as prefect:
        return prefect.create_flow_run(goes_on, state=Running()).id


def name_of(run: UUID) -> str:
    with client() as prefect:
        return str(prefect.read_flow_run(run).state_name)


def test_a_run_that_is_no_longer_heard_is_closed_and_one_that_is_goes_on(prefect_server: PrefectServer):
    dead, alive, now = under_way(), under_way(), datetime.now(UTC)
    heard = {"prefect.resource.id": f"prefect.flow-run.{alive}"}
    emit_event("prefect.flow-run.heartbeat", resource=heard, occurred=now + timedelta(seconds=2))
    of_alive = EventFilter(
        event=EventNameFilter(name=["prefect.flow-run.heartbeat"]), resource=EventResourceFilter(id=[*heard.values()]),
        occurred=EventOccurredFilter.model_validate({"until": now + timedelta(minutes=1)}),
    )  # fmt: skip

    with client() as prefect:
        assert close_dead(prefect, now) == 0
        time.sleep(2)
        wait_for(lambda: prefect.read_events(of_alive, limit=1).events)
        close_dead(prefect, now + timedelta(seconds=3), silent=timedelta(seconds=2))

    assert (name_of(dead), name_of(alive)) == ("Crashed", "Running")


@pytest.mark.slow
def test_the_run_of_a_host_that_is_killed_is_closed_and_gives_its_place_back(
    office: Desk, prefect_server: PrefectServer, tmp_path: Path
):
    office.receive(*(office.deposit() for _ in range(200)))

    with (
        listening(lambda _: time.sleep(0.05)) as post,
        fleet(prefect_server, tmp_path, PARVIS_SMTP_URL=post.url) as machines,
        client() as prefect,
    ):
        machines.deploy()
        machines.prefect("deployment", "schedule", "pause", "--all")
        with machines.worker("here") as worker:
            run = order("send-letters", "2026-07-01 09:00")
            wait_for(lambda: len(post.messages) > 10)
            kill_with_its_children(worker.pid)
        left, taken = name_of(run), places_taken(prefect)
        time.sleep(2)
        closed = close_dead(prefect, datetime.now(UTC), silent=timedelta(seconds=1))
        ended, free = name_of(run), places_taken(prefect)

    assert left == "Running"
    assert taken > 0
    assert closed >= 1
    assert (ended, free) == ("Crashed", 0), "a dead run keeps its place"


def kill_with_its_children(pid: int) -> None:
    """What a host that loses its power does to a worker and its runs."""
    running = [pid]
    for one in running:
        for task in Path(f"/proc/{one}/task").iterdir():
            running += map(int, (task / "children").read_text().split())
    for one in running:
        os.kill(one, signal.SIGKILL)


def places_taken(prefect: SyncPrefectClient) -> int:
    """How many of the runs allowed at once of the job that sends letters are counted."""
    limit = prefect.read_deployment_by_name("send-letters/send-letters").global_concurrency_limit
    assert limit
    return limit.active_slots
