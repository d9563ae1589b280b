"""A contract carried over years: what opens again, who sits again, how many deposit to each."""

from datetime import date

from parvis.services.rehearsal.habits import USUAL
from parvis.services.rehearsal.play import shares
from parvis.services.rehearsal.years import carried, for_agreements, named
from parvis.states.calendar import is_working_day
from parvis.states.stages import Nature

LAST = date(2030, 12, 31)


def test_annual_calls_open_again_every_year_and_other_calls_once(amiens):
    contract, calls = carried(
        amiens, [amiens.call("annuel-2026"), amiens.call("conventions-2027-2029")], LAST
    )

    codes = [call.code for call in calls]
    assert codes[:2] == ["annuel-2026", "conventions-2027-2029"]
    assert codes[2:] == [f"annuel-{year}" for year in range(2027, 2032)]
    assert contract.call("annuel-2027") == amiens.call("annuel-2027"), (
        "the file’s own is kept as it is written"
    )
    assert contract.call("annuel-2029").waves[0].closing(Nature.NEW) == date(2029, 1, 31)
    assert {call.code for call in amiens.calls} <= {call.code for call in contract.calls}


def test_a_call_not_in_the_file_is_what_the_last_of_its_kind_becomes(amiens):
    assert named(amiens, "annuel-2027") == amiens.call("annuel-2027")
    later = named(amiens, "annuel-2028")
    assert later is not None
    assert (later.title, later.opens_on) == ("Appel à projets annuel 2028", date(2027, 11, 2))
    assert named(amiens, "conventions-2030-2032") is not None
    assert [named(amiens, code) for code in ("conventions-2028-2030", "specifique-2028", "reprise", "x")] == [
        None
    ] * 4
    assert [call.code for call in for_agreements(amiens, LAST)] == [
        "conventions-2027-2029", "conventions-2030-2032"
    ]  # fmt: skip


def test_committees_sit_again_on_working_days_until_the_end(amiens):
    contract, _ = carried(amiens, [amiens.call("annuel-2027")], LAST)

    for before, after in zip(amiens.committees, contract.committees, strict=True):
        kept, added = set(before.days), set(after.days) - set(before.days)
        assert kept <= set(after.days)
        assert {day.year for day in added} == set(range(max(kept).year + 1, 2031))
        assert all(is_working_day(day) for day in added)
        assert list(after.days) == sorted(after.days)


def test_a_wave_that_is_not_of_the_file_is_decided_on_a_day_its_committee_sits(amiens):
    contract, calls = carried(amiens, [amiens.call("annuel-2027")], LAST)

    pilotage = next(one for one in contract.committees if one.code == "pilotage")
    wanted = {wave.decides_on for call in calls if call.year in (2028, 2029, 2030) for wave in call.waves}
    assert len(wanted) == 9
    assert wanted <= set(pilotage.days)
    assert calls[0] == amiens.call("annuel-2027"), "the file’s own is kept as it is written"


def test_every_case_goes_to_a_call_that_takes_deposits_meanwhile(amiens):
    _, calls = carried(amiens, [amiens.call("annuel-2027")], LAST)

    counts = shares(calls, USUAL, date(2027, 1, 1), LAST, 1_000)

    assert sum(counts.values()) == 1_000
    by_code = {calls[number].code: count for number, count in counts.items()}
    assert all(by_code[f"annuel-{year}"] > 150 for year in range(2027, 2031))
    assert 0 < by_code["annuel-2031"] < 100, "it opens two months before the end"
