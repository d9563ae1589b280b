"""A crash between any two statements of every kind of move: all of it is there or nothing; again, it ends well.

Points are named kind/move/number: "advance-case/request_documents/2" is before the second statement it sends; the
number after the last is when everything is written and the answer comes to nobody.
"""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest

from parvis.models.embedded import EmbeddedServer
from parvis.states.words import Sentence
from tests.faults.crashing import (
    DRAWN_ON,
    EVERY_POINT,
    TODAY,
    Crash,
    Found,
    by_cutting,
    by_cutting_untied,
    by_killing,
    by_killing_untied,
    standing,
)
from tests.faults.door import door
from tests.faults.figures import control, measured
from tests.faults.ground import bare, ground
from tests.faults.moves.act import Act
from tests.faults.moves.every import EVERY, WORDS, act_named
from tests.services.desk import Desk


def crashed(
    server: EmbeddedServer, worker: str, acts: list[Act], crash: Crash, *, every: int = 1
) -> Found:  # fmt: skip
    """What was found at the points of these acts, or at one of so many."""
    total, untied = Found(), crash in {by_cutting_untied, by_killing_untied}
    with door(server.url()) as way, bare(server, f"crashing_{worker}") as base:
        for act in acts:
            with (
                (act.beside or nullcontext)() as told,
                ground(base, _prepare(act, told), act.contract) as (stands, given),
                standing(act, given, stands, way) as story,
            ):
                total += story.crashed(crash, again=not untied, every=every)
    return total


def _prepare(act: Act, told: Any) -> Callable[[Desk], tuple[Any, ...]]:
    return act.given if act.beside is None else lambda desk: act.given(desk, told)


def test_a_grant_cut_between_any_two_statements_is_whole_or_nothing_and_done_again_ends_well(
    postgres, worker_id
):
    found = crashed(postgres, worker_id, [act_named("advance-case", "fund")], by_cutting)

    assert (found.torn, found.not_mended) == ({}, {})
    assert found.whole == 1
    assert found.nothing == len(found.points) - 1 > 10


def test_the_same_without_its_transaction_is_seen_torn(postgres, worker_id):
    found = crashed(postgres, worker_id, [act_named("advance-case", "fund")], by_cutting_untied)

    assert any("ledger" in tables for tables in found.torn.values())


def test_letters_cut_while_they_leave_are_settled_or_owed_and_the_database_is_said_to_be_away(
    postgres, worker_id
):
    found = crashed(postgres, worker_id, [act_named("told", "accept")], by_cutting)

    assert (found.torn, found.not_mended) == ({}, {})
    assert found.between


@pytest.mark.slow
@pytest.mark.parametrize("kind", EVERY)
def test_every_move_crashed_at_every_point_is_whole_or_nothing(postgres, worker_id, kind):
    what = WORDS[kind]
    said = Sentence(f"Coupé entre deux ordres : {what.fr}", f"Cut between two statements: {what.en}")
    with measured(f"points/{kind}", said) as tally:
        found = crashed(postgres, worker_id, EVERY[kind], by_cutting)
        tally.times, tally.of, tally.lost = (
            len(found.points),
            len(EVERY[kind]),
            len(found.torn | found.not_mended),
        )

        assert (found.torn, found.not_mended) == ({}, {})
        assert found.whole >= len(EVERY[kind])


@pytest.mark.slow
@pytest.mark.parametrize("kind", EVERY)
def test_every_kind_of_move_without_its_transaction_is_seen_torn(postgres, worker_id, kind):
    found = crashed(postgres, worker_id, EVERY[kind][:: 1 + len(EVERY[kind]) // 6], by_cutting_untied)

    without = Sentence(
        f"sans transaction, {len(found.points)} points", f"no transaction, {len(found.points)} points"
    )
    control(f"points/{kind}", without, lost=len(found.torn))
    assert found.torn


def of_today(acts: list[Act], one_of: int) -> list[Act]:
    """One act of so many, others each day: in the long run all are played. All, when nothing is sampled."""
    return acts if EVERY_POINT else acts[TODAY % min(one_of, len(acts)) :: one_of]


@pytest.mark.slow
def test_a_process_killed_in_a_move_leaves_it_whole_or_nothing(postgres, worker_id):
    acts = [act for each in EVERY.values() for act in of_today(each, 10)]
    said = Sentence(
        f"Processus tué (kill -9) en plein acte, tirage du {DRAWN_ON}",
        f"Process killed in a move, draw of {DRAWN_ON}",
    )
    with measured("kills-in-moves", said) as tally:
        found = crashed(postgres, worker_id, acts, by_killing, every=4)
        tally.times, tally.of, tally.lost = len(found.points), len(acts), len(found.torn | found.not_mended)

        assert (found.torn, found.not_mended) == ({}, {})


@pytest.mark.slow
def test_a_process_killed_in_a_move_without_its_transaction_leaves_it_torn(postgres, worker_id):
    found = crashed(postgres, worker_id, [act_named("advance-case", "fund")], by_killing_untied)

    without = Sentence(
        f"sans transaction, {len(found.points)} points", f"no transaction, {len(found.points)} points"
    )
    control("kills-in-moves", without, lost=len(found.torn))
    assert found.torn
