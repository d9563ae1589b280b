"""The API, as programs of each role use it."""

import pytest

from parvis.states.facts import Given
from parvis.states.stages import Action

INES, PAUL, LEA, MAX = "ines@ville.example", "paul@ville.example", "lea@ville.example", "max@ville.example"


def test_a_list_goes_on_by_its_link_until_every_case_was_seen_once(program):
    desk = program.desk
    cases = [desk.submitted_case() for _ in range(5)]
    ines = program.of(INES)

    seen, path = [], "/cases?tri=reference&limite=2"
    while path:
        answer = ines.get(path)
        assert answer.status_code == 200
        body = answer.json()
        seen += [line["reference"] for line in body["items"]]
        assert body["total"] == 5
        path = body["next"] and body["next"].removeprefix("/api/v1")
        if path:
            assert f'<{body["next"]}>; rel="next"' in answer.headers["link"]

    assert seen == [program.reference(case) for case in cases]


def test_a_filter_is_that_of_the_queue(program):
    desk = program.desk
    desk.submitted_case()
    moved = desk.submitted_case()
    desk.move(moved, Action.DECLARE_INELIGIBLE, given=Given(reason="Hors sujet"))

    listed = program.of(MAX).get("/cases?etape=ineligible").json()

    assert [line["reference"] for line in listed["items"]] == [program.reference(moved)]


@pytest.mark.parametrize(
    "query", ["etape=nulle", "min=douze", "couleur=bleu", "limite=0", "limite=201", "apres=x"]
)
def test_a_filter_that_cannot_be_read_is_named_and_not_left_out(program, query):
    answer = program.of(INES).get(f"/cases?{query}")

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [each["field"] for each in answer.json()["errors"]] == [query.partition("=")[0]]


@pytest.mark.parametrize("path", ["/api/v1/cases", "/dossiers"])
def test_an_address_of_too_many_fields_is_refused(browser, path):
    answer = browser.as_person(INES).get(f"{path}?" + "&".join(["q=a"] * 201))

    assert answer.status_code == 400


def test_a_case_says_its_version_and_is_not_sent_twice(program):
    case = program.desk.submitted_case()
    ines, path = program.of(INES), f"/cases/{program.reference(case)}"

    read = ines.get(path)

    body = read.json()
    assert read.status_code == 200
    assert read.headers["etag"] == f'"{body["version"]}"'
    assert body["requested_cents"] == 800_000
    assert body["deposited_on"] == "2026-06-01"
    assert {line["code"]: line["requested_cents"] for line in body["fundings"]} == {
        "etat": 500_000,
        "ville": 300_000,
    }
    assert [line["code"] for line in body["documents"]] == ["statuts", "rib"]
    assert body["neighbourhoods"] == [{"code": "QN08001M", "name": "Étouvie"}]
    again = ines.get(path, **{"if-none-match": read.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_history_of_a_case_tells_letters_to_those_inside_only(program):
    desk = program.desk
    case = desk.case_awaiting_documents("2026-06-20")
    desk.run(
        "UPDATE letters SET stage = 'sent', sent_at = %(at)s, rendered_at = %(at)s, subject = 'Pièces'"
        " WHERE case_id = %(id)s",
        at=program.clock.at,
        id=case,
    )
    path = f"/cases/{program.reference(case)}/history"

    inside, outside = program.of(INES).get(path).json(), program.of(PAUL).get(path).json()

    assert {"journal", "letter"} <= {each["origin"] for each in inside["items"]}
    assert {each["origin"] for each in outside["items"]} <= {"portal", "journal"}


def test_a_file_is_attached_listed_and_given_back(program):
    case = program.desk.submitted_case()
    ines, path = program.of(INES), f"/cases/{program.reference(case)}"

    sent = ines.post(
        f"{path}/files", files={"file": ("Relevé.txt", b"IBAN", "text/plain")}, data={"document": "rib"}
    )
    listed = ines.get(f"{path}/documents").json()
    given = ines.get(sent.json()["href"].removeprefix("/api/v1"))

    assert sent.status_code == 201, sent.text
    assert sent.headers["location"] == sent.json()["href"]
    assert [line["id"] for line in listed["files"]] == [sent.json()["id"]]
    assert {line["code"]: line["received_at"] is not None for line in listed["checklist"]} == {
        "statuts": False, "rib": True,
    }  # fmt: skip
    assert given.content == b"IBAN"
    assert given.headers["content-disposition"].startswith("attachment")


def test_a_file_that_is_not_taken_in_is_named(program):
    case = program.desk.submitted_case()

    answer = program.of(INES).post(
        f"/cases/{program.reference(case)}/files", files={"file": ("virus.exe", b"MZ", "text/plain")}
    )

    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == ["file"]


def test_a_sitting_hides_the_case_one_is_recused_from(program):
    desk = program.desk
    hidden, shown = desk.case_in_committee(), desk.case_in_committee()
    sitting = desk.committee("copil")
    paul_id = desk.value("SELECT id FROM people WHERE email = %(e)s", e=PAUL)
    desk.run(
        "INSERT INTO committee_members (committee_id, person_id, role, votes) VALUES (%(c)s, %(p)s, 'funder', true)",
        c=sitting, p=paul_id,
    )  # fmt: skip
    desk.run(
        "INSERT INTO interests (person_id, case_id, ground, status, at, by)"
        " VALUES (%(p)s, %(c)s, 'declared', 'proposed', now(), 'person:2')",
        p=paul_id, c=hidden,
    )  # fmt: skip
    paul = program.of(PAUL)

    sitting_told = paul.get(f"/sittings/{sitting}").json()
    line = next(each for each in paul.get("/sittings").json()["ahead"] if each["id"] == sitting)

    assert [each["reference"] for each in sitting_told["agenda"]] == [program.reference(shown)]
    assert line["cases"] == 1
    assert paul.get(f"/cases/{program.reference(hidden)}").status_code == 404
    assert paul.get(f"/cases/{program.reference(hidden)}/documents").status_code == 404
    assert [each["kind"] for each in paul.get("/me/tasks").json()["items"]] == ["interests"]
