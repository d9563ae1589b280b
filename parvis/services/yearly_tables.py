"""The tables of a year as a workbook: a sheet a table, then every action proposed, exact to the cent."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import IO

from parvis.services import yearly_words as words
from parvis.services.figures.shapes import Cell, Percent, Section
from parvis.services.spreadsheets.cells import Row, Value
from parvis.services.spreadsheets.xlsx_writer import Sheet, fitted, write_workbook
from parvis.services.yearly import ActionLine, Evaluation
from parvis.services.yearly_matrix import matrix, unanswered
from parvis.services.yearly_sections import sections
from parvis.states.stages import STAGE_WORDS
from parvis.states.words import Cents, Sentence


def write_tables(to: IO[bytes], made: Evaluation, actions: Sequence[ActionLine], language: str) -> None:
    """Write the workbook of a year."""
    tables = [*sections(made), unanswered(made)]
    sheets = [_of_section(table, language) for table in tables if table.rows]
    write_workbook(to, [*sheets, _of_matrix(made, language), _of_actions(actions, language)], language)


def _of_section(section: Section, language: str) -> Sheet:
    rows = [[_value(cell) for cell in row] for row in section.rows]
    foot = [[_value(cell) for cell in section.foot]] if section.foot else []
    names = [column.name.say(language) for column in section.columns]
    return _wide_enough(Sheet(section.title.say(language), names, rows, foot), language)


def _wide_enough(sheet: Sheet, language: str) -> Sheet:
    rows = list(sheet.rows)
    return replace(sheet, rows=rows, widths=fitted(sheet.names, (*rows, *sheet.foot), language))


def _value(cell: Cell) -> Value:
    return cell.value if isinstance(cell, Percent) else cell


def _of_matrix(made: Evaluation, language: str) -> Sheet:
    def rows() -> Iterator[Row]:
        shown = matrix(made)
        for place, spots in shown.rows:
            for (code, label), spot in zip(shown.challenges, spots, strict=True):
                yield (place, code, label, spot.proposed, spot.funded, Cents(spot.granted_cents))

    sheet = Sheet(words.MATRIX.say(language), _names(words.CROSSING_COLUMNS, language), rows())
    return _wide_enough(sheet, language)


def _of_actions(actions: Sequence[ActionLine], language: str) -> Sheet:
    rows = (
        (
            each.reference, each.title, each.organisation, each.call, words.INSTRUMENT_WORDS[each.instrument],
            STAGE_WORDS[each.stage], words.YES if each.not_carried_out else None, ", ".join(each.neighbourhoods),
            ", ".join(each.challenges), Cents(each.requested_cents), Cents(each.granted_cents),
            Cents(each.paid_cents), None if each.spent_cents is None else Cents(each.spent_cents),
            each.people_planned, each.people_done,
        )
        for each in actions
    )  # fmt: skip
    sheet = Sheet(words.ACTIONS_TITLE.say(language), _names(words.ACTION_COLUMNS, language), rows)
    return _wide_enough(sheet, language)


def _names(columns: Sequence[Sentence], language: str) -> list[str]:
    return [column.say(language) for column in columns]
