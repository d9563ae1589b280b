"""A letter carries an invitation and stored files, the same at each try, and waits when a file is gone."""

import asyncio
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import icalendar

from parvis.documents.calendar_invite import Method, invitation_text
from parvis.models.queries.notices import owe_to_person
from parvis.notifications.smtp import SmtpPool
from parvis.services import file_store
from parvis.services.outbox import Dispatcher, Sent
from parvis.states.enclosures import Enclosure, invitation
from tests.documents.test_calendar_invite import SITTING
from tests.services.desk import Desk, moment
from tests.services.files import samples
from tests.services.smtp_server import Post, listening

AT = "2026-06-01"
DATA = {
    "anchor": 1, "anchored_at": "2026-06-01T04:00:00Z", "root": "00", "file": "000001.json", "digest": "00", "cases": 1,
    "lines": 1,
}  # fmt: skip


def owe(desk: Desk, *enclosures: Enclosure) -> bool:
    person = int(desk.value("SELECT id FROM people WHERE email = 'lea@ville.example'"))
    with desk.database.transaction() as session:
        return owe_to_person(
            session,
            person,
            template="journal_anchor",
            occurrence="1",
            data=DATA,
            at=moment(AT),
            enclosures=enclosures,
        )


def send(desk: Desk, post: Post, files: Path, at: str = "2026-06-01 10:00") -> Sent:
    async def run() -> Sent:
        async with SmtpPool(post.url, timeout_seconds=5) as pool:
            return await Dispatcher(
                desk.database, pool, lambda: moment(at), "test", timeout=timedelta(seconds=5), files=files
            ).run()

    return asyncio.run(run())


def parsed(message: bytes) -> EmailMessage:
    return message_from_bytes(message, _class=EmailMessage, policy=policy.default)


def test_an_invitation_can_be_accepted_in_the_letter_and_kept_as_a_file(desk: Desk, tmp_path: Path):
    text = invitation_text(SITTING)
    assert owe(desk, invitation(text))
    assert not owe(desk, invitation(text))

    with listening() as post:
        assert send(desk, post, tmp_path).accepted == 1

    message = parsed(post.messages[0])
    (asked,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    (kept,) = message.iter_attachments()
    assert asked.get_param("method") == "REQUEST"
    assert asked.get_content() == text
    assert (kept.get_filename(), kept.get_content()) == ("invitation.ics", text.encode())
    assert icalendar.Calendar.from_ical(asked.get_content()).walk("VEVENT")[0]["UID"] == SITTING.uid
    alternative = next(part for part in message.walk() if part.get_content_type() == "multipart/alternative")
    assert [part.get_content_type() for part in alternative.iter_parts()] == [
        "text/plain", "text/html", "text/calendar",
    ]  # fmt: skip


def test_a_cancellation_says_so_to_the_calendar(desk: Desk, tmp_path: Path):
    owe(desk, invitation(invitation_text(SITTING, Method.CANCEL)))

    with listening() as post:
        send(desk, post, tmp_path)

    assert b"method=CANCEL" in post.messages[0]


def test_a_letter_with_enclosures_is_the_same_to_the_byte_at_each_try(desk: Desk, tmp_path: Path):
    sha256 = file_store.keep(tmp_path, samples.pdf())
    owe(desk, invitation(invitation_text(SITTING)), Enclosure("dossier.pdf", "application/pdf", sha256.hex()))

    with listening() as post:
        send(desk, post, tmp_path)
        desk.run("UPDATE letters SET stage = 'owed', claimed_by = NULL, lease_until = NULL, sent_at = NULL")
        send(desk, post, tmp_path, at="2026-06-01 11:00")

    first, second = post.messages
    assert first == second
    assert [part.get_filename() for part in parsed(first).iter_attachments()] == [
        "invitation.ics",
        "dossier.pdf",
    ]
    assert [part.get_content() for part in parsed(first).iter_attachments()][1] == samples.pdf()


def test_a_letter_whose_file_is_gone_waits_and_leaves_once_it_is_back(desk: Desk, tmp_path: Path):
    sha256 = file_store.keep(tmp_path / "copy", samples.pdf())
    owe(desk, Enclosure("dossier.pdf", "application/pdf", sha256.hex()))

    with listening() as post:
        waited = send(desk, post, tmp_path / "files")
        file_store.keep(tmp_path / "files", samples.pdf())
        sent = send(desk, post, tmp_path / "files", at="2026-06-02 10:00")

    assert (waited.accepted, sent.accepted) == (0, 1)
    assert len(post.messages) == 1


def test_a_text_that_is_no_invitation_never_leaves(desk: Desk, tmp_path: Path):
    owe(desk, invitation("BEGIN:VCALENDAR\nMETHOD:REQUEST\n"))

    with listening() as post:
        sent = send(desk, post, tmp_path)

    assert (sent.refused, post.messages) == (1, [])
