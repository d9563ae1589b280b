"""One line of the table of rights for every route, one route for every line; nothing else is answered."""

import re

import pytest
from fastapi.routing import APIRoute

from parvis.states.stages import Role
from parvis.web.app import ROUTERS
from parvis.web.rights import EVERYBODY, RIGHTS

ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
PEOPLE = {
    Role.INSTRUCTOR: "ines@ville.example", Role.FUNDER: "paul@ville.example", Role.SECRETARY: "lea@ville.example",
    Role.MANAGER: "max@ville.example",
}  # fmt: skip
APPLICANT = "41816609600051"
GUARDED = [route for route in ROUTES if RIGHTS.get(route.name) is not EVERYBODY]
OWN = [route for route in GUARDED if route.path.startswith("/mes-dossiers/{reference}")]
UNKNOWN = "999999999"


def test_every_route_has_its_line_and_every_line_its_route():
    assert {route.name for route in ROUTES} == set(RIGHTS)


def test_no_two_routes_share_a_name():
    names = [route.name for route in ROUTES]

    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_nobody_signed_in_is_let_through(browser, route):
    answer = _ask(browser, route)

    assert answer.status_code == (401 if route.path.startswith("/api/") else 303)


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_a_role_without_the_right_is_told_there_is_nothing(browser, route, role):
    answer = _ask(browser.as_person(PEOPLE[role]), route)

    if not RIGHTS[route.name].admits(role):
        assert answer.status_code == 404
    else:
        assert answer.status_code < 500


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_an_applicant_is_let_through_where_applicants_are_and_nowhere_else(browser, route):
    browser.desk.submitted_case()

    answer = _ask(browser.as_applicant(APPLICANT), route)

    if not RIGHTS[route.name].admits(Role.APPLICANT):
        assert answer.status_code == 404
    else:
        assert answer.status_code < 500


@pytest.mark.parametrize(
    "route",
    [each for each in GUARDED if each.path.startswith("/mes-dossiers/{reference}")],
    ids=lambda route: route.name,
)
def test_a_case_of_another_organisation_is_like_one_that_does_not_exist(browser, route):
    desk = browser.desk
    case = desk.submitted_case(siret="35600000000048", organisation="Une autre")
    desk.submitted_case()
    asso = browser.as_applicant(APPLICANT)
    reference = desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)

    there, nowhere = _ask(asso, route, reference), _ask(asso, route, "ANNUEL-2026-99999")

    assert there.status_code == nowhere.status_code == 404
    assert there.text == nowhere.text


def _ask(browser, route, reference=UNKNOWN):
    path = re.sub(r"\{[^}]+\}", UNKNOWN, route.path.replace("{reference}", reference))
    method = next(iter(route.methods - {"HEAD"}))
    return browser.client.request(method, path, headers={"origin": "http://127.0.0.1:8000"})
