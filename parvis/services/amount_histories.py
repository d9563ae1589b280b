"""The history of the amounts of a case: who changed which, when, to how much and why."""

from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries.amount_histories import AmountLine, amount_lines
from parvis.models.session import Session
from parvis.states.ledger import KIND_WORDS, Kind
from parvis.states.outcomes import OUTCOME_WORDS
from parvis.states.stages import OPINION_WORDS
from parvis.states.words import Sentence

ASKED = Sentence("demandé", "asked")
OPINION = Sentence("proposé dans l’avis : {opinion}", "proposed in the opinion: {opinion}")
PROGRAMMING = Sentence(
    "programmation « {name} » envoyée au comité", "programming “{name}” sent to the committee"
)
RECOMMENDED = Sentence("recommandé à la séance", "recommended to the session")
DECISION = Sentence("en séance, {committee} : {outcome}", "in session, {committee}: {outcome}")
MOVED = Sentence("{kind}, enveloppe « {place} »", "{kind}, envelope “{place}”")
PORTAL = Sentence("le dépôt", "the deposit")
MACHINE = Sentence("Parvis", "Parvis")


@dataclass(frozen=True, slots=True)
class AmountEntry:
    """One change of an amount of a case: by whom, of which funder, what, how much in cents, why."""

    at: datetime
    who: Sentence
    funder: str
    what: Sentence
    cents: int
    reason: str


def amount_history(session: Session, case_id: int) -> list[AmountEntry]:
    """All that was said of the amounts of a case and all that its envelopes did for it, oldest first."""
    return [
        AmountEntry(line.at, _who(line), line.funder, _what(line), line.cents, line.reason)
        for line in amount_lines(session, case_id)
    ]


def _who(line: AmountLine) -> Sentence:
    if line.name:
        return Sentence(line.name, line.name)
    return PORTAL if line.source == "asked" else MACHINE


def _what(line: AmountLine) -> Sentence:
    match line.source:
        case "asked":
            return ASKED
        case "opinion":
            return OPINION.fill(opinion=OPINION_WORDS.get(line.said, line.said))
        case "recommended":
            return RECOMMENDED
        case "programming":
            return PROGRAMMING.fill(name=line.said)
        case "decision":
            committee, _, outcome = line.said.rpartition("/")
            return DECISION.fill(committee=committee, outcome=OUTCOME_WORDS.get(outcome, outcome))
        case _:
            words = KIND_WORDS[Kind(line.source)]
            return MOVED.fill(kind=words, place=line.said) if line.said else words
