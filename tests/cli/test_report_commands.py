"""`parvis report`: a report goes from the paper to its acceptance, typed by somebody who has it on the desk."""

import json

from tests.services.test_reports import funded


def test_a_report_on_paper_is_received_sent_back_accepted_and_read(desk, terminal):
    case = funded(desk)
    reference = desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)

    def run(*words):
        return terminal("report", *words, "--json")

    (awaited,) = json.loads(run("list").out)["reports"]
    assert (awaited["reference"], awaited["state"], awaited["due_on"]) == (reference, "asked", "2027-06-30")
    odd = run("receive", reference, "--role", "instructor", "--done", "999=1")
    assert odd.code != 0
    received = run(
        "receive", reference, "--role", "instructor", "--done", "601=1500", "--done", "641=6 000,00",
        "--people", "80", "--qpv-share", "75",
    )  # fmt: skip
    assert received.code == 0, received.err
    assert run("corrections", reference, "--role", "instructor").code != 0
    assert run("corrections", reference, "--role", "instructor", "--reason", "Le compte 641.").code == 0
    again = (
        "receive",
        reference,
        "--role",
        "instructor",
        "--done",
        "641=7500",
        "--people",
        "80",
        "--qpv-share",
        "75",
    )
    assert run(*again).code == 0
    assert run("accept", reference, "--role", "instructor").code == 0

    (report,) = json.loads(run("show", reference).out)["reports"]
    assert (report["state"], report["spent_cents"], report["per_person_cents"]) == (
        "accepted",
        750_000,
        9_375,
    )
    assert [line["gap_percent"] for line in report["lines"]] == [-100.0, -6.3, -100.0, -100.0]
    assert "accepté" in terminal("report", "show", reference, "--lang", "fr").out
