"""Correcting a person's name, address or phone (RGPD art. 16): everywhere at once, journaled, letters following."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import data_journal, personal
from parvis.models.queries import rectifying as queries
from parvis.models.session import Session
from parvis.services.personal.copying import NothingHeldError
from parvis.states import fields
from parvis.states.facts import By
from parvis.states.stages import Role
from parvis.states.words import Sentence

MAY = frozenset({Role.MANAGER, Role.ADMINISTRATOR})
LONGEST = {"name": 200, "phone": 40}

ROLE = Sentence(
    "Seul un responsable ou un administrateur rectifie pour une personne : le lui demander.",
    "Only a manager or an administrator rectifies for a person: ask one.",
)
NOTHING = Sentence(
    "Dire ce qu’il faut rectifier : nom, adresse ou téléphone.",
    "Say what to rectify: name, address or phone.",
)
TAKEN = Sentence(
    "L’adresse « {email} » est déjà celle de quelqu’un du contrat : en donner une autre.",
    "The address “{email}” is already that of somebody of the contract: give another.",
)


class RectificationRefusedError(Exception):
    """Nothing is rectified; `field` is the one to change, if one is."""

    def __init__(self, sentence: Sentence, field: str = "") -> None:
        super().__init__(sentence.en)
        self.sentence = sentence
        self.field = field


@dataclass(frozen=True, slots=True)
class Rectified:
    """Where a correction was made: people, organisations, cases; how many letters now leave for the new address."""

    people: int
    organisations: int
    cases: int
    letters: int


def rectify(
    session: Session,
    email: str,
    *,
    contract_id: int | None,
    name: str = "",
    new_email: str = "",
    phone: str = "",
    by: By,
    at: datetime,
) -> Rectified:
    """Correct what is held under an address wherever it stands; what is given empty stays as it is.

    Raises:
        NothingHeldError: nothing is held under it.
        RectificationRefusedError: the role may not, nothing is to be changed, or a value cannot be used.
    """
    if by.role not in MAY:
        raise RectificationRefusedError(ROLE)
    said = _read({"name": name, "email": new_email, "phone": phone})
    who = personal.known(session, email, contract_id)
    if not who.anybody:
        raise NothingHeldError(email)
    fresh = said.get("email")
    if fresh and queries.is_taken(session, who.people, fresh):
        raise RectificationRefusedError(TAKEN.fill(email=fresh), "email")
    queries.rectify_people(session, who.people, name=said.get("name"), email=fresh)
    organisations = queries.rectify_organisations(
        session, who.organisations, who.email, email=fresh, phone=said.get("phone"), at=at
    )
    queries.rectify_contacts(session, who.cases, said)
    queries.rectify_typed(session, who.cases, who.email, said)
    for case_id in who.cases:
        queries.note_on_case(session, case_id, sorted(said), by=by, at=at)
    letters = queries.follow(session, who.email, fresh) if fresh else 0
    for subject in who.subjects:
        details = {"fields": sorted(said)}
        data_journal.note_event(
            session, contract_id, "rectify", subject, details, actor=by.actor, role=by.role, at=at
        )
    return Rectified(len(who.people), len(organisations), len(who.cases), letters)


def _read(typed: Mapping[str, str]) -> dict[str, str]:
    said: dict[str, str] = {}
    for name, value in typed.items():
        if not value.strip():
            continue
        try:
            said[name] = (
                fields.email(value) if name == "email" else fields.text(value, max_length=LONGEST[name])
            )
        except fields.FieldError as wrong:
            raise RectificationRefusedError(wrong.sentence, name) from None
    if not said:
        raise RectificationRefusedError(NOTHING)
    return said
