"""The conditions of interim reports: whether one is awaited, here, and whether another may be asked for."""

from parvis.states.facts import Facts
from parvis.states.table import Guard
from parvis.states.words import Sentence

INTERIM_AWAITED = Guard[Facts](
    "interim_awaited",
    Sentence("bilan intermédiaire attendu", "interim report awaited"),
    lambda f: f.interim_due_on is not None,
    Sentence(
        "Aucun bilan intermédiaire n’est attendu de cette action : l’instructeur peut en demander un.",
        "No interim report is awaited of this action: the officer can ask for one.",
    ),
)
INTERIM_RECEIVED = Guard[Facts](
    "interim_received",
    Sentence("bilan intermédiaire reçu", "interim report received"),
    lambda f: f.interim_received_on is not None,
    Sentence(
        "Aucun bilan intermédiaire n’est arrivé : le porteur l’envoie de sa page, ou vous l’enregistrez pour lui.",
        "No interim report has arrived: the applicant sends it from its page, or you record it for them.",
    ),
)
NONE_AWAITED = Guard[Facts](
    "no_interim_awaited",
    Sentence("aucun autre bilan attendu", "no other report awaited"),
    lambda f: f.interim_due_on is None and f.report_received_on is None,
    Sentence(
        "Un bilan est déjà attendu ou arrivé : le lire, l’accepter ou en dispenser d’abord.",
        "A report is awaited or here already: read it, accept it or waive it first.",
    ),
)
INTERIM_DATE_AHEAD = Guard[Facts](
    "interim_date_ahead",
    Sentence("date à venir", "date ahead"),
    lambda f: f.given.due_on is None or f.given.due_on > f.today,
    Sentence(
        "Le bilan intermédiaire se demande pour un jour après aujourd’hui ({today}).",
        "An interim report is asked for by a day after today ({today}).",
    ),
)
