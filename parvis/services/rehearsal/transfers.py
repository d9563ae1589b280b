"""Transfers of a demonstration: what a manager does with the envelopes in the course of a year, to be seen there."""

from datetime import datetime
from itertools import groupby

from parvis.models.queries.rehearsal import colleagues
from parvis.models.session import Session
from parvis.services import money
from parvis.services.money import EnvelopeLine, Wanted
from parvis.states.facts import By
from parvis.states.stages import Role

STEP_CENTS = 1_000_00
PART = 10
"""A transfer takes one part in so many of what is left where most is."""
FUNDERS = 2
BALANCED = "Rééquilibrage entre appels : demandes plus nombreuses que prévu."
VOTED = "Décision modificative n° 1 : crédits ajoutés."


def move_money(session: Session, contract_id: int, *, at: datetime) -> int:
    """Move money from the richest to the poorest general envelope of two funders, add some to one; how many times."""
    managers = [one.id for one in colleagues(session, contract_id) if one.role == Role.MANAGER]
    if not managers:
        return 0
    by = By(f"person:{managers[0]}", Role.MANAGER)
    known = money.envelopes(session, contract_id)
    with_parts = {one.parent_id for one in known}
    lines = [one for one in known if one.parent_id is None and one.id not in with_parts]
    moved = 0
    for _, each in groupby(lines, key=lambda one: one.funder_id):
        if moved < FUNDERS and (wanted := _balanced(list(each), by)):
            moved += money.move(session, contract_id, wanted, at=at, key=f"demonstration/{wanted.source_id}")
    if lines:
        first = max(lines, key=lambda one: (one.committed_cents, -one.id))
        added = Wanted(None, first.id, 20 * STEP_CENTS, VOTED, by)
        moved += money.move(session, contract_id, added, at=at, key=f"demonstration/{first.id}/vote")
    return moved


def _balanced(lines: list[EnvelopeLine], by: By) -> Wanted | None:
    if len(lines) < FUNDERS:
        return None
    rich = max(lines, key=lambda one: (one.available_cents, -one.id))
    poor = min(lines, key=lambda one: (one.available_cents, one.id))
    cents = rich.available_cents // PART // STEP_CENTS * STEP_CENTS
    if rich.id == poor.id or not cents:
        return None
    return Wanted(rich.id, poor.id, cents, BALANCED, by)
