"""Agreements of several years, for whoever acts on one: a step made, or why it cannot be."""

from dataclasses import replace
from datetime import datetime

from parvis.models.queries.agreement_moves import find_agreement_key
from parvis.models.session import Session
from parvis.services.advance import IdempotencyMismatchError
from parvis.services.agreement_writing import (
    AgreementMoved,
    AgreementNotFoundError,
    Prepared,
    decided,
    fingerprint,
    prepare,
    write,
)
from parvis.services.renewals import write_request
from parvis.states.agreement_facts import NOTHING_SAID, AgreementGiven
from parvis.states.agreement_stages import AgreementAction, AgreementStage
from parvis.states.agreement_table import AGREEMENTS
from parvis.states.facts import By
from parvis.states.table import Option, options

__all__ = ["AgreementMoved", "AgreementNotFoundError", "Prepared", "advance", "prepare", "why"]


def advance(
    session: Session, agreement_id: int, action: AgreementAction, *, by: By, at: datetime,
    expected_version: int | None = None, given: AgreementGiven = NOTHING_SAID, key: str | None = None,
) -> AgreementMoved:  # fmt: skip
    """Move one agreement one step, or record one fact of it.

    Its row is held; stage, journal line, timers, letters and what the step adds land in the caller's transaction, or
    nothing does. With an idempotency `key`, the same request served again answers the same and writes nothing.

    Raises:
        AgreementNotFoundError: there is no such agreement.
        MoveRefusedError: the table says no; `reasons` tell why. Nothing is written.
        StaleVersionError: someone moved it since `expected_version`.
        IdempotencyMismatchError: `key` was used for another request.
    """
    request = fingerprint(agreement_id, action, by, given) if key else None
    prepared = prepare(session, agreement_id, given, at=at, lock=True)
    if key and (line := find_agreement_key(session, key)):
        if line.request_hash != request:
            raise IdempotencyMismatchError(key)
        return AgreementMoved(line.case_id, AgreementStage(line.target), line.seq, replayed=True)
    move = decided(prepared, action, by, expected_version)
    if action == AgreementAction.WRITE_REQUEST:
        reference = write_request(session, prepared, by=by, at=at)
        facts = replace(prepared.facts, request=reference)
        prepared = replace(prepared, known=replace(prepared.known, facts=facts))
    return write(session, prepared, move, by=by, at=at, key=key, request=request)


def why(
    session: Session, agreement_id: int, *, at: datetime, given: AgreementGiven = NOTHING_SAID
) -> list[Option]:
    """Every move of an agreement from where it stands: who may make it, and what blocks it now.

    Raises:
        AgreementNotFoundError: there is no such agreement.
    """
    return options(AGREEMENTS, prepare(session, agreement_id, given, at=at, lock=False).facts)
