"""The address of an organisation: asked for, given up, proved, corrected by the service; how it is called, whom."""

from collections.abc import Callable
from typing import Any

from parvis.models.session import Database
from parvis.services import addresses, contacts
from parvis.services.addresses import AddressRefusedError
from parvis.services.imports.deposit import Contact
from parvis.services.links import LinkGoneError
from parvis.states.facts import By
from parvis.states.stages import Role
from parvis.states.words import Language
from tests.faults.moves.act import Act, in_one
from tests.services import test_addresses
from tests.services.desk import Desk
from tests.services.test_addresses import AT, INES, NEW, OLD, WHY

ASSOCIATION = By("organisation:1", Role.APPLICANT)


def reached(desk: Desk) -> tuple[()]:
    """A case whose contact and organisation are reached at one address."""
    desk.submitted_case(contacts=(Contact(name="Zoé Martin", email=OLD, phone="06 00 00 00 01"),))
    return ()


def asked(desk: Desk) -> tuple[str]:
    """Another is asked for; the secret of its letter."""
    reached(desk)
    return (test_addresses.ask(desk),)


def ask(database: Database) -> None:
    in_one(database, lambda session: addresses.ask(session, 1, NEW, browser="Firefox", at=AT))


def give_up(database: Database, _: str) -> None:
    in_one(database, lambda session: addresses.give_up(session, 1, at=AT))


def prove(database: Database, secret: str) -> None:
    in_one(database, lambda session: addresses.prove(session, secret, at=AT))


def correct(database: Database) -> None:
    in_one(database, lambda session: addresses.correct(session, 1, NEW, WHY, contract_id=1, by=INES, at=AT))


def choose(database: Database) -> None:
    in_one(
        database, lambda session: addresses.choose(session, 1, phone="03 22 00 00 00", language=Language.EN)
    )


def correct_contact(database: Database) -> None:
    with database.transaction() as session:
        assert contacts.correct_contact(session, 1, "ANNUEL-2026-00001", name="Zoé Dupré", phone="06 00 00 00 02",
                                        by=ASSOCIATION, at=AT)  # fmt: skip


ANEW = {"ask": frozenset({"letters", "address_changes"})}
_TOLD: list[tuple[str, Callable[[Desk], tuple[Any, ...]], Callable[..., None]]] = [
    ("ask", reached, ask), ("give-up", asked, give_up), ("prove", asked, prove), ("correct", reached, correct),
    ("choose", reached, choose), ("correct-contact", reached, correct_contact),
]  # fmt: skip
ACTS = [
    Act(
        "address",
        name,
        given,
        does,
        None,
        (AddressRefusedError, LinkGoneError),
        twice=ANEW.get(name, frozenset()),
    )
    for name, given, does in _TOLD
]
