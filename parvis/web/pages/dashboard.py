"""The dashboard: figures of all calls or of some, each with its chart and its table."""

from dataclasses import dataclass
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from parvis.models.queries.calls import CallLine, list_calls
from parvis.services.dashboards import Scope, overview
from parvis.services.figures.charts import draw
from parvis.services.figures.shapes import Cell, Section
from parvis.services.figures.showing import cell
from parvis.services.queue_address import CALL, NOT_READ
from parvis.states.words import Sentence
from parvis.web.rendering import page
from parvis.web.site import Here, Visit

router = APIRouter()

YEAR = "annee"
WIDE, NARROW = 960, 600
_MOST_FIELDS = 50
_NARROW = frozenset({"parcours", "delais", "financeurs", "quartiers", "defis", "charge"})
"""Sections whose chart goes beside another one."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address chooses: calls, a year, and what could not be read."""

    calls: tuple[str, ...]
    call: str
    year: str
    problems: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table as it is shown, and where what it counts is listed."""

    cells: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A section as the page shows it."""

    section: Section
    chart: Markup | None
    rows: tuple[Row, ...]
    narrow: bool


@router.get("/tableau-de-bord", name="dashboard")
def dashboard(request: Request, here: Here) -> Response:
    """Show the figures of the calls an address names."""
    contract_id = here.known.contract_id or 0
    with here.database.transaction() as session:
        calls = list_calls(session, contract_id)
        chosen = _chosen(request, calls)
        made = overview(session, Scope(contract_id, chosen.calls), at=here.at)
    facts = [(cell(value, here.language) or "—", words, link) for value, words, link in made.facts]
    return page(
        request, "dashboard.html", facts=facts, sections=[_shown(each, here) for each in made.sections], calls=calls,
        years=sorted({call.year for call in calls}, reverse=True), chosen=chosen, at=here.at,
    )  # fmt: skip


def _chosen(request: Request, calls: list[CallLine]) -> Chosen:
    """The call named, else those of the year named, else all; what nobody knows is left out and said."""
    asked = parse_qs(request.url.query, max_num_fields=_MOST_FIELDS, errors="replace")
    call, year = (asked.get(name, [""])[-1].replace("\0", "").strip() for name in (CALL, YEAR))
    known = next((each for each in calls if each.code.lower() == call.lower()), None)
    of_year = tuple(each.code for each in calls if str(each.year) == year)
    problems = tuple(
        NOT_READ.fill(value=typed[:80])
        for typed, found in ((call, known), (year, of_year))
        if typed and not found
    )
    if known:
        return Chosen((known.code,), known.code, "", problems)
    return Chosen(of_year, "", year if of_year else "", problems)


def _shown(section: Section, here: Visit) -> Shown:
    language = here.language
    narrow = section.code in _NARROW or not section.rows
    drawn = draw(section.chart, section.says.say(language), language, width=NARROW if narrow else WIDE) if (
        section.chart
    ) else None  # fmt: skip
    links = section.links or ("",) * len(section.rows)
    rows = tuple(
        Row(tuple(_cell(value, language) for value in row), link)
        for row, link in zip(section.rows, links, strict=True)
    )
    return Shown(section, Markup(drawn) if drawn else None, rows, narrow)  # noqa: S704 - every text in it escaped


def _cell(value: Cell, language: str) -> str:
    return cell(value, language) or "—"
