"""A desk for stories of agreements: a call for agreements, agreements taken over, moves, sweeps."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.queries.agreement_moves import NewAgreement, insert_agreement, write_years
from parvis.models.session import Session
from parvis.services import agreement_sweeps
from parvis.services.agreement_writing import AgreementMoved, decided, prepare, write, write_year_amounts
from parvis.services.agreements import advance
from parvis.states.agreement_calendar import years_of
from parvis.states.agreement_facts import NOTHING_SAID, AgreementGiven
from parvis.states.agreement_stages import AgreementAction
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role
from tests.services.desk import CONTRACT, Desk, moment

IMPORTER = By("importer", Role.IMPORTER)
SCHEDULE = [
    {"code": "acompte", "share": "0.5", "on": "notification"},
    {"code": "mi-parcours", "share": "0.3", "on": "interim_report"},
    {"code": "solde", "share": "0.2", "on": "report"},
]  # fmt: skip


def contract(**call: Any) -> dict[str, Any]:
    """The small city with a call for agreements from 2027 to 2029, open from September 2026."""
    changed = deepcopy(CONTRACT)
    changed["calls"].append({
        "code": "conventions", "title": "Conventions 2027-2029", "instrument": "agreement", "year": 2027,
        "duration_years": 3, "opens_on": "2026-09-01", "closes_on": "2026-11-30", "required_documents": [
            {"code": "statuts", "label": "Statuts", "still_valid": True}, {"code": "comptes", "label": "Comptes"}],
        "payment_schedule": SCHEDULE, **call,
    })  # fmt: skip
    changed["committees"][0]["held_on"] = ["2026-09-15", "2026-12-10"]
    return changed


@dataclass
class AgreementDesk:
    """Verbs for agreements, on a desk."""

    desk: Desk

    def organisation(self) -> int:
        """An organisation known to the city."""
        return int(self.desk.value(
            "INSERT INTO organisations (siret, name, email) VALUES ('41816609600051', 'Centre social d’Étouvie',"
            " 'contact@centre.example') ON CONFLICT (siret) DO UPDATE SET name = excluded.name RETURNING id"
        ))  # fmt: skip

    def taken_over(
        self, at: str = "2026-01-05", *, starts_on: str = "2024-01-01", ends_on: str = "2026-12-31",
        purpose: str = "centre-social", amounts: dict[str, int] | None = None, **more: Any,
    ) -> int:  # fmt: skip
        """An agreement in force, with nothing said to anybody; its id."""
        with self.desk.database.transaction() as session:
            days = date.fromisoformat(starts_on), date.fromisoformat(ends_on)
            return self._take_over(session, moment(at), days, {"purpose": purpose, **more},
                                   amounts or {"etat": 1_000_001, "ville": 2_000_000})  # fmt: skip

    def _take_over(
        self,
        session: Session,
        at: datetime,
        days: tuple[date, date],
        more: dict[str, Any],
        *amounts: dict[str, int],
    ) -> int:
        organisation = more.pop("organisation_id", None) or self.organisation()
        agreement_id = insert_agreement(session, NewAgreement(
            contract_id=self.desk.contract_id, organisation_id=organisation,
            title="Centre social d’Étouvie", starts_on=days[0], ends_on=days[1], schedule=SCHEDULE, **more,
        ), prefix="conv", at=at)  # fmt: skip
        years = list(enumerate(years_of(*days), 1))
        write_years(session, agreement_id, [(number, *year) for number, year in years])
        known = prepare(session, agreement_id, at=at, lock=True).known
        for number, _ in years:
            write_year_amounts(session, known, number, amounts[0])
        prepared = prepare(session, agreement_id, at=at, lock=True)
        write(
            session,
            prepared,
            decided(prepared, AgreementAction.ACTIVATE, IMPORTER),
            by=IMPORTER,
            at=at,
        )
        return agreement_id

    def move(
        self, agreement_id: int, action: AgreementAction, at: str, *, role: Role = Role.MANAGER,
        given: AgreementGiven = NOTHING_SAID, expected_version: int | None = None, key: str | None = None,
    ) -> AgreementMoved:  # fmt: skip
        """Someone moves an agreement."""
        with self.desk.database.transaction() as session:
            return advance(session, agreement_id, action, by=By("person:1", role), at=moment(at), given=given,
                           expected_version=expected_version, key=key)  # fmt: skip

    def sweep(self, at: str) -> agreement_sweeps.Renewing:
        """The clock passes."""
        return agreement_sweeps.renew(self.desk.database, at=moment(at))

    def stage(self, agreement_id: int) -> str:
        """Where an agreement stands."""
        return str(self.desk.value("SELECT stage FROM agreements WHERE id = %(id)s", id=agreement_id))

    def letters(self, agreement_id: int) -> list[str]:
        """The letters an agreement owes, in order."""
        rows = self.desk.rows(
            "SELECT template FROM letters WHERE agreement_id = %(id)s ORDER BY owed_at, id", id=agreement_id
        )
        return [template for (template,) in rows]

    def complete(self, case_id: int, at: str, cents: int) -> None:
        """The applicant completes a draft, asks each funder for that much, and submits it."""
        self.desk.run(
            "INSERT INTO fundings (case_id, funder_id, requested_cents) SELECT %(id)s, id, %(cents)s FROM funders"
            " WHERE code IN ('etat', 'ville')", id=case_id, cents=cents,
        )  # fmt: skip
        self.desk.move(case_id, Action.SUBMIT, at=at, role=Role.APPLICANT)

    def fund(self, case_id: int, at: str, amounts: tuple[tuple[str, int], ...]) -> None:
        """A case goes through committee and is funded."""
        desk = self.desk
        codes = [
            code for (code,) in desk.rows("SELECT code FROM documents WHERE case_id = %(id)s", id=case_id)
        ]
        desk.move(case_id, Action.RECEIVE_DOCUMENTS, at=at, given=Given(documents=tuple(codes)))
        desk.move(case_id, Action.CHECK_ELIGIBILITY, at=at)
        desk.move(case_id, Action.ASSESS, at=at, given=Given(score=70))
        desk.move(case_id, Action.INSTRUCT, at=at)
        sitting = desk.value("SELECT id FROM committees ORDER BY held_on DESC LIMIT 1")
        desk.run("UPDATE committees SET held_at = NULL, agenda_open = true WHERE id = %(id)s", id=sitting)
        desk.move(case_id, Action.SCHEDULE, at=at, given=Given(committee_id=sitting))
        desk.run("UPDATE committees SET held_at = now(), quorate = true, recusals_recorded = true,"
                 " agenda_open = false WHERE id = %(id)s", id=sitting)  # fmt: skip
        desk.move(case_id, Action.FUND, at=at, role=Role.SECRETARY, given=Given(amounts=amounts))
