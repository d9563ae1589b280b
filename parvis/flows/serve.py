"""Every flow served by one process, with the schedules of `prefect.yaml`: what `parvis up` runs on one machine.

Prefect's own `serve` cannot be stopped by a signal without a complaint, nor clear away what a killed one left.
"""

import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.states import Crashed
from prefect.types.entrypoint import EntrypointType

from parvis.flows.declared import Declared, declared
from parvis.services import logs, wiring
from parvis.services.parent import end_with_parent
from parvis.services.scrubbing import Scrubber

AT_ONCE = 2
"""Runs at a time: each is a process of its own. One job never takes all the places."""

_UNFINISHED = [
    StateType.PENDING,
    StateType.RUNNING,
    StateType.CANCELLING,
    StateType.PAUSED,
    StateType.SCHEDULED,
]
_PAGE = 200

INTERRUPTED = "Interrompu par un arrêt brutal de Parvis. · Interrupted: Parvis was killed."


def deployment(one: Declared) -> RunnerDeployment:
    """A declared job as Prefect serves it."""
    return RunnerDeployment.from_flow(
        one.flow(),
        name=one.name,
        description=one.description,
        schedules=[line.schedule() for line in one.schedules],
        concurrency_limit=one.concurrency_limit.model_copy(
            update={"limit": min(one.concurrency_limit.limit, AT_ONCE - 1)}
        ),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


async def serve(ready: Callable[[], object] = bool) -> None:
    """Serve every declared job until SIGTERM or SIGINT; `ready` is called once they are on Prefect's page.

    Each runs once at the start: what was missed is caught up, and the page has something to show.
    """
    jobs = declared()
    runner = Runner(name="parvis", limit=AT_ONCE)
    async with get_client() as client:
        await settle_unfinished(client, [one.name for one in jobs])
        for one in jobs:
            deployment_id = await runner.aadd_deployment(deployment(one))
            await client.create_flow_run_from_deployment(deployment_id)
    serving = asyncio.create_task(runner.start())
    while not (runner.started or serving.done()):  # noqa: ASYNC110  # it tells nobody that it has started
        await asyncio.sleep(0.05)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):  # the runner's own answer to SIGTERM never ends well
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    ready()
    told = asyncio.create_task(stopping.wait())
    await asyncio.wait({serving, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if not serving.done():
        await runner.astop()
    await serving


async def settle_unfinished(client: PrefectClient, names: list[str]) -> int:
    """Close the runs of these deployments that a kill left open; to be called before any of them begins.

    A run left open would keep its place among those allowed at once, and all later ones would be skipped; those
    that were only planned would all start together. How many were closed.
    """
    settled = 0
    while True:
        runs = await client.read_flow_runs(
            deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=names)),
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_UNFINISHED))
            ),
            sort=FlowRunSort.EXPECTED_START_TIME_ASC,
            limit=_PAGE,
        )
        for run in runs:
            if run.state is not None and run.state.is_scheduled():
                await client.delete_flow_run(run.id)
            else:
                await client.set_flow_run_state(run.id, Crashed(message=INTERRUPTED), force=True)
        settled += len(runs)
        if len(runs) < _PAGE:
            return settled


def main() -> None:
    """Serve; the argument, if any, is a file to make once all jobs are served."""
    end_with_parent()
    settings = wiring.settings()
    logs.begin(settings.log, "flows", scrub=Scrubber(settings.secrets))
    asyncio.run(serve(*(Path(name).touch for name in sys.argv[1:2])))


if __name__ == "__main__":
    main()
