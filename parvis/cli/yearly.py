"""`parvis evaluation YEAR`: a year of the contract, read here, as a report or as tables."""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parvis.cli.entries import Entry
from parvis.cli.here import Here, contract_there, here_of
from parvis.cli.options import FILE, NUMBER, Json, argument, option
from parvis.cli.output import console, dump, row, say, show, table
from parvis.cli.values import WrongUseError, whole
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.figures.shapes import Section
    from parvis.services.yearly import ActionLine, Evaluation

NO_CALL = Sentence(
    "Aucun appel n’est de l’année {year}. Les années connues : {known}.",
    "No call is of the year {year}. The years known: {known}.",
)
WRITTEN = Sentence("Écrit dans {path}.", "Written to {path}.")

WIDE = 170  # columns of the terminal that all of a table takes

YearOf = Annotated[
    str, argument(shown=NUMBER, said=Sentence("L’année des appels.", "The year of the calls."))
]
Pdf = Annotated[
    Path | None,
    option("--pdf", shown=FILE, said=Sentence("Où écrire le rapport.", "Where to write the report.")),
]
Xlsx = Annotated[
    Path | None,
    option("--xlsx", shown=FILE, said=Sentence("Où écrire les tableaux.", "Where to write the tables.")),
]


def evaluation(
    context: typer.Context, *, year: YearOf, pdf: Pdf = None, xlsx: Xlsx = None, json: Json = False
) -> None:
    """Show the evaluation of a year, or write it to files."""
    del json
    from parvis.services.yearly_document import evaluation_pdf
    from parvis.services.yearly_tables import write_tables

    here = here_of(context)
    made, actions = _read(here, whole("YEAR", year))
    if pdf:
        pdf.write_bytes(evaluation_pdf(made, actions, at=here.now()))
    if xlsx:
        written = BytesIO()
        write_tables(written, made, actions, here.language)
        xlsx.write_bytes(written.getvalue())
    if here.json:
        dump(_told(made, actions, pdf, xlsx))
        return
    _print(here, made)
    for path in (pdf, xlsx):
        if path:
            say(here, WRITTEN, style="green", path=str(path))


def _read(here: Here, year: int) -> "tuple[Evaluation, tuple[ActionLine, ...]]":
    from parvis.services.yearly import NoSuchYearError, actions, evaluate

    with here.database() as database, database.transaction() as session:
        contract_id = contract_there(session)
        try:
            return evaluate(session, contract_id, year), actions(session, contract_id, year)
        except NoSuchYearError as error:
            known = [str(each) for each in error.known]
            raise WrongUseError("YEAR", NO_CALL.fill(year=str(year), known=known)) from None


def _print(here: Here, made: "Evaluation") -> None:
    from parvis.services.yearly_matrix import summary, unanswered
    from parvis.services.yearly_sections import sections

    for sentence in summary(made):
        say(here, sentence)
    for section in (*sections(made), unanswered(made)):
        if section.rows:
            show("")
            say(here, section.title, style="bold")
            _print_section(here, section)


def _print_section(here: Here, section: "Section") -> None:
    from parvis.services.figures.showing import cell

    wide = console().width >= WIDE
    kept = [place for place, column in enumerate(section.columns) if wide or not column.minor]
    numbers = [at for at, place in enumerate(kept) if section.columns[place].number]
    shown = table(*(here.say(section.columns[place].name) for place in kept), right=numbers)
    for cells in (*section.rows, *([section.foot] if section.foot else [])):
        row(shown, *(cell(cells[place], here.language) or "—" for place in kept))
    show(shown)


def _told(
    made: "Evaluation", actions: "tuple[ActionLine, ...]", pdf: Path | None, xlsx: Path | None
) -> dict[str, Any]:
    from parvis.services.yearly_matrix import summary

    return {
        "year": made.year, "contract": made.contract, "calls": [code for code, _ in made.calls],
        "summary": summary(made), "total": made.total, "challenges": made.challenges,
        "neighbourhoods": made.neighbourhoods, "funders": made.funders, "instruments": made.instruments,
        "crossings": made.crossings, "agreements": made.running, "unanswered": made.unanswered,
        "actions": actions, "pdf": pdf, "xlsx": xlsx,
    }  # fmt: skip


ENTRIES = (
    Entry(
        "evaluation", evaluation,
        Sentence("Évalue une année du contrat : à l’écran, en PDF, en tableaux.",
                 "Evaluates a year of the contract: on the screen, as PDF, as tables."),
    ),
)  # fmt: skip
