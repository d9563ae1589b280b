"""Letters leave by SMTP: connections kept open, and a bound on what is accepted but not yet written down."""

import asyncio
import ssl
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiosmtplib

from parvis.notifications.delivery import (
    Accepted,
    Confirm,
    Deferred,
    Delivery,
    Refused,
    Unreachable,
    unconcerned,
)
from parvis.notifications.headers import wire_address
from parvis.notifications.outgoing import LetterContentError
from parvis.notifications.smtp_url import SmtpServer, SmtpUrlError, parse_smtp_url

__all__ = [
    "Accepted",
    "Deferred",
    "Delivery",
    "Refused",
    "SmtpPool",
    "SmtpServer",
    "SmtpUrlError",
    "Unreachable",
    "parse_smtp_url",
]

_CLOSING = 421  # RFC 5321 §3.8: the server closes the channel
_ABOUT_THE_MESSAGE = frozenset(
    {552, 555}
)  # said of the sender's line, but about this message's size or options


class _LostError(Exception):
    """The connection closed, or the server is leaving: another connection may do."""


class _SilentError(Exception):
    """No answer in time, or one that is not SMTP."""


@dataclass(frozen=True, slots=True)
class _Envelope:
    content: bytes
    sender: str
    recipient: str

    @property
    def international(self) -> bool:
        return not (self.sender.isascii() and self.recipient.isascii())


class SmtpPool:
    """Up to `connections` (1 to 16) kept-open connections to one server.

    `unconfirmed` bounds how many letters may be accepted by the server and not yet confirmed at one moment:
    a process killed there sends at most that many letters twice. `timeout_seconds` bounds each exchange.
    """

    def __init__(
        self,
        url: str | SmtpServer,
        *,
        connections: int = 4,
        unconfirmed: int = 1,
        timeout_seconds: float = 30.0,
        hostname: str = "localhost",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        if not 1 <= connections <= 16 or unconfirmed < 1:
            raise ValueError("connections go from 1 to 16, unconfirmed from 1")
        self.server = parse_smtp_url(url) if isinstance(url, str) else url
        self.timeout_seconds = timeout_seconds
        self._hostname = hostname
        self._tls = tls
        self._slots = asyncio.Semaphore(connections)
        self._window = asyncio.Semaphore(unconfirmed)
        self._idle: list[aiosmtplib.SMTP] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Say goodbye on every idle connection."""
        while self._idle:
            client = self._idle.pop()
            try:
                await client.quit(timeout=min(self.timeout_seconds, 2.0))
            except (aiosmtplib.SMTPException, OSError):
                client.close()

    async def deliver(
        self, message: bytes, sender: str, recipient: str, *, confirm: Confirm = unconcerned
    ) -> Delivery:
        """Send `message`, as it is, from `sender` to `recipient`.

        `confirm` is awaited as soon as the server's 250 to the final dot is read, and counts in `unconfirmed`
        until it ends; what it raises goes to the caller. A kept connection that proves closed, or answers 421, is
        replaced as long as the final dot has not left. Cancelling waits for the answer to a final dot that has left.

        Raises:
            LetterContentError: `line_end`: the message has a line end other than CRLF.
        """
        content = _stuffed(message)
        try:
            envelope = _Envelope(content, wire_address(sender), wire_address(recipient))
        except LetterContentError as error:
            return Refused(553, str(error))
        async with self._slots:
            while True:
                kept = self._take()
                try:
                    client = kept or await self._connect()
                except _SilentError as error:
                    return Unreachable(str(error))
                try:
                    return await self._attempt(client, envelope, confirm)
                except _LostError as error:
                    if kept is None:
                        return Unreachable(str(error), met=True)
                except _SilentError as error:
                    return Unreachable(str(error), met=True)

    async def _attempt(self, client: aiosmtplib.SMTP, envelope: _Envelope, confirm: Confirm) -> Delivery:
        try:
            answer = await _offer(client, envelope)
            if answer is None:
                async with self._window:
                    answer = await _hand_over(client, confirm)
            else:
                await _reset(client)
        except BaseException:
            client.close()
            raise
        if client.is_connected:
            self._idle.append(client)
        return answer

    def _take(self) -> aiosmtplib.SMTP | None:
        while self._idle:
            client = self._idle.pop()
            if client.is_connected:
                return client
        return None

    async def _connect(self) -> aiosmtplib.SMTP:
        client = aiosmtplib.SMTP(
            hostname=self.server.host,
            port=self.server.port,
            username=self.server.username,
            password=self.server.password,
            use_tls=self.server.tls,
            start_tls=self.server.starttls,
            tls_context=self._tls,
            timeout=self.timeout_seconds,
            local_hostname=self._hostname,
        )
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
        except (aiosmtplib.SMTPException, OSError, UnicodeError) as error:
            client.close()
            raise _SilentError(_said(error)) from error
        return client


async def _offer(client: aiosmtplib.SMTP, envelope: _Envelope) -> Delivery | None:
    """Everything up to the final dot; None when only the dot is missing."""
    if envelope.international and not client.supports_extension("smtputf8"):
        return Refused(553, "SMTPUTF8")
    options = [f"SIZE={len(envelope.content)}".encode()] if client.supports_extension("size") else []
    if envelope.international:
        options += [b"BODY=8BITMIME", b"SMTPUTF8"]
    mail = await _say(client, b"MAIL", f"FROM:<{envelope.sender}>".encode(), *options)
    if mail.code >= 500 and mail.code not in _ABOUT_THE_MESSAGE:
        return Unreachable(f"{mail.code} {mail.message}")
    if mail.code != 250:
        return _answer(mail)
    rcpt = await _say(client, b"RCPT", f"TO:<{envelope.recipient}>".encode())
    if rcpt.code not in {250, 251}:
        return _answer(rcpt)
    data = await _say(client, b"DATA")
    if data.code != 354:
        return _answer(data)
    try:
        if client.protocol is None:
            raise _LostError("closed")
        client.protocol.write(envelope.content)
    except aiosmtplib.SMTPServerDisconnected as error:
        raise _LostError(_said(error)) from error
    return None


async def _hand_over(client: aiosmtplib.SMTP, confirm: Confirm) -> Delivery:
    """The final dot, its answer and the confirmation, which a cancellation cannot part."""
    if not client.is_connected:
        raise _LostError("closed before the final dot")
    finishing = asyncio.ensure_future(_finish(client, confirm))
    try:
        return await asyncio.shield(finishing)
    except asyncio.CancelledError:
        await asyncio.wait({finishing})
        finishing.result()  # what the confirmation raised matters more than the cancellation
        raise


async def _finish(client: aiosmtplib.SMTP, confirm: Confirm) -> Delivery:
    try:
        dot = await _say(client, b".")
    except _LostError as error:
        # The server may have accepted it: only the next try, with the same Message-ID, can tell.
        return Unreachable(f"no answer to the final dot: {error}", met=True)
    if dot.code == 250:
        await confirm()
        return Accepted(dot.message)
    return _answer(dot)


async def _say(client: aiosmtplib.SMTP, *words: bytes) -> aiosmtplib.SMTPResponse:
    try:
        # one timer for the exchange: the library’s own costs a turn of the event loop more
        async with asyncio.timeout(client.timeout):
            response = await client.execute_command(*words, timeout=None)
    except (TimeoutError, aiosmtplib.SMTPResponseException) as error:
        raise _SilentError(_said(error)) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _LostError(_said(error)) from error
    if response.code == _CLOSING and words != (b".",):
        raise _LostError(f"{response.code} {response.message}")
    return response


async def _reset(client: aiosmtplib.SMTP) -> None:
    try:
        await client.rset()
    except (aiosmtplib.SMTPException, OSError):
        client.close()


def _answer(response: aiosmtplib.SMTPResponse) -> Delivery:
    if 400 <= response.code < 500:
        return Deferred(response.code, response.message)
    if 500 <= response.code < 600:
        return Refused(response.code, response.message)
    return Unreachable(f"{response.code} {response.message}")


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__


def _stuffed(message: bytes) -> bytes:
    """`message` with its leading dots doubled (RFC 5321 §4.5.2); a bare CR or LF could hide a second message."""
    said = message.replace(b"\r\n", b"")
    if b"\r" in said or b"\n" in said:
        raise LetterContentError("line_end", "message")
    whole = message if message.endswith(b"\r\n") else message + b"\r\n"
    stuffed = whole.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed
