"""Who acts, from the names people type: an address, the code of a funder."""

from collections.abc import Sequence
from dataclasses import dataclass

from parvis.models.queries import people
from parvis.models.session import Session
from parvis.states.facts import By


class UnknownNameError(Exception):
    """Nothing has this name: `kind` is `person`, `funder`, `committee` or `document`; `known`, the names there are."""

    def __init__(self, kind: str, name: str, known: Sequence[str] = ()) -> None:
        super().__init__(f"{kind}: {name}")
        self.kind = kind
        self.name = name
        self.known = tuple(known)


@dataclass(frozen=True, slots=True)
class Acting:
    """A person about to act, and the funder they speak for, if any."""

    by: By
    person_id: int
    name: str
    funder_id: int | None


def acting(session: Session, email: str) -> Acting:
    """The person of this address, in the role the contract gives them.

    Raises:
        UnknownNameError: nobody active has this address.
    """
    everybody = people.active_people(session)
    for person in everybody:
        if person.email.lower() == email.strip().lower():
            by = By(f"person:{person.id}", person.role)
            return Acting(by, person.id, person.name, person.funder_id)
    raise UnknownNameError("person", email, [person.email for person in everybody])


def funders(session: Session, contract_id: int, codes: Sequence[str]) -> tuple[int, ...]:
    """The ids of these funders, in their order.

    Raises:
        UnknownNameError: the contract has no such funder.
    """
    known = people.funder_ids(session, contract_id)
    for code in codes:
        if code.lower() not in known:
            raise UnknownNameError("funder", code, list(known))
    return tuple(known[code.lower()] for code in codes)
