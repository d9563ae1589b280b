"""What the dashboard says: titles, columns and the sentence to retain of each section."""

from parvis.states.stages import STAGE_WORDS, Stage
from parvis.states.words import Sentence

NOTHING = Sentence("Rien à compter pour l’instant.", "Nothing to count yet.")
NOBODY = Sentence("À personne", "Nobody’s")
FACT_SUBMITTED = Sentence("dossiers déposés", "cases submitted")
FACT_REQUESTED = Sentence("demandés", "requested")
FACT_MEDIAN = Sentence("jours à l’étape « déposé », médiane", "days at the stage “submitted”, median")
FACT_UNPAID = Sentence("versements en retard", "late payments")
FACT_LATE = Sentence("dossiers en retard", "late cases")
CASES = Sentence("{count} dossiers", "{count} cases")

FUNNEL = Sentence("Parcours des dossiers", "How far cases come")
FUNNEL_SAYS = Sentence(
    "{submitted} dossiers déposés, {funded} financés.", "{submitted} cases submitted, {funded} funded."
)
FUNNEL_COLUMNS = (
    Sentence("Étape", "Stage"),
    Sentence("Y sont passés", "Have been there"),
    Sentence("Y sont", "Are there"),
    Sentence("Demandé par ceux qui y sont", "Asked for by those there"),
)

DELAYS = Sentence("Délais par étape", "Time spent at each stage")
DELAYS_SAY = Sentence(
    "L’étape la plus longue est « {stage} » : {days} jours pour la moitié des dossiers, ou plus.",
    "The longest stage is “{stage}”: {days} days for half of the cases, or more.",
)
NOTHING_LEFT = Sentence("Aucun dossier n’a encore quitté une étape.", "No case has left a stage yet.")
MEDIAN = Sentence("jours, médiane", "days, median")
NINE_IN_TEN = Sentence("jours, neuf dossiers sur dix", "days, nine cases in ten")
DELAY_COLUMNS = (
    Sentence("Étape", "Stage"),
    Sentence("Passages terminés", "Visits ended"),
    Sentence("Médiane (jours)", "Median (days)"),
    Sentence("Neuf sur dix (jours)", "Nine in ten (days)"),
)

LATE = Sentence("Dossiers en retard", "Late cases")
LATE_SAYS = Sentence(
    "{count} dossiers ont dépassé un délai de leur étape ; voici les {shown} plus anciens.",
    "{count} cases are past a delay of their stage; here are the {shown} oldest.",
)
NONE_LATE = Sentence("Aucun dossier n’est en retard.", "No case is late.")
LATE_COLUMNS = (
    Sentence("Référence", "Reference"),
    Sentence("Action", "Action"),
    Sentence("Étape", "Stage"),
    Sentence("Instructeur", "Instructor"),
    Sentence("Depuis le", "Since"),
)

FUNDERS = Sentence("Enveloppes par financeur", "Envelopes by funder")
PLACES = Sentence("Montants par quartier", "Amounts by neighbourhood")
CHALLENGES = Sentence("Montants par défi", "Amounts by challenge")
FUNDER = Sentence("Financeur", "Funder")
PLACE = Sentence("Quartier", "Neighbourhood")
CHALLENGE = Sentence("Défi", "Challenge")
MONEY_SAYS = Sentence(
    "{committed} engagés sur {total} ; il reste {left}.", "{committed} committed of {total}; {left} are left."
)
ASKED_SAY = Sentence("{requested} demandés.", "{requested} requested.")
TWICE = Sentence(
    "Un dossier qui en concerne deux compte dans les deux.", "A case that concerns two counts in both."
)
COMMITTED, ENVELOPE = Sentence("engagé", "committed"), Sentence("enveloppe", "envelope")
GRANTED, REQUESTED = Sentence("accordé", "granted"), Sentence("demandé", "requested")
MONEY_COLUMNS = (
    Sentence("Dossiers", "Cases"),
    Sentence("Enveloppe", "Envelope"),
    Sentence("Réservé", "Reserved"),
    Sentence("Engagé", "Committed"),
    Sentence("Reste", "Left"),
    Sentence("Demandé", "Requested"),
    Sentence("Proposé", "Proposed"),
    Sentence("Accordé", "Granted"),
)

MAP = Sentence("Carte des quartiers", "Map of the neighbourhoods")
MAP_SAYS = Sentence(
    "C’est pour {place} que l’on demande le plus. Chaque carré est un quartier, sans dire où il se trouve.",
    "Most is asked for {place}. Each square is a neighbourhood; it does not say where it lies.",
)
MAP_COLUMNS = (
    Sentence("Dossiers", "Cases"),
    Sentence("Demandé", "Requested"),
    Sentence("Accordé", "Granted"),
)

LOAD = Sentence("Charge par instructeur", "Load by instructor")
LOAD_SAYS = Sentence("{open} dossiers sont ouverts.", "{open} cases are open.")
INSTRUCTOR = Sentence("Instructeur", "Instructor")
LATE_ONES, OPEN_ONES = Sentence("en retard", "late"), Sentence("ouverts", "open")
LOAD_COLUMNS = (
    *(STAGE_WORDS[each]
      for each in (Stage.SUBMITTED, Stage.INCOMPLETE, Stage.INSTRUCTED, Stage.COMMITTEE, Stage.FUNDED)),
    LATE_ONES,
)  # fmt: skip
