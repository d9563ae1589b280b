"""The outbox: written once, sent once, never lost, never silently dropped."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from parvis.notifications.delivery import Accepted, Carrier, Confirm, Delivery, Unreachable, unconcerned
from parvis.notifications.smtp import SmtpPool
from parvis.services import jobs, outbox, upcoming
from parvis.services.digests import morning
from parvis.services.outbox import Dispatcher, Sent
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError
from tests.services.desk import Desk, moment
from tests.services.smtp_server import listening


def send(desk: Desk, url: str, at: str = "2026-06-01 10:00", by: str = "test") -> Sent:
    async def run() -> Sent:
        async with SmtpPool(url, timeout_seconds=5) as pool:
            return await dispatcher(desk, pool, lambda: moment(at), by).run()

    return asyncio.run(run())


def dispatcher(desk: Desk, carrier: Carrier, clock: Callable[[], datetime], by: str) -> Dispatcher:
    return Dispatcher(
        desk.database, carrier, clock, by, timeout=timedelta(seconds=5), link="https://parvis.example"
    )


def test_an_owed_letter_is_written_once_and_sent(desk: Desk) -> None:
    case_id = desk.submitted_case()

    with listening() as post:
        sent = send(desk, post.url)
        again = send(desk, post.url)

    assert (sent.accepted, again.accepted) == (1, 0)
    message = message_from_bytes(post.messages[0], policy=policy.default)
    assert message["To"] == "Association Exemple <contact@asso.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "ANNUEL-2026-00001" in str(message["Subject"])
    assert "https://parvis.example/dossiers/ANNUEL-2026-00001" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert desk.rows("SELECT stage, attempts FROM letters WHERE case_id = %(id)s", id=case_id) == [
        ("sent", 1)
    ]


def test_letters_of_a_case_are_one_thread(desk: Desk) -> None:
    desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-02")

    with listening() as post:
        send(desk, post.url, at="2026-06-02 11:00")

    threads = {message_from_bytes(message)["References"] for message in post.messages}
    assert len(post.messages) == 2
    assert len(threads) == 1


def test_a_letter_put_off_by_the_server_is_sent_later_with_the_same_bytes(desk: Desk) -> None:
    desk.submitted_case()
    answers = iter(["451 4.7.1 later"])

    with listening(lambda _: next(answers, None)) as post:
        first = send(desk, post.url)
        too_soon = send(desk, post.url, at="2026-06-01 10:00")
        later = send(desk, post.url, at="2026-06-01 10:05")

    assert (first.deferred, too_soon.accepted, later.accepted) == (1, 0, 1)
    assert desk.value("SELECT attempts FROM letters") == 2


def test_a_refused_address_leaves_a_failed_letter_and_a_task(desk: Desk) -> None:
    desk.submitted_case()

    with listening(lambda _: "550 5.1.1 no such user") as post:
        sent = send(desk, post.url)

    assert sent.refused == 1
    assert desk.value("SELECT stage FROM letters") == "failed"
    assert "Appeler Association Exemple" in str(desk.value("SELECT title_fr FROM tasks"))


def test_a_letter_without_address_leaves_a_task(desk: Desk) -> None:
    desk.submitted_case(email=None)

    with listening() as post:
        sent = send(desk, post.url)

    assert sent.wrote.failed == 1
    assert desk.value("SELECT stage FROM letters") == "failed"
    assert "aucune adresse" in str(desk.value("SELECT title_fr FROM tasks"))


@pytest.mark.parametrize("at_once", [200, 2])
def test_an_absent_server_stops_the_run_and_loses_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(outbox, "CLAIMED_AT_ONCE", at_once)
    for _ in range(5):
        desk.submitted_case()

    sent = send(desk, "smtp://127.0.0.1:9")
    held = desk.value("SELECT count(*) FROM letters WHERE stage = 'sending'")
    with listening() as post:
        later = send(desk, post.url, at="2026-06-01 11:00")

    assert sent.unreachable
    assert held == 0
    assert (sent.accepted, later.accepted) == (0, 5)
    assert len(set(post.message_ids)) == 5


@dataclass
class Breaking:
    """A carrier whose exchange breaks for the letters of these turns."""

    turns: frozenset[int]
    turn: int = 0

    async def deliver(
        self, message: bytes, sender: str, recipient: str, *, confirm: Confirm = unconcerned
    ) -> Delivery:
        self.turn += 1
        if self.turn in self.turns:
            return Unreachable("closed", met=True)
        await confirm()
        return Accepted()

    async def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(("broken", "accepted", "stops"), [({2, 5, 6, 7}, 6, False), ({3, 4, 5, 6}, 2, True)])
def test_an_exchange_that_breaks_puts_off_its_letter_alone_and_four_in_a_row_stop_the_run(
    desk: Desk, broken: set[int], accepted: int, stops: bool
) -> None:
    for _ in range(10):
        desk.submitted_case()

    sender = Dispatcher(
        desk.database, Breaking(frozenset(broken)), lambda: moment("2026-06-01 10:00"), "test", lanes=1
    )
    sent = asyncio.run(sender.run())

    assert (sent.accepted, bool(sent.unreachable)) == (accepted, stops)
    owed = "SELECT count(*) FROM letters WHERE stage = 'owed' AND not_before > %(at)s"
    assert desk.value(owed, at=moment("2026-06-01 10:00")) == 4


def test_a_dispatcher_that_died_leaves_its_letters_to_the_next_after_the_lease(desk: Desk) -> None:
    desk.submitted_case()
    with listening() as post:
        send_nothing = dispatcher(desk, SmtpPool(post.url), lambda: moment("2026-06-01 10:00"), "dead")
        send_nothing._claim(10)

        too_soon = send(desk, post.url, at="2026-06-01 10:09")
        later = send(desk, post.url, at="2026-06-01 10:10")

    assert (too_soon.accepted, later.accepted, later.recovered) == (0, 1, 1)


def test_a_dispatcher_that_would_never_try_anything_is_refused(desk: Desk) -> None:
    """With a lease its own exchanges outlast, it would take and put back the same letters for ever."""
    with pytest.raises(ValueError, match="no room"):
        Dispatcher(
            desk.database, SmtpPool("smtp://127.0.0.1:9"), lambda: moment("2026-06-01"), "test",
            timeout=timedelta(minutes=5),
        )  # fmt: skip


def test_a_digest_person_gets_one_mail_in_the_morning_with_what_was_kept(desk: Desk) -> None:
    desk.run("UPDATE people SET delivery = 'digest' WHERE role = 'funder'")
    case_id = desk.submitted_case()
    desk.move(case_id, Action.ASK_OPINIONS, given=Given(funder_ids=(1,)))
    with listening() as post:
        send(desk, post.url, at="2026-06-01 12:00")
        with desk.database.transaction() as session:
            first = morning(session, at=moment("2026-06-02 07:30"))
            again = morning(session, at=moment("2026-06-02 07:31"))
        send(desk, post.url, at="2026-06-02 07:35")

    recipients = [str(message_from_bytes(message)["To"]).rpartition("<")[2] for message in post.messages]
    assert (first.people, first.letters, again.people) == (2, 1, 0)
    assert sorted(recipients) == ["contact@asso.example>", "ines@ville.example>", "paul@ville.example>"]
    assert desk.value("SELECT stage FROM letters WHERE template = 'opinion_requested'") == "gathered"


def test_finance_reads_every_morning_what_is_to_be_paid_soon_and_what_is_late(desk: Desk) -> None:
    case_id = desk.case_in_committee()
    desk.hold_session()
    grants = Given(amounts=(("etat", 400_000),))
    desk.move(case_id, Action.FUND, at="2026-09-15", role=Role.SECRETARY, given=grants)
    [(due_on, cents)] = desk.rows("SELECT due_on, amount_cents FROM payments WHERE status = 'due'")
    desk.run("UPDATE people SET role = 'finance', delivery = 'immediate' WHERE email = 'paul@ville.example'")

    def read(day: date) -> str:
        with desk.database.transaction() as session:
            morning(session, at=moment(f"{day} 07:30"))
        said = "SELECT data::text FROM letters WHERE template = 'digest' AND occurrence = %(day)s AND recipient ="
        finance = " (SELECT 'person:' || id FROM people WHERE role = 'finance' ORDER BY id LIMIT 1)"
        found = desk.rows(said + finance, day=day.isoformat())
        return str(found[0][0]).replace("\u202f", " ").replace("\xa0", " ") if found else ""

    assert due_on == date(2026, 11, 16)
    assert read(date(2026, 10, 30)) == ""
    assert f"{cents // 100_000} {cents // 100 % 1_000:03},00 € de État à" in read(date(2026, 11, 2))
    assert "en retard de 2 jours" in read(date(2026, 11, 18))
    desk.run("UPDATE payments SET status = 'paid', paid_on = '2026-11-18' WHERE status = 'due'")
    assert read(date(2026, 11, 19)) == ""


def test_what_a_funder_is_asked_is_not_in_the_digest_of_an_instructor_of_that_funder(desk: Desk) -> None:
    desk.run("UPDATE people SET delivery = 'digest', funder_id = 1 WHERE role IN ('instructor', 'funder')")
    case_id = desk.submitted_case()
    desk.move(case_id, Action.ASK_OPINIONS, given=Given(funder_ids=(1,)))
    with listening() as post:
        send(desk, post.url, at="2026-06-01 12:00")

    with desk.database.transaction() as session:
        morning(session, at=moment("2026-06-02 07:30"))

    told = desk.rows(
        "SELECT p.role, l.data::text LIKE '%%Messages%%' FROM letters l"
        " JOIN people p ON l.recipient = 'person:' || p.id"
        " WHERE l.template = 'digest' ORDER BY p.role"
    )
    assert told == [("funder", True), ("instructor", False)]


def test_the_anchor_of_the_journal_is_mailed_to_the_administrators_once(desk: Desk, tmp_path: Path) -> None:
    desk.run(
        "INSERT INTO people (contract_id, email, name, role) VALUES (1, 'a@ville.example', 'Ada', 'administrator')"
    )
    desk.submitted_case()

    with listening() as post:
        for _ in range(2):
            jobs.watch_journal(desk.database, tmp_path, moment("2026-06-01 23:30"))
        send(desk, post.url, at="2026-06-01 23:40")

    mailed = [message_from_bytes(m, policy=policy.default) for m in post.messages]
    [anchor] = [message for message in mailed if message["To"].addresses[0].addr_spec == "a@ville.example"]
    root = desk.value("SELECT encode(root, 'hex') FROM anchors")
    body = anchor.get_body(("plain",))
    assert body is not None
    assert str(root) in body.get_content()


def test_a_formal_notice_leaves_with_its_reason_its_date_and_the_grant(desk: Desk) -> None:
    case_id = desk.case_in_committee()
    desk.hold_session()
    desk.move(
        case_id, Action.FUND, at="2026-09-15", role=Role.SECRETARY, given=Given(amounts=(("etat", 400_000),))
    )

    with pytest.raises(MoveRefusedError):
        desk.move(case_id, Action.GIVE_NOTICE, at="2027-08-01", role=Role.FINANCE,
                  given=Given(reason="Bilan absent.", due_on=date(2027, 8, 1)))  # fmt: skip
    desk.move(
        case_id, Action.GIVE_NOTICE, at="2027-08-01", role=Role.FINANCE, given=Given(reason="Bilan absent.")
    )

    with desk.database.transaction() as session:
        code = "l{}".format(desk.value("SELECT id FROM letters WHERE template = 'formal_notice'"))
        letter = upcoming.preview(session, code).rendered
    text = letter.text.replace("\u202f", " ").replace("\xa0", " ")
    assert "mise en demeure" in letter.subject
    assert "au plus tard le 31 août 2027" in text
    assert "Bilan absent." in text
    assert "une subvention de 4 000,00 €" in text
    assert "article L. 242-2" in text
