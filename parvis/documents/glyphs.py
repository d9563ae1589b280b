"""Which characters the typefaces of documents can show, read from the typeface itself."""

import struct
from functools import cache
from pathlib import Path

import font_source_sans_pro

FAMILY = "Source Sans Pro"
STYLES = ("Regular", "Semibold", "Bold")
"""The styles documents use, all with the same characters (a test compares them)."""

MISSING = "□"
"""What stands for a character no typeface has. It comes from the typeface the typesetter carries, DejaVu Sans Mono."""

_SYMBOLS = (
    (0x2190, 0x21FF),
    (0x2260, 0x2269),
    (0x2500, 0x262F),
    (0x270C, 0x2727),
    (0x2761, 0x2767),
    (0x2798, 0x27AF),
)
"""Arrows, comparisons, boxes, bullets, ticks: also in DejaVu Sans Mono (a test has them all typeset)."""  # fmt: skip

_INVISIBLE = (0x0A, 0x200B, 0x2060)
"""Shown as nothing: a line end, a place to break, a place not to."""


def typeface_files() -> tuple[Path, ...]:
    """The files of the typeface, one a style."""
    folder = Path(font_source_sans_pro.font_directory)
    return tuple(folder / f"SourceSansPro-{style}.otf" for style in STYLES)


@cache
def shown_characters() -> frozenset[int]:
    """The code points documents can show."""
    symbols = (point for low, high in _SYMBOLS for point in range(low, high + 1))
    own = (point for point in characters_of(typeface_files()[0]) if not _is_private(point))
    return frozenset(own) | frozenset(symbols) | frozenset(_INVISIBLE)


def characters_of(file: Path) -> frozenset[int]:
    """The code points a typeface file maps to a glyph (OpenType, table `cmap`)."""
    data = file.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4sLLL", data, 12 + 16 * index) for index in range(tables))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (encodings,) = struct.unpack_from(">H", data, start + 2)
    points: set[int] = set()
    for index in range(encodings):
        (offset,) = struct.unpack_from(">L", data, start + 4 + 8 * index + 4)
        points |= _mapped(data, start + offset)
    return frozenset(points)


def _mapped(data: bytes, start: int) -> set[int]:
    (kind,) = struct.unpack_from(">H", data, start)
    if kind == 12:
        (count,) = struct.unpack_from(">L", data, start + 12)
        groups = (struct.unpack_from(">LL", data, start + 16 + 12 * index) for index in range(count))
        return {point for low, high in groups for point in range(low, high + 1)}
    if kind == 4:
        (doubled,) = struct.unpack_from(">H", data, start + 6)
        ends = struct.unpack_from(f">{doubled // 2}H", data, start + 14)
        starts = struct.unpack_from(f">{doubled // 2}H", data, start + 16 + doubled)
        segments = zip(starts, ends, strict=True)
        return {point for low, high in segments for point in range(low, high + 1) if point != 0xFFFF}
    return set()


def _is_private(point: int) -> bool:
    """Whether the sign means only what two parties agreed on: an archive (PDF/A-2a) refuses it."""
    return 0xE000 <= point <= 0xF8FF or point >= 0xF0000
