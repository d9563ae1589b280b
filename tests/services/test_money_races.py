"""Processes that award from one envelope at once: never over, exactly what fits, whatever happens to it meanwhile."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from parvis.models.embedded import EmbeddedServer
from parvis.models.queries.movements import Taken, write_grants
from parvis.models.session import Database
from parvis.services import money
from parvis.services.advance import advance
from parvis.states.facts import By, Given
from parvis.states.ledger import Kind
from parvis.states.stages import Action, Role
from parvis.states.words import Sentence
from tests.faults.door import door
from tests.faults.figures import control, measured
from tests.services.desk import Desk, moment
from tests.services.processes import Other
from tests.services.works import award

AWARD = 1_000
RACING = Sentence(
    "Processus qui attribuent sur la même enveloppe, changée pendant ce temps",
    "Processes that award from one envelope, changed meanwhile",
)


@pytest.mark.parametrize(
    ("processes", "rounds"), [(3, 5), pytest.param(16, 40, marks=pytest.mark.slow)], ids=["short", "whole"]
)
def test_processes_award_exactly_what_fits_while_the_envelope_is_changed(
    desk: Desk, database_url: str, processes: int, rounds: int
) -> None:
    cases = [desk.case_in_committee() for _ in range(processes * rounds)]
    withdrawn = desk.case_in_committee()
    desk.hold_session()
    fits = processes * rounds // 2
    desk.fill((fits + 3) * AWARD + AWARD - 1, "etat")
    other = int(desk.value("SELECT id FROM envelopes WHERE funder_id = 2"))
    desk.run(
        "INSERT INTO envelopes (funder_id, call_id, year) SELECT funder_id, call_id, 2027 FROM envelopes WHERE id = 1"
    )
    kept = int(desk.value("SELECT max(id) FROM envelopes"))
    with desk.database.transaction() as session:
        taken = [Taken("etat", AWARD, 1)]
        write_grants(session, withdrawn, 0, taken, kind=Kind.RESERVE, actor="", at=moment("2026-09-01"))

    with measured("envelope", RACING) as tally:
        running = [Other(award, database_url, cases[number::processes]) for number in range(processes)]
        reduced = look_and_reduce(desk, running, kept, withdrawn)
        said = [process.told() for process in running]

        won = sum(
            each for each, _, _ in said
        )  # what is withdrawn comes back in time for one more, or too late
        tally.times, tally.of = processes, processes * rounds
        tally.lost, tally.doubled = max(0, fits - won), max(0, won - fits - 1)
        assert reduced == 2
        assert won in {fits, fits + 1}
    assert sum(no for _, no, _ in said) == processes * rounds - won
    assert sum(tried for _, _, tried in said) == processes * rounds
    assert desk.rows(
        "SELECT reserved_cents, committed_cents, available_cents FROM envelopes WHERE id = 1"
    ) == [(0, won * AWARD, (fits + 1 - won) * AWARD + AWARD - 1)]
    assert desk.value("SELECT committed_cents FROM envelopes WHERE id = %(o)s", o=other) == 0
    replay_and_release(desk, room=2 * AWARD - 1 + (fits - won) * AWARD)


def look_and_reduce(desk: Desk, running: list[Other], kept: int, withdrawn: int) -> int:
    """Let them go; verify the ledger as long as they run, take two awards away, withdraw a case meanwhile."""
    for process in running:
        process.tell("go")
    reduced = 0
    while reduced < 2 or any(process.runs for process in running):
        with desk.database.transaction() as session:
            found = money.verify(session)
        assert found.sound, found.astray
        if reduced == 1:
            desk.move(withdrawn, Action.WITHDRAW, given=Given(reason="Abandon"))
        if reduced < 2:
            reduced += 1
            with desk.database.transaction() as session:
                money.transfer(session, None, 1, kept, AWARD, reason="Réduction", by=By("person:4", Role.MANAGER),
                               at=moment("2026-09-15"), key=f"less-{reduced}")  # fmt: skip
    return reduced


def replay_and_release(desk: Desk, *, room: int) -> None:
    """A decision served again writes nothing; one taken back makes room for exactly one more."""
    (won,) = desk.rows("SELECT min(id) FROM cases WHERE stage = 'funded'")[0]
    (lost, *_) = desk.rows("SELECT id FROM cases WHERE stage = 'committee' ORDER BY id")[0]
    lines, by = desk.value("SELECT count(*) FROM ledger"), By("person:3", Role.SECRETARY)
    given = Given(amounts=(("etat", AWARD),))

    with desk.database.transaction() as session:
        again = advance(
            session, won, Action.FUND, by=by, at=moment("2026-09-16"), given=given, key=f"award-{won}"
        )
    assert again.replayed
    assert desk.value("SELECT count(*) FROM ledger") == lines

    desk.move(won, Action.RECORD_NOT_CARRIED_OUT, role=Role.FINANCE, given=Given(reason="Annulée"))
    desk.move(won, Action.RECLAIM, role=Role.FINANCE, given=Given(reason="Annulée"))
    desk.move(lost, Action.FUND, at="2026-09-16", role=Role.SECRETARY, given=given)
    assert desk.value("SELECT available_cents FROM envelopes WHERE id = 1") == room
    assert desk.value("SELECT count(*) FROM movements WHERE kind = %(k)s", k=str(Kind.RECLAIM)) == 1


@pytest.mark.slow
def test_an_envelope_neither_held_nor_limited_is_overspent(
    postgres: EmbeddedServer, new_database: Callable[..., str]
) -> None:
    url, processes, fits = new_database(), 6, 3
    with Database(url) as straight, door(postgres.url()) as way:
        desk = Desk.opened(straight)
        cases = [desk.case_in_committee() for _ in range(2 * processes)]
        desk.hold_session()
        desk.fill(fits * AWARD, "etat")
        desk.run("ALTER TABLE envelopes DROP CONSTRAINT ck_envelopes_never_over")
        way.unsaid, way.late = (" FOR UPDATE OF e",), "WITH moved AS"

        running = [Other(award, way.url(url), cases[number::processes]) for number in range(processes)]
        for process in running:
            process.tell("go")
        won = sum(process.told()[0] for process in running)

        left = desk.value("SELECT available_cents FROM envelopes WHERE id = 1")
    assert way.left_out
    without = Sentence(
        "enveloppe ni retenue ni bornée en base", "envelope neither held nor limited in the database"
    )
    control("envelope", without, doubled=won - fits)
    assert left == (fits - won) * AWARD < 0


def test_looking_then_spending_overspends(owner_database: Database) -> None:
    """The naive way, its race made certain: all look at what is left before any of them spends."""
    everybody, fits = 8, 3
    looked = threading.Barrier(everybody)

    def award(_: int) -> bool:
        with owner_database.transaction() as session:
            left = session.exec_driver_sql("SELECT left_cents FROM naive").scalar_one()
        looked.wait()
        if left < AWARD:
            return False
        with owner_database.transaction() as session:
            session.exec_driver_sql("UPDATE naive SET left_cents = left_cents - %(a)s", {"a": AWARD})
        return True

    with owner_database.transaction() as session:
        session.exec_driver_sql(
            "CREATE TABLE naive AS SELECT %(x)s::bigint AS left_cents", {"x": fits * AWARD}
        )
    with ThreadPoolExecutor(everybody) as threads:
        won = sum(threads.map(award, range(everybody)))

    assert won == everybody > fits
    with owner_database.transaction() as session:
        assert session.exec_driver_sql("SELECT left_cents FROM naive").scalar_one() < 0
