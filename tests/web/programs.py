"""A program without a screen: what it asks of the API with a token, as somebody's script would."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from parvis.services import tokens
from parvis.states.access import OF_PROGRAMS
from tests.services.desk import Desk
from tests.web.application import client
from tests.web.browser import Clock

API = "/api/v1"


@dataclass
class Program:
    """A script; it has no token at first."""

    app: FastAPI
    desk: Desk
    clock: Clock
    token: str = ""
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = client(self.app)

    def of(self, email: str, *scopes: str, days: int = 30) -> "Program":
        """Another script, with a token this person made."""
        person_id = self.desk.value("SELECT id FROM people WHERE email = %(email)s", email=email)
        with self.desk.database.transaction() as session:
            made = tokens.make(
                session, person_id, name="script", scopes=scopes or OF_PROGRAMS, lasts=timedelta(days=days),
                at=self.clock.at,
            )  # fmt: skip
        return Program(self.app, self.desk, self.clock, made.secret)

    def get(self, path: str, **headers: str) -> Response:
        """Ask."""
        return self.client.get(API + path, headers={**self._said(), **headers})

    def post(
        self, path: str, body: Any = None, *, headers: dict[str, str] | None = None, **more: Any
    ) -> Response:
        """Send JSON, or what else `more` says."""
        sent = more or {"json": body}
        return self.client.post(API + path, headers={**self._said(), **(headers or {})}, **sent)

    def reference(self, case: int) -> str:
        """The reference of a case."""
        return str(self.desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case))

    def move(
        self, case: int, action: str, *, version: int | None = None, key: str = "", **brought: Any
    ) -> Response:
        """Make a move, at the version the case has now unless another is said."""
        said = self.desk.version(case) if version is None else version
        headers = {"if-match": f'"{said}"', **({"idempotency-key": key} if key else {})}
        return self.post(
            f"/cases/{self.reference(case)}/moves", {"action": action, **brought}, headers=headers
        )

    def _said(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"} if self.token else {}
