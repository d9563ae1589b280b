"""A Word template says what its fields say and nothing else: hostile ones are refused, and never run."""

import base64
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest

from parvis.documents import default_letters, docx_worker
from parvis.documents.amounts_in_words import euros_in_words
from parvis.documents.docx_sandbox import problems_of
from parvis.documents.letter_fields import TemplateKind, examples, paths
from parvis.documents.word_letters import (
    WordTemplateError,
    check_template,
    default_template,
    fill_template,
    fill_templates,
)

BAD = [
    pytest.param(entry["payload"], id=entry["id"])
    for entry in json.loads((Path(__file__).parents[1] / "data" / "bad_inputs.json").read_text("utf-8"))
    if entry["surface"] == "mail.template"
    and entry["expected"] == "reject"
    and entry["id"] not in {"TP-15", "TP-18"}
]  # TP-15 is about the subject of a mail; TP-18, an empty template, has a test of its own


def word(*paragraphs: str, header: str = "", title: str = "") -> bytes:
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    if header:
        made.sections[0].header.paragraphs[0].text = header
    made.core_properties.title = title
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def text(content: bytes) -> str:
    opened = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells])


def codes(content: bytes) -> list[tuple[str, str]]:
    return [(problem["code"], problem["what"]) for problem in check_template(content)]


@pytest.mark.parametrize("kind", TemplateKind)
def test_the_templates_that_come_with_parvis_can_be_used_and_are_in_step_with_their_words(kind):
    """Out of step? `python -m parvis.documents.default_letters` writes them again."""
    assert check_template(default_template(kind)) == []
    assert default_letters.make(kind) == default_template(kind)

    filled = text(fill_template(default_template(kind), examples()))

    assert "Les Ateliers du Pigeonnier" in filled
    assert not {"{{", "{%", "}}", "%}"} & {filled[n : n + 2] for n in range(len(filled))}


def test_a_row_repeats_for_each_funder_and_a_paragraph_goes_with_its_condition():
    fields: dict[str, Any] = examples()
    fields["financeurs"] = [{"nom": f"F{n}", "demande": "", "accorde": f"{n} €"} for n in range(3)]
    fields["decision"]["conditions"] = ""

    filled = text(fill_template(default_template(TemplateKind.GRANT_LETTER), fields))

    assert [name for name in ("F0", "F1", "F2", "F3") if name in filled] == ["F0", "F1", "F2"]
    assert "à la condition suivante" not in filled


def is_refused(payload: str, *before: str) -> None:
    """By the check, and by the filling when it was not checked; both as the process of a template does them."""
    assert docx_worker.check(word(*before, payload)) != []
    asked = {"templates": {"0": base64.b64encode(word(payload)).decode()},
             "documents": [{"template": "0", "fields": examples()}]}  # fmt: skip
    with pytest.raises(ValueError, match="'code'"):
        docx_worker.fill_all(asked)


@pytest.mark.parametrize("payload", BAD)
def test_what_reaches_out_is_refused(payload):
    is_refused(payload, "Bonjour {{ association.nom }}")


def test_a_refusal_is_told_by_the_process_that_reads_the_template():
    reaching = word("{{ association.nom.__class__ }}")

    assert (
        codes(reaching)
        == [(problem["code"], problem["what"]) for problem in docx_worker.check(reaching)]
        != []
    )
    with pytest.raises(WordTemplateError, match="failed"):
        fill_template(reaching, examples())


@pytest.mark.parametrize(
    "payload",
    [
        "{{ association.nom.__class__ }}", "{{ association['nom'].__class__ }}", "{{ cycler.__init__.__globals__ }}",
        "{{ ''.join(['a']) }}", "{{ self }}", "{% set x = 1 %}", "{% macro m() %}{% endmacro %}",
        "{{ association.nom|attr('x') }}", "{{ lipsum() }}", "{{ range(10) }}", "{{ 7 * 7 }}",
        "{{ association.keys() }}",
        "{% for a in financeurs %}" * 3 + "x" + "{% endfor %}" * 3,
        "{% for x in association %}x{% endfor %}", "{% extends 'a' %}", "{% raw %}{% endraw %}{{ x }}",
    ],
)  # fmt: skip
def test_only_fields_conditions_and_loops_over_lists_are_allowed(payload):
    is_refused(payload)


def test_an_unknown_field_is_named_with_its_paragraph_and_the_nearest_known_one():
    (problem,) = check_template(word("Bonjour,", "Votre dossier {{ dossier.intitulé }} est complet."))

    assert problem["code"] == "unknown_field"
    assert problem["what"] == "dossier.intitulé"
    assert problem["near"] == "dossier.intitule"
    assert problem["paragraph"].startswith("Votre dossier {{ dossier.intitulé }}")


def test_every_problem_of_every_part_is_told_once():
    content = word(
        "{{ associaton.nom }} {{ associaton.nom }}",
        "{{ montants.total }}",
        header="{{ expediteur.fax }}",
        title="{{ a }}",
    )

    assert codes(content) == [
        ("unknown_field", "associaton.nom"), ("unknown_field", "montants.total"), ("unknown_field", "expediteur.fax"),
        ("unknown_field", "a"),
    ]  # fmt: skip


def test_a_tag_not_closed_is_told_with_its_paragraph():
    (problem,) = check_template(word("Un.", "Si {% if decision.motif %} oui", "Trois."))

    assert problem["code"] == "syntax"
    assert problem["paragraph"]


def test_a_document_without_a_field_is_no_template():
    assert codes(word("Bonjour.")) == [("no_field", "")]


def test_a_file_its_reader_chokes_on_is_unreadable():
    assert codes(b"PK\x03\x04nothing") == [("unreadable", "failed")]


def test_hard_spaces_that_word_puts_in_a_tag_change_nothing():
    content = word("{{\u00a0association.nom\u202f}}")

    assert check_template(content) == []
    assert "Les Ateliers du Pigeonnier" in text(fill_template(content, examples()))


HOSTILE = (
    "{{ 7*7 }}", "<w:p/>&amp;]]>", "a\x00\x0b\x0c\ud800b", "\u202eexe", "x" * 5_000, "ligne\nautre", "👩‍👩‍👧",
    "{%p endif %}",
)  # fmt: skip


def test_hostile_data_is_written_as_it_is_or_without_its_controls():
    examined: list[dict[str, Any]] = [dict(examples()) for _ in HOSTILE]
    template = word("Bonjour {{ association.nom }}.")
    for fields, hostile in zip(examined, HOSTILE, strict=True):
        fields["association"]["nom"] = hostile

    filled = fill_templates([(template, fields) for fields in examined])

    for document, hostile in zip(filled, HOSTILE, strict=True):
        kept = "".join(char for char in hostile if char not in "\x00\x0b\x0c\ud800\u202e")
        assert f"Bonjour {kept}." in text(document)


def test_the_same_fields_are_the_same_document_to_the_byte():
    first, again = (fill_template(default_template(TemplateKind.AGREEMENT), examples()) for _ in range(2))

    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_every_field_listed_can_be_written():
    groups = [name for name, _ in paths() if "[]" not in name]

    assert check_template(word(*(f"{{{{ {name} }}}}" for name in groups))) == []


@pytest.mark.parametrize(
    ("cents", "said"),
    [
        (0, "zéro euro"), (100, "un euro"), (7_100, "soixante et onze euros"), (8_000, "quatre-vingts euros"),
        (8_100, "quatre-vingt-un euros"), (9_150, "quatre-vingt-onze euros et cinquante centimes"),
        (20_001, "deux cents euros et un centime"), (2_300_000, "vingt-trois mille euros"),
        (8_000_000, "quatre-vingt mille euros"), (20_000_000, "deux cent mille euros"), (100_000, "mille euros"),
        (28_375_02, "vingt-huit mille trois cent soixante-quinze euros et deux centimes"),
        (100_000_000, "un million d’euros"), (2_000_001_00, "deux millions un euros"),
    ],
)  # fmt: skip
def test_amounts_are_written_out_as_french_says_them(cents, said):
    assert euros_in_words(cents) == said


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{{ " + "9" * 5_000 + " }}", "syntax"),
        ("{{ " + "(" * 3_000 + "1" + ")" * 3_000 + " }}", "syntax"),
        ("{{ '\\x00' }}", "not_allowed"),
        ("{% if contrat.nom == '\\ud800' %}x{% endif %}", "not_allowed"),
    ],
)
def test_what_would_choke_the_filling_in_is_told_when_the_template_is_read(source: str, code: str):
    assert [problem["code"] for problem in problems_of(source)] == [code]
