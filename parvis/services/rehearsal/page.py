"""The report as one HTML page that needs nothing else: read on a screen, in the dark, aloud, or on paper."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from parvis.services.figures.charts import draw
from parvis.services.figures.shapes import Report, Section
from parvis.services.figures.showing import cell
from parvis.services.rehearsal import report_words as words
from parvis.states.words import Language


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    number: bool


@dataclass(frozen=True, slots=True)
class _Section:
    """A section in one language, its chart drawn; `folded` invites to open a long table."""

    code: str
    title: str
    says: str
    columns: tuple[_Column, ...]
    rows: tuple[tuple[str, ...], ...]
    chart: Markup | None
    folded: str
    alarm: bool


def page(report: Report, language: str = Language.FR) -> str:
    """The page in `language`; the same report always gives the same bytes."""
    sections = [_section(section, language) for section in report.sections]
    return _template().render(
        language=language,
        title=report.title.say(language),
        subtitle=report.subtitle.say(language),
        note=report.note.say(language),
        contents=words.CONTENTS.say(language),
        facts=[(cell(value, language), name.say(language)) for value, name in report.facts],
        alarms=[(section.code, section.says) for section in sections if section.alarm],
        sections=sections,
    )


def _section(section: Section, language: str) -> _Section:
    says = section.says.say(language)
    drawn = draw(section.chart, says, language) if section.chart else None
    return _Section(
        code=section.code,
        title=section.title.say(language),
        says=says,
        columns=tuple(_Column(column.name.say(language), column.number) for column in section.columns),
        rows=tuple(tuple(cell(value, language) for value in row) for row in section.rows),
        chart=Markup(drawn) if drawn else None,  # noqa: S704 - drawn by us, every text in it escaped
        folded=words.SHOW_TABLE.fill(count=len(section.rows)).say(language) if section.long else "",
        alarm=section.alarm,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")
