"""What the tests of pages share: a small city's application, and browsers in front of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from parvis.models.session import Database
from parvis.services.settings import Settings
from parvis.web.site import Site
from tests.provider import Provider, serving
from tests.services.desk import Desk
from tests.web.agents import Agent
from tests.web.application import ADDRESS, application
from tests.web.browser import Browser, Clock
from tests.web.programs import Program


@pytest.fixture
def desk(database: Database) -> Desk:
    """A small city, its contract written, no case yet."""
    return Desk.opened(database)


@pytest.fixture
def clock() -> Clock:
    """The application's clock."""
    return Clock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """What the installation chose: data in a folder of the test."""
    return Settings(data_folder=tmp_path, public_url="")


@pytest.fixture
def app(desk: Desk, clock: Clock, settings: Settings) -> FastAPI:
    """The application."""
    return application(Site(desk.database, settings, clock))


@pytest.fixture
def browser(app: FastAPI, desk: Desk, clock: Clock) -> Browser:
    """A browser, nobody signed in."""
    return Browser(app, desk, clock)


@pytest.fixture
def provider(clock: Clock) -> Iterator[Provider]:
    """An identity provider, answering on 127.0.0.1; whoever wants the application to know it says so in `settings`."""
    made = Provider(
        clock, returns_to=f"{ADDRESS}/connexion/oidc/retour", out_to=f"{ADDRESS}/deconnexion/retour"
    )
    with serving(made):
        yield made


@pytest.fixture
def agent(browser: Browser, provider: Provider) -> Agent:
    """Somebody who signs in by it, not signed in yet."""
    return Agent(browser, provider)


@pytest.fixture
def program(app: FastAPI, desk: Desk, clock: Clock) -> Program:
    """A program that asks the API, without a token."""
    return Program(app, desk, clock)


@pytest.fixture
def asso(browser: Browser) -> Browser:
    """An association that has a case already, so that it is known."""
    browser.desk.submitted_case()
    return browser.as_applicant("41816609600051")


@pytest.fixture
def partners(browser: Browser) -> None:
    """The call takes partners."""
    browser.desk.run("UPDATE calls SET document = document || '{\"partners_allowed\": true}'")


@pytest.fixture
def draft(asso: Browser) -> str:
    """A draft just begun; its address."""
    begun = asso.post("/mes-dossiers/nouvelle", {"appel": "annuel-2026/new", "titre": "Atelier vélo"})
    assert begun.status_code == 303
    return str(begun.headers["location"]).removesuffix("/demande/action")
