"""How a request falls in its call on a day: the wave that takes it, the one it misses, whom to meet first. Pure."""

from dataclasses import dataclass
from datetime import date

from parvis.states.contract import Call
from parvis.states.contract.instruction import Wave
from parvis.states.stages import Nature
from parvis.states.words import Sentence

NEXT_OPENING = Sentence("Prochaine ouverture : {title}, le {day}.", "Next opening: {title}, on {day}.")
NOT_ANNOUNCED = Sentence(
    "Aucune autre ouverture n’est encore annoncée : écrire au service pour la connaître.",
    "No other opening is announced yet: write to the service to know of it.",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What sort of request it is: its nature, whether a school asks, the day it was begun if it was typed here."""

    nature: Nature
    school: bool = False
    begun_on: date | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request on the day it would be submitted. Days are Paris days, fixed, still in time themselves.

    `closings` are the days it may still be submitted by, the nearest first; `open` when there is one, or when the call
    has none. `officers` are those to meet first (`contact_first`), each as a name and an address.
    """

    open: bool = True
    closings: tuple[date, ...] = ()
    closed_on: date | None = None
    wave: str = ""
    decides_on: date | None = None
    missed: str = ""
    missed_on: date | None = None
    next_title: str = ""
    next_opens_on: date | None = None
    contact_first: bool = False
    officers: tuple[str, ...] = ()

    @property
    def closes_on(self) -> date | None:
        """The last day to submit it in the wave that takes it."""
        return self.closings[0] if self.closings else None

    @property
    def next_opening(self) -> Sentence:
        """When something opens again, in a sentence."""
        if self.next_opens_on is None:
            return NOT_ANNOUNCED
        return NEXT_OPENING.fill(title=self.next_title, day=self.next_opens_on)

    def told(self) -> list[tuple[str, str | date | None]]:
        """What its receipt says of the wave that takes it, and of the one it came too late for."""
        said: list[tuple[str, str | date | None]] = []
        if self.wave:
            said += [("wave", self.wave), ("decides_on", self.decides_on)]
        if self.missed:
            said += [("missed_wave", self.missed), ("missed_on", self.missed_on)]
        return said


def arrive(call: Call, day: date, kind: Kind) -> Arrival:
    """How a request of this kind falls in its call on `day`; who to meet and what opens next are not looked up."""
    taken = call.wave_for(day, kind.nature, school=kind.school)
    missed = call.missed_wave(day, kind.nature, school=kind.school, begun_on=kind.begun_on)
    closings = _closings(call, kind)
    ahead = tuple(closing for closing in closings if closing >= day)
    return Arrival(
        open=call.opens_on <= day and (bool(ahead) or not closings),
        closings=ahead,
        closed_on=closings[-1] if closings else None,
        wave=taken.title if taken else "",
        decides_on=taken.decides_on if taken else None,
        missed=missed.title if missed else "",
        missed_on=_closing(missed, kind) if missed else None,
    )


def _closings(call: Call, kind: Kind) -> list[date]:
    days = sorted({_closing(wave, kind) for wave in call.waves})
    return days or ([call.closes_on] if call.closes_on else [])


def _closing(wave: Wave, kind: Kind) -> date:
    return wave.closing(kind.nature, school=kind.school)
