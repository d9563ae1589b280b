"""A city whose State has an envelope in parts: what tests of money say instead of rows and ids."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from parvis.services import money
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError
from tests.services.desk import CONTRACT, Desk, moment

MANAGER = By("person:4", Role.MANAGER)
AT = moment("2026-09-15")
GENERAL, OF_CHALLENGE, OF_PLACE, ALONE = 1, 2, 3, 4


def contract(*, general: int = 1_000_000, challenge: int = 400_000, others: bool = True) -> dict[str, Any]:
    """État: a general envelope with one part for the challenge, one for Étouvie; Ville: one for the challenge alone."""
    parts = [
        {"funder": "etat", "total_cents": challenge, "challenge": "D01"},
        {"funder": "etat", "total_cents": 300_000, "neighbourhood": "QN08001M"},
        {"funder": "ville", "total_cents": 200_000, "challenge": "D01"},
    ]
    whole = [{"funder": "etat", "total_cents": general}]
    envelopes = [*(whole if general else []), *(parts if others else [])]
    return {**CONTRACT, "calls": [{**CONTRACT["calls"][0], "envelopes": envelopes}]}


def amounts(desk: Desk, column: str = "committed_cents") -> dict[int, int]:
    return dict(desk.rows(f"SELECT id, {column} FROM envelopes ORDER BY id"))


def answering(desk: Desk) -> int:
    """A case of Étouvie on the agenda that answers the challenge."""
    case_id = desk.case_in_committee()
    desk.run("INSERT INTO case_challenges SELECT %(c)s, id FROM challenges ON CONFLICT DO NOTHING", c=case_id)
    return case_id


def fund(desk: Desk, case_id: int, **cents: int) -> None:
    desk.move(
        case_id, Action.FUND, at="2026-09-15", role=Role.SECRETARY, given=Given(amounts=tuple(cents.items()))
    )


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    with pytest.raises(MoveRefusedError) as refusal:
        yield
    assert [reason.code for reason in refusal.value.reasons] == list(codes)


def transfer(
    desk: Desk,
    source: int,
    target: int,
    cents: int,
    *,
    by: By = MANAGER,
    reason: str = "Défi",
    key: str = "k",
) -> bool:
    with desk.database.transaction() as session:
        return money.transfer(
            session, desk.contract_id, source, target, cents, reason=reason, by=by, at=AT, key=key
        )


def sound(desk: Desk) -> bool:
    with desk.database.transaction() as session:
        return money.verify(session).sound
