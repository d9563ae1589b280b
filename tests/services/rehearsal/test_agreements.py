"""Agreements of several years in a rehearsal: taken over, evaluated, asked again, followed without a gap."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from parvis.services.rehearsal.centres import Centre, centres, sheet
from parvis.services.rehearsal.counting import count
from parvis.services.rehearsal.figures import Figures
from parvis.services.rehearsal.habits import USUAL, AgreementHabits
from parvis.services.rehearsal.page import page
from parvis.services.rehearsal.play import Scenario, rehearse
from parvis.services.rehearsal.report import report
from tests.services.rehearsal.conftest import Stage as Theatre

FIRST, LAST = date(2026, 6, 1), date(2027, 1, 29)
WILLING = replace(USUAL, agreements=AgreementHabits(ceases=0.0, asks_never=0.0, quality=90, quality_spread=2))


@dataclass(frozen=True)
class Over:
    """A rehearsal that is over, and the agreements it left: organisation, first day, last day, stage."""

    figures: Figures
    agreements: list[tuple[Any, ...]]
    done: set[str]


@pytest.fixture(scope="module")
def over(stage: Theatre, amiens) -> Iterator[Over]:
    """Four agreements that end with 2026, and hardly anything else."""
    scenario = Scenario(("annuel-2026",), FIRST, LAST, cases=1, seed=4, agreements=4, habits=WILLING)
    with stage() as database:
        figures = count(database, amiens, rehearse(database, amiens, scenario))
        with database.transaction() as session:
            rows = session.exec_driver_sql(
                "SELECT organisation_id, starts_on, ends_on, stage FROM agreements ORDER BY 1, 2"
            ).all()
            done = session.exec_driver_sql("SELECT DISTINCT action FROM agreement_journal").scalars().all()
        yield Over(figures, [tuple(row) for row in rows], set(done))


def test_agreements_are_renewed_through_a_committee_without_a_day_between(over):
    found = over.figures.agreements

    assert found is not None
    assert found.hold
    assert (found.taken_over, found.overlaps, found.gaps, found.stuck, found.overdue) == (4, 0, 0, 0, 0)
    assert found.asked == 4
    assert found.followed == sum(one.funded for one in over.figures.sittings) >= 2
    for before, after in pairwise(over.agreements):
        if before[0] == after[0]:
            assert (before[2], after[1]) == (date(2026, 12, 31), date(2027, 1, 1))
    assert over.figures.stuck == ()
    assert over.figures.proofs.hold
    assert over.figures.reports.unasked == 0
    assert over.done >= {
        "open_renewal",
        "receive_evaluation",
        "write_request",
        "renew",
        "sign",
        "review_year",
    }


def test_the_report_says_what_became_of_them(over):
    said = {section.code: section for section in report(over.figures).sections}

    assert not said["agreements"].alarm
    assert not said["reports"].alarm
    french = page(report(over.figures), "fr")
    assert "4 conventions reprises" in french
    assert "à la fin\u202f: en vigueur" in french
    assert over.figures.agreements is not None
    lost = replace(over.figures, agreements=replace(over.figures.agreements, overlaps=1))
    assert "agreements" in [section.code for section in report(lost).sections if section.alarm]


def test_the_centres_of_a_seed_are_the_same_and_share_out_what_the_next_call_has(amiens):
    def draw(*taken: str) -> list[Centre]:
        return centres(amiens, 40, taken, seed="9", habits=USUAL, first=FIRST, last=LAST)

    several = draw()
    others = draw(several[0].association.siret)

    assert several == draw()
    assert several[0].association.siret not in {one.association.siret for one in others}
    assert len({one.association.siret for one in several}) == len(several) == len(others) == 40
    call = amiens.call("conventions-2027-2029")
    for envelope in call.envelopes:
        asked = sum(dict(one.amounts).get(envelope.funder, 0) for one in several)
        assert 0.6 * envelope.total_cents < asked < 1.1 * envelope.total_cents
    assert {one.ends_on for one in several} == {date(2026, 12, 31)}
    assert sheet(amiens, several).decode().count("\n") == 41
