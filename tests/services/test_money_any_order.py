"""Any sequence of movements keeps debits equal to credits, and nothing negative."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.models.queries.movements import NewMovement, Taken, give_back, write_grants, write_movement
from parvis.models.session import ConstraintError, Session, savepoint
from parvis.services import money
from parvis.states.ledger import Kind, flow
from parvis.states.table import MoveRefusedError
from tests.services.desk import Desk
from tests.services.envelope_desk import AT, GENERAL, MANAGER, OF_CHALLENGE

GRANTS = {"recommend": Kind.RESERVE, "fund": Kind.POST}
CENTS = st.integers(1, 500_000)
MOVES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([Kind.RESERVE, Kind.POST, Kind.PAY]), st.sampled_from([1, 2]), CENTS),
        st.tuples(st.sampled_from([Kind.RELEASE, Kind.RECLAIM]), st.sampled_from([1, 2]), st.just(0)),
        st.tuples(st.sampled_from(["recommend", "fund"]), st.sampled_from([1, 2]), CENTS),
        st.tuples(st.just(Kind.TRANSFER), st.sampled_from([(1, 2), (2, 1), (2, 3), (3, 1)]), CENTS),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


class UndoneError(Exception):
    """The example is over."""


Cases = dict[int, tuple[int, tuple[int, ...]]]


def make(session: Session, cases: Cases, move: tuple[Any, Any, int], number: int) -> None:
    kind, what, cents = move
    if kind is Kind.TRANSFER:
        money.transfer(session, None, what[0], what[1], cents, reason="r", by=MANAGER, at=AT, key=f"{number}")
        return
    case_id, chain = cases[what]
    if kind in GRANTS:
        taken = [Taken("etat", cents, chain[0])]
        write_grants(session, case_id, number, taken, kind=GRANTS[kind], actor="person:4", at=AT)
        return
    said = NewMovement(kind, f"any/{number}", AT, "person:4", "", case_id)
    if kind in {Kind.RELEASE, Kind.RECLAIM}:
        give_back(session, case_id, said)
    elif kind is Kind.PAY and committed(session, case_id) < cents:
        return
    else:
        write_movement(session, said, flow(kind, chain, cents))


def committed(session: Session, case_id: int) -> int:
    return int(session.exec_driver_sql(
        "SELECT COALESCE(sum(amount_cents), 0) FROM ledger JOIN movements m ON m.id = movement_id"
        " WHERE case_id = %(c)s AND account = 'committed' AND envelope_id = 1", {"c": case_id},
    ).scalar_one())  # fmt: skip


def columns(session: Session) -> list[tuple[int, ...]]:
    return [tuple(row) for row in session.exec_driver_sql(
        "SELECT initial_cents, total_cents, reserved_cents, committed_cents, paid_cents, available_cents"
        " FROM envelopes ORDER BY id"
    )]  # fmt: skip


def test_any_sequence_of_movements_keeps_debits_equal_to_credits_and_nothing_negative(city: Desk) -> None:
    cases = {
        1: (city.case_in_committee(), (GENERAL,)),
        2: (city.case_in_committee(), (OF_CHALLENGE, GENERAL)),
    }

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(moves=MOVES)
    def holds(moves: list[tuple[Any, Any, int]]) -> None:
        with pytest.raises(UndoneError), city.database.transaction() as session:
            for number, move in enumerate(moves):
                before = columns(session)
                try:
                    with savepoint(session):
                        make(session, cases, move, number)
                except (ConstraintError, MoveRefusedError):
                    assert columns(session) == before
                assert money.verify(session).sound
                assert min(min(row) for row in columns(session)) >= 0
                assert session.exec_driver_sql("SELECT sum(amount_cents) FROM ledger").scalar_one() == 0
            raise UndoneError

    holds()
