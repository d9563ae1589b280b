"""Whatever strangers send, a parser reads it or refuses it by its own error: `make fuzz` tries for long."""

import contextlib
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.models.session import Database
from parvis.services import payment_imports
from parvis.services.imports.problems import DepositFileError
from parvis.services.queue import Viewer, read_page
from parvis.services.queue_address import read_query
from tests.fuzz.inputs import odd_text, retyped
from tests.fuzz.targets import TARGETS, Target
from tests.services.desk import Desk, moment
from tests.services.payment_desk import FINANCE

A_FEW = 12
MANY = int(os.environ.get("FUZZ", "2000"))
"""How many inputs each parser is given by `make fuzz`; FUZZ=20000 for ten times as many."""
UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


@pytest.fixture
def desk(database: Database) -> Desk:
    """A small city, its contract written, no case yet."""
    return Desk.opened(database)


def try_all(target: Target, examples: int, *, again: bool) -> None:
    """Give a parser so many inputs, the same each time when `again`."""

    @settings(UNHURRIED, max_examples=examples, derandomize=again, database=None)
    @given(sent=target.given)
    def read(sent: Any) -> None:
        with contextlib.suppress(*target.refuses):
            target.call(sent)

    read()


@pytest.mark.parametrize("name", TARGETS)
def test_a_parser_reads_what_it_is_given_or_refuses_it_by_its_own_error(name: str):
    try_all(TARGETS[name], A_FEW, again=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_a_parser_holds_against_thousands_of_inputs(name: str):
    try_all(TARGETS[name], MANY, again=False)


def of_the_database(desk: Desk) -> dict[str, Target]:
    """The parsers that look into the database while they read."""

    def listed(query: str) -> object:
        read = read_query(query)
        places = {"after": read.after, "before": read.before}
        with desk.database.transaction() as session:
            return read_page(
                session, read.wanted, read.order, Viewer(), at=moment("2026-06-01"), limit=5, **places
            )

    def returned(content: bytes) -> object:
        with desk.database.transaction() as session:
            return payment_imports.import_back(session, desk.contract_id, "retour.csv", content, by=FINANCE,
                                               at=moment("2026-10-20"), dry_run=True)  # fmt: skip

    back = "Ordre;Payé le;Mandat;Montant\r\n2026-1-1;20/10/2026;M-12;1 200,00\r\nTR-3;2026-10-20;T-4;50\r\n"
    return {
        "words searched": Target(odd_text().map(lambda words: f"q={words}"), listed, ()),
        "payments that came back": Target(
            retyped((back,)).map(lambda text: text.encode("utf-8", "surrogatepass")),
            returned,
            (DepositFileError,),
        ),
    }


def test_what_is_read_against_the_database_is_read_or_refused(desk: Desk):
    for target in of_the_database(desk).values():
        try_all(target, A_FEW, again=True)


@pytest.mark.slow
def test_what_is_read_against_the_database_holds_against_thousands(desk: Desk):
    for target in of_the_database(desk).values():
        try_all(target, MANY // 4, again=False)


def test_the_search_itself_finds_a_parser_that_falls():
    falls = Target(st.text(), lambda text: 1 / (len(text) - 1), ())

    with pytest.raises(ZeroDivisionError):
        try_all(falls, 100, again=True)
