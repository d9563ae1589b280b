"""How the years of an agreement are paid, exact to the cent, and what an amendment leaves of it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parvis.states.agreement_stages import Review
from parvis.states.contract.instruction import PaidOn
from parvis.states.payments import PaymentStatus, due_on, split
from parvis.states.words import Sentence

PAID_ON_WORDS: dict[str, Sentence] = {
    PaidOn.NOTIFICATION: Sentence(
        "une fois l’année ferme et commencée", "once the year is firm and has begun"
    ),
    PaidOn.INTERIM_REPORT: Sentence("après la revue de l’année", "once the year is reviewed"),
    PaidOn.REPORT: Sentence("après la revue de l’année", "once the year is reviewed"),
}
"""What makes an instalment of a year payable: nothing else than its review is asked of every year."""

GOOD_REVIEWS = frozenset({Review.ON_COURSE, Review.TO_ADJUST})
"""What a review concludes when the rest of its year may be paid."""

GONE = frozenset({PaymentStatus.PAID, PaymentStatus.ORDERED})
AMENDMENT = "avenant"


@dataclass(frozen=True, slots=True)
class Part:
    """An instalment as the schedule of an agreement has it; `share` is of one."""

    code: str
    on: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class Payee:
    """What a funder gives in a year, in cents, to whom: the lead when `partner_id` is None."""

    funder_id: int
    partner_id: int | None
    cents: int


@dataclass(frozen=True, slots=True)
class HeldPart:
    """A payment of a year as it stands, in cents."""

    id: int
    funder_id: int
    partner_id: int | None
    instalment: str
    amount_cents: int
    status: str


@dataclass(frozen=True, slots=True)
class NewPart:
    """A payment of a year to write, in cents."""

    funder_id: int
    partner_id: int | None
    position: int
    instalment: str
    condition: str
    cents: int


@dataclass(frozen=True, slots=True)
class YearPlan:
    """What a year calls for: by payment that is there (id) its cents, 0 to cancel it; the payments to write."""

    kept: tuple[tuple[int, int], ...]
    new: tuple[NewPart, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """When the payments of a year fall due: it is open once begun; `met_on` is the day its review let the rest go."""

    opens_on: date
    today: date
    days: int
    met: bool

    def of(self, condition: str) -> tuple[PaymentStatus, date | None]:
        """Where a payment that waits for this stands, and its last day once known."""
        if condition == PaidOn.NOTIFICATION:
            begun = self.opens_on <= self.today
            last = due_on(max(self.opens_on, self.today), self.days)
            return (PaymentStatus.DUE if begun else PaymentStatus.PLANNED), last
        if self.met:
            return PaymentStatus.DUE, due_on(self.today, self.days)
        return PaymentStatus.PLANNED, None


def payees_of(funder_id: int, cents: int, granted: Mapping[int | None, int]) -> list[Payee]:
    """Who is paid what of a funder's year: in proportion of what each was granted with the case, to the cent."""
    weights = {who: given for who, given in granted.items() if given > 0} or {None: 1}
    amounts = split(cents, [Decimal(weight) for weight in weights.values()])
    return [Payee(funder_id, who, amount) for who, amount in zip(weights, amounts, strict=True)]


def plan_year(
    parts: Sequence[Part], payees: Iterable[Payee], held: Sequence[HeldPart],
    settled: Mapping[tuple[int, int | None], int], *, mark: str,
) -> YearPlan:  # fmt: skip
    """What is left to pay of a year: what is paid or ordered stays, the rest adds up to the amounts of the year.

    `settled` is what was promised elsewhere, in cents by funder and payee: by the case, for a first year. Where all
    that was planned has left, what an amendment adds is one payment more, under its `mark`.
    """
    wanted: dict[int, dict[int | None, int]] = {}
    for payee in payees:
        wanted.setdefault(payee.funder_id, {})[payee.partner_id] = payee.cents
    everybody = {(one.funder_id, one.partner_id) for one in held} | set(settled)
    for funder_id, partner_id in everybody:
        wanted.setdefault(funder_id, {}).setdefault(partner_id, 0)
    kept: list[tuple[int, int]] = []
    new: list[NewPart] = []
    for funder_id, of_funder in wanted.items():
        for partner_id, left in _left(funder_id, of_funder, held, settled).items():
            mine = [one for one in held if (one.funder_id, one.partner_id) == (funder_id, partner_id)]
            elsewhere = bool(settled.get((funder_id, partner_id)))
            one_kept, one_new = _spread(parts, left, mine, elsewhere=elsewhere, mark=mark)
            kept += one_kept
            new += [NewPart(funder_id, partner_id, *each) for each in one_new]
    return YearPlan(tuple(kept), tuple(new))


def _left(
    funder_id: int, wanted: Mapping[int | None, int], held: Sequence[HeldPart],
    settled: Mapping[tuple[int, int | None], int],
) -> dict[int | None, int]:  # fmt: skip
    """By payee what is still to pay of a funder's year: nobody gives back to another, the sum is that of the year."""
    gone = {
        who: settled.get((funder_id, who), 0)
        + sum(
            one.amount_cents
            for one in held
            if (one.funder_id, one.partner_id) == (funder_id, who) and one.status in GONE
        )
        for who in wanted
    }
    each = {who: max(0, cents - gone[who]) for who, cents in wanted.items()}
    total = max(0, sum(wanted.values()) - sum(gone.values()))
    if sum(each.values()) == total:
        return each
    return dict(zip(each, split(total, [Decimal(cents) for cents in each.values()]), strict=True))


def _spread(
    parts: Sequence[Part], left: int, mine: Sequence[HeldPart], *, elsewhere: bool, mark: str
) -> tuple[list[tuple[int, int]], list[tuple[int, str, str, int]]]:
    """What is left for one payee, by the payments that are there and those to write."""
    there = {one.instalment: one for one in mine}
    missing = [] if elsewhere else [part for part in parts if part.code not in there]
    free = [(part, there.get(part.code)) for part in parts]
    slots = [(part, one) for part, one in free if part in missing or (one and one.status not in GONE)]
    amounts = split(left, [part.share for part, _ in slots])
    kept, new = [], []
    for (part, one), cents in zip(slots, amounts, strict=True):
        if one is not None:
            kept.append((one.id, cents))
        elif cents:
            new.append((parts.index(part) + 1, part.code, part.on, cents))
    rest = left - sum(amounts)
    marks = [one for one in mine if one.instalment.startswith(AMENDMENT) and one.status not in GONE]
    for one in marks:
        kept.append((one.id, rest))
        rest = 0
    if rest:
        new.append((len(parts) + 1, mark, str(PaidOn.NOTIFICATION), rest))
    return kept, new
