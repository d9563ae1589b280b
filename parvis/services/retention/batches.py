"""Batches of what has reached the end of its time: proposed, then approved, held back or given up by a manager."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from parvis.models.queries import data_journal, retention
from parvis.models.queries import retention_batches as queries
from parvis.models.queries.agendas import contract_ids
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.retention_batches import Batch, Item
from parvis.models.session import Database, Session
from parvis.services.agendas import CLOCK
from parvis.states.calendar import paris_day
from parvis.states.facts import By
from parvis.states.retention import FinalSort, Kind
from parvis.states.stages import Role
from parvis.states.words import Sentence

APPROVES = frozenset({Role.MANAGER})
LONGEST = 200
NEEDS_VISA = frozenset({Kind.GRANTED, Kind.REFUSED, Kind.AGREEMENTS})
"""Public archives: nothing of them is destroyed without the visa of the Archives (Code du patrimoine, art. L212-2)."""

NO_BATCH = Sentence("Il n’y a pas de lot {number}.", "There is no batch {number}.")
NO_ITEM = Sentence(
    "Ce lot n’a rien à ce numéro qui puisse encore attendre.",
    "This batch has nothing under that number that can still wait.",
)
ROLE = Sentence(
    "Seul un responsable approuve, retient ou abandonne un lot : le lui demander.",
    "Only a manager approves, holds back or gives up a batch: ask one.",
)
ANSWERED = Sentence("Le lot {number} a déjà sa réponse.", "Batch {number} has been answered already.")
VISA = Sentence(
    "Éliminer demande le visa des Archives (Code du patrimoine, art. L212-2) : écrire la référence du bordereau visé.",
    "Destroying asks for the visa of the Archives (Code du patrimoine, art. L212-2): write its reference.",
)
HANDED_OVER = Sentence(
    "Verser demande la référence du bordereau de versement : remettre les archives zip aux Archives, puis l’écrire.",
    "Handing over asks for the reference of the transfer list: give the zip archives to the Archives, then write it.",
)
REASON = Sentence(
    "Dire pourquoi on le retient, par exemple un recours en cours.",
    "Say why it is held back, for example an appeal in court.",
)
LONG = Sentence("{most} signes au plus.", "{most} characters at most.")


class BatchRefusedError(Exception):
    """A batch cannot be answered this way; `field` is the one to change, if one is."""

    def __init__(self, sentence: Sentence, field: str = "") -> None:
        super().__init__(sentence.en)
        self.sentence = sentence
        self.field = field


class NoSuchBatchError(Exception):
    """There is no such batch, or it has no such item."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Proposed:
    """A batch just proposed: its number, its kind, how many things it has."""

    id: int
    kind: Kind
    items: int


def propose_all(database: Database, *, at: datetime, kinds: Collection[Kind] = tuple(Kind)) -> list[Proposed]:
    """Propose a batch of each kind with something at the end of its time that no open batch has; quiet otherwise."""
    with database.transaction() as session:
        contracts = contract_ids(session)
    made: list[Proposed] = []
    for contract_id in contracts:
        with database.transaction() as session:
            made += _propose(session, contract_id, kinds, at=at)
    return made


def _propose(session: Session, contract_id: int, kinds: Collection[Kind], *, at: datetime) -> list[Proposed]:
    queries.only_one_proposes(session, contract_id)
    rules, made = contract_by_id(session, contract_id).retention, []
    for kind in kinds:
        phases = rules.of(kind)
        found = retention.due(
            session, contract_id, kind, months=phases.months, today=paris_day(at), proposed=False
        )
        if found:
            batch = queries.propose(
                session, contract_id, kind, found, final=phases.final, months=phases.months, source=phases.source, at=at
            )  # fmt: skip
            _note(
                session, contract_id, "propose", batch, {"kind": kind, "items": len(found)}, by=CLOCK, at=at
            )
            made.append(Proposed(batch, kind, len(found)))
    return made


def read(session: Session, contract_id: int, batch_id: int) -> tuple[Batch, list[Item]]:
    """A batch and all that is in it.

    Raises:
        NoSuchBatchError: there is none of this number.
    """
    return _found(session, contract_id, batch_id), queries.items(session, batch_id)


def approve(session: Session, contract_id: int, batch_id: int, *, visa: str, by: By, at: datetime) -> Batch:
    """Approve a batch: the next run does it. What is public archives needs the reference of the Archives, `visa`.

    Raises:
        NoSuchBatchError: there is none of this number.
        BatchRefusedError: it has its answer, the role is not one that approves, or the reference lacks.
    """
    batch = _answerable(session, contract_id, batch_id, by)
    said = visa.strip()
    if not said and Kind(batch.kind) in NEEDS_VISA:
        raise BatchRefusedError(VISA if batch.final == FinalSort.DESTROYED else HANDED_OVER, "visa")
    if len(said) > LONGEST:
        raise BatchRefusedError(LONG.fill(most=LONGEST), "visa")
    queries.answer(session, batch_id, approved=True, by=by.actor, visa=said, at=at)
    _note(
        session,
        contract_id,
        "approve",
        batch_id,
        {"kind": batch.kind, "visa": said, "items": batch.waiting},
        by=by,
        at=at,
    )
    return _found(session, contract_id, batch_id)


def give_up(session: Session, contract_id: int, batch_id: int, *, by: By, at: datetime) -> None:
    """Give a batch up: what is still at the end of its time is proposed anew.

    Raises:
        NoSuchBatchError, BatchRefusedError: as `approve`.
    """
    batch = _answerable(session, contract_id, batch_id, by)
    queries.answer(session, batch_id, approved=False, by=by.actor, visa="", at=at)
    _note(session, contract_id, "give_up", batch_id, {"kind": batch.kind}, by=by, at=at)


def hold(
    session: Session, contract_id: int, batch_id: int, item_id: int, *, reason: str, by: By, at: datetime
) -> None:  # fmt: skip
    """Hold one thing back, for a reason: it is not proposed again until it is let go.

    Raises:
        NoSuchBatchError: there is no such batch or thing, or it is done.
        BatchRefusedError: the role may not, or no reason is given.
    """
    said = reason.strip()
    if not said:
        raise BatchRefusedError(REASON, "reason")
    if len(said) > LONGEST:
        raise BatchRefusedError(LONG.fill(most=LONGEST), "reason")
    _held(session, contract_id, batch_id, item_id, said, by=by, at=at)


def let_go(session: Session, contract_id: int, batch_id: int, item_id: int, *, by: By, at: datetime) -> None:
    """Stop holding one thing back.

    Raises:
        NoSuchBatchError, BatchRefusedError: as `hold`.
    """
    _held(session, contract_id, batch_id, item_id, "", by=by, at=at)


def _held(
    session: Session, contract_id: int, batch_id: int, item_id: int, reason: str, *, by: By, at: datetime
) -> None:  # fmt: skip
    if by.role not in APPROVES:
        raise BatchRefusedError(ROLE)
    _found(session, contract_id, batch_id)
    if not queries.hold(session, batch_id, item_id, reason=reason, by=by.actor, at=at):
        raise NoSuchBatchError(NO_ITEM)
    _note(session, contract_id, "hold" if reason else "let_go", batch_id, {"item": item_id}, by=by, at=at)


def _answerable(session: Session, contract_id: int, batch_id: int, by: By) -> Batch:
    if by.role not in APPROVES:
        raise BatchRefusedError(ROLE)
    batch = _found(session, contract_id, batch_id, lock=True)
    if not batch.open:
        raise BatchRefusedError(ANSWERED.fill(number=batch_id))
    return batch


def _found(session: Session, contract_id: int, batch_id: int, *, lock: bool = False) -> Batch:
    batch = queries.find_batch(session, contract_id, batch_id, lock=lock)
    if batch is None:
        raise NoSuchBatchError(NO_BATCH.fill(number=batch_id))
    return batch


def _note(
    session: Session, contract_id: int, action: str, batch_id: int, details: dict[str, object], *, by: By, at: datetime
) -> None:  # fmt: skip
    data_journal.note_event(
        session, contract_id, action, f"batch:{batch_id}", details, actor=by.actor, role=by.role, at=at
    )
