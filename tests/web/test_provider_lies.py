"""Whatever an identity provider answers that is not what it should be, nobody is let in and a page says so."""

import pytest
from starlette.responses import PlainTextResponse, Response

from parvis.services.oidc.provider import Provider as Believed
from tests import provider as fake
from tests.provider import CLIENT
from tests.web.agents import (
    NONSENSE,
    NOT_TRUSTED,
    OTHERWISE,
    SILENT,
    claims,
    nobody_is_in,
    settings_for,
    without,
)


@pytest.fixture
def settings(tmp_path, provider):
    """An installation with a provider."""
    return settings_for(provider, tmp_path)


LIES = {
    "wrong nonce": ("id_token", claims(nonce="n" * 43), NOT_TRUSTED),
    "no nonce": ("id_token", without("nonce"), NOT_TRUSTED),
    "for another service": ("id_token", claims(aud="un-autre"), NOT_TRUSTED),
    "for several, not presented by us": ("id_token", claims(aud=[CLIENT, "b"], azp="b"), NOT_TRUSTED),
    "for several, presented by nobody": ("id_token", claims(aud=[CLIENT, "b"]), NOT_TRUSTED),
    "from another issuer": ("id_token", claims(iss="https://ailleurs.example"), NOT_TRUSTED),
    "expired": ("id_token", lambda said: {**said, "exp": said["exp"] - 91}, NOT_TRUSTED),
    "without an end": ("id_token", without("exp"), NOT_TRUSTED),
    "from the future": ("id_token", lambda said: {**said, "iat": said["iat"] + 31}, NOT_TRUSTED),
    "of another access token": ("id_token", claims(at_hash="x" * 22), NOT_TRUSTED),
    "about nobody": ("id_token", claims(sub=""), NOT_TRUSTED),
    "about a number": ("id_token", claims(sub=12), NOT_TRUSTED),
    "unsigned": ("id_token", fake.unsigned, NOT_TRUSTED),
    "signed with the public key": ("id_token", fake.with_public_key_as_secret, NOT_TRUSTED),
    "signed by a stranger": ("id_token", fake.signed_by_a_stranger, NOT_TRUSTED),
    "no token at all": ("id_token", lambda said: "a.b.c", NOT_TRUSTED),
    "a token of lists": ("id_token", lambda said: "W10.W10.W10", NOT_TRUSTED),
    "no id_token": ("token", without("id_token"), NOT_TRUSTED),
    "userinfo about another": ("userinfo", claims(sub="un-autre"), NOT_TRUSTED),
    "userinfo for another service": ("userinfo", claims(aud="un-autre"), NOT_TRUSTED),
    "userinfo signed by a stranger": ("userinfo", fake.signed_by_a_stranger, NOT_TRUSTED),
    "userinfo signed with the public key": ("userinfo", fake.with_public_key_as_secret, NOT_TRUSTED),
    "userinfo unsigned": ("userinfo", fake.unsigned, NOT_TRUSTED),
    "an address of one word, verified by another": (
        "userinfo",
        lambda said: {**without("email_verified")(said), "email": "max@ville.example"},
        "ne garantit pas",
    ),
    "answered by another provider": ("back", claims(iss="https://ailleurs.example"), NOT_TRUSTED),
    "no code": ("back", without("code"), NONSENSE),
    "a code of somebody else": ("back", claims(code="inconnu"), NONSENSE),
    "an error page for tokens": ("token", lambda said: PlainTextResponse("<h1>oups"), NONSENSE),
    "tokens as a list": ("token", lambda said: [said], NONSENSE),
    "endless tokens": ("token", claims(more="x" * 300_000), NONSENSE),
    "a broken provider": ("token", lambda said: Response(status_code=503), SILENT),
    "keys that are none": ("jwks", lambda said: {"keys": [{"kty": "RSA", "n": "!"}]}, NONSENSE),
    "no keys": ("jwks", lambda said: {"keys": []}, NONSENSE),
    "refused there": ("back", lambda said: {"error": "login_required", "state": said["state"]}, "a refusé"),
}


def test_an_answer_that_is_not_what_it_should_be_lets_nobody_in(agent):
    let_in = []
    said_verified = claims(email="ines@ville.example", email_verified=True)
    for lie, (name, bend, told) in LIES.items():
        agent.browser.app.state.provider = Believed(agent.browser.app.state.provider.client)
        agent.provider.bends = {"id_token": said_verified, name: bend}

        refused = agent.signs_in()

        page = refused.text
        if refused.status_code not in {403, 502} or told not in page or OTHERWISE not in page:
            let_in.append((lie, refused.status_code, page[-900:]))
    assert let_in == []
    assert nobody_is_in(agent.browser)
    assert agent.browser.desk.value("SELECT count(*) FROM identities") == 0
