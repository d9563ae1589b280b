"""`prefect.yaml`: the one declaration of the jobs, for `parvis up` and for workers alike."""

import importlib
from datetime import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitStrategy

from parvis import flows
from parvis.flows.declared import Pool, declaration, declared
from parvis.flows.serve import AT_ONCE, deployment
from parvis.services import jobs

ROOT = Path(__file__).parents[2]


def test_every_flow_is_declared_once_and_nothing_else_is():
    modules = [
        importlib.import_module(f"parvis.flows.{path.stem}") for path in Path(flows.__path__[0]).glob("*.py")
    ]
    written = {
        f"{module.__name__}.{name}"
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, Flow)
    }

    entrypoints = [one.entrypoint for one in declared()]

    assert sorted(entrypoints) == sorted(written)


def test_a_job_bears_the_name_of_its_flow():
    assert {one.name: one.flow().name for one in declared()} == {one.name: one.name for one in declared()}


def test_what_is_served_on_one_machine_is_what_is_declared_for_many():
    for one in declared():
        served = deployment(one)
        planned: list[Any] = [schedule.schedule for schedule in served.schedules or ()]

        assert [(plan.cron, plan.timezone) for plan in planned] == [
            (line.cron, line.timezone) for line in one.schedules
        ]
        assert (served.entrypoint, served.description) == (one.entrypoint, one.description)
        assert served.concurrency_limit == min(one.concurrency_limit.limit, AT_ONCE - 1)
        assert served.concurrency_options
        assert served.concurrency_options.collision_strategy == ConcurrencyLimitStrategy.CANCEL_NEW


@pytest.mark.parametrize(
    ("name", "cron"),
    [
        ("advance-deadlines", "*/10 * * * *"),
        ("fill-agendas", "*/15 * * * *"),
        ("write-papers", "5-59/10 * * * *"),
        ("send-letters", "* * * * *"),
        ("deliver-webhooks", "*/2 * * * *"),
        ("follow-demarches", "35 * * * *"),
        ("prepare-packets", "0 6 * * *"),
        ("renew-agreements", "15 6 * * *"),
        ("morning-digest", "30 7 * * 1-5"),
        ("import-deposits", "5 * * * *"),
        ("read-bounces", "7-59/15 * * * *"),
        ("publish-open-data", "30 5 1 * *"),
        ("watch-journal", "15 3 * * *"),
        ("apply-retention", "45 3 * * *"),
        ("watch-health", "3-59/10 * * * *"),
    ],
)
def test_a_job_runs_when_the_design_says_on_the_clock_of_paris(name, cron):
    one = {one.name: one for one in declared()}[name]

    assert [(line.cron, line.timezone) for line in one.schedules] == [(cron, "Europe/Paris")]


def test_a_tick_too_many_is_skipped_and_only_runs_that_share_their_work_overlap():
    limits = [one.concurrency_limit for one in declared()]

    assert {limit.collision_strategy for limit in limits} == {ConcurrencyLimitStrategy.CANCEL_NEW}
    assert {
        one.name: one.concurrency_limit.limit for one in declared() if one.concurrency_limit.limit > 1
    } == {
        "advance-deadlines": 4,
        "send-letters": 4,
    }


def test_on_one_machine_no_job_takes_all_the_places():
    assert all((deployment(one).concurrency_limit or AT_ONCE) < AT_ONCE for one in declared())


def test_the_digest_is_planned_at_the_hour_it_may_first_leave():
    minute, hour, *_ = {one.name: one for one in declared()}["morning-digest"].schedules[0].cron.split()

    assert time(int(hour), int(minute)) == jobs.MORNING


def test_workers_run_in_the_folder_they_were_started_from():
    written = yaml.safe_load(declaration().read_text(encoding="utf-8"))

    assert declaration() == ROOT / "prefect.yaml"
    assert written["pull"] == [{"prefect.deployments.steps.set_working_directory": {"directory": "."}}]
    assert [one.work_pool for one in declared()] == [
        Pool(name="parvis", job_variables={"working_dir": "."})
    ] * len(declared())
