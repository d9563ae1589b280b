"""Letters that come back: read from a folder, believed of what left there, held back since, restored by hand."""

import imaplib
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from parvis.notifications.bounce_box import BounceBoxError, _as_imap_says, opened
from parvis.notifications.bounces import Bounce, read_bounces, return_address
from parvis.services import bounces
from parvis.services.bounces import Returned
from parvis.services.letters import claim_due
from parvis.services.outbox import LEASE
from tests.services.desk import Desk, moment

ADDRESS = "contact@asso.example"
DOVECOT = """
base_dir = {folder}/run
state_dir = {folder}/state
protocols = imap
log_path = {folder}/log
ssl = required
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
passdb {{
  driver = static
  args = password=s3cret@/
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {port}
    ssl = yes
  }}
}}
"""


def report(message_id: str, address: str = ADDRESS, status: str = "5.1.1", *, action: str = "failed",
           whole: bool = False, to: str = "retours@ville.example") -> bytes:  # fmt: skip
    """What a mail server sends back (RFC 3464)."""
    kind, letter = ("message/rfc822", "\r\n\r\nBonjour.") if whole else ("text/rfc822-headers", "")
    returned = f"From: contrat@ville.example\r\nTo: {address}\r\n"
    returned += f"Message-ID: {message_id}\r\n" if message_id else ""
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User\r\n unknown\r\n\r\n"
        f"--b\r\nContent-Type: {kind}\r\n\r\n{returned}{letter}\r\n--b--\r\n"
    ).encode()


def sent(desk: Desk) -> str:
    """A letter left to the association; its Message-ID."""
    desk.submitted_case()
    with desk.database.transaction() as session:
        [claimed] = claim_due(session, by="t", at=moment("2026-06-01 10:00"), lease=LEASE, limit=9)[1]
    desk.run("UPDATE letters SET stage = 'sent', sent_at = now() WHERE id = %(id)s", id=claimed.letter_id)
    return claimed.message_id


def taken(desk: Desk, raw: bytes, at: str = "2026-06-02") -> Returned:
    with desk.database.transaction() as session:
        return bounces.take(session, read_bounces(raw), at=moment(at))


def tasks(desk: Desk) -> list[str]:
    return [
        title
        for (title,) in desk.rows("SELECT title_fr FROM tasks WHERE done_at IS NULL AND kind <> 'check'")
    ]


@pytest.mark.parametrize("whole", [True, False])
def test_a_report_says_who_was_not_reached_which_letter_and_why(whole):
    assert read_bounces(report("<a@ville.example>", whole=whole)) == [
        Bounce(ADDRESS, "5.1.1", "550 5.1.1 User unknown", "<a@ville.example>", None)
    ]
    [by_number] = read_bounces(report("", to="retours+l42@ville.example", status="5.2.2", whole=whole))
    assert (by_number.letter_id, by_number.gone) == (42, False)
    assert read_bounces(report("<a@ville.example>", action="delayed", status="4.4.1")) == []
    plain = message_from_bytes(report(""), policy=policy.default)
    plain.set_type("multipart/mixed")
    for other in (
        plain.as_bytes(),
        b"",
        b"\xff\x00",
        b"Content-Type: multipart/report\r\n\r\n--",
        b"Subject: Bonjour\r\n\r\n",
    ):
        assert read_bounces(other) == []


def test_an_address_letters_came_back_from_gets_none_until_it_is_restored(desk, tmp_path):
    message_id = sent(desk)
    box = tmp_path / "retours"
    (box / "new").mkdir(parents=True)
    for name, raw in (
        ("1", report(message_id)),
        ("2", b"Subject: Absent\r\n\r\nJe suis en cong\xe9."),
        ("3", report("<x@y>")),
    ):
        (box / "new" / name).write_bytes(raw)

    with opened(str(box)) as waiting:
        first = bounces.take_all(desk.database, waiting, moment("2026-06-02"))
        again = bounces.take_all(desk.database, waiting, moment("2026-06-02"))
    desk.submitted_case("2026-06-03")
    with desk.database.transaction() as session:
        wrote, claimed = claim_due(session, by="t", at=moment("2026-06-03 10:00"), lease=LEASE, limit=9)

    assert (first, again) == (Returned(3, 1, 1, 1), Returned())
    assert sorted(path.name for path in (box / "cur").iterdir()) == ["1:2,S", "2:2,S", "3:2,S"]
    assert desk.value("SELECT note FROM letters WHERE stage = 'sent'").endswith(
        "5.1.1 550 5.1.1 User unknown"
    )
    assert (wrote.failed, claimed) == (1, [])
    assert desk.value("SELECT last_error FROM letters WHERE stage = 'failed'") == "came back"
    assert sum("n’existe plus" in title for title in tasks(desk)) == 1
    with desk.database.transaction() as session:
        lifted = [
            bounces.lift(session, ADDRESS.upper(), by="person:1", at=moment("2026-06-04")) for _ in range(2)
        ]
    assert lifted == [True, False]
    assert sum("n’existe plus" in title for title in tasks(desk)) == 0
    desk.run("UPDATE letters SET stage = 'owed' WHERE stage = 'failed'")
    with desk.database.transaction() as session:
        assert len(claim_due(session, by="t", at=moment("2026-06-04"), lease=LEASE, limit=9)[1]) == 1


def test_a_report_is_believed_of_the_letter_that_left_there_and_of_no_other(desk):
    message_id = sent(desk)

    forged = taken(desk, report(message_id, "maire@ville.example"))
    full = taken(desk, report(message_id, status="5.2.2"))

    assert (forged.unknown, forged.held) == (1, 0)
    assert (full.returned, full.held) == (1, 0)
    number = desk.value("SELECT id FROM letters WHERE stage = 'sent'")
    assert (
        taken(desk, report("", status="5.2.2", to=return_address("retours@ville.example", number))).returned
        == 1
    )
    assert (return_address("", 1), taken(desk, report("", to="retours+l999@ville.example")).unknown) == (
        "",
        1,
    )
    assert any("est revenue de contact@asso.example" in title for title in tasks(desk))
    assert desk.value("SELECT count(*) FROM suppressions") == 0


def test_a_letter_written_already_and_put_off_does_not_leave_for_an_address_held_since(desk):
    message_id = sent(desk)
    desk.submitted_case("2026-06-01")
    with desk.database.transaction() as session:
        claim_due(session, by="t", at=moment("2026-06-01 11:00"), lease=LEASE, limit=9)
    desk.run("UPDATE letters SET stage = 'owed', lease_until = NULL WHERE stage = 'sending'")
    taken(desk, report(message_id))

    with desk.database.transaction() as session:
        wrote, claimed = claim_due(session, by="t", at=moment("2026-06-03"), lease=LEASE, limit=9)

    assert (wrote.failed, claimed) == (1, [])


@pytest.mark.parametrize("where", ["imaps://u:s@127.0.0.1:1/INBOX", "/nulle/part"])
def test_a_mailbox_that_cannot_be_read_says_so(where):
    with pytest.raises(BounceBoxError), opened(where) as box:
        list(box.waiting())


def test_the_secret_of_a_mailbox_is_told_to_no_server_whose_certificate_does_not_hold(tmp_path):
    certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    heard = []

    def answer(listening):
        with (
            suppress(OSError),
            listening.accept()[0] as plain,
            context.wrap_socket(plain, server_side=True) as spoken,
        ):
            spoken.sendall(b"* OK IMAP4rev1\r\n")
            heard.append(spoken.recv(100))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer, args=(listening,), daemon=True)
        thread.start()
        where = f"imaps://retours:secret@localhost:{listening.getsockname()[1]}/INBOX"
        with pytest.raises(BounceBoxError, match="CERTIFICATE_VERIFY_FAILED"), opened(where):
            pass
        thread.join(10)

    assert heard == []


@pytest.mark.parametrize(("folder", "said"), [
    ("INBOX", '"INBOX"'), ("Lettres revenues", '"Lettres revenues"'), ("Été", '"&AMk-t&AOk-"'), ("A&B", '"A&-B"'),
    ('l"eau\\', '"l\\"eau\\\\"'), ("~peter/mail/台北", '"~peter/mail/&U,BTFw-"'),
])  # fmt: skip
def test_a_folder_is_named_as_imap_writes_it(folder, said):
    assert _as_imap_says(folder) == said


@pytest.mark.slow
@pytest.mark.skipif(
    not shutil.which("dovecot") or os.getuid() != 0, reason="needs Dovecot, and root to start it"
)
def test_reports_are_taken_once_from_a_real_imap_server(monkeypatch):
    with dovecot() as (folder, port):
        monkeypatch.setenv("SSL_CERT_FILE", str(folder / "cert.pem"))
        with imaplib.IMAP4_SSL("localhost", port, ssl_context=ssl.create_default_context()) as filled:
            filled.login("retours", "s3cret@/")
            filled.create(_as_imap_says("Été"))
            for raw in (report("<a@ville.example>"), b"Subject: Absent\r\n\r\nJe suis en cong\xe9."):
                filled.append(_as_imap_says("Été"), "", "", raw)
        taken = []
        for _ in range(2):
            with opened(f"imaps://retours:s3cret%40%2F@localhost:{port}/%C3%89t%C3%A9") as box:
                for name, raw in box.waiting():
                    taken.append(len(read_bounces(raw)))
                    box.taken(name)
        with (
            pytest.raises(BounceBoxError, match="Absent"),
            opened(f"imaps://retours:s3cret%40%2F@localhost:{port}/Absent"),
        ):
            pass
        with (
            pytest.raises(BounceBoxError, match="AUTH"),
            opened(f"imaps://retours:%C3%A9@localhost:{port}/INBOX"),
        ):
            pass

    assert taken == [1, 0]


def certificate(folder: Path) -> None:
    """A certificate of localhost that only its own file vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(moment("2020-01-01")).not_valid_after(moment("2090-01-01"))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))  # fmt: skip


@contextmanager
def dovecot() -> Iterator[tuple[Path, int]]:
    """Dovecot on the loopback, for everybody whose secret is `s3cret@/`."""
    with (
        tempfile.TemporaryDirectory(prefix="parvis-imap-") as name,
        socket.create_server(("127.0.0.1", 0)) as probe,
    ):
        folder, port = Path(name), probe.getsockname()[1]
        probe.close()
        certificate(folder)
        (folder / "mail").mkdir()
        shutil.chown(folder / "mail", "nobody")
        folder.chmod(0o755)
        (folder / "dovecot.conf").write_text(DOVECOT.format(folder=folder, port=port))
        with subprocess.Popen(["dovecot", "-F", "-c", folder / "dovecot.conf"]) as server:
            while True:
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
            try:
                yield folder, port
            finally:
                server.terminate()
