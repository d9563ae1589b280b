"""The annex volume of a sitting, made for one set of recusals and kept with the sitting; the same content once."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from parvis.documents.annexes import ABSENT, LAYOUT, MISSING, Chapter, Piece, Volume, bind
from parvis.models.queries import annexes as queries
from parvis.models.queries.annexes import AnnexCase, AnnexLine
from parvis.models.queries.committees import Sitting
from parvis.models.queries.files import file_of_key
from parvis.models.queries.recusals import recused
from parvis.models.session import Database, Session
from parvis.services import file_store, files
from parvis.services.files import FileLine, Shelf, Subject
from parvis.states.facts import By
from parvis.states.files import FileKind
from parvis.states.words import Sentence, day

SUBTITLE = Sentence("Séance du {day}", "Session of {day}")
OTHER = Sentence("Autre pièce", "Other document")
EVERYBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a volume will be made from, and the key that stands for it."""

    volume: Volume
    key: str
    name: str


def volume_of(
    database: Database,
    kept: Shelf,
    sitting: Sitting,
    *,
    by: By,
    at: datetime,
    without: Iterable[int] = EVERYBODY,
) -> FileLine:
    """The annex volume of a sitting without the cases `without` (the recused ones), made unless it is there already.

    Nothing is locked while it is made; it is kept whole or not at all.

    Raises:
        LimitedError: the machine lacks the memory or the time for it.
    """
    with database.transaction() as session:
        plan = _plan(session, kept, sitting, frozenset(without))
        if (made := file_of_key(session, plan.key)) is not None and file_store.is_whole(
            kept.folder, made.sha256
        ):
            return made
    with file_store.workshop(kept.folder) as work:
        out = work / "annexes.pdf"
        bind(plan.volume, work, out)
        if made is not None:  # its bytes were lost: the same content gives them back
            file_store.adopt(kept.folder, out)
            return made
        with database.transaction() as session:
            return files.keep_made(
                session, kept, Subject(committee_id=sitting.id), kind=FileKind.ANNEX, name=plan.name, content=out,
                by=by, at=at, key=plan.key,
            )  # fmt: skip


def hidden_from(session: Session, sitting: Sitting, person_id: int) -> frozenset[int]:
    """The cases of a sitting that a person must not see: those their volume goes without."""
    return recused(session, sitting.id).get(person_id, EVERYBODY)


def _plan(session: Session, kept: Shelf, sitting: Sitting, without: frozenset[int]) -> _Plan:
    cases = [case for case in queries.agenda_cases(session, sitting.id) if case.id not in without]
    lines = queries.annex_lines(session, [case.id for case in cases])
    by_case: dict[int, list[AnnexLine]] = {case.id: [] for case in cases}
    for line in lines:
        by_case[line.case_id].append(line)
    chapters = tuple(_chapter(kept, case, by_case[case.id]) for case in cases)
    volume = Volume(sitting.name, SUBTITLE.fill(day=day(sitting.held_on)).fr, chapters)
    told = (LAYOUT, volume.title, volume.subtitle, [_identity(chapter) for chapter in chapters])
    digest = hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()
    name = f"annexes-{sitting.code}-{sitting.held_on}.pdf"
    return _Plan(volume, f"annex/{sitting.id}/{digest}", name)


def _identity(chapter: Chapter) -> tuple[object, ...]:
    """What a chapter says, wherever the data folder is."""
    pieces = [
        (piece.label, piece.name, piece.path and piece.path.name, piece.why) for piece in chapter.pieces
    ]
    return chapter.reference, chapter.title, chapter.applicant, pieces


def _chapter(kept: Shelf, case: AnnexCase, lines: list[AnnexLine]) -> Chapter:
    return Chapter(case.reference, case.title, case.applicant, tuple(_piece(kept, line) for line in lines))


def _piece(kept: Shelf, line: AnnexLine) -> Piece:
    label = line.label or OTHER.fr
    if line.sha256 is None:
        return Piece(label, "", "", None, ABSENT)
    path = file_store.path_of(kept.folder, line.sha256)
    why = "" if file_store.is_whole(kept.folder, line.sha256) else MISSING
    return Piece(label, line.name or "", line.media_type or "", path if not why else None, why)
