"""Word templates on the command line: listed, explained, checked, kept, tried."""

from pathlib import Path

from tests.documents.test_word_templates import text, word


def test_a_template_is_checked_kept_and_listed(terminal, tmp_path):
    (tmp_path / "refus.docx").write_bytes(word("Bonjour {{ association.nom }}"))

    checked = terminal("template", "check", str(tmp_path / "refus.docx"))
    kept = terminal(
        "template", "upload", "refusal-letter", str(tmp_path / "refus.docx"), "--role", "secretary"
    )
    listed = terminal("template", "list", "--json").json

    assert (checked.code, kept.code) == (0, 0)
    assert "version 1" in kept.said
    assert [(each["kind"], each["name"]) for each in listed["templates"]] == [
        ("refusal_letter", "refus.docx")
    ]
    assert "celui de Parvis" in terminal("template", "list").said


def test_a_bad_template_is_refused_with_the_paragraph_and_the_nearest_field(terminal, tmp_path):
    (tmp_path / "refus.docx").write_bytes(word("Bonjour", "Cher {{ association.non }},"))

    answer = terminal(
        "template", "upload", "refusal-letter", str(tmp_path / "refus.docx"), "--role", "secretary"
    )

    assert answer.code == 5
    assert "Vouliez-vous dire « association.nom »" in answer.said
    assert "paragraphe « Cher {{ association.non }}, »" in answer.said


def test_the_fields_are_listed_with_an_example(terminal):
    said = terminal("template", "fields").said

    assert "dossier.reference" in said
    assert "financeurs[].accorde" in said


def test_a_preview_is_written_where_one_wants_it(desk, terminal, tmp_path):
    desk.submitted_case()

    answer = terminal(
        "template", "preview", "agreement", "ANNUEL-2026-00001", "--to", str(tmp_path / "essai.docx")
    )

    assert answer.code == 0
    assert "Association Exemple" in text(Path(tmp_path / "essai.docx").read_bytes())
