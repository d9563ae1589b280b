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
