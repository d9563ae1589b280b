"""`parvis report`: a report goes from the paper to its acceptance, typed by somebody who has it on the desk."""

import json

from tests.services.test_reports import funded

REFERENCE = "ANNUEL-2026-00001"
AS = ("--role", "instructor")


def test_a_report_on_paper_is_received_sent_back_accepted_and_read(desk, terminal):
    funded(desk)

    def run(*words):
        return terminal("report", *words, "--json")

    (awaited,) = json.loads(run("list").out)["reports"]
    assert (awaited["reference"], awaited["state"], awaited["due_on"]) == (REFERENCE, "asked", "2027-06-30")
    figures = ("--done", "641=7 500,00", "--people", "80", "--qpv-share", "75")
    assert run("receive", REFERENCE, *AS, "--done", "999=1").code != 0
    assert run("receive", REFERENCE, *AS, "--done", "641=6000").code == 0
    assert run("corrections", REFERENCE, *AS).code != 0
    assert run("corrections", REFERENCE, *AS, "--reason", "Le compte 641.").code == 0
    assert run("receive", REFERENCE, *AS, *figures).code == 0
    assert run("accept", REFERENCE, *AS).code == 0

    (report,) = json.loads(run("show", REFERENCE).out)["reports"]
    assert (report["state"], report["spent_cents"], report["per_person_cents"]) == (
        "accepted",
        750_000,
        9_375,
    )
    assert [line["gap_percent"] for line in report["lines"]] == [-100.0, -6.3, -100.0, -100.0]
    assert "accepté" in terminal("report", "show", REFERENCE, "--lang", "fr").out


def test_an_interim_report_is_asked_for_received_corrected_and_accepted(desk, terminal):
    case = funded(desk)

    def run(*words):
        return terminal("report", *words, "--json")

    assert run("accept", REFERENCE, *AS, "--interim").code != 0
    assert run("ask", REFERENCE, *AS, "--due", "2027-03-31").code == 0
    assert {(each["kind"], each["due_on"]) for each in json.loads(run("list").out)["reports"]} == {
        ("interim", "2027-03-31"), ("final", "2027-06-30"),
    }  # fmt: skip
    assert run("receive", REFERENCE, *AS, "--interim", "--done", "641=3000", "--people", "40").code == 0
    assert run("corrections", REFERENCE, *AS, "--interim", "--reason", "Les dates.").code == 0
    assert run("receive", REFERENCE, *AS, "--interim").code == 0
    assert run("accept", REFERENCE, *AS, "--interim").code == 0
    assert run("ask", REFERENCE, *AS).code == 0
    assert run("waive", REFERENCE, *AS, "--reason", "Deux suffisent.").code == 0

    rows = desk.rows("SELECT kind, state, people FROM reports WHERE case_id = %(id)s ORDER BY id", id=case)
    assert rows == [("final", "asked", None), ("interim", "accepted", 40), ("interim", "waived", None)]
    assert "bilan intermédiaire" in terminal("report", "show", REFERENCE, "--lang", "fr").out
