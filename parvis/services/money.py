"""Envelopes: what they hold, what happened to them, transfers between those of one funder, and their proof."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from parvis.models.queries import envelopes as queries
from parvis.models.queries.envelopes import Astray, CaseOn, EnvelopeLine, MovementLine
from parvis.models.queries.movements import NewMovement, write_movement
from parvis.models.session import Session
from parvis.states.facts import By
from parvis.states.ledger import Kind, Line, flow
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError, Reason
from parvis.states.words import Cents, Sentence

__all__ = ["Astray", "CaseOn", "Change", "EnvelopeLine", "MovementLine", "NoSuchEnvelopeError", "Seen", "Verified",
           "envelopes", "foresee", "move", "see", "transfer",
           "verify"]  # fmt: skip

MOVES_MONEY = (Role.MANAGER, Role.FINANCE)
NOT_YOURS = Sentence(
    "Changer une enveloppe revient au responsable ou au service financier.",
    "Changing an envelope is for the manager or for finance.",
)
NO_REASON = Sentence("Indiquer le motif.", "Give the reason.")
NO_AMOUNT = Sentence("Indiquer un montant supérieur à zéro.", "Give an amount above zero.")
SAME = Sentence("Choisir deux enveloppes différentes.", "Choose two different envelopes.")
OTHER_FUNDER = Sentence(
    "Les deux enveloppes ne sont pas du même financeur : un virement reste chez un financeur.",
    "The two envelopes are not of the same funder: a transfer stays with one funder.",
)
HELD = Sentence(
    "L’enveloppe « {name} » n’a que {left} de libre, le reste est réservé ou engagé : réduire le montant.",
    "The envelope “{name}” has only {left} free, the rest is reserved or committed: move less.",
)
MORE_THAN_WHOLE = Sentence(
    "L’enveloppe « {name} » tiendrait plus que l’enveloppe générale dont elle fait partie ({whole}) : "
    "abonder celle-ci d’abord.",
    "The envelope “{name}” would hold more than the general one it is a part of ({whole}): add to that one first.",
)
PARTS_HOLD_MORE = Sentence(
    "L’enveloppe « {name} » tiendrait plus que l’enveloppe générale dont elle fait partie ({whole}) : "
    "réduire celle-là d’abord.",
    "The envelope “{name}” would hold more than the general one it is a part of ({whole}): reduce that one first.",
)


class NoSuchEnvelopeError(Exception):
    """The contract has no such envelope."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An envelope, the one it is a part of, its own parts, its movements, oldest first, and the cases it serves."""

    envelope: EnvelopeLine
    whole: EnvelopeLine | None
    parts: tuple[EnvelopeLine, ...]
    movements: tuple[MovementLine, ...]
    cases: tuple[CaseOn, ...] = ()


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


def envelopes(
    session: Session, contract_id: int | None, *, funder_id: int | None = None
) -> list[EnvelopeLine]:
    """The envelopes of a contract, or of all, or of one funder; each general one is followed by its parts."""
    return queries.envelopes_of(session, contract_id, funder_id=funder_id)


def see(session: Session, contract_id: int | None, envelope_id: int, *, funder_id: int | None = None) -> Seen:
    """One envelope and all that happened to it.

    Raises:
        NoSuchEnvelopeError: the contract, or the funder that looks, has no such envelope.
    """
    known = {one.id: one for one in queries.envelopes_of(session, contract_id, funder_id=funder_id)}
    if envelope_id not in known:
        raise NoSuchEnvelopeError(envelope_id)
    found = known[envelope_id]
    return Seen(
        found,
        known.get(found.parent_id) if found.parent_id else None,
        tuple(one for one in known.values() if one.parent_id == envelope_id),
        tuple(queries.movements_on(session, envelope_id)),
        tuple(queries.cases_on(session, envelope_id)),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What a movement would change of an envelope, in cents."""

    envelope: EnvelopeLine
    cents: int

    @property
    def available_cents(self) -> int:
        """What would be left."""
        return self.envelope.available_cents + self.cents


@dataclass(frozen=True, slots=True)
class Wanted:
    """Money to move: from an envelope to another, or, `source_id` None, from outside; a negative amount goes back."""

    source_id: int | None
    target_id: int
    cents: int
    reason: str
    by: By

    @property
    def kind(self) -> Kind:
        """What it is called."""
        return Kind.ADJUST if self.source_id is None else Kind.TRANSFER

    @property
    def ids(self) -> list[int]:
        """The envelopes it is about."""
        return [self.target_id] if self.source_id is None else [self.source_id, self.target_id]


def foresee(session: Session, contract_id: int | None, wanted: Wanted) -> list[Change]:
    """What this would change, to be shown before it is done; nothing is written.

    Raises:
        NoSuchEnvelopeError: the contract has no such envelope.
        MoveRefusedError: the reasons say why.
    """
    return _checked(session, contract_id, wanted)


def transfer(
    session: Session, contract_id: int | None, source_id: int, target_id: int, cents: int, *,
    reason: str, by: By, at: datetime, key: str,
) -> bool:  # fmt: skip
    """Move money between two envelopes of one funder, as `move` does."""
    return move(session, contract_id, Wanted(source_id, target_id, cents, reason, by), at=at, key=key)


def move(session: Session, contract_id: int | None, wanted: Wanted, *, at: datetime, key: str) -> bool:
    """Move money into or out of an envelope, and those it is a part of; whether it is new.

    The same key again writes nothing. What an envelope gets from outside counts beside what the contract's file says.

    Raises:
        NoSuchEnvelopeError: the contract has no such envelope.
        MoveRefusedError: the reasons say why. Nothing is written.
    """
    said = NewMovement(wanted.kind, f"{wanted.kind}/{key}", at, wanted.by.actor, wanted.reason.strip())
    try:
        changes = _checked(session, contract_id, wanted)
    except MoveRefusedError:
        if queries.is_written(session, said.key):
            return False
        raise
    lines: list[Line] = []
    for change in sorted(changes, key=lambda one: one.envelope.id):
        lines += flow(Kind.TRANSFER, [change.envelope.id], change.cents)
    return write_movement(session, said, lines)


def _checked(session: Session, contract_id: int | None, wanted: Wanted) -> list[Change]:
    """The changes, with the envelopes held until the commit and as they are then."""
    known = {one.id: one for one in queries.envelopes_of(session, contract_id)}
    for envelope_id in wanted.ids:
        if envelope_id not in known:
            raise NoSuchEnvelopeError(envelope_id)
    queries.hold_chain(session, wanted.ids)
    known = {one.id: one for one in queries.envelopes_of(session, contract_id)}
    changes = _changes(known, wanted)
    if reasons := (*_of_words(known, wanted), *_of_amounts(known, changes, wanted)):
        raise MoveRefusedError(wanted.kind, reasons)
    return [Change(known[envelope_id], cents) for envelope_id, cents in changes.items()]


def _changes(known: Mapping[int, EnvelopeLine], wanted: Wanted) -> dict[int, int]:
    """What each envelope gains or loses, and what those they are a part of do: what the two share neither."""
    target = known[wanted.target_id]
    if wanted.source_id is None:
        return {target.id: wanted.cents}
    changes: dict[int, int] = defaultdict(int)
    for one, cents in ((known[wanted.source_id], -wanted.cents), (target, wanted.cents)):
        for envelope_id in (one.id, one.parent_id):
            if envelope_id is not None:
                changes[envelope_id] += cents
    return {envelope_id: cents for envelope_id, cents in changes.items() if cents}


def _of_words(known: Mapping[int, EnvelopeLine], wanted: Wanted) -> Iterator[Reason]:
    """What is wrong whatever the envelopes hold."""
    if wanted.by.role not in MOVES_MONEY:
        yield Reason("role", NOT_YOURS)
    if not wanted.reason.strip():
        yield Reason("reason_given", NO_REASON)
    if wanted.cents == 0 or (wanted.cents < 0 and wanted.source_id is not None):
        yield Reason("amount", NO_AMOUNT)
    elif wanted.source_id == wanted.target_id:
        yield Reason("same_envelope", SAME)
    elif wanted.source_id and known[wanted.source_id].funder_id != known[wanted.target_id].funder_id:
        yield Reason("other_funder", OTHER_FUNDER)


def _of_amounts(
    known: Mapping[int, EnvelopeLine], changes: Mapping[int, int], wanted: Wanted
) -> Iterator[Reason]:
    """What the envelopes do not allow."""
    if any(_of_words(known, replace(wanted, reason="-", by=_MANAGER))):
        return
    for envelope_id, cents in changes.items():
        one = known[envelope_id]
        if one.available_cents + cents < 0:
            yield Reason("held", HELD.fill(name=one.name, left=Cents(one.available_cents)))
    target = known[wanted.target_id]
    if target.parent_id is not None and wanted.cents > 0:
        whole = known[target.parent_id].total_cents + changes.get(target.parent_id, 0)
        if target.total_cents + wanted.cents > whole:
            yield Reason("more_than_whole", MORE_THAN_WHOLE.fill(name=target.name, whole=Cents(whole)))
    for part in known.values():
        cents = changes.get(part.parent_id or 0, 0)
        if cents < 0 and part.total_cents + changes.get(part.id, 0) > (
            whole := known[part.parent_id or 0].total_cents + cents
        ):
            yield Reason("parts_hold_more", PARTS_HOLD_MORE.fill(name=part.name, whole=Cents(whole)))


_MANAGER = By("", Role.MANAGER)


def verify(session: Session) -> Verified:
    """Verify that every amount of every envelope is the sum of its lines."""
    return Verified(*queries.count_ledger(session), tuple(queries.astray(session)))
