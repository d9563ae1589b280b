"""The renewal of an agreement of 2024 to 2026, step by step: what happens outside, for those who look on."""

from dataclasses import dataclass

from parvis.models.queries.letters import unwritten
from parvis.services.agreement_sweeps import Renewing
from parvis.services.letters import gather, written_out
from tests.services.agreement_desk import AgreementDesk
from tests.services.desk import Desk

CENTRE = {"organisation": "Centre social d’Étouvie", "email": "contact@centre.example"}
ADDRESS = "https://parvis.example"


@dataclass
class RenewalStory:
    """An agreement about to end, and a funded action of the same organisation whose report is awaited."""

    desk: Desk
    report_of: int = 0

    @property
    def house(self) -> AgreementDesk:
        """Its desk of agreements."""
        return AgreementDesk(self.desk)

    def owes_a_report(self) -> None:
        """A funded action of the same organisation is over, and nobody has its report."""
        self.report_of = self.desk.submitted_case("2026-01-15", **CENTRE)
        self.desk.run(
            "UPDATE cases SET stage = 'funded', report_due_on = '2026-06-30' WHERE id = %(id)s",
            id=self.report_of,
        )

    def gives_its_report(self) -> None:
        """The report comes in."""
        self.desk.run(
            "INSERT INTO reports (case_id, kind, state, way, received_at, received_by)"
            " VALUES (%(id)s, 'final', 'received', 'report', '2026-09-02T08:00Z', 'person:1')",
            id=self.report_of,
        )
        self.desk.run(
            "UPDATE cases SET report_received_on = '2026-09-02' WHERE id = %(id)s", id=self.report_of
        )

    def morning(self, day: str) -> Renewing:
        """The daily job runs."""
        return self.house.sweep(f"{day} 06:15")

    def is_funded(self) -> None:
        """The organisation submits the request that was prepared; the committee funds it."""
        case = self.desk.value("SELECT request_case_id FROM agreements WHERE request_case_id IS NOT NULL")
        self.house.complete(case, "2026-09-20", 2_000_000)
        self.house.fund(case, "2026-12-10", (("etat", 1_000_000), ("ville", 2_000_000)))

    def letter(self, template: str) -> str:
        """The text of the last letter of this kind, as it leaves."""
        number = self.desk.value("SELECT max(id) FROM letters WHERE template = %(name)s", name=template)
        with self.desk.database.transaction() as session:
            [found] = unwritten(session, [number])
            return written_out(found, gather(session, [found]), ADDRESS).text
