"""Notes on cases: the text each holds now, all it held before, what was kept aside when two wrote at once."""

from dataclasses import asdict, dataclass
from datetime import datetime

from parvis.models.session import Session, select


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note as it is now. `writer` is the open page that saved it last, `aside` how many texts wait beside it."""

    id: int
    case_id: int
    key: str
    version: int
    body: str
    writer: str
    rank: int
    made_at: datetime
    author: str
    saved_at: datetime
    saved_by: int
    saved_by_name: str
    texts: int
    aside: int


@dataclass(frozen=True, slots=True)
class NoteTextLine:
    """One text of a note; kept `aside` when somebody else had saved first, until it is `settled`."""

    note_id: int
    version: int
    body: str
    writer: str
    began_at: datetime
    saved_at: datetime
    saved_by: str
    aside: bool
    settled: bool


@dataclass(frozen=True, slots=True)
class NewText:
    """A text about to be written: what was typed, in which open page, how often it had changed there, by whom."""

    body: str
    writer: str
    rank: int
    by: int
    at: datetime


_NOTES = """
SELECT n.id, n.case_id, n.key, n.version, t.body, t.writer, t.rank, n.made_at, a.name, t.saved_at, t.saved_by, p.name,
       (SELECT count(*) FROM note_texts o WHERE o.note_id = n.id),
       (SELECT count(*) FROM note_texts o WHERE o.note_id = n.id AND o.aside AND o.settled_at IS NULL)
  FROM notes n
  JOIN note_texts t ON t.note_id = n.id AND t.version = n.version AND NOT t.aside
  JOIN people a ON a.id = n.made_by
  JOIN people p ON p.id = t.saved_by
"""


def read_notes(session: Session, case_id: int) -> list[NoteLine]:
    """The notes of a case, the one begun last first."""
    rows = select(session, f"{_NOTES} WHERE n.case_id = %(id)s ORDER BY n.id DESC", {"id": case_id})
    return [NoteLine(*row) for row in rows]


def lock_note(session: Session, key: str) -> NoteLine | None:
    """The note of this key; nobody else writes it until the commit."""
    session.exec_driver_sql("SELECT FROM notes WHERE key = %(key)s FOR UPDATE", {"key": key})
    row = session.exec_driver_sql(f"{_NOTES} WHERE n.key = %(key)s", {"key": key}).one_or_none()
    return NoteLine(*row) if row else None


def begin_note(session: Session, case_id: int, key: str, new: NewText) -> None:
    """Write a new note, its first version; nothing when another request has just begun the one of this key."""
    session.exec_driver_sql(
        """
        WITH begun AS (
            INSERT INTO notes (case_id, key, version, made_at, made_by)
            VALUES (%(case)s, %(key)s, 1, %(at)s, %(by)s) ON CONFLICT (key) DO NOTHING RETURNING id)
        INSERT INTO note_texts (note_id, version, body, writer, rank, began_at, saved_at, saved_by)
        SELECT id, 1, %(body)s, %(writer)s, %(rank)s, %(at)s, %(at)s, %(by)s FROM begun
        """,
        {"case": case_id, "key": key, **asdict(new)},
    )


def grow_text(session: Session, note_id: int, version: int, new: NewText) -> None:
    """Make the present text longer: the version after `version`, which held a part of it, takes its place."""
    session.exec_driver_sql(
        """
        WITH grown AS (UPDATE notes SET version = version + 1 WHERE id = %(note)s)
        UPDATE note_texts SET version = version + 1, body = %(body)s, rank = %(rank)s, saved_at = %(at)s
         WHERE note_id = %(note)s AND version = %(version)s AND NOT aside
        """,
        {"note": note_id, "version": version, **asdict(new)},
    )


def add_text(session: Session, note_id: int, new: NewText) -> None:
    """Give a note another text, its next version; the one before stays in its history."""
    session.exec_driver_sql(
        """
        WITH next AS (UPDATE notes SET version = version + 1 WHERE id = %(note)s RETURNING version)
        INSERT INTO note_texts (note_id, version, body, writer, rank, began_at, saved_at, saved_by)
        SELECT %(note)s, version, %(body)s, %(writer)s, %(rank)s, %(at)s, %(at)s, %(by)s FROM next
        """,
        {"note": note_id, **asdict(new)},
    )


def keep_aside(session: Session, note_id: int, version: int, new: NewText) -> None:
    """Keep a text that began from another version beside the note; one that only grew takes its own place again."""
    session.exec_driver_sql(
        """
        WITH last AS (
            SELECT id FROM note_texts
             WHERE note_id = %(note)s AND aside AND settled_at IS NULL AND writer = %(writer)s
               AND starts_with(%(body)s::text, body)
             ORDER BY id DESC LIMIT 1),
        grown AS (
            UPDATE note_texts t SET body = %(body)s, rank = %(rank)s, saved_at = %(at)s FROM last WHERE t.id = last.id)
        INSERT INTO note_texts (note_id, version, body, writer, rank, began_at, saved_at, saved_by, aside)
        SELECT %(note)s, %(version)s, %(body)s, %(writer)s, %(rank)s, %(at)s, %(at)s, %(by)s, true
         WHERE NOT EXISTS (SELECT FROM last)
        """,
        {"note": note_id, "version": version, **asdict(new)},
    )


def settle_aside(session: Session, note_id: int, writer: str, *, at: datetime) -> None:
    """Say that what was kept aside of this writer has been dealt with."""
    session.exec_driver_sql(
        """
        UPDATE note_texts SET settled_at = %(at)s
         WHERE note_id = %(note)s AND writer = %(writer)s AND aside AND settled_at IS NULL
        """,
        {"note": note_id, "writer": writer, "at": at},
    )


def read_texts(session: Session, case_id: int) -> list[NoteTextLine]:
    """Every text of every note of a case, the last first."""
    rows = session.exec_driver_sql(
        """
        SELECT t.note_id, t.version, t.body, t.writer, t.began_at, t.saved_at, p.name, t.aside,
               t.settled_at IS NOT NULL
          FROM notes n JOIN note_texts t ON t.note_id = n.id JOIN people p ON p.id = t.saved_by
         WHERE n.case_id = %(id)s ORDER BY t.id DESC
        """,
        {"id": case_id},
    )
    return [NoteTextLine(*row) for row in rows]
