"""Tokens: what lets a program act for a person, within their role, until it expires or they end it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from parvis.models.queries import tokens as queries
from parvis.models.queries.access import Visitor
from parvis.models.queries.tokens import TokenLine
from parvis.models.session import Session
from parvis.services.secrets import kept, new_secret
from parvis.states.access import LONGEST_TOKEN, OF_PROGRAMS, Scope
from parvis.states.words import Sentence

__all__ = [
    "MOST_REQUESTS", "PREFIX", "MadeToken", "TokenLine", "TokenRefusedError", "bearer", "calendar_address",
    "calendar_owner", "list_tokens", "make", "revoke",
]  # fmt: skip

PREFIX = "parvis_"
"""Tokens begin so, for those who look for lost secrets in files."""
MOST_REQUESTS = 3_000
"""How often the programs of one person may ask in a quarter of an hour, whatever answers them."""
LONGEST_NAME = 80
MOST_TOKENS = 50
_LONGEST_SECRET = 200

NO_NAME = Sentence(
    "Donner un nom au jeton ({count} signes au plus) : il dira plus tard à quoi il sert.",
    "Give the token a name (at most {count} signs): it will later say what it is for.",
)
NO_SCOPE = Sentence("Choisir ce que le jeton permet : {names}.", "Choose what the token allows: {names}.")
NO_TIME = Sentence(
    "Un jeton vaut au moins un jour, et un an au plus.", "A token lasts at least a day, and at most a year."
)
TOO_MANY = Sentence(
    "Il y a déjà {count} jetons en cours : en révoquer d’abord.",
    "There are {count} tokens already: revoke some first.",
)


class TokenRefusedError(Exception):
    """A token that cannot be made: `field` is `name`, `scopes` or `days`; `sentence` says what is wrong."""

    def __init__(self, field: str, sentence: Sentence) -> None:
        super().__init__(f"{field}: {sentence.en}")
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A token just made. `secret` is shown now, and never again."""

    line: TokenLine
    secret: str


def make(
    session: Session, person_id: int, *, name: str, scopes: Collection[str], lasts: timedelta, at: datetime
) -> MadeToken:
    """Make a token for a person.

    Raises:
        TokenRefusedError: no name, an unknown scope or none, it lasts too long, or there are too many.
    """
    said = " ".join("".join(char if char.isprintable() else " " for char in name).split())
    if not 0 < len(said) <= LONGEST_NAME:
        raise TokenRefusedError("name", NO_NAME.fill(count=LONGEST_NAME))
    if not scopes or not set(scopes) <= set(OF_PROGRAMS):
        raise TokenRefusedError("scopes", NO_SCOPE.fill(names=list(OF_PROGRAMS)))
    if not timedelta(days=1) <= lasts <= LONGEST_TOKEN:
        raise TokenRefusedError("days", NO_TIME)
    alive = [line for line in queries.list_tokens(session, person_id) if is_alive(line, at)]
    if len(alive) >= MOST_TOKENS:
        raise TokenRefusedError("name", TOO_MANY.fill(count=len(alive)))
    secret = PREFIX + new_secret()
    in_order = " ".join(scope for scope in OF_PROGRAMS if scope in scopes)
    line = queries.add_token(
        session, kept(secret), person_id=person_id, name=said, scopes=in_order, at=at, expires_at=at + lasts
    )
    return MadeToken(line, secret)


def is_alive(line: TokenLine, at: datetime) -> bool:
    """Whether a token still opens something."""
    return line.revoked_at is None and (line.expires_at is None or at < line.expires_at)


def bearer(session: Session, secret: str, *, at: datetime) -> Visitor | None:
    """Who a program speaks for with this token; None when it opens nothing, or only a calendar."""
    found = _owner(session, secret, at)
    return None if found is None or _is_calendar(found) else found


def list_tokens(session: Session, person_id: int) -> list[TokenLine]:
    """The tokens of a person, those that ended as well, the latest first."""
    return queries.list_tokens(session, person_id)


def revoke(session: Session, person_id: int, token_id: int, *, at: datetime) -> bool:
    """End a token of a person; False when they have none of this number."""
    return token_id < 2**63 and queries.revoke_token(session, person_id, token_id, at=at)


def calendar_address(session: Session, person_id: int, *, at: datetime) -> str:
    """A new secret for the address of a person's calendar; the one before answers no more."""
    queries.revoke_calendars(session, person_id, at=at)
    secret = new_secret()
    queries.add_token(
        session,
        kept(secret),
        person_id=person_id,
        name=Scope.CALENDAR,
        scopes=Scope.CALENDAR,
        at=at,
        expires_at=None,
    )
    return secret


def calendar_owner(session: Session, secret: str, *, at: datetime) -> Visitor | None:
    """Whose calendar this secret opens."""
    found = _owner(session, secret, at)
    return found if found is not None and _is_calendar(found) else None


def _is_calendar(owner: Visitor) -> bool:
    return owner.scopes == frozenset[str]({Scope.CALENDAR})


def _owner(session: Session, secret: str, at: datetime) -> Visitor | None:
    return queries.find_bearer(session, kept(secret), at=at) if len(secret) <= _LONGEST_SECRET else None
