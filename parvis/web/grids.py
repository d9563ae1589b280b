"""A grid of amounts as it is typed, or pasted from a spreadsheet, turned into cents; each fault beside its cell."""

import re
from collections.abc import Mapping, Sequence

from parvis.models.queries.scenarios import CaseLine
from parvis.services.scenarios import Ground, Shown
from parvis.states import fields
from parvis.states.words import Sentence
from parvis.web.errors import FieldError, WrongInputError
from parvis.web.forms import Typed

PASTED = "collage"
_BREAK = re.compile(r"\t|;")

UNKNOWN_CASE = Sentence(
    "ligne {line} : aucun dossier de l’ordre du jour n’a le numéro « {said} »",
    "line {line}: no case of the agenda has the number “{said}”",
)
TOO_MANY = Sentence(
    "ligne {line} : {count} montants pour {most} financeurs",
    "line {line}: {count} amounts for {most} funders",
)
NOT_ASKED = Sentence(
    "{reference} ne demande rien à « {funder} » : laisser vide",
    "{reference} asks nothing of “{funder}”: leave empty",
)
IN_LINE = Sentence("ligne {line} : {fault}", "line {line}: {fault}")


def cell(case_id: int, funder: str) -> str:
    """The name of a cell."""
    return f"m_{case_id}_{funder}"


def as_typed(shown: Shown) -> Typed:
    """A programming as its grid shows it: whole euros without cents, nothing for nothing."""
    return Typed(
        {
            cell(case_id, code): (fields.grouped_amount(cents),)
            for (case_id, code), cents in shown.amounts.items()
        }
    )


def read_amounts(typed: Typed, made: Ground) -> dict[tuple[int, str], int]:
    """What a grid says, then what was pasted over it.

    Raises:
        WrongInputError: cells cannot be read, or give where nothing is asked; all of them are named.
    """
    faults: list[FieldError] = []
    amounts: dict[tuple[int, str], int] = {}
    for case in made.cases:
        for code in made.funders:
            name = cell(case.id, code)
            if (cents := _cents(name, typed.one(name), faults)) and _asked(made, case, code, name, faults):
                amounts[case.id, code] = cents
    amounts |= _pasted(typed, made, faults)
    if faults:
        raise WrongInputError(*faults)
    return {key: cents for key, cents in amounts.items() if cents}


def _cents(name: str, said: str, faults: list[FieldError], line: int = 0) -> int:
    if not said:
        return 0
    try:
        return fields.amount(said, zero_allowed=True)
    except fields.FieldError as error:
        faults.append(
            FieldError(name, IN_LINE.fill(line=line, fault=error.sentence) if line else error.sentence)
        )
        return 0


def _asked(made: Ground, case: CaseLine, code: str, name: str, faults: list[FieldError]) -> bool:
    if code in case.requested:
        return True
    faults.append(FieldError(name, NOT_ASKED.fill(reference=case.reference, funder=made.funders[code])))
    return False


def _pasted(typed: Typed, made: Ground, faults: list[FieldError]) -> dict[tuple[int, str], int]:
    """Rows of a spreadsheet: a case's number, then an amount for each funder; a first row may name the funders."""
    pasted = (typed.values.get(PASTED) or [""])[-1]
    rows = [
        (number, _BREAK.split(line)) for number, line in enumerate(pasted.splitlines(), 1) if line.strip()
    ]
    cases = {case.reference.upper(): case for case in made.cases}
    columns: Sequence[str] = tuple(made.funders)
    if rows and (named := _named(rows[0][1], made.funders)):
        columns, rows = named, rows[1:]
    amounts: dict[tuple[int, str], int] = {}
    for number, (said, *values) in rows:
        case = cases.get(said.strip().upper())
        if case is None:
            faults.append(FieldError(PASTED, UNKNOWN_CASE.fill(line=number, said=said.strip())))
        elif len(values) > len(columns):
            faults.append(
                FieldError(PASTED, TOO_MANY.fill(line=number, count=len(values), most=len(columns)))
            )
        else:
            for code, value in zip(columns, values, strict=False):
                cents = _cents(PASTED, value.strip(), faults, number)
                if not cents or _asked(made, case, code, PASTED, faults):
                    amounts[case.id, code] = cents
    return amounts


def _named(cells: Sequence[str], funders: Mapping[str, str]) -> tuple[str, ...]:
    """The funders a first row names, by code or by name; none when it is not such a row."""
    known = {name.casefold(): code for code, name in funders.items()} | {
        code.casefold(): code for code in funders
    }
    found = [known.get(each.strip().casefold()) for each in cells[1:]]
    return tuple(code for code in found if code) if found and all(found) else ()
