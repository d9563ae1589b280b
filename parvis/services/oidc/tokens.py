"""What the provider signs, believed only once everything in it holds (OpenID Connect Core 1.0, 3.1.3.7 and 5.3.2)."""

import base64
import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import GuestProtocol, Key, KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from parvis.services.oidc.failing import SignInFailedError, Why
from parvis.services.oidc.provider import Provider

KEY_KINDS = {"RS256": "RSA", "ES256": "EC"}
"""The algorithms we believe, and the kind of key of each: no `none`, and no HS256 that a public key could sign."""
LEEWAY_SECONDS = 30
LONGEST_SUBJECT = 255
_SIGNATURES = JWSRegistry(algorithms=list(KEY_KINDS), strict_check_header=False)

Claims = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """Whom the provider says somebody is. `email_verified` is None where it does not say."""

    subject: str
    email: str
    email_verified: bool | None


def read_id_token(
    token: object, provider: Provider, *, nonce: str, access_token: str, at: datetime
) -> Claims:
    """The claims of an id_token that is for us, from our provider, for this very attempt.

    Raises:
        SignInFailedError: `not_trusted`, `too_weak`; `away` or `nonsense` where keys had to be asked for.
    """
    client = provider.client
    claims = _signed(token, provider, at, essential={"exp", "iat", "sub", "nonce"})
    if not _same(claims.get("nonce"), nonce):
        raise SignInFailedError(Why.NOT_TRUSTED, "nonce")
    audience = claims["aud"]
    if claims.get("azp", client.id if isinstance(audience, str) or len(audience) == 1 else None) != client.id:
        raise SignInFailedError(Why.NOT_TRUSTED, "azp")
    if "at_hash" in claims and not _same(claims["at_hash"], half_hash(access_token)):
        raise SignInFailedError(Why.NOT_TRUSTED, "at_hash")
    if len(claims["sub"]) > LONGEST_SUBJECT or not claims["sub"].isprintable():
        raise SignInFailedError(Why.NOT_TRUSTED, "sub")
    if client.acr_values and claims.get("acr") not in client.acr_values:
        raise SignInFailedError(Why.TOO_WEAK, "acr")
    return claims


def read_userinfo(kind: str, body: bytes, provider: Provider, *, subject: str, at: datetime) -> Claims:
    """The claims of a signed answer about the person who just signed in, and about nobody else.

    Raises:
        SignInFailedError: as `read_id_token`.
    """
    token = body.decode("ascii", "replace").strip() if kind == "application/jwt" else None
    claims = _signed(token, provider, at, essential={"sub"})
    return about(claims, subject)


def about(claims: Claims, subject: str) -> Claims:
    """These claims, if they are about this subject.

    Raises:
        SignInFailedError: they are about somebody else (`not_trusted`).
    """
    if not _same(claims.get("sub"), subject):
        raise SignInFailedError(Why.NOT_TRUSTED, "userinfo: sub")
    return claims


def half_hash(text: str) -> str:
    """The left half of the SHA-256 of a text: what `at_hash` is for both algorithms we believe."""
    digest = hashlib.sha256(text.encode("ascii", "replace")).digest()[:16]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _signed(token: object, provider: Provider, at: datetime, *, essential: Collection[str]) -> Claims:
    """The claims of a token our provider signed, for us, not expired."""
    if not isinstance(token, str):
        raise SignInFailedError(Why.NOT_TRUSTED, "no token")
    wanted: dict[str, ClaimsOption] = {name: {"essential": True} for name in essential}
    wanted["iss"] = {"essential": True, "value": provider.client.issuer}
    wanted["aud"] = {"essential": True, "value": provider.client.id}
    try:
        claims = _opened(token, provider, at)
        JWTClaimsRegistry(now=int(at.timestamp()), leeway=LEEWAY_SECONDS, **wanted).validate(claims)
    except JoseError as error:
        raise SignInFailedError(Why.NOT_TRUSTED, f"{error.error} {error.description}".strip()) from error
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise SignInFailedError(Why.NOT_TRUSTED, type(error).__name__) from error  # no token at all
    return claims


def _opened(token: str, provider: Provider, at: datetime) -> Claims:
    """What is inside, its signature checked; a key that is not known makes us ask for the keys once more."""
    try:
        return _with(provider.keys(at), token)
    except InvalidKeyIdError:
        return _with(provider.keys(at, anew=True), token)


def _with(keys: KeySet, token: str) -> Claims:
    def key_of(signed: GuestProtocol) -> Key:
        headers = signed.headers()
        kind, name = KEY_KINDS.get(headers["alg"]), headers.get("kid")
        fit = [key for key in keys if key.key_type == kind and key.get("use", "sig") == "sig"]
        named = [key for key in fit if key.kid == name] if name is not None else fit
        if len(named) != 1:
            raise InvalidKeyIdError
        return named[0]

    return jwt.decode(token, key_of, registry=_SIGNATURES).claims


def _same(said: object, meant: str) -> bool:
    return isinstance(said, str) and hmac.compare_digest(said.encode(), meant.encode())
