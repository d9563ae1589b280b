"""Invented applicants: nobody that exists, money that adds up, deposits the importer takes."""

from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from parvis.services.imports.deposit import Deposit, Side
from parvis.services.imports.reading import read_deposits
from parvis.services.intake import import_context
from parvis.services.rehearsal.applicants import proposals
from parvis.services.rehearsal.deposit_files import portal_export, sheet
from parvis.services.rehearsal.habits import USUAL, ApplicantHabits
from parvis.services.rehearsal.play import association_pool
from parvis.services.rehearsal.proposals import Door, Proposal
from parvis.states import fields
from parvis.states.contract import Contract
from parvis.states.stages import Nature

COUNT = 300
NEVER_LATE = ApplicantHabits(after_closing=0)


def drawn(
    contract: Contract, call: str = "annuel-2027", seed: str = "1", habits: ApplicantHabits = NEVER_LATE
) -> list[Proposal]:
    code = contract.call(call)
    pool = association_pool(contract, COUNT, seed, USUAL, centres=False)
    return proposals(
        contract, code, COUNT, pool, seed=seed, habits=habits, first=date(2027, 1, 4), last=date(2028, 7, 31)
    )


def imported(contract: Contract, several: list[Proposal]) -> list[Deposit]:
    context = import_context(contract, datetime(2028, 7, 31, tzinfo=UTC))
    sheets = [one for one in several if one.door is Door.SHEET]
    exported = [one for one in several if one.door is Door.PORTAL]
    return [
        *read_deposits("depots.csv", sheet(sheets), context),
        *(read_deposits("portail.json", portal_export(contract, exported), context) if exported else []),
    ]


def test_every_number_is_valid_and_every_address_leads_nowhere(amiens):
    people = {one.association for one in drawn(amiens)}

    assert all(fields.siret(who.siret) == who.siret for who in people)
    assert all(fields.rna(who.rna) == who.rna for who in people)
    assert {who.email.rpartition(".")[2] for who in people if who.email} == {"example"}
    assert len({who.siret for who in people}) == len({who.name for who in people}) == len(people)


def test_every_budget_balances_and_asks_are_the_request(amiens):
    for one in drawn(amiens):
        charges = sum(line.amount_cents for line in one.budget if line.side is Side.CHARGE)
        income = sum(line.amount_cents for line in one.budget if line.side is Side.PRODUIT)

        assert charges == income
        assert sum(cents for _, cents in one.asked) == one.requested_cents <= one.total_cents
        assert all(line.amount_cents > 0 for line in one.budget)
        assert all(cents > 0 for _, cents in one.asked)


def test_three_to_seven_funders_are_asked(amiens):
    asked = Counter(len(one.asked) for one in drawn(amiens))

    assert set(asked) <= {3, 4, 5, 6, 7}
    assert len(asked) >= 4


@pytest.mark.parametrize("call", ["annuel-2027", "specifique-2027"])
def test_the_importer_takes_every_proposal_as_it_was_drawn(amiens, call):
    several = drawn(amiens, call)

    deposits = {deposit.external_id: deposit for deposit in imported(amiens, several)}

    assert len(deposits) == len(several) == COUNT
    for one in several:
        deposit = deposits[one.external_id]
        assert (deposit.siret, deposit.call) == (one.association.siret, one.call)
        assert (deposit.requested_cents, str(deposit.nature)) == (one.requested_cents, str(one.nature))
        assert deposit.asked_by_funder == dict(one.asked)
        assert (deposit.qpvs, deposit.ends_on) == (one.neighbourhoods, one.ends_on)
        assert dict.fromkeys(deposit.warnings) == {}


def test_renewals_of_an_annual_call_come_from_the_portal_with_their_budget(amiens):
    by_door = {door: [one for one in drawn(amiens) if one.door is door] for door in Door}

    deposits = imported(amiens, by_door[Door.PORTAL] + by_door[Door.SHEET][:1])

    assert {one.nature for one in by_door[Door.PORTAL]} == {Nature.RENEWAL}
    assert {one.nature for one in by_door[Door.SHEET]} == {Nature.NEW}
    assert all(deposit.budget for deposit in deposits[1:])


def test_deposits_crowd_before_a_closing_day(amiens):
    new = [one.deposited_on for one in drawn(amiens) if one.nature is Nature.NEW]

    last_ten_days = sum(date(2027, 1, 22) <= day <= date(2027, 1, 31) for day in new)

    assert last_ten_days > sum(day < date(2027, 1, 22) for day in new)
    assert max(new) <= date(2027, 10, 15)


def test_some_deposits_come_after_the_last_closing_day(amiens):
    late = drawn(amiens, habits=ApplicantHabits(after_closing=0.2))

    assert any(one.deposited_on > date(2027, 10, 15) for one in late)


def test_partners_are_named_where_the_call_allows_them(amiens):
    assert not any(one.partners for one in drawn(amiens, "annuel-2027"))
    assert any(one.partners for one in drawn(amiens, "specifique-2027"))


def test_proposals_are_numbered_in_the_order_they_arrive(amiens):
    several = drawn(amiens)

    assert all(one.deposited_at <= other.deposited_at for one, other in pairwise(several))
    assert len({one.external_id for one in several}) == COUNT


def test_the_same_seed_draws_the_same_proposals_and_another_seed_others(amiens):
    assert drawn(amiens, seed="7") == drawn(amiens, seed="7")
    assert drawn(amiens, seed="7") != drawn(amiens, seed="8")


def test_nothing_is_drawn_when_the_call_takes_no_deposit(amiens):
    call = amiens.call("annuel-2027")
    pool = association_pool(amiens, 10, "1", USUAL, centres=False)

    none = proposals(
        amiens, call, 10, pool, seed="1", habits=NEVER_LATE, first=date(2027, 11, 1), last=date(2028, 1, 1)
    )

    assert none == []
