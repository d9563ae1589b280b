"""What a sitting gives to read: a hidden case by no way in; packets built and compared; its journal; its changes."""

import hashlib
import io
import re
from html import unescape
from pathlib import Path

import pikepdf
import pytest

from parvis.services import files, packets
from parvis.services.files import Shelf
from parvis.states.facts import By
from parvis.states.stages import Role
from tests.services.desk import Desk, moment
from tests.services.session_desk import SessionDesk, contract
from tests.web.browser import Browser

LEA, ANN, BOB, INES = (f"{name}@ville.example" for name in ("lea", "ann", "bob", "ines"))
TITLES = ("Jardin partagé", "Fanfare de rue")


@pytest.fixture
def desk(database) -> Desk:
    """A small city whose committees have members."""
    return Desk.opened(database, contract())


@pytest.fixture
def table(desk, clock) -> SessionDesk:
    """The steering committee, some days before it sits."""
    clock.set("2026-09-10 10:00")
    return SessionDesk(desk)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Where the application keeps its files."""
    return Shelf(tmp_path / "files")


def address(table: SessionDesk, rest: str = "") -> str:
    return f"/seances/{table.committee}{rest}"


def two_cases(table: SessionDesk, shelf: Shelf) -> tuple[list[int], list[int]]:
    """Two cases on the agenda, each with a document; the ids of the cases and of their files."""
    cases = [table.cases(1, title=title)[0] for title in TITLES]
    attached = []
    for case, title in zip(cases, TITLES, strict=True):
        with table.desk.database.transaction() as session:
            line = files.attach(
                session, shelf, case, files.checked(shelf, f"{title}.pdf", pdf(title)),
                by=By("person:1", Role.INSTRUCTOR), at=moment("2026-09-01"),
            )  # fmt: skip
        attached.append(line.id)
    return cases, attached


def pdf(title: str) -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    made.docinfo["/Title"] = title
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    return out.getvalue()


def reference(table: SessionDesk, case: int) -> str:
    return str(table.desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case))


def bookmarks(content: bytes) -> str:
    with pikepdf.open(io.BytesIO(content)) as opened, opened.open_outline() as outline:
        return " ".join(str(item.title) for root in outline.root for item in (root, *root.children))


def declare(person: Browser, table: SessionDesk, case: int, why: str = "J’en suis trésorière"):
    return person.post(address(table, "/interets"), {"dossier": case, f"lien_{case}": why})


def test_a_declared_case_is_gone_from_every_way_in(browser, table, shelf):
    (open_case, hidden_case), (open_file, hidden_file) = two_cases(table, shelf)
    shown, hidden = reference(table, open_case), reference(table, hidden_case)
    ann, bob, lea = (browser.as_person(email) for email in (ANN, BOB, LEA))

    assert declare(ann, table, hidden_case).status_code == 303
    lea.post(address(table, "/dossier"))

    for path in ("", "/dossiers", address(table), "/seances"):
        assert hidden not in ann.get(path or "/").text
        assert TITLES[1] not in ann.get(path or "/").text
    for path in (
        address(table, f"/dossiers/{hidden}"), address(table, f"/dossiers/{hidden}/fichiers/{hidden_file}"),
        address(table, f"/dossiers/{shown}/fichiers/{hidden_file}"), f"/dossiers/{hidden}",
        f"/dossiers/{hidden}/fichiers/{hidden_file}", f"/dossiers/{shown}/fichiers/{hidden_file}",
    ):  # fmt: skip
        assert ann.get(path).status_code == 404
    for way in ("/dossier", "/annexes"):
        own, others = ann.get(address(table, way)), bob.get(address(table, way))
        assert (own.status_code, others.status_code) == (200, 200)
        assert (TITLES[0] in bookmarks(own.content), TITLES[1] in bookmarks(own.content)) == (True, False)
        assert TITLES[1] in bookmarks(others.content)
    assert ann.get(address(table, f"/dossiers/{shown}")).status_code == 200
    assert ann.get(address(table, f"/dossiers/{shown}/fichiers/{open_file}")).content == pdf(TITLES[0])
    assert bob.get(address(table, f"/dossiers/{hidden}/fichiers/{hidden_file}")).status_code == 200


def test_who_prepares_and_sits_with_an_interest_gets_no_file_that_tells_of_the_case(browser, table, shelf):
    (_, hidden_case), _ = two_cases(table, shelf)
    desk, lea = browser.desk, browser.as_person(LEA)
    lea.post(address(table, "/dossier"))
    assert lea.get(address(table, "/annexes")).status_code == 200
    everybodys = desk.value("SELECT id FROM packets")
    made = [row[0] for row in desk.rows("SELECT id FROM files WHERE committee_id = %(c)s", c=table.committee)]
    desk.run(
        "INSERT INTO committee_members (committee_id, person_id, role) VALUES (%(c)s, %(p)s, 'expert')",
        c=table.committee, p=table.person("lea"),
    )  # fmt: skip
    assert declare(lea, table, hidden_case).status_code == 303

    page = lea.get(address(table)).text

    assert TITLES[1] not in page
    assert reference(table, hidden_case) not in page
    assert f"/exemplaires/{everybodys}" not in page
    assert lea.get(address(table, f"/exemplaires/{everybodys}")).status_code == 404
    assert lea.get(address(table, f"/exemplaires/{everybodys}/pdf")).status_code == 404
    assert [lea.get(address(table, f"/fichiers/{file}")).status_code for file in made] == [404] * len(made)
    assert lea.get(address(table, "/dossier")).status_code == 404
    assert TITLES[1] not in bookmarks(lea.get(address(table, "/annexes")).content)


def test_a_file_is_kept_under_its_name_and_never_shown_in_our_name(browser, table, shelf):
    (case, _), (file, _) = two_cases(table, shelf)

    answer = browser.as_person(BOB).get(address(table, f"/dossiers/{reference(table, case)}/fichiers/{file}"))

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"Jardin partag_.pdf\"; filename*=UTF-8''Jardin%20partag%C3%A9.pdf"
    )
    assert answer.headers["content-security-policy"].startswith("sandbox")


def test_anothers_sitting_is_like_one_that_does_not_exist(browser, table, shelf):
    (case, _), (file, _) = two_cases(table, shelf)
    paul = browser.as_person("paul@ville.example")  # a funder who sits nowhere
    told = []
    for sitting in (table.committee, 999_999):
        for rest in ("", "/interets", "/dossier", "/annexes", f"/dossiers/{reference(table, case)}",
                     f"/dossiers/{reference(table, case)}/fichiers/{file}", "/proces-verbal"):  # fmt: skip
            answer = paul.get(f"/seances/{sitting}{rest}")
            told.append((answer.status_code, hashlib.sha256(answer.content).hexdigest()))

    assert set(told) == {told[0]}
    assert told[0][0] == 404


def test_a_case_of_another_agenda_is_not_shown_through_this_one(browser, table):
    case = table.other("etouvie").cases(1)[0]

    assert (
        browser.as_person(BOB).get(address(table, f"/dossiers/{reference(table, case)}")).status_code == 404
    )


def test_a_declaration_is_changed_until_the_session(browser, table, shelf):
    (first, second), _ = two_cases(table, shelf)
    ann = browser.as_person(ANN)
    declare(ann, table, first)

    page = ann.get(address(table, "/interets")).text
    assert "Vous pouvez changer votre déclaration" in page
    assert f'name="deja" value="{first}"' in page
    ann.post(address(table, "/interets"), {"deja": first, "dossier": second, f"lien_{second}": "Voisine"})

    kept = table.desk.rows("SELECT case_id FROM interests WHERE status <> 'dismissed'")
    assert kept == [(second,)]
    assert ann.get(address(table, f"/dossiers/{reference(table, first)}")).status_code == 200


def test_the_secretary_builds_the_packet_and_reads_what_changed(browser, table, shelf):
    (case, _), _ = two_cases(table, shelf)
    lea = browser.as_person(LEA)
    lea.post(address(table, "/dossier"), {"sans_lettre": "oui"})
    table.desk.run(
        "UPDATE fundings SET proposed_cents = 123400, opinion = 'favourable' WHERE case_id = %(c)s", c=case
    )
    lea.post(address(table, "/dossier"))

    page = lea.get(address(table)).text

    found = re.search(r'href="(/seances/\d+/exemplaires/\d+)">2<', page)
    assert found
    version = unescape(lea.get(found[1]).text)
    assert reference(table, case) in version
    assert "depuis la version 1" in version
    assert lea.get(found[1] + "/pdf").content.startswith(b"%PDF")
    assert "Version 2," in page.replace("\u202f", " ")
    read_here = lea.get(address(table, "/dossier/apercu?page=2")).text
    assert "data:image/png;base64,iVBOR" in read_here
    assert "page 2 sur" in read_here


def test_a_packet_being_built_says_how_far_it_is_and_is_not_begun_twice(browser, table, shelf):
    two_cases(table, shelf)
    workshop = browser.app.state.workshop
    lea = browser.as_person(LEA)
    assert workshop.begin(table.committee)

    lea.post(address(table, "/dossier"))

    assert "Établissement en cours" in lea.get(address(table)).text
    assert table.desk.rows("SELECT 1 FROM packets") == []

    def failing(progress: packets.Progress) -> None:
        progress(1, 3)
        assert "1 exemplaires sur 3" in lea.get(address(table)).text
        raise OSError("no space left")

    workshop.run(table.committee, failing)
    assert "n’a pas abouti" in lea.get(address(table)).text
    lea.post(address(table, "/dossier"))
    assert len(table.desk.rows("SELECT 1 FROM packets")) == 1


def test_the_journal_of_a_sitting_is_told_in_plain_words(browser, table, shelf):
    (_, case), _ = two_cases(table, shelf)
    lea = browser.as_person(LEA)
    declare(browser.as_person(ANN), table, case)
    lea.post(address(table, "/ordre-du-jour/clore"))
    lea.post(address(table, "/ordre-du-jour/rouvrir"), {"motif": "Un dossier oublié"})

    page = lea.get(address(table)).text

    assert f"Ann : {reference(table, case)}" in page.replace("\u202f", " ")
    assert "Motif : Un dossier oublié" in page.replace("\u202f", " ")
    assert "Journal de la séance" not in browser.as_person(BOB).get(address(table)).text


def test_the_secretary_changes_when_and_where_a_sitting_takes_place(browser, table):
    lea = browser.as_person(LEA)
    said = {
        "jour": "2026-09-22",
        "heure": "09:15",
        "salle": "Salle du Congrès",
        "visio": "https://visio.example/a",
    }

    for name, value in (("heure", "neuf heures"), ("visio", "ftp://visio"), ("jour", "2026-02-30")):
        wrong = lea.post(address(table, "/ordre-du-jour/modifier"), {**said, name: value})
        assert wrong.status_code == 422
    assert lea.post(address(table, "/ordre-du-jour/modifier"), said).status_code == 303

    page = lea.get(address(table)).text
    assert "22 septembre 2026" in page
    assert "Salle du Congrès" in page


def test_a_cancelled_sitting_passes_its_cases_on_with_the_reason(browser, table):
    [case] = table.cases(1)
    lea = browser.as_person(LEA)

    assert lea.post(address(table, "/ordre-du-jour/annuler"), {"motif": " "}).status_code == 409
    assert lea.post(address(table, "/ordre-du-jour/annuler"), {"motif": "Salle inondée"}).status_code == 303

    assert table.desk.value("SELECT committee_id FROM cases WHERE id = %(c)s", c=case) == table.sitting(
        "copil", 1
    )
    assert "annulée" in lea.get(address(table)).text


def test_sittings_are_filtered_by_committee(browser, table):
    lea = browser.as_person(LEA)

    everything = lea.get("/seances").text
    some = lea.get("/seances?comite=Comité de pilotage").text

    assert ">Comité d’Étouvie</a>" in everything
    assert ">Comité d’Étouvie</a>" not in some
    assert ">Comité de pilotage</a>" in some
