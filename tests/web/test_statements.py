"""No page reads more per line it shows: each asks the database as often for forty cases as for two."""

from fastapi.routing import APIRoute

from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from parvis.web.app import ROUTERS
from parvis.web.rights import RIGHTS
from parvis.web.who import EVERYBODY
from tests.services.desk import Desk
from tests.statements import counted

PEOPLE = {
    Role.INSTRUCTOR: "ines@ville.example", Role.SECRETARY: "lea@ville.example", Role.MANAGER: "max@ville.example",
    Role.FUNDER: "paul@ville.example",
}  # fmt: skip
APPLICANT = "41816609600051"
LISTS = [
    route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and RIGHTS[route.name] is not EVERYBODY
    if not route.path.startswith("/api/") and set(route.param_convertors) <= {"sitting_id"}
]
A_FILE_OF_EACH = {"annexes"}
"""Pages whose work is the files of each case, one after the other."""


def test_a_page_asks_the_database_as_often_for_many_cases_as_for_few(browser):
    desk = browser.desk
    some_of_each(desk, 1)
    asks = {role: browser.as_person(email) for role, email in PEOPLE.items()}
    asks[Role.APPLICANT] = browser.as_applicant(APPLICANT)
    sitting = desk.committee("copil")

    def statements() -> dict[str, int]:
        found = {}
        for route in LISTS:
            role = next(role for role in asks if RIGHTS[route.name].admits(role))
            with counted(desk.database) as sent:
                answer = asks[role].get(route.path.format(sitting_id=sitting))
            if answer.status_code == 200:
                found[route.name] = sent.count
        return found

    statements()  # what is read once a process has been read
    few = statements()
    some_of_each(desk, 20)
    many = statements()

    assert {
        "cases",
        "home",
        "sittings",
        "sitting",
        "my_cases",
        "opinions",
        "letters",
        "dashboard",
    } <= few.keys()
    grown = {name: (few[name], many[name]) for name in few.keys() - A_FILE_OF_EACH if many[name] > few[name]}
    assert not grown


def some_of_each(desk: Desk, count: int) -> None:
    """So many cases just deposited, waiting for an opinion, and on an agenda."""
    funder = desk.value("SELECT id FROM funders WHERE code = 'etat'")
    for _ in range(count):
        desk.case_in_committee()
        waiting = desk.submitted_case()
        desk.move(waiting, Action.ASK_OPINIONS, given=Given(funder_ids=(funder,)))
