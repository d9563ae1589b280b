"""Webhooks: what happens is owed in its own transaction, told signed, retried for days, only where calls may go."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from parvis.models.queries.moves import _Shape, _statement
from parvis.services.advance import Request, advance_many
from parvis.services.bank import rotate as seal_all_again
from parvis.services.bank_keys import Ring, new_key
from parvis.services.webhooks import endpoints
from parvis.services.webhooks.calling import Caller, networks
from parvis.services.webhooks.delivering import Courier, Delivered
from parvis.services.webhooks.endpoints import EndpointRefusedError, Wanted
from parvis.services.webhooks.signing import headers, new_secret
from parvis.states.facts import By
from parvis.states.stages import Action, Role
from parvis.states.webhooks import TYPES, WAITS, wait_seconds
from tests.services.desk import Desk, moment
from tests.services.receiver import Receiver, receiving
from tests.statements import counted

HERE = networks("127.0.0.1")
MAX = By("person:4", Role.MANAGER)
OLD, NEW = new_key(), new_key()


@dataclass
class Hooked:
    """A city whose tool is told."""

    desk: Desk
    tool: Receiver
    at: datetime = field(default_factory=lambda: moment("2026-06-01 12:00"))
    ring: Ring = field(default_factory=lambda: Ring([OLD]))
    caller: Caller = field(default_factory=lambda: Caller(5, HERE))

    def registers(self, *types: str, at: str = "2026-05-01") -> endpoints.Registered:
        wanted = Wanted("  Tableau\nde bord ", self.tool.url, types or ("case.*",)).checked(self.caller)
        with self.desk.database.transaction() as session:
            return endpoints.register(
                session, self.ring, self.desk.contract_id, wanted, by=MAX, at=moment(at)
            )

    def delivers(self, at: str | None = None) -> Delivered:
        self.at = moment(at) if at else self.at
        courier = Courier(self.desk.database, self.caller, lambda: self.ring, lambda: self.at, "t")
        return asyncio.run(courier.run())

    def states(self) -> list[tuple[str, int, int]]:
        return [(row[0], row[1], row[2]) for row in self.desk.rows(
            "SELECT state, attempts, status FROM webhook_deliveries ORDER BY id")]  # fmt: skip


@pytest.fixture
def hooked(desk: Desk) -> Iterator[Hooked]:
    with receiving() as tool:
        yield Hooked(desk, tool)


def test_a_tool_is_told_what_it_asked_for_signed_small_and_without_anybodys_name(hooked):
    made = hooked.registers("case.submit", "case.assess", "sitting.agenda_filled")
    hooked.desk.ready_case("2026-06-01")
    hooked.delivers("2026-06-01 12:00")

    calls = sorted(hooked.tool.calls, key=lambda call: call.told["data"]["version"])
    submit = calls[0].told
    assert [call.told["type"] for call in calls] == ["case.submit", "case.assess"]
    assert submit["data"] == {
        "reference": "ANNUEL-2026-00001", "call": "annuel-2026", "previous_stage": "draft", "stage": "submitted",
        "version": 1, "role": "importer",
    }  # fmt: skip
    assert (submit["version"], submit["timestamp"]) == (1, "2026-06-01T07:00:00Z")
    for call in calls:
        assert call.signed_with(made.secret)
        assert not call.signed_with(new_secret())
        assert call.headers["content-type"] == "application/json"
        assert not any(
            word in call.body.decode() for word in ("person", "@", "asso", "Association", "4181660")
        )
    line = hooked.desk.value("SELECT encode(hash, 'hex') FROM journal WHERE action = 'submit'")
    assert calls[0].headers["webhook-id"] == f"evt_{line[:32]}"
    assert hooked.states() == [("delivered", 1, 204)] * 2
    assert hooked.delivers() == Delivered()


def test_moves_of_many_of_agreements_and_of_sittings_are_told_as_well(hooked):
    hooked.registers("case.*", "sitting.*")
    ids = [hooked.desk.ready_case() for _ in range(2)]
    with hooked.desk.database.transaction() as session:
        advance_many(session, [Request(each) for each in ids], Action.INSTRUCT, by=By("person:1", Role.INSTRUCTOR),
                     at=moment("2026-06-02"))  # fmt: skip
        from parvis.models.queries.committee_journal import append

        append(
            session,
            hooked.desk.committee("copil"),
            "agenda_closed",
            {"name": "Léa"},
            by=MAX,
            at=moment("2026-06-02"),
        )

    told = hooked.desk.rows("SELECT type, data FROM webhook_deliveries WHERE happened_at = %(at)s ORDER BY id",
                            at=moment("2026-06-02"))  # fmt: skip

    assert [kind for kind, _ in told] == ["case.instruct", "case.instruct", "sitting.agenda_closed"]
    assert told[2][1] == {"committee": "copil", "held_on": "2026-09-15", "version": 1, "role": "manager"}


def test_a_move_pays_nothing_when_nobody_listens_and_no_statement_more_when_somebody_does(hooked):
    case_id = hooked.desk.submitted_case()
    move = (case_id, Action.CHECK_ELIGIBILITY)
    with counted(hooked.desk.database) as before:
        hooked.desk.move(*move)
    none = hooked.desk.value("SELECT count(*) FROM webhook_deliveries")
    hooked.registers("case.*")
    with counted(hooked.desk.database) as after:
        hooked.desk.move(*move)
    hooked.registers("agreement.*")

    quiet = _Shape(
        (), enters=False, cancels="", alone=True, timers=0, letters=0, agenda="", dates="", hooked=False
    )
    assert "webhook" not in _statement(quiet)
    assert (none, before.count) == (0, after.count)
    assert hooked.states() == [("owed", 0, 0)]


def test_what_a_tool_does_not_take_is_told_again_the_same_for_days_and_nobody_is_followed_elsewhere(hooked):
    hooked.registers()
    hooked.desk.submitted_case()
    hooked.tool.answer = lambda _: (500, {"retry-after": "600"}, b"<h1>panne\x00</h1>")

    first = hooked.delivers("2026-06-01 12:00")
    due = hooked.desk.value("SELECT not_before FROM webhook_deliveries")
    early = hooked.delivers("2026-06-01 12:09")
    hooked.tool.answer = lambda _: (307, {"location": f"{hooked.tool.url}/ailleurs"}, b"")
    hooked.delivers("2026-06-01 13:00")
    for hours in range(2, 9 * 24, 6):
        hooked.at = moment("2026-06-01 12:00") + timedelta(hours=hours)
        hooked.delivers()

    assert (first.deferred, early) == (1, Delivered())
    assert due == moment("2026-06-01 12:10")
    assert {call.path for call in hooked.tool.calls} == {"/parvis"}
    assert len({call.body for call in hooked.tool.calls}) == len(
        {call.headers["webhook-id"] for call in hooked.tool.calls}
    )
    assert len(hooked.tool.calls) == len(WAITS) + 1
    assert hooked.states() == [("failed", 10, 307)]


def test_a_tool_that_failed_for_days_is_stopped_the_manager_hears_of_it_and_it_resumes_with_what_it_missed(
    hooked,
):
    made = hooked.registers()
    hooked.desk.submitted_case()
    hooked.tool.answer = lambda _: (500, {}, b"")
    hooked.delivers("2026-06-01 12:00")
    hooked.desk.submitted_case("2026-06-10")
    hooked.at = moment("2026-06-10 09:00")
    assert hooked.delivers().stopped == 1
    assert hooked.desk.value("SELECT state FROM webhook_endpoints") == "disabled"
    [title] = [
        row[0]
        for row in hooked.desk.rows("SELECT title_fr FROM tasks WHERE kind = 'webhook' AND done_at IS NULL")
    ]
    assert "« Tableau de bord »" in title.replace("\u202f", " ")
    hooked.desk.submitted_case("2026-06-11")
    assert hooked.desk.value("SELECT count(*) FROM webhook_deliveries") == 2
    hooked.tool.answer, hooked.tool.calls = lambda _: (200, {}, b"merci"), []
    with hooked.desk.database.transaction() as session:
        assert endpoints.resume(session, None, made.id, at=moment("2026-06-12")) == 1
    assert hooked.delivers("2026-06-12 10:00").delivered == 3
    assert hooked.states() == [("delivered", 1, 200)] * 3
    assert hooked.desk.value("SELECT count(*) FROM tasks WHERE kind = 'webhook' AND done_at IS NULL") == 0
    assert hooked.delivers("2026-08-12 10:00").forgotten == 3


def test_a_tool_that_is_away_is_tried_once_a_run_one_that_is_gone_is_told_nothing_more(hooked):
    made = hooked.registers()
    for _ in range(30):
        hooked.desk.submitted_case()
    url, hooked.tool.port = hooked.tool.url, 1
    hooked.desk.run("UPDATE webhook_endpoints SET url = %(url)s", url=hooked.tool.url)
    away = hooked.delivers("2026-06-01 12:00")
    assert 0 < away.deferred <= 8
    assert away.deferred + away.not_tried == 30
    hooked.desk.run("UPDATE webhook_endpoints SET url = %(url)s", url=url)
    hooked.desk.run("UPDATE restorations SET released_at = now()")
    hooked.desk.run("INSERT INTO restorations (backup_at, restored_at) VALUES (now(), now())")
    assert hooked.delivers("2026-06-02 12:00") == Delivered()
    hooked.desk.run("UPDATE restorations SET released_at = now()")
    hooked.tool.answer = lambda _: (410, {}, b"")
    assert hooked.delivers().stopped == 1
    with hooked.desk.database.transaction() as session:
        endpoints.remove(session, hooked.desk.contract_id, made.id, at=hooked.at)
    assert hooked.states() == []


def test_a_secret_is_shown_once_sealed_and_the_one_before_signs_for_a_day(hooked):
    made = hooked.registers()
    with hooked.desk.database.transaction() as session:
        second = endpoints.rotate(session, hooked.ring, None, made.id, at=moment("2026-06-01 11:00"))
        seal_all_again(session, Ring([NEW, OLD]))
    hooked.ring = Ring([NEW])
    hooked.desk.submitted_case()
    hooked.delivers("2026-06-01 12:00")
    with hooked.desk.database.transaction() as session:
        endpoints.redeliver(session, None, made.id, 1, at=moment("2026-06-02 11:00"))
    hooked.delivers("2026-06-02 11:00")

    during, afterwards = hooked.tool.calls
    assert during.signed_with(made.secret)
    assert during.signed_with(second)
    assert afterwards.signed_with(second)
    assert not afterwards.signed_with(made.secret)
    kept = b"".join(bytes(row[0]) for row in hooked.desk.rows("SELECT sealed FROM webhook_secrets"))
    assert made.secret.encode() not in kept


def test_the_library_of_the_standard_takes_what_is_sent_and_nothing_else(hooked):
    hooked.registers()
    with hooked.desk.database.transaction() as session:
        [kept] = session.exec_driver_sql("SELECT id FROM webhook_endpoints").scalars()
        first = endpoints.rotate(session, hooked.ring, None, kept, at=moment("2026-06-01"))
        second = endpoints.rotate(session, hooked.ring, None, kept, at=datetime.now(UTC))
    hooked.desk.submitted_case()
    hooked.at = datetime.now(UTC)  # the library looks at the clock: five minutes, no more

    hooked.delivers()

    [call] = hooked.tool.calls
    for secret in (first, second):
        assert Webhook(secret).verify(call.body, call.headers) == call.told
    for secret, said, told in (
        (new_secret(), call.body, call.headers),
        (second, call.body + b" ", call.headers),
        (second, call.body, call.headers | {"webhook-id": "evt_other"}),
        (second, call.body, headers(call.body, "evt_1", [second], at=hooked.at - timedelta(minutes=6))),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(said, told)


def test_a_tool_inside_is_not_called_where_it_was_not_said(hooked):
    hooked.caller = Caller(5)
    hooked.desk.run(
        "INSERT INTO webhook_endpoints (contract_id, name, url, types, made_at, made_by)"
        " VALUES (%(c)s, 'x', %(url)s, '[\"case.*\"]', now(), 'x')",
        c=hooked.desk.contract_id, url=hooked.tool.url,
    )  # fmt: skip
    hooked.desk.submitted_case()
    assert hooked.delivers().deferred == 1
    assert hooked.tool.calls == []
    assert "PARVIS_WEBHOOK_NETWORKS" in hooked.desk.value("SELECT answer FROM webhook_deliveries")


def test_an_endpoint_has_a_name_an_address_and_known_events(hooked):
    for field_, wanted in (
        ("name", Wanted(" \n", hooked.tool.url, ["case.*"])),
        ("types", Wanted("x", hooked.tool.url, [])),
        ("types", Wanted("x", hooked.tool.url, ["case.vanish"])),
        ("url", Wanted("x", "https://10.0.0.1/", ["case.*"])),
    ):
        with pytest.raises(EndpointRefusedError) as refused:
            wanted.checked(hooked.caller)
        assert refused.value.field == field_
    assert endpoints.in_order(["sitting.closed", "case.fund", "case.*", "agreement.sign"]) == (
        "case.*", "agreement.sign", "sitting.closed",
    )  # fmt: skip
    assert {"case.record_payment", "agreement.*"} <= TYPES
    waits = [wait_seconds(attempt, "evt_1") or 0 for attempt in range(1, 10)]
    assert all(wait <= drawn <= wait * 1.2 for wait, drawn in zip(WAITS, waits, strict=True))
    assert wait_seconds(10, "evt_1") is None
