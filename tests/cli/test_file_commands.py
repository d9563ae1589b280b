"""Files on the command line: attached, listed, written out, taken off."""

from hashlib import sha256
from pathlib import Path

from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from tests.services.files import samples

CLERK = ("--role", Role.INSTRUCTOR)


def test_a_file_is_attached_listed_and_written_out(desk, terminal, tmp_path):
    desk.submitted_case()
    (tmp_path / "rib.pdf").write_bytes(samples.pdf())

    attached = terminal(
        "case", "attach", "ANNUEL-2026-00001", str(tmp_path / "rib.pdf"), "--document", "rib", *CLERK
    )
    listed = terminal("case", "files", "ANNUEL-2026-00001")
    written = terminal("case", "file", "ANNUEL-2026-00001", "rib.pdf", "--to", str(tmp_path / "copie.pdf"))

    assert "« rib.pdf » ajouté, pièce « rib » reçue" in attached.said
    assert "rib.pdf pièce jointe rib 1 ko" in listed.said
    assert written.code == 0
    assert Path(tmp_path / "copie.pdf").read_bytes() == samples.pdf()


def test_a_refused_file_says_what_to_do(desk, terminal, tmp_path):
    desk.submitted_case()
    (tmp_path / "rib.pdf").write_bytes(b"<html></html>")

    answer = terminal("case", "attach", "ANNUEL-2026-00001", str(tmp_path / "rib.pdf"), *CLERK, "--json")

    assert answer.code == 5
    assert answer.error["code"] == "file_type"
    assert "PDF" in answer.error["sentence"]


def test_a_file_attached_by_mistake_is_taken_off(desk, terminal, tmp_path):
    desk.submitted_case()
    (tmp_path / "photo.png").write_bytes(samples.png())
    terminal("case", "attach", "ANNUEL-2026-00001", str(tmp_path / "photo.png"), *CLERK)

    assert terminal("case", "detach", "ANNUEL-2026-00001", "photo.png", *CLERK).code != 0
    because = ("--reason", "D’une autre association.")
    assert terminal("case", "detach", "ANNUEL-2026-00001", "photo.png", *CLERK, *because).code == 0
    assert terminal("case", "files", "ANNUEL-2026-00001").said == "Aucun fichier dans ce dossier."
    assert terminal("case", "file", "ANNUEL-2026-00001", "photo.png").code == 4


def test_a_file_whose_bytes_are_gone_breaks_the_proof(desk, terminal, tmp_path):
    desk.submitted_case()
    (tmp_path / "photo.png").write_bytes(samples.png())
    terminal("case", "attach", "ANNUEL-2026-00001", str(tmp_path / "photo.png"), *CLERK)
    for kept in (Path(terminal.environment["PARVIS_DATA_FOLDER"]) / "files").rglob("?" * 64):
        kept.unlink()

    answer = terminal("case", "file", "ANNUEL-2026-00001", "photo.png", "--to", str(tmp_path / "x.png"))

    assert answer.code == 7
    assert not (tmp_path / "x.png").exists()


def test_the_attachments_of_a_sitting_are_bound_in_one_volume(desk, terminal, tmp_path):
    desk.case_in_committee()
    (tmp_path / "photo.png").write_bytes(samples.png())
    terminal("case", "attach", "ANNUEL-2026-00001", str(tmp_path / "photo.png"), *CLERK)

    answer = terminal("committee", "annexes", "copil", "2026-09-15", "--to", str(tmp_path), "--json")

    assert answer.code == 0
    assert (tmp_path / "annexes-copil-2026-09-15.pdf").read_bytes()[:5] == b"%PDF-"
    assert answer.json["file"]["kind"] == "annex"


def test_the_files_of_a_sitting_are_listed_and_written_where_one_wants(desk, terminal, tmp_path):
    desk.case_in_committee()
    (tmp_path / "photo.png").write_bytes(samples.png())
    terminal("case", "attach", "ANNUEL-2026-00001", str(tmp_path / "photo.png"), *CLERK)
    none = terminal("committee", "files", "copil/2026-09-15")
    terminal("committee", "annexes", "copil", "2026-09-15", "--to", str(tmp_path))

    listed = terminal("committee", "files", "copil/2026-09-15", "--json").json["files"]
    written = terminal(
        "committee", "file", "copil/2026-09-15", listed[0]["name"], "--to", str(tmp_path / "volume.pdf")
    )
    unknown = terminal("committee", "file", "copil/2026-09-15", "autre.pdf")

    assert "Aucun fichier" in none.said
    assert [one["kind"] for one in listed] == ["annex"]
    assert written.code == 0
    assert sha256((tmp_path / "volume.pdf").read_bytes()).hexdigest() == listed[0]["sha256"]
    assert unknown.code == 4


def test_the_documents_of_a_sitting_are_made_and_kept_with_their_cases(desk, terminal):
    case = desk.case_in_committee()
    desk.hold_session()
    desk.move(case, Action.REJECT, at="2026-09-15", role=Role.SECRETARY, given=Given(reason="Hors sujet."))
    terminal.at = "2026-09-16"

    made = terminal("committee", "documents", "copil", "2026-09-15")
    again = terminal("committee", "documents", "copil", "2026-09-15", "--json")

    assert "Décisions : 1 ; documents établis : 1." in made.said
    assert again.json == {"decisions": 0, "documents": 0}
    assert (
        "lettre-refus-ANNUEL-2026-00001.docx"
        in terminal("case", "files", "ANNUEL-2026-00001", width=140).said
    )


def test_a_signature_is_recorded_shown_and_told(desk, terminal):
    case = desk.case_in_committee()
    desk.hold_session()
    desk.move(case, Action.REJECT, at="2026-09-15", role=Role.SECRETARY, given=Given(reason="Hors sujet."))
    terminal.at = "2026-09-20"
    terminal("committee", "documents", "copil", "2026-09-15")
    name = "lettre-refus-ANNUEL-2026-00001.docx"

    signed = terminal(
        "case",
        "sign",
        "ANNUEL-2026-00001",
        "--document",
        name,
        "--on",
        "18/09/2026",
        "--role",
        "secretary",
        width=200,
    )

    assert f"« {name} » signé le 18/09/2026, SHA-256" in signed.said
    assert "signé le 18/09/2026" in terminal("case", "files", "ANNUEL-2026-00001", width=200).said
    assert "Signature enregistrée" in terminal("case", "history", "ANNUEL-2026-00001", width=200).said
