"""Role by route, and of each route's object: one's own, another's, unknown. Another's is like one that does not exist.

Made from the table of routes and what `who_may.py` says by hand; then each check is taken away, and must be missed.
"""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from parvis.models import session as sessions
from parvis.models.queries.agreements import find_agreement
from parvis.models.queries.cases import find_cases
from parvis.models.queries.visibility import SeenSitting
from parvis.models.session import Database
from parvis.models.wire import numbered
from parvis.services import bulk, visitors
from parvis.services.files import find_file
from parvis.services.links import Guest
from parvis.services.settings import Settings
from parvis.services.visibility import HiddenError
from parvis.states.access import Scope
from parvis.states.stages import Role
from parvis.web.rights import EVERYBODY, RIGHTS, SIGNED_IN, Right
from parvis.web.site import Site
from tests.services.desk import Desk
from tests.web.application import application, client
from tests.web.every_route import (
    GUARDED,
    KEPT_TWICE,
    LEAVING,
    OF_A_CITY,
    ROLE_KEPT_TWICE,
    ROUTES,
    SUBJECTS,
    World,
    admitted,
    found_out,
    intruders,
    kept,
    leaks,
    refused,
)  # fmt: skip
from tests.web.two_cities import NOW, ROLES, city, shelf_of
from tests.web.who_may import WHO_MAY


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    desk = Desk(database)
    ours, theirs = (city(letter, desk, shelf_of(tmp_path)) for letter in ("a", "b"))
    ours.things["not_theirs"] = desk.committee("sans-a")
    settings = Settings(data_folder=tmp_path, public_url="")
    app = application(Site(database, settings, lambda: NOW))
    applicant = desk.value(
        "SELECT organisation_id FROM cases WHERE reference = %(r)s", r=ours.things["waiting"]
    )
    with database.transaction() as session:
        entered = visitors.sign_in(session, Guest(organisation_id=applicant), browser="test", at=NOW)
    secrets = {None: "", Role.APPLICANT: entered} | {role: ours.of[role]["secret"] for role in ROLES}
    return World(app, ours, theirs, {role: client(app, secret) for role, secret in secrets.items()})


def test_every_route_has_its_line_and_every_line_its_route():
    assert {route.name for route in ROUTES} == set(RIGHTS)


def test_no_two_routes_share_a_name():
    names = [route.name for route in ROUTES]

    assert sorted(names) == sorted(set(names))


def test_the_table_says_what_was_said_by_hand_of_every_route_that_writes_and_of_what_is_most_private():
    writing = {route.name for route in ROUTES if "POST" in (route.methods or ())}

    assert {name: RIGHTS[name].roles for name in WHO_MAY} == WHO_MAY
    assert {name for name in writing - set(WHO_MAY) if RIGHTS[name] is not EVERYBODY} == set()


def test_nobody_is_answered_where_they_have_no_right_and_anothers_object_is_like_one_that_does_not_exist(
    world,
):
    before = kept(world)

    answered = {
        route.name: told for route in GUARDED if (told := list(intruders(world, route, refused(route))))
    }
    strangers = {route.name: world.ask(None, route, world.own(Role.MANAGER, route))[0] for route in GUARDED}
    wrong = {route.name: told for route in SUBJECTS if (told := list(found_out(world, route)))}

    assert answered == {}
    expected = {route.name: 401 if route.path.startswith("/api/") else 303 for route in GUARDED}
    assert strangers == expected
    assert wrong == {}
    assert kept(world) == before


def test_everybody_is_answered_about_what_is_their_own(world):
    unanswered, broken = [], []
    for route in sorted(GUARDED, key=lambda route: "POST" in (route.methods or ())):
        statuses = [world.ask(role, route, world.own(role, route))[0] for role in admitted(route)]
        if route in SUBJECTS and set(statuses) == {404}:
            unanswered.append(route.name)
        broken += [(route.name, status) for status in statuses if status >= 500 and status != 503]

    assert unanswered == []
    assert broken == []


def test_nothing_of_another_city_is_read_in_ones_own(world):
    routes = [route for route in GUARDED if "GET" in (route.methods or ())]

    assert {route.name: told for route in routes if (told := list(leaks(world, route)))} == {}


def test_a_check_taken_away_is_found_out_on_every_route_it_keeps(world, monkeypatch):
    lists = [route for route in GUARDED if route.name in OF_A_CITY]
    barred = [(route, refused(route)) for route in GUARDED if route.name not in LEAVING]

    with monkeypatch.context() as opened:
        for name in RIGHTS:
            opened.setitem(RIGHTS, name, Right(SIGNED_IN.roles, Scope.READ))
        unnoticed = {
            route.name for route, roles in barred if roles and not any(intruders(world, route, roles))
        }
    _let_all_through(monkeypatch)
    with _nobody_asks_whose(world, monkeypatch):
        unread = [route.name for route in lists if next(leaks(world, route), None) is None]
        once = [route for route in SUBJECTS if route.name not in KEPT_TWICE]
        unseen = [route.name for route in once if next(found_out(world, route), None) is None]

    assert {
        name for name in unnoticed if RIGHTS[name].roles != frozenset({Role.APPLICANT})
    } == ROLE_KEPT_TWICE
    assert unread == []
    assert unseen == []


def _let_all_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every guard of `services/visibility.py` finds what there is, whoever asks."""

    def case(session, _visitor, reference, **_):
        return _there(find_cases(session, [reference]).get(reference, ()))

    def agreement(session, _visitor, reference):
        return _there([each for each in [find_agreement(session, reference)] if each])

    def file(session, _subject, file_id):
        return _there([line for line in [find_file(session, file_id)] if line])

    def paper(session, _visitor, _agreement_id, file_id):
        return file(session, None, file_id)

    def sitting(session, _visitor, sitting_id):
        rows = session.exec_driver_sql("SELECT id, contract_id FROM committees WHERE id = %s", (sitting_id,))
        return _there([SeenSitting(row[0], row[1], 1, member=True) for row in rows])

    guards: dict[str, Callable[..., Any]] = {
        "see_case": case, "see_own_case": case, "see_agreement": agreement,
        "see_letter": lambda *_: None, "see_task": lambda *_: None,
        "see_file": file, "see_agreement_file": paper, "see_sitting_file": file, "see_sitting": sitting,
    }  # fmt: skip

    monkeypatch.setattr("parvis.web.pages.bulk._own", _any_run)
    for name, module in list(sys.modules.items()):
        if name.startswith("parvis.web"):
            for guard, permissive in guards.items():
                if hasattr(module, guard):
                    monkeypatch.setattr(module, guard, permissive)


def _any_run(session, _here, run_id):
    rows = session.exec_driver_sql("SELECT FROM bulk_runs WHERE id = %s", (run_id,))
    return bulk.read_run(session, _there([run_id for _ in rows]))


@contextmanager
def _nobody_asks_whose(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No statement asks any more whose a thing is, a person's or a contract's, whichever way it is sent."""

    def open_to_all(_connection, _cursor, statement, parameters, _context, _many):
        return OWNERS.sub("true", statement), parameters

    engine = world.app.state.site.database._open()
    monkeypatch.setattr(
        sessions, "numbered", lambda statement, values: numbered(OWNERS.sub("true", statement), values)
    )
    event.listen(engine, "before_cursor_execute", open_to_all, retval=True)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", open_to_all)


OWNERS = re.compile(
    r"(\b(\w+\.)?(person|organisation)_id = %\((person|organisation)\)s"
    r"|(\b(\w+\.)?contract_id|COALESCE\([^()]*contract_id\)) = %\((contract|id)\)s)(::bigint)?"
)
"""What says in a statement whose a thing is."""


def _there(found: Sequence[Any]) -> Any:
    if not found:
        raise HiddenError
    return found[0]
