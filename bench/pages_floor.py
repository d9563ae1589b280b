"""The floor of a page: what FastAPI and uvicorn need to answer with as many bytes, ready made, and nothing else."""

import argparse
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from bench.pages_client import listening


def main() -> None:
    """Answer on a port of 127.0.0.1 with a page of `--bytes` that nobody made, until asked to stop."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages_floor", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--bytes", type=int, required=True)
    parser.add_argument("--ready", type=Path, required=True)
    asked = parser.parse_args()
    app, content = FastAPI(), "x" * asked.bytes

    @app.get("/")
    def bare() -> HTMLResponse:
        return HTMLResponse(content)

    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")
    with listening(asked.port) as socket:
        asked.ready.touch()
        uvicorn.Server(config).run(sockets=[socket])


if __name__ == "__main__":
    main()
