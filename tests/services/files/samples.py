"""Small files of every accepted type, made on the spot, and hostile ones made as their entry says."""

import io
import struct
import zipfile
import zlib

import docx
import openpyxl
import pikepdf

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def pdf(pages: int = 1) -> bytes:
    """A PDF of blank A4 pages."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    return _saved(made)


def encrypted_pdf() -> bytes:
    """A PDF nobody opens without its password."""
    made = pikepdf.new()
    made.add_blank_page()
    out = io.BytesIO()
    made.save(out, encryption=pikepdf.Encryption(owner="o", user="u"), deterministic_id=False)
    return out.getvalue()


def png(width: int = 40, height: int = 30, *, claimed: tuple[int, int] | None = None) -> bytes:
    """A grey PNG; `claimed` is the size its header says."""
    rows = b"".join(b"\x00" + bytes([200]) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", *(claimed or (width, height)), 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def jpeg() -> bytes:
    """A JPEG of 16 by 8 grey pixels, baseline, with the standard tables cut to what it needs."""
    quantisation = b"\xff\xdb\x00\x43\x00" + bytes([1]) * 64
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 8, 16) + b"\x01\x01\x11\x00"
    huffman = b"".join(
        b"\xff\xc4\x00\x14" + bytes([table]) + b"\x01" + bytes(15) + b"\x00" for table in (0x00, 0x10)
    )
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x00"
    return b"\xff\xd8" + quantisation + frame + huffman + scan + b"\xff\xd9"


def word(text: str = "Bonjour") -> bytes:
    """A Word document."""
    made = docx.Document()
    made.add_paragraph(text)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def workbook() -> bytes:
    """An Excel workbook."""
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def odf(kind: str = "text", *, extra: str | None = None) -> bytes:
    """An OpenDocument file as its type demands: its mimetype first."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", "<office:document-content xmlns:office='urn:oasis'/>")
        if extra:
            archive.writestr(extra, "x")
    return out.getvalue()


def with_part(content: bytes, name: str, data: str) -> bytes:
    """An office file with one part more."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, data)
    return out.getvalue()


def _saved(made: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    return out.getvalue()
