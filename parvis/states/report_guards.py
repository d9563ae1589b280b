"""The conditions of what comes after the decision: reports, their dates, payments, the evaluation."""

from parvis.states.facts import Facts
from parvis.states.table import Guard
from parvis.states.words import Sentence

REPORTS_IN = Guard[Facts](
    "previous_reports_in",
    Sentence("aucun bilan en retard", "no report is late"),
    lambda f: not f.given.late_reports,
    Sentence(
        "Un bilan est en retard : {late_reports}. L’envoyer d’abord, ou dire que l’action n’a pas eu lieu ou qu’elle "
        "change de dates ; la demande pourra alors être déposée.",
        "A report is late: {late_reports}. Send it first, or say that the action did not take place or that its dates "
        "change; the request can then be submitted.",
    ),
)
REPORT_OPEN = Guard[Facts](
    "report_open",
    Sentence("bilan ni accepté, ni remplacé par une non-réalisation", "report not settled yet"),
    lambda f: not f.report_accepted and not f.not_carried_out,
    Sentence(
        "Rien n’est plus attendu de cette action : son bilan est accepté, ou sa non-réalisation constatée. Écrire à "
        "l’instructeur s’il faut y revenir.",
        "Nothing more is awaited of this action: its report is accepted, or it was not carried out. Write to the "
        "officer if that has to change.",
    ),
)
REPORT_NOT_ACCEPTED = Guard[Facts](
    "report_not_accepted",
    Sentence("bilan pas encore accepté", "report not accepted yet"),
    lambda f: not f.report_accepted,
    Sentence(
        "Le bilan est déjà accepté : le dossier peut être évalué.",
        "The report is accepted already: the case can be evaluated.",
    ),
)
CORRECTIONS_DATE_AHEAD = Guard[Facts](
    "corrections_date_ahead",
    Sentence("date des corrections à venir", "date of the corrections ahead"),
    lambda f: f.given.due_on is None or f.given.due_on > f.today,
    Sentence(
        "Les corrections s’attendent pour un jour après aujourd’hui ({today}).",
        "Corrections are expected by a day after today ({today}).",
    ),
)
LATER_END = Guard[Facts](
    "later_end_given",
    Sentence("nouvelle fin de l’action, plus tardive", "a later end of the action"),
    lambda f: (
        f.given.ends_on is not None
        and f.given.ends_on > (f.ends_on or f.today)
        and (f.given.starts_on is None or f.given.starts_on <= f.given.ends_on)
    ),
    Sentence(
        "Donner une fin plus tardive que {ends_on}, et un début qui la précède.",
        "Give an end later than {ends_on}, and a start before it.",
    ),
)
NEW_DATES_ASKED = Guard[Facts](
    "new_dates_asked",
    Sentence("nouvelles dates demandées", "new dates asked for"),
    lambda f: f.new_ends_on is not None,
    Sentence(
        "Aucun changement de dates n’est demandé : le porteur le demande de sa page.",
        "No change of dates is asked for: the applicant does so from its page.",
    ),
)
PAYMENT_DUE = Guard[Facts](
    "payment_due",
    Sentence("versement à faire", "a payment to make"),
    lambda f: bool(f.given.paying),
    Sentence(
        "Rien n’est à verser à ce titre : le versement est fait, annulé, ou attend le bilan.",
        "Nothing of the kind is to be paid: it is paid, cancelled, or waits for the report.",
    ),
)
EVALUATION_SCORED = Guard[Facts](
    "evaluation_scored",
    Sentence("grille d’évaluation finale remplie", "final evaluation grid filled in"),
    lambda f: f.given.score is not None and 0 <= f.given.score <= 100,
    Sentence(
        "Remplir la grille d’évaluation : des points pour chaque critère.",
        "Fill in the evaluation grid: points for each criterion.",
    ),
)
CONCLUSION_GIVEN = Guard[Facts](
    "conclusion_given",
    Sentence("conclusion écrite", "conclusion written"),
    lambda f: bool(f.given.reason.strip()),
    Sentence(
        "Écrire la conclusion de l’évaluation : le porteur la lira.",
        "Write the conclusion of the evaluation: the applicant will read it.",
    ),
)
