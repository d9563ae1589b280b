"""What the API is told and tells of moves: what may be done with a case, and what is done."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from parvis.states.fields.amounts import MAX_AMOUNT_CENTS
from parvis.states.stages import Action, Opinion
from parvis.web.api.shapes import Reason, Shape

Amount = Annotated[int, Field(ge=0, le=MAX_AMOUNT_CENTS, strict=True, description="Whole cents of a euro.")]
Words = Annotated[str, Field(max_length=4_000)]
Word = Annotated[str, Field(min_length=1, max_length=200)]
Id = Annotated[int, Field(ge=1, lt=2**63, strict=True)]


class Asked(Shape):
    """A field to bring with a move."""

    name: str
    label: str
    required: bool


class Option(Shape):
    """A move from where the case stands. `allowed` unless `reasons` block it whatever one brings."""

    action: Action
    label: str
    target: str | None
    allowed: bool
    fields: list[Asked]
    reasons: list[Reason]


class Elsewhere(Shape):
    """A move only other roles may make, and what blocks it for them."""

    action: Action
    label: str
    roles: list[str]
    reasons: list[Reason]


class SittingChoice(Shape):
    """A sitting the case may be put on."""

    id: int
    name: str
    held_on: date


class PersonChoice(Shape):
    """Somebody the case may be given to."""

    id: int
    name: str


class FunderChoice(Shape):
    """A funder of the case; `asks_opinion` when it can be asked for one."""

    code: str
    name: str
    asks_opinion: bool


class Criterion(Shape):
    """A criterion of the grid and the points it was given, if it was."""

    code: str
    maximum: int
    points: int | None


class AssociationChoice(Shape):
    """An association of a coordinated proposal: `lead`, or a partner by its SIRET; `id` names it in moves about it."""

    association: str
    id: int | None
    name: str
    asked: dict[str, int] = Field(
        description="By code of the funder, what is asked for it, in whole cents of a euro."
    )


class MoveChoices(Shape):
    """What the fields of the moves choose among."""

    sittings: list[SittingChoice]
    instructors: list[PersonChoice]
    funders: list[FunderChoice]
    associations: list[AssociationChoice]
    criteria: list[Criterion]
    documents: list[str]


class Moves(Shape):
    """What may be done with a case now, what only others may do, and why not."""

    version: int
    moves: list[Option]
    elsewhere: list[Elsewhere]
    choices: MoveChoices


class Body(BaseModel):
    """What every request has in common: a name that is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Share(Body):
    """What one funder gives."""

    funder: Word
    amount_cents: Amount


class PartShare(Body):
    """What one association of a coordinated proposal gets of what one funder gives."""

    association: Word = Field(description="`lead`, or the SIRET of a partner.")
    funder: Word
    amount_cents: Amount


class MoveBody(Body):
    """A move and what it brings; each move asks for some of these fields, and refuses the others."""

    action: Action
    reason: Words | None = None
    documents: Annotated[list[Word], Field(max_length=100)] | None = Field(
        default=None,
        description="Codes of the check-list; for `request_documents`, other documents in words as well.",
    )
    reply_by: date | None = None
    due_on: date | None = None
    contact_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    instalment: Word | None = Field(
        default=None, description="Code of the instalment paid; all that is due without it."
    )
    partner_id: Id | None = None
    partner_email: Word | None = None
    partner_siret: Word | None = None
    partner_name: Word | None = None
    signer: Word | None = None
    signer_quality: Word | None = None
    sitting_id: Id | None = None
    instructor_id: Id | None = None
    amounts: Annotated[list[Share], Field(max_length=100)] | None = None
    parts: Annotated[list[PartShare], Field(max_length=1_000)] | None = Field(
        default=None,
        description="For `fund`, what associations get of the amounts; pro rata of what is asked, unsaid.",
    )
    conditions: Words | None = None
    opinion: Opinion | None = None
    proposed_cents: Amount | None = None
    funders: Annotated[list[Word], Field(max_length=100)] | None = Field(
        default=None, description="Codes of the funders to ask."
    )
    points: dict[str, Annotated[int, Field(ge=0, le=999, strict=True)]] | None = Field(
        default=None, description="Points by code of the criterion."
    )


class OpinionBody(Body):
    """The opinion of the funder one speaks for."""

    opinion: Opinion
    proposed_cents: Amount | None = None
    comment: Words = ""
