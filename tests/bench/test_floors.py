"""What the bench compares does the same work: whichever way a case is moved or swept, the same rows are left."""

from collections.abc import Callable, Iterator

import psycopg
import pytest

from bench import moves, sweeps
from bench.ground import Ground, copies, lay
from bench.sweeps_floor import LAPSES, REMINDERS
from parvis.models import databases
from parvis.models.embedded import EmbeddedServer

CASE = "to_jsonb(c) - '{id,reference,external_id,journal_head,reply_by}'::text[]"
LINE = "to_jsonb(j) - '{id,case_id,hash}'::text[]"
TIMER = "to_jsonb(t) - '{id,case_id,deadline,due_at,expires_at,settled_at}'::text[]"
LETTER = "to_jsonb(l) - '{id,case_id,data,owed_at,not_before}'::text[]"
LEFT = f"""
SELECT {CASE} - '{{entered_at}}'::text[],
       (SELECT jsonb_agg({LINE} - '{{at}}'::text[] ORDER BY seq) FROM journal j WHERE case_id = c.id),
       (SELECT jsonb_agg({TIMER} ORDER BY rule, occurrence) FROM timers t WHERE case_id = c.id),
       (SELECT jsonb_agg({LETTER} ORDER BY rule, recipient) FROM letters l WHERE case_id = c.id)
  FROM cases c WHERE id = ANY(%s) ORDER BY id
"""


@pytest.fixture
def new_ground(postgres: EmbeddedServer, worker_id: str) -> Iterator[Callable[[], Ground]]:
    name = f"bench_{worker_id}"
    yield lambda: lay(postgres, name)
    databases.drop(postgres.url(), name)


def left(ground: Ground, cases: list[int]) -> list[tuple[object, ...]]:
    """All that is known of these cases but numbers and instants."""
    with ground.admin() as connection:
        return connection.execute(LEFT, (cases,)).fetchall()


@pytest.mark.parametrize("way", ["psycopg", "orm", "pgbench"])
def test_a_floor_moves_a_case_as_the_service_does(new_ground, way):
    ground = new_ground()
    one, other = copies(ground, 2)

    with moves.ours(ground) as move:
        move(one)
    if way == "pgbench":
        moves.pgbench(ground, other, each=1, clients=1)
    else:
        with moves.WAYS[way](ground) as move:
            move(other)

    assert left(ground, [one]) == left(ground, [other])


@pytest.mark.parametrize(
    ("timers", "floor"), [(sweeps.REMINDED, REMINDERS), (sweeps.LAPSING, LAPSES)], ids=["reminders", "lapses"]
)
def test_a_floor_sweeps_a_day_as_the_service_does(new_ground, timers, floor):
    field = sweeps.Field(new_ground(), 2 * sweeps.A_DAY, timers, floor)

    with field.ground.open() as database, psycopg.connect(field.ground.dsn) as connection:
        field.ours(database, 1)
        field.raw(connection, 1)

    first, second = ([case_id for case_id in field.ids if case_id % 2 == day] for day in (0, 1))
    assert len(first) == len(second) == sweeps.A_DAY
    assert left(field.ground, first) == left(field.ground, second)
