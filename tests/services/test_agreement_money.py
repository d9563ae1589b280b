"""The years of agreements in the lots of payment orders and in the ledger."""

import pytest

from parvis.services import money
from parvis.states.agreement_facts import AgreementGiven
from parvis.states.agreement_stages import AgreementAction as A
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError
from tests.services.agreement_desk import AgreementDesk, contract
from tests.services.agreement_years import born, confirm, payments
from tests.services.desk import Desk
from tests.services.payment_desk import PaymentDesk


@pytest.fixture
def house(desk: Desk) -> AgreementDesk:
    desk.run("UPDATE contracts SET digest = ''")
    Desk.opened(desk.database, contract())
    return AgreementDesk(desk)


def test_an_order_of_a_year_leaves_in_a_lot_comes_back_and_is_a_line_of_the_journal_of_its_agreement(house):
    agreement, finance = house.taken_over("2026-01-05"), PaymentDesk(house.desk)
    confirm(house, agreement, 3, "2026-09-01")
    finance.knows_account()

    number = finance.orders(finance.due())
    with pytest.raises(MoveRefusedError) as refusal:
        house.move(agreement, A.AMEND, "2026-09-25",
                   given=AgreementGiven(reason="Accord", year=3, amounts=(("etat", 1),)))  # fmt: skip
    back = ("L0001-001;22/09/2026;M-1;5000,01", "L0001-002;22/09/2026;M-1;10000,00")
    done, again = finance.imports(*back), finance.imports(*back)

    assert "CONV-00001 acompte" in finance.file(number).decode("utf-8-sig")
    assert [reason.code for reason in refusal.value.reasons] == ["paid_kept"]
    assert (done.recorded, done.cases, done.paid_cents, again.recorded, again.already) == (
        2,
        1,
        1_500_001,
        0,
        2,
    )
    assert house.desk.rows(
        "SELECT details::jsonb ->> 'reason' FROM agreement_journal WHERE action = 'record_payment'"
    ) == [("M-1",)]
    house.move(agreement, A.TERMINATE, "2026-10-22", given=AgreementGiven(reason="Fermeture"))
    assert [row[3] for row in payments(house, agreement, 3)] == ["paid", "cancelled", "cancelled"] * 2


def test_the_envelope_of_a_later_year_is_committed_with_it_paid_with_it_and_never_over(house):
    desk = house.desk
    later = [{"funder": "etat", "total_cents": 9_000_000},
             {"funder": "etat", "total_cents": 520_000, "year": 2028}]  # fmt: skip
    desk.run("UPDATE contracts SET digest = ''")
    Desk.opened(desk.database, contract(envelopes=later))
    agreement = born(house)

    def stood() -> tuple[int, ...]:
        [row] = desk.rows(
            "SELECT committed_cents, paid_cents, available_cents FROM envelopes WHERE year = 2028"
        )
        return tuple(row)

    with pytest.raises(MoveRefusedError) as refusal:
        confirm(house, agreement, 2, "2027-12-01", (("etat", 520_001),))
    assert [reason.code for reason in refusal.value.reasons] == ["within_envelope"]
    confirm(house, agreement, 2, "2027-12-01")
    assert stood() == (500_000, 0, 20_000)
    house.sweep("2028-01-03 06:15")
    house.move(agreement, A.RECORD_PAYMENT, "2028-02-01", role=Role.FINANCE, given=AgreementGiven(year=2))
    assert stood() == (500_000, 250_000, 20_000)
    house.move(agreement, A.TERMINATE, "2028-06-30", given=AgreementGiven(reason="Fermeture"))

    assert stood() == (250_000, 250_000, 270_000)
    with desk.database.transaction() as session:
        assert money.verify(session).sound
        [seen] = [one.id for one in money.envelopes(session, desk.contract_id) if one.year == 2028]
        page = money.see(session, desk.contract_id, seen)
    assert [(one.reference, one.agreement, one.paid_cents) for one in page.cases] == [
        ("CONV-00001", True, 250_000)
    ]
    assert [one.agreement_reference for one in page.movements] == [
        None,
        "CONV-00001",
        "CONV-00001",
        "CONV-00001",
    ]
