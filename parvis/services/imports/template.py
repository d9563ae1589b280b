"""The empty import sheet handed to officers: headers, one example row, and what each column expects."""

import csv
import io
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from parvis.services.imports.context import ImportContext
from parvis.services.imports.spreadsheet import COLUMNS, REQUIRED
from parvis.states.words import Sentence

SHEET = Sentence(fr="Dossiers", en="Cases")
NOTICE = Sentence(fr="Notice", en="Guide")
REQUIRED_MARK = Sentence(fr="obligatoire", en="required")
OPTIONAL_MARK = Sentence(fr="facultatif", en="optional")

EXPECTED: dict[str, Sentence] = {
    "external_id": Sentence(
        fr="Votre numéro du dossier, unique dans l’appel.", en="Your number for the case, unique in the call."
    ),
    "siret": Sentence(fr="Les 14 chiffres de l’établissement.", en="The 14 digits of the establishment."),
    "titre": Sentence(
        fr="Le titre de l’action, 300 caractères au plus.", en="Title, at most 300 characters."
    ),
    "montant_demande": Sentence(
        fr="Total demandé à tous les financeurs, au centime : 1 234,56 €.",
        en="Total asked from all funders, to the cent: 1 234,56 €.",
    ),
    "date_depot": Sentence(fr="JJ/MM/AAAA.", en="DD/MM/YYYY."),
    "appel": Sentence(
        fr="Code de l’appel ; vide, l’appel annuel ouvert le jour du dépôt.",
        en="Code of the call; empty, the annual call open on the day of deposit.",
    ),
    "rna": Sentence(fr="W et neuf chiffres.", en="W and nine digits."),
    "porteur": Sentence(fr="Nom de l’association.", en="Name of the association."),
    "courriel": Sentence(fr="Une seule adresse.", en="One address only."),
    "resume": Sentence(fr="20 000 caractères au plus.", en="At most 20,000 characters."),
    "qpv": Sentence(fr="Codes des quartiers, séparés par |.", en="Codes of neighbourhoods, separated by |."),
    "defis": Sentence(fr="Codes des défis, séparés par |.", en="Codes of challenges, separated by |."),
    "debut": Sentence(fr="Premier jour de l’action, JJ/MM/AAAA.", en="First day, DD/MM/YYYY."),
    "fin": Sentence(fr="Dernier jour de l’action, JJ/MM/AAAA.", en="Last day, DD/MM/YYYY."),
    "cout_total": Sentence(fr="Coût total de l’action.", en="Total cost."),
    "nature": Sentence(fr="premiere ou renouvellement.", en="premiere (first) or renouvellement (renewal)."),
    "financeurs": Sentence(
        fr="code=montant, séparés par | ; leur somme est le montant demandé.",
        en="code=amount, separated by |; they add up to the requested amount.",
    ),
    "partenaires": Sentence(fr="siret=montant, séparés par |.", en="siret=amount, separated by |."),
    "beneficiaires": Sentence(fr="Nombre de personnes.", en="Number of people."),
    "part_qpv": Sentence(
        fr="Part des habitants des quartiers : 60 %.", en="Share of neighbourhood residents: 60%."
    ),
}

AMOUNTS = ("montant_demande", "cout_total")
DAYS = ("date_depot", "debut", "fin")
REQUESTED_EUROS = 4_500
TOTAL_EUROS = 9_000


def template_csv(context: ImportContext) -> bytes:
    """The sheet as Excel opens it in French: UTF-8 with its mark, semicolons, CRLF."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerow(_as_text(value) for value in _example(context).values())
    return written.getvalue().encode("utf-8-sig")


def template_xlsx(context: ImportContext, language: str = "fr") -> bytes:
    """The sheet as a workbook: identifiers as text, amounts and dates with their formats, a guide beside it."""
    workbook = Workbook()
    sheet = workbook.active
    if not isinstance(sheet, Worksheet):
        message = "a new workbook has a first worksheet"
        raise TypeError(message)
    sheet.title = SHEET.say(language)
    example = _example(context)
    for position, name in enumerate(COLUMNS, start=1):
        head = _write(sheet, 1, position, name)
        head.font = Font(bold=name in REQUIRED, italic=name not in REQUIRED)
        _format(_write(sheet, 2, position, example[name]), name)
        sheet.column_dimensions[get_column_letter(position)].width = max(14, len(name) + 4)
    sheet.freeze_panes = "A2"
    _write_notice(workbook.create_sheet(NOTICE.say(language)), language)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _write_notice(sheet: Worksheet, language: str) -> None:
    for line, name in enumerate(COLUMNS, start=1):
        _write(sheet, line, 1, name).font = Font(bold=True)
        mark = REQUIRED_MARK if name in REQUIRED else OPTIONAL_MARK
        _write(sheet, line, 2, mark.say(language))
        _write(sheet, line, 3, EXPECTED[name].say(language)).alignment = Alignment(wrap_text=True)
    sheet.column_dimensions["A"].width = 18
    sheet.column_dimensions["B"].width = 14
    sheet.column_dimensions["C"].width = 80


def _write(sheet: Worksheet, line: int, position: int, value: str | int | date) -> Cell:
    cell = sheet.cell(line, position)
    if not isinstance(cell, Cell):
        message = "a new sheet has no merged cells"
        raise TypeError(message)
    cell.value = value
    if isinstance(value, str):
        # A code that begins with = stays a text.
        cell.data_type = "s"
    return cell


def _format(cell: Cell, name: str) -> None:
    if name in AMOUNTS:
        cell.number_format = '#,##0.00 "€"'
    elif name in DAYS:
        cell.number_format = "dd/mm/yyyy"
    elif name != "beneficiaires":
        cell.number_format = "@"


def _example(context: ImportContext) -> dict[str, str | int | date]:
    """A row that could be imported as it is, made of the codes `context` knows."""
    today = context.today
    open_calls = sorted(call.code for call in context.calls if call.open_on(today))
    funders = [funder.code for funder in context.funders[:2]]
    share = REQUESTED_EUROS // max(len(funders), 1)
    values: dict[str, str | int | date] = dict.fromkeys(COLUMNS, "")
    return values | {
        "external_id": "EXEMPLE-1",
        "siret": "41816609600051",
        "titre": "Café des parents",
        "montant_demande": REQUESTED_EUROS,
        "date_depot": today,
        "appel": open_calls[0] if open_calls else "",
        "rna": "W751100895",
        "porteur": "Association Exemple",
        "courriel": "contact@association-exemple.fr",
        "resume": "Rencontres hebdomadaires entre parents, à remplacer.",
        "qpv": "|".join(sorted(context.qpvs)[:2]),
        "defis": "|".join(sorted(context.challenges)[:1]),
        "debut": date(today.year + 1, 1, 1),
        "fin": date(today.year + 1, 12, 31),
        "cout_total": TOTAL_EUROS,
        "nature": "premiere",
        "financeurs": "|".join(f"{code}={share}" for code in funders),
        "beneficiaires": 60,
        "part_qpv": "60 %",
    }


def _as_text(value: str | int | date) -> str:
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value)
