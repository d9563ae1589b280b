"""The jobs as Prefect tells of them: their last run, failures with their message, a run asked for, Prefect away."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from parvis.services.flow_runs import JobsAwayError, NoSuchJobError, read_jobs, run_now

JOB = {
    "id": "9e14958f", "name": "send-letters", "description": "Envoie les lettres. · Sends the letters.",
    "paused": False, "schedules": [{"schedule": {"cron": "* * * * *", "timezone": "Europe/Paris"}}],
}  # fmt: skip
FAILED = {
    "name": "careful-echidna", "deployment_id": "9e14958f", "state_type": "FAILED",
    "start_time": "2026-11-25T17:32:51.420422Z", "total_run_time": 1.9, "state": {"message": "disque plein"},
}  # fmt: skip


class Answering(BaseHTTPRequestHandler):
    """What Prefect answers, with the token it asks for."""

    asked: list[str]

    def do_GET(self) -> None:
        self._answer({"token": "jeton"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.headers.get("Prefect-Csrf-Token") != "jeton":
            self.send_error(403)
            return
        self.asked.append(self.path)
        if self.path.endswith("/deployments/filter"):
            named = body.get("deployments", {}).get("name", {}).get("any_", [JOB["name"]])
            self._answer([JOB] if JOB["name"] in named else [])
        else:
            self._answer([FAILED] if self.path.endswith("/flow_runs/filter") else {"id": "run"})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, what: object) -> None:
        said = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)


@pytest.fixture
def prefect() -> Iterator[str]:
    """The address of a server that answers as Prefect does."""
    Answering.asked = []
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/api"
        server.shutdown()
        thread.join()


def test_each_job_is_told_with_its_last_run_and_failures_with_their_message(prefect):
    found = read_jobs(prefect)

    (job,) = found.jobs
    assert (job.name, job.says.en, job.crons) == ("send-letters", "Sends the letters.", ("* * * * *",))
    assert job.last is not None
    assert job.last.bad
    assert [(run.job, run.message) for run in found.failures] == [("send-letters", "disque plein")]


def test_a_run_is_asked_for_by_the_name_of_the_job(prefect):
    run_now(prefect, "send-letters")

    assert Answering.asked[-1] == "/api/deployments/9e14958f/create_flow_run"
    with pytest.raises(NoSuchJobError):
        run_now(prefect, "perdu")


@pytest.mark.parametrize("address", ["", "http://127.0.0.1:1/api", "ftp"])
def test_prefect_that_does_not_answer_is_away(address):
    with pytest.raises(JobsAwayError):
        read_jobs(address)
