"""Who Parvis is for its identity provider: what the settings say of it."""

from dataclasses import dataclass, field

from parvis.services.settings import Settings

RETURN_PATH = "/connexion/oidc/retour"
"""Where the provider sends people back to once they are signed in there."""
OUT_PATH = "/deconnexion/retour"
"""Where it sends them back to once they are signed out there."""


@dataclass(frozen=True, slots=True)
class Client:
    """Parvis as a client of one provider. `trust_email`: an address it does not say verified is good all the same."""

    issuer: str
    id: str
    secret: str = field(repr=False)
    name: str
    scopes: str
    acr_values: tuple[str, ...]
    idp_hint: str
    trust_email: bool
    public_url: str

    @property
    def returns_to(self) -> str:
        """The address registered with the provider to come back to (`redirect_uri`)."""
        return self.public_url + RETURN_PATH

    @property
    def out_to(self) -> str:
        """The address registered with the provider to come back to once out (`post_logout_redirect_uri`)."""
        return self.public_url + OUT_PATH


def client_of(settings: Settings) -> Client | None:
    """The client these settings describe; None where nobody signs in by OpenID Connect."""
    if not settings.oidc_issuer or settings.oidc_client_secret is None:
        return None
    return Client(
        issuer=settings.oidc_issuer, id=settings.oidc_client_id,
        secret=settings.oidc_client_secret.get_secret_value(), name=settings.oidc_name,
        scopes=settings.oidc_scopes, acr_values=tuple(settings.oidc_acr_values.split()),
        idp_hint=settings.oidc_idp_hint, trust_email=settings.oidc_trust_email, public_url=settings.public_url,
    )  # fmt: skip
