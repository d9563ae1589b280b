"""What the report of a year says: its figures, families, crossings and actions, before any shape.

Names are as they were given: cleaning and French typography are the business of `yearly_pages`. Amounts are integer
cents, shares whole percent; None is what nobody knows yet.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRow:
    """The figures of one name this year, and what it was granted the year before."""

    name: str
    proposed: int = 0
    funded: int = 0
    evaluated: int = 0
    not_carried_out: int = 0
    requested_cents: int = 0
    granted_cents: int = 0
    paid_cents: int = 0
    spent_cents: int = 0
    granted_before_cents: int = 0
    reported: int = 0
    people_planned: int = 0
    people_planned_reported: int = 0
    people_done: int = 0
    share_planned: int | None = None
    share_done: int | None = None
    cost_planned_cents: int | None = None
    cost_done_cents: int | None = None
    share_women: int | None = None
    share_young: int | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """One way to look at the year: its title, what its names are, what to retain of it, its rows."""

    title: str
    column: str
    says: str
    rows: tuple[YearRow, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a neighbourhood and a challenge meet."""

    proposed: int
    funded: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of this year beside the year before, in cents if `money`; `change` is in percent."""

    name: str
    now: int
    before: int
    money: bool
    change: int | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A challenge and the neighbourhoods where nobody answered it, and where no answer was funded."""

    challenge: str
    nowhere: str
    unfunded: str


@dataclass(frozen=True, slots=True)
class InForce:
    """What a funder gives this year to agreements of several years: firm, in all, and paid."""

    name: str
    agreements: int
    firm_cents: int
    cents: int
    paid_cents: int


@dataclass(frozen=True, slots=True)
class FundedAction:
    """One funded action of the year."""

    reference: str
    title: str
    organisation: str
    neighbourhoods: tuple[str, ...]
    challenges: tuple[str, ...]
    stage: str
    requested_cents: int
    granted_cents: int
    paid_cents: int
    spent_cents: int | None
    people_planned: int | None
    people_done: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearContent:
    """All that the report of a year says. `challenges` are codes with labels, `crossed` a row a neighbourhood.

    `in_force` ends with all funders together.
    """

    city: str
    contract: str
    year: int
    counted_on: date
    summary: tuple[str, ...]
    how: str
    total: YearRow
    compared: tuple[Compared, ...] = ()
    compared_says: str = ""
    challenges: tuple[tuple[str, str], ...] = ()
    crossed: tuple[tuple[str, tuple[Spot, ...]], ...] = ()
    gaps_say: str = ""
    gaps: tuple[Gap, ...] = ()
    families: tuple[Family, ...] = ()
    in_force: tuple[InForce, ...] = ()
    in_force_says: str = ""
    actions: tuple[FundedAction, ...] = ()
