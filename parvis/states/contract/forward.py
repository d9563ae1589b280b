"""The same call some years later: how next year's call is prepared."""

import re
from datetime import date

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel

from parvis.states.contract.calls import Call

_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")


def roll_forward(call: Call, years: int) -> Call:
    """The same call `years` later: every day at its anniversary, and its own years in codes and titles.

    29 February becomes 28 February where it does not exist. A title keeps the years that are not the call's
    ("Engagements Quartiers 2030"); its own go from the one it opens in, or is for, to the one it ends in.
    """
    first = min(call.opens_on.year, call.year) if not call.silent else call.year
    last = max(call.closes_on.year if call.closes_on else 0, call.year + call.duration_years - 1)
    own = range(first, last + 1)

    def later(value: object, name: str = "") -> object:
        match value:
            case BaseModel():
                return {field: later(getattr(value, field), field) for field in type(value).model_fields}
            case tuple():
                return [later(item) for item in value]
            case date():
                return value + relativedelta(years=years)
            case str() if name in ("code", "title"):
                return _YEAR.sub(lambda found: _moved(found.group(), own, years), value)
            case int() if name == "year":
                return value + years
            case _:
                return value

    return Call.model_validate(later(call))


def _moved(year: str, own: range, years: int) -> str:
    return str(int(year) + years) if int(year) in own else year
