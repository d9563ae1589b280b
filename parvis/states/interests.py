"""What a member and a case have in common that may keep one from weighing the other (CGCT L2131-11). Pure.

Only what is written down can be compared: the organisations and the address a member gave, the applicant's and its
partners' names, numbers and addresses, the contact an applicant named. The secretary looks at each find.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from parvis.states.words import Sentence


class Ground(StrEnum):
    """Why a member might not weigh a case."""

    DECLARED = "declared"
    ORGANISATION = "organisation"
    ADDRESS = "address"
    LEADER = "leader"


class Standing(StrEnum):
    """What became of an interest; only a dismissed one no longer hides the case."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


GROUND_WORDS: dict[str, Sentence] = {
    Ground.DECLARED: Sentence("Intérêt déclaré : {detail}", "Interest declared: {detail}"),
    Ground.ORGANISATION: Sentence(
        "Le membre fait partie de l’organisme qui demande ou qui y participe : {detail}",
        "The member belongs to the organisation that asks or takes part: {detail}",
    ),
    Ground.ADDRESS: Sentence(
        "Le membre et l’organisme ont la même adresse : {detail}",
        "The member and the organisation have the same address: {detail}",
    ),
    Ground.LEADER: Sentence(
        "Le membre est cité parmi les responsables de l’organisme : {detail}",
        "The member is named among the people in charge of the organisation: {detail}",
    ),
}
STANDING_WORDS: dict[str, Sentence] = {
    Standing.PROPOSED: Sentence("à confirmer", "to confirm"),
    Standing.CONFIRMED: Sentence("déport confirmé", "recusal confirmed"),
    Standing.DISMISSED: Sentence("écarté", "dismissed"),
}

# Addresses there say nothing of who one works for.
PUBLIC_MAIL = frozenset({
    "aol.com", "bbox.fr", "free.fr", "gmail.com", "gmx.com", "gmx.fr", "googlemail.com", "hotmail.com", "hotmail.fr",
    "icloud.com", "laposte.net", "live.fr", "mail.com", "me.com", "msn.com", "neuf.fr", "numericable.fr", "orange.fr",
    "outlook.com", "outlook.fr", "proton.me", "protonmail.com", "sfr.fr", "wanadoo.fr", "yahoo.com", "yahoo.fr",
    "ymail.com",
})  # fmt: skip
_EMPTY_WORDS = frozenset(
    [
        "association",
        "assoc",
        "asso",
        "de",
        "des",
        "du",
        "d",
        "la",
        "le",
        "les",
        "l",
        "et",
        "en",
        "pour",
        "a",
        "au",
        "aux",
        "loi",
        "1901",
    ]
)
_TITLES = frozenset(["m", "mr", "mme", "mlle", "dr", "docteur", "me", "maitre", "monsieur", "madame"])
_STREETS = {
    "r": "rue",
    "av": "avenue",
    "ave": "avenue",
    "bd": "boulevard",
    "bld": "boulevard",
    "boul": "boulevard",
    "pl": "place",
    "all": "allee",
    "imp": "impasse",
    "chem": "chemin",
    "ch": "chemin",
    "rte": "route",
    "sq": "square",
    "st": "saint",
    "ste": "sainte",
    "fbg": "faubourg",
    "res": "residence",
}


@dataclass(frozen=True)
class Member:
    """A member as compared: `organisations` are names or SIRETs, those of the funder it speaks for among them."""

    person_id: int
    name: str
    email: str
    address: str = ""
    organisations: tuple[str, ...] = ()

    @cached_property
    def domain(self) -> str:
        """The domain of the member's address, unless everybody may have one there."""
        return work_domain(self.email)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The SIRETs and SIRENs of the member's organisations."""
        digits = (re.sub(r"\s", "", said) for said in self.organisations)
        return frozenset(said for said in digits if re.fullmatch(r"\d{9}(\d{5})?", said))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the member's organisations, as compared."""
        return frozenset(filter(None, map(organisation_key, self.organisations)))


@dataclass(frozen=True)
class Party:
    """An organisation that asks or takes part, as compared; `contact` is the person it named, with their address."""

    name: str
    siret: str
    email: str = ""
    address: str = ""
    contact_name: str = ""
    contact_email: str = ""

    @cached_property
    def key(self) -> str:
        """Its name, as compared."""
        return organisation_key(self.name)

    @cached_property
    def street(self) -> str:
        """Its address, as compared."""
        return address_key(self.address)

    @cached_property
    def people(self) -> frozenset[str]:
        """The name of its contact, as compared."""
        return person_key(self.contact_name)


def conflict(member: Member, parties: Iterable[Party]) -> tuple[Ground, str] | None:
    """What a member and the parties of a case have in common, and its detail in words; None when nothing is known."""
    for party in parties:
        if found := _organisation(member, party) or _leader(member, party) or _address(member, party):
            return found
    return None


def _organisation(member: Member, party: Party) -> tuple[Ground, str] | None:
    if party.siret in member.numbers or party.siret[:9] in member.numbers:
        return Ground.ORGANISATION, f"{party.name}, SIRET {party.siret}"
    if party.key and party.key in member.names:
        return Ground.ORGANISATION, party.name
    if member.domain and member.domain in (work_domain(party.email), work_domain(party.contact_email)):
        return Ground.ORGANISATION, f"{party.name}, @{member.domain}"
    return None


def _leader(member: Member, party: Party) -> tuple[Ground, str] | None:
    addresses = {address.strip().lower() for address in (party.email, party.contact_email) if address.strip()}
    if member.email.strip().lower() in addresses:
        return Ground.LEADER, f"{party.name}, {member.email}"
    name = person_key(member.name)
    if len(name) > 1 and name == party.people:
        return Ground.LEADER, f"{party.name}, {party.contact_name}"
    return None


def _address(member: Member, party: Party) -> tuple[Ground, str] | None:
    street = address_key(member.address)
    if street and street == party.street:
        return Ground.ADDRESS, f"{party.name}, {' '.join(party.address.split())}"
    return None


def organisation_key(name: str) -> str:
    """The name of an organisation without accents, case, punctuation nor the words that say nothing."""
    return " ".join(word for word in _words(name) if word not in _EMPTY_WORDS)


def person_key(name: str) -> frozenset[str]:
    """The words of a person's name, in no order, without accents, case nor title."""
    return frozenset(word for word in _words(name) if word not in _TITLES)


def address_key(address: str) -> str:
    """Number, street and postcode; empty when the address has not all three, since half an address proves nothing."""
    found = re.fullmatch(
        r"(?:.* )?(?P<number>\d{1,4})(?P<bis> (?:bis|ter|quater|[a-d]))? (?P<street>\D+?) (?P<code>\d{5})(?: .*)?",
        " ".join(_STREETS.get(word, word) for word in _words(address)),
    )
    return f"{found['number']}{found['bis'] or ''} {found['street']} {found['code']}" if found else ""


def work_domain(email: str) -> str:
    """The domain of an address; empty for those where everybody may have one."""
    domain = email.strip().rpartition("@")[2].lower()
    return "" if domain in PUBLIC_MAIL else domain


def _words(said: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", said.replace("œ", "oe").replace("Œ", "OE")).casefold()
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    return re.findall(r"\w+", plain)
