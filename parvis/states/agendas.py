"""Which sitting a case goes to: its kind, its day, its neighbourhoods and its room. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from parvis.states.contract import CommitteeKind
from parvis.states.words import Sentence

FULL = Sentence(
    "La séance du {held_on} est complète ({capacity} dossiers).",
    "The session of {held_on} is full ({capacity} cases).",
)
CLOSED = Sentence(
    "L’ordre du jour de la séance du {held_on} est clos.", "The agenda of the session of {held_on} is closed."
)
NO_TECHNICAL = Sentence(
    "Aucun comité technique ne se réunit avant la séance du {held_on}.",
    "No technical committee sits before the session of {held_on}.",
)

ORIGIN_WORDS: dict[str, Sentence] = {
    "wave": Sentence("inscrit avec sa vague", "put on with its wave"),
    "hand": Sentence("inscrit à la main", "put on by hand"),
    "carried": Sentence("reporté d’une autre séance", "carried from another session"),
    "recommended": Sentence("avis du comité technique", "advised by the technical committee"),
}
"""How a case came to an agenda."""


@dataclass(frozen=True, slots=True)
class Seats:
    """A sitting to come. `covers` are neighbourhoods, None for all; `taken` counts the cases on its agenda."""

    id: int
    code: str
    kind: str
    held_on: date
    covers: frozenset[int] | None
    takes_several: bool
    capacity: int | None
    taken: int
    agenda_open: bool

    @property
    def room(self) -> bool:
        """Whether one case more may come."""
        return self.capacity is None or self.taken < self.capacity


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits for a sitting.

    `decides` is the kind of committee whose word is final for its call, `decides_on` the day its wave is decided and
    `closes_on` the last day to deposit in it. It never goes back by itself on an agenda it `left`; one that a
    steering committee put off (`advised`) is not prepared a second time.
    """

    case_id: int
    decides: str
    neighbourhoods: frozenset[int]
    decides_on: date | None = None
    closes_on: date | None = None
    advised: bool = False
    left: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a case goes; `instead_of` is the sitting it would have gone to, and `reason` why it does not."""

    case_id: int
    sitting_id: int
    instead_of: int | None = None
    reason: Sentence | None = None


def place(waiting: Iterable[Waiting], sittings: Iterable[Seats]) -> Iterator[Placed]:
    """Give each case, in the order given, the next sitting of the right kind that has room; those with none are left.

    The deciding sitting is the first from the day the wave is decided. When a steering committee decides and a
    technical one covers the case, it goes there first, once its wave has closed, unless none sits in time.
    """
    seats = {sitting.id: sitting for sitting in sorted(sittings, key=lambda one: (one.held_on, one.id))}
    for case in waiting:
        wanted, reason = _wanted(case, seats)
        yield from _seat(case, wanted, reason, seats)


def next_of_kind(waiting: Iterable[Waiting], sittings: Sequence[Seats], kind: str) -> Iterator[Placed]:
    """Give each case the next sitting of this kind that has room, whatever its wave says."""
    seats = {sitting.id: sitting for sitting in sorted(sittings, key=lambda one: (one.held_on, one.id))}
    for case in waiting:
        yield from _seat(case, _able(case, seats, kind, None), None, seats)


def covers(sitting: Seats, neighbourhoods: frozenset[int], *, several_goes_to: bool) -> bool:
    """Whether a case over these neighbourhoods may come to a sitting; `several_goes_to` when some sitting of the
    same kind takes the cases of several: they then go there and nowhere else.
    """  # noqa: D205 - one promise and its condition
    if len(neighbourhoods) > 1 and several_goes_to:
        return sitting.takes_several
    return sitting.covers is None or (bool(neighbourhoods) and neighbourhoods <= sitting.covers)


def _wanted(case: Waiting, seats: Mapping[int, Seats]) -> tuple[list[Seats], Sentence | None]:
    deciding = _able(case, seats, case.decides, case.decides_on)
    if case.decides != CommitteeKind.STEERING or case.advised:
        return deciding, None
    technical = _able(case, seats, CommitteeKind.TECHNICAL, case.closes_on)
    final = next((sitting.held_on for sitting in deciding if sitting.agenda_open), date.max)
    if any(sitting.agenda_open and sitting.held_on < final for sitting in technical):
        return technical, None
    prepared = any(sitting.kind == CommitteeKind.TECHNICAL for sitting in seats.values())
    return deciding, NO_TECHNICAL.fill(held_on=final) if prepared and final < date.max else None


def _able(case: Waiting, seats: Mapping[int, Seats], kind: str, since: date | None) -> list[Seats]:
    of_kind = [sitting for sitting in seats.values() if sitting.kind == kind]
    several = any(sitting.takes_several for sitting in of_kind)
    return [
        sitting
        for sitting in of_kind
        if sitting.id not in case.left
        and (since is None or sitting.held_on >= since)
        and covers(sitting, case.neighbourhoods, several_goes_to=several)
    ]


def _seat(
    case: Waiting, wanted: Sequence[Seats], reason: Sentence | None, seats: dict[int, Seats]
) -> Iterator[Placed]:
    first = wanted[0].id if wanted else None
    for sitting in wanted:
        if sitting.agenda_open and sitting.room:
            seats[sitting.id] = replace(sitting, taken=sitting.taken + 1)
            yield Placed(case.case_id, sitting.id, first if sitting.id != first else None, reason)
            return
        if reason is None:
            why = FULL if sitting.agenda_open else CLOSED
            reason = why.fill(held_on=sitting.held_on, capacity=sitting.capacity or 0)
