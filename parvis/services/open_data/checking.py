"""A file of grants against the official schema, SCDL 2.1.1, with frictionless and the schema's own three checks."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).parent / "schema-2.1.1.json"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something the schema does not allow: on which line of the file, in which column, frictionless’s own words."""

    line: int
    column: str
    code: str
    said: str


@cache
def official() -> dict[str, Any]:
    """The official schema, as it was published."""
    return dict(json.loads(SCHEMA.read_text(encoding="utf-8")))


def validator() -> str:
    """What checks: its name and version, for the manifest."""
    return f"frictionless {metadata.version('frictionless')}"


def check(content: bytes) -> list[Fault]:
    """What is wrong in a CSV file of grants, UTF-8; nothing when it may be published."""
    from parvis.services.open_data.own_checks import found  # noqa: PLC0415  # half a second that reading needs not

    return [
        Fault(line or 0, column or "", code, said) for line, column, code, said in found(content, official())
    ]
