"""The address of an SMTP server, as one line of the settings says it."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class SmtpUrlError(ValueError):
    """The address of the server cannot be used; `code` is `scheme`, `host`, `port`, `password` or `extra`."""

    def __init__(self, code: str) -> None:
        super().__init__(f"SMTP address: {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where letters go, and how: TLS from the start, STARTTLS required, or neither."""

    host: str
    port: int
    tls: bool = False
    starttls: bool = False
    username: str | None = None
    password: str | None = field(default=None, repr=False)


def parse_smtp_url(url: str) -> SmtpServer:
    """Read `smtp://user:pass@host:port`, `smtps://…` or `smtp+starttls://…`; `%xx` stands for odd characters.

    A password never crosses a network in clear: `smtp://` with one requires STARTTLS, except to this machine.

    Raises:
        SmtpUrlError: the address cannot be used.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise SmtpUrlError("port") from None
    if parts.scheme not in _PORTS:
        raise SmtpUrlError("scheme")
    if not parts.hostname or any(char <= " " for char in parts.hostname):
        raise SmtpUrlError("host")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise SmtpUrlError("extra")
    if port == 0:
        raise SmtpUrlError("port")
    if (parts.username is None) != (parts.password is None):
        raise SmtpUrlError("password")
    secret = parts.password is not None
    return SmtpServer(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        starttls=parts.scheme == "smtp+starttls"
        or (parts.scheme == "smtp" and secret and not _is_this_machine(parts.hostname)),
        username=unquote(parts.username) if parts.username is not None else None,
        password=unquote(parts.password) if parts.password is not None else None,
    )


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
