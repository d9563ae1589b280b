"""When deposits come: the waves of a call as the days between which people deposit, most of them at the end."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from parvis.services.rehearsal.habits import ApplicantHabits
from parvis.states.contract import Call
from parvis.states.stages import Nature

OPEN_ENDED_DAYS = 365
DAYS_BEFORE_CLOSING = 4.5
"""On average, how long before the closing day those who wait for it deposit."""


@dataclass(frozen=True, slots=True)
class Season:
    """The days between which deposits are made for one wave, by nature, and its share of all deposits."""

    first: date
    last: date
    closings: dict[Nature, date]
    weight: float
    decides_on: date | None

    def draw_day(self, chance: Random, nature: Nature, near_closing: float) -> date:
        """A day of the season: near the closing day of this nature, or any."""
        closing = max(self.first, min(self.closings[nature], self.last))
        if closing == self.closings[nature] and chance.random() < near_closing:
            return max(self.first, closing - timedelta(days=int(chance.expovariate(1 / DAYS_BEFORE_CLOSING))))
        return self.first + timedelta(days=chance.randrange((closing - self.first).days + 1))


def seasons(call: Call, habits: ApplicantHabits, first: date, last: date) -> list[Season]:
    """The seasons of a call that have a day between `first` and `last`; one for a call without waves."""
    begins = max(call.opens_on, first)
    if not call.waves:
        ends = call.closes_on or call.opens_on + timedelta(days=OPEN_ENDED_DAYS)
        whole = Season(begins, min(ends, last), dict.fromkeys(Nature, ends), 1.0, None)
        return [whole] if whole.first <= whole.last else []
    found, opened = [], begins
    for number, wave in enumerate(sorted(call.waves, key=lambda one: one.closing(Nature.NEW))):
        closings = {nature: wave.closing(nature) for nature in Nature}
        latest = max(closings.values())
        ends = min(latest, last)
        share = habits.waves[number] if number < len(habits.waves) else habits.waves[-1]
        if opened <= ends:
            shown = 1.0 if ends == latest else 0.3 * ((ends - opened).days + 1) / ((latest - opened).days + 1)
            found.append(Season(opened, ends, closings, share * shown, wave.decides_on))
        opened = max(begins, latest + timedelta(days=1))
    return found
