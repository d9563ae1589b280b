"""The values of one dossier: what is wrong stops the file, what is only unusable becomes a warning."""

from collections.abc import Callable
from typing import TypeVar

from parvis.services.imports.problems import ProblemList
from parvis.states.fields import FieldError, Raw, is_blank, shortened
from parvis.states.words import Sentence

T = TypeVar("T")

SET_ASIDE = Sentence(
    fr="{path}, « {value} », est laissé de côté : {reason}",
    en="{path}, “{value}”, is set aside: {reason}",
)


class DossierValues:
    """Takes values out of the dossier `number` of a file, counted from 1."""

    def __init__(self, number: int, problems: ProblemList) -> None:
        self.warnings: list[Sentence] = []
        self._number = number
        self._problems = problems
        self._before = len(problems)

    @property
    def sound(self) -> bool:
        """True while nothing of this dossier was refused."""
        return len(self._problems) == self._before

    def require(self, path: str, parse: Callable[[Raw], T], value: Raw) -> T | None:
        """The value at `path`; None, and a problem noted, when it is empty or refused."""
        try:
            return parse(value)
        except FieldError as error:
            self.note(error, path, value)
            return None

    def spare(self, path: str, parse: Callable[[Raw], T], value: Raw) -> T | None:
        """The value at `path` when it is usable; an officer cannot correct the portal, so a bad one only warns."""
        if is_blank(value):
            return None
        try:
            return parse(value)
        except FieldError as error:
            self.set_aside(path, value, error)
            return None

    def check(self, path: str, verify: Callable[[], T]) -> T | None:
        """The answer of a check; None, and a problem noted at `path`, when it refuses."""
        try:
            return verify()
        except FieldError as error:
            self.note(error, path)
            return None

    def note(self, error: FieldError, path: str, value: object = None) -> None:
        """Note a problem that stops the file."""
        self._problems.add(error, line=self._number, column=path, value=value)

    def set_aside(self, path: str, value: object, error: FieldError) -> None:
        """Warn that a value was not used, and why."""
        self.warnings.append(SET_ASIDE.fill(path=path, value=shortened(value), reason=error.sentence))

    def warn(self, sentence: Sentence, **values: object) -> None:
        """Warn of anything else."""
        self.warnings.append(sentence.fill(**values))
