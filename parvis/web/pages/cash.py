"""The cash plan of a year: what is planned and paid by month, its chart, its tables, its workbook."""

from io import BytesIO

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from parvis.services.cash_plan import CashPlan, YearOfCash, cash_plan, write_cash
from parvis.services.exports import MEDIA_TYPES, Format
from parvis.states.words import Sentence
from parvis.web.errors import NotHereError
from parvis.web.rendering import page
from parvis.web.sending import download
from parvis.web.site import Here, Visit

router = APIRouter()

LABEL = Sentence("Prévu, versé et reversé par mois, {year}", "Planned, paid and paid back by month, {year}")
OF_FUNDER = Sentence("{funder} : prévu, versé et reversé par mois, {year}",
                     "{funder}: planned, paid and paid back by month, {year}")  # fmt: skip
NAME = Sentence("tresorerie-{year}.xlsx", "cash-{year}.xlsx")
FIRST, LAST = 2000, 2100


@router.get("/paiements/tresorerie/{year}", name="cash_plan")
def cash(request: Request, here: Here, year: int) -> Response:
    """Show the cash plan of a year."""
    made = _made(here, year)
    charts = {plan.funder: _drawn(plan, here, year) for plan in (made.together, *made.funders)}
    return page(request, "cash.html", made=made, charts=charts)


@router.get("/paiements/tresorerie/{year}/tableau.xlsx", name="cash_file")
def cash_file(here: Here, year: int) -> Response:
    """The cash plan of a year as a workbook."""
    written = BytesIO()
    write_cash(written, _made(here, year), here.language)
    return download(here.say(NAME, year=str(year)), MEDIA_TYPES[Format.XLSX], written.getvalue())


def _drawn(plan: CashPlan, here: Visit, year: int) -> Markup:
    said = OF_FUNDER if plan.funder else LABEL
    label = here.say(said, funder=plan.funder, year=str(year))
    return Markup(plan.drawn(label, here.language))  # noqa: S704 - every text in it escaped


def _made(here: Visit, year: int) -> YearOfCash:
    if not FIRST <= year <= LAST:
        raise NotHereError
    with here.database.transaction() as session:
        return cash_plan(session, here.known.contract_id or 0, year)
