"""The holidays of a year as people read them: what each does to a delay that ends on it and to a reminder."""

from dataclasses import dataclass
from datetime import date

from parvis.models.queries.calendar_days import deadlines_by_day
from parvis.models.session import Session
from parvis.states.calendar import named_holidays, next_working_day, previous_working_day

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Holiday:
    """A legal holiday: a delay that ends on it goes to `rolls_to`, a reminder before a date leaves on `leaves_on`.

    `deadlines` is how many open cases have one between it and `rolls_to`, both included.
    """

    day: date
    name: str
    rolls_to: date
    leaves_on: date
    deadlines: int

    @property
    def weekend(self) -> bool:
        """Whether nobody works that day anyway."""
        return self.day.weekday() > 4


def holidays_of(session: Session, contract_id: int, year: int, *, english: bool = False) -> list[Holiday]:
    """The holidays of a year, in their order, with what they weigh on."""
    counts = deadlines_by_day(session, contract_id, date(year, 1, 1), date(year + 1, 1, 15))
    found = []
    for day, name in named_holidays(year, english=english).items():
        until = next_working_day(day)
        weighed = sum(count for on, count in counts.items() if day <= on <= until)
        found.append(Holiday(day, name, until, previous_working_day(day), weighed))
    return found
