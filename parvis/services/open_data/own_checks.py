"""The checks the official schema names and no library brings: a true SIRET, and one of two columns.

Importing this takes half a second: only who checks a file does.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from frictionless import Check, Checklist, Error, Schema, errors
from frictionless.resources import TableResource

from parvis.states.fields import FieldError, siret
from parvis.states.words import Sentence

NO_SIRET = "french-siret-value"
ONE_OF = "one-of-required"
NEITHER = Sentence("ni « {one} » ni « {other} »", "neither “{one}” nor “{other}”")

_Errors = list[type[Error]]


class TrueSiret(Check):
    """A SIRET whose keys are right, where there is one."""

    Errors: ClassVar[_Errors] = [errors.ConstraintError]
    type = NO_SIRET

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def validate_row(self, row: Any) -> Iterable[Error]:
        """Tell a SIRET that cannot be."""
        try:
            siret(row[self.column]) if row[self.column] else None
        except FieldError as refused:
            yield errors.ConstraintError.from_row(row, note=refused.sentence.fr, field_name=self.column)


class OneOfRequired(Check):
    """One of two columns is filled."""

    Errors: ClassVar[_Errors] = [errors.RowConstraintError]  # those not told here are dropped
    type = ONE_OF

    def __init__(self, columns: tuple[str, str]) -> None:
        super().__init__()
        self.columns = columns

    def validate_row(self, row: Any) -> Iterable[Error]:
        """Tell a line that fills neither."""
        if not any(row[column] for column in self.columns):
            note = NEITHER.fill(one=self.columns[0], other=self.columns[1]).fr
            yield errors.RowConstraintError.from_row(row, note=note)


def own_checks(declared: Sequence[dict[str, Any]]) -> Iterator[Check]:
    """The checks a schema declares under `custom_checks`."""
    for each in declared:
        if each["name"] == NO_SIRET:
            yield TrueSiret(each["params"]["column"])
        elif each["name"] == ONE_OF:
            yield OneOfRequired((each["params"]["column1"], each["params"]["column2"]))


def found(content: bytes, schema: dict[str, Any]) -> list[tuple[int | None, str | None, str, str]]:
    """What is wrong in a CSV file, UTF-8: line, column, kind and words of each."""
    resource = TableResource(
        source=content, format="csv", encoding="utf-8", schema=Schema.from_descriptor(schema)
    )
    report = resource.validate(Checklist(checks=list(own_checks(schema["custom_checks"]))))
    return [
        (line, column, kind, said)
        for line, column, kind, said in report.flatten(["rowNumber", "fieldName", "type", "message"])
    ]
