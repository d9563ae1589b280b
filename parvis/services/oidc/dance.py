"""The steps of signing in: leave for the provider, come back with a code, learn who it is; and leave for good."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from parvis.models.queries import identities as queries
from parvis.models.queries.identities import Attempt
from parvis.models.session import Session
from parvis.services.oidc.calling import Answer
from parvis.services.oidc.client import Client
from parvis.services.oidc.failing import SignInFailedError, Why
from parvis.services.oidc.provider import Discovery, Provider
from parvis.services.oidc.tokens import Claims, Known, about, read_id_token, read_userinfo
from parvis.services.secrets import kept, new_secret
from parvis.states.access import ATTEMPT_LASTS

LONGEST_FOLLOW, LONGEST_CODE = 2_000, 40
ERRORS: dict[str, Why] = {
    "access_denied": Why.CANCELLED,
    "temporarily_unavailable": Why.AWAY,
    "server_error": Why.AWAY,
}
"""What an error the provider sends back means to the person; any other says that it refused."""


@dataclass(frozen=True, slots=True)
class Return:
    """What the address somebody came back with says: a code or an error, and perhaps whose word it is."""

    code: str = ""
    error: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody the provider vouches for, and its id_token, which signs them out there."""

    known: Known
    id_token: str


def leave(
    session: Session, provider: Provider, discovery: Discovery, *, browser: str, follow: str, at: datetime
) -> str:
    """Begin an attempt bound to the secret of a browser; the address to go to.

    `follow` is the page of ours to end on. What is older than an attempt may be is forgotten.
    """
    client, state, nonce, verifier = provider.client, new_secret(), new_secret(), new_secret()
    queries.add_attempt(
        session, kept(state), kept(browser), nonce=nonce, verifier=verifier,
        follow=follow if len(follow) <= LONGEST_FOLLOW else "/", at=at, expires_at=at + ATTEMPT_LASTS,
    )  # fmt: skip
    asked = {
        "response_type": "code", "client_id": client.id, "redirect_uri": client.returns_to,
        "scope": client.scopes, "state": state, "nonce": nonce,
        "code_challenge": challenge(verifier), "code_challenge_method": "S256",
    }  # fmt: skip
    if client.acr_values:
        asked["acr_values"] = " ".join(client.acr_values)
    if client.idp_hint:
        asked["idp_hint"] = client.idp_hint
    return _with_query(discovery.authorization_endpoint, asked)


def take(session: Session, state: str, *, browser: str, at: datetime) -> Attempt:
    """The attempt of this state, used now and never again.

    Raises:
        SignInFailedError: `unknown`, `other_browser`, `used`, `expired`; the attempt is left as it was.
    """
    attempt = queries.lock_attempt(session, kept(state))
    if attempt is None:
        raise SignInFailedError(Why.UNKNOWN)
    if not hmac.compare_digest(attempt.browser_hash, kept(browser)):
        raise SignInFailedError(Why.OTHER_BROWSER)
    if attempt.used_at is not None:
        raise SignInFailedError(Why.USED)
    if at >= attempt.expires_at:
        raise SignInFailedError(Why.EXPIRED)
    queries.use_attempt(session, attempt.id, at=at)
    return attempt


def meet(provider: Provider, attempt: Attempt, back: Return, *, at: datetime) -> Met:
    """Who came back from the provider; asks it two to four times, never inside a transaction.

    Raises:
        SignInFailedError: `cancelled`, `denied`, `away`, `nonsense`, `not_trusted`, `too_weak`.
    """
    discovery = provider.discovery(at)
    _check_back(provider, discovery, back)
    tokens = _trade(provider, discovery, attempt, back.code)
    id_token, access_token = tokens.get("id_token"), str(tokens.get("access_token", ""))
    claims = read_id_token(id_token, provider, nonce=attempt.nonce, access_token=access_token, at=at)
    told = claims
    if discovery.userinfo_endpoint:
        answer = provider.caller.get(discovery.userinfo_endpoint, bearer=access_token)
        said = _userinfo(answer, provider, subject=claims["sub"], at=at)
        # An address and whether it is verified: of one and the same word.
        told = said if "email" in said else claims
    return Met(_known(told), str(id_token))


def way_out(discovery: Discovery, client: Client, *, id_token: str, state: str) -> str | None:
    """The address that ends the session at the provider too; None where it has none."""
    if discovery.end_session_endpoint is None:
        return None
    return _with_query(
        discovery.end_session_endpoint,
        {"id_token_hint": id_token, "state": state, "post_logout_redirect_uri": client.out_to},
    )


def challenge(verifier: str) -> str:
    """What PKCE shows first of a secret that is told later (RFC 7636, S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _check_back(provider: Provider, discovery: Discovery, back: Return) -> None:
    """Go on with a code of our provider only: no other speaks in its name (RFC 9207), and it said yes."""
    expected = bool(back.issuer) or discovery.authorization_response_iss_parameter_supported
    if expected and back.issuer != provider.client.issuer:
        raise SignInFailedError(Why.NOT_TRUSTED, "iss of the answer")
    if back.error:
        raise SignInFailedError(ERRORS.get(back.error, Why.DENIED), _word(back.error))
    if not back.code:
        raise SignInFailedError(Why.NONSENSE, "no code")


def _trade(provider: Provider, discovery: Discovery, attempt: Attempt, code: str) -> dict[str, object]:
    client = provider.client
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": client.returns_to,
        "code_verifier": attempt.verifier,
    }  # fmt: skip
    basic = None
    if "client_secret_post" in discovery.token_endpoint_auth_methods_supported:
        form |= {"client_id": client.id, "client_secret": client.secret}
    else:
        basic = (quote(client.id, safe=""), quote(client.secret, safe=""))  # RFC 6749, 2.3.1
    answer = provider.caller.post(discovery.token_endpoint, form, basic=basic)
    if answer.status != 200:
        raise SignInFailedError(Why.NONSENSE, f"token: status {answer.status} {_code(answer)}".strip())
    return answer.document()


def _userinfo(answer: Answer, provider: Provider, *, subject: str, at: datetime) -> Claims:
    if answer.status != 200:
        raise SignInFailedError(Why.NONSENSE, f"userinfo: status {answer.status}")
    if answer.kind == "application/json":
        return about(dict(answer.document()), subject)
    return read_userinfo(answer.kind, answer.body, provider, subject=subject, at=at)


def _known(claims: Claims) -> Known:
    email, verified = claims.get("email"), claims.get("email_verified")
    said = (
        {True: True, "true": True, None: None}.get(verified, False)
        if not isinstance(verified, list)
        else False
    )
    return Known(claims["sub"], email.strip() if isinstance(email, str) else "", said)


def _code(answer: Answer) -> str:
    """The code of an OAuth error, for the log: one of a few words of the protocol, nothing else."""
    try:
        said = answer.document().get("error")
    except SignInFailedError:
        return ""
    return _word(said) if isinstance(said, str) else ""


def _word(said: str) -> str:
    """A code of the protocol as the log may hold it: letters and `_`, nothing else."""
    return said if said.isascii() and said.replace("_", "").isalpha() and len(said) <= LONGEST_CODE else "?"


def _with_query(address: str, more: dict[str, str]) -> str:
    parts = urlsplit(address)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *more.items()]
    return urlunsplit(parts._replace(query=urlencode(query), fragment=""))
