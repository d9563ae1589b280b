"""Sittings: what members see, what they declare, what the secretary does; a hidden case shows nowhere."""

import hashlib
import re

import pytest

from parvis.services import files, packets
from parvis.states.facts import By, Given
from parvis.states.stages import Action
from tests.services.desk import CONTRACT, Desk, moment
from tests.web.browser import Browser

CLOCK = By("clock", "clock")
INES, LEA, PAUL, MAX = "ines@ville.example", "lea@ville.example", "paul@ville.example", "max@ville.example"
MEMBERS = [
    {"person": "max@ville.example", "role": "chair"},
    {"person": "paul@ville.example", "role": "funder"},
]  # fmt: skip


@pytest.fixture
def desk(database) -> Desk:
    """A small city whose steering committee has members and sits twice."""
    committees = [
        {"code": "copil", "name": "Comité de pilotage", "kind": "steering", "covers": "all",
         "held_on": ["2026-09-15", "2026-11-17"], "members": MEMBERS},
    ]  # fmt: skip
    return Desk.opened(database, {**CONTRACT, "committees": committees})


def copil(desk: Desk, number: int = 0) -> int:
    return int(desk.rows("SELECT id FROM committees ORDER BY held_on")[number][0])


def on_agenda(desk: Desk, count: int, at: int = 0) -> list[int]:
    cases = []
    for _ in range(count):
        case = desk.ready_case()
        desk.move(case, Action.INSTRUCT)
        desk.move(case, Action.SCHEDULE, given=Given(committee_id=copil(desk, at)))
        cases.append(case)
    return cases


def references(desk: Desk, cases: list[int]) -> list[str]:
    return [str(desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)) for case in cases]


def order(desk: Desk) -> list[int]:
    return [
        row[0]
        for row in desk.rows("SELECT case_id FROM agenda_items WHERE left_at IS NULL ORDER BY position")
    ]


def version(desk: Desk, sitting: int) -> int:
    return int(desk.value("SELECT version FROM committees WHERE id = %(id)s", id=sitting))


def change(browser: Browser, what: str, **fields: object):
    return browser.post(f"/seances/{copil(browser.desk)}/ordre-du-jour/{what}", fields)


def test_a_member_sees_their_sittings_and_somebody_else_does_not(browser):
    sitting = copil(browser.desk)

    assert "Comité de pilotage" in browser.as_person(PAUL).get("/seances").text
    assert browser.as_person(PAUL).get(f"/seances/{sitting}").status_code == 200
    assert "Comité de pilotage" in browser.as_person(INES).get("/seances").text
    assert browser.as_person(LEA).get(f"/seances/{sitting}").status_code == 200


def test_a_member_declares_an_interest_and_the_case_is_gone_for_them(browser):
    desk = browser.desk
    cases = on_agenda(desk, 3)
    sitting, paul = copil(desk), browser.as_person(PAUL)
    hidden = references(desk, cases)[1]

    done = paul.post(
        f"/seances/{sitting}/interets", {"dossier": cases[1], f"lien_{cases[1]}": "J’en suis trésorier"}
    )

    assert done.headers["location"] == f"/seances/{sitting}?fait=interets"
    page = paul.get(done.headers["location"]).text
    assert hidden not in page
    assert "1 dossier de l’ordre du jour ne vous est pas montré" in page
    for path in (f"/seances/{sitting}/interets", "/dossiers", "/seances"):
        assert hidden not in paul.get(path).text
    assert paul.get(f"/dossiers/{hidden}").status_code == 404
    assert "J’en suis trésorier" in browser.as_person(LEA).get(f"/seances/{sitting}").text


def test_declaring_again_keeps_what_was_declared_before(browser):
    desk = browser.desk
    cases = on_agenda(desk, 2)
    sitting, paul = copil(desk), browser.as_person(PAUL)
    paul.post(f"/seances/{sitting}/interets", {"dossier": cases[0], f"lien_{cases[0]}": "Voisin"})

    paul.post(
        f"/seances/{sitting}/interets", {"dossier": cases[1], f"lien_{cases[1]}": "Ma sœur y travaille"}
    )

    kept = desk.rows("SELECT case_id FROM interests WHERE status = 'confirmed' ORDER BY case_id")
    assert [row[0] for row in kept] == cases


def test_an_interest_is_said_in_words(browser):
    desk = browser.desk
    [case] = on_agenda(desk, 1)

    answer = browser.as_person(PAUL).post(f"/seances/{copil(desk)}/interets", {"dossier": case})

    assert answer.status_code == 422
    assert "dire ce qui vous lie à ce dossier" in answer.text
    assert desk.rows("SELECT 1 FROM interests") == []


def test_whoever_does_not_sit_declares_nothing(browser):
    sitting = copil(browser.desk)

    assert browser.as_person(LEA).get(f"/seances/{sitting}/interets").status_code == 404
    assert browser.as_person(LEA).post(f"/seances/{sitting}/interets", {}).status_code == 404


def test_the_secretary_orders_the_agenda_with_buttons(browser):
    desk = browser.desk
    a, b, c = on_agenda(desk, 3)
    sitting, lea = copil(desk), browser.as_person(LEA)

    done = lea.post(
        f"/seances/{sitting}/ordre", {"dossier": c, "sens": "monter", "version": version(desk, sitting)}
    )

    assert done.headers["location"] == f"/seances/{sitting}#dossier-{c}"
    assert order(desk) == [a, c, b]
    lea.post(
        f"/seances/{sitting}/ordre", {"dossier": a, "sens": "descendre", "version": version(desk, sitting)}
    )
    assert order(desk) == [c, a, b]
    lea.post(f"/seances/{sitting}/ordre", {"dossier": c, "sens": "monter", "version": version(desk, sitting)})
    assert order(desk) == [c, a, b]


def test_two_secretaries_do_not_undo_each_others_order(browser):
    desk = browser.desk
    a, b, _ = on_agenda(desk, 3)
    sitting, lea = copil(desk), browser.as_person(LEA)
    read = version(desk, sitting)
    lea.post(f"/seances/{sitting}/ordre", {"dossier": b, "sens": "monter", "version": read})

    late = lea.post(f"/seances/{sitting}/ordre", {"dossier": a, "sens": "dernier", "version": read})

    assert late.status_code == 409
    assert "Quelqu’un est passé entre-temps" in late.text


def test_the_secretary_closes_and_reopens_the_agenda_with_a_reason(browser):
    desk = browser.desk
    lea = browser.as_person(LEA)

    assert change(lea, "clore").status_code == 303
    assert not desk.value("SELECT agenda_open FROM committees WHERE id = %(id)s", id=copil(desk))
    assert change(lea, "rouvrir", motif=" ").status_code == 422
    assert change(lea, "rouvrir", motif="Un dossier oublié").status_code == 303


def test_the_secretary_adds_takes_off_and_carries_cases(browser):
    desk = browser.desk
    lea = browser.as_person(LEA)
    case = desk.ready_case()
    desk.move(case, Action.INSTRUCT)
    [reference] = references(desk, [case])

    assert change(lea, "ajouter", reference=reference.lower()).status_code == 303
    assert (
        change(lea, "reporter", dossier=case, seance=copil(desk, 1), motif="Pièce attendue").status_code
        == 303
    )
    assert desk.value("SELECT committee_id FROM cases WHERE id = %(id)s", id=case) == copil(desk, 1)
    back = lea.post(f"/seances/{copil(desk, 1)}/ordre-du-jour/retirer", {"dossier": case, "motif": "Retrait"})
    assert back.status_code == 303
    assert desk.stage(case) == "instructed"


@pytest.mark.parametrize("fields", [{"reference": "PERDU-1"}, {"reference": ""}, {"reference": "\0"}])
def test_a_case_that_does_not_exist_is_not_put_on_an_agenda(browser, fields):
    answer = change(browser.as_person(LEA), "ajouter", **fields)

    assert answer.status_code == 422
    assert "Aucun dossier n’a ce numéro" in answer.text


def test_the_secretary_settles_conflicts(browser):
    desk = browser.desk
    [case] = on_agenda(desk, 1)
    paul = int(desk.value("SELECT id FROM people WHERE email = %(e)s", e=PAUL))
    desk.run(
        "INSERT INTO interests (person_id, case_id, ground, detail, status, at, by)"
        " VALUES (%(p)s, %(c)s, 'address', '3 rue Haute', 'proposed', now(), 'clock')",
        p=paul, c=case,
    )  # fmt: skip
    browser.clock.set("2026-08-20")
    lea = browser.as_person(LEA)
    page = lea.get(f"/seances/{copil(desk)}").text
    assert re.search(r"1 à voir", page)
    assert "conflit d’intérêts à voir" in lea.get("/").text

    without = change(lea, "ecarter", personne=paul, dossier=case)
    assert without.status_code == 409
    assert change(lea, "confirmer", personne=paul, dossier=case).status_code == 303
    assert change(lea, "ecarter", personne=paul, dossier=case, motif="Homonyme").status_code == 303
    assert browser.as_person(PAUL).get(f"/dossiers/{references(desk, [case])[0]}").status_code == 200


def test_the_secretary_excuses_a_member_once_and_nobody_who_does_not_sit(browser):
    lea = browser.as_person(LEA)
    people = dict(browser.desk.rows("SELECT email, id FROM people"))

    assert change(lea, "excuser", personne=people[INES]).status_code == 422
    assert change(lea, "excuser", personne=people[PAUL]).status_code == 303

    page = lea.get(f"/seances/{copil(browser.desk)}").text
    assert (page.count("excusé"), page.count('class="plain">Excuser')) == (2, 1)


def test_only_the_secretary_changes_an_agenda(browser):
    for email in (MAX, PAUL, INES):
        assert change(browser.as_person(email), "clore").status_code == 404


def test_a_recused_members_packet_leaves_the_case_out_and_nobody_else_reaches_the_files(browser, settings):
    desk = browser.desk
    cases = on_agenda(desk, 2)
    sitting, paul = copil(desk), browser.as_person(PAUL)
    paul.post(f"/seances/{sitting}/interets", {"dossier": cases[1], f"lien_{cases[1]}": "Trésorier"})
    packets.build(
        desk.database, files.shelf(settings), sitting, by=CLOCK, at=moment("2026-09-08 06:00"), quiet=True
    )

    own = paul.get(f"/seances/{sitting}/dossier")
    whole = browser.as_person(MAX).get(f"/seances/{sitting}/dossier")

    assert own.headers["content-disposition"].startswith("attachment")
    assert sha256(own.content) == copies(desk)[(cases[1],)]
    assert sha256(whole.content) == copies(desk)[()]
    assert browser.as_person(INES).get(f"/seances/{sitting}/dossier").status_code == 404
    for (number,) in desk.rows("SELECT id FROM files"):
        assert paul.get(f"/seances/{sitting}/fichiers/{number}").status_code == 404
        assert browser.as_person(LEA).get(f"/seances/{sitting}/fichiers/{number}").status_code == 200


def test_a_member_recused_since_the_packet_was_made_has_none_until_the_next(browser, settings):
    desk = browser.desk
    cases = on_agenda(desk, 2)
    sitting, paul = copil(desk), browser.as_person(PAUL)
    packets.build(
        desk.database, files.shelf(settings), sitting, by=CLOCK, at=moment("2026-09-08 06:00"), quiet=True
    )
    assert paul.get(f"/seances/{sitting}/dossier").status_code == 200

    paul.post(f"/seances/{sitting}/interets", {"dossier": cases[1], f"lien_{cases[1]}": "Trésorier"})

    assert paul.get(f"/seances/{sitting}/dossier").status_code == 404


def copies(desk: Desk) -> dict[tuple[int, ...], bytes]:
    """The SHA-256 of each copy of the packet, by the cases it leaves out."""
    rows = desk.rows("SELECT p.hidden, f.sha256 FROM packets p JOIN files f ON f.id = p.file_id")
    return {tuple(hidden): bytes(sha256) for hidden, sha256 in rows}


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
