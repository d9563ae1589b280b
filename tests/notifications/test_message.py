"""A letter's message says exactly what the letter means, whatever its values hold."""

import email
import email.policy
import json
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import unquote
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.notifications.message import (
    Attachment,
    LetterContentError,
    LetterMismatchError,
    Outgoing,
    assemble,
    message_id,
    parse_back,
)

BAD = {
    entry["id"]: entry
    for entry in json.loads((Path(__file__).parents[1] / "data" / "bad_inputs.json").read_text("utf-8"))
}

LETTER = Outgoing(
    key="case:42:granted:1:contact@asso.example",
    message_id=message_id("case:42:granted:1:contact@asso.example", "parvis.example"),
    date=datetime(2027, 4, 7, 8, 5, 9, tzinfo=UTC),
    sender="contrat-de-ville@amiens.example",
    sender_name="Amiens Métropole",
    reply_to="reponses@amiens.example",
    recipient="contact@asso.example",
    recipient_name="Les Ateliers du Pigeonnier",
    subject="Dossier CV27-000042 : subvention accordée",
    text="Madame, Monsieur,\n\nLa subvention est accordée.\n",
    html="<p>Madame, Monsieur,</p>\n<p>La subvention est accordée.</p>\n",
    thread_id=message_id("case:42", "parvis.example"),
    language="fr",
)
HEADERS = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
    "X-Auto-Response-Suppress", "Content-Language", "MIME-Version", "Content-Type",
]  # fmt: skip


def sent(outgoing: Outgoing) -> tuple[bytes, EmailMessage]:
    """The message, read back by us, then by the standard library."""
    message = assemble(outgoing)
    parse_back(message, outgoing)
    assert all(len(line) <= 78 for line in message.partition(b"\r\n\r\n")[0].split(b"\r\n"))
    assert max(map(len, message.split(b"\r\n"))) <= 998
    assert message.isascii()
    return message, email.message_from_bytes(message, _class=EmailMessage, policy=email.policy.default)


def with_value(part: str, value: Any) -> Outgoing:
    changes: dict[str, Any] = {part: value}
    return replace(LETTER, **changes)


def display_name(message: bytes, header: str) -> str:
    """A name as RFC 2047 reads it: Python 3.11's newer parser keeps the space between two encoded words."""
    value = str(email.message_from_bytes(message)[header]).replace("\r\n", "")
    name = value[: value.rfind("<")].strip() if "<" in value else ""
    return unquote(name) if name.startswith('"') else str(make_header(decode_header(name)))


def body(parsed: EmailMessage, subtype: str) -> str:
    part = parsed.get_body((subtype,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_the_message_says_what_the_letter_means():
    message, parsed = sent(LETTER)

    assert parsed.keys() == HEADERS
    assert parsed["From"].addresses[0].display_name == "Amiens Métropole"
    assert [address.addr_spec for address in parsed["To"].addresses] == ["contact@asso.example"]
    assert parsed["Subject"] == LETTER.subject
    assert parsed["Date"].datetime == LETTER.date
    assert parsed["Message-ID"] == LETTER.message_id
    assert parsed["References"] == parsed["In-Reply-To"] == LETTER.thread_id
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Content-Language"] == "fr"
    assert body(parsed, "plain") == LETTER.text
    assert body(parsed, "html") == LETTER.html
    assert not parsed.defects
    assert message.endswith(b"--\r\n")


def test_the_same_letter_gives_the_same_bytes_and_another_key_another_boundary():
    assert assemble(LETTER) == assemble(replace(LETTER))
    assert assemble(LETTER) != assemble(replace(LETTER, key="other"))
    assert message_id("a", "x.example") == message_id("a", "x.example") != message_id("b", "x.example")


def test_the_first_letter_of_a_thread_refers_to_nothing():
    _, alone = sent(replace(LETTER, thread_id=""))
    _, first = sent(replace(LETTER, thread_id=LETTER.message_id))

    assert "References" not in alone
    assert "In-Reply-To" not in first


def test_a_letter_without_names_or_reply_address_still_leaves():
    _, parsed = sent(replace(LETTER, sender_name="", recipient_name=" ", reply_to=""))

    assert parsed["From"] == LETTER.sender
    assert parsed["To"].addresses[0].display_name == ""
    assert "Reply-To" not in parsed


def test_mh_02_an_encoded_word_in_a_subject_stays_text_and_never_becomes_a_header():
    subject = BAD["MH-02"]["payload"]

    message, parsed = sent(replace(LETTER, subject=subject))

    assert parsed.keys() == HEADERS
    assert parsed["Subject"] == subject
    assert b"bcc" not in message.lower()


def test_an_encoded_word_in_a_display_name_stays_text():
    name = BAD["MH-02"]["payload"]

    message, parsed = sent(replace(LETTER, recipient_name=name, sender_name=name))

    assert parsed.keys() == HEADERS
    assert [address.addr_spec for address in parsed["To"].addresses] == [LETTER.recipient]
    assert display_name(message, "To") == display_name(message, "From") == name


def test_mh_03_a_subject_of_5000_letters_is_folded():
    subject = "x" * 5000

    message, parsed = sent(replace(LETTER, subject=subject))

    assert parsed["Subject"] == subject
    assert max(map(len, message.split(b"\r\n"))) <= 998


def test_mh_04_a_display_name_never_becomes_a_second_address():
    name = BAD["MH-04"]["payload"]

    _, parsed = sent(replace(LETTER, sender_name=name))

    [address] = parsed["From"].addresses
    assert address.addr_spec == LETTER.sender
    assert address.display_name == name.strip()


def test_mh_05_a_body_with_a_lone_dot_arrives_whole():
    text = BAD["MH-05"]["payload"]

    message, parsed = sent(replace(LETTER, text=text))

    assert body(parsed, "plain") == text
    assert b"\r\n.\r\n" not in message


def test_mh_07_an_attachment_has_one_file_name_and_it_is_the_one_given():
    name = BAD["MH-07"]["payload"]
    attachment = Attachment(name, "application/pdf", b"%PDF-1.7\r\n" * 40)

    message, parsed = sent(replace(LETTER, attachments=(attachment,)))

    [part] = parsed.iter_attachments()
    assert part.get_filename() == name
    assert part.get_content() == attachment.content
    assert dict(part["Content-Disposition"].params) == {"filename": name}
    assert message.count(b"filename*=") == 1
    assert body(parsed, "plain") == LETTER.text


def test_long_and_accented_attachment_names_are_written_in_pieces():
    names = ("Procès-verbal du comité de pilotage d’avril, annexe financière détaillée.pdf", "b.ics")
    attachments = tuple(Attachment(name, "application/octet-stream", b"\0\xff") for name in names)

    _, parsed = sent(replace(LETTER, attachments=attachments))

    assert tuple(part.get_filename() for part in parsed.iter_attachments()) == names


def test_an_accented_domain_leaves_in_ascii():
    _, parsed = sent(replace(LETTER, recipient="acces@mairié.fr"))

    assert parsed["To"].addresses[0].addr_spec == "acces@xn--mairi-fsa.fr"


def test_em_06_an_accented_local_part_needs_a_message_in_utf_8():
    outgoing = replace(LETTER, recipient=BAD["EM-06"]["payload"])

    message = assemble(outgoing)

    parse_back(message, outgoing)
    assert "accès@xn--mairi-fsa.fr".encode() in message


@pytest.mark.parametrize("code", ["EM-01", "EM-02", "EM-03", "EM-10", "EM-11"])
def test_a_bad_address_is_refused(code):
    for part in ("recipient", "sender", "reply_to"):
        with pytest.raises(LetterContentError) as refused:
            assemble(with_value(part, BAD[code]["payload"]))

        assert refused.value.code in {"address_format", "control_char"}


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\0", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\t"])
def test_a_control_character_in_a_header_value_is_refused(sign):
    for part in ("subject", "sender_name", "recipient_name"):
        with pytest.raises(LetterContentError) as refused:
            assemble(with_value(part, f"Bonjour{sign}Bcc: x@evil.test"))

        assert refused.value.code == "control_char"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"subject": "a\ud800"}, "surrogate"),
        ({"text": "a\udfff"}, "surrogate"),
        ({"html": "a\0"}, "control_char"),
        ({"language": "fr\r\nBcc: x@evil.test"}, "language_format"),
        ({"message_id": "<a b@c>"}, "message_id_format"),
        ({"thread_id": "<a@b>\r\nBcc: x@evil.test"}, "message_id_format"),
        ({"date": datetime(2027, 1, 1)}, "naive_date"),  # noqa: DTZ001
        ({"recipient": "a@" + "b" * 64 + ".fr"}, "address_format"),
        ({"recipient": "a@-b.fr"}, "address_format"),
        ({"recipient": "contact"}, "address_format"),
        ({"attachments": (Attachment("a", "text/html\r\nX: y", b""),)}, "content_type_format"),
        ({"attachments": (Attachment("a\nb", "text/html", b""),)}, "control_char"),
    ],
)
def test_what_cannot_travel_is_refused_with_its_code(values, code):
    with pytest.raises(LetterContentError) as refused:
        assemble(replace(LETTER, **values))

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (
            (
                b"Auto-Submitted: auto-generated\r\n",
                b"Auto-Submitted: auto-generated\r\nBcc: x@evil.test\r\n",
            ),
            "headers",
        ),
        ((b"Auto-Submitted: auto-generated\r\n", b""), "headers"),
        ((b"<contact@asso.example>", b"<contact@evil.example>"), "To"),
        ((b"<contact@asso.example>", b"<contact@asso.example>, <x@evil.test>"), "To"),
        ((b"<contrat-de-ville@", b"<contrat@"), "From"),
        ((b"subvention", b"Subvention"), "Subject"),
        ((b"La subvention est accord=C3=A9e.\r\n\r\n", b"La subvention est refus=C3=A9e.\r\n\r\n"), "plain"),
        ((b"</p>", b"</b>"), "html"),
        ((b"\r\n\r\nMadame", b"\n\r\nMadame"), "line_end"),
        ((b"Madame, Monsieur", b"M" * 1000), "line_length"),
        ((b"text/plain", b"text/enriched"), "content type"),
    ],
)
def test_a_message_that_says_something_else_is_stopped(change, part):
    message = assemble(LETTER)
    assert change[0] in message

    with pytest.raises(LetterMismatchError) as stopped:
        parse_back(message.replace(*change), LETTER)

    assert stopped.value.part == part


def test_a_text_in_another_script_travels_in_base_64():
    text = "助成金の申請を受け付けました。\n" * 40

    message, parsed = sent(replace(LETTER, text=text, subject="助成金" * 40))

    assert b"Content-Transfer-Encoding: base64" in message
    assert body(parsed, "plain") == text
    assert parsed["Subject"] == "助成金" * 40


PRINTED = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))
HOSTILE = st.sampled_from(
    [
        "=?utf-8?q?a=0D=0ABcc:x?=",
        "=?",
        "?=",
        '"',
        "\\",
        "<",
        ">",
        ",",
        ";",
        ":",
        "@",
        "(",
        ")",
        "\u202f",
        "é",
        " ",
        "  ",
    ]
)
VALUES = st.lists(st.one_of(HOSTILE, st.text(PRINTED, max_size=90)), max_size=8).map("".join)
BODIES = st.lists(
    st.one_of(
        st.sampled_from([".", "..", "\n", "\r\n", "--", "=", " ", "\t\n", "From ", "\x0c"]), st.text(PRINTED)
    ),
    max_size=12,
).map("".join)


@settings(max_examples=80, deadline=None)
@given(subject=VALUES, name=VALUES, text=BODIES, html=BODIES, attached=VALUES)
def test_any_value_is_read_back_by_the_standard_library_as_it_was_meant(subject, name, text, html, attached):
    outgoing = replace(
        LETTER,
        subject=subject,
        sender_name=name,
        recipient_name=name,
        text=text,
        html=html,
        attachments=(Attachment(attached or "a", "application/pdf", text.encode()),),
    )

    message, parsed = sent(outgoing)

    assert parsed.keys() == HEADERS
    assert parsed["Subject"] == subject
    for header, address in (("From", LETTER.sender), ("To", LETTER.recipient)):
        [person] = parsed[header].addresses
        assert (display_name(message, header), person.addr_spec) == (name.strip(), address)
    for subtype, meant in (("plain", text), ("html", html)):
        lines = meant.replace("\r\n", "\n").replace("\r", "\n")
        assert body(parsed, subtype) == (lines if lines.endswith("\n") else lines + "\n")
    [part] = parsed.iter_attachments()
    assert part["Content-Disposition"].params["filename"] == (attached or "a")
    assert part.get_content() == text.encode()
    assert assemble(replace(outgoing)) == message
