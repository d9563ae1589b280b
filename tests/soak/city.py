"""The city that is lived in: its own folder, PostgreSQL, mail server, contract and people, on this machine only."""

import json
import os
import random
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from threading import Lock
from typing import Any

import psycopg
from aiosmtpd.controller import Controller
from stdnum import luhn

from parvis.models import databases, embedded, migrate
from parvis.models.session import Database
from parvis.services import tokens
from parvis.services.links import Guest
from parvis.services.opening import open_contract
from parvis.services.settings import Settings
from parvis.services.visitors import sign_in
from parvis.states.access import OF_PROGRAMS
from parvis.states.calendar import paris_day
from tests.services.desk import CONTRACT
from tests.services.smtp_server import free_port

PEOPLE = {
    "instructor": ("ines@ville.example", "ines2@ville.example"), "funder": ("paul@ville.example",),
    "secretary": ("lea@ville.example",), "manager": ("max@ville.example",), "finance": ("fred@ville.example",),
    "administrator": ("anne@ville.example",),
}  # fmt: skip
ORGANISATIONS = 40
CALL = "annuel"


@dataclass
class Post:
    """A mail server that counts the letters it takes, by their Message-ID."""

    taken: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter."""
        with self.lock:
            self.taken[str(message_from_bytes(envelope.content)["Message-ID"])] += 1
        return "250 taken"


@dataclass
class City:
    """Where everything stands."""

    folder: Path
    database: Database
    contract_id: int
    post: Post
    environment: dict[str, str]
    postmaster: int
    chance: random.Random
    admin: psycopg.Connection
    """As a superuser: what other sessions do is hidden from the application."""
    remarks: deque[str] = field(default_factory=lambda: deque(maxlen=10))
    """What was seen on the way and helps to understand."""

    def seen(self, statement: str) -> tuple[Any, ...]:
        """One row, as a superuser sees it."""
        return self.admin.execute(statement).fetchone() or ()

    def secret_of(self, guest: Guest) -> str:
        """The cookie of somebody signed in."""
        with self.database.transaction() as session:
            return sign_in(session, guest, browser="soak", at=datetime.now(UTC))

    def cookie(self, email: str) -> str:
        """That of a person of the contract."""
        return self.secret_of(Guest(person_id=self._person(email)))

    def applicant(self, siret: str) -> str:
        """That of an organisation."""
        found = self.value("SELECT id FROM organisations WHERE siret = %(siret)s", siret=siret)
        return self.secret_of(Guest(organisation_id=int(found)))

    def token(self, email: str) -> str:
        """What a program says to act for a person."""
        with self.database.transaction() as session:
            return tokens.make(
                session, self._person(email), name="soak", scopes=(*OF_PROGRAMS, "import"), lasts=timedelta(days=2),
                at=datetime.now(UTC),
            ).secret  # fmt: skip

    def value(self, statement: str, **parameters: object) -> Any:
        """One value of the database."""
        with self.database.transaction() as session:
            return session.exec_driver_sql(statement, parameters).scalar_one()

    def rows(self, statement: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        with self.database.transaction() as session:
            return [tuple(row) for row in session.exec_driver_sql(statement, parameters)]

    def _person(self, email: str) -> int:
        return int(self.value("SELECT id FROM people WHERE email = %(email)s", email=email))


@contextmanager
def city(folder: Path, seed: int) -> Iterator[City]:
    """A city for the time of the block."""
    with ExitStack() as stack:
        server = stack.enter_context(embedded.start(folder / "postgres"))
        databases.ensure_roles(server.url())
        databases.create(server.url(), "parvis", owner=databases.OWNER)
        url = server.url("parvis", databases.OWNER)
        migrate.upgrade(url)
        post, port = Post(), free_port()
        controller = Controller(post, hostname="127.0.0.1", port=port)
        controller.start()
        stack.callback(controller.stop)
        (folder / "contract.yaml").write_text(
            json.dumps(_contract(paris_day(datetime.now(UTC))), ensure_ascii=False), "utf-8"
        )
        (folder / "tmp").mkdir()
        environment = _environment(folder, url, port)
        database = Database(url, role=databases.APPLICATION)
        stack.callback(database.dispose)
        chosen = Settings(contract=folder / "contract.yaml")
        opened = open_contract(database, chosen, datetime.now(UTC) - timedelta(days=100))
        admin = stack.enter_context(psycopg.connect(server.dsn("parvis"), autocommit=True))
        postmaster = int((folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        yield City(
            folder, database, opened.contract_id, post, environment, postmaster, random.Random(seed), admin
        )  # fmt: skip


def siret(number: int) -> str:
    """The SIRET of an organisation of the city: nobody has it, its check digits are right."""
    siren = f"9{number:07d}"
    siren += luhn.calc_check_digit(siren)
    return siren + "0001" + luhn.calc_check_digit(f"{siren}0001")


def _environment(folder: Path, url: str, port: int) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
    return given | {
        "PARVIS_DATABASE_URL": url, "PARVIS_DATA_FOLDER": str(folder / "data"), "PARVIS_PUBLIC_URL": "",
        "PARVIS_CONTRACT": str(folder / "contract.yaml"), "PARVIS_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "PARVIS_SMTP_TIMEOUT_SECONDS": "10", "TMPDIR": str(folder / "tmp"),
    }  # fmt: skip


def _contract(today: date) -> dict[str, Any]:
    """The contract of the tests, lived in today: its call is open, its committees sit in weeks to come."""
    call = CONTRACT["calls"][0] | {
        "code": CALL, "year": today.year, "opens_on": f"{today - timedelta(days=200)}",
        "closes_on": f"{today + timedelta(days=60)}",
        "envelopes": [{"funder": "etat", "total_cents": 10**11}, {"funder": "ville", "total_cents": 10**11}],
    }  # fmt: skip
    extra = [
        {"email": "ines2@ville.example", "name": "Inès Deux", "role": "instructor"},
        {"email": "fred@ville.example", "name": "Fred Compte", "role": "finance"},
        {"email": "anne@ville.example", "name": "Anne Clé", "role": "administrator"},
    ]
    committees = [
        one | {"held_on": [f"{today + timedelta(days=25 + 14 * turn)}" for turn in range(3)]}
        for one in CONTRACT["committees"]
    ]
    return CONTRACT | {"calls": [call], "people": [*CONTRACT["people"], *extra], "committees": committees}
