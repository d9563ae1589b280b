"""The annex volume of a sitting: the attachments of its cases in one PDF, and a page that says why where one cannot be.

Three processes of their own do the work: one makes each attachment a clean PDF (a broken one harms nothing but
itself), one sets the pages of ours in type, one puts all together. Memory follows the largest attachment, not the sum.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parvis.documents.limited import LimitedError, ask_limited, run_limited
from parvis.states.words import Sentence

LAYOUT = "1"
"""Grows when the look of the volume changes, so that one made before is made again."""

MEMORY_BYTES = 1_500_000_000
CHUNK = 64
"""Attachments one process makes clean; a process that dies costs the one it was on and a new start."""
CHUNK_SECONDS = 120.0
MERGE_SECONDS = 600.0

BROKEN, ENCRYPTED, MISSING, OTHER_TYPE, TOO_LONG, TOO_HEAVY, ABSENT = (
    "broken", "encrypted", "missing", "other_type", "too_long", "too_heavy", "absent",
)  # fmt: skip

REASONS: dict[str, Sentence] = {
    BROKEN: Sentence(
        "Ce fichier est abîmé : aucun lecteur ne peut l’afficher. Le redemander au porteur.",
        "This file is damaged: no reader can show it. Ask the applicant for it again.",
    ),
    ENCRYPTED: Sentence(
        "Ce fichier est protégé par un mot de passe. En demander au porteur une copie sans mot de passe.",
        "This file is protected by a password. Ask the applicant for a copy without one.",
    ),
    MISSING: Sentence(
        "Ce fichier a été reçu, mais ses octets ne sont plus dans le dossier des données. Prévenir l’administrateur.",
        "This file was received, but its bytes are no longer in the data folder. Tell the administrator.",
    ),
    OTHER_TYPE: Sentence(
        "Ce fichier n’est ni un PDF ni une image : il se lit dans le dossier, avec le logiciel qui l’a écrit.",
        "This file is neither a PDF nor an image: read it in the case, with the program that wrote it.",
    ),
    TOO_LONG: Sentence(
        "Ce fichier compte trop de pages pour être joint au volume : il se lit dans le dossier.",
        "This file has too many pages to be joined to the volume: read it in the case.",
    ),
    TOO_HEAVY: Sentence(
        "Ce fichier demande trop de mémoire ou de temps pour être joint au volume : il se lit dans le dossier.",
        "This file takes too much memory or time to be joined to the volume: read it in the case.",
    ),
    ABSENT: Sentence(
        "Aucun fichier n’a été joint au dossier pour cette pièce.",
        "No file was attached to the case for this document.",
    ),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One document of a case. `path` is where its bytes are, none when they are lost or never came (`why`).

    One that never came (`ABSENT`) is named on the page of its case and has none of its own.
    """

    label: str
    name: str
    media_type: str
    path: Path | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A case and its documents, in the order they are read."""

    reference: str
    title: str
    applicant: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Volume:
    """What the volume is of: its title (the committee), its subtitle (the day), its cases in the agenda's order."""

    title: str
    subtitle: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A volume made: its pages, and what could not be shown (name of the file, code of the reason)."""

    pages: int
    unshown: tuple[tuple[str, str], ...]


def bind(volume: Volume, work: Path, out: Path) -> Bound:
    """Make the volume in the file `out`, using the empty folder `work`. The same volume gives the same bytes.

    Raises:
        LimitedError: the machine lacks the memory or the time for the volume as a whole.
        OSError: the disk is full or cannot be written.
    """
    clean = _clean(volume, work)
    ours = work / "ours.pdf"
    chapters: list[dict[str, Any]] = [
        {"reference": chapter.reference, "title": chapter.title, "applicant": chapter.applicant,
         "pieces": [_told(piece, made) for piece, made in zip(chapter.pieces, made_of, strict=True)]}
        for chapter, made_of in zip(volume.chapters, clean, strict=True)
    ]  # fmt: skip
    told = {"title": volume.title, "subtitle": volume.subtitle, "chapters": chapters, "out": str(ours)}
    front = ask_limited(
        "parvis.documents.annex_pages", told, memory_bytes=MEMORY_BYTES, seconds=CHUNK_SECONDS
    )
    asked = {**told, "ours": str(ours), "front": front, "out": str(out)}
    pages = ask_limited(
        "parvis.documents.annex_merge", asked, memory_bytes=MEMORY_BYTES, seconds=MERGE_SECONDS
    )
    unshown = [
        (piece["name"] or piece["label"], piece["why"])
        for chapter in chapters for piece in chapter["pieces"] if piece["why"]
    ]  # fmt: skip
    return Bound(int(pages), tuple(unshown))


def _told(piece: Piece, made: dict[str, object]) -> dict[str, object]:
    why = str(made["why"])
    reason = REASONS[why].fr if why else ""
    return {"label": piece.label, "name": piece.name, "why": why, "reason": reason, "pages": made["pages"],
            "path": made["path"]}  # fmt: skip


def _clean(volume: Volume, work: Path) -> list[list[dict[str, object]]]:
    """By case, what each piece became: the path of a clean PDF and its pages, or why there is none."""
    made: dict[tuple[int, int], dict[str, object]] = {}
    asked = []
    for place, piece in _places(volume):
        if piece.path is None or piece.why:
            why = piece.why or MISSING
            made[place] = {"path": "", "pages": 0 if why == ABSENT else 1, "why": why}
        else:
            target = work / f"{place[0]:04}-{place[1]:03}.pdf"
            asked.append((place, {"path": str(piece.path), "type": piece.media_type, "out": str(target)}))
    for start in range(0, len(asked), CHUNK):
        chunk = asked[start : start + CHUNK]
        answers = _clean_chunk([question for _, question in chunk])
        made.update((place, answer) for (place, _), answer in zip(chunk, answers, strict=True))
    return [
        [made[number, index] for index in range(len(chapter.pieces))]
        for number, chapter in enumerate(volume.chapters)
    ]


def _places(volume: Volume) -> Iterator[tuple[tuple[int, int], Piece]]:
    for number, chapter in enumerate(volume.chapters):
        for index, piece in enumerate(chapter.pieces):
            yield (number, index), piece


def _clean_chunk(questions: Sequence[dict[str, str]]) -> list[dict[str, object]]:
    """An answer for each question; where the process dies, the one it was on is too heavy, and the rest goes on."""
    answers: list[dict[str, object]] = []
    while len(answers) < len(questions):
        left = json.dumps(questions[len(answers) :]).encode()
        try:
            said = run_limited(
                "parvis.documents.annex_clean", left, memory_bytes=MEMORY_BYTES, seconds=CHUNK_SECONDS
            )
        except LimitedError as error:
            answers += [
                json.loads(line) for line in error.said.splitlines(keepends=True) if line.endswith(b"\n")
            ]
            answers.append({"path": "", "pages": 1, "why": TOO_HEAVY})
        else:
            answers += [json.loads(line) for line in said.splitlines()]
    return answers[: len(questions)]
