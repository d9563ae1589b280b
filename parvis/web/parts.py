"""What is typed of the parts of associations in a decision: a field for each of them and each funder."""

from collections.abc import Callable, Sequence
from itertools import product

from parvis.states import fields
from parvis.web.errors import FieldError, WrongInputError

PART = "part_"
"""Begins the names of these fields; the association follows, then the funder."""


def read_parts(
    one: Callable[[str], str], whose: Sequence[str], funders: Sequence[str]
) -> tuple[tuple[str, str, int], ...]:
    """What is said of the parts of these associations, `one` giving what a field says; empty fields say nothing.

    Raises:
        WrongInputError: amounts that cannot be read, all of them named.
    """
    found: list[tuple[str, str, int]] = []
    faults = []
    for who, code in product(whose, funders):
        name = f"{PART}{who}_{code}"
        try:
            if said := one(name):
                found.append((who, code, fields.amount(said, zero_allowed=True)))
        except fields.FieldError as error:
            faults.append(FieldError(name, error.sentence))
    if faults:
        raise WrongInputError(*faults)
    return tuple(found)
