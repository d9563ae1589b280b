"""Every act there is, by kind."""

from itertools import groupby

from parvis.states.words import Sentence
from tests.faults.moves import of_agreements, of_cases, of_money, of_requests, of_sittings
from tests.faults.moves.act import Act

_ACTS = [*of_cases.ACTS, *of_agreements.ACTS, *of_sittings.ACTS, *of_money.ACTS, *of_requests.ACTS]
EVERY: dict[str, list[Act]] = {kind: list(acts) for kind, acts in groupby(_ACTS, key=lambda act: act.kind)}
WORDS: dict[str, Sentence] = {
    "advance-case": Sentence("dossiers, un à un", "cases, one at a time"),
    "bulk-move": Sentence("dossiers, en groupe", "cases, together"),
    "advance-agreement": Sentence("conventions", "agreements"),
    "sweep-agreements": Sentence("passages de l’horloge sur les conventions", "sweeps of agreements"),
    "sitting": Sentence("ordres du jour, convocations", "agendas, summons"),
    "session": Sentence("séances, jusqu’à la clôture", "sessions, to their closing"),
    "money": Sentence("argent : comptes, versements, bilans", "money: accounts, payments, reports"),
    "request": Sentence("demandes, imports, contrat", "requests, imports, contract"),
    "letters": Sentence("lettres, passages de l’horloge", "letters, sweeps of the clock"),
    "bulk-run": Sentence("actions groupées", "bulk runs"),
}


def act_named(kind: str, name: str) -> Act:
    """One act."""
    return next(act for act in EVERY[kind] if act.name == name)
