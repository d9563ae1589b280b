"""Dossiers of Démarche numérique become cases: once, page by page, from where one stopped, each with its files."""

import json
from datetime import date

import pytest

from parvis.models.queries.demarches import read_sync, refusals
from parvis.services.demarches.failing import Why
from parvis.services.portals.settling import view
from parvis.states.stages import Action
from tests.services.demarches.conftest import AMOUNT, TITLE, House
from tests.services.desk import moment
from tests.services.files.samples import pdf


def change(house: House, number: int, at: str, **champs: object) -> None:
    for champ in house.there.add(number, at, champs=champs)["champs"]:
        if "files" in champ:
            champ["files"] = []  # another test's subject


def test_the_real_dossier_makes_a_complete_case_with_its_files_once(house: House):
    done = house.run()

    assert (done.round.created, done.round.refused, done.round.stopped) == (("ANNUEL-2026-00001",), {}, None)
    assert (done.round.files.kept, done.round.files.owed) == (2, 0)
    desk = house.desk
    assert desk.rows(
        "SELECT c.external_id, c.source, c.title, c.requested_cents, c.total_cost_cents, c.starts_on, c.ends_on,"
        " c.deposited_on, c.stage, c.contact ->> 'name', c.contact ->> 'email' FROM cases c"
    ) == [
        ("7", "demarche", "Réfection du toit de l'école", 234_990, 25_688_800, date(2025, 1, 15), date(2025, 5, 16),
         date(2024, 10, 16), "submitted", "Gulhar", "alban.gulhar@example.net"),
    ]  # fmt: skip
    assert desk.rows("SELECT siret, name, phone, address FROM organisations") == [
        ("21670449400014", "COMMUNE DE SCHIRRHEIN", "01 23 45 67 89",
         "COMMUNE DE SCHIRRHEIN, 89 RUE PRINCIPALE, 67240 SCHIRRHEIN, FRANCE"),
    ]  # fmt: skip
    assert desk.rows(
        "SELECT f.code, g.requested_cents FROM fundings g JOIN funders f ON f.id = g.funder_id"
    ) == [("etat", 234_990)]
    assert desk.rows("SELECT document_code, name FROM files ORDER BY id") == [
        ("statuts", "exemple.pdf"), (None, "exemple (2).pdf"),
    ]  # fmt: skip
    assert desk.rows("SELECT code FROM documents WHERE received_at IS NOT NULL") == [("statuts",)]
    assert desk.letters(1, "acknowledge") == 1
    with desk.database.transaction() as session:
        shown = view(session, 1)
    assert shown
    assert shown.status
    assert (shown.platform.fr, shown.status.fr) == ("Démarche numérique", "en construction")


def test_the_same_dossier_read_again_changes_nothing(house: House):
    house.run()
    held = [house.desk.rows(f"SELECT * FROM {table}") for table in ("cases", "files", "journal")]

    again = house.run(at="2026-06-02", anew=True)

    assert (again.round.created, again.round.unchanged, again.round.files.kept) == ((), 1, 0)
    assert held == [house.desk.rows(f"SELECT * FROM {table}") for table in ("cases", "files", "journal")]


def test_a_dry_run_says_what_would_come_and_leaves_nothing(house: House):
    done = house.run(dry_run=True)

    assert done.round.created == ("ANNUEL-2026-00001",)
    for table in ("cases", "organisations", "demarche_syncs", "demarche_files"):
        assert house.desk.value(f"SELECT count(*) FROM {table}") == 0
    assert house.run().round.created == ("ANNUEL-2026-00001",)


def test_a_round_goes_on_from_the_page_where_the_platform_stopped_it_and_the_next_asks_what_changed(
    house: House,
):
    for number in range(8, 12):
        change(house, number, f"2026-05-2{number - 7}T08:00:00Z")
    house.there.answers_next = [(429, {"retry-after": "7"})]
    first = house.run(page=2)
    assert (len(first.round.created), house.there.waits) == (5, [7.0])
    assert [asked["after"] for asked in house.there.names("parvisDossiers")] == [None, "2", "4"]

    for number in (12, 13, 14):
        change(house, number, f"2026-06-0{number - 10}T09:00:00Z")
    house.there.asked.clear()
    house.there.stops_after = 1
    stopped = house.run(at="2026-06-05", page=2)
    assert stopped.round.stopped
    assert (stopped.round.stopped.why, len(stopped.round.created)) == (Why.AWAY, 2)

    house.there.stops_after = None
    house.there.asked.clear()
    resumed = house.run(at="2026-06-06", page=2)

    assert (len(resumed.round.created), resumed.round.stopped) == (1, None)
    [asked] = house.there.names("parvisDossiers")
    assert asked["after"] == "2"
    assert str(asked["since"]).startswith("2026-06-01T06:50:00")
    with house.desk.database.transaction() as session:
        sync = read_sync(session, house.desk.value("SELECT id FROM calls"))
    assert sync
    assert (sync.begun_at, sync.cursor, sync.since) == (None, "", moment("2026-06-05 08:50"))


def test_what_the_applicant_changes_or_deletes_there_is_followed_or_shown(house: House):
    house.run()
    change(house, 7, "2026-06-02T09:00:00Z", **{TITLE: {"stringValue": "Réfection du préau"}})

    assert house.run(at="2026-06-03").round.updated == ("ANNUEL-2026-00001",)
    assert house.desk.value("SELECT title FROM cases") == "Réfection du préau"

    house.desk.move(1, Action.CHECK_ELIGIBILITY, at="2026-06-03")
    change(house, 7, "2026-06-04T09:00:00Z", **{AMOUNT: {"decimalNumber": 5000.0}})
    assert house.run(at="2026-06-05").round.diverging == ("ANNUEL-2026-00001",)
    assert house.desk.value("SELECT requested_cents FROM cases") == 234_990

    house.there.deleted = [
        {"id": "d", "number": 7, "reason": "user_request"},
        {"id": "e", "number": 99, "reason": "x"},
    ]
    assert house.run(at="2026-06-06").round.deleted == ("ANNUEL-2026-00001",)
    assert house.run(at="2026-06-07").round.deleted == ()
    with house.desk.database.transaction() as session:
        shown = view(session, 1)
    assert shown
    assert next(each.theirs.fr for each in shown.differences) == "supprimé par l’usager"
    assert house.desk.stage(1) == "submitted"
    assert house.desk.rows("SELECT kind FROM tasks WHERE done_at IS NULL") == [("portal",)]


def test_a_dossier_that_is_wrong_keeps_no_other_out_and_comes_in_once_corrected(house: House):
    change(house, 8, "2026-05-21T08:00:00Z", **{AMOUNT: {"decimalNumber": None, "stringValue": ""}})
    house.there.add(
        9, "2026-05-22T08:00:00Z", demandeur={"__typename": "PersonnePhysique", "nom": "A", "prenom": "B"}
    )
    house.there.add(10, "2026-05-23T08:00:00Z", dateDepot="2023-10-16T10:09:32+02:00")
    [renamed] = [c for c in house.there.add(11, "2026-05-24T08:00:00Z")["champs"] if c["label"] == TITLE]
    renamed["label"] = "Titre"

    done = house.run()

    assert done.round.created == ("ANNUEL-2026-00001",)
    told = {
        number: [(p.line, p.column, p.code) for p in problems]
        for number, problems in done.round.refused.items()
    }
    assert told == {
        8: [(8, AMOUNT, "required")], 9: [(9, "demandeur", "required")],
        10: [(10, "dateDepot", "early_submission")], 11: [(11, TITLE, "demarche_field")],
    }  # fmt: skip
    with house.desk.database.transaction() as session:
        kept = refusals(session, house.desk.value("SELECT id FROM calls"))
    assert [each.number for each in kept] == [8, 9, 10, 11]
    assert "Intitulé du projet" in json.dumps(kept[3].problems[0], ensure_ascii=False)

    tasks = "SELECT recipient FROM tasks WHERE kind = 'import' AND done_at IS NULL"
    assert house.desk.rows(tasks) == [("manager",)]

    house.there.dossiers[8] |= {"champs": house.there.dossiers[7]["champs"]}
    del house.there.dossiers[9]
    again = house.run(at="2026-06-02")

    assert again.round.created == ("ANNUEL-2026-00002",)
    assert sorted(again.round.refused) == [10, 11]
    del house.there.dossiers[10], house.there.dossiers[11]
    house.run(at="2026-06-03")
    assert house.desk.rows(tasks) == []


def test_files_are_looked_at_as_any_other_and_fetched_again_when_they_fail(house: House):
    names = ("trop.pdf", "faux.pdf", "abime.pdf")
    champ = next(c for c in house.there.dossiers[7]["champs"] if c.get("files"))
    template = champ["files"][0]
    champ["files"] = [
        {**template, "filename": name, "url": f"{house.there.address}/fichiers/{name}"} for name in names
    ]
    house.there.keep("trop.pdf", pdf())
    house.there.keep("faux.pdf", b"<html>bonjour</html>")
    house.there.keep("abime.pdf", pdf())
    champ["files"][0]["byteSize"] = "99000000"
    house.there.files["abime.pdf"] = pdf() + b"% coupe"

    done = house.run()

    assert (done.round.files.kept, done.round.files.refused, done.round.files.owed) == (1, 2, 1)
    titles = house.desk.rows("SELECT title_fr FROM tasks ORDER BY id")
    assert [name in title for name, (title,) in zip(("trop.pdf", "faux.pdf"), titles, strict=True)] == [
        True,
        True,
    ]
    champ["files"][2]["url"] = f"{house.there.address}/fichiers/bon.pdf"
    house.there.files["bon.pdf"] = pdf()

    again = house.run(at="2026-06-02")

    assert (again.round.files.kept, again.round.files.owed) == (1, 0)
    assert house.desk.value("SELECT count(*) FROM files WHERE name = 'abime.pdf'") == 1


@pytest.mark.parametrize(("status", "why"), [(403, Why.TOKEN), (404, Why.NONSENSE), (504, Why.AWAY)])
def test_what_stops_the_platform_is_said_with_what_to_do(house: House, status: int, why: Why):
    house.there.answers_next = [(status, {})] * 3

    done = house.run()

    assert done.round.stopped
    assert done.round.stopped.why is why
    assert "{" not in done.round.stopped.sentence.fr
