"""Coming in by the identity provider (OpenID Connect), and going out: of Parvis, and of the provider when it let in."""

import hmac
import logging
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import URL

from parvis.models.queries.contracts import read_contract
from parvis.models.queries.identities import forget_tokens, logout_token
from parvis.services import visitors
from parvis.services.links import Guest
from parvis.services.oidc import dance
from parvis.services.oidc.client import OUT_PATH, RETURN_PATH
from parvis.services.oidc.dance import Return
from parvis.services.oidc.failing import SignInFailedError, Why
from parvis.services.oidc.provider import Provider
from parvis.services.oidc.recognising import recognise
from parvis.services.secrets import new_secret
from parvis.services.visitors import MOST_BY_PROVIDER, OpenedBy
from parvis.states.access import ATTEMPT_LASTS
from parvis.states.words import Sentence
from parvis.web.errors import NotHereError
from parvis.web.pages.entering import enter, ours, place
from parvis.web.refused import NOT_IN, REFUSED
from parvis.web.rendering import page
from parvis.web.site import Here, Visit, cookie_name, is_secure

router = APIRouter()
logger = logging.getLogger("parvis.web")

BROWSER, OUT = "parvis-oidc", "parvis-sortie"
"""The cookies that tie an attempt, or a way out, to the browser it began in."""
OUT_LASTS_SECONDS = 600
SECRET_LENGTH = 43
TO_PROVIDER = Sentence("Vous partez vous identifier chez {name}.", "You leave to sign in at {name}.")
TO_OURS = Sentence(
    "Vous partez à l’adresse publique de Parvis.", "You leave for the public address of Parvis."
)
OUT_OF_PROVIDER = Sentence(
    "Vous êtes sorti de Parvis ; vous sortez maintenant de {name}.",
    "You are signed out of Parvis; now you sign out of {name}.",
)


@router.post("/connexion/oidc", name="leave_for_provider")
def leave_for_provider(request: Request, here: Here, suite: Annotated[str, Form()] = "") -> Response:
    """Send somebody to their identity provider.

    The way there is a page, not a redirection: after a form, our policy lets a browser follow one to us only.
    """
    provider = _provider(here)
    _limit(here)
    elsewhere = _public_address(here, provider, suite)
    if elsewhere:
        return page(request, "leave.html", address=elsewhere, said=TO_OURS)
    try:
        discovery = provider.discovery(here.at)
    except SignInFailedError as failed:
        return _failed(request, here, failed, ours(suite))
    browser = _secret_of(request) or new_secret()
    with here.database.transaction() as session:
        address = dance.leave(session, provider, discovery, browser=browser, follow=ours(suite), at=here.at)
    response = page(request, "leave.html", address=address, said=TO_PROVIDER.fill(name=provider.client.name))
    _set_cookie(request, response, BROWSER, browser, int(ATTEMPT_LASTS.total_seconds()))
    return response


@router.get(RETURN_PATH, name="come_from_provider")
def come_from_provider(request: Request, here: Here) -> Response:
    """Let in whoever comes back from the provider with its word on who they are; it counts once."""
    provider = _provider(here)
    _limit(here)
    said, follow = request.query_params, "/"
    back = Return(said.get("code", ""), said.get("error", ""), said.get("iss", ""))
    try:
        with here.database.transaction() as session:
            attempt = dance.take(session, said.get("state", ""), browser=_secret_of(request), at=here.at)
        follow = ours(attempt.follow)
        met = dance.meet(provider, attempt, back, at=here.at)
        with here.database.transaction() as session:
            forget_tokens(session, at=here.at)
            recognised = recognise(session, provider.client, met.known, at=here.at)
    except SignInFailedError as failed:
        return _failed(request, here, failed, follow)
    opened_by = OpenedBy(recognised.identity_id, met.id_token)
    return enter(here, Guest(recognised.person_id), follow, opened_by)


@router.post("/deconnexion", name="sign_out")
def sign_out(request: Request, here: Here) -> Response:
    """Go out: here first, whatever happens there."""
    visitor, provider, token = here.known, here.provider, None
    with here.database.transaction() as session:
        if provider is not None and visitor.session_id is not None:
            token = logout_token(session, visitor.session_id, provider.client.issuer)
        visitors.sign_out(session, visitor, at=here.at)
    response = _way_out(request, here, provider, token) if provider and token else _to_sign_in()
    response.delete_cookie(
        cookie_name(request), path="/", secure=is_secure(request), httponly=True, samesite="lax"
    )
    response.headers["clear-site-data"] = '"cache", "storage"'  # nothing seen stays on a shared machine
    return response


@router.get(OUT_PATH, name="signed_out")
def signed_out(request: Request, here: Here, state: str = "") -> Response:
    """Say that one is out of both, to whoever comes back from going out."""
    meant = request.cookies.get(cookie_name(request, OUT), "")
    ended = here.provider is not None and bool(meant) and hmac.compare_digest(state.encode(), meant.encode())
    if not ended:
        return _to_sign_in()
    response = _to_sign_in("partout")
    response.delete_cookie(cookie_name(request, OUT), path="/", secure=is_secure(request), httponly=True)
    return response


def _way_out(request: Request, here: Visit, provider: Provider, token: str) -> Response:
    state = new_secret()
    try:
        address = dance.way_out(provider.discovery(here.at), provider.client, id_token=token, state=state)
    except SignInFailedError as failed:
        _tell_log(failed, "sign out")
        return _to_sign_in("ici")
    if address is None:
        return _to_sign_in()
    response = page(
        request,
        "leave.html",
        address=address,
        said=OUT_OF_PROVIDER.fill(name=provider.client.name),
        outside=True,
    )
    _set_cookie(request, response, OUT, state, OUT_LASTS_SECONDS)
    return response


def _failed(request: Request, here: Visit, failed: SignInFailedError, follow: str) -> Response:
    """The page that says why somebody is not let in, and what to do."""
    _tell_log(failed, "sign in")
    refused, name = REFUSED[failed.why], _provider(here).client.name
    contact = None
    if refused.ask:
        with here.database.transaction() as session:
            known = read_contract(session)
        contact = known[1].sender if known else None
    return page(
        request, "sign_in_failed.html", status=refused.status, title=NOT_IN, follow=follow, contact=contact,
        happened=refused.happened.fill(name=name, email=failed.email), advice=refused.advice.fill(name=name),
        again=refused.again,
    )  # fmt: skip


def _tell_log(failed: SignInFailedError, what: str) -> None:
    level = logging.INFO if failed.why is Why.CANCELLED else logging.WARNING
    logger.log(
        level, "%s by OpenID Connect: %s%s", what, failed.why, f" ({failed.detail})" if failed.detail else ""
    )


def _provider(here: Visit) -> Provider:
    if here.provider is None:
        raise NotHereError
    return here.provider


def _limit(here: Visit) -> None:
    with here.database.transaction() as session:
        visitors.limit(session, f"oidc:{place(here)}", most=MOST_BY_PROVIDER, at=here.at)


def _public_address(here: Visit, provider: Provider, suite: str) -> str:
    """Our public address, when somebody is here by another name: the provider would send them back there.

    The browser says where it is (`Origin`), whatever name a server in front passes on.
    """
    request, public = here.request, provider.client.public_url
    seen = request.headers.get("origin") or f"{urlsplit(public).scheme}://{request.headers.get('host', '')}"
    if _place_of(seen) == _place_of(public):
        return ""
    start = URL(f"{public}/connexion")
    return str(start.include_query_params(suite=suite) if ours(suite) == suite else start)


def _place_of(address: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port of an address, the port of the scheme when it names none."""
    parts = urlsplit(address)
    with suppress(ValueError):
        return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    return "", None, None


def _secret_of(request: Request) -> str:
    said = request.cookies.get(cookie_name(request, BROWSER), "")
    return said if len(said) == SECRET_LENGTH else ""


def _set_cookie(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        cookie_name(request, name), value, max_age=seconds, httponly=True, samesite="lax", path="/",
        secure=is_secure(request),
    )  # fmt: skip


def _to_sign_in(left: str = "") -> Response:
    return RedirectResponse(f"/connexion?sorti={left}" if left else "/connexion", HTTPStatus.SEE_OTHER)
