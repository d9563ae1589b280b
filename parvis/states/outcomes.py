"""What a committee may decide of a case, and what a decision needs before it can be kept. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from parvis.states.partners import Part, parts_wrong
from parvis.states.stages import Action
from parvis.states.table import Reason
from parvis.states.words import Cents, Sentence


class Outcome(StrEnum):
    """What a committee says of a case."""

    FUND = "fund"
    REJECT = "reject"
    DEFER = "defer"
    CARRY = "carry"
    RECOMMEND = "recommend"
    NOT_RECOMMENDED = "not_recommended"


OUTCOME_WORDS: dict[str, Sentence] = {
    Outcome.FUND: Sentence("financé", "funded"),
    Outcome.REJECT: Sentence("rejeté", "rejected"),
    Outcome.DEFER: Sentence("ajourné", "deferred"),
    Outcome.CARRY: Sentence("reporté à la séance suivante", "carried to the next session"),
    Outcome.RECOMMEND: Sentence("avis favorable", "recommended"),
    Outcome.NOT_RECOMMENDED: Sentence("avis défavorable", "not recommended"),
}

ACTIONS: dict[Outcome, Action] = {
    Outcome.FUND: Action.FUND,
    Outcome.REJECT: Action.REJECT,
    Outcome.DEFER: Action.DEFER,
    Outcome.CARRY: Action.CARRY,
    Outcome.RECOMMEND: Action.RECOMMEND,
    Outcome.NOT_RECOMMENDED: Action.RECOMMEND,
}

WITH_AMOUNTS = frozenset({Outcome.FUND, Outcome.RECOMMEND})
WITH_REASON = frozenset({Outcome.REJECT, Outcome.DEFER, Outcome.CARRY, Outcome.NOT_RECOMMENDED})
NEEDS_QUORUM = frozenset({Outcome.FUND, Outcome.REJECT, Outcome.RECOMMEND, Outcome.NOT_RECOMMENDED})
"""Without a quorum a committee says nothing of a case: it can only be put off."""
OF_WHO_DECIDES = frozenset({Outcome.FUND, Outcome.REJECT})
OF_WHO_RECOMMENDS = frozenset({Outcome.RECOMMEND, Outcome.NOT_RECOMMENDED})


@dataclass(frozen=True, slots=True)
class Votes:
    """A vote on the decision as written."""

    in_favour: int
    against: int
    abstentions: int = 0

    @property
    def cast(self) -> int:
        """How many voted or abstained."""
        return self.in_favour + self.against + self.abstentions


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision as the secretary writes it: `amounts` in cents by funder code; no `votes` where none was held.

    `parts` are what associations of a coordinated proposal get of it, by SIRET or `lead` and funder, if not pro rata.
    """

    outcome: Outcome
    amounts: tuple[tuple[str, int], ...] = ()
    reason: str = ""
    conditions: str = ""
    votes: Votes | None = None
    parts: tuple[tuple[str, str, int], ...] = ()

    @property
    def total_cents(self) -> int:
        """What all funders together would give."""
        return sum(cents for _, cents in self.amounts)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a case asks of one funder, in cents, and what came of it before the session."""

    funder: str
    name: str
    requested_cents: int
    opinion: str | None = None
    proposed_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """Who decides of a case: whether this committee's word is final, the votes in the room, the chair among them."""

    decides: bool
    voters: int | None = None
    chair_votes: bool = False


def faults(
    draft: Draft, asks: tuple[Ask, ...], room: Room, partners: tuple[Part, ...] = ()
) -> tuple[Reason, ...]:
    """Everything that keeps a decision from being kept as it is; empty when nothing does."""
    return (
        *_of_outcome(draft, room), *_of_words(draft), *_of_amounts(draft, asks), *_of_parts(draft, asks, partners),
        *_of_votes(draft, room),
    )  # fmt: skip


def _of_outcome(draft: Draft, room: Room) -> Iterator[Reason]:
    if draft.outcome in OF_WHO_DECIDES and not room.decides:
        yield Reason("committee_decides", ONLY_RECOMMENDS)
    if draft.outcome in OF_WHO_RECOMMENDS and room.decides:
        yield Reason("committee_recommends", DECIDES_ITSELF)


def _of_words(draft: Draft) -> Iterator[Reason]:
    if draft.outcome in WITH_REASON and not draft.reason.strip():
        yield Reason("reason_given", REASON_NEEDED)


def _of_amounts(draft: Draft, asks: tuple[Ask, ...]) -> Iterator[Reason]:
    if draft.outcome not in WITH_AMOUNTS:
        if draft.amounts:
            yield Reason("no_amount_here", NO_AMOUNT_HERE)
        return
    if draft.total_cents <= 0:
        yield Reason("amount_granted", AMOUNT_NEEDED)
    asked = {ask.funder: ask for ask in asks}
    for code, cents in draft.amounts:
        ask = asked.get(code)
        if ask is None and cents:
            yield Reason("funder_not_asked", NOT_ASKED.fill(funder=code))
        elif ask is not None and not 0 <= cents <= ask.requested_cents:
            yield Reason("within_request", TOO_MUCH.fill(funder=ask.name, asked=Cents(ask.requested_cents)))


def _of_parts(draft: Draft, asks: tuple[Ask, ...], partners: tuple[Part, ...]) -> Iterator[Reason]:
    if draft.parts and draft.outcome is not Outcome.FUND:
        yield Reason("no_parts_here", NO_PARTS_HERE)
        return
    given = dict(draft.amounts)
    grants = [
        (ask.funder, ask.name, given[ask.funder], ask.requested_cents)
        for ask in asks
        if given.get(ask.funder)
    ]
    for sentence in parts_wrong(grants, partners, draft.parts):
        yield Reason("parts_add_up", sentence)


def _of_votes(draft: Draft, room: Room) -> Iterator[Reason]:
    votes = draft.votes
    if votes is None:
        return
    if min(votes.in_favour, votes.against, votes.abstentions) < 0:
        yield Reason("votes_negative", VOTES_NEGATIVE)
    elif room.voters is not None and votes.cast > room.voters:
        yield Reason("votes_too_many", TOO_MANY_VOTES.fill(cast=votes.cast, voters=room.voters))
    elif votes.in_favour < votes.against or (votes.in_favour == votes.against and not room.chair_votes):
        yield Reason("not_carried", NOT_ADOPTED.fill(in_favour=votes.in_favour, against=votes.against))


ONLY_RECOMMENDS = Sentence(
    "Ce comité ne décide pas pour cet appel : il donne un avis favorable ou défavorable.",
    "This committee does not decide for this call: it recommends the case or not.",
)
DECIDES_ITSELF = Sentence(
    "Ce comité décide pour cet appel : financer, rejeter, ajourner ou reporter.",
    "This committee decides for this call: fund, reject, defer or carry.",
)
REASON_NEEDED = Sentence("Indiquer le motif.", "Give the reason.")
NO_AMOUNT_HERE = Sentence(
    "Des montants ne vont qu’avec un financement ou un avis favorable : les effacer.",
    "Amounts go only with a grant or a recommendation: delete them.",
)
NO_PARTS_HERE = Sentence(
    "Des parts par organisme ne vont qu’avec un financement : les effacer.",
    "Parts by association go only with a grant: delete them.",
)
AMOUNT_NEEDED = Sentence("Indiquer le montant par financeur.", "Give the amount of each funder.")
NOT_ASKED = Sentence(
    "Rien n’est demandé à « {funder} » dans ce dossier.", "This case asks nothing of “{funder}”."
)
TOO_MUCH = Sentence(
    "{funder} : au plus {asked}, le montant demandé.", "{funder}: at most {asked}, the amount requested."
)
VOTES_NEGATIVE = Sentence("Un nombre de voix n’est pas négatif.", "A number of votes is not negative.")
TOO_MANY_VOTES = Sentence(
    "{cast} voix pour {voters} votants dans la salle, déports déduits : corriger les voix ou les présences.",
    "{cast} votes for {voters} voters in the room, recusals left out: correct the votes or attendance.",
)
NOT_ADOPTED = Sentence(
    "{in_favour} voix pour, {against} contre : la décision n’est pas adoptée. À égalité, la voix de la présidence "
    "l’emporte, si elle vote.",
    "{in_favour} votes for, {against} against: it is not adopted. At a tie the chair’s vote prevails, if cast.",
)
