"""Cases are found by name, listed by what is asked of the list, and read whole."""

from datetime import date
from typing import Any

import pytest

from parvis.services.cases import NoSuchCaseError, Page, Wanted, find_case, find_cases, list_cases, read_case
from parvis.services.imports.deposit import BudgetLine, Side
from parvis.states.facts import Given
from parvis.states.stages import Action
from tests.services.desk import Desk, moment


def listed(desk: Desk, at: str = "2026-06-02", *, after: str | None = None, **wanted: Any) -> list[str]:
    return [case.title for case in page(desk, at, after=after, **wanted).cases]


def page(desk: Desk, at: str = "2026-06-02", *, after: str | None = None, **wanted: Any) -> Page:
    with desk.database.transaction() as session:
        return list_cases(session, Wanted(**wanted), at=moment(at), after=after)


def test_a_list_begins_with_the_newest(desk):
    for title in ("Un", "Deux", "Trois"):
        desk.submitted_case(title=title)

    assert listed(desk) == ["Trois", "Deux", "Un"]


def test_a_long_list_is_read_in_parts(desk):
    for title in ("Un", "Deux", "Trois"):
        desk.submitted_case(title=title)

    first = page(desk, limit=2)
    second = page(desk, limit=2, after=first.cases[-1].reference)

    assert ([case.title for case in first.cases], first.more) == (["Trois", "Deux"], True)
    assert ([case.title for case in second.cases], second.more) == (["Un"], False)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("café", ["Café d’été à Étouvie"]),
        ("CAFE etouvie", ["Café d’été à Étouvie"]),
        ("cafe rollin", []),
        ("exemple", ["Ateliers 100 % vélo", "Café d’été à Étouvie"]),
        ("41816609600051", ["Ateliers 100 % vélo", "Café d’été à Étouvie"]),
        ("100 % v_lo", []),
        ("100 %", ["Ateliers 100 % vélo"]),
        ("annuel-2026-00002", ["Ateliers 100 % vélo"]),
        ("'; DROP TABLE cases; --", []),
    ],
)
def test_a_search_finds_every_word_whatever_its_accents(desk, search, found):
    desk.submitted_case(title="Café d’été à Étouvie")
    desk.submitted_case(title="Ateliers 100 % vélo")

    assert listed(desk, search=search) == found


def test_a_list_can_be_of_one_stage_one_call_one_instructor(desk):
    desk.submitted_case(title="Un")
    moved = desk.submitted_case(title="Deux")
    desk.move(moved, Action.WITHDRAW)

    assert listed(desk, stages=("withdrawn",)) == ["Deux"]
    assert listed(desk, calls=("ANNUEL-2026",)) == ["Deux", "Un"]
    assert listed(desk, calls=("autre",)) == []
    assert listed(desk, instructor="INES@ville.example") == ["Deux", "Un"]
    assert listed(desk, instructor="inès") == ["Deux", "Un"]
    assert listed(desk, instructor="max") == []


def test_a_case_is_late_from_the_day_after_a_delay_of_its_stage(desk):
    desk.submitted_case(at="2026-06-01")

    (before,) = page(desk, "2026-06-22").cases
    (after,) = page(desk, "2026-06-23").cases

    assert (before.late_since, before.due_on) == (None, date(2026, 6, 22))
    assert after.late_since == date(2026, 6, 22)
    assert listed(desk, "2026-06-22", late=True) == []
    assert len(listed(desk, "2026-06-23", late=True)) == 1


def test_a_case_stays_late_once_the_sweep_has_told_somebody(desk):
    desk.submitted_case(at="2026-06-01")

    desk.sweep("2026-06-24")

    assert len(listed(desk, "2026-06-24", late=True)) == 1


def test_a_case_that_moved_on_is_not_late_for_where_it_was(desk):
    case = desk.ready_case(at="2026-06-01")
    desk.sweep("2026-06-24")

    desk.move(case, Action.INSTRUCT, at="2026-06-25")

    assert listed(desk, "2026-06-26", late=True) == []


def test_a_finished_case_is_never_late(desk):
    case = desk.submitted_case(at="2026-06-01")
    desk.sweep("2026-06-24")

    desk.move(case, Action.DECLARE_INELIGIBLE, at="2026-06-25", given=Given(reason="Hors contrat"))

    assert listed(desk, "2026-12-26", late=True) == []


def test_a_case_is_found_by_its_reference_or_by_the_number_the_applicant_gave(desk):
    case = desk.submitted_case(external_id="Dossier 12/a")

    with desk.database.transaction() as session:
        assert find_case(session, "annuel-2026-00001").id == case
        assert find_case(session, "Dossier 12/a").id == case


def test_a_name_of_nothing_is_refused(desk):
    first = desk.submitted_case()

    with desk.database.transaction() as session, pytest.raises(NoSuchCaseError) as refused:
        find_cases(session, ["ANNUEL-2026-00001", "ANNUEL-2026-00002"])

    assert refused.value.name == "ANNUEL-2026-00002"
    assert first


def test_a_reference_goes_before_the_number_of_another_case(desk):
    case = desk.submitted_case()
    desk.submitted_case(external_id="ANNUEL-2026-00001")

    with desk.database.transaction() as session:
        assert find_case(session, "ANNUEL-2026-00001").id == case


def test_a_case_is_read_whole(desk):
    lines = (
        BudgetLine(side=Side.CHARGE, account="60", label="Achats", amount_cents=1_200_000),
        BudgetLine(side=Side.PRODUIT, account="74", label="État", amount_cents=1_200_000),
    )
    case = desk.submitted_case(budget=lines, challenges=("D01",))

    with desk.database.transaction() as session:
        view = read_case(session, case)

    assert (view.head.reference, view.applicant.siret) == ("ANNUEL-2026-00001", "41816609600051")
    assert [place.name for place in view.neighbourhoods] == ["Étouvie"]
    assert [challenge.code for challenge in view.challenges] == ["D01"]
    assert [(line.code, line.requested_cents) for line in view.fundings] == [
        ("etat", 500_000),
        ("ville", 300_000),
    ]
    assert [document.code for document in view.documents] == ["statuts", "rib"]
    assert (view.charges_cents, view.products_cents, view.balanced) == (1_200_000, 1_200_000, True)
    assert {deadline.rule for deadline in view.deadlines} >= {"silence", "check-late:instructor"}
