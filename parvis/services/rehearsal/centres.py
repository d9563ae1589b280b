"""Social centres under an agreement of several years: who they are, how they behave, the file that brings them in."""

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import StringIO
from random import Random

from dateutil.relativedelta import relativedelta

from parvis.services.agreement_imports import COLUMNS
from parvis.services.rehearsal import names
from parvis.services.rehearsal.actions import CENTRE, ideas_for
from parvis.services.rehearsal.habits import AgreementHabits, Habits
from parvis.services.rehearsal.money import LEAST_CENTS, PULL, rounded
from parvis.services.rehearsal.names import Association
from parvis.states.contract import Call, Contract, Instrument
from parvis.states.fields import plain_amount
from parvis.states.stages import Role

USUAL_YEARS, SHORT = 3, 0.15
"""How long the agreements taken over last, and the part of them that began a year later."""
SPARED = 0.88
"""The part of the envelopes of the next call that the agreements taken over use up, all together."""
APPROVED, APPROVAL_MONTHS = 0.9, (4, 46)
"""The part of the centres with an approval by the CAF, and how many months it still has to run."""

USUAL_CENTS = 30_000_00
"""What a funder gives a centre in a year, when no envelope says how much there is."""


class SelfEvaluation(StrEnum):
    """How a centre evaluates itself when its renewal opens."""

    IN_TIME = "in_time"
    LATE = "late"
    WHEN_REMINDED = "when_reminded"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Centre:
    """A social centre: its agreement as it is taken over (yearly cents by funder), and what it is worth out of 100.

    `ceases_on` is the day it closes down for good, for the few that do.
    """

    reference: str
    association: Association
    title: str
    summary: str
    challenges: tuple[str, ...]
    starts_on: date
    ends_on: date
    approval_ends_on: date | None
    officer: str
    amounts: tuple[tuple[str, int], ...]
    beneficiaries: int
    qpv_share_percent: int
    quality: int
    ceases_on: date | None


def centres(
    contract: Contract,
    count: int,
    taken: Collection[str],
    *,
    seed: str,
    habits: Habits,
    first: date,
    last: date,
) -> list[Centre]:
    """`count` social centres whose agreements run on the day `first` and end before the next call for agreements.

    None bears one of the numbers (SIRET) `taken`. The same seed gives the same centres.
    """
    chance = Random(f"{seed}/centres")
    call = next_call(contract, first)
    places = tuple(each.code for each in contract.neighbourhoods)
    without_address = habits.applicants.without_address
    drawn = names.associations(
        chance, count + len(taken), places, centres=True, without_address=without_address
    )
    who = [one for one in drawn if one.siret not in taken][:count]
    draw = _Draw(chance, contract, call, habits.agreements, first, last, count)
    return [_centre(draw, one, number) for number, one in enumerate(who, start=1)]


def next_call(contract: Contract, first: date) -> Call | None:
    """The call for agreements that begin after the day `first`, the earliest."""
    calls = [
        call for call in contract.calls
        if call.instrument is Instrument.AGREEMENT and not call.silent and call.year > first.year
    ]  # fmt: skip
    return min(calls, key=lambda call: (call.year, call.code), default=None)


@dataclass(frozen=True, slots=True)
class _Draw:
    """What every centre is drawn from."""

    chance: Random
    contract: Contract
    call: Call | None
    habits: AgreementHabits
    first: date
    last: date
    count: int


def _centre(draw: _Draw, who: Association, number: int) -> Centre:
    chance, habits, first = draw.chance, draw.habits, draw.first
    year = draw.call.year if draw.call else first.year + 1
    began = year - USUAL_YEARS + (chance.random() < SHORT)
    idea = chance.choice(ideas_for(CENTRE))
    codes = [challenge.code for challenge in draw.contract.challenges]
    approved = first + relativedelta(months=chance.randint(*APPROVAL_MONTHS))
    ceases = date.fromordinal(chance.randint(first.toordinal(), draw.last.toordinal()))
    return Centre(
        reference=f"CONV-{began}-{number:03d}", association=who, title=who.name, summary=idea.what,
        challenges=tuple(sorted(chance.sample(codes, min(2, len(codes))))),
        starts_on=date(min(began, first.year), 1, 1), ends_on=date(year - 1, 12, 31),
        approval_ends_on=approved if chance.random() < APPROVED else None,
        officer=_officer(draw.contract, who.home, number), amounts=_amounts(draw),
        beneficiaries=round(chance.uniform(220, 900)), qpv_share_percent=chance.randrange(60, 96),
        quality=round(min(98, max(30, chance.gauss(habits.quality, habits.quality_spread)))),
        ceases_on=ceases if chance.random() < habits.ceases else None,
    )  # fmt: skip


def _officer(contract: Contract, home: str, number: int) -> str:
    officers = [one for one in contract.people if one.role == Role.INSTRUCTOR]
    near = [one for one in officers if home in one.neighbourhoods] or officers
    return near[number % len(near)].email if near else ""


def _amounts(draw: _Draw) -> tuple[tuple[str, int], ...]:
    """What each funder gives in a year: its part of the envelope of the next call, more or less."""
    envelopes = draw.call.envelopes if draw.call else ()
    totals = {each.funder: each.total_cents for each in envelopes if not each.challenge}
    if not totals:
        regular = sorted(draw.contract.funders, key=lambda one: (-PULL[one.kind], one.code))[:3]
        totals = {funder.code: USUAL_CENTS * draw.count for funder in regular}
    share = SPARED / draw.count * draw.chance.uniform(0.7, 1.2)
    return tuple((code, max(LEAST_CENTS, rounded(cents * share, 100_00))) for code, cents in totals.items())


def sheet(contract: Contract, several: Sequence[Centre]) -> bytes:
    """The file of their agreements, as the command that takes agreements over reads it."""
    funders = [funder.code for funder in contract.funders]
    out = StringIO()
    writer = csv.DictWriter(out, [*COLUMNS, *funders], delimiter=";", lineterminator="\n")
    writer.writeheader()
    for one in several:
        email = one.association.email or ""
        writer.writerow({
            "reference": one.reference, "siret": one.association.siret, "organisme": one.association.name,
            "courriel": email, "objet": "centre-social", "titre": one.title, "debut": one.starts_on.isoformat(),
            "fin": one.ends_on.isoformat(), "signee_le": one.starts_on.isoformat(),
            "agrement_caf": one.approval_ends_on.isoformat() if one.approval_ends_on else "",
            "instructeur": one.officer, "quartiers": one.association.home, "defis": "|".join(one.challenges),
            "resume": one.summary, "personnes": str(one.beneficiaries), "part_qpv": f"{one.qpv_share_percent} %",
            "contact": one.association.president,
            "contact_courriel": email or f"direction@{one.reference.lower()}.example",
            **{code: plain_amount(cents) for code, cents in one.amounts},
        })  # fmt: skip
    return out.getvalue().encode()
