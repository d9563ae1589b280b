"""A small city at a desk: what tests of the services say instead of rows and ids."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from parvis.models.queries.contracts import write_contract
from parvis.models.queries.movements import NewMovement, write_movement
from parvis.models.session import Database
from parvis.services import deadlines
from parvis.services.advance import Advanced, advance
from parvis.services.deposits import Received, receive
from parvis.services.imports.deposit import Deposit, FunderAsk, Source
from parvis.states.calendar import local_instant
from parvis.states.contract import Contract
from parvis.states.facts import NOTHING, By, Given
from parvis.states.ledger import Kind, flow
from parvis.states.stages import Action, Role

CONTRACT: dict[str, Any] = {
    "code": "ville",
    "name": "Contrat de la ville",
    "city": "Ville",
    "sender": {"name": "Service politique de la ville", "email": "contrat@ville.example"},
    "challenges": [{"code": "D01", "label": "Emploi"}],
    "neighbourhoods": [
        {"code": "QN08001M", "name": "Étouvie", "commune": "Amiens"},
        {"code": "QN08003M", "name": "Amiens Nord", "commune": "Amiens"},
    ],
    "funders": [
        {"code": "etat", "name": "État", "kind": "state", "email": "etat@ville.example"},
        {"code": "ville", "name": "Ville", "kind": "city", "email": "ville@ville.example"},
    ],
    "people": [
        {"email": "ines@ville.example", "name": "Inès Roy", "role": "instructor"},
        {"email": "paul@ville.example", "name": "Paul Petit", "role": "funder", "funder": "etat"},
        {"email": "lea@ville.example", "name": "Léa Blanc", "role": "secretary"},
        {"email": "max@ville.example", "name": "Max Noir", "role": "manager"},
    ],
    "committees": [
        {"code": "copil", "name": "Comité de pilotage", "kind": "steering", "covers": "all",
         "held_on": ["2026-09-15"]},
        {"code": "etouvie", "name": "Comité d’Étouvie", "kind": "technical", "covers": ["QN08001M"],
         "held_on": ["2026-09-01"]},
    ],
    "calls": [
        {"code": "annuel-2026", "title": "Appel à projets 2026", "instrument": "annual", "year": 2026,
         "opens_on": "2025-11-01", "closes_on": "2026-12-31",
         "required_documents": [
             {"code": "statuts", "label": {"fr": "Statuts", "en": "Statutes"}},
             {"code": "rib", "label": {"fr": "RIB", "en": "Bank details"}},
         ],
         "envelopes": [{"funder": "etat", "total_cents": 5_000_000}, {"funder": "ville", "total_cents": 2_000_000}]},
    ],
}  # fmt: skip


def moment(text: str) -> datetime:
    """`2026-06-30` (nine in the morning) or `2026-06-30 00:00`, Paris time, as aware UTC."""
    day, _, clock = text.partition(" ")
    hour, minute = map(int, (clock or "09:00").split(":"))
    return local_instant(date.fromisoformat(day), datetime(2000, 1, 1, hour, minute, tzinfo=UTC).time())


@dataclass
class Desk:
    """A database with a contract in it, and verbs to tell a story."""

    database: Database
    contract_id: int = 0
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @classmethod
    def opened(cls, database: Database, contract: dict[str, object] | None = None) -> "Desk":
        """A desk on an empty, migrated database."""
        with database.transaction() as session:
            parsed = Contract.model_validate(contract or CONTRACT)
            changed = write_contract(session, parsed, digest="test", at=moment("2026-01-01"))
        return cls(database, changed.contract_id)

    def opens_next_year(self) -> dict[str, Any]:
        """The call of 2027 opens, beside that of 2026, statutes being valid still; the contract now."""
        documents = [
            {"code": "statuts", "label": "Statuts", "still_valid": True},
            {"code": "rib", "label": "RIB"},
            {"code": "last_report", "label": "Bilan de l’action précédente", "when": "renewal"},
        ]
        call = {
            "code": "annuel-2027", "title": "Appel à projets 2027", "instrument": "annual", "year": 2027,
            "opens_on": "2026-05-01", "closes_on": "2026-12-31", "required_documents": documents,
        }  # fmt: skip
        self.run("UPDATE contracts SET digest = ''")
        contract = {**CONTRACT, "calls": [*CONTRACT["calls"], call]}
        Desk.opened(self.database, contract)
        return contract

    def receive(self, *deposits: Deposit, at: str = "2026-06-01") -> Received:
        """Deposits come in."""
        with self.database.transaction() as session:
            return receive(session, self.contract_id, deposits, at=moment(at))

    def deposit(self, at: str = "2026-06-01", **changes: object) -> Deposit:
        """A valid deposit of that day."""
        values: dict[str, object] = {
            "source": Source.SPREADSHEET, "external_id": f"P-{next(self.numbers)}", "call": "annuel-2026",
            "siret": "41816609600051", "organisation": "Association Exemple", "email": "contact@asso.example",
            "title": "Atelier cuisine", "requested_cents": 800_000, "total_cost_cents": 1_200_000,
            "deposited_at": moment(at), "deposited_on": date.fromisoformat(at[:10]), "qpvs": ("QN08001M",),
            "ends_on": date(2026, 12, 31),
            "funders": (FunderAsk(name="État", code="etat", requested_cents=500_000),
                        FunderAsk(name="Ville", code="ville", requested_cents=300_000)),
        }  # fmt: skip
        return Deposit(**{**values, **changes})  # type: ignore[arg-type]

    def submitted_case(self, at: str = "2026-06-01", **changes: object) -> int:
        """A case just deposited; its id."""
        received = self.receive(self.deposit(at, **changes), at=at)
        return int(self.value("SELECT id FROM cases WHERE reference = %(r)s", r=received.created[0]))

    def case_awaiting_documents(self, reply_by: str, at: str = "2026-06-02") -> int:
        """A case whose RIB is asked for."""
        case_id = self.submitted_case(at)
        self.move(case_id, Action.REQUEST_DOCUMENTS, at=f"{at} 10:00",
                  given=Given(documents=("rib",), reply_by=date.fromisoformat(reply_by)))  # fmt: skip
        return case_id

    def ready_case(self, at: str = "2026-06-01") -> int:
        """A case that can be instructed."""
        case_id = self.submitted_case(at)
        self.move(case_id, Action.RECEIVE_DOCUMENTS, at=at, given=Given(documents=("statuts", "rib")))
        self.move(case_id, Action.CHECK_ELIGIBILITY, at=at)
        self.move(case_id, Action.ASSESS, at=at, given=Given(score=70))
        return case_id

    def case_in_committee(self, at: str = "2026-06-01") -> int:
        """A case on the agenda of the steering committee."""
        case_id = self.ready_case(at)
        self.move(case_id, Action.INSTRUCT, at=at)
        self.move(case_id, Action.SCHEDULE, at=at, given=Given(committee_id=self.committee("copil")))
        return case_id

    def committee(self, code: str) -> int:
        """The id of a committee."""
        return int(self.value("SELECT id FROM committees WHERE code = %(code)s", code=code))

    def fill(self, cents: int, funder: str = "%") -> None:
        """Make the envelopes of a funder, or of all, hold this amount, as the contract's file would."""
        with self.database.transaction() as session:
            for envelope_id, change in session.exec_driver_sql(
                "SELECT e.id, %(cents)s - e.total_cents FROM envelopes e JOIN funders f ON f.id = e.funder_id"
                " WHERE f.code LIKE %(funder)s AND e.total_cents <> %(cents)s ORDER BY e.id",
                {"cents": cents, "funder": funder},
            ).fetchall():
                said = NewMovement(
                    Kind.ADJUST, f"test/{next(self.numbers)}", moment("2026-01-01"), "contract"
                )
                write_movement(session, said, flow(Kind.ADJUST, [envelope_id], change))

    def hold_session(self, code: str = "copil") -> None:
        """The committee sits, with its quorum, and recusals are recorded."""
        self.run(
            "UPDATE committees SET held_at = now(), quorate = true, recusals_recorded = true, agenda_open = false"
            " WHERE code = %(code)s",
            code=code,
        )

    def move(
        self, case_id: int, action: Action, *, at: str = "2026-06-01", role: Role = Role.INSTRUCTOR,
        given: Given = NOTHING, expected_version: int | None = None, key: str | None = None,
    ) -> Advanced:  # fmt: skip
        """Someone moves the case."""
        with self.database.transaction() as session:
            return advance(session, case_id, action, by=By("person:1", role), at=moment(at), given=given,
                           expected_version=expected_version, key=key)  # fmt: skip

    def out_of_step(self) -> list[tuple[Any, ...]]:
        """Cases that are on an agenda and do not know it, or the other way round: never any."""
        return self.rows(
            """
            SELECT c.id, c.committee_id, a.committee_id FROM cases c
              LEFT JOIN (SELECT * FROM agenda_items WHERE left_at IS NULL) a ON a.case_id = c.id
             WHERE c.committee_id IS DISTINCT FROM a.committee_id
            """
        )

    def sweep(self, at: str) -> deadlines.Fired:
        """The clock passes."""
        return deadlines.sweep(self.database, at=moment(at))

    def stage(self, case_id: int) -> str:
        """Where the case stands."""
        return str(self.value("SELECT stage FROM cases WHERE id = %(id)s", id=case_id))

    def version(self, case_id: int) -> int:
        """The version of the case."""
        return int(self.value("SELECT version FROM cases WHERE id = %(id)s", id=case_id))

    def letters(self, case_id: int, template: str | None = None) -> int:
        """How many letters the case owes or sent."""
        return int(self.value(
            "SELECT count(*) FROM letters WHERE case_id = %(id)s AND (%(t)s::text IS NULL OR template = %(t)s)",
            id=case_id, t=template,
        ))  # fmt: skip

    def value(self, statement: str, **parameters: object) -> Any:
        """One value from the database."""
        with self.database.transaction() as session:
            return session.exec_driver_sql(statement, parameters).scalar_one()

    def rows(self, statement: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Rows from the database."""
        with self.database.transaction() as session:
            return [tuple(row) for row in session.exec_driver_sql(statement, parameters)]

    def run(self, statement: str, **parameters: object) -> None:
        """Change something behind the services' back."""
        with self.database.transaction() as session:
            session.exec_driver_sql(statement, parameters)
