"""Rows of the import sheet to deposits: all of them, or every error with its line and column."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from parvis.services.imports.cells import Limits, Sheet
from parvis.services.imports.context import ImportContext, KnownCall, check_call_takes
from parvis.services.imports.deposit import Deposit, Source
from parvis.services.imports.problems import NEVER, ProblemList, refused
from parvis.services.imports.row_values import RowValues
from parvis.services.imports.sheet_cells import (
    challenge,
    check_listed_once,
    check_partners,
    funder_ask,
    nature,
    partner_share,
)
from parvis.services.imports.sheets import NO_ROWS, Record, read_table
from parvis.states import fields
from parvis.states.fields import FieldError, shortened
from parvis.states.stages import Nature
from parvis.states.words import PARIS, Sentence

REQUIRED = ("external_id", "siret", "titre", "montant_demande", "date_depot")
OPTIONAL = (
    "appel",
    "rna",
    "porteur",
    "courriel",
    "resume",
    "qpv",
    "defis",
    "debut",
    "fin",
    "cout_total",
    "nature",
    "financeurs",
    "partenaires",
    "beneficiaires",
    "part_qpv",
)
COLUMNS = (*REQUIRED, *OPTIONAL)

HIDDEN_ROW = Sentence(
    fr="La ligne {line} est masquée dans le fichier ; elle a été importée comme les autres.",
    en="Line {line} is hidden in the file; it was imported like the others.",
)
HIDDEN_COLUMNS = Sentence(
    fr="Des colonnes masquées du fichier ont été importées comme les autres : {names}.",
    en="Hidden columns of the file were imported like the others: {names}.",
)
THROUGH_LEAD = Sentence(
    fr="L’appel paie le porteur pour ses partenaires : la décision attendra la clause de la convention qui le "
    "permet (CGCT, article L1611-4).",
    en="The call pays the lead for its partners: the decision will wait for the clause of the agreement that allows it "
    "(CGCT, article L1611-4).",
)
MIXED_SCRIPTS = Sentence(
    fr="« {value} » mêle des alphabets aux lettres semblables : vérifiez que ce n’est pas un doublon "
    "déguisé.",
    en="“{value}” mixes alphabets with look-alike letters: check that it is not a disguised duplicate.",
)
NEEDS_SMTPUTF8 = Sentence(
    fr="L’adresse « {value} » a des lettres accentuées avant @ : certains serveurs de courrier la "
    "refuseront.",
    en="The address “{value}” has accented letters before @: some mail servers will refuse it.",
)
DUPLICATE = Sentence(
    fr="L’identifiant « {value} » est déjà celui de la ligne {line} : donnez à chaque dossier le sien.",
    en="Identifier “{value}” is already that of line {line}: give each case its own.",
)
DATE_ORDER = Sentence(
    fr="L’action se terminerait le {ends}, avant de commencer le {starts} : corrigez l’une des dates.",
    en="The action would end on {ends}, before it starts on {starts}: correct one of the dates.",
)
ALL_FUNDERS = Sentence(fr="l’ensemble des financeurs", en="all funders")

short_text = partial(fields.text, max_length=300)
long_text = partial(fields.text, max_length=20_000, lines=True)
identifier = partial(fields.text, max_length=100)


def read_spreadsheet(sheets: Sequence[Sheet], context: ImportContext, limits: Limits) -> list[Deposit]:
    """Every row of the one sheet of deposits, in its order.

    What concerns the file as a whole is a warning of its first deposit.

    Raises:
        DepositFileError: every error of the file, or the reason it could not be read further.
    """
    table = read_table(sheets, known=COLUMNS, required=REQUIRED, limits=limits)
    problems = ProblemList()
    reading = _Reading(context)
    deposits: list[Deposit] = []
    for record in table.records(problems):
        deposit = reading.deposit(record, RowValues(record, problems))
        # Once one row is refused the file will be: the others are read for their errors only.
        if deposit and not problems:
            deposits.append(deposit)
    problems.refuse_if_any()
    if not deposits:
        raise refused("file_no_rows", NO_ROWS)
    return [replace(deposits[0], warnings=table.warnings + deposits[0].warnings), *deposits[1:]]


class _Reading:
    """Reads rows one after the other, and remembers which identifiers it met."""

    def __init__(self, context: ImportContext) -> None:
        self._context = context
        self._lines: dict[tuple[str, str], int] = {}

    def deposit(self, record: Record, values: RowValues) -> Deposit | None:
        """The deposit of one row; None, and problems noted, when something in it is refused.

        A refused value leaves an empty one in its place, so that every other value is still checked.
        """
        context = self._context
        deposited_at = values.require("date_depot", fields.day_or_instant)
        deposited_on = deposited_at.astimezone(PARIS).date() if deposited_at else None
        kind = values.take("nature", nature)
        siret = values.require("siret", fields.siret) or ""
        call = self._call(values, deposited_on, kind, school=context.is_school(siret))
        built = Deposit(
            source=Source.SPREADSHEET,
            external_id=values.require("external_id", identifier) or "",
            call=call.code if call else "",
            siret=siret,
            title=values.require("titre", short_text) or "",
            requested_cents=values.require("montant_demande", fields.amount) or 0,
            deposited_at=deposited_at or NEVER,
            deposited_on=deposited_on or NEVER.date(),
            nature=kind,
            rna=values.take("rna", fields.rna),
            organisation=values.take("porteur", short_text),
            email=values.take("courriel", fields.email),
            summary=values.take("resume", long_text),
            qpvs=_once(values.each("qpv", lambda item: fields.qpv(item, context.qpvs))),
            challenges=_once(values.each("defis", lambda item: challenge(item, context.challenges))),
            starts_on=values.take("debut", fields.calendar_day),
            ends_on=values.take("fin", fields.calendar_day),
            total_cost_cents=values.take("cout_total", fields.amount),
            beneficiaries=values.take("beneficiaires", fields.integer),
            qpv_share_percent=values.take("part_qpv", fields.percentage),
            funders=values.each("financeurs", lambda item: funder_ask(item, context)),
            partners=values.each("partenaires", partner_share),
        )
        self._refuse_second(values, built, record.line)
        _check_whole(values, built)
        values.check(
            "partenaires", lambda: check_partners(built.partners, call, requested_cents=built.requested_cents)
        )
        warnings = tuple(_warnings(record, built, call))
        return replace(built, warnings=warnings) if values.sound else None

    def _call(
        self, values: RowValues, day: date | None, kind: Nature | None, *, school: bool
    ) -> KnownCall | None:
        context = self._context
        named = values.take("appel", lambda value: context.call_named(identifier(value)))
        if day is None or (named is None and values.filled("appel")):
            return named
        values.check("date_depot", lambda: context.check_not_future(day))
        column = "date_depot" if named else "appel"
        call = named or values.check(column, lambda: context.call_by_default(day))
        if call:
            values.check(
                "date_depot", lambda: check_call_takes(call, context, day=day, nature=kind, school=school)
            )
        return call

    def _refuse_second(self, values: RowValues, built: Deposit, line: int) -> None:
        if not built.external_id:
            return
        first = self._lines.setdefault((built.call, built.external_id), line)
        if first != line:
            error = FieldError(
                "external_id_duplicate", DUPLICATE, value=shortened(built.external_id), line=first
            )
            values.note(error, "external_id")


def _check_whole(values: RowValues, built: Deposit) -> None:
    """Note what no single value shows: dates the wrong way round, sums that do not agree."""
    starts, ends = built.starts_on, built.ends_on
    if starts and ends and ends < starts:
        values.note(FieldError("date_order", DATE_ORDER, starts=starts, ends=ends), "fin")
    requested, total = built.requested_cents, built.total_cost_cents
    if requested and total:
        values.check(
            "cout_total", lambda: fields.check_within_total(requested_cents=requested, total_cents=total)
        )
    values.check("financeurs", lambda: check_listed_once(ask.code or ask.name for ask in built.funders))
    values.check(
        "partenaires", lambda: check_listed_once([built.siret, *(share.siret for share in built.partners)])
    )
    if requested and built.funders and values.sound:
        planned = sum(ask.requested_cents for ask in built.funders)
        values.check(
            "financeurs",
            lambda: fields.check_same_request(ALL_FUNDERS, requested_cents=requested, planned_cents=planned),
        )


def _warnings(record: Record, built: Deposit, call: KnownCall | None) -> Iterator[Sentence]:
    if built.partners and call and call.pays_through_lead:
        yield THROUGH_LEAD
    if record.hidden:
        yield HIDDEN_ROW.fill(line=record.line)
    if record.hidden_columns:
        yield HIDDEN_COLUMNS.fill(names=record.hidden_columns)
    for written in filter(None, (built.title, built.organisation)):
        if fields.mixed_scripts(written):
            yield MIXED_SCRIPTS.fill(value=shortened(written))
    if built.email and fields.needs_smtputf8(built.email):
        yield NEEDS_SMTPUTF8.fill(value=built.email)


def _once(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))
