"""The papers of an agreement: itself and its amendments as signed, the self-evaluation; every version kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.queries.files import (
    FileLine,
    NewFile,
    insert_file,
    list_files,
)
from parvis.models.session import Session
from parvis.services import file_store
from parvis.services.agreement_writing import decided, prepare, write
from parvis.services.file_names import free_name
from parvis.services.files import Checked, Shelf
from parvis.states.agreement_facts import AgreementGiven
from parvis.states.agreement_stages import AgreementAction
from parvis.states.facts import By
from parvis.states.files import FileKind
from parvis.states.words import Sentence

EVALUATION = Sentence("Auto-évaluation", "Self-evaluation")
AGREEMENT = Sentence("Convention", "Agreement")
AMENDMENT = Sentence("Avenant n° {number}", "Amendment no. {number}")


@dataclass(frozen=True, slots=True)
class Paper:
    """A version of a paper: of the amendment of this number, else of the agreement itself or the self-evaluation.

    Versions of a paper count from 1; the last signed one `holds`, and is what the organisation sees. A
    self-evaluation is the organisation's own, and not signed: all of them hold.
    """

    file: FileLine
    amendment: int | None
    version: int
    holds: bool

    @property
    def evaluation(self) -> bool:
        """It is the self-evaluation of the organisation."""
        return self.file.kind == FileKind.ATTACHMENT

    @property
    def title(self) -> Sentence:
        """What paper it is."""
        if self.evaluation:
            return EVALUATION
        return AGREEMENT if self.amendment is None else AMENDMENT.fill(number=self.amendment)


def papers(session: Session, agreement_id: int) -> list[Paper]:
    """Every version of every paper of an agreement, those of one paper together, the last one first."""
    lines = list_files(session, agreement_id=agreement_id)
    signed = {(line.kind, line.document_code): line.id for line in lines if line.signed_on is not None}
    found: list[Paper] = []
    seen: Counter[tuple[str, str | None]] = Counter()
    for line in lines:
        paper = line.kind, line.document_code
        seen[paper] += 1
        holds = signed.get(paper) == line.id or line.kind == FileKind.ATTACHMENT
        found.append(Paper(line, _amendment(line), seen[paper], holds))
    return sorted(found, key=lambda paper: (paper.evaluation, paper.amendment or 0, -paper.version))


def add(
    session: Session, kept: Shelf, agreement_id: int, file: Checked, *,
    by: By, at: datetime, amendment: int | None = None, signed_on: date | None = None,
) -> Paper:  # fmt: skip
    """File a version of a signed paper: its row and the line of the agreement's journal, in the caller's transaction.

    The bytes are on the disk before the row is written. The version that holds, sent again, is filed once.

    Raises:
        FileRefusedError: the file is not taken in; its sentence says why and what to do.
        AgreementNotFoundError: there is no such agreement.
        MoveRefusedError: this role files nothing, there is no such amendment, or the signature is to come.
    """
    given = AgreementGiven(on=signed_on, document=file.name, amendment=amendment)
    prepared = prepare(session, agreement_id, given, at=at, lock=True)
    decided(prepared, AgreementAction.FILE_DOCUMENT, by)
    there = papers(session, agreement_id)
    sha256 = file_store.keep(kept.folder, file.content)
    before = [paper for paper in there if paper.amendment == amendment and not paper.evaluation]
    if before and (before[0].file.sha256, before[0].file.signed_on) == (sha256, signed_on):
        return before[0]
    line = insert_file(session, NewFile(
        None, None, FileKind.AGREEMENT if amendment is None else FileKind.AMENDMENT,
        None if amendment is None else str(amendment), free_name(file.name, _names(there)),
        file.media_type, len(file.content), sha256, None, at, by.actor, agreement_id, signed_on,
    ))  # fmt: skip
    told = AgreementGiven(
        on=signed_on, document=line.name, amendment=amendment, edition=len(before) + 1, sha256=sha256.hex()
    )
    prepared = prepare(session, agreement_id, told, at=at, lock=True)
    write(session, prepared, decided(prepared, AgreementAction.FILE_DOCUMENT, by), by=by, at=at)
    return Paper(line, amendment, len(before) + 1, holds=signed_on is not None)


def receive_evaluation(
    session: Session, kept: Shelf, agreement_id: int, said: str, file: Checked | None, *,
    by: By, at: datetime,
) -> None:  # fmt: skip
    """Record the self-evaluation of an organisation: what it says, and its file when there is one.

    Raises:
        FileRefusedError, AgreementNotFoundError: as `add`.
        MoveRefusedError: this role may not, or no renewal is under way.
    """
    action, told = AgreementAction.RECEIVE_EVALUATION, AgreementGiven(reason=said)
    prepared = prepare(session, agreement_id, told, at=at, lock=True)
    move = decided(prepared, action, by)
    if file:
        sha256 = file_store.keep(kept.folder, file.content)
        line = insert_file(session, NewFile(
            None, None, FileKind.ATTACHMENT, None, free_name(file.name, _names(papers(session, agreement_id))),
            file.media_type, len(file.content), sha256, None, at, by.actor, agreement_id,
        ))  # fmt: skip
        told = AgreementGiven(reason=said, document=line.name, sha256=sha256.hex())
        prepared = prepare(session, agreement_id, told, at=at, lock=True)
    write(session, prepared, move, by=by, at=at)


def _amendment(line: FileLine) -> int | None:
    return int(line.document_code) if line.document_code else None


def _names(there: Sequence[Paper]) -> frozenset[str]:
    return frozenset(paper.file.name for paper in there)
