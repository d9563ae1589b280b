"""The models of a city contract: defaults, what they refuse and where, and next year's call."""

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from parvis.states.contract import (
    Call,
    Committee,
    Contract,
    Eligibility,
    Instalment,
    Label,
    Person,
    Seat,
    SeatRole,
    Sitting,
    TimeRules,
    Wave,
    roll_forward,
)
from parvis.states.stages import Nature


def a_call(**settings: Any) -> Call:
    return Call.model_validate(
        {
            "code": "annuel-2027",
            "title": "Appel 2027",
            "instrument": "annual",
            "year": 2027,
            "opens_on": "2026-11-02",
            **settings,
        }
    )


def a_wave(code: str, new: str, **settings: Any) -> dict[str, Any]:
    return {
        "code": code,
        "title": code.title(),
        "closes": {"new": new, **settings.pop("closes", {})},
        **settings,
    }


def a_contract(**settings: Any) -> Contract:
    return Contract.model_validate(
        {
            "code": "ville",
            "name": "Contrat",
            "city": "Ville",
            "sender": {"name": "Service", "email": "service@ville.example"},
            "challenges": [{"code": "D01", "label": "Un défi"}],
            "neighbourhoods": [{"code": "QN08001M", "name": "Étouvie", "commune": "Amiens"}],
            "funders": [{"code": "caf", "name": "CAF", "kind": "caf", "email": "caf@ville.example"}],
            **settings,
        }
    )


def problems(build: Any, **settings: Any) -> dict[tuple[str | int, ...], str]:
    with pytest.raises(ValidationError) as refused:
        build(**settings)
    return {error["loc"]: error["msg"] for error in refused.value.errors()}


def test_the_times_of_a_call_have_the_stated_defaults():
    times = TimeRules()

    assert times.statutory_silence_months == 2
    assert times.statutory_warnings == (-30, -7)
    assert times.opinion_reminders == (-7, -1, 1, 7)
    assert times.report_reminders == (-30, -15, 1, 15, 30)
    assert times.reminder_time == time(8)


def test_rules_are_values_that_can_key_a_cache_and_cannot_change():
    times = TimeRules()

    assert {times: 1}[TimeRules()] == 1
    assert hash(a_call()) == hash(a_call())
    with pytest.raises(ValidationError):
        times.check_days = 3  # type: ignore[misc]


def test_offsets_are_kept_in_order_and_once():
    assert TimeRules(report_reminders=(15, -30, 15, 1)).report_reminders == (-30, 1, 15)


def test_a_reminder_of_a_turn_that_ends_at_its_deadline_cannot_come_after_it():
    assert problems(TimeRules, documents_reminders=(1,)) == {
        ("documents_reminders", 0): "Input should be less than or equal to -1"
    }


def test_a_call_asks_the_usual_documents_weighs_100_and_pays_the_whole_grant():
    call = a_call()

    assert [document.code for document in call.documents_for(Nature.NEW)][-1] == "republican_commitment"
    assert [document.code for document in call.documents_for(Nature.RENEWAL)][-1] == "last_report"
    assert sum(criterion.weight for criterion in call.grid) == 100
    assert sum(instalment.share for instalment in call.payment_schedule) == 1
    assert call.agreement_threshold_cents == 2_300_000


@pytest.mark.parametrize(
    ("written", "read"), [(0.8, "0.8"), ("80 %", "0.8"), ("80%", "0.8"), ("0,8", "0.8"), (1, "1"), (0, "0")]
)
def test_a_share_is_exact_however_it_is_written(written, read):
    assert Eligibility.model_validate({"minimum_qpv_share": written}).minimum_qpv_share == Decimal(read)


@pytest.mark.parametrize("written", [80, "120 %", -0.1, "moitié", "nan", True, "%"])
def test_what_is_not_a_share_is_refused(written):
    refused = problems(Eligibility.model_validate, obj={"minimum_qpv_share": written})

    assert list(refused) == [("minimum_qpv_share",)]


@pytest.mark.parametrize("written", [20270131, 1_800_000_000, "31.01.2027", "2027-02-30", True, "2207-01-31"])
def test_what_is_not_a_day_is_refused_rather_than_guessed(written):
    assert list(problems(a_call, opens_on=written)) == [("opens_on",)]


@pytest.mark.parametrize("written", ["2027-01-31", "31/01/2027", date(2027, 1, 31)])
def test_a_day_is_read_in_iso_or_in_french(written):
    assert a_call(opens_on=written).opens_on == date(2027, 1, 31)


@pytest.mark.parametrize("written", ["8h00", 8, "25:00", "08:61"])
def test_what_is_not_a_time_of_day_is_refused(written):
    assert list(problems(TimeRules.model_validate, obj={"reminder_time": written})) == [("reminder_time",)]


@pytest.mark.parametrize("code", ["QN8001M", "QP080001", "QN08001X", "qn08001m", "QN08001M "[:7]])
def test_a_neighbourhood_has_its_official_code(code):
    refused = problems(a_contract, neighbourhoods=[{"code": code, "name": "É", "commune": "A"}])

    assert list(refused) == [("neighbourhoods", 0, "code")]


def test_a_label_may_be_given_in_french_alone():
    assert Label.model_validate("Statuts") == Label(fr="Statuts", en="Statuts")
    assert Label.model_validate({"fr": "Statuts"}).en == "Statuts"


def test_a_call_that_closes_before_it_opens_names_the_closing_day():
    refused = problems(a_call, closes_on="2026-11-01")

    assert refused == {
        ("closes_on",): "L’appel se clôt le 1er novembre 2026, avant de s’ouvrir le 2 novembre 2026\u202f: "
        "changer «\u202fcloses_on\u202f» ou «\u202fopens_on\u202f»."
    }


def test_a_wave_stays_inside_its_call_for_each_sort_of_deposit():
    refused = problems(
        a_call,
        closes_on="2027-10-15",
        waves=[
            a_wave("hiver", "2027-01-31", closes={"renewal": "2026-10-01"}),
            a_wave("automne", "2027-10-15", closes={"school": "2027-10-16"}),
        ],
    )

    assert list(refused) == [("waves", 0, "closes", "renewal"), ("waves", 1, "closes", "school")]


def test_a_wave_decides_after_its_last_deposit():
    refused = problems(a_call, waves=[a_wave("hiver", "2027-01-31", decides_on="2027-01-31")])

    assert list(refused) == [("waves", 0, "decides_on")]


def test_weights_must_make_100():
    grid = [{"code": "a", "label": "A", "weight": 60}, {"code": "b", "label": "B", "weight": 39}]

    assert "99" in problems(a_call, grid=grid)["grid",]


def test_shares_must_make_the_whole_grant_to_the_last_decimal():
    schedule = [{"code": str(n), "share": "33,33 %", "on": "report"} for n in range(3)]

    assert "99.99\u202f%" in problems(a_call, payment_schedule=schedule)["payment_schedule",]


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"waves": [a_wave("x", "2027-01-31"), a_wave("X", "2027-02-28")]}, ("waves", 1, "code")),
        ({"required_documents": [{"code": "rib", "label": "RIB"}] * 2}, ("required_documents", 1, "code")),
        ({"funders": ["caf", "caf"]}, ("funders", 1)),
        ({"envelopes": [{"funder": "caf", "total_cents": 1}] * 2}, ("envelopes", 1)),
    ],
)
def test_what_a_call_says_twice_is_named_the_second_time(settings, path):
    assert list(problems(a_call, **settings)) == [path]


CALL = {"code": "a", "title": "A", "instrument": "annual", "year": 2027, "opens_on": "2027-01-01"}
CAF = {"code": "caf", "name": "CAF", "email": "caf@ville.example"}
PERSON = {"email": "a@ville.example", "name": "A", "role": "instructor"}
COMMITTEE = {"code": "c", "name": "C", "kind": "technical"}
SEATS = ("committees", 0, "members")


def seated(member):
    """A committee with a chair and this member."""
    people = [PERSON, {**PERSON, "email": "c@ville.example"}]
    members = [{"person": "a@ville.example", "role": "chair"}, member]
    return {"people": people, "committees": [{**COMMITTEE, "members": members}]}


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"calls": [{**CALL, "funders": ["cat"]}]}, ("calls", 0, "funders", 0)),
        (
            {"calls": [{**CALL, "envelopes": [{"funder": "x", "total_cents": 1}]}]},
            ("calls", 0, "envelopes", 0, "funder"),
        ),
        (
            {"calls": [{**CALL, "envelopes": [{"funder": "caf", "total_cents": 1, "challenge": "D99"}]}]},
            ("calls", 0, "envelopes", 0, "challenge"),
        ),
        (
            {
                "calls": [
                    {**CALL, "envelopes": [{"funder": "caf", "total_cents": 1, "neighbourhood": "QN08009M"}]}
                ]
            },
            ("calls", 0, "envelopes", 0, "neighbourhood"),
        ),
        ({"calls": [CALL, CALL]}, ("calls", 1, "code")),
        ({"calls": [CALL], "committees": [COMMITTEE]}, ("calls", 0, "decides")),
        ({"people": [{**PERSON, "funder": "x"}]}, ("people", 0, "funder")),
        ({"people": [PERSON, {**PERSON, "email": "A@ville.example"}]}, ("people", 1, "email")),
        ({"people": [{**PERSON, "neighbourhoods": ["QN08009M"]}]}, ("people", 0, "neighbourhoods", 0)),
        ({"people": [{**PERSON, "role": "funder"}]}, ("people", 0, "role")),
        ({"people": [{**PERSON, "role": "clock"}]}, ("people", 0, "role")),
        ({"committees": [{**COMMITTEE, "covers": ["QN08009M"]}]}, ("committees", 0, "covers", 0)),
        (
            {"committees": [{**COMMITTEE, "held_on": ["2027-01-05", "05/01/2027"]}]},
            ("committees", 0, "held_on", 1),
        ),
        (
            {"committees": [{**COMMITTEE, "held_on": [{"day": "2027-01-05", "starts_at": "25:00"}]}]},
            ("committees", 0, "held_on", 0, "starts_at"),
        ),
        (seated({"person": "b@ville.example", "role": "elected"}), (*SEATS, 1, "person")),
        (seated({"person": "A@ville.example", "role": "elected"}), (*SEATS, 1, "person")),
        (seated({"person": "c@ville.example", "role": "chair"}), (*SEATS, 1, "role")),
        (seated({"person": "c@ville.example", "role": "substitute"}), (*SEATS, 1, "role")),
        (
            seated({"person": "c@ville.example", "role": "funder", "substitute_for": "a@ville.example"}),
            (*SEATS, 1, "substitute_for"),
        ),
        (
            seated({"person": "c@ville.example", "role": "substitute", "substitute_for": "z@ville.example"}),
            (*SEATS, 1, "substitute_for"),
        ),
        (
            {
                "committees": [
                    {**COMMITTEE, "several_neighbourhoods": True},
                    {**COMMITTEE, "code": "d", "several_neighbourhoods": True},
                ]
            },
            ("committees", 1, "several_neighbourhoods"),
        ),
        ({"funders": [CAF, {**CAF, "code": "CAF-80", "name": "Càf."}]}, ("funders", 1, "name")),
        (
            {"funders": [CAF, {**CAF, "code": "etat", "name": "État", "aliases": ["C A F", "caf"]}]},
            ("funders", 1, "aliases", 1),
        ),
    ],
)
def test_what_a_contract_says_twice_or_never_defines_is_named_where_it_is_used(settings, path):
    assert list(problems(a_contract, **settings)) == [path]


def test_every_problem_of_a_contract_is_told_at_once():
    refused = problems(
        a_contract,
        people=[{**PERSON, "funder": "x"}],
        calls=[{**CALL, "funders": ["y", "z"]}],
    )

    assert list(refused) == [("people", 0, "funder"), ("calls", 0, "funders", 0), ("calls", 0, "funders", 1)]


def test_a_take_over_of_history_needs_no_committee():
    contract = a_contract(committees=[COMMITTEE], calls=[{**CALL, "silent": True}])

    assert contract.call("a").silent


def test_a_contract_comes_back_the_same_from_its_stored_document():
    contract = a_contract(calls=[CALL], committees=[{**COMMITTEE, "kind": "steering"}], people=[PERSON])

    assert Contract.model_validate(contract.model_dump(mode="json")) == contract
    assert Contract.model_validate_json(contract.model_dump_json()) == contract


def test_a_call_asks_the_funders_it_names_else_all_that_give_opinions():
    bank = {"code": "banque", "name": "Banque", "email": "b@ville.example", "asks_opinion": False}
    contract = a_contract(funders=[CAF, bank], calls=[CALL, {**CALL, "code": "b", "funders": ["banque"]}])

    assert [funder.code for funder in contract.funders_asked(contract.call("a"))] == ["caf"]
    assert [funder.code for funder in contract.funders_asked(contract.call("b"))] == ["banque"]
    with pytest.raises(KeyError):
        contract.call("c")


def test_a_committee_covers_a_case_only_when_it_covers_all_its_neighbourhoods():
    north = Committee.model_validate({**COMMITTEE, "covers": ["QN08003M", "QN08004M"]})
    everywhere = Committee.model_validate({**COMMITTEE, "covers": "all"})

    assert north.covers_these(["QN08003M"])
    assert not north.covers_these(["QN08003M", "QN08001M"])
    assert everywhere.covers_all
    assert everywhere.covers_these(["QN08003M", "QN08001M"])


def test_a_committee_that_takes_cases_of_several_neighbourhoods_takes_them_wherever_they_are():
    south = Committee.model_validate({**COMMITTEE, "covers": ["QN08002M"], "several_neighbourhoods": True})

    assert south.covers_these(["QN08003M", "QN08001M"])
    assert not south.covers_these(["QN08003M"])


def test_a_sitting_is_a_day_or_says_what_is_different_that_day():
    committee = Committee.model_validate(
        {
            **COMMITTEE,
            "held_on": ["2027-01-05", {"day": "05/02/2027", "starts_at": "9:00", "room": "Salle B"}],
        }
    )

    assert committee.days == (date(2027, 1, 5), date(2027, 2, 5))
    assert committee.held_on[0] == Sitting(day=date(2027, 1, 5))
    assert (committee.held_on[1].starts_at, committee.held_on[1].room) == (time(9), "Salle B")


def test_an_expert_has_no_vote_unless_the_contract_gives_one():
    assert not Seat(person="a@ville.example", role=SeatRole.EXPERT).may_vote
    assert Seat(person="a@ville.example", role=SeatRole.EXPERT, votes=True).may_vote
    assert not Seat(person="a@ville.example", role=SeatRole.FUNDER, votes=False).may_vote


@pytest.mark.parametrize(
    "address", ["visio.ville.fr", "javascript:alert(1)", "https://a b", 'https://x.fr/"onload=', "ftp://x.fr"]
)
def test_a_video_link_is_the_whole_address_of_a_page(address):
    with pytest.raises(ValidationError):
        Committee.model_validate({**COMMITTEE, "video_url": address})


def test_a_person_follows_every_neighbourhood_unless_some_are_named():
    assert Person.model_validate(PERSON).neighbourhoods == ()


def test_a_deposit_falls_in_the_first_wave_still_open_to_its_nature():
    call = a_call(
        closes_on="2027-10-15",
        waves=[
            a_wave("ete", "2027-06-30"),
            a_wave("janvier", "2027-01-31", closes={"renewal": "2027-01-15", "school": "2027-04-30"}),
        ],
    )

    def wave(day: str, nature: Nature, *, school: bool = False) -> str | None:
        found = call.wave_for(date.fromisoformat(day), nature, school=school)
        return found.code if found else None

    assert wave("2027-01-31", Nature.NEW) == "janvier"
    assert wave("2027-02-01", Nature.NEW) == "ete"
    assert wave("2027-01-16", Nature.RENEWAL) == "ete"
    assert wave("2027-04-30", Nature.NEW, school=True) == "janvier"
    assert wave("2027-07-01", Nature.NEW) is None
    assert call.closing_for(date(2027, 1, 20), Nature.NEW) == date(2027, 1, 31)
    assert call.closing_for(date(2027, 7, 1), Nature.NEW) == date(2027, 10, 15)


def test_next_years_call_has_every_day_at_its_anniversary_and_its_year_renamed():
    call = a_call(
        title="Appel 2027 – Engagements Quartiers 2030",
        closes_on="2027-10-15",
        waves=[a_wave("w-2027", "2027-01-31", closes={"renewal": "2027-01-15"}, decides_on="2027-05-27")],
    )

    later = roll_forward(call, 1)

    assert (later.code, later.title, later.year) == (
        "annuel-2028",
        "Appel 2028 – Engagements Quartiers 2030",
        2028,
    )
    assert (later.opens_on, later.closes_on) == (date(2027, 11, 2), date(2028, 10, 15))
    assert later.waves[0] == Wave.model_validate(
        a_wave(
            "w-2028", "2028-01-31", closes={"renewal": "2028-01-15"}, decides_on="2028-05-27", title="W-2028"
        )
    )
    assert later.grid == call.grid
    assert later.times == call.times


def test_agreements_of_three_years_rename_their_whole_span():
    call = a_call(code="conventions-2027-2029", duration_years=3)

    assert roll_forward(call, 3).code == "conventions-2030-2032"


def test_a_leap_day_rolls_to_the_last_day_of_february():
    assert roll_forward(a_call(closes_on="2028-02-29"), 1).closes_on == date(2029, 2, 28)


@given(st.integers(min_value=-5, max_value=20))
def test_a_call_rolled_and_rolled_back_is_the_same_call(years):
    call = a_call(closes_on="2027-10-15", waves=[a_wave("janvier", "2027-01-31", decides_on="2027-05-27")])

    assert roll_forward(roll_forward(call, years), -years) == call


def test_an_instalment_says_what_makes_it_payable():
    refused = problems(Instalment.model_validate, obj={"code": "a", "share": 1, "on": "someday"})

    assert list(refused) == [("on",)]
