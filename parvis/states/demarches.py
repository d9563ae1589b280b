"""What is owed between Parvis and Démarche numérique: files to fetch, and what a move here is to be there. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from parvis.states.stages import Action
from parvis.states.words import Sentence


class FileState(StrEnum):
    """A file of a dossier there: to be fetched, kept here, or refused."""

    OWED = "owed"
    KEPT = "kept"
    REFUSED = "refused"


class OrderKind(StrEnum):
    """What is done there."""

    EXAMINE = "examine"
    ACCEPT = "accept"
    REFUSE = "refuse"
    CLOSE = "close"
    MESSAGE = "message"


class OrderState(StrEnum):
    """Something owed there: to be done, done, or given up, which is a task for somebody."""

    OWED = "owed"
    DONE = "done"
    FAILED = "failed"


MEANS: dict[str, str] = {
    Action.CHECK_ELIGIBILITY: OrderKind.EXAMINE,
    Action.INSTRUCT: OrderKind.EXAMINE,
    Action.REQUEST_DOCUMENTS: OrderKind.MESSAGE,
    Action.FUND: OrderKind.ACCEPT,
    Action.REJECT: OrderKind.REFUSE,
    Action.DECLARE_INELIGIBLE: OrderKind.REFUSE,
    Action.LAPSE: OrderKind.CLOSE,
    Action.WITHDRAW: OrderKind.CLOSE,
}
"""What a move here is there."""

LEADS_TO: dict[OrderKind, str] = {
    OrderKind.EXAMINE: "en_instruction",
    OrderKind.ACCEPT: "accepte",
    OrderKind.REFUSE: "refuse",
    OrderKind.CLOSE: "sans_suite",
}
"""The state there once it is done."""
ENDED = frozenset({"accepte", "refuse", "sans_suite"})

MUTATIONS: dict[OrderKind, str] = {
    OrderKind.EXAMINE: "dossierPasserEnInstruction",
    OrderKind.ACCEPT: "dossierAccepter",
    OrderKind.REFUSE: "dossierRefuser",
    OrderKind.CLOSE: "dossierClasserSansSuite",
    OrderKind.MESSAGE: "dossierEnvoyerMessage",
}

KIND_WORDS: dict[str, Sentence] = {
    OrderKind.EXAMINE: Sentence("passer en instruction", "begin the examination"),
    OrderKind.ACCEPT: Sentence("accepter", "accept"),
    OrderKind.REFUSE: Sentence("refuser", "refuse"),
    OrderKind.CLOSE: Sentence("classer sans suite", "close without action"),
    OrderKind.MESSAGE: Sentence("envoyer un message", "send a message"),
}


@dataclass(frozen=True, slots=True)
class Steps:
    """What is left to do there, in its order; nothing when all is done, `impossible` when it ended otherwise."""

    mutations: tuple[OrderKind, ...] = ()
    impossible: bool = False


def steps_to(kind: OrderKind, state: str) -> Steps:
    """How to get there from the state a dossier is in; what is decided there already is never undone."""
    if state == LEADS_TO.get(kind):
        return Steps()
    if kind is OrderKind.EXAMINE:
        return Steps() if state in ENDED else Steps((kind,))
    if state in ENDED:
        return Steps(impossible=True)
    return Steps((kind,) if state == "en_instruction" else (OrderKind.EXAMINE, kind))
