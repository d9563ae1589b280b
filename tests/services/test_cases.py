"""Cases are found by name and read whole."""

import pytest

from parvis.services.cases import NoSuchCaseError, find_case, find_cases, read_case
from parvis.services.imports.deposit import BudgetLine, Side


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
