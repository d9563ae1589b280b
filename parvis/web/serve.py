"""The web application as a process: what `parvis up` runs on one machine, and an office behind its own server."""

import argparse
import socket
import sys
from contextlib import suppress
from pathlib import Path

import uvicorn

from parvis.services import wiring
from parvis.services.opening import is_demonstration
from parvis.services.parent import end_with_parent
from parvis.services.prefect_settings import api_url
from parvis.web.app import make_app
from parvis.web.site import Site

HOST = "127.0.0.1"


def main() -> None:
    """Answer on 127.0.0.1 until asked to stop; with `--ready FILE`, make it once answering."""
    asked = _arguments()
    if asked.ready:
        end_with_parent()
    settings = wiring.settings()
    with wiring.opened(settings, migrated=False) as opened:
        demonstration = asked.demo and is_demonstration(opened.database)
        jobs = wiring.environment().get("PREFECT_API_URL") or api_url(settings.prefect_port)
        site = Site(opened.database, settings, wiring.now, demonstration=demonstration, jobs=jobs)
        config = uvicorn.Config(
            make_app(site), host=HOST, port=asked.port, log_level="warning", access_log=False, server_header=False,
            proxy_headers=True, forwarded_allow_ips=HOST, timeout_graceful_shutdown=5, lifespan="off",
        )  # fmt: skip
        with socket.socket() as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((HOST, asked.port))
            listening.listen(256)
            if asked.ready:
                Path(asked.ready).touch()
            with suppress(KeyboardInterrupt):
                uvicorn.Server(config).run(sockets=[listening])
    sys.exit(0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m parvis.web.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=wiring.settings().port)
    parser.add_argument("--ready", default="")
    parser.add_argument("--demo", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
