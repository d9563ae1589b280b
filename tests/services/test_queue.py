"""The queue: which cases a list holds, for whom, in which order, page by page, and what is new in them."""

from datetime import date
from itertools import product
from typing import Any

import pytest

from parvis.services import queue
from parvis.services.imports.deposit import FunderAsk
from parvis.services.queue import Filter, Order
from parvis.states.facts import Given
from parvis.states.queue import Sort
from parvis.states.stages import Action, Role
from tests.services.desk import Desk, moment
from tests.services.lists import ANYBODY, NEWEST, listed, page, person

FOUND: dict[str, list[str]] = {
    "café": ["Café d’été à Étouvie"],
    "CAFE etouvie": ["Café d’été à Étouvie"],
    "cafe rollin": [],
    "d'été": ["Café d’été à Étouvie"],
    "touv": ["Café d’été à Étouvie"],
    "exemple": ["Ateliers 100 % vélo", "Café d’été à Étouvie"],
    "41816609600051": ["Ateliers 100 % vélo", "Café d’été à Étouvie"],
    "418 166 096 00051": ["Ateliers 100 % vélo", "Café d’été à Étouvie"],
    "100 % v_lo": [],
    "100 %": ["Ateliers 100 % vélo"],
    "vé": ["Ateliers 100 % vélo"],
    "él": [],
    "annuel-2026-00002": ["Ateliers 100 % vélo"],
    "'; DROP TABLE cases; --": [],
    "\0": ["Ateliers 100 % vélo", "Café d’été à Étouvie"],
    "%": ["Ateliers 100 % vélo", "Café d’été à Étouvie"],
}


def test_a_search_finds_every_word_whatever_its_accents_and_signs(desk):
    desk.submitted_case(title="Café d’été à Étouvie")
    desk.submitted_case(title="Ateliers 100 % vélo")

    assert {text: listed(desk, text=text) for text in FOUND} == FOUND


def test_a_search_finds_a_case_by_what_its_organisation_is_called_now(desk):
    desk.submitted_case(title="Un")

    desk.run("UPDATE organisations SET name = 'Œuvre Laïque'")

    assert listed(desk, text="oeuvre laique") == ["Un"]
    assert listed(desk, text="exemple") == []


def test_a_list_can_be_of_one_stage_one_call_one_instructor(desk):
    desk.submitted_case(title="Un")
    moved = desk.submitted_case(title="Deux")
    desk.move(moved, Action.WITHDRAW)
    ines, max_ = person(desk, "inès"), person(desk, "MAX@ville.example")

    assert listed(desk, stages=("withdrawn",)) == ["Deux"]
    assert listed(desk, stages=("withdrawn", "submitted")) == ["Deux", "Un"]
    assert listed(desk, calls=("ANNUEL-2026",)) == ["Deux", "Un"]
    assert listed(desk, calls=("autre",)) == []
    assert listed(desk, instructors=(ines.person_id,)) == ["Deux", "Un"]
    assert listed(desk, instructors=(max_.person_id,)) == []
    assert listed(desk, instructors=(max_.person_id,), unassigned=True) == []


def test_a_list_can_be_of_one_neighbourhood_one_challenge_one_funder_one_range(desk):
    state = (FunderAsk(name="État", code="etat", requested_cents=800_000),)
    desk.submitted_case(title="Un", qpvs=("QN08001M", "QN08003M"), funders=state)
    desk.submitted_case(title="Deux", qpvs=("QN08001M",), challenges=("D01",), requested_cents=900_001)

    assert listed(desk, neighbourhoods=("qn08003m",)) == ["Un"]
    assert listed(desk, neighbourhoods=("QN08001M", "QN08003M")) == ["Deux", "Un"]
    assert listed(desk, challenges=("d01",)) == ["Deux"]
    assert listed(desk, funders=("ville",)) == ["Deux"]
    assert listed(desk, funders=("ETAT",)) == ["Deux", "Un"]
    assert listed(desk, least_cents=900_001) == ["Deux"]
    assert listed(desk, most_cents=900_000) == ["Un"]
    assert listed(desk, least_cents=800_000, most_cents=800_000, challenges=("D01",)) == []


def test_an_opinion_is_awaited_until_it_is_given(desk):
    case = desk.submitted_case(title="Un")
    state = desk.value("SELECT id FROM funders WHERE code = 'etat'")
    assert listed(desk, funders=("etat",), opinion_awaited=True) == []

    desk.move(case, Action.ASK_OPINIONS)

    assert listed(desk, funders=("etat",), opinion_awaited=True) == ["Un"]

    desk.move(case, Action.GIVE_OPINION, role=Role.FUNDER, given=Given(funder_id=state, opinion="favourable"))

    assert listed(desk, funders=("etat",), opinion_awaited=True) == []
    assert listed(desk, opinion_awaited=True) == ["Un"]
    (row,) = page(desk).rows
    assert (row.opinions, row.opinions_asked) == (1, 2)


def test_a_case_is_late_from_the_day_after_a_delay_of_its_stage(desk):
    desk.submitted_case(at="2026-06-01")

    (before,) = page(desk, "2026-06-22").rows
    (after,) = page(desk, "2026-06-23").rows

    assert (before.late_since, before.due_on) == (None, date(2026, 6, 22))
    assert after.late_since == date(2026, 6, 22)
    assert listed(desk, "2026-06-22", late=True) == []
    assert len(listed(desk, "2026-06-23", late=True)) == 1


def test_a_case_stays_late_once_the_sweep_has_told_somebody(desk):
    desk.submitted_case(at="2026-06-01")

    desk.sweep("2026-06-24")

    assert len(listed(desk, "2026-06-24", late=True)) == 1


def test_a_case_that_moved_on_or_is_over_is_not_late_for_where_it_was(desk):
    ready, other = desk.ready_case(at="2026-06-01"), desk.submitted_case(at="2026-06-01")
    desk.sweep("2026-06-24")

    desk.move(ready, Action.INSTRUCT, at="2026-06-25")
    desk.move(other, Action.DECLARE_INELIGIBLE, at="2026-06-25", given=Given(reason="Hors contrat"))

    assert listed(desk, "2026-06-26", late=True) == []


@pytest.mark.parametrize("counted", [1_000, 3])
def test_reading_page_by_page_meets_every_case_once_in_its_order_both_ways(desk, counted, monkeypatch):
    """With more cases than are counted the page is found by walking an index: the same pages, another way."""
    monkeypatch.setattr("parvis.models.queries.queue.MOST_COUNTED", counted)
    for number in range(7):
        case = desk.submitted_case(
            at=f"2026-06-0{number % 3 + 1}", requested_cents=100_000 * (number % 4 + 1)
        )
        if number % 2:
            desk.run("UPDATE cases SET score = %(n)s WHERE id = %(id)s", n=number % 3, id=case)
        if number in {1, 4}:
            desk.move(case, Action.WITHDRAW, at="2026-06-04")

    for order in (Order(sort, down) for sort in Sort for down in (False, True)):
        whole = [row.id for row in page(desk, order=order).rows]
        forwards, backwards = read_both_ways(desk, order)

        assert len(set(whole)) == len(whole) == 7, order
        assert forwards == whole, order
        assert backwards == whole[:6], order


def read_both_ways(desk: Desk, order: Order) -> tuple[list[int], list[int]]:
    """The cases met by pages of two, to the end, then from there to the beginning."""
    forwards: list[int] = []
    backwards: list[int] = []
    read = page(desk, order=order, limit=2)
    forwards += [row.id for row in read.rows]
    while read.next:
        read = page(desk, order=order, limit=2, places={"after": read.next})
        forwards += [row.id for row in read.rows]
    while read.previous:
        read = page(desk, order=order, limit=2, places={"before": read.previous})
        backwards = [row.id for row in read.rows] + backwards
    return forwards, backwards


@pytest.mark.parametrize("counted", [1_000, 1])
def test_the_case_before_and_the_case_after_are_those_of_the_list_as_filtered(desk, counted, monkeypatch):
    monkeypatch.setattr("parvis.models.queries.queue.MOST_COUNTED", counted)
    cases = [desk.submitted_case(requested_cents=amount) for amount in (300_000, 100_000, 200_000, 400_000)]
    desk.move(cases[0], Action.WITHDRAW)
    wanted, order = Filter(stages=("submitted",)), Order(Sort.AMOUNT)

    with desk.database.transaction() as session:
        around = [
            queue.neighbours(session, case, wanted, order, ANYBODY, at=moment("2026-06-02")) for case in cases
        ]

    second, third, fourth = (f"ANNUEL-2026-0000{n}" for n in (2, 3, 4))
    assert around == [(third, fourth), (None, third), (second, fourth), (third, None)]


@pytest.mark.parametrize("counted", [1_000, 1])
def test_in_every_order_the_cases_around_are_the_lines_above_and_below(desk, counted, monkeypatch):
    monkeypatch.setattr("parvis.models.queries.queue._FEW_TO_STEP", counted)
    for number in range(6):
        case = desk.submitted_case(at=f"2026-06-0{number % 3 + 1}", requested_cents=1_000 * (number % 4 + 1))
        if number in {1, 4}:
            desk.move(case, Action.WITHDRAW, at="2026-06-04")
    lists: list[dict[str, Any]] = [
        {},
        {"stages": ("submitted",)},
        {"stages": ("submitted", "withdrawn")},
        {"text": "exemple"},
    ]

    for order, wanted in product((Order(sort, down) for sort in Sort for down in (False, True)), lists):
        lines = [(row.id, row.reference) for row in page(desk, order=order, **wanted).rows]
        names = [None, *(reference for _, reference in lines), None]
        with desk.database.transaction() as session:
            around = [
                queue.neighbours(session, case, Filter(**wanted), order, ANYBODY, at=moment("2026-06-02"))
                for case, _ in lines
            ]

        assert len(lines) >= 4
        assert around == list(zip(names[:-2], names[2:], strict=True))


def test_the_count_stops_at_a_limit_and_sooner_for_many_filters_or_a_word(desk, monkeypatch):
    for _ in range(3):
        desk.submitted_case()
    assert (page(desk).total, page(desk).capped, str(page(desk).counted)) == (3, False, "3 dossiers")

    monkeypatch.setattr("parvis.models.queries.queue.MOST_COUNTED", 2)

    assert (page(desk).total, page(desk).capped) == (2, True)
    assert str(page(desk).counted) == "plus de 2 dossiers"
    assert len(page(desk).rows) == 3

    monkeypatch.setattr("parvis.models.queries.queue._MOST_TOGETHER", 1)

    met = page(desk, stages=("submitted",), least_cents=0, most_cents=10**9)
    assert (met.total, len(met.rows)) == (1, 3)

    monkeypatch.setattr("parvis.models.queries.queue._MOST_SEARCHED", 1)

    assert (page(desk, text="atelier").total, len(page(desk, text="atelier").rows)) == (1, 3)


def test_a_page_is_three_statements_however_many_cases_and_filters(desk, statements):
    for _ in range(5):
        desk.submitted_case(challenges=("D01",))

    wanted = Filter(stages=("submitted",), text="atelier", funders=("etat",), late=True)
    ines = person(desk, "inès")
    with desk.database.transaction() as session:
        session.exec_driver_sql("SELECT")
        with statements(session) as said:
            queue.read_page(session, wanted, NEWEST, ines, at=moment("2026-07-02"))

    assert len(said) == 3


def test_a_row_says_what_a_person_looks_for_in_a_list(desk):
    desk.submitted_case(qpvs=("QN08001M", "QN08003M"), challenges=("D01",))

    (row,) = page(desk).rows

    assert (row.reference, row.organisation, row.siret) == (
        "ANNUEL-2026-00001", "Association Exemple", "41816609600051",
    )  # fmt: skip
    assert (row.neighbourhoods, row.challenges) == (("Étouvie", "Amiens Nord"), ("Emploi",))
    assert (row.documents, row.documents_required, row.instructor) == (0, 2, "Inès Roy")
    assert (row.requested_cents, row.granted_cents, row.nature) == (800_000, None, "new")


WANTED: tuple[dict[str, Any], ...] = (
    {"calls": ("annuel-2026",)}, {"stages": ("submitted",)}, {"late": True}, {"calls": ("autre",)},
    {"calls": ("annuel-2026",), "stages": ("submitted",), "late": True}, {"text": "atelier", "late": True},
    {"waves": ("printemps",)}, {"waves": ("PRINTEMPS",), "calls": ("annuel-2026",)},
)  # fmt: skip


def test_walking_an_index_finds_what_sorting_finds(desk, monkeypatch):
    for number in range(5):
        desk.submitted_case(at="2026-06-01" if number % 2 else "2026-06-20", requested_cents=1000 * number)
    desk.move(desk.submitted_case(at="2026-06-01"), Action.WITHDRAW)
    desk.run(
        "WITH w AS (INSERT INTO waves (call_id, code, title, closes_new_on, closes_renewal_on) SELECT id, 'Printemps',"
        " '', '2026-06-30', '2026-06-30' FROM calls ORDER BY code LIMIT 1 RETURNING id, call_id)"
        " UPDATE cases c SET wave_id = w.id FROM w WHERE c.call_id = w.call_id AND mod(c.id, 2) = 0"
    )
    asked = list(product(Sort, WANTED))

    sorted_ = [listed_in(desk, sort, wanted) for sort, wanted in asked]
    monkeypatch.setattr("parvis.models.queries.queue.MOST_COUNTED", 0)
    walked = [listed_in(desk, sort, wanted) for sort, wanted in asked]

    for (sort, wanted), found, again in zip(asked, sorted_, walked, strict=True):
        assert again == found, (sort, wanted)
        assert bool(found) == ("autre" not in wanted.get("calls", ())), (sort, wanted)


def listed_in(desk: Desk, sort: Sort, wanted: dict[str, Any]) -> list[int]:
    return [row.id for row in page(desk, "2026-06-25", order=Order(sort), **wanted).rows]
