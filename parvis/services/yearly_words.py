"""What the yearly evaluation says: titles, columns, names of instruments and the sentences to retain."""

from parvis.states.contract import Instrument
from parvis.states.words import Sentence

INSTRUMENT_WORDS: dict[str, Sentence] = {
    Instrument.AGREEMENT: Sentence("Conventions de trois ans", "Three-year agreements"),
    Instrument.ANNUAL: Sentence("Appel annuel", "Annual call"),
    Instrument.SPECIFIC: Sentence("Appels particuliers", "Specific calls"),
}

NOTHING = Sentence("Aucune action n’a été proposée en {year}.", "No action was proposed in {year}.")
TOGETHER = Sentence("Ensemble", "All together")
NO_CHALLENGE = Sentence("Sans défi", "Without challenge")
NO_NEIGHBOURHOOD = Sentence("Sans quartier", "Without neighbourhood")
NO_FUNDER = Sentence("Demandé sans nommer de financeur", "Asked of no funder by name")
HOW_COUNTED = Sentence(
    "L’année est celle de l’appel. Une action qui répond à plusieurs défis, sert plusieurs quartiers ou reçoit de "
    "plusieurs financeurs compte en entier dans chacun ; la ligne « Ensemble » ne la compte qu’une fois. L’argent d’un "
    "financeur est le sien seul. Accordé : actions financées, y compris celles qui rendent ensuite ce qu’elles ont "
    "reçu. Versé : versements faits, moins ce qui a été rendu. Dépensé et personnes touchées : bilans finaux acceptés.",
    "The year is that of the call. An action that answers several challenges, serves several neighbourhoods or "
    "receives from several funders counts whole in each; the line “All together” counts it once. A funder’s money is "
    "its own only. Granted: funded actions, those that give back what they received included. Paid: payments made, "
    "less what was paid back. Spent and people reached: accepted final reports.",
)

FACT_PROPOSED = Sentence("actions proposées", "actions proposed")
FACT_FUNDED = Sentence("actions financées", "actions funded")
FACT_REQUESTED = Sentence("demandés", "asked for")
FACT_GRANTED = Sentence("accordés", "granted")
FACT_PAID = Sentence("versés", "paid")
FACT_PEOPLE = Sentence("personnes touchées, selon les bilans", "people reached, as reports say")

SUMMARY_FIRST = Sentence(
    "En {year}, on a proposé {proposed} ; {funded}. {granted} sont accordés sur {requested} demandés.",
    "In {year}, {proposed} were proposed; {funded}. {granted} are granted of {requested} asked for.",
)
NONE_FUNDED = Sentence("aucune n’est financée", "none is funded")
ONE_FUNDED = Sentence("une est financée", "one is funded")
SOME_FUNDED = Sentence("{count} sont financées", "{count} are funded")
SUMMARY_MORE = Sentence(
    "C’est {difference} de plus qu’en {before} ({percent}).",
    "That is {difference} more than in {before} ({percent}).",
)
SUMMARY_LESS = Sentence(
    "C’est {difference} de moins qu’en {before} ({percent}).",
    "That is {difference} less than in {before} ({percent}).",
)
SUMMARY_FROM_NOTHING = Sentence(
    "Rien n’avait été accordé en {before}.", "Nothing had been granted in {before}."
)
SUMMARY_SAME = Sentence("C’est autant qu’en {before}.", "That is as much as in {before}.")
SUMMARY_MOST = Sentence(
    "Le défi le mieux doté est « {challenge} » ({granted}) ; le quartier, {place} ({in_place}).",
    "The challenge granted most is “{challenge}” ({granted}); the neighbourhood, {place} ({in_place}).",
)
SUMMARY_REPORTS = Sentence(
    "Bilans acceptés : {reports} sur {funded} actions financées ; {done} touchées pour {planned} prévues, {spent} "
    "dépensés.",
    "Accepted reports: {reports} of {funded} funded actions; {done} reached for {planned} planned, {spent} spent.",
)
SUMMARY_NO_REPORT = Sentence(
    "Aucun bilan final n’est encore accepté : ce que les actions ont fait n’est pas encore connu.",
    "No final report is accepted yet: what the actions did is not known yet.",
)
SUMMARY_PAIRS = Sentence(
    "Sur {all} croisements d’un quartier et d’un défi : {none} sans aucune proposition, {unfunded} avec des "
    "propositions dont aucune n’est financée.",
    "Of {all} crossings of a neighbourhood and a challenge: {none} without any proposal, {unfunded} with proposals "
    "none of which is funded.",
)
ONE_ACTION, ACTIONS = Sentence("1 action", "1 action"), Sentence("{count} actions", "{count} actions")
ONE_PERSON, PEOPLE = Sentence("1 personne", "1 person"), Sentence("{count} personnes", "{count} people")

COMPARED = Sentence("{year} et {before}", "{year} and {before}")
NOT_COMPARED = Sentence(
    "Aucune action n’a été proposée en {before} : il n’y a rien à comparer.",
    "No action was proposed in {before}: there is nothing to compare with.",
)
COMPARED_SAYS = Sentence(
    "{granted} accordés en {year}, {earlier} en {before}.",
    "{granted} granted in {year}, {earlier} in {before}.",
)
COMPARED_COLUMNS = (
    Sentence("Chiffre", "Figure"), Sentence("{year}", "{year}"), Sentence("{before}", "{before}"),
    Sentence("Écart", "Difference"), Sentence("Écart en %", "Difference in %"),
)  # fmt: skip

CHALLENGES = Sentence("Ce qu’ont reçu les défis", "What the challenges got")
NEIGHBOURHOODS = Sentence("Ce qu’ont reçu les quartiers", "What the neighbourhoods got")
FUNDERS = Sentence("L’apport des financeurs", "What the funders brought")
INSTRUMENTS = Sentence("Par quel moyen", "By which instrument")
CHALLENGE, NEIGHBOURHOOD = Sentence("Défi", "Challenge"), Sentence("Quartier", "Neighbourhood")
FUNDER, INSTRUMENT = Sentence("Financeur", "Funder"), Sentence("Moyen", "Instrument")
MOST_GRANTED = Sentence("En tête : {name}, {granted} accordés.", "First: {name}, {granted} granted.")
NONE_GRANTED = Sentence("Rien n’est encore accordé.", "Nothing is granted yet.")
MONEY_COLUMNS = (
    Sentence("Proposées", "Proposed"), Sentence("Financées", "Funded"), Sentence("Évaluées", "Evaluated"),
    Sentence("Non réalisées", "Not carried out"), Sentence("Demandé", "Asked for"), Sentence("Accordé", "Granted"),
    Sentence("Versé", "Paid"), Sentence("Dépensé", "Spent"), Sentence("Accordé en {before}", "Granted in {before}"),
)  # fmt: skip
GRANTED, REQUESTED = Sentence("accordé", "granted"), Sentence("demandé", "asked for")

PEOPLE_BY = {
    "defis": Sentence("Publics par défi", "People by challenge"),
    "quartiers": Sentence("Publics par quartier", "People by neighbourhood"),
    "financeurs": Sentence("Publics par financeur", "People by funder"),
    "moyens": Sentence("Publics par moyen", "People by instrument"),
}
PEOPLE_SAYS = Sentence(
    "Les actions financées prévoyaient {planned} ; les bilans acceptés en comptent {done}.",
    "Funded actions planned {planned}; accepted reports count {done}.",
)
PEOPLE_COLUMNS = (
    Sentence("Bilans acceptés", "Accepted reports"), Sentence("Personnes prévues", "People planned"),
    Sentence("dont par les actions au bilan accepté", "of which by actions with an accepted report"),
    Sentence("Personnes touchées", "People reached"),
    Sentence("% des quartiers, prévu", "% of the neighbourhoods, planned"),
    Sentence("% des quartiers, constaté", "% of the neighbourhoods, found"),
    Sentence("Coût par personne, prévu", "Cost per person, planned"),
    Sentence("Coût par personne, constaté", "Cost per person, found"),
    Sentence("% femmes et filles", "% women and girls"), Sentence("% moins de 26 ans", "% under 26"),
)  # fmt: skip
REACHED, PLANNED = Sentence("touchées", "reached"), Sentence("prévues", "planned")

RUNNING = Sentence("Les conventions en cours", "The agreements in force")
RUNNING_SAYS = Sentence(
    "En {year}, les conventions de plusieurs années reçoivent {amount}, dont {firm} fermes ; {paid} en sont versés. "
    "La première année d’une convention est aussi dans ce que son appel accorde.",
    "In {year}, agreements of several years receive {amount}, {firm} of it firm; {paid} of it is paid. The first year "
    "of an agreement is also in what its call grants.",
)
RUNNING_COLUMNS = (
    Sentence("Conventions", "Agreements"), Sentence("Ferme", "Firm"), Sentence("Indicatif", "Indicative"),
    Sentence("Pour l’année", "For the year"), Sentence("Versé", "Paid"),
)  # fmt: skip
FIRM, OF_YEAR = Sentence("ferme", "firm"), Sentence("pour l’année", "for the year")

MATRIX = Sentence("Quartiers et défis", "Neighbourhoods and challenges")
UNANSWERED = Sentence("Ce à quoi personne n’a répondu", "What nobody answered")
ALL_ANSWERED = Sentence(
    "Chaque défi a une action financée dans chaque quartier.",
    "Each challenge has a funded action in each neighbourhood.",
)
UNANSWERED_COLUMNS = (
    Sentence("Défi", "Challenge"), Sentence("Aucune proposition", "No proposal"),
    Sentence("Proposée, aucune financée", "Proposed, none funded"),
)  # fmt: skip
EVERYWHERE = Sentence("tous les quartiers", "all neighbourhoods")
ACTIONS_TITLE = Sentence("Les actions", "The actions")
YES = Sentence("oui", "yes")
CROSSING_COLUMNS = (
    NEIGHBOURHOOD, CHALLENGE, Sentence("Intitulé", "Label"), Sentence("Proposées", "Proposed"),
    Sentence("Financées", "Funded"), Sentence("Accordé", "Granted"),
)  # fmt: skip
ACTION_COLUMNS = (
    Sentence("Référence", "Reference"), Sentence("Action", "Action"), Sentence("Porteur", "Applicant"),
    Sentence("Appel", "Call"), INSTRUMENT, Sentence("Étape", "Stage"), Sentence("Non réalisée", "Not carried out"),
    Sentence("Quartiers", "Neighbourhoods"), Sentence("Défis", "Challenges"), Sentence("Demandé", "Asked for"),
    Sentence("Accordé", "Granted"), Sentence("Versé", "Paid"), Sentence("Dépensé", "Spent"),
    Sentence("Personnes prévues", "People planned"), Sentence("Personnes touchées", "People reached"),
)  # fmt: skip
