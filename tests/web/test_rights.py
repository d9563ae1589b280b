"""Role by route, and of each route's object: one's own, another's, unknown. Another's is like one that does not exist.

Made from the table of routes: a new route is in, and says of each name in its address what stands for it below.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from httpx2 import Response

from parvis.models.queries.agreements import find_agreement
from parvis.models.queries.cases import find_cases
from parvis.models.queries.visibility import SeenSitting
from parvis.models.session import Database
from parvis.services import visitors
from parvis.services.files import find_file
from parvis.services.links import Guest
from parvis.services.settings import Settings
from parvis.services.visibility import HiddenError
from parvis.states.stages import Role
from parvis.web.app import ROUTERS, make_app
from parvis.web.rights import EVERYBODY, RIGHTS
from parvis.web.site import Site
from tests.services.desk import Desk
from tests.services.files.samples import pdf
from tests.web.browser import ADDRESS
from tests.web.two_cities import NOW, OTHER, OWN_WORDS, ROLES, City, city, shelf_of

ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
GUARDED = [route for route in ROUTES if RIGHTS.get(route.name) is not EVERYBODY]
NO_OBJECT = {
    "action": "assess",
    "change": "clore",
    "kind": "csv",
    "step": "action",
    "name": "send-letters",
    "year": "2026",
}
"""Names in addresses that stand for a word of ours and for no object, with such a word."""
UNKNOWN = {"reference": "ANNUEL-A-99999", "code": "l999999999"}
"""What nothing has; any other name stands for a number."""
A_NUMBER = "999999999"
DRAFTS = frozenset({"draft_step", "save_draft", "attach_to_draft", "remove_from_draft", "submit_draft"})
KEPT_TWICE = frozenset({"my_file", "my_part"})
"""Routes that a second guard keeps when the first is gone."""
OF_PERSONS = ("view_id", "run_id", "token_id", "session_id", "identity_id")
BODIES: dict[str, dict[str, Any]] = {
    "api_move": {"json": {"action": "assign", "instructor_id": 1}, "headers": {"if-match": "*"}},
    "api_give_opinion": {"json": {"opinion": "favourable"}, "headers": {"if-match": "*"}},
    "api_attach_file": {"files": {"file": ("a.pdf", pdf(), "application/pdf")}, "headers": {"if-match": "*"}},
    "attach_to_agreement": {"files": {"fichier": ("a.pdf", pdf(), "application/pdf")}},
    "attach_file": {"files": {"fichier": ("a.pdf", pdf(), "application/pdf")}},
}
"""What a route wants before it looks at its object."""

Params = dict[str, Any]


@dataclass
class World:
    """Two cities, and everybody of the first one in front of the application."""

    app: FastAPI
    ours: City
    theirs: City
    clients: dict[str | None, TestClient]

    def ask(self, role: str | None, route: APIRoute, params: Params) -> tuple[int, str]:
        """What this role is answered: status, and the body without the address asked for."""
        path = route.path.format_map({name: params.get(name, word) for name, word in _words(route).items()})
        method = next(iter((route.methods or set()) - {"HEAD"}))
        sent = dict(BODIES.get(route.name, {}))
        headers = {"origin": ADDRESS, **sent.pop("headers", {})}
        if route.path.startswith("/api/") and role in self.ours.of:
            headers["authorization"] = f"Bearer {self.ours.of[role]['token']}"
        answer: Response = self.clients[role].request(method, path, headers=headers, **sent)
        return answer.status_code, answer.text.replace(path, "…")

    def own(self, role: str, route: APIRoute) -> Params:
        """Objects of every kind that are this role's own."""
        things, kept = self.ours.things, self.ours.of.get(role, {})
        return {**things, **kept, **_as_named(route, things)}

    def others(self, role: str, route: APIRoute) -> Iterator[Params]:
        """The same with another's object in place of one's own: of another city, another person, another case."""
        own, names = self.own(role, route), set(route.param_convertors) - set(NO_OBJECT)
        theirs = {**self.theirs.things, **self.theirs.of[OTHER], **_as_named(route, self.theirs.things)}
        yield from ({**own, name: theirs[name]} for name in names)
        if len(names) > 1:
            yield {**own, **{name: theirs[name] for name in names}}
        things = self.ours.things
        hidden = {
            Role.FUNDER: things["unfunded"], Role.MEMBER: things["waiting"],
            Role.APPLICANT: things["other_draft"] if route.name in DRAFTS else things["elsewhere"],
        }  # fmt: skip
        if "reference" in names and role in hidden:
            yield {**own, "reference": hidden[Role(role)]}
        if {"reference", "file_id"} <= names:
            yield {**own, "file_id": things["other_file"]}
        if "sitting_id" in names and role == Role.MEMBER:
            yield {**own, "sitting_id": things["not_theirs"]}
        yield from ({**own, name: self.ours.of[OTHER][name]} for name in OF_PERSONS if name in names)


def check(world: World, routes: list[APIRoute]) -> dict[str, list[str]]:
    """What is wrong, by route: an answer about another's object that one about an unknown object would not be."""
    wrong: dict[str, list[str]] = {}
    for route in routes:
        names = set(route.param_convertors) - set(NO_OBJECT)
        for role in (role for role in (*ROLES, Role.APPLICANT) if RIGHTS[route.name].admits(role)):
            nothing = {name: {**UNKNOWN, **_unknown(route)}.get(name, A_NUMBER) for name in names}
            told: dict[tuple[str, ...], tuple[int, str]] = {}
            own = world.own(role, route)
            for another in world.others(role, route):
                changed = tuple(name for name in sorted(names) if another[name] != own[name])
                if changed not in told:
                    told[changed] = world.ask(
                        role, route, {**own, **{name: nothing[name] for name in changed}}
                    )
                if world.ask(role, route, another) != told[changed]:
                    wrong.setdefault(route.name, []).append(f"{role} {changed}")
    return wrong


SUBJECTS = [route for route in GUARDED if set(route.param_convertors) - set(NO_OBJECT)]


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[World]:
    desk = Desk(database)
    ours, theirs = (city(letter, desk, shelf_of(tmp_path)) for letter in ("a", "b"))
    ours.things["not_theirs"] = desk.committee("sans-a")
    settings = Settings(data_folder=tmp_path, public_url="")
    app = make_app(Site(database, settings, lambda: NOW))
    applicant = desk.value(
        "SELECT organisation_id FROM cases WHERE reference = %(r)s", r=ours.things["waiting"]
    )
    with database.transaction() as session:
        entered = visitors.sign_in(session, Guest(organisation_id=applicant), browser="test", at=NOW)
    secrets = {None: "", Role.APPLICANT: entered} | {role: ours.of[role]["secret"] for role in ROLES}
    with ExitStack() as stack:
        first = stack.enter_context(TestClient(app))  # its event loop serves all the others
        clients = {}
        for role, secret in secrets.items():
            clients[role] = TestClient(
                app, base_url=ADDRESS, follow_redirects=False, raise_server_exceptions=False,
                headers={"accept-language": "fr"}, cookies={"parvis": secret} if secret else {},
            )  # fmt: skip
            clients[role].portal = first.portal
        yield World(app, ours, theirs, clients)


def test_every_route_has_its_line_and_every_line_its_route():
    assert {route.name for route in ROUTES} == set(RIGHTS)


def test_no_two_routes_share_a_name():
    names = [route.name for route in ROUTES]

    assert sorted(names) == sorted(set(names))


def test_nobody_is_answered_where_they_have_no_right_and_anothers_object_is_like_one_that_does_not_exist(
    world,
):
    before = _kept(world)

    refused = {
        (route.name, role): world.ask(role, route, world.own(role, route))[0]
        for route in GUARDED
        for role in (*ROLES, Role.APPLICANT)
        if not RIGHTS[route.name].admits(role)
    }
    strangers = {route.name: world.ask(None, route, world.own(Role.MANAGER, route))[0] for route in GUARDED}
    wrong = check(world, SUBJECTS)

    assert {key: status for key, status in refused.items() if status != 404} == {}
    expected = {route.name: 401 if route.path.startswith("/api/") else 303 for route in GUARDED}
    assert strangers == expected
    assert wrong == {}
    assert _kept(world) == before


def test_everybody_is_answered_about_what_is_their_own(world):
    unanswered, broken = [], []
    for route in sorted(GUARDED, key=lambda route: "POST" in (route.methods or ())):
        roles = [role for role in (*ROLES, Role.APPLICANT) if RIGHTS[route.name].admits(role)]
        statuses = [world.ask(role, route, world.own(role, route))[0] for role in roles]
        if route in SUBJECTS and set(statuses) == {404}:
            unanswered.append(route.name)
        broken += [(route.name, status) for status in statuses if status >= 500 and status != 503]

    assert unanswered == []
    assert broken == []


def test_a_guard_taken_away_is_found_out_on_every_route_it_keeps(world, monkeypatch):
    routes = [route for route in SUBJECTS if "GET" in (route.methods or ())]
    seeing = [route for route in routes if set(route.param_convertors) & {"reference", "sitting_id"}]
    seeing += [route for route in routes if route.name == "letter"]
    seeing = [route for route in seeing if route.name not in KEPT_TWICE]

    _let_all_through(monkeypatch)
    wrong = check(world, seeing)

    assert [route.name for route in seeing if route.name not in wrong] == []


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
    for name, module in list(sys.modules.items()):
        if name.startswith("parvis.web"):
            for guard, permissive in guards.items():
                if hasattr(module, guard):
                    monkeypatch.setattr(module, guard, permissive)


def _there(found: Sequence[Any]) -> Any:
    if not found:
        raise HiddenError
    return found[0]


def _words(route: APIRoute) -> dict[str, str]:
    return {**dict.fromkeys(route.param_convertors, A_NUMBER), **NO_OBJECT, **OWN_WORDS.get(route.name, {})}


def _unknown(route: APIRoute) -> dict[str, str]:
    return {"code": "annuel-inconnu"} if route.name in {"call_letters", "letter_html"} else {}


def _as_named(route: APIRoute, things: dict[str, Any]) -> Params:
    """What a name stands for on this route, where it is not the same on all."""
    named: Params = {
        "code": things["call"] if route.name in {"call_letters", "letter_html"} else things["letter"]
    }
    if route.name in DRAFTS:
        named["reference"] = things["draft"]
    elif "/partenaire" in route.path and "partner_id" not in route.param_convertors:
        named["reference"] = things["part"]
    elif route.path.startswith("/mes-dossiers/"):
        named["reference"], named["file_id"] = things["reference"], things["file_id"]
    elif route.path.startswith("/conventions/"):
        named["reference"], named["file_id"] = things["agreement"], things["agreement_file"]
    if route.name in {"minutes", "minutes_file"}:
        named["sitting_id"], named["file_id"] = things["over"], things["minutes_file"]
    elif route.name == "sitting_file":
        named["file_id"] = things["sitting_file"]
    return named


TOUCHED = (
    "cases journal letters timers tasks files fundings agenda_items committees committee_journal "
    "interests packets views bulk_runs identities agreements agreement_journal bank_details"
)


def _kept(world: World) -> dict[str, Any]:
    """All that another might have, to see that nobody touched it."""
    desk = world.ours.desk
    return {table: desk.rows(f"SELECT * FROM {table} t ORDER BY t::text") for table in TOUCHED.split()}
