"""The figures of an installation: what is late, what waits, what is held. Their cost follows what is due."""

from dataclasses import dataclass
from datetime import datetime

from parvis.models.session import Session, select


@dataclass(frozen=True, slots=True)
class Measured:
    """What the database tells of itself. Instants are aware; None where there is nothing."""

    timers_due: int
    oldest_timer: datetime | None
    letters_due: int
    oldest_letter: datetime | None
    letter_error: str
    letters_sending: int
    letters_failed: int
    held_since: datetime | None
    journaled: bool
    anchored_at: datetime | None
    oldest_transaction: datetime | None
    database_bytes: int


_TIMERS_DUE = "FROM timers WHERE settled_at IS NULL AND due_at <= %(at)s::timestamptz"
_LETTERS_DUE = "FROM letters WHERE stage = 'owed' AND NOT digest AND not_before <= %(at)s::timestamptz"


def measure(session: Session, *, at: datetime) -> Measured:
    """Measure everything as of `at` (aware), each figure through the index of what is due."""
    rows = select(
        session,
        f"""
        WITH timers_due AS (SELECT count(*) AS many, min(due_at) AS oldest {_TIMERS_DUE}),
             letters_due AS (SELECT count(*) AS many, min(not_before) AS oldest {_LETTERS_DUE})
        SELECT t.many, t.oldest, l.many, l.oldest,
               COALESCE((SELECT last_error {_LETTERS_DUE} AND last_error IS NOT NULL
                          ORDER BY not_before, id LIMIT 1), ''),
               (SELECT count(*) FROM letters WHERE stage = 'sending'),
               (SELECT count(*) FROM letters WHERE stage = 'failed'),
               (SELECT max(restored_at) FROM restorations WHERE released_at IS NULL),
               EXISTS (SELECT FROM journal),
               (SELECT at FROM anchors ORDER BY id DESC LIMIT 1),
               (SELECT min(xact_start) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()),
               pg_database_size(current_database())
          FROM timers_due t, letters_due l
        """,  # noqa: S608 - the texts above
        {"at": at},
    )
    return Measured(*rows[0])


def revision(session: Session) -> str:
    """The revision of the database, `0036`; empty where it was never migrated."""
    rows = select(session, "SELECT max(version_num) FROM alembic_version", {})
    return str(rows[0][0] or "")


def counts_by_stage(session: Session) -> dict[str, int]:
    """How many cases there are at each stage, drafts among them."""
    return dict(session.exec_driver_sql("SELECT stage, count(*) FROM cases GROUP BY 1").tuples().all())


def letters_waiting(session: Session) -> dict[str, int]:
    """Letters that have not left, by status, each through its own index; `digest` waits for the morning."""
    rows = session.exec_driver_sql(
        """
        SELECT (SELECT count(*) FROM letters WHERE stage = 'owed' AND NOT digest),
               (SELECT count(*) FROM letters WHERE stage = 'owed' AND digest),
               (SELECT count(*) FROM letters WHERE stage = 'sending'),
               (SELECT count(*) FROM letters WHERE stage = 'failed')
        """
    )
    return dict(zip(("owed", "digest", "sending", "failed"), rows.one(), strict=True))


def written_lines(session: Session) -> dict[str, int]:
    """Rows written since PostgreSQL counts them, by table, its parts together: moves are lines of the journal."""
    rows = session.exec_driver_sql(
        """
        SELECT c.relname, sum(s.n_tup_ins)
          FROM pg_stat_user_tables s LEFT JOIN pg_inherits i ON i.inhrelid = s.relid
          JOIN pg_class c ON c.oid = COALESCE(i.inhparent, s.relid)
         WHERE c.relname IN ('journal', 'letters', 'visits') GROUP BY 1
        """
    )
    return {row[0]: int(row[1]) for row in rows}
