"""What a token opens, for whom, for how long, and what it never opens."""

import copy
import re
from typing import Any

import pytest
from fastapi.routing import APIRoute
from httpx2 import Response

from parvis.services.tokens import MOST_REQUESTS
from parvis.web.api.reference import ROUTERS
from parvis.web.rights import RIGHTS
from tests.services.desk import CONTRACT, Desk
from tests.web.programs import Program

INES, PAUL, LEA, MAX = "ines@ville.example", "paul@ville.example", "lea@ville.example", "max@ville.example"
ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
ABOUT = [route for route in ROUTES if "{" in route.path]
ROLES = {"instructor": INES, "funder": PAUL, "secretary": LEA, "manager": MAX}


def ask(program: Program, route, reference: str, sitting: object = "999999999"):
    path = route.path.replace("{reference}", reference).replace("{sitting_id}", str(sitting))
    path = re.sub(r"\{[^}]+\}", "999999999", path).removeprefix("/api/v1")
    if "POST" not in route.methods:
        return program.get(path)
    if path.endswith("/files"):
        return program.post(path, files={"file": ("a.txt", b"a", "text/plain")})
    bodies = {"/moves": {"action": "withdraw"}, "/opinions": {"opinion": "favourable"}}
    body: Any = next((sent for end, sent in bodies.items() if path.endswith(end)), [])
    return program.post(path, body, headers={"if-match": "*"})


def test_a_token_says_who_asks(program):
    told = program.of(PAUL, "read").get("/me").json()

    assert told == {
        "name": "Paul Petit", "email": PAUL, "role": "funder", "language": "fr", "scopes": ["read"],
    }  # fmt: skip


@pytest.mark.parametrize("token", ["", "parvis_inconnu", "x" * 500, "é"])
def test_a_token_nobody_made_opens_nothing(program, token):
    said = {"authorization": f"Bearer {token}".encode("latin-1")} if token else {}

    answer = program.client.get("/api/v1/me", headers=said)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_ends_at_its_second(program):
    ines = program.of(INES, days=1)

    program.clock.set("2026-06-02 08:59")
    assert ines.get("/me").status_code == 200
    program.clock.set("2026-06-02 09:00")
    assert ines.get("/me").status_code == 401


def test_a_revoked_token_opens_nothing_nor_does_that_of_somebody_who_left(program):
    ines, paul = program.of(INES), program.of(PAUL)
    program.desk.run("UPDATE api_tokens SET revoked_at = now() WHERE person_id = 1")
    program.desk.run("UPDATE people SET active = false WHERE email = %(e)s", e=PAUL)

    assert [each.get("/me").status_code for each in (ines, paul)] == [401, 401]


def test_a_token_is_kept_by_its_hash_only(program):
    ines = program.of(INES)

    rows = program.desk.rows("SELECT api_tokens::text FROM api_tokens")

    assert ines.token.startswith("parvis_")
    assert all(ines.token not in row[0] and ines.token.removeprefix("parvis_") not in row[0] for row in rows)


def test_a_token_opens_no_page(program):
    ines = program.of(INES)

    assert ines.client.get("/dossiers", headers={"authorization": f"Bearer {ines.token}"}).status_code == 303


@pytest.mark.parametrize("scope", ["read", "write", "import"])
def test_a_token_does_what_its_scope_says_and_no_more(program, scope):
    asks = {email: program.of(email, scope) for email in (INES, PAUL)}

    for route in ROUTES:
        case = program.desk.submitted_case()
        by = asks[PAUL if route.name == "api_give_opinion" else INES]
        answer = ask(by, route, program.reference(case))

        assert (answer.status_code == 403) == (RIGHTS[route.name].scope != scope), (route.name, answer.text)
        assert program.desk.stage(case) == (
            "submitted" if answer.status_code != 200 or scope != "write" else "withdrawn"
        ), route.name


@pytest.fixture
def elsewhere(program: Program) -> tuple[str, int]:
    """The reference of a case of another contract, and a sitting there."""
    contract = copy.deepcopy(CONTRACT)
    contract |= {"code": "autre"}
    contract["calls"][0]["code"] = "autre-2026"
    for person in contract["people"]:
        person["email"] = f"autre-{person['email']}"
    other = Desk.opened(program.desk.database, contract)
    case = other.submitted_case(call="autre-2026")
    sitting = other.value(
        "SELECT id FROM committees WHERE contract_id = %(c)s AND code = 'copil'", c=other.contract_id
    )
    return program.reference(case), sitting


@pytest.mark.parametrize("role", ROLES)
def test_what_is_of_another_contract_is_as_what_does_not_exist(program, elsewhere, role):
    asks = program.of(ROLES[role])

    for route in ABOUT:
        assert_is_as_nothing(route, ask(asks, route, "ANNUEL-2026-99999"), ask(asks, route, *elsewhere))


def assert_is_as_nothing(route: APIRoute, unknown: Response, another: Response) -> None:
    """What is answered about another's object is, to the word, what is answered about one that does not exist."""
    assert (unknown.status_code, another.status_code) == (404, 404), route.name
    assert unknown.json() == another.json(), route.name


def test_what_a_funder_is_recused_from_is_as_what_does_not_exist(program):
    desk = program.desk
    hidden, asks = desk.case_in_committee(), program.of(PAUL)
    desk.run(
        "INSERT INTO interests (person_id, case_id, ground, status, at, by)"
        " SELECT id, %(c)s, 'declared', 'proposed', now(), 'person:1' FROM people WHERE email = %(e)s",
        c=hidden, e=PAUL,
    )  # fmt: skip

    for route in ABOUT:
        unknown = ask(asks, route, "ANNUEL-2026-99999")
        assert_is_as_nothing(
            route, unknown, ask(asks, route, program.reference(hidden), desk.committee("etouvie"))
        )


def test_programs_of_one_person_share_their_number_of_requests(program):
    first, second, other = program.of(INES), program.of(INES), program.of(PAUL)
    first.get("/me")
    program.desk.run("UPDATE attempts SET count = %(n)s WHERE bucket LIKE 'api:%%'", n=MOST_REQUESTS - 1)

    answers = [second.get("/me"), first.get("/me"), other.get("/me")]

    assert [answer.status_code for answer in answers] == [200, 429, 200]
    assert answers[1].headers["retry-after"] == "900"


def test_what_programs_look_at_is_logged(program):
    program.of(INES).get("/cases")

    assert program.desk.rows("SELECT session_id, token_id IS NOT NULL, method, path, status FROM visits") == [
        (None, True, "GET", "/api/v1/cases", 200)
    ]


def test_a_browser_that_is_signed_in_may_read_and_another_site_may_not_write(browser):
    case = browser.desk.submitted_case()
    ines = browser.as_person(INES)
    reference = browser.desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)

    read = ines.get("/api/v1/cases")
    forged = ines.client.post(
        f"/api/v1/cases/{reference}/moves", json={"action": "withdraw"},
        headers={"if-match": "*", "sec-fetch-site": "cross-site", "origin": "https://ailleurs.example"},
    )  # fmt: skip

    assert read.status_code == 200
    assert (forged.status_code, forged.headers["content-type"]) == (403, "application/problem+json")
    assert browser.desk.stage(case) == "submitted"


def test_the_reference_is_open_and_asks_nothing_of_other_sites(program):
    answer = program.get("")
    told = program.get("/openapi.json").json()

    assert answer.status_code == 200
    assert re.findall(r'(?:src|href)="(?:https?:)?//', answer.text) == []
    assert all(path.startswith("/api/v1/") for path in told["paths"])
    assert all(route.path in answer.text and route.path in told["paths"] for route in ROUTES)


def test_an_address_the_api_does_not_have_is_a_problem(program):
    answer = program.of(INES).get("/nulle-part")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
