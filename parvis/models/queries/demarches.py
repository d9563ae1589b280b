"""How far a form of Démarche numérique was read, the dossiers that could not be taken in, the files to fetch."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class Sync:
    """How far a form was read; a round is under way when `begun_at` says since when."""

    since: datetime | None
    begun_at: datetime | None
    cursor: str
    deleted_cursor: str
    finished_at: datetime | None


def begin_round(session: Session, call_id: int, *, at: datetime, anew: bool) -> Sync:
    """Begin a round, or go on with the one under way; `anew` reads everything again from the start."""
    session.exec_driver_sql(
        """
        INSERT INTO demarche_syncs (call_id, begun_at) VALUES (%(id)s, %(at)s)
        ON CONFLICT (call_id) DO UPDATE
           SET begun_at = CASE WHEN %(anew)s THEN excluded.begun_at
                               ELSE COALESCE(demarche_syncs.begun_at, excluded.begun_at) END,
               since = CASE WHEN %(anew)s THEN NULL ELSE demarche_syncs.since END,
               cursor = CASE WHEN %(anew)s THEN '' ELSE demarche_syncs.cursor END,
               deleted_cursor = CASE WHEN %(anew)s THEN '' ELSE demarche_syncs.deleted_cursor END
        """,
        {"id": call_id, "at": at, "anew": anew},
    )
    found = read_sync(session, call_id)
    if found is None:
        raise LookupError(call_id)
    return found


def read_sync(session: Session, call_id: int) -> Sync | None:
    """How far the form of a call was read; None when it never was."""
    row = session.exec_driver_sql(
        "SELECT since, begun_at, cursor, deleted_cursor, finished_at FROM demarche_syncs WHERE call_id = %(id)s",
        {"id": call_id},
    ).one_or_none()
    return Sync(*row) if row else None


def turn_page(session: Session, call_id: int, before: str, after: str, *, deleted: bool) -> bool:
    """Write where the next page begins; False when somebody else read this one meanwhile."""
    column = "deleted_cursor" if deleted else "cursor"
    row = session.exec_driver_sql(
        f"UPDATE demarche_syncs SET {column} = %(after)s WHERE call_id = %(id)s AND {column} = %(before)s"  # noqa: S608
        " RETURNING call_id",
        {"id": call_id, "before": before, "after": after},
    )
    return row.one_or_none() is not None


def end_round(session: Session, call_id: int, since: datetime, *, at: datetime) -> None:
    """A round is over: the next one asks for what changed `since`."""
    session.exec_driver_sql(
        """
        UPDATE demarche_syncs SET since = %(since)s, begun_at = NULL, cursor = '', deleted_cursor = '',
               finished_at = %(at)s WHERE call_id = %(id)s
        """,
        {"id": call_id, "since": since, "at": at},
    )


def note_refusals(
    session: Session, call_id: int, refused: Mapping[int, Sequence[Mapping[str, object]]], *, at: datetime
) -> None:
    """Keep the problems of dossiers that could not be taken in, by number."""
    rows = [{"number": each, "problems": {"problems": list(said)}} for each, said in refused.items()]
    session.exec_driver_sql(
        """
        INSERT INTO demarche_refusals (call_id, number, problems, refused_at)
        SELECT %(id)s, number, problems, %(at)s FROM json_to_recordset(%(rows)s::json)
            AS r(number bigint, problems jsonb)
        ON CONFLICT (call_id, number) DO UPDATE SET problems = excluded.problems, refused_at = excluded.refused_at
        """,
        {"id": call_id, "at": at, "rows": json.dumps(rows)},
    )


def forget_refusals(session: Session, call_id: int, numbers: Sequence[int]) -> None:
    """Dossiers that were taken in, or are no more, are refused no longer."""
    session.exec_driver_sql(
        "DELETE FROM demarche_refusals WHERE call_id = %(id)s AND number = ANY(%(numbers)s)",
        {"id": call_id, "numbers": list(numbers)},
    )


@dataclass(frozen=True, slots=True)
class Refusal:
    """A dossier that could not be taken in: its problems, each with a place, a value, and sentences."""

    number: int
    problems: tuple[Mapping[str, Any], ...]
    refused_at: datetime


def refusals(session: Session, call_id: int) -> list[Refusal]:
    """The dossiers of a call that could not be taken in."""
    rows = session.exec_driver_sql(
        "SELECT number, problems -> 'problems', refused_at FROM demarche_refusals WHERE call_id = %(id)s ORDER BY 1",
        {"id": call_id},
    )
    return [Refusal(row[0], tuple(row[1]), row[2]) for row in rows]


def cases_of(session: Session, call_id: int, numbers: Sequence[int]) -> dict[int, tuple[int, str, str]]:
    """Id, reference and stage of the cases of a call that are these dossiers, by number."""
    rows = session.exec_driver_sql(
        """
        SELECT external_id::bigint, id, reference, stage FROM cases
         WHERE call_id = %(id)s AND source = 'demarche' AND external_id = ANY(%(numbers)s)
        """,
        {"id": call_id, "numbers": [str(each) for each in numbers]},
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def owe_files(session: Session, rows: Sequence[Mapping[str, object]], *, at: datetime) -> None:
    """Owe files of cases, once each, in this order; the address of one still owed is brought up to date."""
    session.exec_driver_sql(
        """
        INSERT INTO demarche_files (case_id, champ, document, filename, checksum, byte_size, url, owed_at)
        SELECT case_id, champ, document, filename, checksum, byte_size, url, %(at)s
          FROM ROWS FROM (json_to_recordset(%(rows)s::json) AS (case_id bigint, champ text, document text,
                          filename text, checksum text, byte_size bigint, url text)) WITH ORDINALITY
               AS r(case_id, champ, document, filename, checksum, byte_size, url, place)
         WHERE NOT EXISTS (SELECT FROM cases c WHERE c.id = r.case_id AND c.anonymised_at IS NOT NULL)
         ORDER BY place
        ON CONFLICT (case_id, champ, filename, checksum) DO UPDATE SET url = excluded.url
         WHERE demarche_files.state = 'owed'
        """,
        {"rows": json.dumps(list(rows)), "at": at},
    )


@dataclass(frozen=True, slots=True)
class OwedFile:
    """A file to fetch, and the dossier it is of."""

    id: int
    case_id: int
    reference: str
    number: int
    document: str
    filename: str
    checksum: str
    byte_size: int
    url: str
    tries: int


def owed_files(session: Session, call_id: int, *, most_tries: int) -> list[OwedFile]:
    """The files of a call still to be fetched, the oldest first."""
    rows = session.exec_driver_sql(
        """
        SELECT f.id, c.id, c.reference, c.external_id::bigint, f.document, f.filename, f.checksum, f.byte_size, f.url,
               f.tries
          FROM demarche_files f JOIN cases c ON c.id = f.case_id
         WHERE c.call_id = %(id)s AND f.state = 'owed' AND f.tries < %(most)s ORDER BY f.id
        """,
        {"id": call_id, "most": most_tries},
    )
    return [OwedFile(*row) for row in rows]


def settle_file(session: Session, file_id: int, state: str, *, problem: str = "", at: datetime) -> None:
    """A file is kept, refused, or still owed after one more try."""
    session.exec_driver_sql(
        """
        UPDATE demarche_files SET state = %(state)s, tries = tries + 1, problem = %(problem)s,
               settled_at = CASE WHEN %(state)s = 'owed' THEN NULL ELSE %(at)s END
         WHERE id = %(id)s AND state = 'owed'
        """,
        {"id": file_id, "state": state, "problem": problem[:300], "at": at},
    )
