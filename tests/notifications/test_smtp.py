"""Letters reach the server once, and every answer of the server has its name."""

import asyncio
import ipaddress
import os
import signal
import ssl
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from parvis.notifications.message import LetterContentError
from parvis.notifications.smtp import Accepted, Deferred, Refused, SmtpPool, Unreachable
from tests.notifications.mail_server import OK, Behaviour, running, says

MESSAGE = b"Subject: Bonjour\r\n\r\nUne lettre.\r\n"
SENDER, RECIPIENT = "ville@amiens.example", "contact@asso.example"


def counts(confirmed: list[None]) -> Callable[[], Awaitable[None]]:
    async def confirm() -> None:
        confirmed.append(None)

    return confirm


def run(story: Coroutine[Any, Any, Any]) -> Any:
    async def bounded() -> Any:
        async with asyncio.timeout(30):
            return await story

    return asyncio.run(bounded())


async def one(
    behaviour: Behaviour, message: bytes = MESSAGE, recipient: str = RECIPIENT, **server: Any
) -> Any:
    """What becomes of one letter on a fresh pool, and how many times it was confirmed."""
    confirmed: list[None] = []
    async with (
        running(behaviour, **server) as port,
        SmtpPool(f"smtp://127.0.0.1:{port}", timeout_seconds=2) as pool,
    ):
        answer = await pool.deliver(message, SENDER, recipient, confirm=counts(confirmed))
        return answer, len(confirmed)


def test_an_accepted_letter_arrives_as_it_is_and_is_confirmed_once():
    behaviour = Behaviour()

    answer, confirmed = run(one(behaviour))

    assert isinstance(answer, Accepted)
    assert confirmed == 1
    assert behaviour.accepted == [MESSAGE]
    assert behaviour.recipients == [RECIPIENT]


def test_lines_that_begin_with_a_dot_arrive_with_their_dots():
    behaviour = Behaviour()
    message = b"Subject: a\r\n\r\ntexte\r\n.\r\nQUIT\r\n..\r\n.fin"

    run(one(behaviour, message))

    assert behaviour.accepted == [message + b"\r\n"]


@pytest.mark.parametrize(
    "message", [b"a: b\n\nc\r\n", b"a: b\r\n\r\nc\rd\r\n", b"a: b\r\n\r\nc\n.\r\nMAIL\r\n"]
)
def test_a_bare_line_end_that_could_hide_a_second_message_never_leaves(message):
    with pytest.raises(LetterContentError):
        run(one(Behaviour(), message))


def test_a_refused_recipient_is_refused_and_a_deferred_one_deferred():
    for answer, expected in (
        ("550 unknown user", Refused(550, "unknown user")),
        ("553 no", Refused(553, "no")),
        ("450 greylisted", Deferred(450, "greylisted")),
        ("452 full", Deferred(452, "full")),
    ):
        assert run(one(Behaviour(rcpt=says(answer)))) == (expected, 0)


def test_a_refusal_of_the_content_is_the_letter_s_and_a_deferral_waits():
    for answer, expected in (
        ("554 looks like spam", Refused(554, "looks like spam")),
        ("451 try later", Deferred(451, "try later")),
        ("421 leaving", Deferred(421, "leaving")),
    ):
        assert run(one(Behaviour(data=says(answer)))) == (expected, 0)


def test_a_refusal_of_the_sender_is_no_letter_s_fault():
    assert run(one(Behaviour(mail=says("550 sender not allowed")))) == (
        Unreachable("550 sender not allowed"),
        0,
    )
    assert run(one(Behaviour(mail=says("552 too big")))) == (Refused(552, "too big"), 0)
    assert run(one(Behaviour(mail=says("451 busy")))) == (Deferred(451, "busy"), 0)


def test_an_address_that_cannot_be_written_is_refused_without_a_word_to_the_server():
    behaviour = Behaviour()

    answer, confirmed = run(one(behaviour, recipient="a@b.fr>\r\nRCPT TO:<x@evil.test"))

    assert (answer.code, confirmed, behaviour.connections) == (553, 0, 0)


def test_the_connection_is_kept_from_letter_to_letter_even_after_a_refusal():
    behaviour = Behaviour(rcpt=says("550 unknown user", times=1))

    async def story() -> list[Any]:
        async with running(behaviour) as port, SmtpPool(f"smtp://127.0.0.1:{port}", connections=1) as pool:
            return [await pool.deliver(MESSAGE, SENDER, RECIPIENT) for _ in range(5)]

    answers = run(story())

    assert [type(answer) for answer in answers] == [Refused, Accepted, Accepted, Accepted, Accepted]
    assert behaviour.connections == 1


def test_a_421_on_a_kept_connection_is_met_with_another_connection():
    behaviour = Behaviour()

    async def story() -> Any:
        async with running(behaviour) as port, SmtpPool(f"smtp://127.0.0.1:{port}", connections=1) as pool:
            await pool.deliver(MESSAGE, SENDER, RECIPIENT)
            behaviour.mail = says("421 too long open", times=1)
            return await pool.deliver(MESSAGE, SENDER, RECIPIENT)

    assert isinstance(run(story()), Accepted)
    assert behaviour.connections == 2
    assert len(behaviour.accepted) == 2


def test_a_kept_connection_closed_in_silence_is_replaced():
    behaviour = Behaviour()
    servers: list[Any] = []

    async def remember(server: Any, _content: bytes) -> str:
        servers.append(server)
        return OK

    async def story() -> Any:
        behaviour.data = remember
        async with running(behaviour) as port, SmtpPool(f"smtp://127.0.0.1:{port}", connections=1) as pool:
            await pool.deliver(MESSAGE, SENDER, RECIPIENT)
            servers[0].transport.abort()
            await asyncio.sleep(0.05)
            return await pool.deliver(MESSAGE, SENDER, RECIPIENT)

    assert isinstance(run(story()), Accepted)
    assert behaviour.connections == 2


def test_a_connection_lost_before_the_final_dot_leaves_nothing_accepted():
    async def abort(server: Any) -> str:
        server.transport.abort()
        return OK

    behaviour = Behaviour(rcpt=abort)

    answer, confirmed = run(one(behaviour))

    assert isinstance(answer, Unreachable)
    assert (confirmed, behaviour.accepted) == (0, [])


def test_a_connection_lost_after_the_final_dot_is_not_confirmed_nor_sent_again_at_once():
    async def abort(server: Any, _content: bytes) -> str:
        server.transport.abort()
        return OK

    behaviour = Behaviour(data=abort)

    answer, confirmed = run(one(behaviour))

    assert isinstance(answer, Unreachable)
    assert confirmed == 0
    assert len(behaviour.accepted) == 1


def test_a_server_that_does_not_answer_in_time_is_unreachable():
    async def sleep(*_: object) -> str:
        await asyncio.sleep(1)
        return OK

    async def story(behaviour: Behaviour) -> Any:
        async with (
            running(behaviour) as port,
            SmtpPool(f"smtp://127.0.0.1:{port}", timeout_seconds=0.1) as pool,
        ):
            return await pool.deliver(MESSAGE, SENDER, RECIPIENT)

    for behaviour in (Behaviour(mail=sleep), Behaviour(rcpt=sleep), Behaviour(data=sleep)):
        assert isinstance(run(story(behaviour)), Unreachable)


def test_no_server_at_all_is_unreachable():
    async def story() -> Any:
        async with running(Behaviour()) as port:
            pass
        async with SmtpPool(f"smtp://127.0.0.1:{port}", timeout_seconds=1) as pool:
            return await pool.deliver(MESSAGE, SENDER, RECIPIENT)

    assert isinstance(run(story()), Unreachable)


def test_a_server_that_speaks_something_else_is_unreachable():
    async def nonsense(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async def story() -> Any:
        server = await asyncio.start_server(nonsense, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, SmtpPool(f"smtp://127.0.0.1:{port}", timeout_seconds=1) as pool:
            return await pool.deliver(MESSAGE, SENDER, RECIPIENT)

    assert isinstance(run(story()), Unreachable)


@pytest.mark.parametrize("unconfirmed", [1, 3])
def test_letters_accepted_and_not_yet_confirmed_never_exceed_the_window(unconfirmed):
    confirmed: list[None] = []
    open_at_most = 0

    async def take(_server: SMTP, _content: bytes) -> str:
        nonlocal open_at_most
        open_at_most = max(open_at_most, len(behaviour.accepted) + 1 - len(confirmed))
        await asyncio.sleep(0.001)
        return OK

    behaviour = Behaviour(data=take)

    async def story() -> list[Any]:
        async with (
            running(behaviour) as port,
            SmtpPool(f"smtp://127.0.0.1:{port}", connections=8, unconfirmed=unconfirmed) as pool,
        ):
            sending = [pool.deliver(MESSAGE, SENDER, RECIPIENT, confirm=counts(confirmed)) for _ in range(60)]
            return await asyncio.gather(*sending)

    answers = run(story())

    assert all(isinstance(answer, Accepted) for answer in answers)
    assert len(confirmed) == len(behaviour.accepted) == 60
    assert open_at_most <= unconfirmed
    assert 1 < behaviour.connections <= 8


DISPATCHER = """
import asyncio, os, sys
from parvis.notifications.smtp import SmtpPool

async def send(port, done):
    left = [n for n in range(300) if str(n) not in done]
    async with SmtpPool(f"smtp://127.0.0.1:{port}", connections=4) as pool:
        async def one(n):
            async def confirm():
                os.write(1, f"{n}\\n".encode())
            await pool.deliver(f"Subject: {n}\\r\\n\\r\\n.\\r\\n".encode(), "a@b.fr", "c@d.fr", confirm=confirm)
        await asyncio.gather(*map(one, left))

asyncio.run(send(int(sys.argv[1]), set(sys.argv[2].split())))
"""


def test_each_kill_minus_nine_of_the_sender_costs_at_most_one_extra_copy_and_loses_nothing():
    behaviour = Behaviour()
    confirmed: list[str] = []
    kills = 0

    async def story() -> None:
        nonlocal kills
        async with running(behaviour) as port:
            while len(confirmed) < 300:
                words = [sys.executable, "-c", DISPATCHER, str(port), " ".join(confirmed)]
                sender = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
                assert sender.stdout is not None
                while line := await sender.stdout.readline():
                    confirmed.append(line.decode().strip())
                    if len(confirmed) in {40, 97, 160, 230}:
                        os.kill(sender.pid, signal.SIGKILL)
                        kills += 1
                await sender.wait()

    run(story())

    copies = Counter(content.split(b"\r\n")[0] for content in behaviour.accepted)
    assert kills == 4
    assert len(copies) == 300
    assert sum(copies.values()) - 300 <= kills


def test_what_the_confirmation_raises_reaches_the_caller_and_the_pool_goes_on():
    behaviour = Behaviour()

    async def fail() -> None:
        raise ConnectionError("the database is away")

    async def story() -> Any:
        async with running(behaviour) as port, SmtpPool(f"smtp://127.0.0.1:{port}", connections=1) as pool:
            with pytest.raises(ConnectionError, match="database"):
                await pool.deliver(MESSAGE, SENDER, RECIPIENT, confirm=fail)
            return await pool.deliver(MESSAGE, SENDER, RECIPIENT)

    assert isinstance(run(story()), Accepted)
    assert len(behaviour.accepted) == 2


def test_a_cancelled_delivery_whose_final_dot_has_left_is_still_confirmed():
    confirmed: list[None] = []
    dotted = asyncio.Event()

    async def take(_server: SMTP, _content: bytes) -> str:
        dotted.set()
        await asyncio.sleep(0.1)
        return OK

    async def story() -> None:
        async with running(Behaviour(data=take)) as port, SmtpPool(f"smtp://127.0.0.1:{port}") as pool:
            sending = asyncio.create_task(pool.deliver(MESSAGE, SENDER, RECIPIENT, confirm=counts(confirmed)))
            await dotted.wait()
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending

    run(story())

    assert len(confirmed) == 1


def test_a_confirmation_that_fails_during_a_cancellation_is_not_lost():
    dotted = asyncio.Event()

    async def take(_server: SMTP, _content: bytes) -> str:
        dotted.set()
        await asyncio.sleep(0.05)
        return OK

    async def fail() -> None:
        raise ConnectionError("the database is away")

    async def story() -> None:
        async with running(Behaviour(data=take)) as port, SmtpPool(f"smtp://127.0.0.1:{port}") as pool:
            sending = asyncio.create_task(pool.deliver(MESSAGE, SENDER, RECIPIENT, confirm=fail))
            await dotted.wait()
            sending.cancel()
            with pytest.raises(ConnectionError, match="database"):
                await sending

    run(story())


def test_a_delivery_cancelled_before_its_final_dot_leaves_nothing():
    behaviour = Behaviour()
    first_dot, release = asyncio.Event(), asyncio.Event()

    async def hold(_server: SMTP, _content: bytes) -> str:
        first_dot.set()
        await release.wait()
        return OK

    async def story() -> Any:
        behaviour.data = hold
        async with running(behaviour) as port, SmtpPool(f"smtp://127.0.0.1:{port}", connections=2) as pool:
            first = asyncio.create_task(pool.deliver(MESSAGE, SENDER, RECIPIENT))
            await first_dot.wait()
            second = asyncio.create_task(pool.deliver(b"Subject: second\r\n\r\n", SENDER, RECIPIENT))
            await asyncio.sleep(0.1)
            second.cancel()
            with pytest.raises(asyncio.CancelledError):
                await second
            release.set()
            return await first

    assert isinstance(run(story()), Accepted)
    assert behaviour.accepted == [MESSAGE]


def test_an_accented_local_part_asks_for_smtputf8_and_only_then():
    behaviour = Behaviour()

    async def story() -> list[Any]:
        async with running(behaviour) as port, SmtpPool(f"smtp://127.0.0.1:{port}", connections=1) as pool:
            return [await pool.deliver(MESSAGE, SENDER, to) for to in ("accès@mairié.fr", "acces@mairié.fr")]

    assert all(isinstance(answer, Accepted) for answer in run(story()))
    assert behaviour.recipients == ["accès@xn--mairi-fsa.fr", "acces@xn--mairi-fsa.fr"]
    assert "SMTPUTF8" in behaviour.options[0]
    assert not {"SMTPUTF8", "BODY=8BITMIME"} & set(behaviour.options[1])


def test_a_server_without_smtputf8_refuses_an_accented_local_part():
    answer, confirmed = run(one(Behaviour(), recipient="accès@mairie.fr", enable_SMTPUTF8=False))

    assert isinstance(answer, Refused)
    assert confirmed == 0


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
def test_the_account_is_asked_for_and_a_wrong_password_is_unreachable():
    def authenticate(
        _server: object, _session: object, _envelope: object, _method: str, data: Any
    ) -> AuthResult:
        known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"parvis", b"p@ss/w")
        return AuthResult(success=known, handled=False)

    async def story(url: str) -> Any:
        options = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": False}
        async with running(Behaviour(), **options) as port, SmtpPool(url.format(port=port)) as pool:
            return await pool.deliver(MESSAGE, SENDER, RECIPIENT)

    assert isinstance(run(story("smtp://parvis:p%40ss%2Fw@127.0.0.1:{port}")), Accepted)
    assert isinstance(run(story("smtp://parvis:no@127.0.0.1:{port}")), Unreachable)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate this machine signs for itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    day, now = timedelta(days=1), datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(signed.public_bytes(encoding) + private)
    return file


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_tls_is_used_when_trusted_and_nothing_leaves_when_not(scheme, certificate):
    behaviour = Behaviour()
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(certificate)
    options = {"ssl": served} if scheme == "smtps" else {"tls_context": served, "require_starttls": True}

    async def story(trusted: ssl.SSLContext | None) -> Any:
        async with running(behaviour, **options) as port:
            pool = SmtpPool(f"{scheme}://127.0.0.1:{port}", timeout_seconds=2, tls=trusted)
            async with pool:
                return await pool.deliver(MESSAGE, SENDER, RECIPIENT)

    assert isinstance(run(story(None)), Unreachable)
    assert behaviour.accepted == []
    assert isinstance(run(story(ssl.create_default_context(cafile=str(certificate)))), Accepted)
    assert behaviour.accepted == [MESSAGE]


def test_a_server_without_starttls_gets_no_letter_when_starttls_is_required():
    async def story() -> Any:
        async with running(Behaviour()) as port, SmtpPool(f"smtp+starttls://127.0.0.1:{port}") as pool:
            return await pool.deliver(MESSAGE, SENDER, RECIPIENT)

    assert isinstance(run(story()), Unreachable)


def test_the_size_of_the_pool_is_bounded():
    too_few_or_many: list[dict[str, Any]] = [{"connections": 0}, {"connections": 17}, {"unconfirmed": 0}]
    for options in too_few_or_many:
        with pytest.raises(ValueError, match="connections"):
            SmtpPool("smtp://127.0.0.1", **options)
