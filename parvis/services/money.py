"""Envelopes: what they hold, what happened to them, transfers between those of one funder, and their proof."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import envelopes as queries
from parvis.models.queries.envelopes import Astray, EnvelopeLine, MovementLine
from parvis.models.queries.movements import NewMovement, write_movement
from parvis.models.session import Session
from parvis.states.facts import By
from parvis.states.ledger import Kind, Line, flow
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError, Reason
from parvis.states.words import Cents, Sentence

__all__ = ["Astray", "EnvelopeLine", "MovementLine", "NoSuchEnvelopeError", "Seen", "Verified", "envelopes", "see",
           "transfer", "verify"]  # fmt: skip

MOVES_MONEY = (Role.MANAGER, Role.FINANCE)
NOT_YOURS = Sentence(
    "Un virement entre enveloppes revient au responsable ou au service financier.",
    "Moving money between envelopes is for the manager or for finance.",
)
NO_REASON = Sentence("Indiquer le motif du virement.", "Give the reason of the transfer.")
NO_AMOUNT = Sentence("Indiquer un montant supérieur à zéro.", "Give an amount above zero.")
SAME = Sentence("Choisir deux enveloppes différentes.", "Choose two different envelopes.")
OTHER_FUNDER = Sentence(
    "Les deux enveloppes ne sont pas du même financeur : un virement reste chez un financeur.",
    "The two envelopes are not of the same funder: a transfer stays with one funder.",
)
HELD = Sentence(
    "L’enveloppe « {name} » n’a que {left} de libre, le reste est réservé ou engagé : réduire le virement.",
    "The envelope “{name}” has only {left} free, the rest is reserved or committed: transfer less.",
)
MORE_THAN_WHOLE = Sentence(
    "L’enveloppe « {name} » tiendrait plus que l’enveloppe générale dont elle fait partie ({whole}) : "
    "abonder celle-ci d’abord.",
    "The envelope “{name}” would hold more than the general one it is a part of ({whole}): add to that one first.",
)


class NoSuchEnvelopeError(Exception):
    """The contract has no such envelope."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An envelope, the one it is a part of, its own parts, and its movements, oldest first."""

    envelope: EnvelopeLine
    whole: EnvelopeLine | None
    parts: tuple[EnvelopeLine, ...]
    movements: tuple[MovementLine, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """What was verified, and every amount astray, the first envelope first."""

    envelopes: int
    movements: int
    lines: int
    astray: tuple[Astray, ...]

    @property
    def sound(self) -> bool:
        """Whether every amount is the sum of its lines."""
        return not self.astray


def envelopes(session: Session, contract_id: int | None) -> list[EnvelopeLine]:
    """The envelopes of a contract, or of all, by funder and year, each general one followed by its parts."""
    return queries.envelopes_of(session, contract_id)


def see(session: Session, contract_id: int | None, envelope_id: int) -> Seen:
    """One envelope and all that happened to it.

    Raises:
        NoSuchEnvelopeError: the contract has no such envelope.
    """
    known = {one.id: one for one in queries.envelopes_of(session, contract_id)}
    if envelope_id not in known:
        raise NoSuchEnvelopeError(envelope_id)
    found = known[envelope_id]
    return Seen(
        found,
        known.get(found.parent_id) if found.parent_id else None,
        tuple(one for one in known.values() if one.parent_id == envelope_id),
        tuple(queries.movements_on(session, envelope_id)),
    )


def transfer(
    session: Session, contract_id: int | None, source_id: int, target_id: int, cents: int, *,
    reason: str, by: By, at: datetime, key: str,
) -> bool:  # fmt: skip
    """Move money between two envelopes of one funder, and between those they are a part of; whether it is new.

    The same key again writes nothing.

    Raises:
        NoSuchEnvelopeError: the contract has no such envelope.
        MoveRefusedError: the reasons say why. Nothing is written.
    """
    known = {one.id: one for one in queries.envelopes_of(session, contract_id)}
    for envelope_id in (source_id, target_id):
        if envelope_id not in known:
            raise NoSuchEnvelopeError(envelope_id)
    held = queries.hold_chain(session, [source_id, target_id])
    said = NewMovement(Kind.TRANSFER, f"transfer/{key}", at, by.actor, reason.strip())
    changes = _changes(known[source_id], known[target_id], cents)
    if reasons := tuple(
        _refusals(known, held, (source_id, target_id), changes, cents=cents, reason=reason, by=by)
    ):
        if queries.is_written(session, said.key):
            return False
        raise MoveRefusedError("transfer", reasons)
    lines: list[Line] = []
    for envelope_id, change in sorted(changes.items()):
        lines += flow(Kind.TRANSFER, [envelope_id], change)
    return write_movement(session, said, lines)


def _changes(source: EnvelopeLine, target: EnvelopeLine, cents: int) -> dict[int, int]:
    """What each envelope gains or loses: what the two share neither."""
    changes: dict[int, int] = defaultdict(int)
    for one, change in ((source, -cents), (target, cents)):
        for envelope_id in (one.id, one.parent_id):
            if envelope_id is not None:
                changes[envelope_id] += change
    return {envelope_id: change for envelope_id, change in changes.items() if change}


def _refusals(
    known: dict[int, EnvelopeLine], held: queries.Chain, between: Sequence[int], changes: dict[int, int], *,
    cents: int, reason: str, by: By,
) -> Iterator[Reason]:  # fmt: skip
    source, target = (known[each] for each in between)
    if by.role not in MOVES_MONEY:
        yield Reason("role", NOT_YOURS)
    if not reason.strip():
        yield Reason("reason_given", NO_REASON)
    if cents <= 0:
        yield Reason("amount", NO_AMOUNT)
        return
    if source.id == target.id:
        yield Reason("same_envelope", SAME)
        return
    if source.funder_id != target.funder_id:
        yield Reason("other_funder", OTHER_FUNDER)
        return
    for envelope_id, change in changes.items():
        left = held[envelope_id].available_cents
        if left + change < 0:
            yield Reason("held", HELD.fill(name=known[envelope_id].name, left=Cents(left)))
    if target.parent_id is not None and held[target.id].total_cents + cents > (
        whole := held[target.parent_id].total_cents + changes.get(target.parent_id, 0)
    ):
        yield Reason("more_than_whole", MORE_THAN_WHOLE.fill(name=target.name, whole=Cents(whole)))


def verify(session: Session) -> Verified:
    """Verify that every amount of every envelope is the sum of its lines."""
    return Verified(*queries.count_ledger(session), tuple(queries.astray(session)))
