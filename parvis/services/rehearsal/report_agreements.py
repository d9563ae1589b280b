"""What the report of a rehearsal says of agreements of several years, and of the reports that were due."""

from parvis.services.figures.shapes import Bars, Column, Section
from parvis.services.rehearsal.figures import Figures
from parvis.states.agreement_stages import STAGE_WORDS
from parvis.states.words import Sentence

AGREEMENTS = Sentence("Conventions de plusieurs années", "Agreements of several years")
AGREEMENTS_HOLD = Sentence(
    "{taken} conventions reprises ; {asked} renouvellements demandés, {followed} obtenus sans un jour d’écart. "
    "Aucune ne se chevauche, aucune n’est restée en plan.",
    "{taken} agreements taken over; {asked} renewals asked for, {followed} obtained without a day between. "
    "None overlaps, none was left aside.",
)
AGREEMENTS_FAIL = Sentence(
    "{taken} conventions reprises ; {overlaps} chevauchements, {gaps} interruptions, {stuck} oubliées : le signaler, "
    "c’est un défaut de l’application.",
    "{taken} agreements taken over; {overlaps} overlaps, {gaps} gaps, {stuck} forgotten: report it, it is a fault of "
    "the application.",
)
AT_THE_END = Sentence("à la fin : {stage}", "at the end: {stage}")
TAKEN_OVER = Sentence("Reprises au début", "Taken over at the beginning")
EVALUATED = Sentence("Auto-évaluations reçues", "Self-evaluations received")
ASKED = Sentence("Renouvellements demandés", "Renewals asked for")
FOLLOWED = Sentence("Renouvelées sans un jour d’écart", "Renewed without a day between")
FOLLOWED_LATE = Sentence("dont décidées après la fin", "of them decided after the end")
REVIEWED = Sentence("Années passées en revue", "Years reviewed")
CONFIRMED = Sentence("Années confirmées", "Years confirmed")
AMENDED = Sentence("Avenants", "Amendments")
GAPS = Sentence("Interruptions entre deux conventions", "Gaps between two agreements")
OVERLAPS = Sentence("Chevauchements", "Overlaps")
STUCK = Sentence("Que personne n’aurait fait avancer", "Nobody would have moved")
OVERDUE = Sentence("Échéances dues et non traitées", "Timers due and not settled")

REPORTS = Sentence("Bilans des actions financées", "Reports of funded actions")
REPORTS_HOLD = Sentence(
    "{due} bilans attendus, {came} reçus ; chacun des autres a été réclamé, ou le dossier est clos sans lui. {to_come} "
    "à venir.",
    "{due} reports due, {came} received; every other one was asked for, or its case closed without it. {to_come} to "
    "come.",
)
REPORTS_FAIL = Sentence(
    "{unasked} bilans que personne n’a réclamés : le signaler, c’est un défaut de l’application.",
    "{unasked} reports nobody asked for: report it, it is a fault of the application.",
)
DUE = Sentence("Attendus", "Due")
IN_TIME = Sentence("Reçus à temps", "Received in time")
LATE = Sentence("Reçus en retard", "Received late")
ACCEPTED = Sentence("Acceptés", "Accepted")
NOT_CARRIED_OUT = Sentence("Actions non réalisées", "Actions not carried out")
RECLAIMED = Sentence("Jamais reçus, subvention reversée", "Never received, grant reclaimed")
AWAITED = Sentence("Réclamés, encore attendus", "Asked for, still awaited")
TO_COME = Sentence("À venir", "To come")
UNASKED = Sentence("Jamais réclamés", "Never asked for")

WHAT = Sentence("Quoi", "What")
COUNT = Sentence("Nombre", "Count")
COLUMNS = (Column(WHAT, number=False), Column(COUNT))


def agreements_section(figures: Figures) -> Section | None:
    """Agreements by stage, how they follow one another, and what must be nothing."""
    found = figures.agreements
    if found is None:
        return None
    stages = tuple((AT_THE_END.fill(stage=STAGE_WORDS[stage]), times) for stage, times in found.at_the_end)
    life = (
        (TAKEN_OVER, found.taken_over), (EVALUATED, found.evaluated), (ASKED, found.asked), (FOLLOWED, found.followed),
        (FOLLOWED_LATE, found.followed_late),
        (REVIEWED, found.reviewed), (CONFIRMED, found.confirmed), (AMENDED, found.amended),
    )  # fmt: skip
    proofs = (
        (OVERLAPS, found.overlaps), (GAPS, found.gaps), (STUCK, found.stuck), (OVERDUE, found.overdue),
    )  # fmt: skip
    says = (AGREEMENTS_HOLD if found.hold else AGREEMENTS_FAIL).fill(
        taken=found.taken_over, asked=found.asked, followed=found.followed, overlaps=found.overlaps,
        gaps=found.gaps, stuck=found.stuck + found.overdue,
    )  # fmt: skip
    return Section(
        "agreements", AGREEMENTS, says, COLUMNS, (*stages, *life, *proofs),
        Bars(tuple((name, times, times) for name, times in stages)), alarm=not found.hold,
    )  # fmt: skip


def reports_section(figures: Figures) -> Section | None:
    """The reports due, and what became of each; every one that did not come was asked for, or its case is closed."""
    found = figures.reports
    if not found.due + found.to_come + found.unasked:
        return None
    rows = (
        (DUE, found.due), (IN_TIME, found.in_time), (LATE, found.late), (ACCEPTED, found.accepted),
        (NOT_CARRIED_OUT, found.not_carried_out), (RECLAIMED, found.reclaimed), (AWAITED, found.awaited),
        (UNASKED, found.unasked), (TO_COME, found.to_come),
    )  # fmt: skip
    says = (REPORTS_FAIL if found.unasked else REPORTS_HOLD).fill(
        due=found.due, came=found.in_time + found.late, to_come=found.to_come, unasked=found.unasked
    )
    return Section("reports", REPORTS, says, COLUMNS, rows, alarm=found.unasked > 0)
