"""The jobs as `prefect.yaml` declares them: the one declaration, for workers and for `parvis up` alike."""

from pathlib import Path

import yaml
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.schedules import Cron, Schedule
from pydantic import BaseModel, ConfigDict

_PACKAGE = Path(__file__).parents[1]
_PLACES = (_PACKAGE / "prefect.yaml", _PACKAGE.parent / "prefect.yaml")  # an installed wheel, a clone


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CronLine(_Closed):
    """When a job runs, as the wall clock of `timezone` shows it."""

    cron: str
    timezone: str

    def schedule(self) -> Schedule:
        """The same for Prefect."""
        return Cron(self.cron, timezone=self.timezone)


class Pool(_Closed):
    """The workers a job is for, when workers run it."""

    name: str
    job_variables: dict[str, str]


class Declared(_Closed):
    """One job: its flow, when it runs, and how many of its runs at once."""

    name: str
    entrypoint: str
    description: str
    schedules: tuple[CronLine, ...]
    concurrency_limit: ConcurrencyLimitConfig
    work_pool: Pool

    def flow(self) -> Flow[..., object]:
        """The flow itself."""
        return load_flow_from_entrypoint(self.entrypoint)


def declaration() -> Path:
    """Where `prefect.yaml` is: beside the package in a clone, inside it once installed."""
    return next(path for path in _PLACES if path.exists())


def declared() -> list[Declared]:
    """Every job of `prefect.yaml`, in its order."""
    written = yaml.safe_load(declaration().read_text(encoding="utf-8"))
    return [Declared.model_validate(one) for one in written["deployments"]]
