"""The values of one row, taken column by column; what cannot be taken is noted and the row goes on."""

from collections.abc import Callable
from typing import TypeVar

from parvis.services.imports.cells import BadCell
from parvis.services.imports.problems import ProblemList
from parvis.services.imports.sheets import Record
from parvis.states.fields import FieldError, Raw, is_blank, text

T = TypeVar("T")

SEPARATOR = "|"
"""Between the items of one cell."""


class RowValues:
    """Takes values out of one record; every refusal lands in the list of problems with its place."""

    def __init__(self, record: Record, problems: ProblemList) -> None:
        self._record = record
        self._problems = problems
        self._before = len(problems)

    @property
    def sound(self) -> bool:
        """True while nothing of this row was refused."""
        return len(self._problems) == self._before

    def require(self, column: str, parse: Callable[[Raw], T]) -> T | None:
        """The value of `column`; None, and a problem noted, when it is empty or refused."""
        cell = self._record.values.get(column)
        if isinstance(cell, BadCell):
            self.note(cell.error, column)
            return None
        try:
            return parse(cell)
        except FieldError as error:
            self.note(error, column)
            return None

    def take(self, column: str, parse: Callable[[Raw], T]) -> T | None:
        """The value of `column`; None when it is empty, and when it is refused with a problem noted."""
        return self.require(column, parse) if self.filled(column) else None

    def each(self, column: str, parse: Callable[[str], T]) -> tuple[T, ...]:
        """The items of a cell of several, each parsed on its own."""
        written = self.take(column, lambda value: text(value, max_length=32_767))
        items = [] if written is None else [item.strip() for item in written.split(SEPARATOR)]
        taken: list[T] = []
        for item in filter(None, items):
            try:
                taken.append(parse(item))
            except FieldError as error:
                self.note(error, column, item)
        return tuple(taken)

    def filled(self, column: str) -> bool:
        """True when something, good or bad, is written in `column`."""
        cell = self._record.values.get(column)
        return isinstance(cell, BadCell) or not is_blank(cell)

    def check(self, column: str, verify: Callable[[], T]) -> T | None:
        """The answer of a check of several values; None, and a problem noted at `column`, when it refuses."""
        try:
            return verify()
        except FieldError as error:
            self.note(error, column)
            return None

    def note(self, error: FieldError, column: str, value: object = None) -> None:
        """Note a problem of this row; `value` is the part of the cell at fault, by default the whole cell."""
        shown = self._record.values.get(column) if value is None else value
        if isinstance(shown, BadCell):
            shown = shown.shown
        self._problems.add(error, line=self._record.line, column=column, value=shown)
