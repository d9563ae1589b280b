"""The demonstration lands whole or not at all, once, in whatever year it is started."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from parvis.models.queries import due_dates
from parvis.models.session import Database
from parvis.notifications.mailbox import LocalMailbox
from parvis.services import jobs
from parvis.services.rehearsal.demonstration import Demonstrated, Progress, ensure_demonstration
from parvis.services.rehearsal.frame import framed, played
from parvis.services.settings import Settings
from parvis.services.yearly import actions, evaluate
from parvis.states.contract import Contract, Instrument
from tests.services import naive_year
from tests.services.rehearsal.conftest import Stage

ROOT = Path(__file__).parents[3]
PRESENT = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)
SMALL = 24


class InterruptedByTestError(Exception):
    """Somebody pressed Ctrl-C."""


@dataclass(frozen=True)
class Place:
    """An installation: its database, its settings, its mailbox."""

    database: Database
    settings: Settings
    mailbox: LocalMailbox

    def demonstrate(self, cases: int = SMALL, progress: Progress | None = None) -> Demonstrated | None:
        return ensure_demonstration(
            self.database, self.settings, PRESENT, self.mailbox, progress, cases=cases
        )


@pytest.fixture(scope="module")
def installed(
    stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], AbstractContextManager[Place]]:
    @contextmanager
    def place() -> Iterator[Place]:
        settings = Settings(
            data_folder=tmp_path_factory.mktemp("data"),
            contract=ROOT / "contracts" / "amiens.yaml",
            smtp_url=None,
        )
        with stage() as database:
            yield Place(database, settings, LocalMailbox(settings.mailbox))

    return place


@pytest.fixture(scope="module")
def played_once(installed) -> Iterator[tuple[Place, Demonstrated]]:
    with installed() as place:
        done = place.demonstrate()
        assert done is not None
        yield place, done


def counted(database: Database, statement: str) -> dict[str, int]:
    with database.transaction() as session:
        return {row[0]: row[1] for row in session.exec_driver_sql(statement)}


def value(database: Database, statement: str) -> object:
    with database.transaction() as session:
        return session.exec_driver_sql(statement).scalar_one()


def test_it_leaves_cases_at_every_stage_and_letters_to_send(played_once):
    place, done = played_once
    database = place.database

    asked = "SELECT count(*) FROM agreements a JOIN cases c ON c.id = a.request_case_id"
    reminded = (
        "SELECT count(*) FROM letters l JOIN cases c ON c.id = l.case_id JOIN journal j ON j.case_id = c.id"
        " WHERE l.template = 'draft_closing' AND j.action = 'submit' AND l.owed_at > j.at"
    )
    assert value(database, reminded) == 0
    assert value(database, "SELECT count(*) FROM cases") == done.cases + 12 == SMALL + 12
    assert (value(database, asked), value(database, f"{asked} WHERE c.stage = 'draft'")) == (12, 6)
    assert value(database, "SELECT count(*) FROM letters WHERE stage = 'owed' AND NOT digest") != 0
    assert value(database, "SELECT count(*) FROM cases WHERE stage = 'draft'") == 6  # renewals waiting
    assert len(counted(database, "SELECT stage, count(*) FROM cases GROUP BY 1")) >= 6
    assert value(database, f"SELECT count(*) FROM journal WHERE at > '{PRESENT}'") == 0


def test_after_all_that_happened_the_dates_of_every_case_are_those_of_its_timers(played_once):
    place, _ = played_once

    with place.database.transaction() as session:
        cases = list(session.exec_driver_sql("SELECT id FROM cases").scalars())
        dated = session.exec_driver_sql("SELECT count(due_on) FROM cases").scalar_one()
        changed = due_dates.refresh(session, cases)

    assert dated > 0
    assert changed == 0


def test_its_letters_are_in_the_mailbox_dated_in_the_past(played_once):
    place, done = played_once

    letters = place.mailbox.letters(limit=10_000)

    assert len(letters) == done.letters
    assert letters[0].date < PRESENT
    assert letters[-1].date < PRESENT - timedelta(days=300)


def test_a_second_time_it_does_nothing(played_once):
    place, _ = played_once
    before = value(place.database, "SELECT count(*) FROM journal")

    again = place.demonstrate()

    assert again is None
    assert value(place.database, "SELECT count(*) FROM journal") == before


def test_a_committee_sits_within_two_weeks_and_its_agenda_is_open(played_once):
    place, _ = played_once

    soon = value(
        place.database,
        "SELECT count(*) FROM committees WHERE agenda_open AND kind = 'steering'"
        f" AND held_on BETWEEN '{PRESENT.date()}' AND '{PRESENT.date() + timedelta(days=14)}'",
    )

    assert soon == 1


def test_its_committees_sat_for_real_and_the_next_one_is_prepared(played_once):
    place, _ = played_once
    database = place.database

    assert value(database, "SELECT count(*) FROM committees WHERE held_on < '2026-11-01' AND closed_at IS NULL AND"
                           " held_at IS NOT NULL") == 0  # fmt: skip
    assert value(database, "SELECT count(*) FROM minutes") == value(
        database, "SELECT count(*) FROM committees WHERE closed_at IS NOT NULL"
    )
    assert value(database, "SELECT count(*) FROM session_decisions WHERE outcome = 'recommend'") != 0
    assert value(database, "SELECT count(*) FROM session_decisions WHERE outcome = 'fund'") != 0
    assert value(
        database,
        "SELECT count(*) FROM committee_members b JOIN committees m ON m.id = b.committee_id"
        f" WHERE m.held_on > '{PRESENT.date()}' AND m.kind = 'steering' AND b.invited_at IS NOT NULL",
    ) != 0  # fmt: skip
    assert value(database, "SELECT count(*) FROM interests WHERE ground = 'declared'") != 0


def test_money_committed_is_money_granted(played_once):
    place, _ = played_once

    assert value(
        place.database,
        "SELECT count(*) FROM envelopes e WHERE committed_cents <>"
        " (SELECT COALESCE(sum(amount_cents), 0) FROM ledger"
        "   WHERE envelope_id = e.id AND account IN ('committed', 'paid'))",
    ) == 0  # fmt: skip


def test_the_files_left_in_the_inbox_are_two_to_import_and_one_to_refuse(played_once):
    place, done = played_once

    imported = jobs.import_deposits(place.database, place.settings.inbox, PRESENT)

    assert done.files == len(imported.arrivals) == 3
    assert imported.refused == 1
    assert imported.created > 0


@pytest.mark.slow
def test_interrupted_it_leaves_nothing_and_starts_over(installed):
    def interrupted(done: int, total: int) -> None:
        if done > 40:
            raise InterruptedByTestError

    with installed() as place:
        with pytest.raises(InterruptedByTestError):
            place.demonstrate(10, interrupted)
        cases = value(place.database, "SELECT count(*) FROM cases")
        left = place.settings.inbox.exists(), place.mailbox.path.exists()
        done = place.demonstrate(10)

    assert (cases, *left) == (0, False, False)
    assert done is not None
    assert done.cases == 10


@pytest.mark.parametrize(
    "today",
    [date(2026, 11, 23), date(2027, 10, 25), date(2029, 2, 28), date(2031, 12, 31), date(2040, 2, 29)],
)
def test_every_year_has_its_annual_call_and_committees(amiens, today):
    first = today - timedelta(days=320)

    frame = framed(amiens, first, today)

    calls = played(frame.calls, first, today)
    assert calls
    assert all(call.instrument is Instrument.ANNUAL for call in calls)
    assert today.year in {call.year for call in calls} | {call.year - 1 for call in calls}
    steering = next(committee for committee in frame.committees if committee.code == "pilotage")
    assert any(today < day <= today + timedelta(days=14) for day in steering.days)


def test_a_contract_that_has_all_it_needs_is_left_as_it_is(amiens):
    once = framed(amiens, date(2026, 1, 7), date(2026, 11, 23))

    assert framed(once, date(2026, 1, 7), date(2026, 11, 23)) is once


def test_a_contract_without_any_call_has_nothing_to_play(amiens):
    bare: Contract = amiens.model_copy(update={"calls": ()})

    assert (
        played(framed(bare, date(2026, 1, 7), date(2026, 11, 23)).calls, date(2026, 1, 7), date(2026, 11, 23))
        == []
    )


PAID_AND_REPORTED = """
UPDATE cases SET requested_cents = requested_cents + 1 WHERE id %% 4 = 0;
UPDATE cases SET not_carried_out = true WHERE stage = 'funded' AND id %% 5 = 0;
UPDATE cases SET beneficiaries = id, qpv_share_percent = NULLIF(id %% 7, 0) * 10;
INSERT INTO case_challenges (case_id, challenge_id)
    SELECT c.id, (SELECT min(id) + c.id %% 11 FROM challenges) FROM cases c WHERE c.id %% 2 = 0 ON CONFLICT DO NOTHING;
DELETE FROM case_neighbourhoods WHERE case_id %% 9 = 0;
DELETE FROM payment_orders;
DELETE FROM payments;
INSERT INTO payments (case_id, funder_id, position, instalment, condition, amount_cents, status, paid_on)
    SELECT case_id, funder_id, 1, 'acompte', 'notification', granted_cents / 3, 'paid', '2026-06-01'
      FROM fundings WHERE granted_cents > 0 AND case_id %% 4 > 0;
INSERT INTO payments (case_id, funder_id, position, instalment, condition, amount_cents, status, paid_on)
    SELECT case_id, funder_id, 2, 'repayment', 'report', -17, 'paid', '2026-07-01'
      FROM fundings WHERE granted_cents > 0 AND case_id %% 3 = 0;
DELETE FROM reports;
INSERT INTO reports (case_id, kind, way, state, answers, spent_cents, people, qpv_share_percent)
    SELECT id, 'final', 'report', 'accepted',
           jsonb_build_object('publics', jsonb_build_object(
               'femmes', ARRAY[CASE id %% 5 WHEN 0 THEN 'dix' WHEN 1 THEN ' 1 0' ELSE (id %% 13)::text END],
               'jeunes', ARRAY[(id * 3)::text])), NULLIF(id %% 6, 0) * 100003, NULLIF(id %% 8, 0) * 11,
           NULLIF(id %% 3, 0) * 31
      FROM cases WHERE stage IN ('funded', 'evaluated') AND id %% 2 = 0;
INSERT INTO reports (case_id, kind, way, state, spent_cents, people)
    SELECT id, 'final', 'report', 'received', 777, 777 FROM cases WHERE stage = 'funded' AND id %% 2 = 1
"""


def test_the_evaluation_of_its_year_counts_what_one_would_count_case_by_case(played_once):
    place, _ = played_once
    with pytest.raises(InterruptedByTestError), place.database.transaction() as session:
        for statement in PAID_AND_REPORTED.split(";"):
            session.exec_driver_sql(statement, {})
        contract_id = session.exec_driver_sql("SELECT id FROM contracts").scalar_one()
        year = session.exec_driver_sql(
            "SELECT k.year FROM cases c JOIN calls k ON k.id = c.call_id GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        ).scalar_one()

        made, naive = evaluate(session, contract_id, year), naive_year.Year(session, year)

        total = naive.count(lambda _: [])[""]
        assert made.total.now == total
        assert (
            min(total.funded, total.granted_cents, total.paid_cents, total.people_done, total.not_carried_out)
            > 0
        )
        assert sum(line.now.proposed for line in made.challenges) > total.proposed
        assert naive_year.lines_say(made.challenges) == naive.count(lambda case: case["challenges"])
        assert naive_year.lines_say(made.neighbourhoods) == naive.count(lambda case: case["neighbourhoods"])
        assert naive_year.lines_say(made.instruments) == naive.count(lambda case: [case["instrument"]])
        by_funder = naive_year.lines_say(made.funders)
        rest = by_funder.pop("")
        assert by_funder == naive.count_by_funder()
        for name in ("requested_cents", "granted_cents", "paid_cents"):
            assert sum(getattr(each, name) for each in (*by_funder.values(), rest)) == getattr(total, name), (
                name
            )
        crossed = naive.count_crossings()
        assert {
            f"{x.neighbourhood} {x.challenge}": (x.proposed, x.funded, x.granted_cents)
            for x in made.crossings
        } == crossed
        assert len(made.unanswered.pairs) == 77 - len(crossed)
        listed = actions(session, contract_id, year)
        assert sum(line.granted_cents for line in listed) == total.granted_cents
        assert sum(line.spent_cents or 0 for line in listed) == total.spent_cents
        raise InterruptedByTestError
