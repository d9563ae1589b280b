"""How a request falls in its call: by kind and by day, to the last day of each wave."""

from datetime import date, timedelta

import pytest

from parvis.states.arrivals import Arrival, Kind, arrive
from parvis.states.contract import Call
from parvis.states.stages import Nature

CALL = Call.model_validate({
    "code": "annuel-2027", "title": "Appel 2027", "instrument": "annual", "year": 2027,
    "opens_on": "2026-11-02", "closes_on": "2027-10-15",
    "waves": [
        {"code": "hiver", "title": "Hiver", "decides_on": "2027-05-27",
         "closes": {"new": "2027-01-31", "renewal": "2027-01-15", "school": "2027-04-30"}},
        {"code": "automne", "title": "Automne", "closes": {"new": "2027-10-15", "renewal": "2027-10-01"}},
    ],
})  # fmt: skip
NEW, RENEWAL = Kind(Nature.NEW), Kind(Nature.RENEWAL)
SCHOOL = Kind(Nature.NEW, school=True)


def on(day: str, kind: Kind = NEW) -> Arrival:
    return arrive(CALL, date.fromisoformat(day), kind)


@pytest.mark.parametrize(
    ("day", "kind", "wave", "missed"),
    [
        ("2027-01-15", RENEWAL, "Hiver", ""),
        (
            "2027-01-16",
            RENEWAL,
            "Automne",
            "Hiver",
        ),  # it still takes new actions: this renewal is late for it
        ("2027-01-31", NEW, "Hiver", ""),
        ("2027-02-01", NEW, "Automne", ""),  # nothing says that it was meant for the winter
        ("2027-02-01", Kind(Nature.NEW, begun_on=date(2027, 1, 31)), "Automne", "Hiver"),
        ("2027-02-01", Kind(Nature.NEW, begun_on=date(2027, 2, 1)), "Automne", ""),
        ("2027-04-30", SCHOOL, "Hiver", ""),
        ("2027-05-01", SCHOOL, "Automne", ""),
    ],
)
def test_a_request_falls_in_the_first_wave_open_to_its_kind_and_is_told_the_one_it_misses(
    day, kind, wave, missed
):
    fallen = on(day, kind)

    assert (fallen.open, fallen.wave, fallen.missed) == (True, wave, missed)


def test_after_the_last_wave_for_its_kind_it_is_refused_though_the_call_still_takes_others():
    late, others = on("2027-10-02", RENEWAL), on("2027-10-02")

    assert (late.open, late.closed_on, late.closings) == (False, date(2027, 10, 1), ())
    assert late.next_opening.fr.startswith("Aucune autre ouverture")
    assert (others.open, others.closings) == (True, (date(2027, 10, 15),))


def test_a_draft_has_every_closing_of_its_kind_ahead_the_nearest_first():
    assert on("2026-12-01").closings == (date(2027, 1, 31), date(2027, 10, 15))
    assert on("2026-12-01", RENEWAL).closes_on == date(2027, 1, 15)


def test_a_call_without_waves_takes_until_it_closes_and_one_without_closing_always():
    plain = CALL.model_copy(update={"waves": ()})
    endless = plain.model_copy(update={"closes_on": None})
    last, day = date(2027, 10, 15), timedelta(days=1)

    assert arrive(plain, last, NEW).open
    assert not arrive(plain, last + day, NEW).open
    assert arrive(endless, last + 1_000 * day, NEW).open
    assert not arrive(endless, CALL.opens_on - day, NEW).open
