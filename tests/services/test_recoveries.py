"""What is paid back: an order as an accessible PDF, a letter that carries it, recorded once it came; to the cent."""

from io import BytesIO

import openpyxl

from parvis.documents.recovery_pages import recovery_data
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.recoveries import without_document
from parvis.services import files, money, recovery_documents
from parvis.services.cash_plan import cash_plan, write_cash
from parvis.services.files import Shelf
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from tests.documents.pdf import structure
from tests.services.desk import moment
from tests.services.payment_desk import PaymentDesk
from tests.services.test_reports import funded, sent, typed

AT = moment("2027-05-12")


def made(desk, shelf) -> int:
    return recovery_documents.make_owed(desk.database, shelf, at=AT)


def said(desk) -> list[list[tuple[str, ...]]]:
    """The figures of the orders about to be made, with plain spaces."""
    with desk.database.transaction() as session:
        owed = without_document(session, limit=9)
        frame = contract_by_id(session, desk.contract_id)
    told = [recovery_data(recovery_documents.content(each, frame, AT)) for each in owed]
    rows = [next(part["rows"] for part in each["parts"] if part["look"] == "table") for each in told]
    return [[tuple(" ".join(cell.split()) for cell in row) for row in table] for table in rows]


def under_budget(desk) -> tuple[int, PaymentDesk]:
    """A case whose advances are paid and whose accepted report says three quarters of its budget."""
    case, finance = funded(desk), PaymentDesk(desk)
    finance.knows_account()
    finance.orders(finance.due())
    finance.imports("L0001-001;22/09/2026;M-1;3200", "L0001-002;23/09/2026;M-2;1600")
    typed(desk, case)
    sent(desk, case)
    desk.move(case, Action.ACCEPT_REPORT, at="2027-05-10 10:00")
    return case, finance


def test_an_action_under_budget_pays_back_by_an_order_a_letter_and_a_return_of_accounting(desk, tmp_path):
    (case, finance), shelf = under_budget(desk), Shelf(tmp_path / "files")

    assert said(desk) == [
        [("Dépenses de l’action", "10 000,00 €", "7 500,00 €"), ("Subvention (État)", "4 000,00 €", "3 000,00 €"),
         ("Versé", "—", "3 200,00 €"), ("À reverser", "—", "200,00 €")],
        [("Dépenses de l’action", "10 000,00 €", "7 500,00 €"), ("Subvention (Ville)", "2 000,00 €", "1 500,00 €"),
         ("Versé", "—", "1 600,00 €"), ("À reverser", "—", "100,00 €")],
    ]  # fmt: skip
    assert (made(desk, shelf), made(desk, shelf)) == (2, 0)
    with desk.database.transaction() as session:
        first, second = files.list_files(session, case_ids=[case])
    pdf = files.read(shelf, first)
    assert (structure(pdf).ua_part, structure(pdf).pages) == ("1", 1)
    letters = desk.rows("SELECT recipient, data ->> 'order', (data ->> 'total_cents')::int, enclosures -> 0 ->> 'name'"
                        " FROM letters WHERE template = 'recovery_order' ORDER BY id")  # fmt: skip
    names = [line.name.removeprefix("ordre-de-reversement-").removesuffix(".pdf") for line in (first, second)]
    assert letters == [
        ("applicant", names[0], 20_000, first.name),
        ("applicant", names[1], 10_000, second.name),
    ]

    back = finance.imports(
        f"{names[0]};01/06/2027;T-9;200", f"{names[1]};02/06/2027;T-10;100", at="2027-06-05"
    )

    assert (back.recorded, back.back_cents, back.paid_cents) == (2, 30_000, 0)
    assert desk.rows("SELECT paid_cents, committed_cents FROM envelopes ORDER BY id") == [
        (300_000, 300_000), (150_000, 150_000),
    ]  # fmt: skip
    assert desk.value("SELECT balance_settled FROM cases WHERE id = %(c)s", c=case)
    with desk.database.transaction() as session:
        assert money.verify(session).sound
    adds_up(desk)


def adds_up(desk) -> None:
    """The cash plan says what came back, and its workbook adds up by itself."""
    with desk.database.transaction() as session:
        plan = cash_plan(session, desk.contract_id, 2027)
    june = plan.together.months[5]
    assert (june.back_cents, june.net_cents) == (30_000, -30_000)
    assert [(each.funder, each.total.net_cents) for each in plan.funders] == [
        ("Ville", -10_000),
        ("État", -20_000),
    ]
    written = BytesIO()
    write_cash(written, plan, "fr")
    sheet = openpyxl.load_workbook(written)["Tous les financeurs"]
    assert [cell.value for cell in sheet[14]] == ["Total", *(f"=SUM({c}2:{c}13)" for c in "BCDE")]
    assert (sheet["D7"].value, sheet["E7"].value) == (300, "=C7-D7")


def test_what_a_case_that_is_reclaimed_pays_back_is_recorded_and_its_envelopes_stay_as_they_are(
    desk, tmp_path
):
    case, finance, shelf = funded(desk), PaymentDesk(desk), Shelf(tmp_path / "files")
    finance.knows_account()
    finance.orders(finance.due()[:1])
    finance.imports("L0001-001;22/09/2026;M-1;3200")
    desk.move(
        case, Action.RECORD_NOT_CARRIED_OUT, at="2026-11-01", role=Role.FINANCE, given=Given(reason="Fermé")
    )
    desk.move(
        case, Action.RECLAIM, at="2026-11-02", role=Role.FINANCE, given=Given(reason="Action non menée")
    )
    before = desk.rows("SELECT paid_cents, committed_cents, available_cents FROM envelopes ORDER BY id")

    assert made(desk, shelf) == 1
    order = desk.value("SELECT data ->> 'order' FROM letters WHERE template = 'recovery_order'")
    finance.imports(f"{order};01/12/2026;T-1;3200", at="2026-12-05")

    assert desk.value("SELECT status FROM payments WHERE amount_cents < 0") == "paid"
    assert (
        desk.rows("SELECT paid_cents, committed_cents, available_cents FROM envelopes ORDER BY id") == before
    )
    assert before[0][:2] == (0, 0)
