"""Traces reach a collector by their numbers, and cost nothing where there is none."""

import gzip
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from pydantic import ValidationError

from parvis.services.jobs import send_letters
from parvis.services.settings import Settings
from parvis.services.traces import TRACES, Traces
from parvis.states.stages import Action
from parvis.web.site import Site
from tests.services.desk import Desk, moment
from tests.web.application import application
from tests.web.browser import Browser, Clock


@contextmanager
def collector() -> Iterator[tuple[str, list[Any]]]:
    """A collector on a free port: its address, and the spans it was sent, with what each says of its process."""
    spans: list[Any] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            body = gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body
            for each in ExportTraceServiceRequest.FromString(body).resource_spans:
                spans.extend(span for scope in each.scope_spans for span in scope.spans)
            self.send_response(200 if self.path == "/v1/traces" else 404)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", spans
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


def said(span: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes}


def test_a_request_its_move_and_a_letter_are_spans_one_inside_the_other(database, tmp_path):
    desk, clock = Desk.opened(database), Clock()
    chosen = Settings(data_folder=tmp_path)
    officer = Browser(application(Site(database, chosen, clock)), desk, clock).as_person("ines@ville.example")
    case = desk.submitted_case()
    reference = desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)

    with collector() as (address, spans):
        with TRACES.running(address, "test"):
            answered = officer.post(
                f"/dossiers/{reference}/actions/check_eligibility", {"version": str(desk.version(case))}
            )
            send_letters(database, chosen, lambda: moment("2026-06-01 10:00"), by="test")
        by_name = {span.name: span for span in spans}

    assert answered.status_code == 303
    request, move, letter = (by_name[name] for name in ("request act_on_case", "move", "letter"))
    assert move.parent_span_id == request.span_id
    assert said(request) == {"parvis.request": answered.headers["x-request-id"], "parvis.status": 303,
                             "parvis.case": reference}  # fmt: skip
    assert said(move) == {"parvis.action": Action.CHECK_ELIGIBILITY, "parvis.case": case}
    assert said(letter) == {"parvis.letter": desk.value("SELECT min(id) FROM letters"), "parvis.case": case}


def test_an_error_is_told_by_its_class_and_not_by_its_words():
    traces = Traces()
    with (
        collector() as (address, spans),
        pytest.raises(ValueError, match="ines"),
        traces.running(address, "test"),
        traces.span("run", at=None),
    ):
        raise ValueError("ines@ville.example")

    [span] = spans
    assert (span.name, span.status.message, span.status.code, len(span.events)) == ("run", "ValueError", 2, 0)


def test_a_collector_that_is_away_stops_nobody():
    traces, begun = Traces(), time.monotonic()
    with traces.running("http://127.0.0.1:1", "test"), traces.span("run"):
        traces.say("another name", ms=1)

    assert time.monotonic() - begun < 8


def test_without_a_collector_nothing_of_it_is_loaded_and_a_span_is_next_to_nothing():
    code = (
        "import sys, timeit\n"
        "from parvis.services.traces import TRACES\n"
        "TRACES.begin('', 'web')\n"
        "def once():\n"
        "    with TRACES.span('move', case=1): TRACES.say(status=200)\n"
        "print(min(timeit.repeat(once, number=10_000, repeat=5)) / 10_000)\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    seconds, loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8"
    ).stdout.splitlines()

    assert loaded == "[]"
    assert float(seconds) < 5e-6


@pytest.mark.parametrize("address", ["collector:4318", "grpc://host:4317", "http://", "http://host/?x=1"])
def test_an_address_that_is_no_collector_is_refused(address: str):
    with pytest.raises(ValidationError):
        Settings(traces_url=address)
