"""The report as a page: whole in one file, readable aloud, safe whatever the names in it."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from parvis.models.queries.rehearsal_agreements import ReportCount
from parvis.services.rehearsal.figures import (
    Delay,
    Figures,
    FunderCount,
    LetterKindCount,
    OfficerLoad,
    Proofs,
    SittingCount,
    StuckCase,
    WaveCount,
)
from parvis.services.rehearsal.page import page
from parvis.services.rehearsal.report import report

HOSTILE = '<script>alert("a")</script> & "b"'

FIGURES = Figures(
    contract="Contrat", calls=("annuel-2027",), titles=("Appel 2027",), first=date(2027, 1, 4),
    last=date(2027, 6, 30), seed=1, proposals=12, cases=10, requested_cents=12_345_600, granted_cents=4_000_000,
    granted_cases=3, reached=(("submitted", 10), ("funded", 3)), at_the_end=(("funded", 3), ("rejected", 7)),
    days=((date(2027, 1, 5), 3), (date(2027, 5, 27), 1_234)), kinds=(LetterKindCount("granted", 3, 0, 1, 0),),
    weeks=(date(2027, 1, 4), date(2027, 1, 11)), load=(OfficerLoad("Samira Benali", (4, 5), (10, 7)),),
    delays=(Delay("submitted", 9, 12, 40), Delay("to_decision", 10, 130, 180)),
    stuck=(StuckCase("ANNUEL-2027-00001", HOSTILE, "Titre", "instructed", None, date(2027, 2, 1), 0),),
    missed=(("silence", 4), ("check", 1)),
    sittings=(SittingCount("Pilotage", date(2027, 5, 27), 5, 9, 3, 6, 0, 0, 0, 4, True),),
    funders=(FunderCount("Métropole", 10, 12_345_600, 4_000_000, 3, 9_000_000, 10, 8, 1, 1),),
    waves=(WaveCount("Première vague", date(2027, 5, 27), 10, 9, 1, 0, 0),),
    refused_moves=(("give_opinion", "not_from_here", 2), ("instruct", "documents_complete", 1)),
    refused_files=(), forgotten=2, reopened=1, phoned=1, stuck_after_days=120,
    proofs=Proofs(1_000, True, 0, 0, 0), reports=ReportCount(9, 5, 1, 6, 1, 1, 1, 3, 0),
)  # fmt: skip


class Reader(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "br", "link", "img"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_page_is_well_formed_and_needs_nothing_else(language):
    text = page(report(FIGURES), language)
    reader = read(text)

    assert reader.open == []
    assert reader.tags[0] == ("html", {"lang": language})
    assert {tag for tag, _ in reader.tags} & {"script", "link", "img", "iframe"} == set()
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_every_chart_says_what_it_shows_and_has_a_table_beside_it():
    reader = read(page(report(FIGURES), "fr"))

    charts = [attributes for tag, attributes in reader.tags if tag == "svg"]
    tables = [tag for tag, _ in reader.tags if tag == "table"]

    assert charts
    assert all(chart["role"] == "img" and chart["aria-label"] for chart in charts)
    assert len(tables) >= len(charts)
    assert all(attributes.get("scope") for tag, attributes in reader.tags if tag == "th")


def test_names_are_shown_as_they_are_written_whatever_they_hold():
    text = page(report(FIGURES), "fr")

    assert HOSTILE not in text
    assert "&lt;script&gt;" in text


def test_a_page_follows_dark_screens_and_paper():
    text = page(report(FIGURES), "fr")

    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_amounts_and_days_are_written_as_the_reader_expects():
    french, english = page(report(FIGURES), "fr"), page(report(FIGURES), "en")

    assert "123\u202f456\u00a0€" in french
    assert "€123,456" in english
    assert "le 27 mai 2027" in french
    assert "27 May 2027" in english
    assert "1\u202f237 lettres" in french


def test_what_is_wrong_is_said_at_the_top():
    said = report(FIGURES)

    assert [section.code for section in said.sections if section.alarm] == ["stuck", "sittings"]
    assert len(said.alarms) == 2


def test_a_rehearsal_of_nothing_still_makes_a_page():
    empty = replace(
        FIGURES, cases=0, requested_cents=0, granted_cents=0, granted_cases=0, reached=(), at_the_end=(),
        days=(), kinds=(), load=(), delays=(), stuck=(), missed=(), sittings=(), funders=(), waves=(),
        refused_moves=(),
    )  # fmt: skip

    assert read(page(report(empty), "fr")).open == []
