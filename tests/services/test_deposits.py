"""Deposits come in whole or not at all, and twice as once."""

from datetime import date

import pytest

from parvis.models.session import Database
from parvis.services.deposits import DepositRefusedError
from parvis.services.funder_codes import funder_code
from parvis.services.imports.deposit import BudgetLine, FunderAsk, PartnerShare, PortalEvent, Side, Source
from tests.services.desk import CONTRACT, Desk, moment
from tests.statements import counted


def test_a_deposit_brings_all_that_belongs_to_it(desk: Desk) -> None:
    deposit = desk.deposit(
        budget=(BudgetLine(side=Side.CHARGE, account="641", label="Salaires", amount_cents=1_200_000),
                BudgetLine(side=Side.PRODUIT, account="74", label="Subventions", amount_cents=1_200_000)),
        partners=(PartnerShare(siret="35600000000048", requested_cents=100_000),),
        challenges=("D01",),
        history=(PortalEvent(at=moment("2026-05-01"), kind="STATUS", status="REQUESTED", by="Camille"),),
    )  # fmt: skip

    received = desk.receive(deposit)

    assert received.created == ("ANNUEL-2026-00001",)
    for table, count in [("budget_lines", 2), ("partners", 1), ("case_challenges", 1), ("portal_events", 1),
                         ("documents", 3), ("fundings", 2), ("case_neighbourhoods", 1)]:  # fmt: skip
        assert desk.value(f"SELECT count(*) FROM {table}") == count


def test_the_same_deposit_again_changes_nothing(desk: Desk) -> None:
    deposit = desk.deposit()
    desk.receive(deposit)
    before = (
        desk.rows("SELECT * FROM cases"),
        desk.rows("SELECT * FROM letters"),
        desk.rows("SELECT * FROM journal"),
    )

    again = desk.receive(deposit, at="2026-06-09")

    after = (
        desk.rows("SELECT * FROM cases"),
        desk.rows("SELECT * FROM letters"),
        desk.rows("SELECT * FROM journal"),
    )
    assert again.unchanged == ("ANNUEL-2026-00001",)
    assert before == after


def test_another_content_under_the_same_id_is_shown_and_not_written_over(desk: Desk) -> None:
    first = desk.deposit()
    desk.receive(first)

    changed = desk.receive(desk.deposit(external_id=first.external_id, title="Autre titre"))

    assert changed.diverging == ("ANNUEL-2026-00001",)
    assert desk.value("SELECT title FROM cases") == "Atelier cuisine"


def test_one_deposit_the_table_refuses_keeps_all_the_others_out(desk: Desk) -> None:
    late = desk.deposit(deposited_on=date(2027, 1, 1))

    with pytest.raises(DepositRefusedError) as refused:
        desk.receive(desk.deposit(), late, desk.deposit())

    assert list(refused.value.refused) == [late.external_id]
    assert "L’appel n’est pas ouvert" in refused.value.refused[late.external_id][0].fr
    assert desk.value("SELECT count(*) FROM cases") == 0
    assert desk.value("SELECT last_number FROM calls") == 0


def test_a_funder_the_contract_does_not_know_is_named_and_not_consulted(desk: Desk) -> None:
    ask = FunderAsk(name="Ministère de l’Éducation", requested_cents=100)

    desk.receive(desk.deposit(funders=(ask,)))

    assert desk.rows("SELECT code, asks_opinion FROM funders WHERE kind = 'other'") == [
        (funder_code("Ministère de l’Éducation"), False)
    ]


def test_what_is_known_of_an_organisation_is_completed_and_never_emptied(desk: Desk) -> None:
    desk.receive(desk.deposit(phone="03 22 00 00 00"))
    desk.receive(desk.deposit(phone=None, address="1 rue des Jacobins"))

    assert desk.rows("SELECT name, phone, address FROM organisations") == [
        ("Association Exemple", "03 22 00 00 00", "1 rue des Jacobins")
    ]


def test_cases_are_shared_out_between_the_instructors_of_their_neighbourhoods(desk: Desk) -> None:
    desk.run(
        "INSERT INTO people (contract_id, email, name, role) VALUES (1, 'b@ville.example', 'Bob', 'instructor')"
    )

    desk.receive(*(desk.deposit() for _ in range(6)))

    assert desk.rows("SELECT count(*) FROM cases GROUP BY instructor_id") == [(3,), (3,)]


def test_a_silent_call_owes_no_letter_and_plans_nothing(database: object) -> None:
    calls = [{**CONTRACT["calls"][0], "silent": True}]
    desk = Desk.opened(database, {**CONTRACT, "calls": calls})  # type: ignore[arg-type]

    desk.receive(desk.deposit(source=Source.PORTAL))

    assert desk.value("SELECT count(*) FROM letters") == 0
    assert desk.value("SELECT count(*) FROM timers") == 0
    assert desk.value("SELECT count(*) FROM documents WHERE received_at IS NOT NULL") == 2


def test_a_school_is_in_the_wave_of_its_own_closing_day(database: Database) -> None:
    january, summer = (
        {"code": "janvier", "title": "Hiver", "closes": {"new": "2026-01-31", "school": "2026-04-30"}},
        {"code": "ete", "title": "Été", "closes": {"new": "2026-06-30"}},
    )
    (call, *_) = CONTRACT["calls"]
    desk = Desk.opened(database, {**CONTRACT, "calls": [{**call, "waves": [january, summer]}]})
    wave = "SELECT w.code FROM cases c JOIN waves w ON w.id = c.wave_id WHERE c.id = %(id)s"

    association = desk.submitted_case("2026-04-20")
    school = desk.submitted_case("2026-04-20", school=True)

    assert desk.value(wave, id=association) == "ete"
    assert desk.value(wave, id=school) == "janvier"


def test_two_contracts_with_calls_of_the_same_code_share_one_series_of_references(desk: Desk) -> None:
    other = Desk.opened(desk.database, {**CONTRACT, "code": "voisine"})

    references = [one.receive(one.deposit()).created[0] for one in (desk, other, desk)]

    assert references == ["ANNUEL-2026-00001", "ANNUEL-2026-00002", "ANNUEL-2026-00003"]


def test_many_deposits_cost_no_more_statements_than_one(desk):
    with counted(desk.database) as one:
        desk.receive(desk.deposit())
    with counted(desk.database) as many:
        desk.receive(*[desk.deposit(siret="41816609600051") for _ in range(20)])

    assert many.count <= one.count
