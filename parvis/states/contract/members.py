"""Those a contract names: who writes, who pays, who acts, and what it is about."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from parvis.states.contract.values import (
    Code,
    Lines,
    Mailbox,
    Note,
    Problem,
    QpvCode,
    Setting,
    Siret,
    Text,
    duplicates,
    refusal,
    refuse,
)
from parvis.states.stages import Role
from parvis.states.words import Language, Sentence

FUNDER_OF = Sentence(
    "Un compte de financeur dit pour qui il parle : ajouter « funder » avec le code du financeur.",
    "A funder’s account says who it speaks for: add “funder” with the funder’s code.",
)
ROLE = Sentence(
    "« {value} » n’est pas un rôle : les rôles sont {roles}.",
    "“{value}” is not a role: the roles are {roles}.",
)


class FunderKind(StrEnum):
    """What sort of body gives the money."""

    STATE = "state"
    METROPOLIS = "metropolis"
    CITY = "city"
    DEPARTMENT = "department"
    REGION = "region"
    CAF = "caf"
    LANDLORD = "landlord"
    BANK = "bank"
    OTHER = "other"


class Delivery(StrEnum):
    """How a person wants letters: one by one, or one mail each morning."""

    IMMEDIATE = "immediate"
    DIGEST = "digest"


class OpenData(StrEnum):
    """Which grants are published: those the law obliges to (décret 2017-779), all, or none."""

    OBLIGED = "obliged"
    ALL = "all"
    NONE = "none"


class Sender(Setting):
    """Who signs and sends the letters. Answers go to `reply_to`, or to `email` when it is not said."""

    name: Text
    email: Mailbox
    reply_to: Mailbox | None = None
    phone: Note = ""
    address: Lines = ""


class Challenge(Setting):
    """One of the contract's challenges (défis)."""

    code: Code
    label: Text


class Neighbourhood(Setting):
    """A priority neighbourhood (QPV, 2024 geography)."""

    code: QpvCode
    name: Text
    commune: Text


class Funder(Setting):
    """A body that gives money. `aliases` are the names other systems give it; `email` receives what it is asked.

    What it grants is published under its `siret`, unless it `publishes_itself` (décret 2017-779).
    """

    code: Code
    name: Text
    kind: FunderKind = FunderKind.OTHER
    email: Mailbox
    aliases: tuple[Text, ...] = ()
    asks_opinion: bool = True
    siret: Siret | None = None
    publishes_itself: bool = False

    @model_validator(mode="after")
    def _one_alias_once(self) -> Self:
        refuse(duplicates("aliases", self.aliases, key=None))
        return self


PEOPLE = tuple(
    role for role in Role if role not in (Role.APPLICANT, Role.IMPORTER, Role.CLOCK, Role.DISPATCHER)
)
"""The roles a contract gives to people: applicants come with their cases, the others are the machine's hands."""


def _held_by_people(value: object) -> object:
    if value not in PEOPLE:
        raise refusal(ROLE.fill(value=str(value), roles=[str(role) for role in PEOPLE]))
    return value


HumanRole = Annotated[
    Role,
    BeforeValidator(_held_by_people),
    WithJsonSchema({"type": "string", "enum": [str(role) for role in PEOPLE]}),
]


class Person(Setting):
    """Someone with a role. `neighbourhoods` empty means all of them.

    `organisations` (names or SIRETs) and `address` are compared with those of the cases a committee weighs, so that a
    conflict of interest is seen before it matters (CGCT L2131-11).
    """

    email: Mailbox
    name: Text
    role: HumanRole
    funder: Code | None = None
    delivery: Delivery = Delivery.IMMEDIATE
    language: Language = Language.FR
    neighbourhoods: tuple[QpvCode, ...] = ()
    organisations: tuple[Text, ...] = ()
    address: Lines = ""

    @model_validator(mode="after")
    def _speaks_for_someone(self) -> Self:
        if self.role == Role.FUNDER and self.funder is None:
            refuse([Problem(("role",), str(self.role), FUNDER_OF)])
        return self
