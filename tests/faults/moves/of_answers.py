"""What partners, funders and applicants answer, what platforms say again, what a file or a contract brings."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from parvis.models.queries import tasks
from parvis.models.session import Database, Session
from parvis.services import bank, opening, opinions, own_part, reports
from parvis.services.agreement_imports import import_agreements
from parvis.services.intake import import_for
from parvis.services.opinions import Said
from parvis.services.own_part import PartLockedError, PartWrongError, Signature
from parvis.services.portals.settling import NoSuchDifferenceError, settle
from parvis.services.reports import NoSuchReportError
from parvis.services.settings import Settings
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Opinion, Role
from parvis.states.table import MoveRefusedError, StaleVersionError
from tests.faults.moves.act import Act, folder, in_one
from tests.faults.moves.of_money import account_asked
from tests.faults.moves.of_requests import SHEET
from tests.faults.moves.of_requests import organisation as known
from tests.services import agreement_desk
from tests.services.desk import CONTRACT, Desk, moment
from tests.services.payment_desk import FINANCE
from tests.services.portals.test_following import INES, again, asks
from tests.services.test_partners import CENTRE, SHARES, organisation
from tests.services.test_reports import ASSO, TOLD, funded

AT, PAUL = moment("2026-06-05"), By("person:2", Role.FUNDER)
PART = {"charge_604": ["2000,01"], "produit_756": ["0"]}
SIGNED = Signature("Zoé Petit", "présidente", committed=True, mandated=True)
FILE = (
    "reference;siret;organisme;courriel;objet;titre;debut;fin;etat;ville\n"
    "A-1;41816609600051;Centre social;c@centre.example;centre-social;Projet social;01/01/2024;31/12/2026;1000;2000\n"
    "A-2;35600000000048;Autre centre;d@centre.example;centre-social;Projet social;01/01/2024;31/12/2026;1000;2000\n"
)


def several(desk: Desk) -> tuple[int, int]:
    """A case of three associations; it, and one of them."""
    return desk.submitted_case(partners=SHARES), organisation(desk, CENTRE)


def part_typed(desk: Desk) -> tuple[int, int]:
    """Its part is typed, and balanced."""
    told = several(desk)
    save_part(desk.database, *told)
    return told


def asked(desk: Desk) -> tuple[list[int]]:
    """Two cases that wait for the State's opinion."""
    cases = [desk.submitted_case() for _ in range(2)]
    for case in cases:
        desk.move(case, Action.ASK_OPINIONS, given=Given(funder_ids=(1,), due_on=moment("2026-06-20").date()))
    return (cases,)


def differing(desk: Desk) -> tuple[()]:
    """A case whose platform says another amount."""
    again(desk, at="2026-06-01")
    again(desk, funders=asks(600_000), requested_cents=900_000)
    return ()


def granted(desk: Desk) -> tuple[int]:
    """A grant."""
    return (funded(desk),)


def with_file(_: Desk) -> tuple[Path]:
    """The contract's file, not read yet, says one committee more."""
    sitting = {"code": "nord", "name": "Comité du Nord", "kind": "technical", "covers": ["QN08003M"],
               "held_on": ["2026-10-01"]}  # fmt: skip
    path = folder() / "ville.yaml"
    said = {**CONTRACT, "committees": [*CONTRACT["committees"], sitting]}
    path.write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return (path,)


def with_task(desk: Desk) -> tuple[()]:
    """Somebody has something to do."""
    several(desk)
    return ()


def save_part(database: Database, case: int, partner: int) -> None:
    in_one(database, lambda session: own_part.save(session, case, partner, PART, stage="submitted"))


def confirm_part(database: Database, case: int, partner: int) -> None:
    by = By(f"organisation:{partner}", Role.APPLICANT)
    in_one(database, lambda session: own_part.confirm(
        session, case, partner, SIGNED, stage="submitted", by=by, at=AT))  # fmt: skip


def leave_part(database: Database, case: int, partner: int) -> None:
    by = By(f"organisation:{partner}", Role.APPLICANT)
    in_one(database, lambda session: own_part.leave(session, case, partner, "Pas cette année", by=by, at=AT))


def advise(database: Database, cases: list[int]) -> None:
    said = [Said(case, 2, Opinion.FAVOURABLE, 400_000, "Bon projet") for case in cases]
    in_one(database, lambda session: opinions.give(session, 1, said, by=PAUL, at=AT))


def take(database: Database) -> None:
    _settle(database, take=True)


def keep(database: Database) -> None:
    _settle(database, take=False)


def _settle(database: Database, *, take: bool) -> None:
    at = moment("2026-06-12")
    in_one(database, lambda session: settle(
        session, 1, "ANNUEL-2026-00001", "asked:etat", take=take, by=INES, at=at))  # fmt: skip


def type_report(database: Database, case: int) -> None:
    def save(session: Session) -> None:
        step = reports.stamp(reports.open_report(session, case).values("recit"))
        reports.save(session, case, "recit", TOLD["recit"], step, by=ASSO, at=moment("2027-05-03"))

    in_one(database, save)


def attest(database: Database, case: int) -> None:
    at = moment("2027-03-01")
    in_one(database, lambda session: reports.attest(session, case, "Salle fermée.", by=ASSO, at=at))


def ask_dates(database: Database, case: int) -> None:
    ends_on, at = moment("2027-06-30").date(), moment("2026-11-02")
    in_one(database, lambda session: reports.ask_dates(
        session, case, starts_on=None, ends_on=ends_on, reason="Salle fermée.", by=ASSO, at=at))  # fmt: skip


def refuse_account(database: Database, _: int) -> None:
    at = moment("2026-09-17")
    in_one(database, lambda session: bank.refuse(session, 1, "Autre titulaire", by=FINANCE, at=at))


def bring(database: Database) -> None:
    import_for(database, 1, "depots.csv", SHEET.encode(), moment("2026-06-02 12:00"))


def take_over(database: Database) -> None:
    import_agreements(database, FILE.encode(), at=moment("2026-01-05"))


def read_contract(database: Database, path: Path) -> None:
    opening.open_contract(database, Settings(data_folder=path.parent, contract=path), AT)


def keep_up(database: Database, path: Path) -> None:
    opening.keep_up(database, Settings(data_folder=path.parent, contract=path), AT)


def finish(database: Database) -> None:
    in_one(database, lambda session: tasks.finish_task(session, 1, at=AT))


THERE = (
    MoveRefusedError, StaleVersionError, PartLockedError, PartWrongError, NoSuchDifferenceError, NoSuchReportError,
)  # fmt: skip
SAID_AGAIN = {"ask-dates": frozenset({"cases", "journal", "reports", "timers"})}
_TOLD: list[tuple[str, str, Callable[[Desk], tuple[Any, ...]], Callable[..., None]]] = [
    ("answer", "save-part", several, save_part), ("answer", "confirm-part", part_typed, confirm_part),
    ("answer", "leave-part", several, leave_part), ("answer", "advise", asked, advise),
    ("answer", "type-report", granted, type_report), ("answer", "attest", granted, attest),
    ("answer", "ask-dates", granted, ask_dates), ("answer", "refuse-account", account_asked, refuse_account),
    ("answer", "take-from-portal", differing, take), ("answer", "keep-against-portal", differing, keep),
    ("answer", "finish-task", with_task, finish),
    ("bring", "deposits", known, bring),
    ("bring", "contract", with_file, read_contract), ("bring", "changed-contract", with_file, keep_up),
]  # fmt: skip
ACTS = [
    *(
        Act(kind, name, given, does, there=THERE, twice=SAID_AGAIN.get(name, frozenset()))
        for kind, name, given, does in _TOLD
    ),
    Act("bring", "agreements", lambda _: (), take_over, agreement_desk.contract()),
]
