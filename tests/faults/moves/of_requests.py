"""Requests typed and files brought, letters put off or claimed, sweeps of the clock, bulk runs: what comes and goes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from parvis.models.queries.contracts import write_contract
from parvis.models.session import Database, Session
from parvis.services import bulk, deadlines, drafts, letters, upcoming
from parvis.services.drafts import NoSuchDraftError
from parvis.services.intake import import_file
from parvis.states.contract import Contract
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError, StaleVersionError
from tests.faults.moves.act import Act
from tests.services.desk import CONTRACT, Desk, moment

APPLICANT, OFFICER = By("organisation:1", Role.APPLICANT), By("person:1", Role.INSTRUCTOR)
NOON = moment("2026-06-02 12:00")
ANSWERS: dict[str, dict[str, list[str]]] = {
    "action": {
        "titre": ["Atelier vélo"], "resume": ["On répare."], "qpv": ["QN08001M", "QN08003M"], "defis": ["D01"],
        "debut": ["2026-09-01"], "fin": ["2026-12-31"], "beneficiaires": ["40"], "part_qpv": ["60"],
    },
    "budget": {
        "charge_604": ["1000"], "charge_641": ["2000,50"], "charge_864": ["300"], "produit_756": ["500,50"],
        "produit_870": ["300"], "financeur_etat": ["1500"], "financeur_ville": ["1000"],
    },
    "contact": {"nom": ["Zoé Petit"], "courriel": ["zoe@asso.example"], "telephone": ["03 22 00 00 00"]},
}  # fmt: skip
SHEET = "external_id;siret;titre;montant_demande;date_depot;appel\n" + "".join(
    f"P-{number};41816609600051;Café n° {number};4 500,00 €;01/06/2026;annuel-2026\n" for number in range(12)
)


def in_one(database: Database, what: Callable[[Session], object]) -> None:
    """In one transaction."""
    with database.transaction() as session:
        what(session)


def organisation(desk: Desk) -> tuple[()]:
    """One that asked for something already."""
    desk.submitted_case()
    return ()


def begun(desk: Desk) -> tuple[int]:
    """A draft with a title."""
    organisation(desk)
    in_one(desk.database, lambda session: drafts.start(
        session, 1, "annuel-2026/new", "Atelier vélo", by=APPLICANT, at=NOON))  # fmt: skip
    return (2,)


def filled(desk: Desk) -> tuple[int]:
    """A draft that can be submitted."""
    (case,) = begun(desk)
    with desk.database.transaction() as session:
        for step, typed in ANSWERS.items():
            stamped = drafts.stamp(drafts.open_draft(session, case).values(step))
            drafts.save(session, case, step, typed, stamped, by=APPLICANT, at=NOON)
    return (case,)


def start(database: Database) -> None:
    """Begin a draft, unless it is there: a page shows those there are."""
    with database.transaction() as session:
        if not session.exec_driver_sql("SELECT 1 FROM drafts").all():
            drafts.start(session, 1, "annuel-2026/new", "Atelier vélo", by=APPLICANT, at=NOON)


def save(database: Database, case: int) -> None:
    with database.transaction() as session:
        stamped = drafts.stamp(drafts.open_draft(session, case).values("action"))
        drafts.save(session, case, "action", ANSWERS["action"], stamped, by=APPLICANT, at=NOON)


def submit(database: Database, case: int) -> None:
    in_one(database, lambda session: drafts.submit(session, case, committed=True, by=APPLICANT, at=NOON))


def bring(database: Database) -> None:
    import_file(database, None, "depots.csv", SHEET.encode(), NOON)


def rewrite(database: Database) -> None:
    """The file of the contract says other dates and one committee more."""
    sitting = {"code": "nord", "name": "Comité du Nord", "kind": "technical", "covers": ["QN08003M"],
               "held_on": ["2026-10-01"]}  # fmt: skip
    changed = {**CONTRACT, "committees": [*CONTRACT["committees"], sitting]}
    said = Contract.model_validate(changed)
    in_one(database, lambda session: write_contract(session, said, digest="other", at=NOON))


def awaiting(desk: Desk) -> tuple[()]:
    """Three cases whose documents are awaited until the end of June."""
    for _ in range(3):
        desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-10")
    return ()


def lapse(database: Database) -> None:
    deadlines.sweep(database, at=moment("2026-07-01 00:10"))


def remind(database: Database) -> None:
    deadlines.sweep(database, at=moment("2026-06-24"))


def claim(database: Database) -> None:
    with database.transaction() as session:
        letters.claim_due(
            session, by="me", at=moment("2026-06-10 12:00"), lease=timedelta(minutes=10), limit=200
        )


def snooze(database: Database) -> None:
    until, at = moment("2026-06-20"), moment("2026-06-10 12:00")
    in_one(database, lambda session: upcoming.snooze(session, "l1", until=until, by=OFFICER, at=at))


def drop(database: Database) -> None:
    at = moment("2026-06-10 12:00")
    in_one(
        database, lambda session: upcoming.drop(session, "l1", by=OFFICER, at=at, reason="Vu au téléphone")
    )


def failed(desk: Desk) -> tuple[()]:
    """Letters that failed."""
    awaiting(desk)
    desk.run("UPDATE letters SET stage = 'failed'")
    return ()


def resend(database: Database) -> None:
    in_one(
        database, lambda session: upcoming.resend(session, "l1", by=OFFICER, at=moment("2026-06-10 12:00"))
    )


def five(desk: Desk) -> tuple[list[int]]:
    """Five cases just deposited."""
    return ([desk.submitted_case() for _ in range(5)],)


def asked(desk: Desk) -> tuple[int]:
    """A bulk run, frozen."""
    (cases,) = five(desk)
    with desk.database.transaction() as session:
        return (_ask(session, cases).id,)


def done(desk: Desk) -> tuple[int]:
    """A bulk run, done, its letters waiting."""
    (run,) = asked(desk)
    bulk.proceed(desk.database, run, at=NOON)
    return (run,)


def _ask(session: Session, cases: list[int]) -> bulk.Run:
    given = Given(reason="Hors contrat")
    return bulk.ask(session, cases, Action.DECLARE_INELIGIBLE, by=OFFICER, given=given, key="k", at=NOON)


def ask(database: Database, cases: list[int]) -> None:
    in_one(database, lambda session: _ask(session, cases))


def proceed(database: Database, run: int) -> None:
    bulk.proceed(database, run, at=NOON, batch=2)


def take_back(database: Database, run: int) -> None:
    by, at = By("person:4", Role.MANAGER), NOON + timedelta(minutes=2)
    in_one(database, lambda session: bulk.take_back(session, run, by=by, at=at))


THERE = (MoveRefusedError, StaleVersionError, NoSuchDraftError)
SAID_AGAIN = {"snooze": frozenset({"letters"})}
Told = tuple[str, str, Callable[[Desk], tuple[Any, ...]], Callable[..., None]]
_TOLD: list[Told] = [
    ("request", "start", organisation, start), ("request", "save", begun, save), ("request", "submit", filled, submit),
    ("request", "import", organisation, bring), ("request", "rewrite-contract", organisation, rewrite),
    ("letters", "claim", awaiting, claim), ("letters", "snooze", awaiting, snooze), ("letters", "drop", awaiting, drop),
    ("letters", "resend", failed, resend),
    ("letters", "lapse", awaiting, lapse), ("letters", "remind", awaiting, remind),
    ("bulk-run", "ask", five, ask), ("bulk-run", "proceed", asked, proceed), ("bulk-run", "take-back", done, take_back),
]  # fmt: skip
ACTS = [
    Act(
        kind,
        name,
        given,
        does,
        None,
        THERE,
        (kind, name) == ("bulk-run", "proceed"),
        SAID_AGAIN.get(name, frozenset()),
    )
    for kind, name, given, does in _TOLD
]
