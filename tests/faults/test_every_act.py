"""No move without its crash: every row of every table, and all that pages, commands and flows write, is an act."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from parvis.states.case_table import CASES
from parvis.states.lifecycle import TABLES
from tests.architecture.writing import called_by_tests, house
from tests.faults.moves.every import EVERY, WORDS
from tests.faults.moves.of_cases import named

KINDS = {
    "case": ("advance-case",), "agreement": ("advance-agreement",), "sitting": ("sitting", "session"),
    "letter": ("letters", "told"),
}  # fmt: skip
"""By table, the kinds of acts that are its rows, each by the name of its action."""

NOT_CRASHED = {
    "models.migrate.upgrade": "test_half_way.py cuts migrations between their statements",
    "models.queries.access.add_visit": "who read what, a statement alone, which no page waits for",
    "services.backups.restore": "writes a database of its own, that takes the place of the other once it is whole",
    "services.bank.rotate": "what it writes is drawn, no two pictures agree; tests/services/test_bank.py reads it",
    "services.packets.build": "test_half_way.py cuts it: a packet takes a second",
    "services.jobs.prepare_packet": "the same",
    "services.ocel.export": "writes a file of its own",
    "services.parts.reshape": "tests/models/test_parts.py kills it half-way",
    "services.running.run": "runs all the others",
    "services.wiring.opened": "opens the database, after its migrations",
}
"""What writes and is no act, each with its reason."""

pytestmark = pytest.mark.xdist_group("writing")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_row_of_a_table_is_an_act(table):
    acts = {act.name for kind in KINDS[table.name] for act in EVERY[kind]}

    rows = {named(move) if table is CASES else str(move.action) for move in table.moves}

    assert rows <= acts


def test_acts_have_names_of_their_own_and_kinds_their_words():
    names = [(act.kind, act.name) for acts in EVERY.values() for act in acts]

    assert len(names) == len(set(names))
    assert EVERY.keys() == WORDS.keys()


def test_all_that_pages_commands_and_flows_write_is_an_act_or_says_why_not():
    seen: set[tuple[str, str]] = set()
    begun = {
        one for acts in EVERY.values() for act in acts for one in called_by_tests(*_named(act.does), seen)
    }
    reached = house().reached(begun)

    asked = {
        f"{name[0].removeprefix('parvis.')}.{name[1]}"
        for name in house().asked_of_services() if not house().passes_on(name, reached)
    }  # fmt: skip

    assert asked - NOT_CRASHED.keys() == set(), "tell it as an act in tests/faults/moves, or say here why not"
    assert NOT_CRASHED.keys() - asked == set(), "no longer there, or an act now"


def _named(does: Callable[..., Any]) -> tuple[str, str]:
    while isinstance(does, partial):
        does = does.func
    return does.__module__, does.__qualname__
