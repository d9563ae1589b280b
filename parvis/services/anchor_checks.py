"""Checking the anchors themselves: the database against the files, each file against the next."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from parvis.models.queries import journal
from parvis.models.queries.journal import AnchorRow
from parvis.models.session import Session
from parvis.services import anchor_files
from parvis.services.anchor_files import AnchorFile, AnchorFileError
from parvis.states.examination import Point
from parvis.states.faults import Fault, FaultKind, anchor_fault
from parvis.states.journal import GENESIS, Head, Subject


@dataclass(slots=True)
class CheckedAnchors:
    """What the anchors vouch for, where the files and the database differ; and the first anchor that is wrong.

    `added` are points only a sound file has, by subject; `dropped` those of the database it contradicts.
    """

    count: int = 0
    root: bytes | None = None
    digest: bytes | None = None
    fault: Fault | None = None
    added: defaultdict[tuple[Subject, int], list[Point]] = field(default_factory=lambda: defaultdict(list))
    dropped: set[tuple[tuple[Subject, int], Point]] = field(default_factory=set)

    @property
    def doubted(self) -> set[tuple[Subject, int]]:
        """The cases, sittings and agreements whose points in the database are not all there is to check."""
        return self.added.keys() | {key for key, _ in self.dropped}

    def note(self, kind: FaultKind, number: int) -> None:
        """Keep a fault, unless an earlier anchor has one."""
        if self.fault is None or self.fault.anchor is None or number < self.fault.anchor:
            self.fault = anchor_fault(kind, number)


def check_anchors(session: Session, folder: Path | None) -> CheckedAnchors:
    """Compare every anchor of the database with its file, and both with their root; None: there are no files."""
    rows = {row.number: row for row in journal.anchors(session)}
    files = set(anchor_files.numbers(folder)) if folder else set()
    checked = CheckedAnchors(len(rows.keys() | files))
    for number in range(1, max([*rows, *files], default=0) + 1):
        if number not in rows:
            checked.note(FaultKind.ANCHOR_MISSING, number)
        if folder and number not in files:
            checked.note(FaultKind.FILE_MISSING, number)
    for file in _sound_files(folder, checked) if folder else ():
        _compare(session, rows.get(file.number), file, checked)
    if rows:
        checked.root = rows[max(rows)].root
    if (
        rows
        and checked.fault is None
        and not _root_holds(rows[max(rows)], list(journal.anchored_heads(session)))
    ):
        checked.note(FaultKind.ANCHOR_ALTERED, max(rows))
    return checked


def _compare(session: Session, row: AnchorRow | None, file: AnchorFile, checked: CheckedAnchors) -> None:
    """Where the database does not say what a sound file says, check the lines against the file."""
    in_database = frozenset(journal.anchor_heads(session, file.number))
    in_file = frozenset(file.heads)
    same = row == file.row and in_database == in_file
    if row is not None and not same:
        checked.note(FaultKind.ANCHOR_ALTERED, file.number)
    for head in in_file - in_database:
        checked.added[head.key].append(Point(head.seq, head.hash, file.number))
    for head in in_database - in_file:
        checked.dropped.add((head.key, Point(head.seq, head.hash, file.number)))


def _sound_files(folder: Path, checked: CheckedAnchors) -> Iterator[AnchorFile]:
    """The files nothing speaks against, in order: each agrees with the next one, the last one with its own root.

    Two files are held at a time, and the latest head of each journal.
    """
    heads: dict[tuple[Subject, int], Head] = {}
    held, whole = None, True
    for file in _readable_files(folder, checked):
        follows = file.number == (held.number + 1 if held else 1)
        if held is not None and follows and file.previous != held.digest:
            checked.note(FaultKind.FILE_ALTERED, held.number)
            whole = False
        elif held is not None:
            yield held
        held, whole = file, whole and follows
        heads.update((head.key, head) for head in file.heads)
    if held is None:
        return
    checked.digest = held.digest
    if whole and not _root_holds(held.row, list(heads.values())):
        checked.note(FaultKind.FILE_ALTERED, held.number)
    else:
        yield held


def _readable_files(folder: Path, checked: CheckedAnchors) -> Iterator[AnchorFile]:
    for number in anchor_files.numbers(folder):
        try:
            file = anchor_files.read(folder, number)
        except AnchorFileError:
            checked.note(FaultKind.FILE_ALTERED, number)
            continue
        if number == 1 and file.previous != GENESIS:
            checked.note(FaultKind.FILE_ALTERED, number)
            continue
        yield file


def _root_holds(anchor: AnchorRow, heads: list[Head]) -> bool:
    vouched = AnchorRow.of(heads, number=anchor.number, at=anchor.at)
    return vouched == anchor
