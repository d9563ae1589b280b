"""A browser without a screen: pages asked for and forms sent as a person would, against the application itself."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from parvis.services import visitors
from parvis.services.links import Guest
from tests.services.desk import Desk, moment
from tests.web.application import ADDRESS, client


@dataclass
class Clock:
    """The time it is for the application, set by the test."""

    at: datetime = field(default_factory=lambda: moment("2026-06-01"))

    def __call__(self) -> datetime:
        return self.at

    def set(self, text: str) -> None:
        """It is now `2026-06-30 09:00`, Paris time."""
        self.at = moment(text)


@dataclass
class Browser:
    """Somebody in front of the application; nobody signed in at first."""

    app: FastAPI
    desk: Desk
    clock: Clock
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = client(self.app)

    def fresh(self) -> "Browser":
        """Another browser, nobody signed in."""
        return Browser(self.app, self.desk, self.clock)

    def as_person(self, email: str) -> "Browser":
        """Another browser, this person signed in."""
        person_id = self.desk.value("SELECT id FROM people WHERE email = %(email)s", email=email)
        return self._signed_in(Guest(person_id))

    def as_applicant(self, siret: str) -> "Browser":
        """Another browser, somebody of this organisation signed in."""
        found = self.desk.value("SELECT id FROM organisations WHERE siret = %(siret)s", siret=siret)
        return self._signed_in(Guest(organisation_id=found))

    def get(self, path: str, **headers: str) -> Response:
        """Ask for a page."""
        return self.client.get(path, headers=headers)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Response:
        """Send a form, as a page of ours does."""
        headers = {"origin": ADDRESS, **more.pop("headers", {})}
        return self.client.post(path, data=data or {}, headers=headers, **more)

    def _signed_in(self, guest: Guest) -> "Browser":
        browser = self.fresh()
        with self.desk.database.transaction() as session:
            secret = visitors.sign_in(session, guest, browser="test", at=self.clock.at)
        browser.client.cookies.set("parvis", secret)
        return browser
