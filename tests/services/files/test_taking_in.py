"""What is taken in and what is refused: names, contents, sizes; every refusal says what to do."""

import json
from pathlib import Path
from typing import Any

import pytest

from parvis.services.file_contents import MOST_PAGES, sniff
from parvis.services.file_names import LONGEST, clean_name, free_name
from parvis.services.files import FileRefusedError, Shelf, attach, checked
from parvis.states.facts import By
from parvis.states.files import MediaType
from parvis.states.stages import Role
from tests.services.desk import Desk, moment
from tests.services.files import samples

DATA = Path(__file__).parents[2] / "data"
ENTRIES: list[dict[str, Any]] = json.loads((DATA / "bad_inputs.json").read_text(encoding="utf-8"))

GENERATED = {
    "FC-06": lambda: ("eicar.txt", samples.EICAR),
    "FC-08": lambda: ("scan.pdf", samples.pdf(MOST_PAGES + 1)),
}


def take(desk: Desk, shelf: Shelf, name: str, content: bytes | Path) -> str:
    case = desk.submitted_case()
    with desk.database.transaction() as session:
        by = By("person:1", Role.INSTRUCTOR)
        return attach(
            session, shelf, case, checked(shelf, name, content), by=by, at=moment("2026-06-02")
        ).name


def entries(surface: str, verdict: str) -> list[Any]:
    return [
        pytest.param(entry, id=entry["id"])
        for entry in ENTRIES
        if entry["surface"].startswith(surface) and entry["expected"] == verdict
    ]


@pytest.mark.parametrize("entry", entries("upload.filename", "reject"))
def test_a_hostile_name_is_refused_with_what_to_do(entry: dict[str, Any]):
    with pytest.raises(FileRefusedError) as refused:
        clean_name(entry["payload"])

    assert refused.value.code == entry["error_code"]
    assert refused.value.sentence.fr.endswith(".")
    assert refused.value.sentence.fr != refused.value.sentence.en


@pytest.mark.parametrize("entry", entries("upload.filename", "accept"))
def test_an_odd_name_is_kept(entry: dict[str, Any]):
    assert clean_name(entry["payload"]) == entry["payload"]


@pytest.mark.parametrize("entry", [*entries("upload.content", "reject"), *entries("upload.docx", "reject"),
                                   *entries("upload.ods", "reject")])  # fmt: skip
def test_a_bad_content_is_refused_with_its_code(entry: dict[str, Any], desk: Desk, tmp_path: Path):
    scanner = tmp_path / "scanner"
    scanner.write_text("#!/bin/sh\n! grep -q EICAR\n", encoding="utf-8")
    scanner.chmod(0o755)
    path = DATA / entry["fixture"] if "fixture" in entry else None
    name, content = (path.name, path.read_bytes()) if path else GENERATED[entry["id"]]()

    with pytest.raises(FileRefusedError) as refused:
        take(desk, Shelf(tmp_path / "files", antivirus=str(scanner)), name, content)

    assert refused.value.code == entry["error_code"]
    assert name in refused.value.sentence.fr
    assert refused.value.sentence.fr.endswith(".")
    assert not (tmp_path / "files").exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Relevé   d’identité.PDF ", "Relevé d’identité.pdf"),
        ("a\u202egpj.exe.pdf", "agpj.exe.pdf"),
        ('devis "2026": <v2>?.docx', "devis _2026__ _v2__.docx"),
        ("CON.txt", "_CON.txt"),
        (".pdf", "fichier.pdf"),
        ("e\u0301tude.odt", "étude.odt"),
        ("x" * 500 + ".png", "x" * (LONGEST - 4) + ".png"),
    ],
)
def test_a_name_is_cleaned(typed: str, kept: str):
    assert clean_name(typed) == kept


@pytest.mark.parametrize("typed", ["rapport", "macro.docm", "page.html", "", ".", "C:\\rib.pdf", "a\x00.pdf"])
def test_a_name_without_an_accepted_ending_is_refused(typed: str):
    with pytest.raises(FileRefusedError) as refused:
        clean_name(typed)

    assert refused.value.code == "filename"


def test_a_name_already_taken_gets_a_number():
    assert free_name("rib.pdf", frozenset({"RIB.pdf", "rib (2).pdf"})) == "rib (3).pdf"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (samples.pdf(), MediaType.PDF),
        (samples.encrypted_pdf(), MediaType.PDF),
        (b"%PDF-1.7\nabout to break", MediaType.PDF),
        (samples.png(), MediaType.PNG),
        (samples.jpeg(), MediaType.JPEG),
        (samples.word(), MediaType.DOCX),
        (samples.workbook(), MediaType.XLSX),
        (samples.odf("text"), MediaType.ODT),
        (samples.odf("spreadsheet"), MediaType.ODS),
        ("Bonjour à tous\r\n".encode(), MediaType.TEXT),
        ("Café à 5 €\n".encode("cp1252"), MediaType.TEXT),
    ],
)
def test_a_type_is_told_by_the_content(content: bytes, found: MediaType):
    assert sniff("x", content) == found


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"MZ\x90\x00\x03", "file_type"),
        (b"<svg onload='alert(1)'/>", "file_type"),
        (b"\x7fELF\x02\x01", "file_type"),
        (b"GIF89a\x01\x00", "file_type"),
        (b"#!/bin/sh\nrm -rf /\n", "file_type"),
        (samples.png(claimed=(20_000, 20_000)), "file_too_large"),
        (b"\x89PNG\r\n\x1a\n", "file_corrupt"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "file_corrupt"),
        ((DATA / "bad_files" / "xl18_vba.xlsm").read_bytes(), "file_macro"),
        (samples.odf("text", extra="Basic/Standard/Module1.xml"), "file_macro"),
        (samples.odf("presentation"), "file_type"),
        (samples.with_part(samples.word(), "word/_rels/settings.xml.rels",
            "<Relationships><Relationship Id='rId1' Type='http://x/attachedTemplate' Target='http://evil.test/t.dotm'"
            " TargetMode='External'/></Relationships>"), "file_type"),
        (samples.word()[:2_000], "file_corrupt"),
    ],
)  # fmt: skip
def test_a_dangerous_or_unknown_content_is_refused(content: bytes, code: str):
    with pytest.raises(FileRefusedError) as refused:
        sniff("pièce", content)

    assert refused.value.code == code
    assert "pièce" in refused.value.sentence.fr


def test_a_file_one_byte_too_heavy_is_refused_and_one_at_the_limit_is_taken(desk, shelf, tmp_path):
    small = Shelf(shelf.folder, most_bytes=1_000)
    heavy = tmp_path / "lettre.txt"

    heavy.write_bytes(b"a" * 1_001)
    with pytest.raises(FileRefusedError) as refused:
        take(desk, small, "lettre.txt", heavy)
    heavy.write_bytes(b"a" * 1_000)

    assert refused.value.code == "file_too_large"
    assert take(desk, small, "lettre.txt", heavy) == "lettre.txt"


def test_a_content_that_is_not_what_its_name_promises_is_refused(desk, shelf):
    with pytest.raises(FileRefusedError) as refused:
        take(desk, shelf, "rib.pdf", samples.png())

    assert refused.value.code == "file_type"
    assert "PNG" in refused.value.sentence.fr


@pytest.mark.parametrize("command", ["/nowhere/scanner", "false-scanner 'unclosed", "sh -c 'exit 2'"])
def test_an_antivirus_that_does_not_answer_lets_nothing_in(command, desk, shelf):
    with pytest.raises(FileRefusedError) as refused:
        take(desk, Shelf(shelf.folder, antivirus=command), "rib.pdf", samples.pdf())

    assert refused.value.code == "file_not_scanned"
