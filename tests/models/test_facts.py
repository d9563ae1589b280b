"""Every fact the rules know of has a column it is read from, or a reason not to."""

from dataclasses import fields

from parvis.models.queries import facts
from parvis.states.facts import Facts

GIVEN_BY_THE_CALLER = {"at", "given"}
TRUE_OF_EVERY_ROW = {"organisation_identified"}  # a case has an organisation, which has a SIRET


def test_every_fact_is_read_from_somewhere() -> None:
    names = {field.name for field in fields(Facts)}

    assert set(facts._COLUMNS) == names - GIVEN_BY_THE_CALLER - TRUE_OF_EVERY_ROW
