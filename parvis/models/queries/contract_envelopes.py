"""The envelopes of a call as rows: opened and adjusted by movements, part of their funder's general one."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from parvis.models.queries.movements import NewMovement, write_movement
from parvis.models.session import Session
from parvis.states.contract import Call, Envelope
from parvis.states.ledger import Account, Kind, Line, flow

CONTRACT = "contract"
"""Who changes an envelope when its contract's file does."""


class BelowCommittedError(Exception):
    """An envelope would hold less than was reserved and decided of it; amounts in cents."""

    def __init__(self, call: str, envelope: str, wanted_cents: int, held_cents: int) -> None:
        super().__init__(envelope)
        self.call = call
        self.envelope = envelope
        self.wanted_cents = wanted_cents
        self.held_cents = held_cents


class _Held(NamedTuple):
    id: int
    initial_cents: int
    held_cents: int
    transferred_cents: int
    call: str
    name: str
    moves: int


def write_envelopes(session: Session, call_id: int, call: Call, *, at: datetime) -> None:
    """Make the envelopes of a call hold what its contract says, before transfers.

    Raises:
        BelowCommittedError: one of them would hold less than was reserved and decided of it.
    """
    ids = [_row(session, call_id, each.year or call.year, each) for each in call.envelopes]
    held = {one.id: one for one in _hold(session, ids)}
    for envelope_id, each in zip(ids, call.envelopes, strict=True):
        adjust(session, held[envelope_id], each.total_cents, actor=CONTRACT, at=at)
    _adopt(session, call_id, at=at)


def adjust(session: Session, held: _Held, initial_cents: int, *, actor: str, at: datetime) -> None:
    """Make an envelope, which is held, start with this amount.

    Raises:
        BelowCommittedError: it would hold less than was reserved and decided of it.
    """
    change = initial_cents - held.initial_cents
    if not change:
        return
    if initial_cents + held.transferred_cents < held.held_cents:
        raise BelowCommittedError(
            held.call, held.name, initial_cents + held.transferred_cents, held.held_cents
        )
    kind = Kind.ADJUST if held.moves else Kind.OPEN
    key = f"{kind}/{held.id}/{held.moves}" if held.moves else f"{kind}/{held.id}"
    write_movement(session, NewMovement(kind, key, at, actor), flow(kind, [held.id], change))


def _row(session: Session, call_id: int, year: int, said: Envelope) -> int:
    """The id of an envelope; an empty one is made when there is none."""
    found = session.exec_driver_sql(
        """
        INSERT INTO envelopes (funder_id, call_id, year, neighbourhood_id, challenge_id)
        SELECT f.id, k.id, %(year)s,
               (SELECT id FROM neighbourhoods WHERE contract_id = k.contract_id AND code = %(neighbourhood)s),
               (SELECT id FROM challenges WHERE contract_id = k.contract_id AND code = %(challenge)s)
          FROM calls k JOIN funders f ON f.contract_id = k.contract_id AND f.code = %(funder)s WHERE k.id = %(call)s
        ON CONFLICT (funder_id, call_id, year, neighbourhood_id, challenge_id) DO UPDATE SET year = excluded.year
        RETURNING id
        """,
        {"call": call_id, "year": year, "funder": said.funder, "neighbourhood": said.neighbourhood,
         "challenge": said.challenge},
    )  # fmt: skip
    return int(found.scalar_one())


def _hold(session: Session, ids: Sequence[int]) -> list[_Held]:
    rows = session.exec_driver_sql(
        """
        SELECT e.id, e.initial_cents, e.reserved_cents + e.committed_cents, e.transferred_cents, k.code,
               concat_ws(', ', f.name, n.name, d.label),
               (SELECT count(*) FROM ledger l WHERE l.envelope_id = e.id AND l.account = 'initial')
          FROM envelopes e JOIN funders f ON f.id = e.funder_id JOIN calls k ON k.id = e.call_id
          LEFT JOIN neighbourhoods n ON n.id = e.neighbourhood_id LEFT JOIN challenges d ON d.id = e.challenge_id
         WHERE e.id = ANY(%(ids)s) ORDER BY e.id FOR UPDATE OF e
        """,
        {"ids": list(ids)},
    )
    return [_Held(*row) for row in rows]


def _adopt(session: Session, call_id: int, *, at: datetime) -> None:
    """Make envelopes part of the general one of their funder; what they hold already counts in it from now on."""
    rows = session.exec_driver_sql(
        """
        UPDATE envelopes e SET parent_id = g.id FROM envelopes g
         WHERE e.call_id = %(call)s AND g.funder_id = e.funder_id AND g.call_id = e.call_id AND g.year = e.year
           AND g.neighbourhood_id IS NULL AND g.challenge_id IS NULL AND e.parent_id IS NULL
           AND (e.neighbourhood_id IS NOT NULL OR e.challenge_id IS NOT NULL)
        RETURNING e.id, g.id
        """,
        {"call": call_id},
    ).fetchall()
    for child, parent in rows:
        for case_id, lines in _held_for_cases(session, child, parent).items():
            said = NewMovement(Kind.ADJUST, f"adopt/{child}/{case_id or 0}", at, CONTRACT, case_id=case_id)
            write_movement(session, said, lines)


def _held_for_cases(session: Session, child: int, parent: int) -> dict[int | None, list[Line]]:
    """What an envelope holds for each case, as lines of the one it becomes a part of: what it gives back comes back."""
    rows = session.exec_driver_sql(
        """
        SELECT m.case_id, l.account, sum(l.amount_cents)::bigint
          FROM ledger l JOIN movements m ON m.id = l.movement_id
         WHERE l.envelope_id = %(child)s AND l.account IN ('reserved', 'committed', 'paid')
         GROUP BY 1, 2 HAVING sum(l.amount_cents) <> 0 ORDER BY 1, 2
        """,
        {"child": child},
    )
    found: dict[int | None, list[Line]] = {}
    for case_id, account, cents in rows:
        found.setdefault(case_id, []).append(Line(parent, Account(account), cents))
    for lines in found.values():
        lines.append(Line(parent, Account.AVAILABLE, -sum(line.amount_cents for line in lines)))
    return found
