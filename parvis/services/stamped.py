"""Answers saved as one types, in several windows at once: what is there is replaced only by who has read it."""

import hashlib
import json
from collections.abc import Mapping, Sequence

Values = Mapping[str, Sequence[str]]


class DraftChangedError(Exception):
    """The step was saved elsewhere since this one was read: `values` are there now, under `stamp`."""

    def __init__(self, values: Values, stamped: str) -> None:
        super().__init__(stamped)
        self.values = values
        self.stamp = stamped


def stamp(values: Values) -> str:
    """What tells the content of a step from any other."""
    said = json.dumps({name: list(values[name]) for name in sorted(values)}, ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def to_write(there: Values, values: Values, expected: str) -> bool:
    """Whether these answers are to be written over those that are there; not when they are the same.

    Raises:
        DraftChangedError: what is there is not what was read under the stamp `expected`, and says something else.
    """
    if stamp(there) == stamp(values):
        return False
    if stamp(there) != expected:
        raise DraftChangedError(there, stamp(there))
    return True
