"""The journal and the letters cut in parts by their case promise what whole ones do, and become whole again."""

import subprocess
from collections.abc import Callable, Iterator
from threading import Timer

import psycopg
import pytest
from sqlalchemy.exc import ProgrammingError

from parvis.models import databases, embedded, migrate, parts, splitting
from parvis.models.databases import APPLICATION, AdministrationError
from parvis.models.embedded import EmbeddedServer
from parvis.models.session import ConstraintError, Database
from parvis.models.splitting import InUseError, OtherwiseCutError
from tests.postgres import TEMPLATE

CASES = """
INSERT INTO contracts (code, name, digest, document) VALUES ('v', 'Ville', '', '{}');
INSERT INTO calls (contract_id, code, title, instrument, year, opens_on, document, digest)
SELECT id, 'a', 'Appel', 'annual', 2026, '2026-01-01', '{}', '' FROM contracts;
INSERT INTO organisations (siret, name) VALUES ('41816609600051', 'Association');
INSERT INTO cases (call_id, organisation_id, reference, external_id, source, content_hash, stage, title,
                   requested_cents, entered_at)
SELECT k.id, o.id, 'R' || n, n, 'spreadsheet', '', 'submitted', 'Atelier', 1, now()
  FROM calls k, organisations o, generate_series(1, 20) n;
"""
LINE = (
    "INSERT INTO journal (case_id, seq, at, actor, role, action, source, target, hash, idempotency_key)"
    " SELECT min(id) + {nth}, {seq}, now(), 'a', 'b', 'c', 'd', 'e', '', {key} FROM cases"
)
LETTER = (
    "INSERT INTO letters (case_id, rule, occurrence, recipient, template, owed_at, not_before, message_id)"
    " SELECT {case}, 'r', '{occurrence}', 'applicant', 't', now(), now(), {message} FROM cases"
)


def quietly(url: str, count: int) -> bool:
    return splitting.reshape(url, count, progress=lambda _, __: None)


@pytest.fixture
def whole(new_database: Callable[..., str]) -> str:
    """A database whose tables are whole, whatever those of the other tests are."""
    url = new_database()
    quietly(url, 0)
    return url


def filled_and_cut(url: str) -> str:
    with Database(url) as database, database.transaction() as session:
        session.exec_driver_sql(CASES)
        for nth in range(20):
            session.exec_driver_sql(LINE.format(nth=nth, seq=1, key=f"'key-{nth}'"))
            session.exec_driver_sql(
                LETTER.format(case=f"min(id) + {nth}", occurrence=1, message=f"'<{nth}@v>'")
            )
        session.exec_driver_sql(LETTER.format(case="max(NULL::bigint)", occurrence=1, message="NULL"))
    quietly(url, 2)
    return url


@pytest.fixture
def cut(whole: str) -> str:
    """A database with twenty cases, cut in two parts."""
    return filled_and_cut(whole)


@pytest.fixture(scope="module")
def standing(postgres: EmbeddedServer, worker_id: str) -> Iterator[str]:
    """Such a database, for tests that leave it as it is."""
    name = f"parvis_{worker_id}_standing"
    databases.clone(postgres.url(), TEMPLATE, name, owner=databases.OWNER)
    url = postgres.url(name, databases.OWNER)
    quietly(url, 0)
    yield filled_and_cut(url)
    databases.drop(postgres.url(), name)


def written(url: str) -> str:
    """The database as `pg_dump` writes it, rights and rows included."""
    command = [str(embedded.program("pg_dump")), "--inserts", databases.for_libpq(url)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return "\n".join(
        line for line in said.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))
    )


def run(url: str, statement: str, *, role: str | None = None) -> None:
    with Database(url, role=role) as database, database.transaction() as session:
        session.exec_driver_sql(statement)


def test_cut_twice_and_joined_twice_a_database_is_again_what_it_was_to_the_letter(whole):
    with databases.connect(whole) as connection:
        connection.execute(
            "CREATE INDEX ix_added_by_somebody ON letters (sent_at) INCLUDE (stage) WHERE note <> ''"
        )
        connection.execute("GRANT SELECT (case_id), UPDATE (note) ON letters TO pg_monitor WITH GRANT OPTION")
        connection.execute(CASES)
        connection.execute(LINE.format(nth=3, seq=1, key="'k'").encode())
        connection.execute(LETTER.format(case="min(id)", occurrence=1, message="'<m>'").encode())
    before = written(whole)

    done = [quietly(whole, count) for count in (2, 2)]
    found = splitting.layout(whole).parts
    again = [quietly(whole, count) for count in (0, 0)]

    assert (done, found, again) == ([True, False], 2, [True, False])
    assert written(whole) == before


def test_a_cut_database_is_migrated_again_without_a_change(cut):
    before = written(cut)

    migrate.upgrade(cut)

    assert written(cut) == before


HARMS = {
    "DROP INDEX parvis_parts.uq_journal_idempotency_key_01":
        "parvis_parts.journal_01: no unique key (idempotency_key)",
    "ALTER TABLE parvis_parts.letters_00 DROP CONSTRAINT pk_letters_00": "parvis_parts.letters_00: no unique key (id)",
    "ALTER TABLE parvis_parts.letters_01 DROP CONSTRAINT uq_letters_message_id_01":
        "parvis_parts.letters_01: no unique key (message_id)",
    "ALTER TABLE parvis_parts.journal_01 DISABLE TRIGGER append_only":
        "parvis_parts.journal_01: no trigger append_only",
    "ALTER TABLE parvis_parts.journal_01 DISABLE TRIGGER keep_key": "parvis_parts.journal_01: no trigger keep_key",
    "DROP TRIGGER find_letter ON suppressions": "suppressions: no trigger find_letter",
    "ALTER TABLE letters DETACH PARTITION parvis_parts.letters_01": "letters: no part 0 of 1",
    "ALTER TABLE parvis_parts.journal_keys DROP CONSTRAINT uq_journal_idempotency_key":
        "parvis_parts.journal_keys: no unique key",
    f"GRANT USAGE ON SCHEMA parvis_parts TO {APPLICATION}": f"parvis_parts: {APPLICATION} may name what is in it",
    f"GRANT UPDATE ON parvis_parts.journal_00 TO {APPLICATION}":
        f"parvis_parts.journal_00: {APPLICATION} may rewrite it",
    "DROP INDEX ix_letters_owed": "add index ix_letters_owed",
    "ALTER TABLE journal DROP CONSTRAINT uq_journal_case_id_seq": "add constraint uq_journal_case_id_seq",
}  # fmt: skip


def test_drift_says_what_a_cut_database_lacks_and_no_more(cut):
    harms = list(HARMS)
    detached = "parvis_parts.letters_01: no unique key (message_id)"

    before = migrate.drift(cut)
    for harm in harms:
        run(cut, harm)

    assert before == []
    assert sorted(migrate.drift(cut)) == sorted(said for said in HARMS.values() if said != detached)


@pytest.mark.parametrize("table", ["journal", "parvis_parts.journal_00", "parvis_parts.journal_keys"])
@pytest.mark.parametrize(
    "rewriting", ["UPDATE {} SET idempotency_key = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_a_cut_journal_refuses_to_be_rewritten_whole_or_in_part(standing, table, rewriting):
    with pytest.raises(ConstraintError) as refused:
        run(standing, rewriting.format(table))
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(standing, rewriting.format(table), role=APPLICATION)

    assert refused.value.name == "append_only"


def test_a_line_of_a_cut_journal_may_lose_words_and_not_change_them(standing):
    run(standing, "UPDATE journal SET details = '{}' WHERE seq = 1", role=APPLICATION)

    with pytest.raises(ConstraintError):
        run(standing, "UPDATE journal SET details = '{\"a\": 1}' WHERE seq = 1", role=APPLICATION)


def test_the_key_of_a_request_serves_once_in_all_parts_and_is_refused_by_its_name(standing):
    for nth in range(20):
        with pytest.raises(ConstraintError) as refused:
            run(standing, LINE.format(nth=nth, seq=2, key="'key-7'"), role=APPLICATION)
        assert refused.value.name == "uq_journal_idempotency_key"

    run(standing, LINE.format(nth=0, seq=2, key="'key-new'"), role=APPLICATION)


def test_a_letter_is_owed_once_in_all_parts_of_a_case_or_of_none(standing):
    for case, message in (("min(id) + 5", "NULL"), ("max(NULL::bigint)", "NULL"), ("min(id) + 5", "'<5@v>'")):
        with pytest.raises(ConstraintError):
            run(standing, LETTER.format(case=case, occurrence=1, message=message), role=APPLICATION)
    once = LETTER.format(case="max(NULL::bigint)", occurrence=1, message="NULL")
    run(standing, f"{once} ON CONFLICT (case_id, rule, occurrence, recipient) DO NOTHING", role=APPLICATION)

    with Database(standing) as database, database.transaction() as session:
        assert session.exec_driver_sql("SELECT count(*) FROM letters").scalar_one() == 21


HELD = (
    "INSERT INTO suppressions (address, letter_id, status, since) SELECT 'a@b.example', {letter}, '5', now()"
)


def test_an_address_is_never_held_because_of_a_letter_that_is_not_there(cut):
    run(cut, HELD.format(letter="(SELECT min(id) FROM letters)"), role=APPLICATION)
    run(cut, "DELETE FROM letters WHERE id = (SELECT max(id) FROM letters)", role=APPLICATION)

    for wrong in (
        HELD.format(letter="999999").replace("a@b", "c@d"),
        "UPDATE suppressions SET letter_id = 999999",
        "DELETE FROM letters",
        "TRUNCATE letters",
        "TRUNCATE parvis_parts.letters_00",
    ):
        with pytest.raises(ConstraintError) as refused:
            run(cut, wrong)
        assert refused.value.name == "fk_suppressions_letter_id"


def test_a_session_that_ends_meanwhile_is_waited_for(whole):
    database = Database(whole)
    with database.transaction() as session:
        session.exec_driver_sql("SELECT 1")
    ending = Timer(0.2, database.dispose)
    ending.start()

    assert quietly(whole, 2)
    ending.join()


def test_nothing_is_cut_while_parvis_runs_or_something_reads_and_the_cut_is_asked_for_otherwise(cut):
    with Database(cut) as database, database.transaction() as session:
        session.exec_driver_sql("SELECT 1")
        with pytest.raises(InUseError) as running:
            quietly(cut, 0)
    with psycopg.connect(databases.for_libpq(cut)) as reading:
        reading.execute("SELECT FROM letters")
        with pytest.raises(InUseError) as held:
            quietly(cut, 0)
    with pytest.raises(OtherwiseCutError) as otherwise:
        quietly(cut, 4)

    assert (running.value.sessions, held.value.sessions, otherwise.value.parts) == (1, 0, 2)
    assert splitting.layout(cut).parts == 2


@pytest.mark.parametrize("count", [0, 2])
def test_killed_half_way_nothing_has_changed(cut, count):
    if count:
        quietly(cut, 0)
    before = (written(cut), splitting.layout(cut).parts)

    def killed(_done: int, _total: int) -> None:
        databases.disconnect(cut, databases.name_of(cut))

    with pytest.raises(AdministrationError):
        splitting.reshape(cut, count, progress=killed)

    assert (written(cut), splitting.layout(cut).parts) == before
    assert quietly(cut, count)


def test_a_revision_that_knows_no_parts_is_not_gone_back_to_while_there_are_some(standing):
    for revision in ("0043", "base", "-1"):
        with pytest.raises(parts.CutTablesError):
            migrate.downgrade(standing, revision)

    assert migrate.current(standing) == migrate.head()


def test_the_size_of_a_cut_table_is_that_of_its_parts(standing):
    found = splitting.layout(standing)
    with databases.connect(standing) as connection:
        ((size,),) = connection.execute(
            "SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('journal') WHERE isleaf"
        ).fetchall()

    assert found.size > size > 0
