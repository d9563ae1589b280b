"""The files anchors are kept in outside the database: one each, never written twice, each naming the one before."""

import hashlib
import json
import os
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from parvis.models.queries.journal import AnchorRow
from parvis.states.journal import GENESIS, Head, Subject

_HEADS = (
    (Subject.CASE, "heads"), (Subject.COMMITTEE, "sitting_heads"), (Subject.AGREEMENT, "agreement_heads"),
)  # fmt: skip
_NAME = re.compile(r"anchor-(\d{6,})\.json")


class AnchorFileError(Exception):
    """The file of this anchor cannot be read as one."""

    def __init__(self, number: int) -> None:
        super().__init__(f"anchor {number}")
        self.number = number


@dataclass(frozen=True, slots=True)
class AnchorFile:
    """What a file says: an anchor, the heads that had moved, the SHA-256 of the file before (zeros: none)."""

    row: AnchorRow
    previous: bytes
    heads: tuple[Head, ...]

    @property
    def number(self) -> int:
        """The number of the anchor."""
        return self.row.number

    def content(self) -> bytes:
        """The bytes of the file, always the same for the same anchor: JSON, one head a line.

        Sittings and agreements are said where there are any: an anchor of cases alone has the bytes it always had.
        """
        row = self.row
        sittings = f'  "sittings": {row.sittings},\n' if row.sittings else ""
        sittings += f'  "agreements": {row.agreements},\n' if row.agreements else ""
        heads = f'  "heads": [\n{_listed(self.heads, Subject.CASE)}\n  ]'
        if row.sittings:
            heads += f',\n  "sitting_heads": [\n{_listed(self.heads, Subject.COMMITTEE)}\n  ]'
        if row.agreements:
            heads += f',\n  "agreement_heads": [\n{_listed(self.heads, Subject.AGREEMENT)}\n  ]'
        return (
            f'{{\n  "anchor": {row.number},\n  "at": "{row.at.astimezone(UTC).isoformat()}",\n'
            f'  "cases": {row.cases},\n{sittings}  "lines": {row.lines},\n  "root": "{row.root.hex()}",\n'
            f'  "previous": "{self.previous.hex()}",\n{heads}\n}}\n'
        ).encode()

    @property
    def digest(self) -> bytes:
        """The SHA-256 of the file, which the next one carries."""
        return hashlib.sha256(self.content()).digest()


def _listed(heads: tuple[Head, ...], subject: Subject) -> str:
    return ",\n".join(
        f'    [{head.id}, {head.seq}, "{head.hash.hex()}"]' for head in heads if head.subject is subject
    )


def path_of(folder: Path, number: int) -> Path:
    """Where the file of an anchor is kept."""
    return folder / f"anchor-{number:06d}.json"


def numbers(folder: Path) -> list[int]:
    """The numbers of the anchors that have a file, in order; a folder that does not exist has none."""
    found = (_NAME.fullmatch(path.name) for path in folder.glob("anchor-*.json"))
    return sorted(int(match[1]) for match in found if match)


def read(folder: Path, number: int) -> AnchorFile:
    """The file of an anchor.

    Raises:
        AnchorFileError: there is none, or it is not what was written: a single changed byte is enough.
    """
    try:
        written = path_of(folder, number).read_bytes()
        said = json.loads(written)
        heads = tuple(
            Head(number, seq, bytes.fromhex(own), subject)
            for subject, name in _HEADS
            for number, seq, own in said.get(name, ())
        )
        row = AnchorRow(
            said["anchor"], datetime.fromisoformat(said["at"]), said["cases"], said["lines"],
            bytes.fromhex(said["root"]), said.get("sittings", 0), said.get("agreements", 0),
        )  # fmt: skip
        file = AnchorFile(row, bytes.fromhex(said["previous"]), heads)
        same = file.number == number and file.content() == written
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise AnchorFileError(number) from error
    if not same:
        raise AnchorFileError(number)
    return file


def digest_before(folder: Path, number: int) -> bytes:
    """What the file of this anchor has to carry: the SHA-256 of the file before, zeros for the first.

    Raises:
        AnchorFileError: the file before cannot be read.
    """
    return read(folder, number - 1).digest if number > 1 else GENESIS


def write(folder: Path, file: AnchorFile) -> Path:
    """Write a file whole or not at all, on the disk when this returns.

    Raises:
        FileExistsError: this anchor has its file already; it is left as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = path_of(folder, file.number)
    descriptor, temporary = tempfile.mkstemp(prefix=".anchor-", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as unfinished:
            unfinished.write(file.content())
            unfinished.flush()
            os.fsync(unfinished.fileno())
        Path(temporary).chmod(0o444)
        if target.exists():
            raise FileExistsError(target)
        Path(temporary).replace(target)
    finally:
        Path(temporary).unlink(missing_ok=True)
    _sync(folder)
    return target


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
