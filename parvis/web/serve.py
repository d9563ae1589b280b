"""The web application as processes: what `parvis up` runs on one machine, and an office behind its own server."""

import argparse
import gc
import multiprocessing as mp
import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path

import uvicorn

from parvis.services import logs, wiring
from parvis.services.measures import Answers
from parvis.services.opening import is_demonstration
from parvis.services.parent import end_with_parent
from parvis.services.scrubbing import Scrubber
from parvis.services.traces import TRACES
from parvis.web.app import make_app
from parvis.web.sharing import Handed, Sharing
from parvis.web.site import Site

HOST = "127.0.0.1"
STOP_SECONDS = 5


def main() -> None:
    """Answer on 127.0.0.1 until asked to stop; with `--ready FILE`, make it once answering."""
    asked = _arguments()
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, asked.port))
        listening.listen(256)
        if asked.processes == 1:
            _ready(asked)
            _answer(listening, Answers(), demonstration=asked.demo)
            return
        workers, sharing = _start(listening, asked)
        _ready(asked)
        _watch(workers, sharing)


def _answer(waiting: socket.socket, answers: Answers, *, demonstration: bool, handed: bool = False) -> None:
    """Answer until asked to stop who connects to a socket, or is handed over by it, counting into `answers`."""
    settings = wiring.settings()
    logs.begin(settings.log, "web", scrub=Scrubber(settings.secrets))
    with TRACES.running(settings.traces_url, "web"), wiring.opened(settings, migrated=False) as opened:
        jobs = wiring.jobs_address(settings)
        entered = demonstration and is_demonstration(opened.database)
        site = Site(opened.database, settings, wiring.now, demonstration=entered, jobs=jobs, answers=answers)
        application = make_app(site)
        gc.freeze()  # what was imported is there for good: looking through it again would stop everybody for 0.2 s
        config = uvicorn.Config(
            application, host=HOST, log_config=None, log_level="warning", access_log=False, server_header=False,
            proxy_headers=True, forwarded_allow_ips=HOST, timeout_graceful_shutdown=STOP_SECONDS, lifespan="off",
        )  # fmt: skip
        with suppress(KeyboardInterrupt):
            if handed:
                Handed(config, waiting).run()
            else:
                uvicorn.Server(config).run(sockets=[waiting])


def _start(listening: socket.socket, asked: argparse.Namespace) -> tuple[list[BaseProcess], Sharing]:
    """As many processes as asked for, each answering its share of who connects to one socket.

    They are forked before any thread or connection is made, and share what was imported.
    """
    context, answers = mp.get_context("fork"), Answers()
    pairs = [socket.socketpair() for _ in range(asked.processes)]
    workers: list[BaseProcess] = [
        context.Process(
            target=_work, args=(listening, theirs, answers), kwargs={"demonstration": asked.demo}, daemon=True
        )
        for _, theirs in pairs
    ]
    for worker in workers:
        worker.start()
    for _, theirs in pairs:
        theirs.close()
    return workers, Sharing(listening, [ours for ours, _ in pairs])


def _work(listening: socket.socket, channel: socket.socket, answers: Answers, *, demonstration: bool) -> None:
    listening.close()  # the port is free again as soon as the one that watches it is gone
    threading.Thread(target=_end_with_watcher, name="watcher", daemon=True).start()
    _answer(channel, answers, demonstration=demonstration, handed=True)


def _end_with_watcher() -> None:
    if (watcher := mp.parent_process()) is not None:
        watcher.join()
    os.kill(os.getpid(), signal.SIGTERM)


def _watch(workers: list[BaseProcess], sharing: Sharing) -> None:
    """Share out who connects until asked to stop, then stop the workers; one that ends ends them all."""
    stop, asked = os.pipe()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: os.write(asked, b"."))
    looked_at: list[socket.socket | int] = [sharing.listening, stop, *(worker.sentinel for worker in workers)]
    while (ended := wait(looked_at)) == [sharing.listening]:
        sharing.hand_out()
    sharing.listening.close()
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(STOP_SECONDS + 1)
    sys.exit(0 if stop in ended else 1)


def _ready(asked: argparse.Namespace) -> None:
    if asked.ready:
        end_with_parent()
        Path(asked.ready).touch()


def _arguments() -> argparse.Namespace:
    settings = wiring.settings()
    parser = argparse.ArgumentParser(prog="python -m parvis.web.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=settings.port)
    parser.add_argument("--processes", type=int, default=settings.web_processes)
    parser.add_argument("--ready", default="")
    parser.add_argument("--demo", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
