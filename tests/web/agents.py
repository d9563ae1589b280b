"""Somebody in front of a browser who signs in by an identity provider, and an installation that has one."""

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import httpx
from pydantic import SecretStr

from parvis.services.settings import Settings
from tests.provider import CLIENT, SECRET, Provider
from tests.web.application import ADDRESS
from tests.web.browser import Browser

REFRESH = re.compile(r'<meta http-equiv="refresh" content="0; url=([^"]+)">')
OTHERWISE = "Entrer par un lien ou un mot de passe"
NOT_TRUSTED = "n’a pas pu être vérifiée"
NONSENSE = "réponse inutilisable"
SILENT = "ne répond pas"


def settings_for(provider: Provider, folder: Path, **more: object) -> Settings:
    """An installation whose people sign in by this provider."""
    values: dict[str, object] = {
        "data_folder": folder, "public_url": ADDRESS, "oidc_issuer": provider.issuer, "oidc_client_id": CLIENT,
        "oidc_client_secret": SecretStr(SECRET),
    }  # fmt: skip
    return Settings(**{**values, **more})  # type: ignore[arg-type]


def sent_to(page: str) -> str:
    """Where a page sends the browser on to."""
    found = REFRESH.search(page)
    assert found, page
    return unescape(found[1])


@dataclass
class Agent:
    """Somebody in front of a browser who signs in by the provider."""

    browser: Browser
    provider: Provider

    def leaves(self, follow: str = "") -> str:
        """Press the button; the address at the provider."""
        left = self.browser.post("/connexion/oidc", {"suite": follow})
        assert left.status_code == 200, left.text
        return sent_to(left.text)

    def agrees(self, address: str, answer: str = "oui") -> str:
        """Press a button there; the address of ours one is sent back to, without its host."""
        sent = httpx.post(address, data={answer: "1"}, follow_redirects=False)
        assert sent.status_code == 303, sent.text
        return sent.headers["location"].removeprefix(ADDRESS)

    def signs_in(self, follow: str = ""):
        """The whole dance; where it ends."""
        return self.browser.get(self.agrees(self.leaves(follow)))


def nobody_is_in(browser: Browser) -> bool:
    inside = browser.desk.value("SELECT count(*) FROM web_sessions")
    return inside == 0 and browser.get("/").headers["location"].startswith("/connexion")


def claims(**more):
    return lambda said: {**said, **more}


def without(name):
    return lambda said: {key: value for key, value in said.items() if key != name}
