"""A whole city contract, and the checks between its parts."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, Self

from pydantic import model_validator

from parvis.states.contract.agreements import AgreementRules
from parvis.states.contract.calls import Call
from parvis.states.contract.committees import Committee
from parvis.states.contract.members import Challenge, Funder, Neighbourhood, OpenData, Person, Sender
from parvis.states.contract.orders import PaymentOrders
from parvis.states.contract.retention import RetentionRules
from parvis.states.contract.values import (
    Code,
    CompanyNumber,
    Problem,
    Setting,
    Text,
    duplicates,
    refuse,
    unknown,
)
from parvis.states.words import Language, Sentence

NAME_TAKEN = Sentence(
    "« {value} » désigne déjà le financeur « {other} » : un nom ne désigne qu’un financeur, en changer un.",
    "“{value}” already names the funder “{other}”: a name belongs to one funder, change one.",
)
NO_COMMITTEE = Sentence(
    "Aucun comité « {kind} » ne décide de cet appel : en ajouter un dans « committees », ou changer « decides ».",
    "No “{kind}” committee decides this call: add one to “committees”, or change “decides”.",
)

NOT_A_PERSON = Sentence(
    "« {value} » n’est pas une personne du contrat : l’ajouter dans « people », ou écrire une adresse de la liste.",
    "“{value}” is not a person of the contract: add it to “people”, or write an address of the list.",
)
SEVERAL_TAKEN = Sentence(
    "Le comité « {other} », de même nature, reçoit déjà les dossiers de plusieurs quartiers : en choisir un.",
    "The committee “{other}”, of the same kind, already takes the cases of several neighbourhoods: choose one.",
)


class Contract(Setting):
    """A city contract as its file says it. Codes are unique in each list, and every code used is defined.

    `schools` are the SIRET or SIREN of schools, which have their own closing days: the portal tells a school by its
    registers, a sheet and a form give a number and no more.
    """

    code: Code
    name: Text
    city: Text
    sender: Sender
    language: Language = Language.FR
    timezone: Literal["Europe/Paris"] = "Europe/Paris"
    challenges: tuple[Challenge, ...] = ()
    neighbourhoods: tuple[Neighbourhood, ...] = ()
    funders: tuple[Funder, ...] = ()
    people: tuple[Person, ...] = ()
    schools: tuple[CompanyNumber, ...] = ()
    committees: tuple[Committee, ...] = ()
    calls: tuple[Call, ...] = ()
    agreements: AgreementRules = AgreementRules()
    payment_orders: PaymentOrders = PaymentOrders()
    open_data: OpenData = OpenData.OBLIGED
    retention: RetentionRules = RetentionRules()

    def call(self, code: str) -> Call:
        """The call of this code.

        Raises:
            KeyError: there is none.
        """
        for call in self.calls:
            if call.code == code:
                return call
        raise KeyError(code)

    def is_school(self, siret: str) -> bool:
        """Whether this number is that of a school, or of a place of one."""
        return siret in self.schools or siret[:9] in self.schools

    def funders_asked(self, call: Call) -> tuple[Funder, ...]:
        """The funders whose opinion a call asks by default."""
        if not call.funders:
            return tuple(funder for funder in self.funders if funder.asks_opinion)
        return tuple(funder for funder in self.funders if funder.code in call.funders)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        refuse(
            [
                *duplicates("challenges", (challenge.code for challenge in self.challenges)),
                *duplicates("neighbourhoods", (neighbourhood.code for neighbourhood in self.neighbourhoods)),
                *duplicates("funders", (funder.code for funder in self.funders)),
                *duplicates("people", (person.email for person in self.people), key="email"),
                *duplicates("committees", (committee.code for committee in self.committees)),
                *duplicates("calls", (call.code for call in self.calls)),
                *_funder_names(self),
                *_people(self),
                *_committees(self),
                *_calls(self),
            ]
        )
        return self


def _funder_names(contract: Contract) -> Iterator[Problem]:
    """Two funders that answer to one name, letter case, accents and punctuation apart: imports could not choose."""
    owner: dict[str, str] = {}
    for index, funder in enumerate(contract.funders):
        places: list[tuple[tuple[str | int, ...], str]] = [(("code",), funder.code), (("name",), funder.name)]
        places += [(("aliases", position), alias) for position, alias in enumerate(funder.aliases)]
        for path, name in places:
            other = owner.setdefault(_bare(name), funder.code)
            if other != funder.code:
                sentence = NAME_TAKEN.fill(value=name, other=other)
                yield Problem(("funders", index, *path), name, sentence)


def _bare(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(
        r"[\W_]+", " ", "".join(char for char in letters if not unicodedata.combining(char))
    ).strip()


def _people(contract: Contract) -> Iterator[Problem]:
    funders, neighbourhoods = _codes(contract.funders), _codes(contract.neighbourhoods)
    for index, person in enumerate(contract.people):
        yield from unknown(("people", index, "funder"), person.funder, funders, "funders")
        for position, code in enumerate(person.neighbourhoods):
            path = ("people", index, "neighbourhoods", position)
            yield from unknown(path, code, neighbourhoods, "neighbourhoods")


def _committees(contract: Contract) -> Iterator[Problem]:
    neighbourhoods = _codes(contract.neighbourhoods)
    people = {person.email.casefold() for person in contract.people}
    takes_several: dict[str, str] = {}
    for index, committee in enumerate(contract.committees):
        for position, code in enumerate(() if committee.covers_all else committee.covers):
            yield from unknown(
                ("committees", index, "covers", position), code, neighbourhoods, "neighbourhoods"
            )
        for position, seat in enumerate(committee.members):
            if seat.person.casefold() not in people:
                path = ("committees", index, "members", position, "person")
                yield Problem(path, seat.person, NOT_A_PERSON.fill(value=seat.person))
        if committee.several_neighbourhoods:
            other = takes_several.setdefault(committee.kind, committee.code)
            if other != committee.code:
                sentence = SEVERAL_TAKEN.fill(other=other)
                yield Problem(("committees", index, "several_neighbourhoods"), "true", sentence)


def _calls(contract: Contract) -> Iterator[Problem]:
    funders, kinds = _codes(contract.funders), {committee.kind for committee in contract.committees}
    neighbourhoods, challenges = _codes(contract.neighbourhoods), _codes(contract.challenges)
    for index, call in enumerate(contract.calls):
        path = ("calls", index)
        for position, code in enumerate(call.funders):
            yield from unknown((*path, "funders", position), code, funders, "funders")
        for position, envelope in enumerate(call.envelopes):
            place = (*path, "envelopes", position)
            yield from unknown((*place, "funder"), envelope.funder, funders, "funders")
            yield from unknown(
                (*place, "neighbourhood"), envelope.neighbourhood, neighbourhoods, "neighbourhoods"
            )
            yield from unknown((*place, "challenge"), envelope.challenge, challenges, "challenges")
        if call.demarche:
            own = {document.code for document in call.required_documents}
            for asked in (*call.demarche.requested_from, call.demarche.requested_to):
                yield from unknown((*path, "demarche", "requested_from"), asked, funders, "funders")
            for code in call.demarche.documents:
                yield from unknown((*path, "demarche", "documents", code), code, own, "required_documents")
        for position, place_share in enumerate(call.programming.shares):
            where = (*path, "programming", "shares", position, "neighbourhood")
            yield from unknown(where, place_share.neighbourhood, neighbourhoods, "neighbourhoods")
        if contract.committees and not call.silent and call.decides not in kinds:
            sentence = NO_COMMITTEE.fill(kind=str(call.decides))
            yield Problem((*path, "decides"), str(call.decides), sentence)


def _codes(items: tuple[Challenge, ...] | tuple[Neighbourhood, ...] | tuple[Funder, ...]) -> frozenset[str]:
    return frozenset(item.code for item in items)
