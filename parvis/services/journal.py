"""Proving the journal: verifying every line, and anchoring the heads inside and outside the database."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from parvis.models import privileges
from parvis.models.queries import journal
from parvis.models.queries.journal import AnchorRow
from parvis.models.session import Session
from parvis.services import anchor_files
from parvis.services.anchor_checks import CheckedAnchors, check_anchors
from parvis.services.anchor_files import AnchorFile
from parvis.states.calendar import paris_day
from parvis.states.examination import BACKWARDS_ALLOWED, Chain, examine
from parvis.states.faults import GONE, Fault, line_fault
from parvis.states.journal import Subject, merkle_root

_TOLD_EVERY = 5_000


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying found: how much was checked, and the first fault if there is one.

    `redacted` lines lost the words somebody typed, for good, and a later line vouches for what stays of them.
    `root` is the root of the last anchor and `digest` the SHA-256 of its file, to compare with those mailed;
    `unprotected` names the protections against rewriting that the database lacks now, in English.
    """

    lines: int
    cases: int
    anchors: int
    sittings: int = 0
    agreements: int = 0
    fault: Fault | None = None
    root: bytes | None = None
    digest: bytes | None = None
    unprotected: tuple[str, ...] = ()
    redacted: int = 0

    @property
    def sound(self) -> bool:
        """Nothing was changed, and nothing lets it be changed unseen."""
        return self.fault is None and not self.unprotected


def verify(
    session: Session, *, progress: Callable[[int], None] | None = None, anchors_folder: Path | None = None,
    backwards_allowed: timedelta = BACKWARDS_ALLOWED,
) -> Verification:  # fmt: skip
    """Check every line of every journal against its chain and every anchor; stop at the first fault.

    Journals are read in order and one at a time: cases, sittings, agreements. A line changed by somebody who computed
    the hashes again is found by the anchors; with `anchors_folder`, also if they forged the anchors in the
    database. `progress` is told how many more lines were checked. Nothing is written; nobody can anchor until
    the end of the transaction.
    """
    journal.hold_anchors(session)
    anchors = check_anchors(session, anchors_folder)
    told = _Progress(progress)
    fault = _first_bad_line(session, anchors, told, backwards_allowed)
    return Verification(
        told.lines, told.subjects[Subject.CASE], anchors.count, told.subjects[Subject.COMMITTEE],
        told.subjects[Subject.AGREEMENT],
        fault or anchors.fault, anchors.root, anchors.digest, tuple(privileges.missing(session)), told.redacted,
    )  # fmt: skip


@dataclass(slots=True)
class _Progress:
    """How much was checked, told from time to time."""

    tell: Callable[[int], None] | None
    lines: int = 0
    redacted: int = 0
    subjects: Counter[Subject] = field(default_factory=Counter)
    _told: int = 0

    def count(self, chain: Chain) -> None:
        self.lines += len(chain.lines)
        self.redacted += chain.redacted
        self.subjects[chain.subject] += bool(chain.lines)
        if self.lines - self._told >= _TOLD_EVERY:
            self.finish()

    def finish(self) -> None:
        if self.tell is not None:
            self.tell(self.lines - self._told)
        self._told = self.lines


def _first_bad_line(
    session: Session, anchors: CheckedAnchors, told: _Progress, backwards_allowed: timedelta
) -> Fault | None:
    unseen = set(anchors.added)
    for read in (journal.case_chains, journal.committee_chains, journal.agreement_chains):
        with closing(read(session)) as chains:
            for chain in chains:
                told.count(chain)
                unseen.discard(chain.key)
                fault = examine(_with_anchors(chain, anchors), backwards_allowed=backwards_allowed)
                if fault is not None:
                    return fault
    told.finish()
    return line_fault(GONE[min(unseen)[0]], min(unseen), "", 1) if unseen else None


def _with_anchors(chain: Chain, anchors: CheckedAnchors) -> Chain:
    """The journal with the anchors that can be trusted: where a file and the database differ, the file."""
    if chain.key not in anchors.doubted:
        return chain
    kept = [point for point in chain.points if (chain.key, point) not in anchors.dropped]
    points = sorted([*kept, *anchors.added.get(chain.key, ())], key=lambda point: (point.seq, point.anchor))
    return replace(chain, points=points)


class AnchorsDisagreeError(Exception):
    """The database and the folder do not hold the same anchors: one of them lost some. Verifying says which."""

    def __init__(self, in_database: int, in_folder: int) -> None:
        super().__init__(f"last anchor in the database: {in_database}, in the folder: {in_folder}")
        self.in_database = in_database
        self.in_folder = in_folder


@dataclass(frozen=True, slots=True)
class Anchored:
    """The latest anchor. `recorded` is False when nothing had changed and that day's anchor was already there.

    Only a recorded anchor has to be mailed to the administrators, with `letter`. `digest` is the SHA-256 of its
    file: as each file holds that of the one before, it vouches for all of them.
    """

    number: int
    at: datetime
    cases: int
    sittings: int
    agreements: int
    lines: int
    root: bytes
    moved: int
    recorded: bool
    file: Path
    digest: bytes

    @property
    def letter(self) -> dict[str, str | int]:
        """The data of the letter `journal_anchor`."""
        return {
            "anchor": self.number, "anchored_at": self.at.isoformat(), "root": self.root.hex(),
            "file": self.file.name, "digest": self.digest.hex(), "cases": self.cases, "lines": self.lines,
        }  # fmt: skip


def anchor(session: Session, *, at: datetime, folder: Path) -> Anchored:
    """Write down the Merkle root of every journal's head, in the database and in a file of `folder`.

    Give it a transaction of its own: it vouches for what is committed. Safe to repeat: the same root is recorded
    once a day only, and a file whose transaction was lost is taken up again.

    Raises:
        AnchorsDisagreeError: the database or the folder lost anchors; `restore` puts back what it can.
        AnchorFileError: the last file was changed.
    """
    journal.anchor_alone(session)
    last, taken_up = _last_anchor(session, folder)
    heads = journal.heads(session)
    root = merkle_root(head for head, _ in heads)
    if last and last.root == root and paris_day(last.at) == paris_day(at):
        return _anchored(folder, anchor_files.read(folder, last.number), recorded=taken_up)
    moved = tuple(head for head, has_moved in heads if has_moved)
    number = last.number + 1 if last else 1
    row = AnchorRow.of([head for head, _ in heads], number=number, at=at)
    journal.write_anchor(session, row, moved)
    previous = anchor_files.digest_before(folder, number)
    file = AnchorFile(row, previous, moved)
    anchor_files.write(folder, file)
    return _anchored(folder, file, recorded=True)


def _anchored(folder: Path, file: AnchorFile, *, recorded: bool) -> Anchored:
    return Anchored(
        file.number, file.row.at, file.row.cases, file.row.sittings, file.row.agreements, file.row.lines, file.row.root,
        len(file.heads), recorded=recorded,
        file=anchor_files.path_of(folder, file.number), digest=file.digest,
    )  # fmt: skip


def _last_anchor(session: Session, folder: Path) -> tuple[AnchorRow | None, bool]:
    """The last anchor, and whether its row was written now.

    The file is written before the commit: a lost transaction leaves the folder one ahead of the database.
    """
    last = journal.last_anchor(session)
    in_database, in_folder = last.number if last else 0, max(anchor_files.numbers(folder), default=0)
    if in_folder == in_database + 1:
        return _write_row(session, anchor_files.read(folder, in_folder)), True
    if in_folder != in_database:
        raise AnchorsDisagreeError(in_database, in_folder)
    return last, False


def _write_row(session: Session, file: AnchorFile) -> AnchorRow:
    journal.write_anchor(session, file.row, file.heads)
    return file.row


@dataclass(frozen=True, slots=True)
class Restored:
    """The numbers of the anchors put back, in the database from their files and in the folder from the database."""

    in_database: tuple[int, ...]
    in_folder: tuple[int, ...]


def restore(session: Session, *, folder: Path) -> Restored:
    """Put back the anchors that the database or the folder lost, from the other; what is there is left as it is.

    A file written again has the bytes it had if the database was not changed; verifying tells, as long as a
    later file or the mailed roots are there to compare with.

    Raises:
        AnchorFileError: a file that is needed was changed, or both lost the same anchor.
    """
    journal.anchor_alone(session)
    rows = {row.number: row for row in journal.anchors(session)}
    files = set(anchor_files.numbers(folder))
    in_database = sorted(files - rows.keys())
    in_folder = sorted(rows.keys() - files)
    for number in in_database:
        _write_row(session, anchor_files.read(folder, number))
    for number in in_folder:
        _write_file(session, folder, rows[number])
    return Restored(tuple(in_database), tuple(in_folder))


def _write_file(session: Session, folder: Path, row: AnchorRow) -> None:
    previous = anchor_files.digest_before(folder, row.number)
    heads = tuple(journal.anchor_heads(session, row.number))
    anchor_files.write(folder, AnchorFile(row, previous, heads))
