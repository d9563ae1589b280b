"""From a template and its data to the bytes of a PDF: one short-lived process a document, with limits.

The typesetter keeps what it has read and computed for as long as its process lives, and a hostile text could keep it
busy: so each document has a process of its own, which ends with it. The process may read the templates and the
typefaces, and answers on its standard output.
"""

import json
import re
import signal
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from parvis.documents.glyphs import typeface_files
from parvis.documents.limited import LimitedError, run_limited

TEMPLATES = Path(__file__).parent / "templates"
STANDARDS = ("ua-1", "a-2a")
"""PDF/UA-1, read aloud by machines, and PDF/A-2a, readable in thirty years."""

_MEGABYTE = 1024 * 1024
_COUNT = re.compile(rb"/Type\s*/Pages\s*/Count (\d+)")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take. `megabytes` bounds the address space, which is more than the memory used."""

    seconds: int = 120
    megabytes: int = 3072


LIMITS = Limits()


class TypesettingError(Exception):
    """A document could not be made. `code`: `refused` (by the typesetter), `time`, `memory`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


def typeset(template: str, data: dict[str, Any], *, stamped_at: datetime, limits: Limits = LIMITS) -> bytes:
    """The PDF of `template` (in `templates/`) with `data`, dated `stamped_at`: the same of the same, to the byte.

    Raises:
        TypesettingError: it is not to be had.
    """
    return typeset_all(template, [data], stamped_at=stamped_at, limits=limits)[0]


def typeset_all(
    template: str, documents: Sequence[dict[str, Any]], *, stamped_at: datetime, limits: Limits = LIMITS
) -> list[bytes]:
    """The PDFs of many short documents, made one after the other in one process: it costs more than one of them.

    Raises:
        TypesettingError: one of them is not to be had; none is given.
    """
    with tempfile.TemporaryDirectory(prefix="parvis-typefaces-") as typefaces:
        for file in typeface_files():
            (Path(typefaces) / file.name).symlink_to(file)
        order = {
            "template": template, "root": str(TEMPLATES), "typefaces": typefaces, "standards": STANDARDS,
            "timestamp": int(stamped_at.timestamp()),
        }  # fmt: skip
        lines = [json.dumps(order), *(json.dumps(data, ensure_ascii=False) for data in documents)]
        answer = _run("\n".join(lines).encode(), limits)
    return list(_parted(answer))


def _parted(answer: bytes) -> Iterator[bytes]:
    """What the process answers: each document after its length, eight bytes."""
    at = 0
    while at < len(answer):
        size = int.from_bytes(answer[at : at + 8], "big")
        yield answer[at + 8 : at + 8 + size]
        at += 8 + size


def _run(given: bytes, limits: Limits) -> bytes:
    try:
        return run_limited(
            "parvis.documents.typeset_child", given,
            memory_bytes=limits.megabytes * _MEGABYTE, seconds=limits.seconds,
        )  # fmt: skip
    except LimitedError as error:
        slow = error.code == "timeout" or error.complaint.startswith(f"signal {int(signal.SIGXCPU)}")
        killed = error.code == "killed" or "MemoryError" in error.complaint
        code = "time" if slow else "memory" if killed else "refused"
        raise TypesettingError(code, error.complaint) from None


def page_count(pdf: bytes) -> int:
    """How many pages a document made here has, as its own page tree says."""
    return int(_COUNT.findall(pdf)[-1])
