"""The conditions on renewing last year's action, each with the sentence that says what would unblock it."""

from parvis.states.facts import Facts
from parvis.states.renewals import Renewal
from parvis.states.table import Guard
from parvis.states.words import Sentence

_UNKNOWN = Renewal(0)


def _of(facts: Facts) -> Renewal:
    return facts.given.renewal or _UNKNOWN


NOT_OF_AGREEMENT = Guard[Facts](
    "not_of_agreement",
    Sentence("action d’un an, hors convention", "an action of one year, of no agreement"),
    lambda f: not _of(f).of_agreement,
    Sentence(
        "Ce dossier est celui d’une convention de plusieurs années : elle se renouvelle de sa propre page.",
        "This case is that of an agreement of several years, which is renewed from its own page.",
    ),
)
NOT_RENEWED = Guard[Facts](
    "renewed_already",
    Sentence("pas encore reconduite", "not renewed yet"),
    lambda f: not _of(f).follower,
    Sentence(
        "Cette action est déjà reconduite, au dossier {follower} : le compléter là.",
        "This action is renewed already, as case {follower}: complete it there.",
    ),
)
REPORTS_IN = Guard[Facts](
    "reports_in",
    Sentence("bilans dus tous reçus", "every report due received"),
    lambda f: not _of(f).awaited,
    Sentence(
        "Bilans attendus avant toute nouvelle demande : {awaited_reports}. Les recevoir d’abord.",
        "Reports due before any new request: {awaited_reports}. Receive them first.",
    ),
)
CALL_TAKES = Guard[Facts](
    "call_takes_renewal",
    Sentence(
        "un appel de l’année suivante reçoit les reconductions", "a call of the next year takes renewals"
    ),
    lambda f: bool(_of(f).call),
    Sentence(
        "Aucun appel ne reçoit de reconduction pour {renewal_year} aujourd’hui : en ouvrir un dans le fichier du "
        "contrat.",
        "No call takes a renewal for {renewal_year} today: open one in the contract file.",
    ),
)
MAY_BE_RENEWED = (NOT_OF_AGREEMENT, NOT_RENEWED, REPORTS_IN, CALL_TAKES)
