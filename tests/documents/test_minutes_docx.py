"""The Word minutes say what the session said, under headings, in tables whose first row is a header."""

import io
from datetime import UTC, date, datetime, time
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from parvis.documents.minutes_docx import minutes_docx
from parvis.states.minutes import Minutes, MinutesAmount, MinutesDecision, MinutesEnvelope, MinutesMember
from parvis.states.outcomes import Outcome, Votes


def decision(position: int, outcome: Outcome, **changes: object) -> MinutesDecision:
    said: dict[str, object] = {
        "position": position, "reference": f"ANNUEL-2027-0000{position}", "title": "Café des parents",
        "organisation": "Association Exemple", "call": "Appel 2027", "outcome": outcome, "requested_cents": 800_000,
        "amounts": (), "reason": "", "conditions": "", "votes": None, "recused": (), "voters": None,
    }  # fmt: skip
    return MinutesDecision(**{**said, **changes})  # type: ignore[arg-type]


def minutes(*decisions: MinutesDecision) -> Minutes:
    return Minutes(
        contract="Contrat de ville", city="Amiens Métropole", committee="Comité de pilotage", code="pilotage",
        kind="steering", held_on=date(2026, 12, 10), starts_at=time(14, 30),
        opened_at=datetime(2026, 12, 10, 13, 35, tzinfo=UTC), closed_at=datetime(2026, 12, 10, 16, 5, tzinfo=UTC),
        room="Salle Jules Verne", video_url="", secretary="Léa Blanc", quorate=True, quorum_seats=8, quorum_present=6,
        quorum_needed=4,
        members=(MinutesMember("Claire Dubois", "chair", True, "present"),
                 MinutesMember("Max Noir", "elected", True, "excused", replaced_by="Ana Petit"),
                 MinutesMember("Ana Petit", "substitute", True, "present", stands_for="Max Noir")),
        decisions=decisions,
        envelopes=(MinutesEnvelope("ville", "Ville", "Appel 2027", 2027, 5_000_000, 2_000_000, 1_400_000),),
    )  # fmt: skip


FULL = minutes(
    decision(
        1, Outcome.FUND, amounts=(MinutesAmount("ville", "Ville", 800_000, 600_000),), conditions="Ouvrir le samedi.",
        votes=Votes(5, 1, 0), recused=("Max Noir",),
    ),
    decision(2, Outcome.DEFER, reason="Le budget est à préciser."),
    decision(3, Outcome.REJECT, reason="Hors des quartiers.", title="<w:p/> {{ 7*7 }} & 'x'"),
)  # fmt: skip


def read(said: Minutes) -> tuple[list[tuple[str, str]], list[list[list[str]]]]:
    """Paragraphs with their style, and tables cell by cell."""
    opened = docx.Document(io.BytesIO(minutes_docx(said)))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in opened.tables]
    return [(p.style.name if p.style else "", p.text) for p in opened.paragraphs], tables


def test_the_minutes_have_headings_and_say_every_decision():
    paragraphs, tables = read(FULL)

    headings = [text for style, text in paragraphs if style == "Heading 1"]
    assert headings == [
        "Membres", "Décisions", "Dossiers financés (1)", "Dossiers ajournés (1)", "Dossiers rejetés (1)", "Enveloppes",
    ]  # fmt: skip
    said = "\n".join(text for _, text in paragraphs)
    for expected in (
        "Séance ouverte à 14 h 35, levée à 17 h 05, Salle Jules Verne.", "6 voix présentes ou représentées sur 8",
        "Conditions\u202f: Ouvrir le samedi.", "Vote\u202f: 5 pour, 1 contre", "Max Noir n’a pris part ni au débat",
        "Motif\u202f: Le budget est à préciser.", "<w:p/> {{ 7*7 }} & 'x'",
    ):  # fmt: skip
        assert expected in said
    assert tables[0][1:] == [
        ["Claire Dubois", "présidence", "présent"],
        ["Max Noir", "élu", "excusé, remplacé par Ana Petit"],
        ["Ana Petit", "suppléant", "présent, pour Max Noir"],
    ]
    assert [row[2] for row in tables[1][1:]] == ["financé", "ajourné", "rejeté"]
    assert tables[-1][1][2:] == ["50\u202f000,00\xa0€", "20\u202f000,00\xa0€", "14\u202f000,00\xa0€"]


def test_every_table_has_a_header_row_and_the_document_is_in_french():
    opened = docx.Document(io.BytesIO(minutes_docx(FULL)))

    for table in opened.tables:
        properties: Any = table.rows[0]._tr.trPr
        assert properties.find(qn("w:tblHeader")) is not None
    assert opened.core_properties.language == "fr-FR"
    assert opened.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:val")) == "fr-FR"


def test_the_same_minutes_are_the_same_document_to_the_byte():
    assert minutes_docx(FULL) == minutes_docx(FULL)


@pytest.mark.parametrize("hostile", ["a\x00b\ud800c", "\u202e", "x" * 5_000, "a\nb\tc", "👩‍👩‍👧"])
def test_hostile_words_break_nothing(hostile):
    paragraphs, _ = read(
        minutes(decision(1, Outcome.REJECT, title=hostile, reason=hostile, organisation=hostile))
    )

    assert paragraphs


def test_a_session_without_members_nor_decisions_has_minutes():
    empty = minutes()

    paragraphs, _ = read(empty)

    assert ("Title", "Procès-verbal de la séance du 10 décembre 2026") in paragraphs
