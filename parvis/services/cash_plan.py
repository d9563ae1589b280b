"""The cash plan of a year: by month and funder, what is planned, paid and paid back; as figures and as a workbook."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO

from babel.dates import format_date

from parvis.models.queries import cash as queries
from parvis.models.queries.cash import CashLine
from parvis.models.session import Session
from parvis.services.figures.months import MonthOfMoney, months_of_money
from parvis.services.spreadsheets.cells import Formula, Row
from parvis.services.spreadsheets.xlsx_writer import Sheet, write_workbook
from parvis.states.words import Cents, Sentence

PLANNED = Sentence("prévu", "planned")
PAID = Sentence("versé", "paid")
BACK = Sentence("reversé", "paid back")
NO_DAY = Sentence("sans date", "no date yet")
ALL = Sentence("Tous les financeurs", "All funders")
TOTAL = Sentence("Total", "Total")
COLUMNS = (
    Sentence("Mois", "Month"), Sentence("Prévu", "Planned"), Sentence("Versé", "Paid"),
    Sentence("Reversé", "Paid back"), Sentence("Net versé", "Net paid"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Month:
    """One month, or what has no day yet (None), in cents."""

    month: date | None
    planned_cents: int = 0
    paid_cents: int = 0
    back_cents: int = 0

    @property
    def net_cents(self) -> int:
        """What was paid and did not come back."""
        return self.paid_cents - self.back_cents

    def name(self, language: str, pattern: str = "MMMM") -> str:
        """What it is called: `janvier`."""
        if self.month is None:
            return NO_DAY.say(language)
        return str(format_date(self.month, pattern, locale="en_GB" if language == "en" else "fr_FR"))


@dataclass(frozen=True, slots=True)
class CashPlan:
    """The months of a year, of one funder or of all, and what they add up to."""

    funder: str
    months: tuple[Month, ...]

    @property
    def total(self) -> Month:
        """All the months together."""
        return Month(
            None,
            sum(each.planned_cents for each in self.months),
            sum(each.paid_cents for each in self.months),
            sum(each.back_cents for each in self.months),
        )

    def drawn(self, label: str, language: str) -> str:
        """What was planned, paid and paid back by month, as a picture."""
        months = [
            MonthOfMoney(
                _named(each, "MMMM"),
                _named(each, "MMM"),
                each.planned_cents,
                each.paid_cents,
                each.back_cents,
            )
            for each in self.months
        ]
        return months_of_money(label, months, (PLANNED, PAID, BACK), language)


def _named(month: Month, pattern: str) -> Sentence:
    return Sentence(month.name("fr", pattern), month.name("en", pattern))


@dataclass(frozen=True, slots=True)
class YearOfCash:
    """The cash plan of a year: all funders together, then each; the other years there are."""

    year: int
    together: CashPlan
    funders: tuple[CashPlan, ...]
    years: tuple[int, ...]


def cash_plan(session: Session, contract_id: int, year: int) -> YearOfCash:
    """The cash plan of a year of a contract."""
    lines = queries.cash(session, contract_id, year)
    names = sorted({line.funder for line in lines})
    plans = [_plan(name, [line for line in lines if line.funder == name], year) for name in names]
    years = sorted({*queries.years(session, contract_id), year})
    return YearOfCash(year, _plan("", lines, year), tuple(plans), tuple(years))


def _plan(funder: str, lines: list[CashLine], year: int) -> CashPlan:
    months: list[date | None] = [date(year, number, 1) for number in range(1, 13)]
    if any(line.month is None for line in lines):
        months.append(None)
    return CashPlan(funder, tuple(_month(month, lines) for month in months))


def _month(month: date | None, lines: list[CashLine]) -> Month:
    there = [line for line in lines if line.month == month]
    return Month(
        month, sum(line.planned_cents for line in there), sum(line.paid_cents for line in there),
        sum(line.back_cents for line in there),
    )  # fmt: skip


def write_cash(to: IO[bytes], made: YearOfCash, language: str) -> None:
    """Write the plan as a workbook, a sheet for all and one a funder; totals are formulas that add up."""
    names = [column.say(language) for column in COLUMNS]
    sheets = [_sheet(ALL.say(language), names, made.together, language)]
    taken = {ALL.say(language)[:31].casefold()}
    for plan in made.funders:
        title = plan.funder
        while title[:31].casefold() in taken:
            title = f"{len(taken)} {plan.funder}"
        taken.add(title[:31].casefold())
        sheets.append(_sheet(title, names, plan, language))
    write_workbook(to, sheets, language)


def _sheet(title: str, names: list[str], plan: CashPlan, language: str) -> Sheet:
    total, last = plan.total, len(plan.months) + 1
    amounts = (total.planned_cents, total.paid_cents, total.back_cents, total.net_cents)
    foot = [
        Formula(f"SUM({column}2:{column}{last})", Cents(cents))
        for column, cents in zip("BCDE", amounts, strict=True)
    ]
    return Sheet(title, names, _rows(plan, language), ((TOTAL.say(language), *foot),))


def _rows(plan: CashPlan, language: str) -> Iterator[Row]:
    for number, each in enumerate(plan.months, start=2):
        amounts = (Cents(each.planned_cents), Cents(each.paid_cents), Cents(each.back_cents))
        yield (each.name(language), *amounts, Formula(f"C{number}-D{number}", Cents(each.net_cents)))
