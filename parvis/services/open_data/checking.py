"""A file of grants against the official schema, SCDL 2.1.1, with frictionless and the schema's own three checks."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parvis.states.fields import FieldError, siret
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from frictionless import Check

SCHEMA = Path(__file__).parent / "schema-2.1.1.json"
NO_SIRET = "french-siret-value"
ONE_OF = "one-of-required"


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
    from frictionless import Checklist, Schema  # noqa: PLC0415  # half a second that reading needs not
    from frictionless.resources import TableResource  # noqa: PLC0415

    resource = TableResource(
        source=content, format="csv", encoding="utf-8", schema=Schema.from_descriptor(official())
    )
    report = resource.validate(Checklist(checks=list(_own_checks(official()["custom_checks"]))))
    return [
        Fault(int(line or 0), column or "", code, message)
        for line, column, code, message in report.flatten(["rowNumber", "fieldName", "type", "message"])
    ]


def _own_checks(declared: Sequence[dict[str, Any]]) -> Iterator["Check"]:
    """The checks the schema names and no library brings: a true SIRET, and one of two columns."""
    from frictionless import Check, errors  # noqa: PLC0415

    class TrueSiret(Check):
        """A SIRET whose keys are right, where there is one."""

        type = NO_SIRET

        def __init__(self, column: str) -> None:
            super().__init__()
            self.column = column

        def validate_row(self, row: Any) -> Any:
            value = row[self.column]
            try:
                siret(value) if value else None
            except FieldError as refused:
                note = refused.sentence.fr
                yield errors.ConstraintError.from_row(row, note=note, field_name=self.column)

    class OneOfRequired(Check):
        """One of two columns is filled."""

        type = ONE_OF

        def __init__(self, columns: tuple[str, str]) -> None:
            super().__init__()
            self.columns = columns

        def validate_row(self, row: Any) -> Any:
            if not any(row[column] for column in self.columns):
                note = NEITHER.fill(one=self.columns[0], other=self.columns[1]).fr
                yield errors.RowConstraintError.from_row(row, note=note)

    for each in declared:
        if each["name"] == NO_SIRET:
            yield TrueSiret(each["params"]["column"])
        elif each["name"] == ONE_OF:
            yield OneOfRequired((each["params"]["column1"], each["params"]["column2"]))


NEITHER = Sentence("ni « {one} » ni « {other} »", "neither “{one}” nor “{other}”")
