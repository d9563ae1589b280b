"""The contract's file as an administrator looks at it: its faults, the lines of its calls, whether it is in force."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from parvis.models.queries.contracts import contract_known
from parvis.models.session import Session
from parvis.services.contracts import ContractFileError, FileProblem, read_contract
from parvis.services.contracts.yaml_tree import MAX_BYTES, read_tree
from parvis.states.contract import Contract

__all__ = ["MAX_BYTES", "Checked", "Line", "Looked", "check_bytes", "look"]

_LONGEST_LINE = 160


@dataclass(frozen=True, slots=True)
class Line:
    """A fault and the line of the file it is on, as it is written."""

    problem: FileProblem
    written: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong in a file, by line, or the contract it holds."""

    faults: tuple[Line, ...] = ()
    contract: Contract | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """The file of this installation: `there` at all, `in_force` as the database holds it, its faults.

    `lines` gives, by call and by name of what it says (`grid`, `waves`…), where that is written; `""` for the call.
    """

    there: bool
    in_force: bool = False
    checked: Checked = field(default_factory=Checked)
    lines: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def check_bytes(content: bytes) -> Checked:
    """Check a file nobody has put anywhere; nothing is kept of it."""
    try:
        return Checked(contract=read_contract(content))
    except ContractFileError as error:
        written = content.decode("utf-8", "replace").splitlines()
        return Checked(tuple(Line(problem, _line(written, problem.line)) for problem in error.problems))


def look(session: Session, file: Path) -> Looked:
    """The file of this installation, as it is now."""
    try:
        content = file.read_bytes()
    except OSError:
        return Looked(there=False)
    digest = sha256(content).hexdigest()
    checked, lines = _read(digest, content)
    return Looked(
        there=True, in_force=contract_known(session, digest) is not None, checked=checked, lines=lines
    )


@lru_cache(maxsize=2)
def _read(digest: str, content: bytes) -> tuple[Checked, Mapping[str, Mapping[str, int]]]:
    del digest
    checked = check_bytes(content)
    if checked.contract is None:
        return checked, {}
    lines = read_tree(content).lines
    return checked, {
        call.code: {"": lines[("calls", number)]}
        | {
            str(path[2]): line
            for path, line in lines.items()
            if path[:2] == ("calls", number) and len(path) == 3
        }
        for number, call in enumerate(checked.contract.calls)
    }


def _line(written: list[str], number: int) -> str:
    return written[number - 1].rstrip()[:_LONGEST_LINE] if 0 < number <= len(written) else ""
