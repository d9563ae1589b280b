"""Payments go to accounting in lots and come back: once each, all of a file or nothing, to the cent in the ledger."""

import json

import pytest

from parvis.models.session import ConstraintError
from parvis.services import money
from parvis.services.imports.problems import DepositFileError
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError
from tests.services.payment_desk import IBAN, MANAGER, PaymentDesk
from tests.services.test_reports import funded

FIRST = (
    f"L0001-001;16/11/2026;41816609600051;Association Exemple;Association Exemple;{IBAN};;3200,00;État;"
    "ANNUEL-2026-00001;ANNUEL-2026-00001 acompte Atelier cuisine"
)


@pytest.fixture
def finance(desk) -> PaymentDesk:
    return PaymentDesk(desk)


def why(action, *arguments, **named) -> list[str]:
    with pytest.raises(MoveRefusedError) as refused:
        action(*arguments, **named)
    return [reason.code for reason in refused.value.reasons]


def faults(action, *lines, **named):
    with pytest.raises(DepositFileError) as refused:
        action(*lines, **named)
    return [(each.line, each.column, each.code) for each in refused.value.problems]


def stood(desk):
    return desk.rows(
        "SELECT instalment, amount_cents, status, paid_on::text, reference FROM payments ORDER BY position, funder_id"
    )


def test_nothing_is_ordered_without_an_account_and_a_payment_is_in_one_lot(desk, finance):
    funded(desk)
    due = finance.due()

    assert why(finance.orders, due) == ["no_bank_details"] * 2
    assert why(finance.orders, due, by=MANAGER) == ["role"]
    assert why(finance.orders, []) == ["nothing_chosen"]
    finance.knows_account()
    number = finance.orders(due)
    assert finance.orders(due) == number
    assert why(finance.orders, due, key="other") == ["not_due"] * 2
    with pytest.raises(ConstraintError, match="uq_payment_orders_payment"):
        desk.run(
            "INSERT INTO payment_orders (lot_id, position, payment_id, bank_id) VALUES (1, 9, %(p)s, 1)",
            p=due[0],
        )

    file = finance.file(number)
    assert file == finance.file(number)
    assert file.decode("utf-8-sig").splitlines()[:2] == [
        "Ordre;Échéance;SIRET;Bénéficiaire;Titulaire;IBAN;BIC;Montant;Financeur;Dossier;Objet",
        FIRST,
    ]
    assert IBAN.encode() not in bytes(desk.value("SELECT sealed FROM payment_lots"))
    assert [status for _, _, status, *_ in stood(desk)] == ["ordered", "planned", "ordered", "planned"]


def test_a_lot_is_cancelled_before_it_comes_back_and_its_payments_are_due_again(desk, finance):
    funded(desk)
    finance.knows_account()
    number = finance.orders(finance.due())

    assert why(finance.cancels, number, " ") == ["reason_given"]
    finance.cancels(number)
    assert why(finance.cancels, number) == ["cancelled"]
    assert faults(finance.imports, "L0001-001;18/09/2026;M-1;3200,00") == [(2, "ordre", "order_void")]
    again = finance.orders(finance.due(), key="again")
    finance.imports(f"L{again:04}-001;22/09/2026;M-1;3200,00")

    assert again == number + 1
    assert why(finance.cancels, again) == ["paid"]


def test_what_comes_back_is_recorded_whole_or_not_at_all_and_once(desk, finance):
    case = funded(desk)
    finance.knows_account()
    finance.orders(finance.due())
    good = ("L0001-001;22/09/2026;M-1;3200,00", "L0001-002;23/09/2026;M-2;1 600,00")

    assert why(finance.imports, *good, by=MANAGER) == ["role"]
    assert faults(finance.imports, good[0], "L0001-002;31/12/2026;;1600", "L0001-001;22/09/2026;M-1;1",
                  "L9-9;x;M;1", "VIREMENT;22/09/2026;M;1") == [
        (3, "paye_le", "day_ahead"), (3, "mandat", "required"),
        (4, "ordre", "listed_twice"), (5, "ordre", "order_unknown"), (5, "paye_le", "date_format"),
        (6, "ordre", "order_unknown"),
    ]  # fmt: skip
    assert faults(finance.imports, "L0001-001;22/09/2026;M-1;3 200,01") == [(2, "montant", "other_amount")]
    dry = finance.imports(*good, dry_run=True)
    assert [status for _, _, status, *_ in stood(desk)] == ["ordered", "planned", "ordered", "planned"]
    first, again = finance.imports(*good), finance.imports(*good)

    assert (dry.recorded, dry.paid_cents) == (first.recorded, first.paid_cents) == (2, 480_000)
    assert (again.recorded, again.already) == (0, 2)
    assert faults(finance.imports, "L0001-001;23/09/2026;M-1;3200") == [(2, "ordre", "paid_otherwise")]
    assert stood(desk) == [
        ("advance", 320_000, "paid", "2026-09-22", "M-1"), ("balance", 80_000, "planned", None, ""),
        ("advance", 160_000, "paid", "2026-09-23", "M-2"), ("balance", 40_000, "planned", None, ""),
    ]  # fmt: skip
    assert desk.rows("SELECT paid_cents, committed_cents FROM envelopes ORDER BY id") == [
        (320_000, 400_000), (160_000, 200_000),
    ]  # fmt: skip
    with desk.database.transaction() as session:
        assert money.verify(session).sound
    lines = desk.rows("SELECT details::jsonb ->> 'paid_on', details::jsonb ->> 'reason' FROM journal"
                      " WHERE case_id = %(c)s AND action = 'record_payment' ORDER BY seq", c=case)  # fmt: skip
    assert lines == [("2026-09-22", "M-1"), ("2026-09-23", "M-2")]


def test_a_payment_cancelled_meanwhile_is_not_recorded_in_silence(desk, finance):
    case = funded(desk)
    finance.knows_account()
    finance.orders(finance.due())
    desk.move(case, Action.RECORD_NOT_CARRIED_OUT, at="2026-10-01", role=Role.FINANCE,
              given=Given(reason="Locaux fermés"))  # fmt: skip

    assert faults(finance.imports, "L0001-001;22/09/2026;M-1;3200,00") == [(2, "ordre", "order_not_payable")]


def test_a_layout_of_the_contract_is_written_and_read_back(desk, finance):
    funded(desk)
    finance.knows_account()
    layout = {
        "columns": [
            {"title": "NUM", "says": "order"}, {"title": "SVC", "text": "PV"}, {"title": "CPTE", "says": "iban"},
            {"title": "MT", "says": "amount"}, {"title": "DT", "says": "lot_day"},
        ],
        "separator": "pipe", "amounts": "cents", "encoding": "cp1252", "days": "yyyymmdd",
        "back": {"order": "NUM", "paid_on": "DTP", "reference": "MDT", "amount": "MT"},
    }  # fmt: skip
    desk.run("UPDATE contracts SET document = document || %(said)s::jsonb",
             said=json.dumps({"payment_orders": layout}))  # fmt: skip

    number = finance.orders(finance.due()[:1])
    back = finance.imports("L0001-001;PV;20260922;MDT-7;320000", head="NUM;SVC;DTP;MDT;MT")

    assert finance.file(number).decode("cp1252") == (
        f"NUM|SVC|CPTE|MT|DT\r\nL0001-001|PV|{IBAN}|320000|20260920\r\n"
    )
    assert (back.recorded, back.paid_cents) == (1, 320_000)
