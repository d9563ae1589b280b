"""What every page works with: the database, the clock, what the installation chose; and one visit to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, cast
from urllib.parse import urlsplit

from fastapi import Depends, Request

from parvis.models.session import Database, UnreachableDatabaseError
from parvis.services import tokens, visitors
from parvis.services.measures import Answers
from parvis.services.oidc.provider import Provider
from parvis.services.settings import Settings
from parvis.services.visitors import Visitor
from parvis.states.calendar import paris_day
from parvis.states.facts import By
from parvis.states.words import Language, Sentence

LANGUAGE_COOKIE = "parvis_langue"
OF_PROGRAMS = "/api/"
"""Where programs ask: there, and only there, a token says who they act for."""
BEARER = "bearer "


@dataclass(frozen=True)
class Site:
    """One running application. `demonstration`: whoever sits at this machine may enter as anybody.

    `jobs` is where Prefect's API answers; empty when nobody said.
    """

    database: Database
    settings: Settings
    clock: Callable[[], datetime]
    demonstration: bool = False
    jobs: str = ""
    answers: Answers = field(default_factory=Answers)


@dataclass(frozen=True)
class Visit:
    """One request: who asks, when, in which language. `at` is aware UTC."""

    request: Request
    site: Site
    at: datetime
    language: Language
    visitor: Visitor | None

    @property
    def database(self) -> Database:
        """The application's database."""
        return self.site.database

    @property
    def provider(self) -> Provider | None:
        """The identity provider people may sign in by; None where there is none."""
        return cast("Provider | None", self.request.app.state.provider)

    @property
    def today(self) -> date:
        """The Paris day of the visit."""
        return paris_day(self.at)

    @property
    def known(self) -> Visitor:
        """The visitor of a page that asks for one; the rights are checked before any page runs."""
        if self.visitor is None:
            raise TypeError("a page for everybody asked who its visitor is")
        return self.visitor

    @property
    def by(self) -> By:
        """The visitor as the rules know them."""
        return By(self.known.actor, self.known.role)

    def say(self, sentence: Sentence, **values: object) -> str:
        """A sentence in the visitor's language."""
        return sentence.say(self.language, **values)


def site_of(request: Request) -> Site:
    """The application that answers."""
    return cast("Site", request.app.state.site)


def is_secure(request: Request) -> bool:
    """Whether the browser speaks TLS to us: as the server in front says, or as our public address does."""
    if request.url.scheme == "https":
        return True
    public = urlsplit(site_of(request).settings.public_url)
    return public.scheme == "https" and request.url.hostname == public.hostname


def cookie_name(request: Request, name: str = "parvis") -> str:
    """The name of a cookie, that of the session unless told: on a secure address, one no other host can set."""
    return f"__Host-{name}" if is_secure(request) else name


def visit(request: Request) -> Visit:
    """The visit of this request; made once, whoever asks for it."""
    found = getattr(request.state, "visit", None)
    if found is None:
        site = site_of(request)
        at = site.clock()
        visitor = _visitor(request, site, at)
        found = Visit(request, site, at, _language(request, visitor), visitor)
        request.state.visit = found
    return cast("Visit", found)


def visit_or_stranger(request: Request) -> Visit:
    """The visit of this request, by nobody known when the database cannot say by whom: for what tells of errors."""
    try:
        return visit(request)
    except UnreachableDatabaseError:
        site = site_of(request)
        return Visit(request, site, site.clock(), _language(request, None), None)


Here = Annotated[Visit, Depends(visit)]


def _visitor(request: Request, site: Site, at: datetime) -> Visitor | None:
    said = request.headers.get("authorization", "")
    if said.lower().startswith(BEARER) and request.url.path.startswith(OF_PROGRAMS):
        with site.database.one_write() as session:
            return tokens.bearer(session, said[len(BEARER) :].strip(), at=at)
    secret = request.cookies.get(cookie_name(request))
    if not secret:
        return None
    with site.database.one_write() as session:
        return visitors.who(session, secret, at=at)


def _language(request: Request, visitor: Visitor | None) -> Language:
    chosen = request.cookies.get(LANGUAGE_COOKIE) or (visitor.language if visitor else None)
    if chosen in set(Language):
        return Language(chosen)
    wanted = request.headers.get("accept-language", "").lower()
    return Language.EN if wanted.startswith("en") else Language.FR
