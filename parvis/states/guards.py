"""The conditions of the table of cases, each with the sentence that says what would unblock it."""

from datetime import date

from parvis.states.facts import Facts
from parvis.states.table import Guard
from parvis.states.words import Sentence

CALL_OPEN = Guard[Facts](
    "call_open",
    Sentence("appel ouvert le jour du dépôt", "call open on the day of the deposit"),
    lambda f: (f.opens_on or date.min) <= (f.deposited_on or f.today) <= (f.closes_on or date.max),
    Sentence(
        "L’appel n’est pas ouvert à cette date : dépôts du {opens_on} au {closes_on}.",
        "The call is not open on this date: deposits from {opens_on} to {closes_on}.",
    ),
)
IDENTIFIED = Guard[Facts](
    "organisation_identified",
    Sentence("porteur identifié", "applicant identified"),
    lambda f: f.organisation_identified,
    Sentence(
        "Le porteur n’est pas identifié : saisir son SIRET.",
        "The applicant is not identified: enter its SIRET.",
    ),
)
DOCUMENT_NAMED = Guard[Facts](
    "document_named",
    Sentence("au moins une pièce nommée", "at least one document named"),
    lambda f: bool(f.given.documents),
    Sentence("Nommer au moins une pièce.", "Name at least one document."),
)
NOTICE_DATE_AHEAD = Guard[Facts](
    "notice_date_ahead",
    Sentence("date d’expiration à venir", "expiry date ahead"),
    lambda f: f.given.due_on is None or f.given.due_on > f.today,
    Sentence(
        "La mise en demeure doit expirer après aujourd’hui ({today}).",
        "The formal notice must expire after today ({today}).",
    ),
)
REPLY_DATE_AHEAD = Guard[Facts](
    "reply_date_ahead",
    Sentence("date de réponse à venir", "reply date ahead"),
    lambda f: f.given.reply_by is None or f.given.reply_by > f.today,
    Sentence(
        "La date de réponse doit être après aujourd’hui ({today}).",
        "The reply date must be after today ({today}).",
    ),
)
REQUESTED_RECEIVED = Guard[Facts](
    "requested_received",
    Sentence("pièces demandées toutes reçues", "every requested document received"),
    lambda f: not f.requested_documents,
    Sentence(
        "Pièces demandées encore attendues : {requested_documents}. Les enregistrer dès leur réception.",
        "Requested documents still missing: {requested_documents}. Record them when they arrive.",
    ),
)
REPLY_DATE_PASSED = Guard[Facts](
    "reply_date_passed",
    Sentence("date de réponse passée", "reply date passed"),
    lambda f: f.reply_by is not None and f.today > f.reply_by,
    Sentence(
        "La date de réponse n’est pas passée : {reply_by}.",
        "The reply date has not passed: {reply_by}.",
    ),
)
STILL_AWAITED = Guard[Facts](
    "documents_still_awaited",
    Sentence("pièces demandées encore attendues", "requested documents still awaited"),
    lambda f: bool(f.requested_documents),
    Sentence(
        "Toutes les pièces demandées sont arrivées : déclarer le dossier complet.",
        "Every requested document has arrived: declare the case complete.",
    ),
)
REASON_GIVEN = Guard[Facts](
    "reason_given",
    Sentence("motif indiqué", "reason given"),
    lambda f: bool(f.given.reason.strip()),
    Sentence("Indiquer le motif.", "Give the reason."),
)
COMPLETE = Guard[Facts](
    "documents_complete",
    Sentence("pièces complètes", "documents complete"),
    lambda f: not f.missing_documents,
    Sentence(
        "Pièces manquantes : {missing_documents}. Les demander au porteur ou les enregistrer.",
        "Missing documents: {missing_documents}. Ask the applicant for them or record them.",
    ),
)
ELIGIBILITY_CHECKED = Guard[Facts](
    "eligibility_checked",
    Sentence("recevabilité vérifiée", "eligibility checked"),
    lambda f: f.eligibility_checked,
    Sentence(
        "La recevabilité n’a pas été vérifiée : la vérifier d’abord.",
        "Eligibility has not been checked: check it first.",
    ),
)
ASSESSED = Guard[Facts](
    "assessed",
    Sentence("grille d’évaluation remplie", "assessment grid filled"),
    lambda f: f.assessed,
    Sentence(
        "La grille d’évaluation n’est pas remplie : la remplir d’abord.",
        "The assessment grid is empty: fill it first.",
    ),
)
OPINIONS_IN = Guard[Facts](
    "opinions_in",
    Sentence("avis tous reçus, ou leur date passée", "every opinion received, or its date passed"),
    lambda f: not f.awaited_opinions or (f.opinions_due_at is not None and f.at >= f.opinions_due_at),
    Sentence(
        "Avis attendus : {awaited_opinions}, au plus tard le {opinions_due_on}.",
        "Opinions awaited: {awaited_opinions}, by {opinions_due_on}.",
    ),
)
AMOUNT_GRANTED = Guard[Facts](
    "amount_granted",
    Sentence("montant accordé indiqué", "amount granted given"),
    lambda f: sum(grant.amount_cents for grant in f.given.grants) > 0,
    Sentence("Indiquer le montant accordé par financeur.", "Give the amount granted by each funder."),
)
WITHIN_REQUEST = Guard[Facts](
    "within_request",
    Sentence("pas plus que demandé à chaque financeur", "no more than asked of each funder"),
    lambda f: not f.over_requested,
    Sentence(
        "Montant accordé supérieur au montant demandé : {over_requested}. Le réduire.",
        "More granted than requested: {over_requested}. Lower it.",
    ),
)
WITHIN_ENVELOPE = Guard[Facts](
    "within_envelope",
    Sentence("pas plus que le reste de chaque enveloppe", "no more than each envelope has left"),
    lambda f: not f.over_envelope,
    Sentence(
        "Enveloppe insuffisante : {over_envelope}. Réduire le montant, ou abonder l’enveloppe par un virement.",
        "Envelope too small: {over_envelope}. Lower the amount, or add to the envelope by a transfer.",
    ),
)
REPORT_ACCEPTED = Guard[Facts](
    "report_accepted",
    Sentence("bilan final accepté", "final report accepted"),
    lambda f: f.report_accepted,
    Sentence(
        "Le bilan final n’est pas accepté (attendu le {report_due_on}).",
        "The final report has not been accepted (due {report_due_on}).",
    ),
)
BALANCE_SETTLED = Guard[Facts](
    "balance_settled",
    Sentence("solde payé ou recouvré", "balance paid or recovered"),
    lambda f: f.balance_settled,
    Sentence(
        "Le solde n’est ni payé ni recouvré : le service financier doit le solder.",
        "The balance is neither paid nor recovered: finance has to settle it.",
    ),
)
NOTICE_EXPIRED_OR_NOT_DONE = Guard[Facts](
    "notice_expired_or_not_done",
    Sentence(
        "mise en demeure expirée, ou non-réalisation constatée",
        "formal notice expired, or non-realisation recorded",
    ),
    lambda f: f.not_carried_out or (f.notice_expires_on is not None and f.today > f.notice_expires_on),
    Sentence(
        "Il faut une mise en demeure expirée (échéance : {notice_expires_on}) ou une non-réalisation constatée.",
        "A formal notice must have expired (on {notice_expires_on}) or non-realisation be recorded.",
    ),
)
OPINION_ASKED = Guard[Facts](
    "opinion_asked",
    Sentence("avis attendu de ce financeur", "opinion awaited from this funder"),
    lambda f: f.given.funder_id in f.awaited_funders,
    Sentence(
        "Aucun avis n’est attendu de ce financeur, ou il est déjà donné. Avis attendus : {awaited_opinions}.",
        "No opinion is awaited from this funder, or it was given already. Awaited: {awaited_opinions}.",
    ),
)
OPINION_GIVEN = Guard[Facts](
    "opinion_given",
    Sentence("avis indiqué", "opinion given"),
    lambda f: bool(f.given.opinion),
    Sentence(
        "Indiquer l’avis : favorable, réservé ou défavorable.",
        "Give the opinion: favourable, reserved or unfavourable.",
    ),
)
CLOCK_DUE = Guard[Facts](
    "clock_running",
    Sentence("délai de silence en cours", "statutory clock running"),
    lambda f: f.clock_started_on is not None and f.clock_paused_on is None,
    Sentence("Le délai de silence ne court pas.", "The statutory clock is not running."),
)
REPORT_RECEIVED = Guard[Facts](
    "report_received",
    Sentence("bilan reçu", "report received"),
    lambda f: f.report_received_on is not None,
    Sentence(
        "Le bilan n’est pas reçu (attendu le {report_due_on}).",
        "The report has not been received (due {report_due_on}).",
    ),
)
FUNDERS_TO_ASK = Guard[Facts](
    "funders_to_ask",
    Sentence("au moins un financeur à consulter", "at least one funder to consult"),
    lambda f: bool(f.given.funder_ids),
    Sentence(
        "Aucun financeur du dossier n’est à consulter : en nommer un.",
        "No funder of this case is to be consulted: name one.",
    ),
)
SCORED = Guard[Facts](
    "score_given",
    Sentence("note de 0 à 100", "score from 0 to 100"),
    lambda f: f.given.score is not None and 0 <= f.given.score <= 100,
    Sentence("Donner une note de 0 à 100.", "Give a score from 0 to 100."),
)
OFFICER_NAMED = Guard[Facts](
    "officer_named",
    Sentence("instructeur nommé", "instructor named"),
    lambda f: f.given.instructor_id is not None,
    Sentence("Nommer l’instructeur.", "Name the instructor."),
)
LATER_REPLY_DATE = Guard[Facts](
    "later_reply_date",
    Sentence("date de réponse plus tardive", "later reply date"),
    lambda f: f.given.reply_by is not None and f.given.reply_by > max(f.today, f.reply_by or f.today),
    Sentence(
        "Donner une date de réponse plus tardive que {reply_by}.",
        "Give a reply date later than {reply_by}.",
    ),
)
DOCUMENT_TO_SIGN = Guard[Facts](
    "document_to_sign",
    Sentence("document établi, désigné par son empreinte", "a document made, named by its fingerprint"),
    lambda f: bool(f.given.signed_document and f.given.sha256),
    Sentence(
        "Une signature s’enregistre sur un document du dossier : « parvis case sign » le désigne.",
        "A signature is recorded on a document of the case: “parvis case sign” names it.",
    ),
)
FILE_NAMED = Guard[Facts](
    "file_named",
    Sentence("fichier joint, désigné par son empreinte", "a file attached, named by its fingerprint"),
    lambda f: bool(f.given.signed_document and f.given.sha256),
    Sentence(
        "Un fichier se retire depuis la liste des pièces du dossier, en disant pourquoi.",
        "A file is taken off from the list of documents of the case, with the reason.",
    ),
)
SIGNED_BY_NOW = Guard[Facts](
    "signed_by_now",
    Sentence("signé au plus tard aujourd’hui", "signed by today"),
    lambda f: f.given.signed_on is not None and f.given.signed_on <= f.today,
    Sentence(
        "Une signature à venir ne s’enregistre pas : la dater d’aujourd’hui ({today}) au plus tard.",
        "A signature to come is not recorded: date it today ({today}) at the latest.",
    ),
)
NOT_ANONYMISED = Guard[Facts](
    "not_anonymised",
    Sentence("dossier pas encore anonymisé", "case not anonymised yet"),
    lambda f: not f.anonymised,
    Sentence(
        "Sa durée de conservation est passée : ce dossier est anonymisé et ne reprend plus. Déposer une autre demande.",
        "The time it is kept for is over: this case is anonymised and cannot go on. Submit a new request.",
    ),
)
