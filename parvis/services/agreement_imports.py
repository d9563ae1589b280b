"""Taking over the agreements that exist: a CSV file, all of it or nothing, every error with its line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.queries import deposits as deposit_queries
from parvis.models.queries.agreement_moves import NewAgreement, insert_agreement, write_years
from parvis.models.queries.agreements import find_agreement
from parvis.models.queries.contracts import read_contract
from parvis.models.queries.people import active_people
from parvis.models.session import ConstraintError, Database, Session, savepoint
from parvis.services.agreement_birth import purpose_of
from parvis.services.agreement_writing import decided, prepare, write, write_year_amounts
from parvis.services.deposits import IMPORTER
from parvis.services.imports.cells import BadCell, Limits, Row
from parvis.services.imports.csv_file import read_csv
from parvis.services.imports.problems import ProblemList
from parvis.services.imports.row_values import RowValues
from parvis.services.imports.sheets import Record
from parvis.states import fields
from parvis.states.agreement_calendar import years_of
from parvis.states.agreement_stages import AgreementAction
from parvis.states.contract import Contract, Instrument
from parvis.states.contract.instruction import PAYMENTS
from parvis.states.fields import FieldError, Raw
from parvis.states.words import Sentence

COLUMNS = (
    "reference", "siret", "organisme", "courriel", "objet", "titre", "debut", "fin", "signee_le", "agrement_caf",
    "instructeur", "quartiers", "defis", "resume", "personnes", "part_qpv", "contact", "contact_courriel",
)  # fmt: skip
REQUIRED = ("reference", "siret", "organisme", "titre", "debut", "fin")
"""The columns that must be there; each funder has one more, named by its code, for what it gives a year."""

MISSING = Sentence(
    "Colonnes absentes : {missing}. La première ligne nomme les colonnes ; « parvis agreement import --help » les dit.",
    "Missing columns: {missing}. The first line names the columns; “parvis agreement import --help” tells them.",
)
UNKNOWN_COLUMN = Sentence(
    "Colonne inconnue : ni une colonne de ce fichier, ni le code d’un financeur ({known}).",
    "Unknown column: neither one of this file nor the code of a funder ({known}).",
)
ORDER = Sentence("La fin vient avant le début.", "The end comes before the start.")
TWICE = Sentence("Cette référence est déjà à la ligne {line}.", "This reference is on line {line} already.")
OVERLAP = Sentence(
    "Cet organisme a déjà une convention pour cet objet sur une partie de ces jours.",
    "This organisation has an agreement for this purpose on some of these days already.",
)
NOBODY = Sentence("Aucun instructeur actif n’a cette adresse.", "No active instructor has this address.")
NO_AMOUNT = Sentence(
    "Aucun montant : en écrire un dans la colonne d’un financeur au moins.",
    "No amount: write one in the column of one funder at least.",
)
UNKNOWN_CODE = Sentence("« {value} » n’est pas dans le contrat.", "“{value}” is not in the contract.")


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What an import did: references of the agreements taken over, and of those that were there already."""

    created: tuple[str, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """An agreement as its line says it. Yearly amounts in cents by funder code."""

    line: int
    reference: str
    siret: str
    organisation: str
    email: str
    purpose: str
    title: str
    starts_on: date
    ends_on: date
    signed_on: date | None
    approval_ends_on: date | None
    instructor_id: int | None
    amounts: Mapping[str, int]
    known: Mapping[str, Any]


def import_agreements(
    database: Database, content: bytes, *, at: datetime, dry_run: bool = False
) -> TakenOver:
    """`take_over` as a transaction of its own, for the contract there is; with `dry_run` nothing is kept.

    Raises:
        DepositFileError: as `take_over`.
        LookupError: there is no contract.
    """
    with database.transaction() as session:
        found = read_contract(session)
        if found is None:
            raise LookupError("contract")
        taken = take_over(session, *found, content, at=at)
        if dry_run:
            session.rollback()
    return taken


def take_over(
    session: Session, contract_id: int, contract: Contract, content: bytes, *, at: datetime
) -> TakenOver:
    """Take over the agreements of a CSV file as they stand, with no letter; one already there is left as it is.

    Raises:
        DepositFileError: something is wrong; `problems` say all of it, line by line, and nothing is to be kept.
    """
    problems = ProblemList()
    officers = {p.email.casefold(): p.id for p in active_people(session) if p.role == "instructor"}
    lines = list(_read(content, contract, officers, problems))
    problems.refuse_if_any()
    rows = {
        each.siret: {"siret": each.siret, "rna": None, "name": each.organisation, "email": each.email, "phone": "",
                     "address": "", "school": False}
        for each in sorted(lines, key=lambda line: bool(line.email))
    }  # fmt: skip
    organisations = deposit_queries.write_organisations(session, list(rows.values()))
    created, unchanged = [], []
    for each in lines:
        if find_agreement(session, each.reference) is not None:
            unchanged.append(each.reference)
            continue
        try:
            with savepoint(session):
                _write(session, contract_id, contract, each, organisations[each.siret], at=at)
        except ConstraintError as error:
            if error.name != "no_overlap":
                raise
            problems.add(FieldError("no_overlap", OVERLAP), line=each.line, column="debut")
        else:
            created.append(each.reference)
    problems.refuse_if_any()
    return TakenOver(tuple(created), tuple(unchanged))


def _write(
    session: Session, contract_id: int, contract: Contract, each: _Line, organisation_id: int, *, at: datetime
) -> None:
    calls = [call for call in contract.calls if call.instrument == Instrument.AGREEMENT]
    schedule = calls[-1].payment_schedule if calls else PAYMENTS
    agreement_id = insert_agreement(session, NewAgreement(
        contract_id=contract_id, organisation_id=organisation_id, purpose=each.purpose, title=each.title,
        starts_on=each.starts_on, ends_on=each.ends_on, instructor_id=each.instructor_id, signed_on=each.signed_on,
        approval_ends_on=each.approval_ends_on, known=each.known, reference=each.reference,
        schedule=[{"code": part.code, "share": str(part.share), "on": str(part.on)} for part in schedule],
    ), prefix=contract.agreements.prefix, at=at)  # fmt: skip
    years = list(enumerate(years_of(each.starts_on, each.ends_on), 1))
    write_years(session, agreement_id, [(number, *days) for number, days in years])
    known = prepare(session, agreement_id, at=at, lock=True).known
    for number, _ in years:
        write_year_amounts(session, known, number, each.amounts)
    for action in (AgreementAction.ACTIVATE, AgreementAction.END):
        prepared = prepare(session, agreement_id, at=at, lock=True)
        if action == AgreementAction.END and prepared.facts.today <= each.ends_on:
            return
        write(session, prepared, decided(prepared, action, IMPORTER), by=IMPORTER, at=at)


def _read(
    content: bytes, contract: Contract, officers: Mapping[str, int], problems: ProblemList
) -> Iterator[_Line]:
    funders = [funder.code for funder in contract.funders]
    sheet = read_csv("conventions", content, Limits(), lambda name: name in (*COLUMNS, *funders))
    rows = iter(sheet.rows())
    header = _header(next(rows, None), funders, problems)
    seen: dict[str, int] = {}
    for row in rows if header else ():
        cells = {name: row.cells.get(place) for place, name in header.items()}
        record = Record(row.line, cells, hidden=False, hidden_columns=())
        values = RowValues(record, problems)
        line = _line(values, row.line, contract, officers, funders)
        if line is None:
            continue
        first = seen.setdefault(line.reference.casefold(), row.line)
        if first != row.line:
            values.note(FieldError("twice", TWICE.fill(line=first)), "reference")
        else:
            yield line


def _header(row: Row | None, funders: Sequence[str], problems: ProblemList) -> dict[int, str]:
    names = {} if row is None else {place: _name(cell) for place, cell in row.cells.items()}
    missing = [name for name in REQUIRED if name not in names.values()]
    if missing:
        problems.add(FieldError("columns_missing", MISSING.fill(missing=missing)), line=1, column=None)
    for name in names.values():
        if name not in (*COLUMNS, *funders):
            problems.add(
                FieldError("column_unknown", UNKNOWN_COLUMN.fill(known=list(funders))), line=1, column=name
            )
    return {} if problems else names


def _name(cell: object) -> str:
    return "" if isinstance(cell, BadCell) else str(cell or "").strip().casefold()


def _line(
    values: RowValues, line: int, contract: Contract, officers: Mapping[str, int], funders: Sequence[str]
) -> _Line | None:
    short = _text(300)
    reference, siret = values.require("reference", _text(40)), values.require("siret", fields.siret)
    organisation, title = values.require("organisme", short), values.require("titre", short)
    first, last = values.require("debut", fields.calendar_day), values.require("fin", fields.calendar_day)
    if first and last and last < first:
        values.note(FieldError("date_order", ORDER), "fin")
    amounts = {code: cents for code in funders if (cents := values.take(code, fields.amount))}
    if not amounts:
        values.note(FieldError("no_amount", NO_AMOUNT), funders[0] if funders else "titre")
    email = values.take("courriel", fields.email)
    officer = values.take("instructeur", lambda value: _among(str(value).strip().casefold(), officers))
    signed, approval = (
        values.take("signee_le", fields.calendar_day),
        values.take("agrement_caf", fields.calendar_day),
    )
    purpose, known = values.take("objet", _text(60)), _known(values, contract)
    if not (values.sound and reference and siret and organisation and title and first and last):
        return None
    return _Line(
        line, reference, siret, organisation, email or "", purpose_of(purpose or title), title, first, last, signed,
        approval, officer, amounts, known,
    )  # fmt: skip


def _known(values: RowValues, contract: Contract) -> dict[str, Any]:
    """What the renewal request takes up beside the amounts."""
    qpvs = frozenset(each.code for each in contract.neighbourhoods)
    defis = {each.code: each.code for each in contract.challenges}
    contact = {
        "name": values.take("contact", _text(300)),
        "email": values.take("contact_courriel", fields.email),
    }
    found = {
        "qpvs": values.each("quartiers", lambda code: fields.qpv(code, qpvs)),
        "challenges": values.each("defis", lambda code: _coded(code, defis)),
        "summary": values.take("resume", lambda value: fields.text(value, max_length=20_000, lines=True)),
        "beneficiaries": values.take("personnes", lambda value: fields.integer(value, minimum=1)),
        "qpv_share_percent": values.take("part_qpv", fields.percentage),
        "contact": {name: value for name, value in contact.items() if value},
    }
    return {name: value for name, value in found.items() if value}


def _text(most: int) -> Callable[[Raw], str]:
    return lambda value: fields.text(value, max_length=most)


def _coded(value: str, known: Mapping[str, str]) -> str:
    if value not in known:
        raise FieldError("unknown", UNKNOWN_CODE.fill(value=value))
    return known[value]


def _among(email: str, officers: Mapping[str, int]) -> int:
    if email not in officers:
        raise FieldError("nobody", NOBODY)
    return officers[email]
