"""The yearly evaluation of the contract: a page with its charts, its matrix and the lists behind every figure."""

from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from parvis.services.exports import MEDIA_TYPES, Format
from parvis.services.figures.charts import draw
from parvis.services.figures.shapes import Cell, Section
from parvis.services.figures.showing import cell, exact
from parvis.services.yearly import ActionLine, Evaluation, NoSuchYearError, actions, evaluate, latest_year
from parvis.services.yearly_document import evaluation_pdf
from parvis.services.yearly_matrix import matrix, summary, unanswered
from parvis.services.yearly_sections import facts, sections
from parvis.services.yearly_tables import write_tables
from parvis.services.yearly_words import HOW_COUNTED
from parvis.states.words import Cents, Sentence
from parvis.web.errors import NotHereError
from parvis.web.rendering import page
from parvis.web.sending import download
from parvis.web.site import Here, Visit

router = APIRouter()

WIDE = 960
REPORT = Sentence("evaluation-{year}.pdf", "evaluation-{year}.pdf")
TABLES = Sentence("evaluation-{year}.xlsx", "evaluation-{year}.xlsx")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: what its cells show and where what they count is listed."""

    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A section as the page shows it."""

    section: Section
    chart: Markup | None
    rows: tuple[Row, ...]
    foot: tuple[str, ...]


@router.get("/evaluation", name="latest_evaluation")
def latest_evaluation(here: Here) -> Response:
    """Go to the evaluation of the latest year with a call."""
    with here.database.transaction() as session:
        year = latest_year(session, here.known.contract_id or 0, here.today.year)
    if year is None:
        raise NotHereError
    return RedirectResponse(f"/evaluation/{year}", HTTPStatus.SEE_OTHER)


@router.get("/evaluation/{year}", name="evaluation")
def evaluation(request: Request, here: Here, year: int) -> Response:
    """Show the evaluation of a year."""
    made = evaluation_of(here, year)
    values = [(_cell(value, here.language), words, link) for value, words, link in facts(made)]
    return page(
        request, "evaluation.html", made=made, facts=values, summary=summary(made), matrix=matrix(made),
        unanswered=_shown(unanswered(made), here), sections=[_shown(each, here) for each in sections(made)],
        how=HOW_COUNTED, at=here.at,
    )  # fmt: skip


@router.get("/evaluation/{year}/rapport.pdf", name="evaluation_report")
def evaluation_report(here: Here, year: int) -> Response:
    """The report of a year, to keep."""
    made, listed = _with_actions(here, year)
    pdf = evaluation_pdf(made, listed, at=here.at)
    return download(here.say(REPORT, year=str(year)), "application/pdf", pdf)


@router.get("/evaluation/{year}/tableaux.xlsx", name="evaluation_tables")
def evaluation_tables(here: Here, year: int) -> Response:
    """The tables of a year and its actions, to keep."""
    made, listed = _with_actions(here, year)
    written = BytesIO()
    write_tables(written, made, listed, here.language)
    return download(here.say(TABLES, year=str(year)), MEDIA_TYPES[Format.XLSX], written.getvalue())


def _with_actions(here: Visit, year: int) -> tuple[Evaluation, tuple[ActionLine, ...]]:
    made = evaluation_of(here, year)
    with here.database.transaction() as session:
        return made, actions(session, made.contract_id, year)


def evaluation_of(here: Visit, year: int) -> Evaluation:
    """The evaluation of a year of the visitor's contract.

    Raises:
        NotHereError: no call is of this year.
    """
    try:
        with here.database.transaction() as session:
            return evaluate(session, here.known.contract_id or 0, year)
    except NoSuchYearError:
        raise NotHereError from None


def _shown(section: Section, here: Visit) -> Shown:
    language = here.language
    label = f"{section.title.say(language)}. {section.says.say(language)}"
    drawn = draw(section.chart, label, language, width=WIDE) if section.chart and section.rows else None
    ways = section.ways or tuple(("",) * len(row) for row in section.rows)
    rows = tuple(
        Row(tuple(zip((_cell(value, language) for value in row), links, strict=True)))
        for row, links in zip(section.rows, ways, strict=True)
    )
    foot = tuple(_cell(value, language) for value in section.foot)
    return Shown(section, Markup(drawn) if drawn else None, rows, foot)  # noqa: S704 - every text in it escaped


def _cell(value: Cell, language: str) -> str:
    if isinstance(value, Cents):
        return exact(value.amount, language)
    return cell(value, language) or "—"
