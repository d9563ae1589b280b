"""Notes of the staff on a case: saved as one types, never over somebody else's words, and none of them ever lost.

A text that only grew takes the place of the one it contains; any other change leaves the text before in the history.
Whoever began from a version that is no longer the present one has their text kept aside, and is shown both.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import notes as queries
from parvis.models.queries.cases import is_anonymised
from parvis.models.queries.notes import NewText, NoteLine, NoteTextLine
from parvis.models.session import Session
from parvis.states.words import Sentence

__all__ = [
    "LONGEST", "NoteLine", "NoteRefusedError", "NoteTextLine", "Saved", "Written", "leave_note", "read_notes",
    "read_texts", "save_note",
]  # fmt: skip

LONGEST = 20_000
_LONGEST_KEY = 64
TOO_LONG = Sentence(
    "Cette note compte {length} caractères, pour {most} au plus : la scinder. Rien n’est effacé de ce que vous avez "
    "écrit.",
    "This note has {length} characters, at most {most} are allowed: split it. Nothing you wrote is erased.",
)
ANONYMISED = Sentence(
    "Ce dossier est anonymisé : plus rien ne s’y écrit.",
    "This case is anonymised: nothing is written there any more.",
)
NO_KEY = Sentence("Relire la page, puis recommencer.", "Read the page again, then retry.")


class NoteRefusedError(Exception):
    """A note that cannot be saved: `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Written:
    """A text somebody typed: in which note (`key`), in which open page (`writer`), from which `version` on.

    `rank` counts its changes in that page, so that one that comes late is not the last; 0 where nobody counts.
    """

    key: str
    writer: str
    version: int
    body: str
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """The note as it is now, None when nothing was typed; in a `conflict`, one's own text is kept aside of it."""

    note: NoteLine | None
    conflict: bool


def read_notes(session: Session, case_id: int) -> list[NoteLine]:
    """The notes of a case, the one begun last first."""
    return queries.read_notes(session, case_id)


def read_texts(session: Session, case_id: int) -> list[NoteTextLine]:
    """All that the notes of a case ever said, the last first."""
    return queries.read_texts(session, case_id)


def save_note(session: Session, case_id: int, written: Written, *, by: int, at: datetime) -> Saved:
    """Save a note of a case that was seen, begun now or before; safe to repeat.

    Raises:
        NoteRefusedError: it is too long, or names no note of this case, or the case is anonymised.
    """
    body = _clean(written.body)
    if not (0 < len(written.key) <= _LONGEST_KEY and len(written.writer) <= _LONGEST_KEY):
        raise NoteRefusedError(NO_KEY)
    if len(body) > LONGEST:
        raise NoteRefusedError(TOO_LONG.fill(length=len(body), most=LONGEST))
    if is_anonymised(session, case_id):
        raise NoteRefusedError(ANONYMISED)
    new = NewText(body, written.writer, written.rank, by, at)
    note = queries.lock_note(session, written.key)
    if note is None:
        if not body:
            return Saved(None, conflict=False)
        queries.begin_note(session, case_id, written.key, new)
        note = queries.lock_note(session, written.key)
    if note is None or note.case_id != case_id:
        raise NoteRefusedError(NO_KEY)
    conflict = not _write(session, note, written.version, new)
    return Saved(queries.lock_note(session, written.key), conflict)


def leave_note(session: Session, case_id: int, key: str, writer: str, *, at: datetime) -> None:
    """Leave a note as somebody else saved it; what was kept aside of this writer stays in its history."""
    note = queries.lock_note(session, key)
    if note is not None and note.case_id == case_id:
        queries.settle_aside(session, note.id, writer, at=at)


def _write(session: Session, note: NoteLine, version: int, new: NewText) -> bool:
    """Whether the text is now that of the note, or was before what is; kept aside otherwise."""
    same_page = note.writer == new.writer and note.saved_by == new.by
    if same_page and 0 < new.rank < note.rank:
        return True
    if note.body != new.body and not same_page and note.version != version:
        if new.body:
            queries.keep_aside(session, note.id, version, new)
        return False
    if note.body != new.body and same_page and new.body.startswith(note.body):
        queries.grow_text(session, note.id, note.version, new)
    elif note.body != new.body:
        queries.add_text(session, note.id, new)
    queries.settle_aside(session, note.id, new.writer, at=new.at)
    return True


def _clean(typed: str) -> str:
    """The text with plain ends of lines, without the signs no screen shows; nothing of it can be refused."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n")
    kept = (sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"})
    return "".join(kept).rstrip()
