"""Runs whose host is gone: killed or cut off, it cannot say that they ended. They are closed in its place."""

from datetime import datetime, timedelta

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.events.filters import EventFilter, EventNameFilter, EventOccurredFilter, EventResourceFilter
from prefect.states import Crashed

SILENT = timedelta(minutes=10)
"""A run at work says so every three minutes; its place among the runs allowed at once is given up after five."""
_UNDER_WAY = [StateType.PENDING, StateType.RUNNING]
_MOST = 200

GONE = (
    "Plus de nouvelles de la machine qui le faisait ; le passage suivant reprend. · "
    "The host that did it has gone silent; the next run takes it up."
)


def close_dead(client: SyncPrefectClient, at: datetime, silent: timedelta = SILENT) -> int:
    """Close as crashed the runs under way of which nothing was heard for so long at `at`; how many.

    One that is alive after all, cut off from Prefect alone, ends all the same, and says so once it can.
    """
    runs = client.read_flow_runs(
        flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_UNDER_WAY))),
        limit=_MOST,
    )
    dead = [run for run in runs if _silent(client, run, at - silent, at)]
    for run in dead:
        client.set_flow_run_state(run.id, Crashed(message=GONE), force=True)
    return len(dead)


def _silent(client: SyncPrefectClient, run: FlowRun, since: datetime, until: datetime) -> bool:
    if run.state is None or run.state.timestamp > since:
        return False
    heard = client.read_events(
        EventFilter(
            event=EventNameFilter(name=["prefect.flow-run.heartbeat"]),
            resource=EventResourceFilter(id=[f"prefect.flow-run.{run.id}"]),
            occurred=EventOccurredFilter.model_validate({"since": since, "until": until}),
        ),
        limit=1,
    )
    return not heard.events
