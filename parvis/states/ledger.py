"""The ledger of envelopes: its accounts, its kinds of movement, and how a movement flows."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from parvis.states.words import Sentence


class Account(StrEnum):
    """Where the money of an envelope stands. The first two say where it came from, and are negative."""

    INITIAL = "initial"
    TRANSFERRED = "transferred"
    AVAILABLE = "available"
    RESERVED = "reserved"
    COMMITTED = "committed"
    PAID = "paid"


class Kind(StrEnum):
    """What a movement does."""

    OPEN = "open"
    ADJUST = "adjust"
    TRANSFER = "transfer"
    RESERVE = "reserve"
    POST = "post"
    RELEASE = "release"
    PAY = "pay"
    RECLAIM = "reclaim"


KIND_WORDS = {
    Kind.OPEN: Sentence("ouverture", "opening"),
    Kind.ADJUST: Sentence("changement du montant", "change of amount"),
    Kind.TRANSFER: Sentence("virement", "transfer"),
    Kind.RESERVE: Sentence("réservation", "reservation"),
    Kind.POST: Sentence("engagement", "commitment"),
    Kind.RELEASE: Sentence("libération", "release"),
    Kind.PAY: Sentence("paiement", "payment"),
    Kind.RECLAIM: Sentence("reversement", "recovery"),
}

FLOWS: dict[Kind, tuple[Account, Account]] = {
    Kind.OPEN: (Account.INITIAL, Account.AVAILABLE),
    Kind.ADJUST: (Account.INITIAL, Account.AVAILABLE),
    Kind.TRANSFER: (Account.TRANSFERRED, Account.AVAILABLE),
    Kind.RESERVE: (Account.AVAILABLE, Account.RESERVED),
    Kind.POST: (Account.AVAILABLE, Account.COMMITTED),
    Kind.PAY: (Account.COMMITTED, Account.PAID),
}
"""From which account to which a movement of this kind takes an amount; releases and recoveries give all back."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a movement, in cents: those of one envelope add up to nothing."""

    envelope_id: int
    account: Account
    amount_cents: int


def flow(kind: Kind, envelope_ids: Iterable[int], amount_cents: int) -> list[Line]:
    """The lines that take an amount along the way of this kind, in each of these envelopes."""
    source, target = FLOWS[kind]
    return [
        line
        for envelope_id in envelope_ids
        for line in (Line(envelope_id, source, -amount_cents), Line(envelope_id, target, amount_cents))
    ]
