"""Chromium in front of the application, served on loopback over a small city's database."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from parvis.models.session import Database
from parvis.services import visitors
from parvis.services.links import Guest
from parvis.services.settings import Settings
from parvis.web.app import make_app
from parvis.web.site import Site
from tests.services.desk import Desk
from tests.services.session_desk import contract
from tests.web.browser import Clock

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, for one file of tests: while Playwright runs, nobody else may run a loop in this thread."""
    path = shutil.which("chromium")
    if path is None and os.environ.get("PARVIS_REQUIRE_BROWSER") != "1":
        pytest.skip("no chromium here; PARVIS_REQUIRE_BROWSER=1 makes this a failure")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def desk(database: Database) -> Desk:
    """A small city whose committees have members."""
    return Desk.opened(database, contract())


@pytest.fixture
def clock() -> Clock:
    """The application's clock."""
    return Clock()


@contextmanager
def served(make: Callable[[str], Site]) -> Iterator[str]:
    """Where an application answers; `make` is told the address before there is a site."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            make_app(make(address)), log_level="error", lifespan="off", timeout_graceful_shutdown=2
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield address
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def address(desk: Desk, clock: Clock, tmp_path: Path) -> Iterator[str]:
    """Where the application answers."""
    settings = Settings(data_folder=tmp_path, public_url="")
    with served(lambda _: Site(desk.database, settings, clock)) as answering:
        yield answering


Enter = Callable[..., Page]


@pytest.fixture
def enter(chromium: Browser, desk: Desk, clock: Clock, address: str) -> Iterator[Enter]:
    """Open a window as somebody: `enter("ines@ville.example", width=320, script=False, dark=True)`."""
    opened: list[BrowserContext] = []

    def as_somebody(email: str, *, width: int = 1366, script: bool = True, dark: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, locale="fr-FR",
            base_url=address, color_scheme="dark" if dark else "light",
        )  # fmt: skip
        context.set_default_timeout(30_000)
        opened.append(context)
        with desk.database.transaction() as session:
            secret = visitors.sign_in(session, _guest(desk, email), browser="chromium", at=clock.at)
        context.add_cookies([{"name": "parvis", "value": secret, "url": address}])
        return context.new_page()

    yield as_somebody
    for context in opened:
        context.close()


def _guest(desk: Desk, email: str) -> Guest:
    people = desk.rows("SELECT id FROM people WHERE email = %(email)s", email=email)
    if people:
        return Guest(people[0][0])
    return Guest(
        organisation_id=desk.value("SELECT id FROM organisations WHERE email = %(email)s", email=email)
    )
