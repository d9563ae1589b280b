"""The packet as a file: accessible, archivable, the same of the same, and made whatever was written in it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from parvis.documents.clean import line
from parvis.documents.packet import Changes, Packet
from parvis.documents.packet_pages import packet_data
from parvis.documents.typeset import typeset
from tests.documents.contents import CHANGES, case, content, packet, with_every_text
from tests.documents.pdf import Structure, structure

AT = datetime(2026, 11, 25, 5, tzinfo=UTC)
HOSTILE = {
    "half characters, controls, reversals, emoji": "demi \ud83d \x00\x07 \u202eenvers\u202c 👏🏽 \U000e0041 \ue000 fin",
    "syntax": "{{ 7*7 }} {% include '/etc/passwd' %} #read(\"/etc/passwd\") $x^2$ *gras* @ref <dossier-1> \\ ` // /*",
    "paths": "../../etc/passwd file:///etc/passwd <link rel=attachment href='file:///etc/passwd'>",
    "a word of 5,000 letters": "x" * 5_000,
    "marks in piles": "Z\u0351\u036b\u0343\u036a" * 300,
    "nothing": "",
    "unbreakable spaces": "a\u00a0" * 300,
    "long words between spaces": ("mot " + "y" * 300 + " ") * 20,
}  # fmt: skip


def made(of: Packet) -> bytes:
    return typeset("packet.typ", packet_data(of), stamped_at=AT)


@pytest.fixture(scope="module")
def ordinary() -> Structure:
    return structure(made(packet(4, version=2, changes=CHANGES)))


def test_a_packet_declares_itself_accessible_and_archivable(ordinary):
    assert (ordinary.ua_part, ordinary.archive) == ("1", "2A")
    assert ordinary.marked
    assert ordinary.language == "fr-FR"
    assert ordinary.title_shown
    assert ordinary.fonts <= {
        "SourceSansPro-Regular",
        "SourceSansPro-Semibold",
        "SourceSansPro-Bold",
        "DejaVuSansMono",
    }


def test_every_part_and_every_case_has_its_bookmark_in_order(ordinary):
    assert [
        title for title in ordinary.bookmarks if not title.startswith(("ANNUEL", "Dossiers", "Autres"))
    ] == [
        "Ordre du jour",
        "Ce qui a changé",
        "Enveloppes et équilibre budgétaire",
        "Tableau de synthèse",
        "Fiches des dossiers",
        "Annexes",
    ]
    assert [title[:17] for title in ordinary.bookmarks if title.startswith("ANNUEL")] == [
        f"ANNUEL-2027-{number:05}" for number in (1, 2, 3, 4)
    ]


def test_the_table_of_contents_lists_every_part_and_case(ordinary):
    assert ordinary.tags["TOC"] >= 1
    assert ordinary.tags["TOCI"] == 6 + 4


def test_tables_say_which_cells_are_heads_and_charts_what_they_show(ordinary):
    assert ordinary.tags["TH"] > 0
    assert ordinary.tags["THead"] == ordinary.tags["Table"]
    charts = [text for text in ordinary.alternatives if "Graphique" not in text and len(text) > 60]
    assert len(charts) == 3
    assert any("État" in text and "110\u202f000\u202f€ engagés" in text for text in charts)


def test_the_same_packet_has_the_same_bytes_and_another_has_not():
    first, again = made(packet(2)), made(packet(2))
    other = made(packet(2, room="Ailleurs"))

    assert first == again
    assert first != other


def test_a_packet_without_any_case_or_envelope_still_has_its_pages():
    found = structure(made(packet(0, envelopes=())))

    assert "Annexes" in found.bookmarks
    assert found.tags["TOCI"] == 4


def test_a_case_with_nothing_but_its_name_still_has_its_sheet():
    texts = dict.fromkeys(("summary", "wave", "instructor"), "")
    lists = dict.fromkeys(
        ("neighbourhoods", "challenges", "asks", "charges", "produits", "marks", "notes", "papers"), ()
    )
    nothing = dict.fromkeys(("score", "past", "beneficiaries", "qpv_share_percent", "starts_on", "ends_on"))
    bare = case(1, **texts, **lists, **nothing, requested_cents=0, total_cost_cents=0)

    found = structure(made(replace(packet(0), content=replace(content(0), cases=(bare,), envelopes=()))))

    assert any(title.startswith("ANNUEL-2027-00001") for title in found.bookmarks)


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_is_written_in_every_field_the_packet_is_made_and_nothing_is_read(name):
    hostile = with_every_text(packet(2, version=2, changes=CHANGES), HOSTILE[name])

    found = structure(made(hostile))

    sheets = found.bookmarks[found.bookmarks.index("Fiches des dossiers") + 1 : -1]
    assert len(sheets) == 2
    assert all(line(HOSTILE[name])[:100] in title for title in sheets)
    assert (found.ua_part, found.archive, found.files, found.scripts) == ("1", "2A", 0, False)


def test_a_copy_that_leaves_cases_out_names_its_members_and_says_how_many():
    data = packet_data(packet(2, copy_for=("Fatou Diallo",), hidden=1))

    assert ("Exemplaire", "Fatou Diallo") in data["cover"]["rows"]
    assert "1\u00a0dossier, pour déport" in data["cover"]["notice"]
    assert packet_data(packet(2))["cover"]["notice"] is None


def test_totals_are_the_sums_of_what_is_shown():
    whole = content(5)

    total = packet_data(packet(5))["summary"]["total"]

    cents = sum(each.requested_cents for each in whole.cases)
    assert total[3] == f"{cents // 100:,}\u202f€".replace(",", "\u202f")


def test_an_envelope_that_would_be_overrun_says_by_how_much():
    state = replace(
        content(1).envelopes[0], total_cents=10_000_00, committed_cents=8_000_00, proposed_cents=2_000_01
    )

    money = packet_data(packet(1, envelopes=(state,)))["money"]

    assert money["envelopes"]["rows"][0]["said"] == "dépassement 0,01\u202f€"
    assert money["rows"][0][-1] == "−0,01\u202f€"


def test_changes_that_are_none_say_so():
    data = packet_data(packet(1, version=3, changes=Changes(2, CHANGES.since_on)))

    assert data["changes"]["intro"] == "Rien n’a changé depuis la version 2, du 20\u00a0novembre\u00a02026."
