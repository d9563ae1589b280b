"""The application in front of a site, and clients of it: what is dear to make is made once a worker."""

import atexit
from functools import cache

from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute

from parvis.web.app import make_app
from parvis.web.site import Site

ADDRESS = "http://127.0.0.1:8000"
_ROUTES: list[BaseRoute] = []


def application(site: Site) -> FastAPI:
    """One of its own for `site`, with the routes of the first there was: to make these takes as long as ten pages."""
    app = make_app(site)
    if not _ROUTES:
        _ROUTES.extend(app.router.routes)
    app.router.routes = _ROUTES
    return app


def client(app: FastAPI, secret: str = "") -> TestClient:
    """Somebody who asks `app`, follows no redirection and reads French; whoever `secret` signs in."""
    asking = TestClient(
        app, base_url=ADDRESS, follow_redirects=False, raise_server_exceptions=False,
        headers={"accept-language": "fr"}, cookies={"parvis": secret} if secret else None,
    )  # fmt: skip
    asking.portal = _loop()
    return asking


@cache
def _loop() -> BlockingPortal:
    """The event loop that answers all who ask in this worker: to start one for each request takes half its time."""
    started = start_blocking_portal()
    loop = started.__enter__()
    atexit.register(started.__exit__, None, None, None)
    return loop
