"""The reports of a rehearsal: what they say, and which are sent back."""

from parvis.models.queries.rehearsal import Seen
from parvis.models.session import Session
from parvis.services import reports
from parvis.services.rehearsal.world import World
from parvis.services.reports import Figures
from parvis.states.gaps import Line
from parvis.states.report_words import ReportKind

TO_CORRECT = (
    "Le détail des salaires manque : joindre les fiches de paie, et dire combien d’ateliers ont eu lieu."
)
TOLD = {
    "deroule": ["Les ateliers ont eu lieu comme prévu, une séance a été déplacée."],
    "effets": ["Des habitants reviennent chaque semaine et en amènent d’autres."],
}
GAPS = {"ecarts": ["Un poste pourvu plus tard que prévu, des achats groupés."]}


def write_report(world: World, session: Session, case: Seen, kind: ReportKind = ReportKind.FINAL) -> str:
    """Write what the applicant of a case reports: its costs around the budget, its public around the promise."""
    proposal, chance = world.applicant_of(case), world.stream_of(case)
    part = world.habits.applicants.spent.draw(chance)
    lines = tuple(
        Line(line.side, line.account, line.label, line.planned_cents, line.planned_cents * part // 100)
        for line in reports.budget_lines(session, case.id)
        if line.planned_cents
    )
    people = max(1, proposal.beneficiaries * chance.randint(60, 130) // 100)
    share = min(100, max(0, proposal.qpv_share_percent + chance.randint(-12, 8)))
    return reports.write(
        session, case.id, Figures(lines, people, share), {"recit": TOLD, "comptes": GAPS}, kind
    )


def is_sent_back(world: World, case: Seen) -> bool:
    """Whether its officer wants this report completed: once at most."""
    chance = world.chance(f"person:{case.instructor_id}")
    if case.id in world.sent_back or chance.random() >= world.habits.applicants.report_incomplete:
        return False
    world.sent_back.add(case.id)
    return True
