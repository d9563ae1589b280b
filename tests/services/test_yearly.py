"""The yearly evaluation: what a year got and left unanswered, beside the last; a slow count is in `naive_year`."""

from typing import Any

import pytest

from parvis.services.figures.charts import draw
from parvis.services.figures.shapes import Cell, Pairs, Percent, Section
from parvis.services.yearly import Evaluation, NoSuchYearError, evaluate, latest_year
from parvis.services.yearly_matrix import matrix, summary, unanswered
from parvis.services.yearly_sections import sections
from parvis.states.words import Cents, Sentence
from tests.services.desk import CONTRACT, Desk

BEFORE = {**CONTRACT["calls"][0], "code": "annuel-2025", "year": 2025, "opens_on": "2024-11-01"}
TWO_YEARS = CONTRACT | {
    "challenges": [{"code": "D01", "label": "Emploi"}, {"code": "D02", "label": "Santé"}],
    "calls": [*CONTRACT["calls"], BEFORE],
}


@pytest.fixture
def desk(database) -> Desk:
    return Desk.opened(database, TWO_YEARS)


def made(desk: Desk, year: int = 2026) -> Evaluation:
    with desk.database.transaction() as session:
        return evaluate(session, desk.contract_id, year)


def fund(desk: Desk, cents: int, **changes: Any) -> None:
    case = desk.submitted_case(**changes)
    desk.run("UPDATE cases SET stage = 'funded' WHERE id = %(id)s", id=case)
    desk.run(
        "UPDATE fundings SET granted_cents = %(cents)s WHERE case_id = %(id)s AND requested_cents = 500000",
        id=case, cents=cents,
    )  # fmt: skip


def said(section: Section) -> list[list[object]]:
    return [[plain(cell) for cell in row] for row in section.rows]


def plain(cell: Cell) -> object:
    match cell:
        case Cents(amount):
            return amount
        case Percent(value):
            return value
        case Sentence():
            return str(cell)
        case _:
            return cell


def test_what_nobody_answered_is_a_crossing_without_a_proposal_or_without_a_funded_one(desk):
    fund(desk, 400_000, challenges=("D01",), qpvs=("QN08001M",))
    desk.submitted_case(challenges=("D01",), qpvs=("QN08003M", "QN08001M"))

    missing = made(desk).unanswered

    assert missing.challenges == ("D02",)
    assert missing.neighbourhoods == missing.challenges_unfunded == ()
    assert missing.neighbourhoods_unfunded == ("QN08003M",)
    assert missing.pairs == (("QN08001M", "D02"), ("QN08003M", "D02"))
    assert missing.pairs_unfunded == (("QN08003M", "D01"),)
    shown = matrix(made(desk))
    assert [[spot.state for spot in spots] for _, spots in shown.rows] == [
        ["funded", "none"], ["unfunded", "none"],
    ]  # fmt: skip
    assert [(spot.funded, spot.proposed) for _, spots in shown.rows for spot in spots[:1]] == [(1, 2), (0, 1)]
    assert said(unanswered(made(desk))) == [
        ["D01 – Emploi", None, "Amiens Nord"], ["D02 – Santé", "tous les quartiers", None],
    ]  # fmt: skip


def test_a_year_is_beside_the_one_before_and_its_sentences_say_by_how_much(desk):
    fund(desk, 400_000, challenges=("D01",))
    fund(desk, 320_000, challenges=("D02",), call="annuel-2025")
    desk.submitted_case(call="annuel-2025", title="Pas financée")

    compared, challenges, *_ = sections(made(desk))

    assert said(compared)[:2] == [["Proposées", 1, 2, -1, -50], ["Financées", 1, 1, 0, 0]]
    assert said(compared)[5] == ["Accordé", 400_000, 320_000, 80_000, 25]
    assert [[row[0], row[6], row[9]] for row in said(challenges)] == [
        ["D01 – Emploi", 400_000, 0], ["D02 – Santé", 0, 320_000], ["Sans défi", 0, 0],
    ]  # fmt: skip
    sentences = " ".join(each.fr for each in summary(made(desk))).replace("\u202f", " ").replace("\xa0", " ")
    assert sentences.startswith(
        "En 2026, on a proposé 1 action ; une est financée. 4 000 € sont accordés sur 8 000 €"
    )
    assert "800 € de plus qu’en 2025 (+25 %)" in sentences
    assert "Sur 4 croisements d’un quartier et d’un défi : 3 sans aucune proposition, 0 avec" in sentences
    assert not made(desk, 2025).compared


def test_money_asked_of_nobody_by_name_keeps_the_funders_adding_up(desk):
    desk.submitted_case(requested_cents=900_001)

    lines = {line.code: line.now.requested_cents for line in made(desk).funders}

    assert lines == {"etat": 500_000, "ville": 300_000, "": 100_001}


def test_a_year_without_a_call_is_refused_with_the_years_there_are(desk):
    with pytest.raises(NoSuchYearError) as refused:
        made(desk, 2031)

    assert refused.value.known == (2026, 2025)
    with desk.database.transaction() as session:
        years = [latest_year(session, desk.contract_id, today) for today in (2030, 2025, 2001)]
        assert years == [2026, 2025, 2025]
        assert latest_year(session, 0, 2026) is None


def test_an_empty_year_says_so_and_costs_as_many_statements_as_a_full_one(desk, statements):
    def cost() -> int:
        with desk.database.transaction() as session:
            session.exec_driver_sql("SELECT")
            with statements(session) as heard:
                evaluate(session, desk.contract_id, 2026)
        return len(heard)

    assert [each.fr for each in summary(made(desk))] == ["Aucune action n’a été proposée en 2026."]
    none = cost()
    for _ in range(3):
        desk.submitted_case(challenges=("D01", "D02"))

    assert cost() == none <= 10


def test_a_chart_of_pairs_follows_the_page_and_escapes_its_names():
    name = Sentence("<b>A</b>", "<b>A</b>")

    drawn = draw(
        Pairs(((name, 300_000, 0),), Sentence("2026", "2026"), Sentence("2025", "2025"), money=True),
        "A",
        "fr",
    )

    assert "<b>" not in drawn
    assert "3\u202fk€" in drawn
    assert drawn.count("<rect") == 4


def test_agreements_in_force_bring_what_their_year_says_firm_or_not(desk):
    desk.submitted_case()
    desk.run(
        "INSERT INTO agreements (contract_id, organisation_id, purpose, reference, title, stage, journal_head,"
        " entered_at, starts_on, ends_on) SELECT %(contract)s, min(id), 'centre', 'CONV-1', 'Centre', 'active', '',"
        " now(), '2025-01-01', '2027-12-31' FROM organisations",
        contract=desk.contract_id,
    )
    desk.run(
        "INSERT INTO agreement_years (agreement_id, number, starts_on, ends_on, firm)"
        " SELECT a.id, n, make_date(2024 + n, 1, 1), make_date(2024 + n, 12, 31), n < 2"
        " FROM agreements a, generate_series(1, 3) n"
    )
    desk.run(
        "INSERT INTO agreement_amounts (agreement_id, number, funder_id, amount_cents)"
        " SELECT y.agreement_id, y.number, f.id, 10001 * y.number FROM agreement_years y, funders f"
    )

    desk.run(
        "INSERT INTO payments (agreement_id, year, funder_id, position, instalment, condition, amount_cents, status,"
        " paid_on) SELECT a.id, n, f.id, 1, 'acompte', 'notification', 5000 + n, 'paid', make_date(2024 + n, 4, 1)"
        " FROM agreements a, funders f, generate_series(1, 2) n WHERE f.code = 'ville'"
    )

    now, before = made(desk).running, made(desk, 2025).running

    assert [(each.code, each.agreements, each.firm_cents, each.cents, each.paid_cents) for each in now] == [
        ("etat", 1, 0, 20_002, 0), ("ville", 1, 0, 20_002, 5002), ("", 1, 0, 40_004, 5002),
    ]  # fmt: skip
    assert (before[-1].firm_cents, before[-1].cents, before[-1].paid_cents) == (20_002, 20_002, 5001)
    section = sections(made(desk))[-1]
    assert (section.code, said(section)[0]) == ("conventions", ["État", 1, 0, 20_002, 20_002, 0])
