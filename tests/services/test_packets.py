"""A sitting's packet: a version when its content changed, a copy for each set of recusals, a letter each time."""

from pathlib import Path
from typing import Any

import pytest

from parvis.models.queries import packets as queries
from parvis.models.session import Session
from parvis.services import file_store, packets
from parvis.services.files import Shelf
from parvis.services.packet_content import read_content
from parvis.services.packets import Copy
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role
from tests.documents.pdf import structure
from tests.services.agenda_desk import events
from tests.services.desk import Desk, moment

CLOCK = By("clock", Role.CLOCK)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "files")


def member(desk: Desk, email: str, role: str = "elected") -> int:
    person = int(desk.value("SELECT id FROM people WHERE email = %(e)s", e=email))
    desk.run(
        "INSERT INTO committee_members (committee_id, person_id, role) VALUES (%(c)s, %(p)s, %(r)s)",
        c=desk.committee("copil"), p=person, r=role,
    )  # fmt: skip
    return person


def recuse(desk: Desk, person: int, case: int) -> None:
    desk.run(
        "INSERT INTO interests (person_id, case_id, ground, status, at, by)"
        " VALUES (%(p)s, %(c)s, 'declared', 'proposed', '2026-06-05', 'person:2')",
        p=person, c=case,
    )  # fmt: skip


def build(desk: Desk, shelf: Shelf, at: str = "2026-09-10 06:00", *, quiet: bool = False) -> list[Copy]:
    return packets.build(desk.database, shelf, desk.committee("copil"), by=CLOCK, at=moment(at), quiet=quiet)


def titles(shelf: Shelf, copy: Copy) -> list[str]:
    found = structure(file_store.read(shelf.folder, copy.line.sha256, name="packet")).bookmarks
    return [title.partition(" ")[0] for title in found if title.startswith("ANNUEL")]


def reference(desk: Desk, case: int) -> str:
    return str(desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case))


def test_a_packet_is_built_once_while_its_content_stays(desk, shelf):
    case = desk.case_in_committee()

    (first,) = build(desk, shelf)
    (again,) = build(desk, shelf, "2026-09-11 06:00")

    assert (first.built, again.built) == (True, False)
    assert again.line == first.line
    assert first.line.version == 1
    assert titles(shelf, first) == [reference(desk, case)]
    assert first.line.pages == structure(file_store.read(shelf.folder, first.line.sha256, name="")).pages


def test_a_changed_amount_makes_a_version_that_says_so(desk, shelf):
    case = desk.case_in_committee()
    build(desk, shelf)
    desk.run(
        "UPDATE fundings SET proposed_cents = 123400 WHERE case_id = %(id)s AND requested_cents = 500000",
        id=case,
    )

    (second,) = build(desk, shelf, "2026-09-11 06:00")

    with desk.database.transaction() as session:
        changes = packets.changes_of(session, second.line)
    assert changes
    assert second.line.version == 2
    assert [(change.what, change.after) for change in changes.changed] == [
        ("Proposé : État", "1\u202f234\u202f€")
    ]
    pdf = structure(file_store.read(shelf.folder, second.line.sha256, name=""))
    assert "Ce qui a changé" in pdf.bookmarks


def test_a_case_that_leaves_the_agenda_is_said_withdrawn_and_one_that_comes_added(desk, shelf):
    gone = desk.case_in_committee()
    build(desk, shelf)
    desk.move(gone, Action.WITHDRAW, at="2026-09-10", given=Given(reason="retrait"))
    came = desk.case_in_committee()

    (second,) = build(desk, shelf, "2026-09-11 06:00")

    with desk.database.transaction() as session:
        changes = packets.changes_of(session, second.line)
    assert changes
    assert [row[0] for row in changes.withdrawn] == [reference(desk, gone)]
    assert [row[0] for row in changes.added] == [reference(desk, came)]


def test_a_recused_member_has_a_copy_without_the_case_and_the_others_have_it(desk, shelf):
    hidden, shown = desk.case_in_committee(), desk.case_in_committee()
    paul, lea = member(desk, "paul@ville.example"), member(desk, "lea@ville.example", "chair")
    recuse(desk, paul, hidden)

    common, own = build(desk, shelf)

    assert titles(shelf, common) == [reference(desk, hidden), reference(desk, shown)]
    assert titles(shelf, own) == [reference(desk, shown)]
    assert reference(desk, hidden) not in own.line.content
    committee = desk.committee("copil")
    with desk.database.transaction() as session:
        assert packets.packet_for(session, committee, paul) == own.line
        assert packets.packet_for(session, committee, lea) == common.line
        content = read_content(session, committee, hidden=own.line.hidden)
    assert [state.requested_cents for state in content.envelopes] == [500_000, 300_000]


def test_members_with_the_same_recusals_share_one_copy(desk, shelf):
    case = desk.case_in_committee()
    for email in ("paul@ville.example", "lea@ville.example"):
        recuse(desk, member(desk, email), case)

    common, shared = build(desk, shelf)

    assert (common.letters, shared.letters) == (0, 2)
    assert packets.content_of(shared.line).copy_for == ("Léa Blanc", "Paul Petit")


def test_somebody_recused_after_the_build_has_no_packet_until_the_next(desk, shelf):
    case = desk.case_in_committee()
    paul = member(desk, "paul@ville.example")
    build(desk, shelf)

    recuse(desk, paul, case)

    committee = desk.committee("copil")
    with desk.database.transaction() as session:
        assert packets.packet_for(session, committee, paul) is None
    build(desk, shelf, "2026-09-11 06:00")
    with desk.database.transaction() as session:
        found = packets.packet_for(session, committee, paul)
    assert found
    assert (found.version, found.hidden) == (1, (case,))


def test_a_stranger_to_the_sitting_has_no_packet(desk, shelf):
    desk.case_in_committee()
    build(desk, shelf)
    max_id = int(desk.value("SELECT id FROM people WHERE email = 'max@ville.example'"))

    with desk.database.transaction() as session:
        assert packets.packet_for(session, desk.committee("copil"), max_id) is None


def test_each_member_is_owed_one_letter_a_version_with_a_link_of_their_own(desk, shelf):
    case = desk.case_in_committee()
    member(desk, "paul@ville.example")
    member(desk, "lea@ville.example", "chair")

    build(desk, shelf)
    build(desk, shelf, "2026-09-11 06:00")
    first = desk.rows(
        "SELECT recipient, data, enclosures FROM letters WHERE template = 'packet_ready' ORDER BY 1"
    )
    desk.run("UPDATE cases SET score = 12 WHERE id = %(id)s", id=case)
    build(desk, shelf, "2026-09-12 06:00")

    assert len(first) == len({data["path"] for _, data, _ in first}) == 2
    assert all(carried[0]["media_type"] == "application/pdf" for _, _, carried in first)
    assert desk.value("SELECT count(*) FROM letters WHERE template = 'packet_ready'") == 4
    assert (
        desk.value(
            "SELECT data ->> 'changes' FROM letters WHERE template = 'packet_ready' ORDER BY id DESC LIMIT 1"
        )
        == "1\u00a0dossier modifié"
    )
    assert desk.value("SELECT count(*) FROM access_links WHERE purpose = 'packet'") == 4


def test_a_packet_built_early_or_quietly_owes_its_letters_the_day_it_leaves(desk, shelf):
    def owed() -> int:
        return int(desk.value("SELECT count(*) FROM letters WHERE template = 'packet_ready'"))

    desk.case_in_committee()
    member(desk, "lea@ville.example", "chair")

    build(desk, shelf, "2026-09-08 23:59")
    early = owed()
    build(desk, shelf, "2026-09-09 00:00", quiet=True)
    quiet = owed()
    build(desk, shelf, "2026-09-09 00:00")

    assert (early, quiet, owed()) == (0, 0, 1)


def test_the_journal_of_the_sitting_keeps_the_version_and_its_sha_256(desk, shelf):
    desk.case_in_committee()

    (copy,) = build(desk, shelf)

    committee = desk.committee("copil")
    assert events(desk, committee)[-1] == "packet_built"
    details = desk.value(
        "SELECT details FROM committee_journal WHERE committee_id = %(id)s ORDER BY seq DESC LIMIT 1",
        id=committee,
    )
    assert copy.line.sha256.hex() in details


def test_bytes_that_were_lost_come_back_the_same(desk, shelf):
    case = desk.case_in_committee()
    build(desk, shelf)
    desk.run("UPDATE cases SET score = 12 WHERE id = %(id)s", id=case)
    (copy,) = build(desk, shelf, "2026-09-11 06:00")
    file_store.path_of(shelf.folder, copy.line.sha256).unlink()

    build(desk, shelf, "2026-09-12 06:00")

    assert file_store.is_whole(shelf.folder, copy.line.sha256)
    assert desk.value("SELECT count(*) FROM packets") == 2


def test_the_number_of_statements_does_not_grow_with_the_agenda(desk, shelf):
    def statements() -> int:
        with desk.database.transaction() as session:
            asked = Counting(session)
            read_content(asked, desk.committee("copil"))  # type: ignore[arg-type]
        return asked.statements

    desk.case_in_committee()
    one = statements()
    for _ in range(4):
        desk.case_in_committee()

    assert statements() == one > 5


class Counting:
    """A session that counts the statements asked of it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.statements = 0

    def exec_driver_sql(self, *given: Any) -> Any:
        self.statements += 1
        return self.session.exec_driver_sql(*given)


def test_sittings_in_their_lead_time_are_those_whose_packet_has_left_and_that_have_not_sat(desk):
    def due(day: str) -> int:
        with desk.database.transaction() as session:
            return len(queries.sittings_in_lead_time(session, moment(day).date()))

    desk.run("UPDATE committees SET lead_days = 5 WHERE code = 'copil'")
    desk.run("UPDATE committees SET cancelled_at = '2026-01-01' WHERE code <> 'copil'")

    assert [due(day) for day in ("2026-09-08", "2026-09-09", "2026-09-15", "2026-09-16")] == [0, 1, 1, 0]
    desk.hold_session()
    assert due("2026-09-15") == 0
