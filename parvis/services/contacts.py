"""Whom the cases of an organisation name as their contact: it corrects a name or a telephone between two requests."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import rectifying
from parvis.models.queries.addresses import CaseContact, contacts_under_way
from parvis.models.session import Session
from parvis.services.personal.rectifying import LONGEST
from parvis.states import fields
from parvis.states.case_table import NOT_UNDER_WAY
from parvis.states.facts import By
from parvis.states.words import Sentence


class ContactRefusedError(Exception):
    """Nothing is corrected; `field` is the one to change."""

    def __init__(self, field: str, sentence: Sentence) -> None:
        super().__init__(sentence.en)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody the cases under way of an organisation name as their contact, and which cases."""

    name: str
    phone: str
    email: str
    cases: tuple[CaseContact, ...]

    @property
    def references(self) -> list[str]:
        """The references of these cases."""
        return [case.reference for case in self.cases]


def contacts(session: Session, organisation_id: int) -> list[Named]:
    """The contacts of the cases under way of an organisation, each once, that of the last case first."""
    named: dict[tuple[str, str, str], list[CaseContact]] = defaultdict(list)
    # A draft is corrected where it is written; what is over stays as it was.
    for case in contacts_under_way(session, organisation_id, over=NOT_UNDER_WAY):
        named[case.name, case.phone, case.email].append(case)
    return [Named(*who, tuple(cases)) for who, cases in named.items()]


def correct_contact(
    session: Session, organisation_id: int, reference: str, *, name: str, phone: str, by: By, at: datetime
) -> bool:  # fmt: skip
    """Correct the contact of a case, in all the cases under way that name the same; False when it names nobody.

    Raises:
        ContactRefusedError: a name or a number cannot be used.
    """
    found = next((one for one in contacts(session, organisation_id) if reference in one.references), None)
    if found is None:
        return False
    said = {"name": _read("nom", name, LONGEST["name"]), "phone": ""}
    if phone.strip():
        said["phone"] = _read("telephone", phone, LONGEST["phone"])
    changed = [field for field in said if said[field] != getattr(found, field)]
    numbers = sorted(case.id for case in found.cases) if changed else []
    rectifying.rectify_contacts(session, numbers, said)
    rectifying.rectify_typed(session, numbers, found.email.strip().lower(), said)
    for number in numbers:
        rectifying.note_on_case(session, number, changed, by=by, at=at)
    return True


def _read(field: str, typed: str, longest: int) -> str:
    try:
        return fields.text(typed, max_length=longest)
    except fields.FieldError as wrong:
        raise ContactRefusedError(field, wrong.sentence) from None
