"""The conditions on a request before it is one: closings by kind, and the officer a new action meets first."""

from parvis.states.facts import Facts
from parvis.states.table import Guard
from parvis.states.words import Sentence

WAVE_OPEN = Guard[Facts](
    "wave_open",
    Sentence(
        "une vague encore ouverte à cette sorte de demande", "a wave still open to this kind of request"
    ),
    lambda f: f.given.arrival is None or f.given.arrival.open,
    Sentence(
        "Aucune vague ne reçoit cette demande aujourd’hui ; dernière clôture pour elle : {closed_on}. {next_opening}",
        "No wave takes this request today; last closing for it: {closed_on}. {next_opening}",
    ),
)
OFFICER_CONTACTED = Guard[Facts](
    "officer_contacted",
    Sentence(
        "échange préalable avec un instructeur noté, s’il le faut",
        "contact with an officer recorded, where due",
    ),
    lambda f: not f.contact_missing,
    Sentence(
        "Une nouvelle action se présente d’abord à un instructeur : {officers}. Demander un échange ; le dépôt s’ouvre "
        "dès que l’instructeur l’a noté.",
        "A new action first meets an officer: {officers}. Ask for a contact; submission opens once the officer has "
        "recorded it.",
    ),
)
CONTACT_EXPECTED = Guard[Facts](
    "contact_expected",
    Sentence("échange préalable attendu", "contact expected first"),
    lambda f: f.contact_missing,
    Sentence(
        "Aucun échange préalable n’est attendu pour cette demande : la déposer.",
        "No contact is expected before this request: submit it.",
    ),
)
NOT_ASKED_LATELY = Guard[Facts](
    "contact_not_asked_lately",
    Sentence("échange pas déjà demandé cette semaine", "contact not asked for this week already"),
    lambda f: f.ask_again_on is None or f.today >= f.ask_again_on,
    Sentence(
        "Un échange est déjà demandé depuis le {contact_asked_on} à {officers} : relancer à partir du {ask_again_on}.",
        "A contact has been asked for since {contact_asked_on}, of {officers}: ask again from {ask_again_on}.",
    ),
)
CONTACT_DATED = Guard[Facts](
    "contact_dated",
    Sentence("échange daté, au plus tard d’aujourd’hui", "contact dated, today at the latest"),
    lambda f: f.given.contact_on is not None and f.given.contact_on <= f.today,
    Sentence(
        "Dater l’échange, au plus tard d’aujourd’hui ({today}).",
        "Date the contact, today ({today}) at the latest.",
    ),
)
