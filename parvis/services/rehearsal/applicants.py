"""Who will deposit what, and when: every proposal of a rehearsal, drawn before it begins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from parvis.services.rehearsal import money
from parvis.services.rehearsal.actions import CENTRE, Idea, ideas_for
from parvis.services.rehearsal.conduct import draw_conduct
from parvis.services.rehearsal.habits import ApplicantHabits
from parvis.services.rehearsal.names import Association
from parvis.services.rehearsal.proposals import Door, Proposal
from parvis.services.rehearsal.seasons import Season, seasons
from parvis.states.calendar import local_instant
from parvis.states.contract import Call, Contract, Instrument
from parvis.states.stages import Nature

CASES_AN_ASSOCIATION = 1.7
COORDINATED = 0.35
"""The part of the proposals made by several associations, where a call allows it."""
LATE_EVENING = time(22, 30)


@dataclass(frozen=True, slots=True)
class Draw:
    """What every proposal of a call is drawn from."""

    contract: Contract
    call: Call
    habits: ApplicantHabits
    first: date
    last: date


def proposals(
    contract: Contract, call: Call, count: int, applicants: Sequence[Association], *,
    seed: str, habits: ApplicantHabits, first: date, last: date,
) -> list[Proposal]:  # fmt: skip
    """`count` proposals that these applicants deposit to `call` from one day to another, in order of arrival.

    Empty when no deposit can be made between these days. The same seed gives the same proposals.
    """
    chance = Random(f"{seed}/applicants/{call.code}")
    draw = Draw(contract, call, habits, first, last)
    open_seasons = seasons(call, habits, first, last)
    if not open_seasons or count <= 0:
        return []
    drawn = [_proposal(chance, draw, open_seasons, applicants) for _ in range(count)]
    in_order = sorted(drawn, key=lambda one: (one.deposited_at, one.association.siret, one.title))
    return list(_numbered(call, in_order))


def _numbered(call: Call, in_order: list[Proposal]) -> Iterator[Proposal]:
    for number, proposal in enumerate(in_order, start=1):
        letter = "P" if proposal.door is Door.PORTAL else "T"
        yield replace(proposal, external_id=f"{letter}-{call.code.upper()}-{number:04d}")


def _proposal(
    chance: Random, draw: Draw, open_seasons: list[Season], applicants: Sequence[Association]
) -> Proposal:
    call, contract, who = draw.call, draw.contract, chance.choice(applicants)
    season = chance.choices(open_seasons, [one.weight for one in open_seasons])[0]
    nature = _nature(chance, draw, season)
    deposited_on = _deposit_day(chance, draw, season, nature)
    deposited_at = local_instant(deposited_on, time(chance.randrange(8, 22), chance.randrange(60)))
    annual = call.instrument is Instrument.ANNUAL
    door = Door.PORTAL if annual and nature is Nature.RENEWAL else Door.SHEET
    challenges = _challenges(chance, contract)
    subject = CENTRE if call.instrument is Instrument.AGREEMENT else next(iter(challenges), None)
    idea = chance.choice(ideas_for(subject))
    places = _neighbourhoods(chance, contract, who)
    cents = money.requested(chance, call, idea.weight)
    cost = money.total_cost(chance, call, cents)
    asks = money.asked(chance, contract, call, challenges, cents)
    funders = {funder.code: funder for funder in contract.funders}
    starts_on, ends_on = _period(chance, call, season, deposited_on, nature)
    return Proposal(
        external_id="", call=call.code, door=door, association=who,
        title=_title(idea, contract, places), summary=idea.what, nature=nature, challenges=challenges,
        neighbourhoods=places, deposited_at=deposited_at, deposited_on=deposited_on,
        starts_on=starts_on, ends_on=ends_on, requested_cents=cents, total_cents=cost, asked=asks,
        partners=_partners(chance, call, who, applicants, cents), budget=money.budget(chance, funders, asks, cost),
        beneficiaries=round(chance.lognormvariate(4.1, 0.7)), qpv_share_percent=chance.randrange(55, 101, 5),
        quality=round(min(98, max(12, chance.gauss(64, 15)))),
        conduct=draw_conduct(chance, call, nature, door, draw.habits),
    )  # fmt: skip


def _nature(chance: Random, draw: Draw, season: Season) -> Nature:
    """New or renewed, of those the call accepts and the season has not closed for yet."""
    accepted = [nature for nature in draw.call.accepts if season.closings[nature] >= season.first]
    if len(accepted) > 1:
        return Nature.RENEWAL if chance.random() < draw.habits.renewals else Nature.NEW
    return next(iter(accepted), draw.call.accepts[0])


def _deposit_day(chance: Random, draw: Draw, season: Season, nature: Nature) -> date:
    """The day of the deposit, mostly within its season; some come after the last closing day."""
    last = draw.call.closes_on
    if last is not None and last < draw.last and chance.random() < draw.habits.after_closing:
        return min(last + timedelta(days=chance.randrange(1, 6)), draw.last)
    return season.draw_day(chance, nature, draw.habits.near_closing)


def _challenges(chance: Random, contract: Contract) -> tuple[str, ...]:
    codes = [challenge.code for challenge in contract.challenges]
    count = min(len(codes), chance.choices((1, 2, 3), (60, 30, 10))[0])
    return tuple(chance.sample(codes, count))


def _neighbourhoods(chance: Random, contract: Contract, who: Association) -> tuple[str, ...]:
    others = [one.code for one in contract.neighbourhoods if one.code != who.home]
    more = min(len(others), chance.choices((0, 1, 2), (72, 20, 8))[0])
    return tuple(code for code in (who.home, *chance.sample(others, more)) if code)


def _partners(
    chance: Random, call: Call, lead: Association, applicants: Sequence[Association], cents: int
) -> tuple[tuple[str, int], ...]:
    """Where the call allows it, one or two associations paid directly for their part of what is asked."""
    if not call.partners_allowed or chance.random() >= COORDINATED:
        return ()
    others = chance.sample([one for one in applicants if one != lead], chance.choice((1, 1, 2)))
    return tuple((one.siret, cents // 4 // 10_00 * 10_00) for one in others)


def _title(idea: Idea, contract: Contract, places: tuple[str, ...]) -> str:
    named = {one.code: one.name for one in contract.neighbourhoods}
    return f"{idea.title} – {named[places[0]]}" if len(places) == 1 else idea.title


def _period(
    chance: Random, call: Call, season: Season, deposited_on: date, nature: Nature
) -> tuple[date, date]:
    """When the action takes place: renewals from the first of January, others after the decision."""
    last_day = date(call.year + call.duration_years - 1, 12, 31)
    if nature is Nature.RENEWAL or call.duration_years > 1:
        starts = date(call.year, 1, 1)
    else:
        starts = _first_of_month((season.decides_on or deposited_on) + timedelta(days=30))
    ends = chance.choices((last_day, date(call.year, 8, 31), date(call.year, 6, 30)), (62, 26, 12))[0]
    if call.duration_years > 1 or ends <= starts + timedelta(days=45):
        ends = max(last_day, starts + timedelta(days=120))
    return starts, ends


def _first_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def arrival(proposal: Proposal) -> datetime:
    """When its file is imported: in the evening of its day, once the day's deposits are gathered."""
    return local_instant(proposal.deposited_on, LATE_EVENING)
