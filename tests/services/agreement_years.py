"""An agreement whose years are confirmed, reviewed and paid, for the tests of what they pay."""

from typing import Any

from parvis.states.agreement_facts import AgreementGiven
from parvis.states.agreement_stages import AgreementAction as A
from parvis.states.agreement_stages import Review
from parvis.states.stages import Role
from tests.services.agreement_desk import AgreementDesk

AMOUNTS = (("etat", 500_000), ("ville", 299_999))


def born(house: AgreementDesk) -> int:
    """An agreement from 2027 to 2029, born of a case that a committee funded."""
    case = house.desk.submitted_case("2026-11-02", call="conventions", title="Espace de vie sociale")
    house.fund(case, "2026-12-10", AMOUNTS)
    house.sweep("2027-01-01 06:15")
    return int(house.desk.value("SELECT id FROM agreements WHERE case_id = %(id)s", id=case))


def confirm(house: AgreementDesk, agreement: int, year: int, at: str, amounts: Any = ()) -> None:
    house.move(agreement, A.CONFIRM_YEAR, at, given=AgreementGiven(year=year, amounts=amounts))


def review(
    house: AgreementDesk, agreement: int, year: int, at: str, result: Review = Review.ON_COURSE
) -> None:
    house.move(
        agreement, A.REVIEW_YEAR, at, role=Role.INSTRUCTOR, given=AgreementGiven(year=year, result=result)
    )


def payments(house: AgreementDesk, agreement: int, year: int = 2) -> list[tuple[Any, ...]]:
    return house.desk.rows(
        "SELECT f.code, p.instalment, p.amount_cents, p.status, p.due_on FROM payments p"
        " JOIN funders f ON f.id = p.funder_id WHERE agreement_id = %(id)s AND year = %(year)s"
        " ORDER BY f.code, p.position, p.id", id=agreement, year=year,
    )  # fmt: skip
