"""A clock that goes back an hour or a day, or forward two days: nothing is reopened, no letter leaves twice."""

import asyncio
from datetime import datetime, timedelta
from email import message_from_bytes

import pytest

from parvis.models.embedded import EmbeddedServer
from parvis.models.session import Database
from parvis.notifications.delivery import Accepted, Confirm, Delivery, unconcerned
from parvis.services import agreement_sweeps, deadlines
from parvis.services.outbox import Dispatcher
from parvis.states.words import Sentence
from tests.faults.careless import NeverLooksBack
from tests.faults.door import door
from tests.faults.figures import Tally, control, measured
from tests.services.desk import Desk, moment

NOON = moment("2026-06-24 12:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WANDERING = (0 * HOUR, -HOUR, HOUR, -DAY, 2 * DAY, HOUR, -DAY, 2 * DAY, 7 * DAY, DAY, 9 * DAY, -HOUR, 9 * DAY)


class Taking:
    """Takes every message, and has something happen before it says so of the one numbered `at`."""

    def __init__(self, at: int = 0, happens: "Dispatcher | None" = None) -> None:
        self.ids: list[str] = []
        self.at = at
        self.happens = happens

    async def deliver(
        self, message: bytes, sender: str, recipient: str, *, confirm: Confirm = unconcerned
    ) -> Delivery:
        """Take a message."""
        self.ids.append(str(message_from_bytes(message)["Message-ID"]))
        if len(self.ids) == self.at and self.happens:
            await self.happens.run()
        await confirm()
        return Accepted()

    async def close(self) -> None:
        """Nothing is kept open."""


def sent(database: Database, taking: Taking, at: datetime, by: str = "one") -> int:
    """How many letters leave at that instant."""
    return asyncio.run(Dispatcher(database, taking, lambda: at, by).run()).accepted


def settled(desk: Desk) -> list[list[tuple[object, ...]]]:
    """Where cases stand and which letters are owed, by their keys."""
    return [
        desk.rows("SELECT reference, stage FROM cases ORDER BY 1"),
        desk.rows("SELECT case_id, rule, occurrence, recipient FROM letters ORDER BY 1, 2, 3, 4"),
        desk.rows("SELECT case_id, action FROM journal ORDER BY 1, seq"),
    ]


def told(desk: Desk) -> None:
    """Cases whose documents are awaited until different days around noon of the 24th."""
    for day in (
        "2026-06-23",
        "2026-06-24",
        "2026-06-25",
        "2026-06-28",
        "2026-06-30",
        "2026-07-02",
        "2026-07-10",
    ):
        desk.case_awaiting_documents(reply_by=day, at="2026-06-10")


def swept(desk: Desk, at: datetime) -> None:
    """The clock passes."""
    deadlines.sweep(desk.database, at=at)
    agreement_sweeps.renew(desk.database, at=at)


@pytest.mark.parametrize("times", [1, pytest.param(20, marks=pytest.mark.slow)])
def test_sweeps_by_a_clock_that_wanders_reopen_nothing_and_owe_each_letter_once(
    database: Database, times: int
):
    said = Sentence(
        "Horloge : −1 h, −1 jour, +2 jours entre les passages", "Clock: −1 h, −1 day, +2 days between sweeps"
    )
    desk, taking, seen = Desk.opened(database), Taking(), set[int]()
    for _ in range(times):
        told(desk)

    with measured("clock", said) as tally:
        for step in WANDERING:
            swept(desk, NOON + step)
            sent(database, taking, NOON + step)
            lapsed = {case for (case,) in desk.rows("SELECT id FROM cases WHERE stage = 'lapsed'")}
            assert seen <= lapsed
            seen = lapsed
        tally.times, tally.of = len(WANDERING), len(taking.ids)
        tally.doubled = len(taking.ids) - len(set(taking.ids))
        tally.lost = desk.value("SELECT count(*) FROM letters WHERE stage <> 'sent'")

        assert (tally.doubled, tally.lost) == (0, 0)
        assert desk.value("SELECT count(*) FROM journal WHERE action = 'lapse'") == len(seen) == 6 * times
        assert (
            desk.rows("SELECT case_id FROM letters WHERE template = 'lapsed' GROUP BY 1 HAVING count(*) > 1")
            == []
        )
        before = settled(desk)
        for step in WANDERING:
            swept(desk, NOON + step)
        assert settled(desk) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("due", "without"),
    [
        (
            "due_at > %(last)s AND due_at <= %(at)s",
            Sentence("dû depuis l’heure du dernier passage", "due since the hour of the last sweep"),
        ),
        (
            "due_at::date = %(at)s::date",
            Sentence("dû ce jour-là seulement", "due on that very day only"),
        ),
    ],
    ids=["since", "today"],
)
def test_sweeps_that_keep_no_trace_of_what_they_did_tell_things_twice_or_never(
    database: Database, due: str, without: Sentence
):
    desk, done, last = Desk.opened(database), list[int](), NOON - DAY
    told(desk)

    for step in WANDERING:
        rows = desk.rows(f"SELECT id FROM timers WHERE {due}", last=last, at=NOON + step)
        done += [timer for (timer,) in rows]
        last = NOON + step

    owed = {
        timer
        for (timer,) in desk.rows(
            "SELECT id FROM timers WHERE due_at > %(first)s AND due_at <= %(last)s",
            first=NOON - DAY,
            last=NOON + 9 * DAY,
        )
    }
    doubled, lost = len(done) - len(set(done)), len(owed - set(done))
    control("clock", without, doubled=doubled, lost=lost)
    assert doubled + lost > 0


@pytest.mark.faults
@pytest.mark.parametrize("back", [HOUR, DAY])
def test_a_lease_of_a_killed_dispatcher_is_over_though_the_clock_went_back(
    database: Database, back: timedelta
):
    desk, taking = Desk.opened(database), Taking()
    desk.receive(*(desk.deposit() for _ in range(5)))
    killed(database, NOON)
    said = Sentence(
        f"Horloge : −1 {'jour' if back == DAY else 'h'} après la mort de ce qui envoie",
        f"Clock: −1 {'day' if back == DAY else 'h'} after what sends died",
    )

    with measured("clock-back", said) as tally:
        at_once = sent(database, taking, NOON - back, "other")
        sent(database, taking, NOON + timedelta(minutes=11), "other")

        counted_in(tally, taking, 5)
        assert at_once in {0, 5}
        assert (tally.lost, tally.doubled) == (0, 0)


@pytest.mark.faults
def test_letters_held_by_a_clock_two_days_ahead_leave_as_soon_as_it_is_put_right(database: Database):
    desk, taking = Desk.opened(database), Taking()
    desk.receive(*(desk.deposit() for _ in range(5)))
    killed(database, NOON + 2 * DAY)
    said = Sentence(
        "Horloge : +2 jours, remise à l’heure après la mort de ce qui envoie",
        "Clock: +2 days, put right after what sends died",
    )

    with measured("clock-lease", said) as tally:
        at_once = sent(database, taking, NOON, "other")

        counted_in(tally, taking, 5)
        assert at_once == 5
        assert (tally.lost, tally.doubled) == (0, 0)


def counted_in(tally: Tally, taking: Taking, letters: int) -> None:
    """How many of these letters were not taken, and how many copies were one too many."""
    tally.times, tally.of = 1, letters
    tally.lost, tally.doubled = letters - len(set(taking.ids)), len(taking.ids) - len(set(taking.ids))


@pytest.mark.slow
def test_a_lease_that_does_not_run_out_keeps_letters_waiting(database: Database, postgres: EmbeddedServer):
    stuck = left_waiting(database, postgres, "lease_until <= $1 OR ", killed_at=NOON)

    control("clock-back", Sentence("bail qui ne s’éteint pas", "a lease that does not run out"), stuck=stuck)
    assert stuck == 5


@pytest.mark.slow
def test_a_lease_believed_however_long_keeps_letters_waiting(database: Database, postgres: EmbeddedServer):
    stuck = left_waiting(database, postgres, " OR lease_until > $2", killed_at=NOON + 2 * DAY)

    control(
        "clock-lease", Sentence("bail cru, si long soit-il", "a lease believed, however long"), stuck=stuck
    )
    assert stuck == 5


def left_waiting(database: Database, postgres: EmbeddedServer, clause: str, *, killed_at: datetime) -> int:
    """How many letters of a killed dispatcher still wait in the hour that follows noon, without one end of a lease."""
    desk = Desk.opened(database)
    desk.receive(*(desk.deposit() for _ in range(5)))
    killed(database, killed_at)
    with door(postgres.url()) as way, Database(way.url(database.url), role="parvis_app") as careless:
        way.unsaid = (clause,)
        for after in (-HOUR, 0 * HOUR, timedelta(minutes=11), HOUR):
            sent(careless, Taking(), NOON + after, "other")
    assert way.left_out
    return int(desk.value("SELECT count(*) FROM letters WHERE stage = 'sending'"))


def killed(database: Database, at: datetime) -> None:
    """A dispatcher took all there was, and is gone."""
    asyncio.run(_claims(Dispatcher(database, Taking(), lambda: at, "killed")))


async def _claims(dispatcher: Dispatcher) -> None:
    dispatcher._claim(200)


def overtaken(database: Database, kind: type[Dispatcher], at: int = 10) -> Taking:
    """A dispatcher is at one letter of two hundred when another, two days ahead, takes its lease for over."""
    desk, second = Desk.opened(database), Taking()
    desk.receive(*(desk.deposit() for _ in range(200)))
    with Database(database.url, role="parvis_app") as other:
        ahead = Dispatcher(other, second, lambda: NOON + 2 * DAY, "ahead")
        first = Taking(at, ahead)
        asyncio.run(kind(database, first, lambda: NOON, "behind").run())
    first.ids += second.ids
    assert desk.rows("SELECT stage, count(*) FROM letters GROUP BY 1") == [("sent", 200)]
    return first


@pytest.mark.parametrize("at", [10, pytest.param(1, marks=pytest.mark.slow)])
def test_a_dispatcher_whose_lease_another_took_leaves_it_the_rest(database: Database, at: int):
    said = Sentence(
        "Horloge : +2 jours ailleurs pendant un envoi", "Clock: +2 days elsewhere during a dispatch"
    )
    with measured("clock-ahead", said) as tally:
        taken = overtaken(database, Dispatcher, at)
        tally.times, tally.of, tally.allowed = 1, 200, 4
        tally.doubled = len(taken.ids) - len(set(taken.ids))

        assert len(set(taken.ids)) == 200
        assert tally.doubled <= tally.allowed


@pytest.mark.slow
def test_one_that_does_not_look_whether_it_still_holds_them_sends_the_rest_again(database: Database):
    taken = overtaken(database, NeverLooksBack)

    doubled = len(taken.ids) - len(set(taken.ids))
    control("clock-ahead", Sentence("sans regarder son bail", "its lease not looked at"), doubled=doubled)
    assert doubled > 4
