"""Shares of a coordinated proposal: exact to the cent, whatever is granted."""

from hypothesis import given
from hypothesis import strategies as st

from parvis.states.partners import (
    LEAD,
    Part,
    PartnerState,
    overdrawn,
    parts_wrong,
    pro_rata,
    shared_out,
    spread,
)

CENTS = st.integers(0, 10**9)
WEIGHTS = st.lists(CENTS, min_size=1, max_size=8)


@given(CENTS, WEIGHTS)
def test_what_is_shared_out_adds_up_and_each_part_is_within_a_cent_of_its_exact_one(cents, weights):
    parts = pro_rata(cents, weights)

    whole = sum(weights)
    assert sum(parts) == (cents if whole else 0)
    assert all(
        abs(part * whole - cents * weight) < whole
        for part, weight in zip(parts, weights, strict=True)
        if whole
    )


@given(st.lists(CENTS, min_size=1, max_size=6), st.data())
def test_shares_of_a_request_are_spread_over_its_funders_and_none_is_asked_more_than_it_is(asked, data):
    asks = {f"f{number}": cents for number, cents in enumerate(asked)}
    left, shares = sum(asked), []
    for _ in range(data.draw(st.integers(1, 4))):
        shares.append(data.draw(st.integers(0, left)))
        left -= shares[-1]

    found = spread(shares, asks)

    assert [sum(each.values()) for each in found] == shares
    assert overdrawn(asks, found, {}) == []


@given(CENTS, st.lists(CENTS, min_size=1, max_size=5), CENTS)
def test_a_grant_within_the_request_gives_nobody_more_than_they_ask(granted, asked, lead):
    parts = [
        Part(number, "", "", PartnerState.CONFIRMED, (("etat", cents),))
        for number, cents in enumerate(asked, 1)
    ]
    whole = lead + sum(asked)
    granted = min(granted, whole)

    found = dict(shared_out("etat", granted, whole, parts))

    assert sum(found.values()) == granted
    assert all(found.get(number, 0) <= cents for number, cents in enumerate(asked, 1))
    assert found.get(None, 0) <= lead


@given(st.lists(CENTS, min_size=2, max_size=5), st.data())
def test_parts_said_by_a_committee_are_kept_and_the_others_share_the_rest_to_the_cent(asked, data):
    theirs = asked[1:]
    parts = [
        Part(number, f"{number:014}", "Une", PartnerState.CONFIRMED, (("etat", cents),))
        for number, cents in enumerate(theirs, 1)
    ]
    granted = data.draw(st.integers(0, sum(asked)))
    names = [LEAD, *(part.siret for part in parts)]
    said = [
        (who, "etat", data.draw(CENTS)) for who in data.draw(st.lists(st.sampled_from(names), unique=True))
    ]
    grants = [("etat", "État", granted, sum(asked))]

    wrong = parts_wrong(grants, parts, said)

    found = dict(shared_out("etat", granted, sum(asked), parts, said))
    receivers = {LEAD: None, **{part.siret: part.organisation_id for part in parts}}
    if not wrong:
        assert sum(found.values()) == granted
        assert all(found.get(receivers[who], 0) == cents for who, _, cents in said)
        most = dict(zip(receivers.values(), asked, strict=True))
        assert all(cents <= most[who] for who, cents in found.items())
    if said and sum(cents for *_, cents in said) > granted:
        assert wrong
    if not said:
        assert wrong == []


def test_shares_that_do_not_add_up_are_named_by_funder():
    [said] = overdrawn({"etat": 100_00}, [{"etat": 60_00}, {"etat": 40_01}], {"etat": "État"})

    assert (
        said.fr.replace("\u202f", " ")
        .replace("\u00a0", " ")
        .startswith("État : les parts des partenaires font 100,01 €")
    )
