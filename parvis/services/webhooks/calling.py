"""Calling an endpoint: only where calls may go, in bounded time, without following it elsewhere.

The name is resolved here, every address it has is looked at, and the call goes to the one that was looked at: a name
that changes its mind between the two leads nowhere.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit, urlunsplit

import httpx

from parvis.states.words import Sentence

LONGEST_ANSWER = 300
LONGEST_URL = 500
_MOST_BYTES = 4_000

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NOT_AN_ADDRESS = Sentence(
    "Écrire une adresse comme https://outil.ville.example/parvis, sans nom ni secret devant l’hôte.",
    "Write an address like https://tool.city.example/parvis, without a name or a secret before the host.",
)
NOT_TLS = Sentence(
    "L’adresse doit commencer par https:// : en clair, n’importe qui lirait ce qui passe.",
    "The address has to begin with https://: in the clear, anybody could read what passes.",
)
NOT_PUBLIC = Sentence(
    "L’hôte « {host} » est dans un réseau privé ou sur cette machine. Si c’est voulu, ajouter son réseau à "
    "PARVIS_WEBHOOK_NETWORKS.",
    "The host “{host}” is in a private network or on this machine. If that is meant, add its network to "
    "PARVIS_WEBHOOK_NETWORKS.",
)
SILENT = Sentence("pas de réponse en {seconds} s", "no answer within {seconds} s")
NO_HOST = Sentence("L’hôte « {host} » ne se trouve pas.", "The host “{host}” cannot be found.")


class ForbiddenTargetError(Exception):
    """Calls may not go there; `sentence` says why and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


class NoSuchHostError(ForbiddenTargetError):
    """Nobody knows the host, now at least."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint answered: its status (0 when it did not) and the beginning of its words, or why there are none.

    `away` when it could not be reached or kept silent.
    """

    status: int
    words: str
    away: bool = False
    retry_after: int = 0

    @property
    def good(self) -> bool:
        """Whether it took what it was sent."""
        return 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether it wants nothing more (410)."""
        return self.status == httpx.codes.GONE


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: for at most `seconds`, to public addresses and those of `allowed` networks."""

    seconds: float
    allowed: tuple[Network, ...] = ()

    async def post(self, url: str, said: bytes, headers: Mapping[str, str]) -> Answer:
        """Send this body; redirects are an answer like another, and nobody follows them."""
        try:
            async with asyncio.timeout(self.seconds):
                address = await self._looked_at(url)
                return await self._post(url, address, said, headers)
        except TimeoutError:
            return Answer(0, _both(SILENT.fill(seconds=f"{self.seconds:g}")), away=True)
        except ForbiddenTargetError as refused:
            return Answer(0, _both(refused.sentence), away=True)
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
            return Answer(0, f"{type(error).__name__} {error}".strip()[:LONGEST_ANSWER], away=True)

    async def _post(self, url: str, address: Address, said: bytes, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(url)
        host = parts.hostname or ""
        shown = f"[{address}]" if address.version == 6 else str(address)
        target = urlunsplit(
            parts._replace(netloc=f"{shown}:{parts.port}" if parts.port else shown, fragment="")
        )
        sent = {"host": parts.netloc, "content-type": "application/json", "user-agent": "Parvis", **headers}
        async with (
            httpx.AsyncClient(
                timeout=self.seconds, follow_redirects=False, trust_env=False, verify=_certificates()
            ) as client,
            client.stream(
                "POST", target, content=said, headers=sent, extensions={"sni_hostname": host}
            ) as response,
        ):
            body = b""
            async for piece in response.aiter_raw():
                body += piece
                if len(body) > _MOST_BYTES:
                    break
        words = "".join(char if char.isprintable() else " " for char in body.decode("utf-8", "replace"))
        return Answer(
            response.status_code, " ".join(words.split())[:LONGEST_ANSWER], retry_after=_wait(response)
        )

    async def _looked_at(self, url: str) -> Address:
        """An address of the host that calls may go to.

        Raises:
            ForbiddenTargetError: one of its addresses is not, or the call would be in the clear to a public one.
        """
        check_form(url)
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise NoSuchHostError(NO_HOST.fill(host=host)) from None
        addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
        for address in addresses:
            inside = any(address in network for network in self.allowed)
            if not (inside or is_public(address)):
                raise ForbiddenTargetError(NOT_PUBLIC.fill(host=host))
            if parts.scheme != "https" and not inside:
                raise ForbiddenTargetError(NOT_TLS)
        return addresses[0]

    def check(self, url: str) -> None:
        """Say now whether calls could go there; a host nobody knows yet is not refused.

        Raises:
            ForbiddenTargetError: they could not.
        """
        try:
            asyncio.run(self._in_time(url))
        except (NoSuchHostError, TimeoutError):
            return

    async def _in_time(self, url: str) -> None:
        async with asyncio.timeout(self.seconds):
            await self._looked_at(url)


def check_form(url: str) -> None:
    """Refuse what is no address of an endpoint.

    Raises:
        ForbiddenTargetError: not `http(s)://host…`, or it holds a name, a secret, or odd characters.
    """
    try:
        parts = urlsplit(url)
        odd = parts.port == 0
    except ValueError:
        raise ForbiddenTargetError(NOT_AN_ADDRESS) from None
    odd = odd or not url.isascii() or not url.isprintable() or " " in url or len(url) > LONGEST_URL
    if odd or parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ForbiddenTargetError(NOT_AN_ADDRESS)


def is_public(address: Address) -> bool:
    """Whether an address is one of the open internet, also when it hides another one (mapped, 6to4, Teredo, NAT64)."""
    if isinstance(address, ipaddress.IPv6Address):
        hidden = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            hidden.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if not all(each.is_global for each in hidden if each is not None):
            return False
        if address.ipv4_mapped is not None or address in _NAT64:
            return True
        if address not in _UNICAST:
            return False
    return address.is_global and not address.is_multicast


_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def networks(said: str) -> tuple[Network, ...]:
    """The networks of a setting, separated by commas.

    Raises:
        ValueError: one of them is none.
    """
    return tuple(ipaddress.ip_network(each.strip()) for each in said.split(",") if each.strip())


def _both(sentence: Sentence) -> str:
    """Kept before anybody says in which language it will be read."""
    return f"{sentence.fr} · {sentence.en}"


def _wait(response: httpx.Response) -> int:
    """How many seconds the endpoint asks to be left alone, a day at most."""
    said = response.headers.get("retry-after", "")
    return min(int(said), 86_400) if said.isascii() and said.isdigit() and len(said) < 9 else 0


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()
