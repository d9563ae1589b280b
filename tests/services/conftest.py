"""What the services' tests share: a desk on an empty database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from psycopg.pq import Trace

from parvis.models.session import Database, Session
from tests.services.desk import Desk
from tests.services.envelope_desk import contract as envelopes_of_a_city
from tests.services.session_desk import SessionDesk, contract
from tests.services.tampering import Tamperer
from tests.services.watch import Watch


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    """A small city, its contract written, no case yet; whatever the story, agendas and cases end in step."""
    opened = Desk.opened(database)
    yield opened
    assert opened.out_of_step() == []


@pytest.fixture
def city(database: Database) -> Desk:
    """A desk whose State has a general envelope, and parts of it for the challenge and for Étouvie."""
    return Desk.opened(database, envelopes_of_a_city())


@pytest.fixture
def tamperer(owner_database: Database) -> Tamperer:
    """Somebody who can take the triggers off."""
    return Tamperer(owner_database)


@pytest.fixture
def watch(desk: Desk, tmp_path: Path) -> Watch:
    """Whoever anchors the desk's journal."""
    return Watch(desk, tmp_path / "anchors")


@pytest.fixture
def statements(tmp_path: Path) -> Callable[[Session], AbstractContextManager[list[str]]]:
    """Hear what a session sends to PostgreSQL inside a block, from the protocol itself: a line a statement run."""

    @contextmanager
    def heard(session: Session) -> Iterator[list[str]]:
        said: list[str] = []
        wire = cast("psycopg.Connection[Any]", session.connection.driver_connection).pgconn
        with (tmp_path / "protocol").open("w+b") as protocol:
            wire.trace(protocol.fileno())
            wire.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
            yield said
            wire.untrace()
            protocol.seek(0)
            sent = (line.split("\t") for line in protocol.read().decode(errors="replace").splitlines())
            said += [parts[2] for parts in sent if parts[0] == "F" and parts[2] in {"Query", "Execute"}]

    return heard


@pytest.fixture
def table(desk: Desk) -> SessionDesk:
    """The table of a steering committee that has members and is about to sit."""
    desk.run("UPDATE contracts SET digest = ''")
    Desk.opened(desk.database, contract())
    return SessionDesk(desk)
