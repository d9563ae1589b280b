"""When interim reports are due."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from parvis.states.consequences import consequences
from parvis.states.contract.instruction import Instalment, PaidOn
from parvis.states.stages import Action
from tests.states.examples import case_at
from tests.states.test_consequences import RULES, row


def test_an_interim_report_is_due_half_way_and_every_year_of_an_action_of_several():
    """Loi 2000-321 art. 10. What starts later counts: the action, or the decision of 30 June 2026."""
    half = Instalment(code="mi-parcours", share=Decimal("0.3"), on=PaidOn.INTERIM_REPORT)

    def due(starts_on: date | None, ends_on: date | None, *schedule: Instalment) -> object:
        facts = replace(case_at("committee"), starts_on=starts_on, ends_on=ends_on)
        return consequences(row(Action.FUND, facts.stage), facts, replace(RULES, schedule=schedule)).changes[
            "interim_due_on"
        ]

    assert due(None, None, half) == due(date(2026, 1, 1), date(2026, 12, 31), half) == date(2026, 12, 30)
    assert due(date(2026, 9, 1), date(2027, 6, 30), half) == date(2027, 3, 1)
    assert due(date(2026, 9, 1), date(2027, 6, 30)) is None
    assert due(date(2026, 9, 1), date(2028, 8, 31)) == date(2027, 6, 30)
    assert due(date(2024, 1, 1), date(2026, 12, 31)) is None
