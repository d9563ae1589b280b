"""Every act there is, by kind."""

from itertools import groupby

from parvis.states.words import Sentence
from tests.faults.moves import (
    of_access,
    of_addresses,
    of_agreements,
    of_answers,
    of_cases,
    of_keeping,
    of_money,
    of_papers,
    of_requests,
    of_rooms,
    of_sittings,
    of_telling,
)
from tests.faults.moves.act import Act

_ACTS = [
    *of_cases.ACTS, *of_agreements.ACTS, *of_sittings.ACTS, *of_rooms.ACTS, *of_money.ACTS, *of_requests.ACTS,
    *of_answers.ACTS, *of_papers.ACTS, *of_keeping.ACTS, *of_telling.ACTS, *of_access.ACTS, *of_addresses.ACTS,
]  # fmt: skip
EVERY: dict[str, list[Act]] = {kind: list(acts) for kind, acts in groupby(_ACTS, key=lambda act: act.kind)}
WORDS: dict[str, Sentence] = {
    "advance-case": Sentence("dossiers, un à un", "cases, one at a time"),
    "bulk-move": Sentence("dossiers, en groupe", "cases, together"),
    "advance-agreement": Sentence("conventions", "agreements"),
    "sweep-agreements": Sentence("passages de l’horloge sur les conventions", "sweeps of agreements"),
    "sitting": Sentence("ordres du jour, convocations", "agendas, summons"),
    "session": Sentence("séances, jusqu’à la clôture", "sessions, to their closing"),
    "room": Sentence(
        "programmations, conflits d’intérêts, décisions en bloc",
        "programmings, conflicts of interest, decisions",
    ),
    "money": Sentence("argent : comptes, versements, bilans", "money: accounts, payments, reports"),
    "request": Sentence("demandes, imports, contrat", "requests, imports, contract"),
    "letters": Sentence("lettres, passages de l’horloge", "letters, sweeps of the clock"),
    "bulk-run": Sentence("actions groupées", "bulk runs"),
    "answer": Sentence("réponses, avis, bilans, différences", "answers, opinions, reports, differences"),
    "bring": Sentence(
        "dépôts, conventions, contrat apportés par un fichier",
        "deposits, agreements, contract brought by a file",
    ),
    "paper": Sentence("pièces, documents, modèles", "files, documents, templates"),
    "keeping": Sentence(
        "durées de conservation, données d’une personne, ancres", "retention, data of a person, anchors"
    ),
    "webhook": Sentence("webhooks", "webhooks"),
    "told": Sentence(
        "lettres parties et revenues, récapitulatif, plateformes",
        "letters sent and returned, digest, platforms",
    ),
    "access": Sentence(
        "entrées, mots de passe, jetons, notes, vues", "signing in, passwords, tokens, notes, views"
    ),
    "address": Sentence("adresses des organismes", "addresses of organisations"),
}


def act_named(kind: str, name: str) -> Act:
    """One act."""
    return next(act for act in EVERY[kind] if act.name == name)
