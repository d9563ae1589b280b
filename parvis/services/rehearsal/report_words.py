"""Everything the report of a rehearsal says, in both languages."""

from parvis.states.words import Sentence

TITLE = Sentence("Répétition : {call}", "Rehearsal: {call}")
TITLE_OF_SEVERAL = Sentence("Répétition : {count} appels", "Rehearsal: {count} calls")
SUBTITLE = Sentence(
    "{contract} · du {first} au {last} · {cases} dépôts prévus · graine {seed}",
    "{contract} · from {first} to {last} · {cases} deposits planned · seed {seed}",
)
NOTE = Sentence(
    "Porteurs, instructeurs et financeurs sont inventés ; les règles, les lettres, les échéances et les contrôles "
    "sont ceux de l’application. Rien n’a été envoyé. La même graine redonne le même rapport.",
    "Applicants, officers and funders are invented; rules, letters, deadlines and checks are those of the "
    "application. Nothing was sent. The same seed gives the same report again.",
)
CONTENTS = Sentence("Dans ce rapport", "In this report")
SHOW_TABLE = Sentence("Voir le tableau ({count} lignes)", "Show the table ({count} rows)")
PERCENT = Sentence("{percent} %", "{percent}%")

DEPOSITED = Sentence("dossiers déposés", "cases deposited")
FUNDED = Sentence("actions financées", "actions funded")
GRANTED = Sentence("accordé", "granted")
LETTERS_LEFT = Sentence("lettres envoyées", "letters sent")
STUCK_CASES = Sentence("dossiers oubliés", "forgotten cases")
OVER_CAPACITY = Sentence("séances trop petites", "sessions too small")

STUCK = Sentence("Dossiers que personne n’aurait fait avancer", "Cases nobody would have moved")
NONE_STUCK = Sentence(
    "Aucun : une échéance rappelle chaque dossier ouvert, et tous ont bougé depuis moins de {days} jours.",
    "None: a deadline recalls every open case, and all of them moved less than {days} days ago.",
)
SOME_STUCK = Sentence(
    "{count} dossiers sans échéance à venir, ou sans mouvement depuis plus de {days} jours.",
    "{count} cases with no deadline ahead, or not moved for more than {days} days.",
)
CASE = Sentence("Dossier", "Case")
ORGANISATION = Sentence("Porteur", "Applicant")
STAGE = Sentence("Stade", "Stage")
OFFICER = Sentence("Instructeur", "Instructor")
OWNER = Sentence("À qui d’agir", "Whose turn")
MOVED_ON = Sentence("Dernier mouvement", "Last move")
RECALLED = Sentence("Échéance", "Deadline")
NOBODY = Sentence("personne", "nobody")
TIMERS_LEFT = Sentence("à venir", "ahead")
NO_TIMER = Sentence("aucune", "none")

FUNNEL = Sentence("Ce que deviennent les dépôts", "What becomes of deposits")
FUNNEL_SAYS = Sentence(
    "{deposited} déposés, {funded} financés, {closed} clos par leur bilan ; {open} encore ouverts à la fin.",
    "{deposited} deposited, {funded} funded, {closed} closed by their report; {open} still open at the end.",
)
WHERE = Sentence("Étape", "Step")
CASES = Sentence("Dossiers", "Cases")
SHARE = Sentence("Part", "Share")

WAVES = Sentence("Vagues et décisions", "Waves and decisions")
WAVES_FINE = Sentence(
    "Chaque dossier décidé l’a été au plus tard par le comité de sa vague.",
    "Every decided case was decided by the committee of its wave at the latest.",
)
WAVES_LATE = Sentence(
    "{count} dossiers n’ont pas atteint le comité de leur vague.",
    "{count} cases did not reach the committee of their wave.",
)
WAVE = Sentence("Vague", "Wave")
NO_WAVE = Sentence("sans vague", "no wave")
DECIDES_ON = Sentence("Comité", "Committee")
DEPOSITS = Sentence("Dépôts", "Deposits")
ON_TIME = Sentence("Décidés à temps", "Decided in time")
LATER = Sentence("Décidés plus tard", "Decided later")
CLOSED_BEFORE = Sentence("Clos sans décision", "Closed undecided")
UNDECIDED = Sentence("En attente", "Waiting")

LETTERS = Sentence("Lettres par jour", "Letters a day")
LETTERS_SAYS = Sentence(
    "{count} lettres, {mean} par jour d’envoi en moyenne ; {most} le jour le plus chargé, le {busiest}.",
    "{count} letters, {mean} on an average sending day; {most} on the busiest, {busiest}.",
)
MONTH = Sentence("Mois", "Month")
DAYS_WITH = Sentence("Jours d’envoi", "Sending days")
MOST_A_DAY = Sentence("Au plus en un jour", "Most in a day")

KINDS = Sentence("Lettres par sorte", "Letters by kind")
KINDS_SAYS = Sentence(
    "{failed} lettres impossibles à remettre ; {phoned} porteurs appelés au téléphone à la place.",
    "{failed} letters impossible to deliver; {phoned} applicants called on the telephone instead.",
)
LETTER = Sentence("Lettre", "Letter")
SENT = Sentence("Envoyées", "Sent")
GATHERED = Sentence("Dans un récapitulatif", "In a digest")
FAILED = Sentence("Impossibles", "Impossible")
OWED = Sentence("À envoyer", "Owed")

LOAD = Sentence("Charge par instructeur", "Load by instructor")
LOAD_SAYS = Sentence(
    "Le plus chargé : {name}, {count} dossiers à décider la semaine du {week}.",
    "The fullest desk: {name}, {count} cases to decide in the week of {week}.",
)
MOVES = Sentence("Actes", "Moves")
MOST_MOVES = Sentence("Au plus en une semaine", "Most in a week")
IN_WEEK = Sentence("Semaine du", "Week of")
MOST_OPEN = Sentence("Dossiers ouverts, au plus", "Open cases, at most")

DELAYS = Sentence("Délais", "Delays")
DELAYS_SAY = Sentence(
    "Du dépôt à la décision : {median} jours pour la moitié des dossiers, {ninth} pour neuf sur dix.",
    "From deposit to decision: {median} days for half of the cases, {ninth} for nine in ten.",
)
NO_DECISION = Sentence("Aucun dossier n’a été décidé.", "No case was decided.")
DELAY = Sentence("Délai, en jours", "Delay, in days")
TIMES = Sentence("Fois", "Times")
MEDIAN = Sentence("Médiane", "Median")
NINTH = Sentence("90 %", "90%")

MISSED = Sentence("Échéances dépassées", "Deadlines missed")
MISSED_SAY = Sentence(
    "{count} échéances dépassées, dont {silence} refus nés du silence de l’administration ; {forgotten} oublis.",
    "{count} deadlines missed, of which {silence} refusals born of silence; {forgotten} slips of mind.",
)
NONE_MISSED = Sentence("Aucune échéance dépassée.", "No deadline was missed.")
DEADLINE = Sentence("Échéance", "Deadline")
MEANING = Sentence("Ce qui s’est passé", "What happened")
SITTINGS = Sentence("Comités", "Committees")
SITTINGS_FINE = Sentence(
    "{count} séances, aucune au-delà de sa capacité.", "{count} sessions, none over capacity."
)
SITTINGS_OVER = Sentence(
    "{over} séances sur {count} trop petites : {away} dossiers n’ont pas trouvé place à la première qui les attendait.",
    "{over} of {count} sessions too small: {away} cases found no room at the first that awaited them.",
)
COMMITTEE = Sentence("Comité", "Committee")
HELD_ON = Sentence("Séance", "Session")
SCHEDULED = Sentence("Inscrits", "Scheduled")
CAPACITY = Sentence("Capacité", "Capacity")
NO_LIMIT = Sentence("sans limite", "no limit")
OVER = Sentence("En trop", "Over")
TURNED_AWAY = Sentence("Sans place", "No room")
ADVISED_THERE = Sentence("Avis", "Advised")
FUNDED_THERE = Sentence("Financés", "Funded")
REJECTED_THERE = Sentence("Rejetés", "Rejected")
PUT_OFF = Sentence("Reportés ou retirés", "Deferred or withdrawn")
QUORUM = Sentence("Quorum", "Quorum")

MONEY = Sentence("Argent demandé et accordé", "Money asked and granted")
MONEY_SAYS = Sentence(
    "{requested} demandés, {granted} accordés ; {mean} par action financée en moyenne.",
    "{requested} asked, {granted} granted; {mean} per funded action on average.",
)
FUNDER = Sentence("Financeur", "Funder")
REQUESTED = Sentence("Demandé", "Asked")
GIVEN = Sentence("Accordé", "Granted")
GRANTS = Sentence("Actions", "Actions")
ENVELOPE = Sentence("Enveloppe", "Envelope")
LEFT = Sentence("Reste", "Left")
NO_ENVELOPE = Sentence("sans", "none")

OPINIONS = Sentence("Avis des financeurs", "Funders’ opinions")
OPINIONS_SAY = Sentence(
    "{asked} avis demandés, {never} jamais rendus.", "{asked} opinions asked, {never} never given."
)
ASKED = Sentence("Demandés", "Asked")
IN_TIME = Sentence("À temps", "In time")
LATE = Sentence("En retard", "Late")
NEVER = Sentence("Jamais", "Never")

REFUSED = Sentence("Ce qui a été refusé", "What was refused")
REFUSED_SAY = Sentence(
    "{files} dépôts refusés à l’entrée ; {moves} actes refusés par les règles.",
    "{files} deposits refused at the door; {moves} moves refused by the rules.",
)
AT_THE_DOOR = Sentence("dépôt", "deposit")
WHAT = Sentence("Quoi", "What")
WHY = Sentence("Pourquoi", "Why")
FILE = Sentence("Fichier", "File")
PROOFS = Sentence("Preuves", "Proofs")
PROOFS_HOLD = Sentence(
    "Le journal est intact ({lines} lignes), les enveloppes tombent juste, rien de dû n’est resté en plan.",
    "The journal is sound ({lines} lines), envelopes add up, nothing due was left undone.",
)
PROOFS_FAIL = Sentence(
    "Un contrôle échoue sur {lines} lignes de journal : le signaler, c’est un défaut de l’application.",
    "A check fails over {lines} lines of the journal: report it, it is a fault of the application.",
)
CHECKED = Sentence("Contrôle", "Check")
FAULTS = Sentence("Fautes", "Faults")
JOURNAL = Sentence("Chaîne du journal, dossier par dossier", "Chain of the journal, case by case")
ENVELOPES = Sentence("Enveloppes égales à leur registre", "Envelopes equal to their ledger")
TIMERS = Sentence("Échéances dues et non traitées", "Timers due and not settled")
OUTBOX = Sentence("Lettres dues et non envoyées", "Letters due and not sent")
