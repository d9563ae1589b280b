"""The conditions of the table of cases that concern committees and their sittings."""

from parvis.states.facts import Facts
from parvis.states.stages import CommitteeKind, Opinion
from parvis.states.table import Guard
from parvis.states.words import Sentence

COMMITTEE_COVERS = Guard[Facts](
    "committee_covers",
    Sentence("comité couvrant les quartiers du dossier", "committee covers the case’s neighbourhoods"),
    lambda f: f.given.committee_covers,
    Sentence(
        "Ce comité ne couvre pas les quartiers du dossier : choisir un comité qui les couvre.",
        "This committee does not cover the case’s neighbourhoods: choose one that does.",
    ),
)
NO_OVERLAP = Guard[Facts](
    "no_overlap",
    Sentence("aucune autre convention sur ces années", "no other agreement in these years"),
    lambda f: not f.given.overlaps,
    Sentence(
        "Une convention du même objet court déjà sur ces années : {overlaps}. La renouveler, ou d’abord la résilier.",
        "An agreement for the same purpose runs in these years already: {overlaps}. Renew it, or terminate it first.",
    ),
)
AGENDA_OPEN = Guard[Facts](
    "agenda_open",
    Sentence("ordre du jour ouvert", "agenda open"),
    lambda f: f.agenda_open,
    Sentence(
        "L’ordre du jour de ce comité est clos : choisir un comité suivant.",
        "This committee’s agenda is closed: choose a later one.",
    ),
)
NOT_HELD = Guard[Facts](
    "session_to_come",
    Sentence("séance à venir", "session to come"),
    lambda f: not f.session_held,
    Sentence(
        "La séance a eu lieu : ajourner le dossier avec le motif du comité, ou le reporter à une autre séance.",
        "The session has been held: defer the case with the committee’s reason, or carry it to another session.",
    ),
)
SESSION_TO_BEGIN = Guard[Facts](
    "session_to_begin",
    Sentence("séance pas encore ouverte", "session not begun yet"),
    lambda f: not f.session_held,
    Sentence(
        "La séance a commencé : écrire la décision sur la page de séance.",
        "The session has begun: write the decision on the session page.",
    ),
)
AMOUNT_RECOMMENDED = Guard[Facts](
    "amount_recommended",
    Sentence("montant recommandé indiqué", "amount recommended given"),
    lambda f: sum(grant.amount_cents for grant in f.given.grants) > 0,
    Sentence("Indiquer le montant recommandé par financeur.", "Give the amount recommended of each funder."),
)
ON_AGENDA = Guard[Facts](
    "on_agenda",
    Sentence("à l’ordre du jour d’une séance", "on the agenda of a session"),
    lambda f: f.committee_id is not None,
    Sentence(
        "Ce dossier attend une séance du {decider} qui couvre ses quartiers ; il y passera dès qu’elle sera prévue.",
        "This case waits for a session of the {decider} that covers its neighbourhoods, and goes to it once planned.",
    ),
)
OTHER_SITTING = Guard[Facts](
    "other_session",
    Sentence("autre séance que la sienne", "another session than its own"),
    lambda f: f.given.committee_id is None or f.given.committee_id != f.committee_id,
    Sentence(
        "Ce dossier est déjà à l’ordre du jour de la séance du {held_on} : en choisir une autre.",
        "This case is already on the agenda of the session of {held_on}: choose another.",
    ),
)
SESSION_HELD = Guard[Facts](
    "session_held",
    Sentence("séance tenue", "session held"),
    lambda f: f.session_held,
    Sentence(
        "La séance du comité n’est pas tenue : l’enregistrer d’abord.",
        "The committee’s session has not been held: record it first.",
    ),
)
QUORATE = Guard[Facts](
    "quorate",
    Sentence("quorum atteint", "quorum reached"),
    lambda f: f.quorate,
    Sentence(
        "Le quorum n’est pas atteint : le comité ne peut pas décider.",
        "There is no quorum: the committee cannot decide.",
    ),
)
RECUSALS_RECORDED = Guard[Facts](
    "recusals_recorded",
    Sentence("déports enregistrés", "recusals recorded"),
    lambda f: f.recusals_recorded,
    Sentence(
        "Les déports s’enregistrent en séance (CGCT L2131-11) : y saisir la décision, que la clôture appliquera.",
        "Recusals are recorded in session (CGCT L2131-11): save the decision there, closing will apply it.",
    ),
)
COMMITTEE_DECIDES = Guard[Facts](
    "committee_decides",
    Sentence("comité qui décide pour cet appel", "committee that decides for this call"),
    lambda f: f.committee_kind == f.decides or f.committee_id is None,
    Sentence(
        "Ce comité ne décide pas pour cet appel, confié au {decider} : donner son avis.",
        "This committee does not decide for this call, left to the {decider}: give its advice.",
    ),
)
COMMITTEE_ADVISES = Guard[Facts](
    "committee_advises",
    Sentence("comité qui donne un avis pour cet appel", "committee that advises for this call"),
    lambda f: f.committee_kind == CommitteeKind.TECHNICAL and f.decides == CommitteeKind.STEERING,
    Sentence(
        "Ce comité n’a pas d’avis à donner : il décide, ou l’appel est confié au {decider}.",
        "This committee has no advice to give: it decides, or the call is left to the {decider}.",
    ),
)
ADVICE_GIVEN = Guard[Facts](
    "advice_given",
    Sentence(
        "avis favorable avec montant, ou défavorable avec motif",
        "favourable with amounts, or not with a reason",
    ),
    lambda f: (
        (f.given.opinion == Opinion.FAVOURABLE and sum(grant.amount_cents for grant in f.given.grants) > 0)
        or (f.given.opinion == Opinion.UNFAVOURABLE and bool(f.given.reason.strip()) and not f.given.grants)
    ),
    Sentence(
        "Donner un avis favorable avec un montant par financeur, ou un avis défavorable avec son motif.",
        "Give a favourable opinion with an amount for each funder, or an unfavourable one with its reason.",
    ),
)
