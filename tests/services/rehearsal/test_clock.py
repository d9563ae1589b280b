"""The virtual clock: what is planned comes in order, people act at their hours, jobs at their ticks."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from parvis.services.rehearsal.agenda import OFFICE, Agenda, Step, next_tick, office_hour, spare_hour
from parvis.states.calendar import is_working_day, paris_day
from parvis.states.words import PARIS

NINE = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)


def test_things_planned_for_one_moment_come_step_by_step_and_each_subject_once():
    agenda = Agenda()
    agenda.plan(NINE, Step.INSTRUCT, 2)
    agenda.plan(NINE, Step.CHECK, 7)
    agenda.plan(NINE, Step.CHECK, 3)
    agenda.plan(NINE, Step.CHECK, 7)
    agenda.plan(NINE + timedelta(hours=1), Step.CHECK, 9)

    taken = list(agenda.take(NINE))

    assert taken == [(Step.CHECK, [(7, 0), (3, 0)]), (Step.INSTRUCT, [(2, 0)])]
    assert agenda.next_at == NINE + timedelta(hours=1)


def test_an_agenda_of_nothing_has_no_next_moment():
    assert Agenda().next_at is None


@pytest.mark.parametrize("days", [0, 1, 5])
def test_people_at_work_act_on_working_days_at_office_hours_and_never_before_they_hear(days):
    chance = Random(1)
    for hour in range(0, 24 * 400, 37):
        heard = NINE + timedelta(hours=hour)

        acts = office_hour(chance, heard, days)

        assert acts > heard
        assert is_working_day(paris_day(acts))
        assert acts.astimezone(PARIS).time() in OFFICE


def test_associations_act_on_any_day_and_never_before_they_hear():
    chance = Random(1)
    moments = [spare_hour(chance, NINE + timedelta(hours=hour), 2) for hour in range(0, 24 * 60, 5)]

    assert all(
        moment > NINE + timedelta(hours=hour) for moment, hour in zip(moments, range(0, 1440, 5), strict=True)
    )
    assert {moment.astimezone(PARIS).weekday() for moment in moments} == set(range(7))


def test_a_job_meets_a_moment_at_its_next_tick():
    on_time, late = datetime(2027, 1, 4, 7, 0, tzinfo=UTC), datetime(2027, 1, 4, 7, 0, 1, tzinfo=UTC)

    assert next_tick(on_time, 10) == on_time
    assert next_tick(late, 10) == datetime(2027, 1, 4, 7, 10, tzinfo=UTC)
    assert next_tick(datetime(2027, 1, 4, 23, 59, 30, tzinfo=UTC), 10).date() == date(2027, 1, 5)
