"""The local mailbox keeps each letter once, whole, where any Maildir reader finds it."""

import asyncio
import mailbox
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from parvis.notifications.delivery import Accepted
from parvis.notifications.mailbox import LocalMailbox, MailboxCarrier, NoSuchLetterError
from parvis.notifications.message import assemble, message_id
from tests.notifications.test_message import LETTER


def letter(number: int):
    return replace(
        LETTER,
        key=f"letter {number}",
        message_id=message_id(f"letter {number}", "parvis.example"),
        subject=f"Lettre n° {number}",
        date=LETTER.date + timedelta(hours=number),
    )


def files(box: Path) -> list[Path]:
    return sorted(file for file in box.rglob("*") if file.is_file())


@pytest.mark.parametrize("durable", [False, True])
def test_a_letter_delivered_twice_is_kept_once_byte_for_byte(tmp_path, durable):
    box = LocalMailbox(tmp_path / "mail", durable=durable)
    message = assemble(LETTER)

    first = box.deliver(LETTER.message_id, message)
    second = LocalMailbox(tmp_path / "mail").deliver(LETTER.message_id, message)

    assert isinstance(first, Accepted)
    assert first == second
    assert [file.read_bytes() for file in files(tmp_path)] == [message]
    assert not any((tmp_path / "mail" / "tmp").iterdir())


def test_a_letter_already_read_in_a_mail_reader_is_not_delivered_again(tmp_path):
    box = LocalMailbox(tmp_path)
    box.deliver(LETTER.message_id, assemble(LETTER))
    [new] = files(tmp_path)
    new.rename(tmp_path / "cur" / f"{new.name}:2,S")

    box.deliver(LETTER.message_id, assemble(LETTER))

    assert len(files(tmp_path)) == 1
    assert len(box.letters()) == 1


def test_letters_are_listed_newest_first_by_their_own_date(tmp_path):
    box = LocalMailbox(tmp_path)
    for number in (2, 0, 3, 1):
        box.deliver(letter(number).message_id, assemble(letter(number)))

    listed = box.letters(limit=3)

    assert [stored.subject for stored in listed] == ["Lettre n° 3", "Lettre n° 2", "Lettre n° 1"]
    assert listed[0].date == datetime(2027, 4, 7, 11, 5, 9, tzinfo=UTC)
    assert "contact@asso.example" in listed[0].recipient
    assert "Amiens Métropole" in listed[0].sender


def test_a_letter_is_opened_by_its_name_or_the_beginning_of_it(tmp_path):
    box = LocalMailbox(tmp_path)
    box.deliver(LETTER.message_id, assemble(LETTER))
    [stored] = box.letters()

    opened = box.read(stored.id[:8])

    assert opened.letter == stored
    assert opened.text == LETTER.text
    assert opened.html == LETTER.html
    assert opened.message_id == LETTER.message_id
    assert opened.raw == assemble(LETTER)


@pytest.mark.parametrize("name", ["", "nothing", "../new", "/etc/passwd"])
def test_a_name_no_letter_has_opens_nothing(tmp_path, name):
    box = LocalMailbox(tmp_path)
    box.deliver(LETTER.message_id, assemble(LETTER))

    with pytest.raises(NoSuchLetterError):
        box.read(name)


def test_an_empty_or_absent_mailbox_lists_nothing(tmp_path):
    assert LocalMailbox(tmp_path / "absent").letters() == []


def test_the_standard_library_reads_the_folder_as_a_maildir(tmp_path):
    LocalMailbox(tmp_path).deliver(LETTER.message_id, assemble(LETTER))

    [message] = mailbox.Maildir(tmp_path, create=False)

    assert message["Message-ID"] == LETTER.message_id


def test_the_mailbox_stands_where_a_carrier_is_expected(tmp_path):
    box = LocalMailbox(tmp_path)
    carrier = MailboxCarrier(box)
    confirmed: list[int] = []

    async def confirm() -> None:
        confirmed.append(1)

    async def story() -> None:
        for _ in range(2):
            answer = await carrier.deliver(assemble(LETTER), LETTER.sender, LETTER.recipient, confirm=confirm)
            assert isinstance(answer, Accepted)
        await carrier.close()

    asyncio.run(story())

    assert len(box.letters()) == 1
    assert confirmed == [1, 1]
