"""The committees of a contract: what they cover, when and where they sit, and who sits in them."""

from collections.abc import Collection, Iterator
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, WithJsonSchema, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from parvis.states.contract.values import (
    DAY_SCHEMA,
    EVERYWHERE,
    ClockTime,
    Code,
    Day,
    Mailbox,
    Note,
    Problem,
    QpvOrAll,
    Setting,
    Share,
    Text,
    WebAddress,
    Whole,
    duplicates,
    refuse,
)
from parvis.states.stages import CommitteeKind
from parvis.states.words import Sentence

SUBSTITUTE_OF = Sentence(
    "Un suppléant remplace quelqu’un : ajouter « substitute_for » avec l’adresse du titulaire.",
    "A substitute stands in for somebody: add “substitute_for” with the titular member’s address.",
)
NOT_SUBSTITUTE = Sentence(
    "Seul un suppléant remplace quelqu’un : effacer « substitute_for », ou changer « role » en « substitute ».",
    "Only a substitute stands in for somebody: delete “substitute_for”, or change “role” to “substitute”.",
)
NO_TITULAR = Sentence(
    "« {value} » n’est pas un membre titulaire de ce comité : écrire l’adresse d’un membre de la liste.",
    "“{value}” is not a titular member of this committee: write the address of a member of the list.",
)
SUBSTITUTE_VOTES = Sentence(
    "Un suppléant vote comme la personne qu’il remplace : effacer « votes ».",
    "A substitute votes as the person replaced: delete “votes”.",
)
TWO_CHAIRS = Sentence(
    "Un comité n’a qu’une présidence, déjà donnée à « {first} » : changer l’un des deux rôles.",
    "A committee has one chair, already “{first}”: change one of the two roles.",
)

TWO_THIRTY = time(14, 30)
Minutes = Annotated[int, Field(strict=True, ge=15, le=720)]


class SeatRole(StrEnum):
    """As what somebody sits in a committee."""

    CHAIR = "chair"
    ELECTED = "elected"
    FUNDER = "funder"
    RESIDENT = "resident"
    EXPERT = "expert"
    SUBSTITUTE = "substitute"


class Seat(Setting):
    """A person of the contract who sits in a committee. An expert advises without voting, unless `votes` says so.

    A substitute sits, counts and votes only in the place of the member it stands in for.
    """

    person: Mailbox
    role: SeatRole
    substitute_for: Mailbox | None = None
    votes: Annotated[bool | None, Field(strict=True)] = None

    @property
    def may_vote(self) -> bool:
        """Whether this seat brings a vote; a substitute’s is that of its titular."""
        return self.role is not SeatRole.EXPERT if self.votes is None else self.votes

    @model_validator(mode="after")
    def _stands_in(self) -> Self:
        substitute, said = self.role is SeatRole.SUBSTITUTE, self.substitute_for is not None
        if substitute and not said:
            refuse([Problem(("role",), str(self.role), SUBSTITUTE_OF)])
        if said and not substitute:
            refuse([Problem(("substitute_for",), self.substitute_for, NOT_SUBSTITUTE)])
        if substitute and self.votes is not None:
            refuse([Problem(("votes",), self.votes, SUBSTITUTE_VOTES)])
        return self


class Sitting(Setting):
    """One day a committee sits. What it says replaces, for that day, what the committee says."""

    day: Day
    starts_at: ClockTime | None = None
    duration_minutes: Minutes | None = None
    room: Note | None = None
    video_url: WebAddress | None = None
    capacity: Whole | None = None


def _day_alone(value: object) -> object:
    """A sitting that says only its day may be written as the day."""
    return {"day": value} if isinstance(value, (str, int, float, date)) else value


class _OrADay:
    """The schema of what may be written as a day alone."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [DAY_SCHEMA, handler(core)]}


Held = Annotated[Sitting, BeforeValidator(_day_alone), _OrADay()]


def _everywhere(value: object) -> object:
    return (EVERYWHERE,) if value == EVERYWHERE else value


Covers = Annotated[
    tuple[QpvOrAll, ...],
    Field(min_length=1),
    BeforeValidator(_everywhere),
    WithJsonSchema(
        {
            "anyOf": [
                {"const": EVERYWHERE},
                {"type": "array", "items": {"type": "string", "pattern": "^QN"}, "minItems": 1},
            ]
        }
    ),
]


class Committee(Setting):
    """A committee, its members and its sittings. Its packet leaves `lead_days` clear days before each of them.

    `quorum_share` is the part of the members who must sit (unverified: half by default). `lead_days` follows
    the municipal council by analogy (CGCT L2121-12: five clear days); members are summoned `summons_days` clear
    days before, early enough to declare their interests before the packet leaves. No `capacity` means no limit of
    cases. `several_neighbourhoods`: the cases that concern several neighbourhoods come here, covered or not.
    """

    code: Code
    name: Text
    kind: CommitteeKind
    covers: Covers = (EVERYWHERE,)
    several_neighbourhoods: Annotated[bool, Field(strict=True)] = False
    held_on: tuple[Held, ...] = ()
    starts_at: ClockTime = TWO_THIRTY
    duration_minutes: Minutes = 180
    room: Note = ""
    video_url: WebAddress | None = None
    members: tuple[Seat, ...] = ()
    quorum_share: Share = Decimal("0.5")
    capacity: Whole | None = None
    lead_days: Annotated[int, Field(strict=True, ge=0, le=60)] = 5
    summons_days: Annotated[int, Field(strict=True, ge=0, le=90)] = 10

    @property
    def days(self) -> tuple[date, ...]:
        """The days it sits on."""
        return tuple(sitting.day for sitting in self.held_on)

    @property
    def covers_all(self) -> bool:
        """Whether it covers every neighbourhood of the contract."""
        return EVERYWHERE in self.covers

    def covers_these(self, neighbourhoods: Collection[str]) -> bool:
        """Whether a case over the neighbourhoods given by code may come to it."""
        several = self.several_neighbourhoods and len(set(neighbourhoods)) > 1
        return self.covers_all or several or set(neighbourhoods) <= set(self.covers)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        refuse(
            [
                *duplicates("held_on", (day.isoformat() for day in self.days), key=None),
                *duplicates("members", (seat.person for seat in self.members), key="person"),
                *_seats(self.members),
            ]
        )
        return self


def _seats(members: tuple[Seat, ...]) -> Iterator[Problem]:
    titular = {seat.person.casefold() for seat in members if seat.role is not SeatRole.SUBSTITUTE}
    chair = None
    for index, seat in enumerate(members):
        if seat.substitute_for is not None and seat.substitute_for.casefold() not in titular:
            sentence = NO_TITULAR.fill(value=seat.substitute_for)
            yield Problem(("members", index, "substitute_for"), seat.substitute_for, sentence)
        if seat.role is SeatRole.CHAIR:
            if chair is not None:
                yield Problem(("members", index, "role"), str(seat.role), TWO_CHAIRS.fill(first=chair))
            chair = chair or seat.person
