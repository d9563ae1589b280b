"""The conditions of the table of agreements, each with the sentence that says what would unblock it."""

from datetime import date

from parvis.states.agreement_facts import AgreementFacts
from parvis.states.agreement_stages import Review
from parvis.states.table import Guard
from parvis.states.words import Sentence

Facts = AgreementFacts

GRANTED = Guard[Facts](
    "granted",
    Sentence(
        "financée par un comité, ou reprise telle quelle", "funded by a committee, or taken over as it stood"
    ),
    lambda f: f.granted,
    Sentence(
        "Aucun comité n’a financé cette convention : enregistrer d’abord la décision sur son dossier.",
        "No committee has funded this agreement: record the decision on its case first.",
    ),
)
IN_FORCE = Guard[Facts](
    "in_force",
    Sentence("signée, commencée, ou suite d’une autre", "signed, begun, or following another"),
    lambda f: f.renews or f.starts_on <= f.today or (f.signed_on is not None and f.signed_on <= f.today),
    Sentence(
        "La convention n’est ni signée ni commencée : enregistrer la signature, ou attendre le {starts_on}.",
        "The agreement is neither signed nor begun: record the signature, or wait until {starts_on}.",
    ),
)
RENEWAL_TIME = Guard[Facts](
    "renewal_time",
    Sentence("première étape du renouvellement venue", "first step of the renewal come"),
    lambda f: f.renewal_opens_on is not None and f.renewal_opens_on <= f.today,
    Sentence(
        "Le renouvellement s’ouvre le {renewal_opens_on}. Un instructeur peut l’ouvrir avant, à la main.",
        "The renewal opens on {renewal_opens_on}. An instructor may open it earlier, by hand.",
    ),
)
NOT_OVER = Guard[Facts](
    "not_over",
    Sentence("convention pas encore échue", "agreement not yet over"),
    lambda f: f.today <= f.ends_on,
    Sentence(
        "La convention est échue depuis le {ends_on} : il est trop tard, constater sa fin.",
        "The agreement was over on {ends_on}: it is too late, record its end.",
    ),
)
OVER = Guard[Facts](
    "over",
    Sentence("dernier jour passé", "last day passed"),
    lambda f: f.today > f.ends_on,
    Sentence(
        "La convention court jusqu’au {ends_on} inclus. Pour y mettre fin avant, la résilier.",
        "The agreement runs until {ends_on} included. To end it earlier, terminate it.",
    ),
)
FOLLOWED = Guard[Facts](
    "followed",
    Sentence("la convention qui suit est en vigueur", "the agreement that follows is active"),
    lambda f: bool(f.successor),
    Sentence(
        "Aucune convention ne suit encore celle-ci : un comité doit d’abord financer la demande de renouvellement.",
        "No agreement follows this one yet: a committee has to fund the renewal request first.",
    ),
)
NO_REQUEST = Guard[Facts](
    "no_request",
    Sentence("aucune demande en cours", "no request under way"),
    lambda f: not f.request or f.request_closed,
    Sentence(
        "La demande de renouvellement existe déjà, au dossier {request} : la compléter là.",
        "The renewal request exists already, as case {request}: complete it there.",
    ),
)
NEVER_ASKED = Guard[Facts](
    "never_asked",
    Sentence("demande jamais écrite", "request never written"),
    lambda f: not f.request,
    Sentence(
        "Une demande a déjà été écrite, au dossier {request} : une personne décide d’en écrire une autre.",
        "A request was written already, as case {request}: a person decides whether to write another.",
    ),
)
REPORTS_IN = Guard[Facts](
    "reports_in",
    Sentence("bilans dus tous reçus", "every report due received"),
    lambda f: not f.awaited_reports,
    Sentence(
        "Bilans attendus avant toute nouvelle demande : {awaited_reports}. Les recevoir d’abord.",
        "Reports due before any new request: {awaited_reports}. Receive them first.",
    ),
)
CALL_TAKES = Guard[Facts](
    "call_takes_renewal",
    Sentence("un appel reçoit les renouvellements", "a call takes renewals"),
    lambda f: (
        bool(f.renewal_call) and (f.call_opens_on or date.min) <= f.today <= (f.call_closes_on or date.max)
    ),
    Sentence(
        "Aucun appel ne reçoit aujourd’hui ce renouvellement (« {renewal_call} », du {call_opens_on} au "
        "{call_closes_on}) : en ouvrir un, ou changer ses dates, dans le fichier du contrat.",
        "No call takes this renewal today (“{renewal_call}”, from {call_opens_on} to {call_closes_on}): open one, or "
        "change its dates, in the contract file.",
    ),
)
SIGNED_BY_NOW = Guard[Facts](
    "signed_by_now",
    Sentence("signée au plus tard aujourd’hui", "signed by today"),
    lambda f: f.given.on is not None and f.given.on <= f.today,
    Sentence(
        "Une signature à venir ne s’enregistre pas : la dater d’aujourd’hui ({today}) au plus tard.",
        "A signature to come is not recorded: date it today ({today}) at the latest.",
    ),
)
DOCUMENT_BROUGHT = Guard[Facts](
    "document_brought",
    Sentence("fichier joint", "file brought"),
    lambda f: bool(f.given.document),
    Sentence(
        "Joindre le fichier : sur la page de la convention, ou par « parvis agreement attach ».",
        "Bring the file: on the page of the agreement, or with “parvis agreement attach”.",
    ),
)
AMENDMENT_MADE = Guard[Facts](
    "amendment_made",
    Sentence("avenant déjà passé, s’il en est nommé un", "amendment made already, if one is named"),
    lambda f: f.given.amendment is None or 1 <= f.given.amendment <= f.amendments,
    Sentence(
        "Cet avenant n’existe pas (avenants passés : {amendments}). Le passer d’abord, puis joindre son document.",
        "There is no such amendment (amendments made: {amendments}). Make it first, then bring its document.",
    ),
)


def _by_today_if_said(f: Facts) -> bool:
    return f.given.on is None or f.given.on <= f.today


SIGNED_IF_SAID = Guard[Facts](
    "signed_if_said",
    Sentence("signature d’aujourd’hui au plus tard, si elle est dite", "signature by today, if said"),
    _by_today_if_said,
    Sentence(
        "Un document se date du jour où il a été signé, aujourd’hui ({today}) au plus tard.",
        "A document is dated from the day it was signed, today ({today}) at the latest.",
    ),
)
REASON_GIVEN = Guard[Facts](
    "reason_given",
    Sentence("motif indiqué", "reason given"),
    lambda f: bool(f.given.reason.strip()),
    Sentence("Indiquer le motif.", "Give the reason."),
)
ENDS_WITHIN = Guard[Facts](
    "ends_within",
    Sentence("dernier jour dans la convention", "last day within the agreement"),
    lambda f: f.given.on is None or f.starts_on <= f.given.on <= f.ends_on,
    Sentence(
        "Le dernier jour doit être entre le {starts_on} et le {ends_on}.",
        "The last day must be between {starts_on} and {ends_on}.",
    ),
)
YEAR_NAMED = Guard[Facts](
    "year_named",
    Sentence("une année de la convention", "a year of the agreement"),
    lambda f: f.year is not None,
    Sentence(
        "Nommer une année de la convention, par son rang : {year_numbers}.",
        "Name a year of the agreement, by its rank: {year_numbers}.",
    ),
)
YEAR_INDICATIVE = Guard[Facts](
    "year_indicative",
    Sentence("montants encore indicatifs", "amounts still indicative"),
    lambda f: f.year is None or not f.year.firm,
    Sentence(
        "Les montants de cette année sont déjà fermes. Années encore indicatives : {indicative_years}.",
        "The amounts of this year are firm already. Years still indicative: {indicative_years}.",
    ),
)
REVIEWED = Guard[Facts](
    "reviewed",
    Sentence("résultat de la revue dit, au plus tard aujourd’hui", "result of the review said, by today"),
    lambda f: f.given.result in set(Review) and (f.given.on is None or f.given.on <= f.today),
    Sentence(
        "Dire ce que conclut la revue (conforme, à ajuster, non tenue), tenue aujourd’hui ({today}) au plus tard.",
        "Say what the review concludes (as planned, to adjust, not kept), held today ({today}) at the latest.",
    ),
)
YEAR_BEGUN = Guard[Facts](
    "year_begun",
    Sentence("année commencée", "year begun"),
    lambda f: f.year is None or f.year.starts_on <= f.today,
    Sentence(
        "Cette année n’a pas commencé : sa revue se fait une fois qu’elle court.",
        "This year has not begun: it is reviewed once it runs.",
    ),
)
PAYMENT_DUE = Guard[Facts](
    "payment_due",
    Sentence("versement à faire", "a payment to make"),
    lambda f: bool(f.payable) and len(f.given.payment_ids) in (0, len(f.payable)),
    Sentence(
        "Rien n’est à verser à ce titre : le versement est fait, annulé, ou attend que son année soit ferme, commencée "
        "ou revue.",
        "Nothing of the kind is to be paid: it is paid, cancelled, or waits for its year to be firm, to begin or to be "
        "reviewed.",
    ),
)
PAID_BY_NOW = Guard[Facts](
    "paid_by_now",
    Sentence("versé au plus tard aujourd’hui", "paid by today"),
    _by_today_if_said,
    Sentence(
        "Un versement à venir ne s’enregistre pas : le dater d’aujourd’hui ({today}) au plus tard.",
        "A payment to come is not recorded: date it today ({today}) at the latest.",
    ),
)
PAID_KEPT = Guard[Facts](
    "paid_kept",
    Sentence("au moins ce qui est déjà versé ou accordé", "no less than what is paid or granted already"),
    lambda f: not f.kept_back,
    Sentence(
        "Un avenant ne reprend pas ce qui est déjà versé, mandaté ou accordé par le dossier ({kept_back}) : donner au "
        "moins autant. Pour reprendre ce qui est versé, demander un reversement.",
        "An amendment does not take back what is paid, ordered or granted by the case already ({kept_back}): give at "
        "least as much. To take back what is paid, ask for it to be paid back.",
    ),
)
APPROVAL_DATED = Guard[Facts](
    "approval_dated",
    Sentence("date de fin de l’agrément donnée", "end of the approval given"),
    lambda f: f.given.on is not None and f.given.on >= f.starts_on,
    Sentence(
        "Donner la date de fin de l’agrément, après le {starts_on}.",
        "Give the end date of the approval, after {starts_on}.",
    ),
)
CHANGES_SOMETHING = Guard[Facts](
    "changes_something",
    Sentence(
        "l’avenant change la fin ou les montants d’une année", "it changes the end, or the amounts of a year"
    ),
    lambda f: (
        (f.given.new_end is not None and f.given.new_end != f.ends_on)
        or (f.year is not None and bool(f.given.amounts))
    ),
    Sentence(
        "Un avenant change quelque chose : donner une nouvelle fin (aujourd’hui le {ends_on}), ou une année et ses "
        "montants.",
        "An amendment changes something: give a new end (now {ends_on}), or a year and its amounts.",
    ),
)
YEAR_KEPT = Guard[Facts](
    "year_kept",
    Sentence("montants d’une année de la convention amendée", "amounts of a year of the amended agreement"),
    lambda f: not f.given.amounts or f.given.year in f.amended_numbers,
    Sentence(
        "Des montants se donnent pour une année de la convention telle que l’avenant la laisse, par son rang : "
        "{amended_numbers}.",
        "Amounts are given for a year of the agreement as the amendment leaves it, by its rank: {amended_numbers}.",
    ),
)
END_AHEAD = Guard[Facts](
    "end_ahead",
    Sentence("nouvelle fin à venir, sans chevauchement", "new end ahead, without overlap"),
    lambda f: f.given.new_end is None or (f.given.new_end >= max(f.today, f.starts_on) and not f.overlaps),
    Sentence(
        "La nouvelle fin doit être aujourd’hui ({today}) ou après, sans chevaucher une autre convention du même objet "
        "({overlaps}).",
        "The new end must be today ({today}) or later, and overlap no other agreement for the same purpose "
        "({overlaps}).",
    ),
)
