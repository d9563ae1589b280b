"""What a run tells in the technical log: which run, how long, what was done; never a secret nor an address."""

import json
import logging
from typing import Any

import pytest
from prefect import flow
from prefect.client.schemas.filters import LogFilter, LogFilterFlowRunId
from prefect.logging.handlers import APILogHandler
from prefect.settings import PREFECT_LOGGING_TO_API_ENABLED, temporary_settings

from parvis.flows.advance_deadlines import advance_deadlines
from parvis.flows.around import HiddenError, desk
from parvis.flows.send_letters import MailServerAwayError, send_letters
from parvis.services import logs
from parvis.services.logs import LogFormat
from parvis.services.scrubbing import Scrubber
from parvis.services.traces import TRACES
from tests.flows.prefect_server import PrefectServer, client, wait_for
from tests.services.desk import Desk, moment
from tests.services.test_traces import collector, said

pytestmark = pytest.mark.prefect


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The lines of JSON on the error output."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]


def test_a_run_and_its_tasks_end_with_a_line_each_under_the_number_prefect_gives_the_run(
    office: Desk, prefect_server: PrefectServer, capsys, monkeypatch
):
    monkeypatch.setenv("PARVIS_LOG", "json")
    office.case_awaiting_documents(reply_by="2026-06-30")

    advance_deadlines(moment("2026-07-01 00:00"))
    task, flow = [line for line in told(capsys) if line["event"] == "run"]

    run = str(prefect_server.runs("advance-deadlines")[0].id)
    assert (flow["flow"], flow["run"], task["task"], task["run"]) == ("advance-deadlines", run, "fire", run)
    assert flow["did"]["Moves made by the clock"] == 1
    assert flow["ms"] >= task["ms"] > 0


def test_a_failed_run_says_so_and_tells_neither_the_password_nor_to_whom_it_wrote(
    office: Desk, prefect_server: PrefectServer, capsys, monkeypatch
):
    monkeypatch.setenv("PARVIS_LOG", "json")
    monkeypatch.setenv("PARVIS_SMTP_URL", "smtp://parvis:pont%20sur%20la%20Somme@127.0.0.1:1")
    office.submitted_case()

    with pytest.raises(MailServerAwayError):
        send_letters()
    said = capsys.readouterr().err

    addresses = {row[0] for row in office.rows("SELECT address FROM letters")} - {None}
    assert addresses
    assert {one for one in {*addresses, "pont%20sur", "pont sur"} if one in said} == set()
    assert any(
        json.loads(line).get("flow") == "send-letters" for line in said.splitlines() if line[:1] == "{"
    )


def test_a_run_and_its_tasks_are_spans_where_a_collector_is_named(
    office: Desk, prefect_server: PrefectServer, monkeypatch
):
    office.case_awaiting_documents(reply_by="2026-06-30")

    with collector() as (address, spans):
        monkeypatch.setenv("PARVIS_TRACES_URL", address)
        try:
            advance_deadlines(moment("2026-07-01 00:00"))
        finally:
            TRACES.end()

    by_name = {span.name: span for span in spans}
    run = str(prefect_server.runs("advance-deadlines")[0].id)
    assert said(by_name["run advance-deadlines"])["parvis.run"] == run
    assert by_name["run fire"].parent_span_id == by_name["run advance-deadlines"].span_id


def test_what_goes_to_prefects_own_server_is_scrubbed_as_well():
    handler = APILogHandler()
    logger = logging.getLogger("prefect.flow_runs")
    logger.addHandler(handler)
    try:
        logs.begin(LogFormat.AUTO, "test", scrub=Scrubber())
        record = logging.LogRecord(
            "prefect.flow_runs", logging.ERROR, "", 1, "to %s", ("ines@ville.example",), None
        )
        assert handler.filter(record)
    finally:
        logger.removeHandler(handler)

    assert record.getMessage() == "to …@…"


def test_what_prefect_keeps_of_a_failed_run_holds_neither_a_password_nor_an_address(
    office: Desk, prefect_server: PrefectServer, monkeypatch
):
    monkeypatch.setenv("PARVIS_SMTP_URL", "smtp://parvis:pont%20sur%20la%20Somme@127.0.0.1:1")

    @flow(name="fails-with-a-secret")
    def fails() -> None:
        with desk():
            cause = ConnectionError("pont%20sur%20la%20Somme is refused")
            raise LookupError(
                "nothing at postgresql://parvis:s3cret@base/x for ines@ville.example"
            ) from cause

    with temporary_settings({PREFECT_LOGGING_TO_API_ENABLED: True}), pytest.raises(HiddenError):
        fails()
    APILogHandler().flush()
    run = prefect_server.runs("fails-with-a-secret")[0]
    of_run = LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run.id]))
    with client() as prefect:
        states = [str(state.message) for state in prefect.read_flow_run_states(run.id)]
        wait_for(lambda: prefect.read_logs(of_run))
        lines = [line.message for line in prefect.read_logs(of_run)]

    kept = "\n".join(states + lines)
    assert "LookupError: nothing at postgresql://…@base/x for …@…" in kept
    assert {one for one in ("pont%20sur", "s3cret", "ines@") if one in kept} == set()
