"""The code a parser refuses a value with."""

from collections.abc import Callable
from typing import Any

import pytest

from parvis.states.fields import FieldError


def code(parse: Callable[[Any], object], value: object) -> str:
    """The code of the refusal of `value`; the test fails when it is accepted."""
    with pytest.raises(FieldError) as refused:
        parse(value)
    return refused.value.code
