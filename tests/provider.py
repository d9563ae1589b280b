"""An identity provider for tests, on 127.0.0.1, with keys of its own, as strict as ProConnect with what it is asked."""

import base64
import hashlib
import hmac
import html
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.web.browser import Clock

CLIENT, SECRET = "parvis-essai", "un-secret-d-essai-bien-long"
RSA = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"})
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})
"""A key the provider never had, under the name of one of its own."""
ALLOWED = {
    "client_id", "response_type", "redirect_uri", "scope", "state", "nonce", "acr_values", "idp_hint", "prompt",
    "code_challenge", "code_challenge_method",
}  # fmt: skip
INES: dict[str, Any] = {
    "sub": "ines-chez-le-fournisseur",
    "email": "ines@ville.example",
    "email_verified": True,
}
Bend = Callable[[Any], Any]


@dataclass
class Provider:
    """What the provider knows, and how a test bends it: by name of what it is about to say."""

    clock: Clock
    issuer: str = ""
    returns_to: str = ""
    out_to: str = ""
    algorithm: str = "RS256"
    signed_userinfo: bool = True
    agent: dict[str, Any] = field(default_factory=lambda: dict(INES))
    bends: dict[str, Bend] = field(default_factory=dict)
    published: list[Any] = field(default_factory=lambda: [RSA, EC])
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)

    def bent(self, name: str, said: Any) -> Any:
        """What it says in the end."""
        return self.bends.get(name, lambda same: same)(said)

    def sign(self, name: str, claims: Mapping[str, Any]) -> str:
        """A token with these claims, signed as this provider signs."""
        key: Any = RSA if self.algorithm == "RS256" else EC
        told = self.bent(name, dict(claims))
        if isinstance(told, str):
            return told
        return jwt.encode({"alg": self.algorithm, "kid": key.kid}, told, key)

    def now(self) -> int:
        """The second it is."""
        return int(self.clock.at.timestamp())

    def discovery(self, request: Request) -> Response:
        self.asked.append("discovery")
        document = {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks", "end_session_endpoint": f"{self.issuer}/session/end",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }  # fmt: skip
        return _answer(self.bent("discovery", document))

    def jwks(self, request: Request) -> Response:
        self.asked.append("jwks")
        return _answer(self.bent("jwks", KeySet(self.published).as_dict(private=False)))

    async def authorize(self, request: Request) -> Response:
        """A page with a button for yes and one for no; whoever presses one is sent back."""
        asked = dict(request.query_params)
        wrong = {
            "unknown parameter": bool(asked.keys() - ALLOWED), "client": asked.get("client_id") != CLIENT,
            "redirect_uri": asked.get("redirect_uri") != self.returns_to,
            "type": asked.get("response_type") != "code", "scope": "openid" not in asked.get("scope", "").split(),
            "state": len(asked.get("state", "")) < 32, "nonce": len(asked.get("nonce", "")) < 32,
            "pkce": asked.get("code_challenge_method") != "S256",
        }  # fmt: skip
        if any(wrong.values()):
            return HTMLResponse(f"Y000400: {[name for name, is_so in wrong.items() if is_so]}", 400)
        if request.method == "GET":
            return HTMLResponse(
                "<!doctype html><html lang=fr><title>Fournisseur</title><h1>Fournisseur d’identité</h1>"
                f'<form method=post action="{html.escape(str(request.url))}">'
                "<button name=oui value=1>Je suis Inès</button><button name=non value=1>Annuler</button></form>"
            )
        if "non" in await request.form():
            back = {"error": "access_denied", "error_description": "non", "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(24)
            self.codes[code] = asked
            back = {"code": code, "state": asked["state"]}
        return RedirectResponse(f"{self.returns_to}?{urlencode(self.bent('back', back))}", 303)

    async def token(self, request: Request) -> Response:
        """Trade a code, once, for the tokens of whoever it is about."""
        form = dict(await request.form())
        asked = self.codes.pop(str(form.get("code")), None)
        self.told = _credentials(request.headers.get("authorization", ""), form)
        if (self.told["client"], self.told["secret"]) != (CLIENT, SECRET):
            return JSONResponse({"error": "invalid_client"}, 401)
        shown = _letters(hashlib.sha256(str(form.get("code_verifier")).encode()).digest())
        if asked is None or form.get("redirect_uri") != self.returns_to or asked["code_challenge"] != shown:
            return JSONResponse({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(24)
        half = _letters(hashlib.sha256(access.encode()).digest()[:16])
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": self.agent["sub"], "iat": self.now(), "exp": self.now() + 60,
            "nonce": asked["nonce"], "at_hash": half, "acr": "eidas1", "amr": ["pwd"],
        }  # fmt: skip
        said = {"access_token": access, "token_type": "Bearer", "id_token": self.sign("id_token", claims)}
        return _answer(self.bent("token", said))

    def userinfo(self, request: Request) -> Response:
        claims = dict(self.agent)
        if not self.signed_userinfo:
            return _answer(self.bent("userinfo", claims))
        claims |= {"iss": self.issuer, "aud": CLIENT, "iat": self.now(), "exp": self.now() + 60}
        return Response(self.sign("userinfo", claims), media_type="application/jwt")

    def end(self, request: Request) -> Response:
        """End the session there, and send back where we said."""
        asked = request.query_params
        hint = jwt.decode(asked["id_token_hint"], KeySet([RSA, EC]), algorithms=["RS256", "ES256"])
        if asked["post_logout_redirect_uri"] != self.out_to or len(asked["state"]) < 32:
            return HTMLResponse("Y000400", 400)
        self.ended.append(hint.claims["sub"])
        return RedirectResponse(f"{self.out_to}?{urlencode({'state': asked['state']})}", 303)

    def waits(self, said: Any) -> Any:
        """Say nothing until the test ends."""
        self.released.wait(30)
        return said

    def app(self) -> Starlette:
        """Its pages."""
        return Starlette(
            routes=[
                Route("/api/v2/.well-known/openid-configuration", self.discovery),
                Route("/api/v2/jwks", self.jwks),
                Route("/api/v2/authorize", self.authorize, methods=["GET", "POST"]),
                Route("/api/v2/token", self.token, methods=["POST"]),
                Route("/api/v2/userinfo", self.userinfo),
                Route("/api/v2/session/end", self.end),
            ]
        )


def with_public_key_as_secret(claims: Mapping[str, Any]) -> str:
    """A token anybody can make who takes the public key of the provider for a shared secret."""
    said = _parts({"alg": "HS256", "kid": "rsa-1"}, claims)
    return f"{said}.{_letters(hmac.digest(RSA.as_pem(private=False), said.encode(), 'sha256'))}"


def unsigned(claims: Mapping[str, Any]) -> str:
    """A token nobody signed."""
    return _parts({"alg": "none"}, claims) + "."


def signed_by_a_stranger(claims: Mapping[str, Any]) -> str:
    """A token signed by another key, under the name of one of the provider’s."""
    return jwt.encode({"alg": "RS256", "kid": RSA.kid}, dict(claims), STRANGER)


@contextmanager
def serving(provider: Provider, host: str = "127.0.0.1") -> Iterator[None]:
    """The provider, answering on 127.0.0.1 under the name it then has; for a browser `localhost` is another site."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        provider.issuer = f"http://{host}:{listening.getsockname()[1]}/api/v2"
        config = uvicorn.Config(
            provider.app(), log_level="error", lifespan="off", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield
        finally:
            provider.released.set()
            server.should_exit = True
            thread.join(10)


def _credentials(authorization: str, form: Mapping[str, Any]) -> dict[str, str]:
    if authorization.startswith("Basic "):
        client, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        return {"way": "basic", "client": client, "secret": secret}
    return {"way": "post", "client": str(form.get("client_id")), "secret": str(form.get("client_secret"))}


def _parts(header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    return f"{_letters(json.dumps(header).encode())}.{_letters(json.dumps(dict(claims)).encode())}"


def _letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _answer(said: Any) -> Response:
    return said if isinstance(said, Response) else JSONResponse(said)
