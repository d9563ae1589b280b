"""Who acts, and what they bring: options of the command line turned into what the rules decide on."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from parvis.cli.failure_words import NOT_TEXT_READ
from parvis.cli.values import WrongUseError, amount, chosen, day, is_text, parts, shares, whole
from parvis.states.stages import OPINION_WORDS, ROLE_WORDS, Action, Opinion, Role
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.models.session import Session
    from parvis.services.cases import Found
    from parvis.states.facts import By, Given

CONSOLE = "console"
_CODE = re.compile(r"[a-z0-9_-]+")
MACHINES = (Role.IMPORTER, Role.CLOCK, Role.DISPATCHER)
"""The hands of Parvis itself: nobody types for them."""

WHO = Sentence(
    "Dire qui agit : --as ADRESSE (une personne du contrat) ou --role RÔLE.",
    "Say who acts: --as ADDRESS (a person of the contract) or --role ROLE.",
)
ONE_OF_THEM = Sentence("Donner --as ou --role, pas les deux.", "Give --as or --role, not both.")
ONE_FUNDER = Sentence(
    "Dire de quel financeur vient l’avis : --funder CODE, une seule fois.",
    "Say which funder’s opinion it is: --funder CODE, once.",
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and the funder they speak for, if any."""

    by: "By"
    funder_id: int | None = None


def actor(session: "Session", email: str | None, role: str | None) -> Actor:
    """The person of `--as`, or anybody in the role of `--role`.

    Raises:
        WrongUseError: neither is given, or both, or the role is not known.
        UnknownNameError: nobody has this address.
    """
    from parvis.services.people import acting
    from parvis.states.facts import By

    if email and role:
        raise WrongUseError("", ONE_OF_THEM)
    if email:
        if not is_text(email):
            raise WrongUseError("PARVIS_AS", NOT_TEXT_READ)
        person = acting(session, email)
        return Actor(person.by, person.funder_id)
    if role:
        people = [each for each in Role if each not in MACHINES]
        return Actor(By(CONSOLE, chosen("--role", role, people, ROLE_WORDS)))
    raise WrongUseError("", WHO)


@dataclass(frozen=True, slots=True)
class Said:
    """The options of a move as typed; lists are of repeated or comma-separated values."""

    reason: str = ""
    documents: str = ""
    reply_by: str | None = None
    committee: str | None = None
    amounts: list[str] = field(default_factory=list)
    conditions: str = ""
    opinion: str | None = None
    proposed: str | None = None
    funders: list[str] = field(default_factory=list)
    score: str | None = None
    instructor: str | None = None
    due: str | None = None
    contact_on: str | None = None
    starts: str | None = None
    ends: str | None = None
    instalment: str = ""
    parts: list[str] = field(default_factory=list)


def given(
    session: "Session", said: Said, *, action: Action, who: Actor, case: "Found", at: datetime
) -> "Given":
    """What the rules decide on: days, cents and ids instead of words. Documents are those of `case`.

    Raises:
        WrongUseError: something cannot be read.
        UnknownNameError: no such person, funder, committee or document.
    """
    from parvis.services.people import acting, funders
    from parvis.states.facts import Given

    opinion = chosen("--opinion", said.opinion, Opinion, OPINION_WORDS) if said.opinion else ""
    named = funders(session, case.contract_id, [code for each in said.funders for code in _listed(each)])
    return Given(
        reason=said.reason,
        documents=_documents(session, said.documents, action, case),
        reply_by=day("--reply-by", said.reply_by) if said.reply_by else None,
        committee_id=_committee(session, said.committee, case.contract_id, at) if said.committee else None,
        amounts=shares("--amount", said.amounts),
        conditions=said.conditions,
        opinion=opinion,
        funder_id=_speaker(named, who) if opinion else None,
        funder_ids=() if opinion else named,
        proposed_cents=amount("--proposed", said.proposed, zero_allowed=True) if said.proposed else None,
        score=whole("--score", said.score, least=0, most=100) if said.score else None,
        instructor_id=acting(session, said.instructor).person_id if said.instructor else None,
        due_on=day("--due", said.due) if said.due else None,
        contact_on=day("--contact-on", said.contact_on) if said.contact_on else None,
        starts_on=day("--starts", said.starts) if said.starts else None,
        ends_on=day("--ends", said.ends) if said.ends else None,
        instalment=said.instalment,
        part_amounts=parts("--part", said.parts),
    )


def _listed(typed: str) -> list[str]:
    return [each.strip() for each in typed.split(",") if each.strip()]


def _documents(session: "Session", typed: str, action: Action, case: "Found") -> tuple[str, ...]:
    """The documents named: codes of the check-list, or words of one's own when asking for something else."""
    from parvis.models.queries.case_parts import read_documents
    from parvis.services.people import UnknownNameError

    named = tuple(_listed(typed))
    known = [line.code for line in read_documents(session, case.id)] if named else []
    for document in named:
        in_words = action == Action.REQUEST_DOCUMENTS and _CODE.fullmatch(document) is None
        if document not in known and not in_words:
            raise UnknownNameError("document", document, known)
    return named


def _committee(session: "Session", typed: str, contract_id: int, at: datetime) -> int:
    from parvis.services.committees import find_sitting

    code, slash, on = typed.partition("/")
    held_on = day("--committee", on) if slash else None
    return find_sitting(session, code.strip(), held_on, at=at, contract_id=contract_id).id


def _speaker(named: tuple[int, ...], who: Actor) -> int:
    if len(named) == 1:
        return named[0]
    if named or who.funder_id is None:
        raise WrongUseError("--funder", ONE_FUNDER)
    return who.funder_id
