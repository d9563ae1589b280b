"""Zips and XML made to harm: refused by what they declare, before anything is unpacked or believed."""

import io
import struct
import zipfile

import pytest

from tests.services.imports.samples import DATA, GOOD, ods_of, ods_texts, refusal, with_parts

SHEET = "xl/worksheets/sheet1.xml"
BASE = (DATA / "bad_files" / "xl02_1904.xlsx").read_bytes()


def test_a_part_that_unpacks_two_hundred_times_larger_is_a_bomb():
    assert refusal(with_parts(BASE, {SHEET: b" " * 50_000_000})).code == "archive_bomb"


def test_a_thousand_parts_of_a_bomb_are_a_bomb():
    content = with_parts(BASE, {f"xl/{n}.txt": b"x" for n in range(2_500)})

    assert refusal(content).code == "archive_bomb"


def test_entries_that_share_their_bytes_are_refused():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("a.xml", b"<a/>")
        archive.writestr("b.xml", b"<b/>")
        archive.filelist[1].header_offset = archive.filelist[0].header_offset
    content = written.getvalue()

    assert refusal(content).code == "archive_overlap"


@pytest.mark.parametrize(
    "name", ["../up.xml", "xl/../../up.xml", "/etc/passwd", "C:/x.xml", "xl\\..\\up.xml", "xl/a\x00.xml"]
)
def test_a_name_that_leaves_the_archive_is_refused(name: str):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        entry = zipfile.ZipInfo("placeholder")
        entry.filename = entry.orig_filename = name
        archive.writestr(entry, b"x")

    assert refusal(written.getvalue()).code == "archive_path"


def test_the_same_name_twice_is_refused():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("XL/workbook.xml", b"<b/>")

    assert refusal(written.getvalue()).code == "file_corrupt"


def test_a_protected_part_says_to_remove_the_password():
    content = bytearray(BASE)
    at = content.index(b"PK\x01\x02")
    flags = struct.unpack_from("<H", content, at + 8)[0]
    struct.pack_into("<H", content, at + 8, flags | 1)

    assert refusal(bytes(content)).code == "file_encrypted"


def test_a_changed_byte_is_found():
    content = bytearray(BASE)
    content[content.index(b"xl/workbook.xml") + 40] ^= 0xFF

    assert refusal(bytes(content)).code == "file_corrupt"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("part", [SHEET, "docProps/app.xml", "customXml/item1.xml"])
def test_a_document_type_in_any_part_and_any_encoding_is_refused(encoding: str, part: str):
    xml = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY e "x">]><w>&e;</w>'.encode(encoding)

    assert refusal(with_parts(BASE, {part: xml})).code == "xml_dtd"


@pytest.mark.parametrize(
    "part", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml", "xl/_rels/vbaProject.bin.rels"]
)
def test_a_workbook_that_could_run_something_is_refused(part: str):
    assert refusal(with_parts(BASE, {part: b"<a/>"})).code == "file_macro"


def test_a_macro_in_an_open_document_is_refused():
    rows = ods_texts(list(GOOD)) + ods_texts(list(GOOD.values()))

    content = ods_of(('table:name="A"', rows), extra={"Basic/Standard/Module1.xml": b"<a/>"})

    assert refusal(content).code == "file_macro"


@pytest.mark.parametrize("extra", ["word/document.xml", "ppt/presentation.xml"])
def test_another_kind_of_document_is_refused_even_with_a_workbook_inside(extra: str):
    assert refusal(with_parts(BASE, {extra: b"<a/>"})).code == "file_type"


@pytest.mark.parametrize("xml", [b"", b"<worksheet>", b"<a></b>", b"\x00\x01"])
def test_xml_that_is_not_well_formed_is_a_damaged_file(xml: bytes):
    assert refusal(with_parts(BASE, {SHEET: xml})).code == "file_corrupt"


def test_a_link_out_of_the_workbook_is_not_taken_for_a_sheet():
    rels = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        b'Type="x/worksheet" Target="http://127.0.0.1:9/sheet.xml" TargetMode="External"/></Relationships>'
    )

    assert refusal(with_parts(BASE, {"xl/_rels/workbook.xml.rels": rels})).code == "file_no_rows"
