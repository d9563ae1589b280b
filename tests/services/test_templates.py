"""A call's own letters: read from files, checked before they are kept, used when the letter is written."""

from datetime import timedelta
from pathlib import Path

import pytest

from parvis.notifications.render import Source
from parvis.services import templates
from parvis.services.letters import claim_due
from tests.services.desk import Desk, moment

TEXT = "Objet : Bien reçu : {{ case.reference }}\n\nBonjour {{ organisation.name }},\nMerci.\n"
HTML = "<p>Bonjour {{ organisation.name }}, merci.</p>\n"


def write(folder: Path, text: str = TEXT, html: str = HTML, stem: str = "acknowledge.fr") -> Path:
    (folder / f"{stem}.txt").write_text(text, encoding="utf-8")
    (folder / f"{stem}.html").write_text(html, encoding="utf-8")
    return folder


def test_a_call_writes_its_receipts_its_own_way(desk: Desk, tmp_path: Path) -> None:
    own = templates.read_folder(write(tmp_path))
    desk.submitted_case()

    with desk.database.transaction() as session:
        templates.keep(session, 1, own)
        claim_due(session, by="test", at=moment("2026-06-01 10:00"), lease=timedelta(minutes=10), limit=1)

    subject, body = desk.rows("SELECT subject, body_text FROM letters")[0]
    assert str(subject).replace("\u202f", " ") == "Bien reçu : ANNUEL-2026-00001"
    assert "Bonjour Association Exemple,\nMerci." in str(body)


def test_a_template_is_read_as_its_two_files_say(tmp_path: Path) -> None:
    [own] = templates.read_folder(write(tmp_path))

    assert own.source == Source(
        "Bien reçu : {{ case.reference }}", "Bonjour {{ organisation.name }},\nMerci.", HTML.rstrip("\n")
    )


@pytest.mark.parametrize(
    ("text", "html", "stem", "place"),
    [
        (TEXT.replace("Merci.", "{{ secret }}"), HTML, "acknowledge.fr", ("acknowledge.fr.txt", 4)),
        (TEXT, "<p>{{ organisation.name|safe }}</p>", "acknowledge.fr", ("acknowledge.fr.html", 1)),
        (
            TEXT.replace("{{ case.reference }}", "{{ case.__class__ }}"),
            HTML,
            "acknowledge.fr",
            ("acknowledge.fr.txt", 1),
        ),
        (TEXT, HTML, "merci.fr", ("merci.fr.txt", 0)),
        (TEXT, HTML, "acknowledge.de", ("acknowledge.de.txt", 0)),
    ],
)
def test_a_template_that_cannot_be_used_is_named_with_its_line(
    tmp_path: Path, text: str, html: str, stem: str, place: tuple[str, int]
) -> None:
    with pytest.raises(templates.TemplateFolderError) as refused:
        templates.read_folder(write(tmp_path, text, html, stem))

    assert [(one.file, one.line) for one in refused.value.problems] == [place]
    assert refused.value.problems[0].sentence.fr


def test_a_letter_without_its_page_is_named(tmp_path: Path) -> None:
    (tmp_path / "acknowledge.fr.txt").write_text(TEXT, encoding="utf-8")

    with pytest.raises(templates.TemplateFolderError) as refused:
        templates.read_folder(tmp_path)

    assert refused.value.problems[0].file == "acknowledge.fr.html"


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "acknowledge.fr.txt").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(templates.TemplateFolderError) as refused:
        templates.read_folder(tmp_path)

    assert refused.value.problems[0].file == "acknowledge.fr.txt"
