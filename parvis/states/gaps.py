"""The gaps of a financial report: what was planned, what was done, line by line and in all (Cerfa 15059). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from parvis.states.cerfa import IN_KIND


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the budget and of its report, in cents; `done_cents` is None until it is said."""

    side: str
    account: str
    label: str
    planned_cents: int
    done_cents: int | None = None

    @property
    def in_kind(self) -> bool:
        """Whether nobody pays for it."""
        return self.account.startswith(IN_KIND)

    @property
    def gap(self) -> "Gap":
        """The gap of this line; a line nobody filled in counts for nothing done."""
        return Gap(self.planned_cents, self.done_cents or 0)


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap between what was planned and what was done, in cents."""

    planned_cents: int
    done_cents: int

    @property
    def cents(self) -> int:
        """More (positive) or less (negative) than planned."""
        return self.done_cents - self.planned_cents

    @property
    def percent(self) -> Decimal | None:
        """The gap by what was planned, to one decimal; None where nothing was planned."""
        if not self.planned_cents:
            return None
        exact = Decimal(self.cents) * 100 / Decimal(self.planned_cents)
        return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def total(lines: Iterable[Line], side: str, *, in_kind: bool | None = None) -> Gap:
    """The sum of one side; of what is in kind, of what is in money, or of both."""
    counted = [line for line in lines if line.side == side and (in_kind is None or line.in_kind is in_kind)]
    return Gap(sum(line.planned_cents for line in counted), sum(line.done_cents or 0 for line in counted))


def cost_per_person(spent_cents: int, people: int | None) -> int | None:
    """What the action cost for each person it reached, in cents; None when nobody is counted."""
    if not people:
        return None
    return int((Decimal(spent_cents) / people).quantize(Decimal(1), ROUND_HALF_UP))
