"""Ways in: links that open once or until they expire, passwords, sessions that end, attempts that are counted."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from parvis.models.queries.letters import lock_due
from parvis.models.queries.letters import unwritten as queries_unwritten
from parvis.models.session import Session
from parvis.services import links, visitors
from parvis.services.links import Gone, Guest, LinkGoneError
from parvis.services.visitors import TooManyAttemptsError, WeakPasswordError
from parvis.states.access import SESSION_IDLES, SESSION_LASTS, SIGN_IN_LASTS, Purpose
from tests.services.desk import Desk, moment

NOW = moment("2026-06-01")
SECOND = timedelta(seconds=1)
PASSWORD = "un pont sur la Somme"


@pytest.fixture
def ines(desk: Desk) -> Guest:
    return Guest(desk.value("SELECT id FROM people WHERE email = 'ines@ville.example'"))


def offered(desk: Desk, guest: Guest, purpose: Purpose = Purpose.SIGN_IN) -> str:
    """The secret of a new link that lasts half an hour."""
    with desk.database.transaction() as session:
        path = links.offer(session, guest, purpose, expires_at=NOW + SIGN_IN_LASTS, at=NOW)
    assert path.startswith(links.PATH)
    return path.removeprefix(links.PATH)


def why(desk: Desk, opens: Callable[[Session], object]) -> Gone:
    with desk.database.transaction() as session, pytest.raises(LinkGoneError) as gone:
        opens(session)
    return gone.value.why


def test_a_link_opens_until_the_second_it_expires(desk, ines):
    secret = offered(desk, ines, Purpose.DECLARE)

    with desk.database.transaction() as session:
        assert links.look(session, secret, at=NOW + SIGN_IN_LASTS - SECOND).person_id == ines.person_id
    assert why(desk, lambda session: links.look(session, secret, at=NOW + SIGN_IN_LASTS)) == Gone.EXPIRED


def test_a_link_to_sign_in_opens_once_and_looking_at_it_does_not_count(desk, ines):
    secret = offered(desk, ines)

    with desk.database.transaction() as session:
        links.look(session, secret, at=NOW)
        links.consume(session, secret, at=NOW)

    assert why(desk, lambda session: links.consume(session, secret, at=NOW)) == Gone.USED
    assert why(desk, lambda session: links.look(session, secret, at=NOW)) == Gone.USED


def test_a_link_to_declare_opens_again_and_again(desk, ines):
    secret = offered(desk, ines, Purpose.DECLARE)

    for _ in range(2):
        with desk.database.transaction() as session:
            assert links.consume(session, secret, at=NOW).purpose == Purpose.DECLARE


@pytest.mark.parametrize("secret", ["", "x", "é" * 43, "\ud800", "a" * 10_000])
def test_a_secret_nobody_made_opens_nothing(desk, secret):
    assert why(desk, lambda session: links.consume(session, secret, at=NOW)) == Gone.UNKNOWN


def test_the_database_does_not_hold_the_secret_of_a_link(desk, ines):
    secret = offered(desk, ines)

    assert (
        desk.value(
            "SELECT count(*) FROM access_links WHERE encode(token_hash, 'escape') LIKE %(s)s", s=f"%{secret}%"
        )
        == 0
    )
    assert desk.value("SELECT octet_length(token_hash) FROM access_links") == 32


def test_asking_for_a_link_owes_one_letter_and_an_unknown_address_owes_none(desk, ines):
    with desk.database.transaction() as session:
        assert visitors.ask_for_link(session, " INES@ville.example ", at=NOW)
        assert not visitors.ask_for_link(session, "personne@ville.example", at=NOW)

    assert desk.rows("SELECT recipient, template FROM letters") == [(f"person:{ines.person_id}", "sign_in")]


def test_a_letter_that_signs_in_does_not_wait_for_the_digest(desk, ines):
    desk.run("UPDATE people SET delivery = 'digest'")
    with desk.database.transaction() as session:
        visitors.ask_for_link(session, "ines@ville.example", at=NOW)

    with desk.database.transaction() as session:
        unwritten, _ = lock_due(session, at=NOW, limit=10)
        due = queries_unwritten(session, unwritten)

    assert [letter.digest for letter in due] == [False]


def test_a_password_lets_in_its_owner_and_nobody_else(desk, ines):
    with desk.database.transaction() as session:
        visitors.set_password(session, ines.person_id, PASSWORD, at=NOW)

        assert visitors.check_password(session, "Ines@ville.example", PASSWORD) == ines
        assert visitors.check_password(session, "ines@ville.example", PASSWORD + " ") is None
        assert visitors.check_password(session, "max@ville.example", PASSWORD) is None
        assert visitors.check_password(session, "personne@ville.example", PASSWORD) is None


@pytest.mark.parametrize("password", ["", "a" * 11, "a" * 201])
def test_a_password_too_short_or_too_long_is_refused_with_its_reason(desk, ines, password):
    with desk.database.transaction() as session, pytest.raises(WeakPasswordError, match=r"short|long"):
        visitors.set_password(session, ines.person_id, password, at=NOW)


def test_a_new_password_ends_the_sessions_there_were(desk, ines):
    with desk.database.transaction() as session:
        secret = visitors.sign_in(session, ines, browser="", at=NOW)
        visitors.set_password(session, ines.person_id, PASSWORD, at=NOW)

        assert visitors.who(session, secret, at=NOW) is None


def test_a_visitor_is_known_by_name_role_and_contract(desk, ines):
    with desk.database.transaction() as session:
        secret = visitors.sign_in(session, ines, browser="Firefox", at=NOW)
        visitor = visitors.who(session, secret, at=NOW)

    assert visitor is not None
    assert (visitor.name, visitor.role, visitor.contract_id) == ("Inès Roy", "instructor", desk.contract_id)
    assert visitor.actor == f"person:{ines.person_id}"


def test_an_organisation_that_asks_comes_in_as_applicant(desk):
    desk.submitted_case()
    guest = Guest(organisation_id=desk.value("SELECT id FROM organisations"))

    with desk.database.transaction() as session:
        visitor = visitors.who(session, visitors.sign_in(session, guest, browser="", at=NOW), at=NOW)

    assert visitor is not None
    assert (visitor.role, visitor.name, visitor.person_id) == ("applicant", "Association Exemple", None)


def test_a_session_ends_when_idle_when_expired_when_signed_out_and_when_its_person_leaves(desk, ines):
    def signed_in() -> str:
        with desk.database.transaction() as session:
            return visitors.sign_in(session, ines, browser="", at=NOW)

    def seen(secret: str, at) -> bool:
        with desk.database.transaction() as session:
            return visitors.who(session, secret, at=at) is not None

    idle = signed_in()
    assert seen(idle, NOW + SESSION_IDLES - SECOND)
    assert seen(idle, NOW + 2 * SESSION_IDLES - 2 * SECOND)
    assert not seen(idle, NOW + 3 * SESSION_IDLES)

    busy = signed_in()
    at = NOW
    while at + SESSION_IDLES - SECOND < NOW + SESSION_LASTS:
        at += SESSION_IDLES - SECOND
        assert seen(busy, at)
    assert not seen(busy, NOW + SESSION_LASTS)

    out = signed_in()
    with desk.database.transaction() as session:
        visitor = visitors.who(session, out, at=NOW)
        assert visitor is not None
        visitors.sign_out(session, visitor, at=NOW)
    assert not seen(out, NOW)

    gone = signed_in()
    desk.run("UPDATE people SET active = false WHERE id = %(id)s", id=ines.person_id)
    assert not seen(gone, NOW)


def test_attempts_are_counted_by_what_is_tried_and_forgotten_after_a_quarter_of_an_hour(desk):
    def attempt(what: str, at) -> None:
        with desk.database.transaction() as session:
            visitors.limit(session, what, most=2, at=at)

    attempt("a", NOW)
    attempt("a", NOW)
    attempt("b", NOW)
    with pytest.raises(TooManyAttemptsError) as refused:
        attempt("a", NOW + timedelta(minutes=15) - SECOND)
    attempt("a", NOW + timedelta(minutes=15))

    assert refused.value.minutes == 15
