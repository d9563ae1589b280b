"""Coming in and one's own things: links, spaces, sessions, passwords, tokens, identities; views, notes, news."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from parvis.models.queries import access, account, identities
from parvis.models.session import Database, Session
from parvis.services import applicants, links, notes, queue, tokens, views, visitors
from parvis.services.applicants import NewSpace
from parvis.services.links import Guest, LinkGoneError
from parvis.services.notes import Written
from parvis.services.oidc import dance
from parvis.services.oidc.client import Client
from parvis.services.oidc.failing import SignInFailedError
from parvis.services.oidc.provider import Discovery, Provider
from parvis.services.oidc.recognising import recognise
from parvis.services.oidc.tokens import Known
from parvis.services.visitors import OpenedBy
from parvis.states.access import SIGN_IN_LASTS, Purpose
from tests.faults.moves.act import Act, in_one
from tests.services.desk import Desk, moment

AT, INES = moment("2026-06-02"), Guest(person_id=1)
SPACE = NewSpace("35600000000048", "Les Voisins", "bonjour@voisins.example", "fr")
HOUSE = "https://agents.example"
CLIENT = Client(HOUSE, "parvis", "secret", "Agents", "openid email", (), "", trust_email=False, public_url="")
KNOWN = Known("s-1", "ines@ville.example", email_verified=True)


def nothing(_: Desk) -> tuple[()]:
    """Nobody did anything yet."""
    return ()


def deposited(desk: Desk) -> tuple[()]:
    """A case, and so an organisation."""
    desk.submitted_case()
    return ()


def _made(what: Callable[[Session], str], desk: Desk) -> tuple[str]:
    with desk.database.transaction() as session:
        return (what(session),)


def offered(desk: Desk) -> tuple[str]:
    """A link that signs in; its secret."""
    until = AT + SIGN_IN_LASTS
    (path,) = _made(
        lambda session: links.offer(session, INES, Purpose.SIGN_IN, expires_at=until, at=AT), desk
    )
    return (path.rpartition("/")[2],)


def asked_for_space(desk: Desk) -> tuple[str]:
    """A space asked for; its secret."""
    in_one(desk.database, lambda session: applicants.ask_for_space(session, SPACE, at=AT))
    path = str(desk.value("SELECT data ->> 'path' FROM letters WHERE template = 'applicant_link'"))
    return (path.rpartition("/")[2],)


def signed_in(desk: Desk) -> tuple[str]:
    """Inès is in, with a password, a token, a list kept and a note begun."""
    with desk.database.transaction() as session:
        visitors.set_password(session, 1, "une longue phrase", at=AT)
        tokens.make(session, 1, name="Tableur", scopes=("read",), lasts=timedelta(days=30), at=AT)
        views.keep_view(session, 1, "Les miens", "q=1", shared=False, at=AT)
    deposited(desk)
    write_note(desk.database)
    return _made(lambda session: visitors.sign_in(session, INES, browser="Firefox", at=AT), desk)


def linked(desk: Desk) -> tuple[()]:
    """Inès came in by the provider of the house."""
    in_one(desk.database, lambda session: recognise(session, CLIENT, KNOWN, at=AT))
    return ()


def left_for_provider(desk: Desk) -> tuple[str]:
    """Somebody is away at the provider; the state they come back with."""
    (address,) = _made(leave_for_provider, desk)
    return (address.partition("state=")[2].partition("&")[0],)


def leave_for_provider(session: Session) -> str:
    discovery = Discovery(issuer=HOUSE, authorization_endpoint=f"{HOUSE}/a", token_endpoint=f"{HOUSE}/t",
                          jwks_uri=f"{HOUSE}/k")  # fmt: skip
    return dance.leave(session, Provider(CLIENT), discovery, browser="b", follow="/", at=AT)


def leave(database: Database) -> None:
    in_one(database, leave_for_provider)


def take(database: Database, state: str) -> None:
    in_one(database, lambda session: dance.take(session, state, browser="b", at=AT))


def be_recognised(database: Database) -> None:
    in_one(database, lambda session: recognise(session, CLIENT, KNOWN, at=AT))


def unlink(database: Database) -> None:
    in_one(database, lambda session: identities.unlink(session, 1, 1, at=AT))


def ask_link(database: Database) -> None:
    in_one(database, lambda session: visitors.ask_for_link(session, "ines@ville.example", at=AT))


def ask_link_of_applicant(database: Database) -> None:
    in_one(database, lambda session: applicants.ask_for_link(session, "contact@asso.example", at=AT))


def ask_space(database: Database) -> None:
    in_one(database, lambda session: applicants.ask_for_space(session, SPACE, at=AT))


def open_space(database: Database, secret: str) -> None:
    in_one(database, lambda session: applicants.open_space(session, secret, at=AT))


def forget_expired(database: Database, _: str) -> None:
    in_one(database, lambda session: applicants.forget_expired(session, at=AT + timedelta(days=9)))


def enter(database: Database, secret: str) -> None:
    """What the page of a link does: it is used, and a session begins."""
    with database.transaction() as session:
        used = links.consume(session, secret, at=AT)
        visitors.sign_in(session, Guest(used.person_id, used.organisation_id), browser="Firefox", at=AT)


def stay(database: Database, secret: str) -> None:
    """An hour later, the page says that one is still there."""
    in_one(database, lambda session: visitors.who(session, secret, at=AT + timedelta(hours=1)))


def sign_out(database: Database, secret: str) -> None:
    with database.transaction() as session:
        visitor = visitors.who(session, secret, at=AT)
        if visitor is not None:
            visitors.sign_out(session, visitor, at=AT)


def set_password(database: Database, _: str) -> None:
    in_one(database, lambda session: visitors.set_password(session, 1, "une autre phrase", at=AT))


def remove_password(database: Database, _: str) -> None:
    in_one(database, lambda session: visitors.remove_password(session, 1, at=AT))


def make_token(database: Database) -> None:
    day = timedelta(days=1)
    in_one(database, lambda session: tokens.make(session, 1, name="T", scopes=("read",), lasts=day, at=AT))


def revoke_token(database: Database, _: str) -> None:
    in_one(database, lambda session: tokens.revoke(session, 1, 1, at=AT))


def calendar(database: Database) -> None:
    in_one(database, lambda session: tokens.calendar_address(session, 1, at=AT))


def end_sessions(database: Database, _: str) -> None:
    in_one(database, lambda session: access.end_all_sessions(session, 1, at=AT))


def end_session(database: Database, _: str) -> None:
    in_one(database, lambda session: account.end_session_of(session, 1, 1, at=AT))


def forget_tokens(database: Database) -> None:
    in_one(database, lambda session: identities.forget_tokens(session, at=AT + timedelta(days=400)))


def with_token(desk: Desk) -> tuple[str]:
    """A program has a token; its secret."""
    day = timedelta(days=1)
    return _made(lambda session: tokens.make(
        session, 1, name="T", scopes=("read",), lasts=day, at=AT).secret, desk)  # fmt: skip


def with_calendar(desk: Desk) -> tuple[str]:
    """A calendar has an address; its secret."""
    return _made(lambda session: tokens.calendar_address(session, 1, at=AT), desk)


def with_old_session(desk: Desk) -> tuple[()]:
    """A session that a provider opened, and its token that signs out there."""
    linked(desk)
    opened_by = OpenedBy(1, "jeton")
    in_one(desk.database, lambda session: visitors.sign_in(
        session, INES, browser="Firefox", at=AT, opened_by=opened_by))  # fmt: skip
    return ()


def bear(database: Database, secret: str) -> None:
    in_one(database, lambda session: tokens.bearer(session, secret, at=AT))


def read_calendar(database: Database, secret: str) -> None:
    in_one(database, lambda session: tokens.calendar_owner(session, secret, at=AT))


def try_once(database: Database) -> None:
    in_one(database, lambda session: visitors.limit(session, "address:x", most=3, at=AT))


def prefer(database: Database) -> None:
    in_one(database, lambda session: account.set_preferences(session, 1, language="en", delivery="digest"))


def keep_view(database: Database) -> None:
    in_one(database, lambda session: views.keep_view(session, 1, "Liste", "q=2", shared=True, at=AT))


def drop_view(database: Database, _: str) -> None:
    in_one(database, lambda session: views.drop_view(session, 1, 1))


def see(database: Database) -> None:
    in_one(database, lambda session: queue.mark_seen(session, 1, [1], at=AT))


def make_news(database: Database) -> None:
    in_one(database, lambda session: queue.mark_unseen(session, 1, [1]))


def write_note(database: Database, writer: str = "w", body: str = "Appeler.") -> None:
    said = Written("k", writer, 0, body, rank=1)
    in_one(database, lambda session: notes.save_note(session, 1, said, by=1, at=AT))


def write_over(database: Database, _: str) -> None:
    """Over another's words: one's own are kept aside."""
    write_note(database, "x", "Tout autre chose.")


def aside(desk: Desk) -> tuple[str]:
    """A note with other words kept aside of it."""
    told = signed_in(desk)
    write_over(desk.database, *told)
    return told


def leave_note(database: Database, _: str) -> None:
    in_one(database, lambda session: notes.leave_note(session, 1, "k", "x", at=AT))


THERE = (LinkGoneError, SignInFailedError)
ANEW: dict[str, frozenset[str]] = {
    "ask-link": frozenset({"letters", "access_links"}), "ask-applicant-link": frozenset({"letters", "access_links"}),
    "ask-space": frozenset({"letters", "sign_ups"}), "make-token": frozenset({"api_tokens"}),
    "try-once": frozenset({"attempts"}), "calendar": frozenset({"api_tokens"}),
    "leave-for-provider": frozenset({"oidc_attempts"}),
}  # fmt: skip
"""Who asks again is written to again, or begins again."""
_IN: list[tuple[str, Callable[[Desk], tuple[Any, ...]], Callable[..., None]]] = [
    ("ask-link", nothing, ask_link), ("ask-applicant-link", deposited, ask_link_of_applicant),
    ("ask-space", nothing, ask_space), ("open-space", asked_for_space, open_space),
    ("forget-expired", asked_for_space, forget_expired), ("enter", offered, enter), ("stay", signed_in, stay),
    ("sign-out", signed_in, sign_out), ("set-password", signed_in, set_password),
    ("remove-password", signed_in, remove_password), ("leave-for-provider", nothing, leave),
    ("take-attempt", left_for_provider, take), ("recognise", nothing, be_recognised), ("unlink", linked, unlink),
    ("end-sessions", signed_in, end_sessions), ("make-token", nothing, make_token),
    ("end-session", signed_in, end_session), ("forget-tokens", with_old_session, forget_tokens),
    ("bear", with_token, bear), ("read-calendar", with_calendar, read_calendar), ("try-once", nothing, try_once),
    ("revoke-token", signed_in, revoke_token), ("calendar", nothing, calendar),
]  # fmt: skip
_OWN: list[tuple[str, Callable[[Desk], tuple[Any, ...]], Callable[..., None]]] = [
    ("prefer", nothing, prefer), ("keep-view", nothing, keep_view), ("drop-view", signed_in, drop_view),
    ("see", deposited, see), ("make-news", deposited, make_news), ("note", deposited, partial(write_note)),
    ("note-over", signed_in, write_over), ("leave-note", aside, leave_note),
]  # fmt: skip
ACTS = [
    *(
        Act("access", name, given, does, there=THERE, twice=ANEW.get(name, frozenset()))
        for name, given, does in _IN
    ),
    *(Act("access", name, given, does) for name, given, does in _OWN),
]
