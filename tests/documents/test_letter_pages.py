"""Letters and acts as PDF: the words of the Word templates, filled in, accessible, archivable, the same of the same."""

from datetime import UTC, datetime

import pytest

from parvis.documents.letter_fields import Fields, TemplateKind, examples
from parvis.documents.letter_pages import letter_data, letter_pdfs
from tests.documents.pdf import structure
from tests.documents.test_packet import HOSTILE

AT = datetime(2026, 12, 11, tzinfo=UTC)


def texts(kind: TemplateKind, fields: Fields) -> str:
    parts = letter_data(kind, fields)["parts"]
    return "\n".join(text for part in parts for text in part.get("texts", []))


def test_every_letter_and_act_is_accessible_archivable_and_the_same_of_the_same():
    asked = [(kind, examples()) for kind in TemplateKind]

    made = letter_pdfs(asked, stamped_at=AT)

    assert [structure(pdf).ua_part for pdf in made] == ["1"] * len(asked)
    assert {structure(pdf).archive for pdf in made} == {"2A"}
    assert made == letter_pdfs(asked, stamped_at=AT)
    assert letter_pdfs([], stamped_at=AT) == []


def test_a_grant_says_its_amounts_its_condition_and_the_remedies():
    said = texts(TemplateKind.GRANT_LETTER, examples())

    assert "une subvention de 28\u202f000,00" in said.replace("\u00a0", "\u202f")
    assert "Ouvrir un créneau le samedi" in said
    assert "Voies et délais de recours" in said
    assert "{" not in said


def test_a_grant_without_condition_does_not_speak_of_one():
    fields = examples()
    fields["decision"] = {**fields["decision"], "conditions": ""}  # type: ignore[dict-item]

    assert "à la condition suivante" not in texts(TemplateKind.GRANT_LETTER, fields)


def test_a_refusal_says_its_reason_and_the_remedies():
    said = texts(TemplateKind.REFUSAL_LETTER, examples())

    assert "Le budget est à préciser." in said
    assert "tribunal administratif" in said


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_stands_in_the_fields_the_letter_is_made(name):
    fields: Fields = {
        group: dict.fromkeys(told, HOSTILE[name])
        if isinstance(told, dict)
        else [dict.fromkeys(row, HOSTILE[name]) for row in told]
        for group, told in examples().items()
    }

    (made,) = letter_pdfs([(TemplateKind.GRANT_LETTER, fields)], stamped_at=AT)

    assert structure(made).archive == "2A"
