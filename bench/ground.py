"""The ground everything is measured on: a durable server of its own, a contract, one model case and its copies."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import psycopg
from psycopg import sql

from parvis.models import databases, migrate
from parvis.models.embedded import EmbeddedServer
from parvis.models.queries.contracts import write_contract
from parvis.models.session import Database
from parvis.services.advance import advance
from parvis.services.deposits import receive
from parvis.services.imports.deposit import Deposit, FunderAsk, Source
from parvis.states.contract import Contract
from parvis.states.facts import NOTHING, By, Given
from parvis.states.stages import Action, Role

DEPOSITED = datetime(2026, 6, 1, 8, tzinfo=UTC)
MOVED = datetime(2026, 6, 8, 8, tzinfo=UTC)
REPLY_BY = date(2026, 7, 1)
DOCUMENTS = ("statuts", "rib", "comptes", "budget")
FUNDERS = ("etat", "metropole", "ville", "departement")

CONTRACT = {
    "code": "banc",
    "name": "Contrat du banc d’essai",
    "city": "Ville",
    "sender": {"name": "Service politique de la ville", "email": "contrat@ville.example"},
    "challenges": [{"code": "D01", "label": "Emploi"}],
    "neighbourhoods": [{"code": "QN08001M", "name": "Étouvie", "commune": "Amiens"}],
    "funders": [
        {"code": code, "name": code.capitalize(), "kind": "other", "email": f"{code}@ville.example"}
        for code in FUNDERS
    ],
    "people": [
        {"email": "ines@ville.example", "name": "Inès Roy", "role": "instructor"},
        {"email": "max@ville.example", "name": "Max Noir", "role": "manager"},
        {"email": "lea@ville.example", "name": "Léa Blanc", "role": "secretary"},
    ],
    "calls": [
        {"code": "annuel", "title": "Appel à projets 2026", "instrument": "annual", "year": 2026,
         "opens_on": "2025-11-01", "closes_on": "2026-12-31",
         "required_documents": [
             {"code": code, "label": {"fr": code.capitalize(), "en": code.capitalize()}}
             for code in DOCUMENTS
         ]},
    ],
}  # fmt: skip

CHILDREN = ("case_neighbourhoods", "documents", "fundings", "timers", "journal")


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a database stands that holds a contract and two model cases: its addresses.

    `url` is SQLAlchemy's, `dsn` that of libpq programs, `admin_dsn` the superuser's. `model` is the id of a case
    that has every fact it needs to be instructed, `waiting` that of one whose documents are awaited.
    """

    url: str
    dsn: str
    admin_dsn: str
    model: int = 0
    waiting: int = 0

    def open(self) -> Database:
        """The database as the application opens it: with its own role, which may not rewrite the journal."""
        return Database(self.url, role=databases.APPLICATION)

    @contextmanager
    def admin(self) -> Iterator[psycopg.Connection]:
        """A superuser's connection for whom foreign keys sleep, to build data fast."""
        with psycopg.connect(self.admin_dsn, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
            yield connection


def lay(server: EmbeddedServer, name: str) -> Ground:
    """A new database `name` with the model cases in it."""
    databases.ensure_roles(server.url())
    databases.create(server.url(), name, owner=databases.OWNER)
    ground = on(server, name)
    migrate.upgrade(ground.url)
    with ground.open() as database:
        model, waiting = _model_cases(database)
    return replace(ground, model=model, waiting=waiting)


def on(server: EmbeddedServer, name: str) -> Ground:
    """The database `name` of a server, whatever is in it."""
    return Ground(server.url(name, databases.OWNER), server.dsn(name, databases.OWNER), server.dsn(name))


def _model_cases(database: Database) -> tuple[int, int]:
    with database.transaction() as session:
        contract = Contract.model_validate(CONTRACT)
        contract_id = write_contract(session, contract, digest="bench", at=DEPOSITED).contract_id
        receive(session, contract_id, [_deposit("P-1"), _deposit("P-2")], at=DEPOSITED)
        ready, waiting = session.exec_driver_sql("SELECT id FROM cases ORDER BY id").scalars()
        funder_ids = tuple(session.exec_driver_sql("SELECT id FROM funders ORDER BY id").scalars())
    acts = (
        (ready, Action.RECEIVE_DOCUMENTS, Role.INSTRUCTOR, Given(documents=DOCUMENTS)),
        (ready, Action.CHECK_ELIGIBILITY, Role.INSTRUCTOR, NOTHING),
        (ready, Action.ASK_OPINIONS, Role.INSTRUCTOR, Given(funder_ids=funder_ids[:2])),
        (ready, Action.GIVE_OPINION, Role.FUNDER, Given(funder_id=funder_ids[0], opinion="favourable")),
        (ready, Action.GIVE_OPINION, Role.FUNDER, Given(funder_id=funder_ids[1], opinion="reserved")),
        (ready, Action.ASSESS, Role.INSTRUCTOR, Given(score=70)),
        (waiting, Action.REQUEST_DOCUMENTS, Role.INSTRUCTOR, Given(documents=("rib",), reply_by=REPLY_BY)),
    )
    with database.transaction() as session:
        for case_id, action, role, given in acts:
            advance(session, case_id, action, by=By("person:1", role), at=DEPOSITED, given=given)
    return ready, waiting


def _deposit(external_id: str) -> Deposit:
    return Deposit(
        source=Source.SPREADSHEET, external_id=external_id, call="annuel", siret="41816609600051",
        organisation="Association Exemple", email="contact@asso.example", title="Atelier cuisine",
        requested_cents=800_000, total_cost_cents=1_200_000, deposited_at=DEPOSITED,
        deposited_on=DEPOSITED.date(), qpvs=("QN08001M",), ends_on=date(2026, 12, 31),
        funders=tuple(FunderAsk(name=code, code=code, requested_cents=200_000) for code in FUNDERS),
    )  # fmt: skip


def copies(
    ground: Ground, count: int, *, model: int | None = None, children: Sequence[str] = CHILDREN
) -> range:
    """`count` new cases like the model, each with the rows it has in the tables `children`; their ids."""
    with ground.admin() as connection:
        first = _value(connection, "SELECT max(id) + 1 FROM cases")
        ids = range(first, first + count)
        bounds = {"first": ids.start, "last": ids.stop - 1, "model": model or ground.model}
        changed = {"id": "n", "reference": "'C-' || n", "external_id": "'C-' || n"}
        connection.execute(_copy(connection, "cases", "id", changed), bounds)
        for table in children:
            connection.execute(_copy(connection, table, "case_id", {"case_id": "n"}), bounds)
        connection.execute("SELECT setval('cases_id_seq', %s)", (ids.stop,))
    return ids


def settle(ground: Ground, *tables: str) -> None:
    """Leave nothing half done for whoever is measured next: statistics, a checkpoint. Of all tables, or these."""
    with ground.admin() as connection:
        what = sql.SQL(", ").join(map(sql.Identifier, tables))
        connection.execute(sql.SQL("VACUUM ANALYZE {}").format(what))
        connection.execute("CHECKPOINT")


def _copy(connection: psycopg.Connection, table: str, key: str, changed: dict[str, str]) -> sql.Composed:
    columns = [
        name
        for (name,) in connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            (table,),
        )
        if name != "id" or name in changed
    ]
    values = [sql.SQL(changed[c]) if c in changed else sql.SQL("m.") + sql.Identifier(c) for c in columns]
    return sql.SQL(
        "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {values}"
        " FROM {table} m, generate_series(%(first)s::bigint, %(last)s::bigint) n WHERE m.{key} = %(model)s"
    ).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(values),
        key=sql.Identifier(key),
    )


def _value(connection: psycopg.Connection, statement: str) -> int:
    row = connection.execute(statement).fetchone()
    return int(row[0]) if row else 0
