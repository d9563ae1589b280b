"""What strangers may send: real files with something changed in them, at the depth where a parser looks."""

import copy
import io
import json
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

DATA = Path(__file__).parents[1] / "data"


@cache
def known_bad() -> tuple[str, ...]:
    """The hostile texts of the domain."""
    entries = json.loads((DATA / "bad_inputs.json").read_text(encoding="utf-8"))
    return tuple(
        sorted({each.get("payload", "") for each in entries if isinstance(each.get("payload"), str)})
    )


def odd_text() -> st.SearchStrategy[str]:
    """Texts nobody meant: any character, lone surrogates among them, and those of the domain."""
    return st.one_of(
        st.text(max_size=40), st.sampled_from(known_bad()), st.text(st.characters(exclude_categories=()), max_size=8),
        st.sampled_from(["", "0", "-0", "1e400", "NaN", "9" * 5_000, "\0", "\ud800", "=1+1", "2026-02-30", "²", "١٢"]),
    )  # fmt: skip


def odd_value() -> st.SearchStrategy[Any]:
    """What JSON may hold, and more: numbers without end, texts nobody meant, things in things."""
    plain = st.one_of(
        st.none(), st.booleans(), st.integers(), st.integers(-(10**400), 10**400), st.floats(), odd_text(),
        st.dates(), st.decimals(),
    )  # fmt: skip
    return plain | st.lists(plain, max_size=3) | st.dictionaries(odd_text(), plain, max_size=3)


@st.composite
def damaged(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """A real file with some bytes replaced, removed or added, or no file at all."""
    if draw(st.integers(0, 19)) == 0:
        return draw(st.binary(max_size=300))
    content = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        piece = draw(
            st.one_of(
                st.binary(max_size=12), odd_text().map(lambda text: text.encode("utf-8", "surrogatepass"))
            )
        )
        content[at : at + draw(st.integers(0, 12))] = piece
    return bytes(content)


@st.composite
def retyped(draw: st.DrawFn, seeds: tuple[str, ...], marks: str = "\n;,:") -> str:
    """A real text whose words, between `marks`, are dropped, doubled, moved or replaced by texts nobody meant."""
    text = draw(st.sampled_from(seeds))
    pieces = [text]
    for mark in marks:
        pieces = [part for piece in pieces for part in _split(piece, mark)]
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(pieces) - 1))
        match draw(st.integers(0, 3)):
            case 0:
                pieces[at] = draw(odd_text())
            case 1:
                pieces[at] = ""
            case 2:
                pieces[at] *= 2
            case _:
                pieces[at] = draw(st.sampled_from(pieces))
    return "".join(pieces)


def _split(text: str, mark: str) -> list[str]:
    first, *others = text.split(mark)
    return [first, *(part for other in others for part in (mark, other))]


@st.composite
def revalued(draw: st.DrawFn, seed: Any) -> Any:
    """A real value of JSON in which some parts, however deep, are other values or are missing."""
    value = copy.deepcopy(seed)
    for _ in range(draw(st.integers(1, 4))):
        places = list(_places(value))
        if not places:
            return draw(odd_value())
        holder, key = draw(st.sampled_from(places))
        if draw(st.integers(0, 4)) == 0:
            del holder[key]
        else:
            holder[key] = draw(odd_value())
    return value


def _places(value: Any) -> Any:
    """Every place inside a value: what holds it, and under which key."""
    held = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(held):
        yield value, key
        yield from _places(inner)


@st.composite
def repacked(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """A real zip (a workbook, a document) with one of its parts damaged, doubled, renamed or missing."""
    read = zipfile.ZipFile(io.BytesIO(draw(st.sampled_from(seeds))))
    parts = {entry.filename: read.read(entry) for entry in read.infolist()}
    name = draw(st.sampled_from(sorted(parts)))
    match draw(st.integers(0, 7)):
        case 0:
            del parts[name]
        case 1:
            parts[
                draw(odd_text().map(lambda text: text.encode("utf-8", "replace").decode()[:200] or "x"))
            ] = parts[name]
        case _:
            parts[name] = draw(damaged((parts[name],)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for each, content in parts.items():
            made.writestr(zipfile.ZipInfo(each.replace("\0", "x")), content)
    return out.getvalue()
