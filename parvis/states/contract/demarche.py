"""Where a call is also deposited: a form of Démarche numérique, and what each of its fields is to Parvis."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from parvis.states.contract.values import Code, Problem, Setting, Text, refuse
from parvis.states.stages import Nature
from parvis.states.words import Sentence

NO_TITLE = Sentence(
    "Le champ de l’intitulé manque : écrire « title » avec l’identifiant ou le libellé du champ.",
    "The field of the title is missing: write “title” with the identifier or the label of the field.",
)
NO_AMOUNT = Sentence(
    "Aucun champ ne dit le montant demandé : écrire « requested », ou « requested_from » avec un champ par financeur.",
    "No field says the amount requested: write “requested”, or “requested_from” with a field per funder.",
)
WHO_WRITES = Sentence(
    "Pour écrire sur la plateforme, il faut l’instructeur au nom de qui : écrire « instructor » avec son identifiant.",
    "To write on the platform, say in which officer’s name: write “instructor” with its identifier there.",
)


class FormField(StrEnum):
    """What a field of a form may be to Parvis."""

    TITLE = "title"
    SUMMARY = "summary"
    REQUESTED = "requested"
    TOTAL_COST = "total_cost"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"
    NATURE = "nature"
    RNA = "rna"
    EMAIL = "email"
    PHONE = "phone"
    CONTACT = "contact"
    BENEFICIARIES = "beneficiaries"
    QPV_SHARE = "qpv_share"
    NEIGHBOURHOODS = "neighbourhoods"
    CHALLENGES = "challenges"


class Demarche(Setting):
    """A form (its `number` there). A field is named by its identifier, or by its label word for word.

    `requested_from` is for forms that ask an amount by funder, `documents` for those of the check-list, `natures` for
    the words of its choices. `write_back` tells the platform what is decided here, in the name of `instructor`; it is
    off unless a call says otherwise.
    """

    number: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
    fields: Mapping[FormField, Text]
    requested_from: Mapping[Code, Text] = {}
    requested_to: Code | None = None
    documents: Mapping[Code, Text] = {}
    natures: Mapping[Text, Nature] = {}
    write_back: bool = False
    instructor: Text | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        refuse(list(_wrong(self)))
        return self

    def __hash__(self) -> int:
        return hash(self.number)


def _wrong(demarche: Demarche) -> Iterator[Problem]:
    if FormField.TITLE not in demarche.fields:
        yield Problem(("fields",), None, NO_TITLE)
    if FormField.REQUESTED not in demarche.fields and not demarche.requested_from:
        yield Problem(("fields",), None, NO_AMOUNT)
    if demarche.write_back and not demarche.instructor:
        yield Problem(("write_back",), "true", WHO_WRITES)
