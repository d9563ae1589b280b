"""The dashboard: figures that add up, each with its table and a chart one can hear and print."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from parvis.services.dashboards import Scope, dashboard
from parvis.services.figures.charts import draw
from parvis.services.figures.shapes import Bars, Section, Tiles
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from parvis.states.words import Cents, Sentence
from tests.services.desk import Desk, moment


def sections(desk: Desk, at: str = "2026-06-02", *calls: str) -> dict[str, Section]:
    with desk.database.transaction() as session:
        made = dashboard(session, Scope(desk.contract_id, calls), at=moment(at))
    return {section.code: section for section in made}


def cells(section: Section) -> list[list[object]]:
    return [
        [
            cell.amount if isinstance(cell, Cents) else str(cell) if isinstance(cell, Sentence) else cell
            for cell in row
        ]
        for row in section.rows
    ]


def funded(desk: Desk) -> int:
    case = desk.case_in_committee()
    desk.hold_session()
    desk.move(
        case, Action.FUND, role=Role.SECRETARY, at="2026-09-16", given=Given(amounts=(("etat", 400_000),))
    )
    return case


def test_the_funnel_counts_who_came_to_each_stage_and_who_is_there(desk):
    desk.submitted_case()
    gone = desk.submitted_case()
    desk.move(gone, Action.WITHDRAW)
    funded(desk)

    funnel = sections(desk)["parcours"]

    assert cells(funnel) == [
        ["déposé", 3, 1, 800_000], ["instruit", 1, 0, 0], ["en comité", 1, 0, 0], ["financé", 1, 1, 800_000],
        ["retiré", 1, 1, 800_000],
    ]  # fmt: skip
    assert isinstance(funnel.chart, Bars)
    assert [bar[1] for bar in funnel.chart.bars] == [3, 1, 1, 1, 0]
    assert funnel.says.fr == "3 dossiers déposés, 1 financés."


def test_delays_are_those_of_the_visits_that_ended_median_and_nine_in_ten(desk):
    for days in (1, 2, 3, 10):
        case = desk.submitted_case(at="2026-06-01")
        later = (moment("2026-06-01") + timedelta(days=days)).date().isoformat()
        desk.move(case, Action.WITHDRAW, at=later)
    desk.submitted_case(at="2026-01-02")

    (row,) = cells(sections(desk)["delais"])

    assert row == ["déposé", 4, 2, 8]  # 2.5 days, rounded to even; 3 + 0.7 × 7 days


def test_late_cases_are_named_the_oldest_first_and_counted(desk):
    desk.submitted_case(title="Vieux", at="2026-05-01")
    desk.submitted_case(title="Récent", at="2026-06-01")

    assert sections(desk, "2026-05-20")["retards"].rows == ()
    late = sections(desk, "2026-06-24")["retards"]

    assert [row[1] for row in late.rows] == ["Vieux", "Récent"]
    assert late.alarm
    assert late.says.fr.startswith("2 dossiers")


def test_envelopes_say_what_is_committed_asked_for_and_proposed_by_funder(desk):
    funded(desk)
    desk.run(
        "UPDATE fundings SET proposed_cents = 300000 WHERE funder_id = (SELECT id FROM funders WHERE code = 'etat')"
    )

    money = sections(desk)["financeurs"]

    assert cells(money) == [
        ["État", 1, 5_000_000, 0, 400_000, 4_600_000, 500_000, 300_000, 400_000],
        ["Ville", 1, 2_000_000, 0, 0, 2_000_000, 300_000, 0, 0],
    ]  # fmt: skip
    assert "4 000 € engagés sur 70 000 €" in money.says.fr.replace("\u202f", " ").replace("\xa0", " ")


def test_money_by_place_counts_a_case_in_each_place_it_serves_and_says_so(desk):
    desk.submitted_case(qpvs=("QN08001M", "QN08003M"), challenges=("D01",))
    desk.submitted_case(qpvs=("QN08001M",), requested_cents=200_000)

    found = sections(desk)

    assert [[*row[:2], row[6]] for row in cells(found["quartiers"])] == [
        ["Étouvie", 2, 1_000_000], ["Amiens Nord", 1, 800_000],
    ]  # fmt: skip
    assert [row[:2] for row in cells(found["defis"])] == [["Emploi", 1]]
    assert "compte dans les deux" in found["quartiers"].says.fr
    assert isinstance(found["carte"].chart, Tiles)
    assert [(name, value) for name, value, _ in found["carte"].chart.tiles] == [
        ("Étouvie", 1_000_000), ("Amiens Nord", 800_000),
    ]  # fmt: skip


def test_the_load_is_by_instructor_and_what_is_nobodys(desk):
    desk.submitted_case(at="2026-06-01")
    desk.case_awaiting_documents("2026-07-30")
    nobodys = desk.submitted_case(at="2026-06-20")
    desk.run("UPDATE cases SET instructor_id = NULL WHERE id = %(id)s", id=nobodys)

    assert cells(sections(desk, "2026-06-24")["charge"]) == [
        ["Inès Roy", 1, 1, 0, 0, 0, 1], ["À personne", 1, 0, 0, 0, 0, 0],
    ]  # fmt: skip


def test_a_dashboard_can_be_of_one_call_and_an_empty_one_says_so(desk):
    desk.submitted_case()

    assert cells(sections(desk, "2026-06-02", "ANNUEL-2026")["parcours"]) != []
    other = sections(desk, "2026-06-02", "autre")

    assert other["parcours"].rows == ()
    assert other["parcours"].says.fr == "Rien à compter pour l’instant."
    assert [
        section.chart for section in other.values() if section.code in ("parcours", "delais", "charge")
    ] == [None] * 3


def test_the_number_of_statements_does_not_depend_on_the_number_of_cases(desk, statements):
    def said() -> int:
        with desk.database.transaction() as session:
            session.exec_driver_sql("SELECT")
            with statements(session) as heard:
                dashboard(session, Scope(desk.contract_id), at=moment("2026-06-02"))
        return len(heard)

    none = said()
    for _ in range(4):
        desk.submitted_case(challenges=("D01",))

    assert said() == none == 8


class Read(HTMLParser):
    """The elements of a drawing."""

    def __init__(self, drawn: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(drawn)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("code", ["parcours", "financeurs", "carte", "quartiers", "defis", "charge"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_chart_needs_no_style_follows_the_page_and_says_what_it_shows(desk, code, language):
    funded(desk)
    section = sections(desk)[code]
    assert section.chart is not None

    drawn = draw(section.chart, section.says.say(language), language, described="Voir le tableau")
    read = Read(drawn)

    assert read.tags[0][1]["role"] == "img"
    assert [tag for tag, _ in read.tags[1:3]] == ["title", "desc"]
    assert "style" not in drawn
    assert not re.search(r"#[0-9a-f]{3}|rgb|var\(", drawn)
    inked = [said for tag, said in read.tags if tag in ("rect", "text", "line", "polyline", "polygon")]
    assert all("currentColor" in (said.get("fill") or "", said.get("stroke") or "") for said in inked)


def test_a_chart_escapes_the_names_in_it():
    name = '<script>alert("a")</script>'
    tiles = Tiles(((name, 3, Sentence("1 dossier", "1 case")),))

    drawn = draw(tiles, name, "fr") + draw(Bars(((Sentence(name, name), 2, 1),)), name, "fr", described=name)

    assert "<script" not in drawn


def test_tiles_are_as_dark_as_their_value_and_never_too_dark_to_be_read():
    drawn = draw(Tiles(tuple((f"Q{n}", n * 100, Sentence("x", "x")) for n in range(9))), "Carte", "fr")

    inks = [float(said["fill-opacity"] or 0) for tag, said in Read(drawn).tags if said.get("class") == "tile"]

    assert inks == sorted(inks)
    assert inks[0] < inks[-1] <= 0.35
