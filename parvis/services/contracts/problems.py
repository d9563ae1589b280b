"""What is wrong in a contract file, where, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass

from parvis.states.words import Language, Sentence

WHERE = Sentence("ligne {line}", "line {line}")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One error: its line (from 1), its path (`calls[1].waves[0].closes.new`), what was written, what to do."""

    line: int
    path: str
    value: str | None
    sentence: Sentence

    def say(self, language: str = Language.FR) -> str:
        """The error on one line, for a terminal."""
        where = WHERE.fill(line=self.line).say(language)
        colon = ": " if language == Language.EN else "\u202f: "
        return f"{where}{f', {self.path}' if self.path else ''}{colon}{self.sentence.say(language)}"


class ContractFileError(Exception):
    """A contract file cannot be used; `problems` lists every error found, by line."""

    def __init__(self, problems: Iterable[FileProblem], *, file: str = "") -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line, problem.path)))
        self.file = file
        super().__init__("\n".join(problem.say() for problem in self.problems))


def path_text(path: Path) -> str:
    """`calls[1].code` for `("calls", 1, "code")`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
