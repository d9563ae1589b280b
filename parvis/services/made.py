"""A move just written, as what it writes beside its own rows needs to know it."""

from dataclasses import dataclass
from datetime import datetime

from parvis.states.consequences import CallRules
from parvis.states.facts import Given


@dataclass(frozen=True, slots=True)
class Made:
    """A move just written: the version its case reached, what the person brought, the rules of the call, who acts."""

    case_id: int
    version: int
    given: Given
    rules: CallRules
    at: datetime
    by: str
