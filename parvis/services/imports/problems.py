"""What is wrong with a file of deposits: every problem, with its place, or none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from parvis.states.fields import FieldError, shortened
from parvis.states.words import Sentence

MAX_PROBLEMS = 10_000
"""Listed one by one; past that, the report counts. Nobody reads more, and each costs memory."""

NEVER = datetime(1, 1, 2, tzinfo=UTC)
"""Stands for a day that was refused, so that the rest is still checked; what holds it is never kept."""

UNLISTED = Sentence(
    fr="{count} autres erreurs ne sont pas listées : corrigez d’abord celles-ci.",
    en="{count} other errors are not listed: correct these first.",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct: where it is, what was found, why it is refused.

    `line` counts from 1 (the number of the deposit in a JSON file), None for the file as a whole; `column` is
    the name of a column, a cell or a JSON path.
    """

    line: int | None
    column: str | None
    value: str | None
    code: str
    sentence: Sentence


class DepositFileError(Exception):
    """A file is refused whole; `problems` lists everything there is to correct.

    `code` is the code all problems share, else `import_rejected`.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        codes = {problem.code for problem in self.problems}
        self.code = codes.pop() if len(codes) == 1 else "import_rejected"
        super().__init__(self.code)


class ProblemList:
    """Problems found so far; past `MAX_PROBLEMS` they are only counted."""

    def __init__(self) -> None:
        self._listed: list[Problem] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, error: FieldError, *, line: int | None, column: str | None, value: object = None) -> None:
        """Note what `error` says about the value at `line` and `column`."""
        self._count += 1
        if len(self._listed) < MAX_PROBLEMS:
            shown = None if value in (None, "") else shortened(value)
            self._listed.append(Problem(line, column, shown, error.code, error.sentence))

    def refuse_if_any(self) -> None:
        """Stop here when something is wrong.

        Raises:
            DepositFileError: with every problem noted.
        """
        if self._count > len(self._listed):
            more = UNLISTED.fill(count=self._count - len(self._listed))
            self._listed.append(Problem(None, None, None, "import_rejected", more))
        if self._listed:
            raise DepositFileError(self._listed)


def refused(
    code: str, sentence: Sentence, *, line: int | None = None, column: str | None = None
) -> DepositFileError:
    """The error of a file that cannot be read at all, or only up to `line`."""
    return DepositFileError([Problem(line, column, None, code, sentence)])
