"""`parvis payment cash`: the cash plan of a year, by month and funder, read here or written as a workbook."""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.here import Here, contract_there, here_of
from parvis.cli.options import FILE, NUMBER, TEXT, Json, argument, option
from parvis.cli.output import dump, euros, row, say, show, table
from parvis.cli.values import WrongUseError, whole
from parvis.states.calendar import paris_day
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.cash_plan import CashPlan, Month, YearOfCash

NO_FUNDER = Sentence(
    "« {funder} » n’a rien à verser en {year}. Ceux qui versent : {known}.",
    "“{funder}” has nothing to pay in {year}. Those that pay: {known}.",
)
WRITTEN = Sentence("Écrit dans {path}.", "Written to {path}.")
FIRST, LAST = 2000, 2100

YearOf = Annotated[
    str | None, argument(shown=NUMBER, said=Sentence("L’année ; la présente sinon.", "The year; this one otherwise."))
]  # fmt: skip
FunderOf = Annotated[
    str | None,
    option("--funder", shown=TEXT, said=Sentence("Un financeur, par son nom.", "One funder, by its name.")),
]
Xlsx = Annotated[
    Path | None,
    option("--xlsx", shown=FILE, said=Sentence("Où écrire les tableaux.", "Where to write the tables.")),
]


def cash(
    context: typer.Context, *, year: YearOf = None, funder: FunderOf = None, xlsx: Xlsx = None, json: Json = False
) -> None:  # fmt: skip
    """Show what is planned, paid and paid back in each month of a year, all funders together or one."""
    del json
    from parvis.services.cash_plan import write_cash

    here = here_of(context)
    made = _read(here, whole("YEAR", year, least=FIRST, most=LAST) if year else paris_day(here.now()).year)
    plan = made.together if funder is None else _of(made, funder)
    if xlsx:
        written = BytesIO()
        write_cash(written, made, here.language)
        xlsx.write_bytes(written.getvalue())
    if here.json:
        dump(_told(made, xlsx))
        return
    _print(here, plan)
    if xlsx:
        say(here, WRITTEN, style="green", path=str(xlsx))


def _read(here: Here, year: int) -> "YearOfCash":
    from parvis.services.cash_plan import cash_plan

    with here.contract() as database, database.transaction() as session:
        return cash_plan(session, contract_there(session), year)


def _of(made: "YearOfCash", funder: str) -> "CashPlan":
    found = next((plan for plan in made.funders if plan.funder.casefold() == funder.casefold()), None)
    if found is None:
        known = [plan.funder for plan in made.funders]
        raise WrongUseError(
            "--funder", NO_FUNDER.fill(funder=funder, year=str(made.year), known=known or ["—"])
        )
    return found


def _print(here: Here, plan: "CashPlan") -> None:
    from parvis.services.cash_plan import COLUMNS, TOTAL

    shown = table(*map(here.say, COLUMNS), right=[1, 2, 3, 4], whole=[0, 1, 2, 3, 4])
    for each in plan.months:
        row(shown, each.name(here.language), *_amounts(here, each))
    row(shown, here.say(TOTAL), *_amounts(here, plan.total))
    show(shown)


def _amounts(here: Here, month: "Month") -> list[str]:
    cents = (month.planned_cents, month.paid_cents, month.back_cents, month.net_cents)
    return [euros(each, here) if each else "—" for each in cents]


def _told(made: "YearOfCash", xlsx: Path | None) -> dict[str, object]:
    return {
        "year": made.year, "years": made.years, "months": _months(made.together),
        "funders": [{"funder": plan.funder, "months": _months(plan)} for plan in made.funders], "xlsx": xlsx,
    }  # fmt: skip


def _months(plan: "CashPlan") -> list[dict[str, object]]:
    return [
        {
            "month": f"{each.month:%Y-%m}" if each.month else None,
            "planned_cents": each.planned_cents,
            "paid_cents": each.paid_cents,
            "back_cents": each.back_cents,
            "net_cents": each.net_cents,
        }
        for each in plan.months
    ]
