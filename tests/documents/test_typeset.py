"""The typesetter alone: one process a document, with limits, and nothing of the disk but its templates."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from parvis.documents import typeset as engine
from parvis.documents.glyphs import shown_characters
from parvis.documents.typeset import Limits, TypesettingError, typeset

AT = datetime(2026, 11, 25, tzinfo=UTC)
FRAME = """#set document(title: "Essai")
#set text(font: ("Source Sans Pro", "DejaVu Sans Mono"), fallback: false, lang: "fr")
"""


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder of templates of the test's own."""
    folder = tmp_path / "templates"
    folder.mkdir()
    monkeypatch.setattr(engine, "TEMPLATES", folder)

    def write(text: str, name: str = "essai.typ") -> str:
        (folder / name).write_text(FRAME + text, encoding="utf-8")
        return name

    return write


def test_all_characters_said_to_be_shown_are_shown(templates):
    name = templates("#json(bytes(sys.inputs.data)).text")
    text = "".join(f"{chr(point)} " for point in sorted(shown_characters()))

    made = typeset(name, {"text": text}, stamped_at=AT)

    assert made.startswith(b"%PDF")


def test_a_character_no_typeface_has_is_refused_rather_than_left_out(templates):
    with pytest.raises(TypesettingError) as refused:
        typeset(templates("#json(bytes(sys.inputs.data)).text"), {"text": "漢字"}, stamped_at=AT)

    assert refused.value.code == "refused"


@pytest.mark.parametrize("path", ["/etc/passwd", "../secret.txt", "../../../../../etc/passwd"])
def test_a_template_reads_nothing_outside_its_folder(templates, tmp_path, path):
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")

    with pytest.raises(TypesettingError) as refused:
        typeset(templates(f'#read("{path}")'), {}, stamped_at=AT)

    assert refused.value.code == "refused"


def test_no_template_asks_for_a_package_of_the_network():
    sources = [path for path in engine.TEMPLATES.rglob("*.typ") if "@" in path.read_text(encoding="utf-8")]

    assert sources == []
    assert list(engine.TEMPLATES.rglob("*.typ"))


def test_a_typeface_that_is_not_there_is_an_error_and_no_empty_page(templates):
    with pytest.raises(TypesettingError) as refused:
        typeset(templates('#text(font: "Marianne")[Bonjour]'), {}, stamped_at=AT)

    assert "marianne" in refused.value.detail.lower()


def test_a_document_that_takes_too_long_is_given_up(templates):
    with pytest.raises(TypesettingError) as given_up:
        typeset(templates("#{ let n = 0\n while n < 100000000000 { n = n + 1\n if n > 100 { n = 1 } } }"), {},
                stamped_at=AT, limits=Limits(seconds=1))  # fmt: skip

    assert given_up.value.code in {"time", "refused"}


def test_a_document_that_takes_too_much_memory_is_given_up(templates):
    with pytest.raises(TypesettingError) as given_up:
        typeset(
            templates("#let a = range(200000000)\n#a.len()"), {}, stamped_at=AT, limits=Limits(megabytes=400)
        )

    assert given_up.value.code == "memory"


def children() -> set[str]:
    """The processes this one has started and that are still there, ended ones included."""
    listed = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {child for each in listed for child in each.read_text(encoding="ascii").split()}


def test_no_process_and_no_folder_is_left_behind(templates, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = children()  # those of the tests before

    typeset(templates("Bonjour"), {}, stamped_at=AT)

    assert [path.name for path in tmp_path.iterdir()] == ["templates"]
    assert children() <= before


def test_the_day_of_a_document_is_the_one_given(templates):
    name = templates("Bonjour")

    first = typeset(name, {}, stamped_at=AT)
    later = typeset(name, {}, stamped_at=AT.replace(hour=1))

    assert first == typeset(name, {}, stamped_at=AT)
    assert first != later
