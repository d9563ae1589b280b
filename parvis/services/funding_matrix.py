"""Funders × cases: asked, proposed, granted and the gap between, with their totals; on a page and in a workbook."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from parvis.models.queries import funding_matrix as queries
from parvis.models.queries.funding_matrix import CaseShares, Wanted
from parvis.models.session import Session
from parvis.services import money
from parvis.services.money import EnvelopeLine
from parvis.services.spreadsheets.cells import Formula, Row, Value
from parvis.services.spreadsheets.xlsx_writer import Sheet, column_letters, write_workbook
from parvis.states.stages import STAGE_WORDS
from parvis.states.words import Cents, Sentence

__all__ = ["Amounts", "Line", "Matrix", "Wanted", "matrix", "write_matrix"]


@dataclass(frozen=True, slots=True)
class Amounts:
    """What is asked, proposed and granted, in cents; None: not said."""

    asked_cents: int = 0
    proposed_cents: int | None = None
    granted_cents: int | None = None

    @property
    def gap_cents(self) -> int | None:
        """What is granted, or else proposed, less what is asked; None while neither is said."""
        final = self.granted_cents if self.granted_cents is not None else self.proposed_cents
        return None if final is None else final - self.asked_cents


def added(amounts: Iterable[Amounts]) -> "Totals":
    """The sums of these amounts; a gap counts where there is one."""
    each = list(amounts)
    return Totals(
        sum(one.asked_cents for one in each), sum(one.proposed_cents or 0 for one in each),
        sum(one.granted_cents or 0 for one in each), sum(one.gap_cents or 0 for one in each),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of amounts, in cents."""

    asked_cents: int
    proposed_cents: int
    granted_cents: int
    gap_cents: int


@dataclass(frozen=True, slots=True)
class Line:
    """A case, with its amounts by funder (its code)."""

    reference: str
    title: str
    organisation: str
    stage: str
    amounts: Mapping[str, Amounts]

    @property
    def totals(self) -> Totals:
        """What all funders together are asked, propose and grant."""
        return added(self.amounts.values())


@dataclass(frozen=True, slots=True)
class Matrix:
    """The cases wanted, and the funders they ask: name by code."""

    funders: Mapping[str, str]
    lines: tuple[Line, ...]

    def column(self, code: str) -> Totals:
        """The sums of a funder."""
        return added(line.amounts[code] for line in self.lines if code in line.amounts)

    @property
    def totals(self) -> Totals:
        """The sums of them all."""
        return added(one for line in self.lines for one in line.amounts.values())


def matrix(session: Session, wanted: Wanted, *, gaps_only: bool = False) -> Matrix:
    """What the cases wanted ask of each funder; with `gaps_only`, those alone that will not have all they ask."""
    lines = [_line(each) for each in queries.case_shares(session, wanted)]
    if gaps_only:
        lines = [line for line in lines if any((one.gap_cents or 0) < 0 for one in line.amounts.values())]
    used = {code for line in lines for code in line.amounts}
    names = queries.funders_of(session, wanted.contract_id, wanted.funder_id)
    return Matrix({code: name for code, name, _ in names if code in used}, tuple(lines))


def _line(said: CaseShares) -> Line:
    amounts = {code: Amounts(*each) for code, each in said.shares.items()}
    return Line(said.reference, said.title, said.organisation, said.stage, amounts)


SHEETS = (
    Sentence("Dossiers et financeurs", "Cases and funders"),
    Sentence("Enveloppes", "Envelopes"),
)
HEAD = (
    Sentence("Dossier", "Case"), Sentence("Intitulé", "Title"), Sentence("Porteur", "Applicant"),
    Sentence("Étape", "Stage"),
)  # fmt: skip
OF_FUNDER = (
    Sentence("{funder} : demandé", "{funder}: asked"), Sentence("{funder} : proposé", "{funder}: proposed"),
    Sentence("{funder} : accordé", "{funder}: granted"), Sentence("{funder} : écart", "{funder}: gap"),
)  # fmt: skip
ALL = Sentence("Tous", "All")
TOTAL = Sentence("Total", "Total")
PURSES = (
    Sentence("Financeur", "Funder"), Sentence("Enveloppe", "Envelope"), Sentence("Appel", "Call"),
    Sentence("Année", "Year"), Sentence("Dans une autre", "Within another"), Sentence("Initiale", "Initial"),
    Sentence("Virements", "Transfers"), Sentence("Total", "Total"), Sentence("Réservé", "Reserved"),
    Sentence("Engagé", "Committed"), Sentence("dont payé", "of which paid"), Sentence("Reste", "Left"),
)  # fmt: skip
GENERAL = Sentence("générale", "general")
YES, NO = Sentence("oui", "yes"), Sentence("non", "no")
WIDTH = 4
"""Columns a funder: asked, proposed, granted, gap."""


def write_matrix(
    session: Session, to: IO[bytes], wanted: Wanted, language: str, *, gaps_only: bool = False
) -> None:
    """Write the matrix and the envelopes as XLSX; gaps and totals are formulas, so that changed amounts add up."""
    made = matrix(session, wanted, gaps_only=gaps_only)
    purses = [
        one
        for one in money.envelopes(session, wanted.contract_id, funder_id=wanted.funder_id)
        if wanted.call in {"", one.call_code}
    ]
    write_workbook(to, [_cases_sheet(made, language), _purses_sheet(purses, language)], language)


def _cases_sheet(made: Matrix, language: str) -> Sheet:
    funders = [*made.funders.items(), ("", ALL.say(language))]
    names = [name.say(language) for name in HEAD]
    names += [word.say(language, funder=name) for _, name in funders for word in OF_FUNDER]
    last = len(made.lines) + 1
    rows = [_case_row(made, line, number) for number, line in enumerate(made.lines, start=2)]
    sums = [*(made.column(code) for code in made.funders), made.totals]
    foot: list[Value] = [TOTAL, None, None, None]
    for place, each in enumerate(sums):
        for at, cents in enumerate(
            (each.asked_cents, each.proposed_cents, each.granted_cents, each.gap_cents)
        ):
            letters = column_letters(len(HEAD) + WIDTH * place + at + 1)
            foot.append(Formula(f"SUM({letters}2:{letters}{max(last, 2)})", Cents(cents)))
    return Sheet(SHEETS[0].say(language), names, rows, foot=(foot,))


def _case_row(made: Matrix, line: Line, number: int) -> Row:
    row: list[Value] = [line.reference, line.title, line.organisation, STAGE_WORDS[line.stage]]
    for place, code in enumerate(made.funders):
        one = line.amounts.get(code)
        if one is None:
            row += [None] * WIDTH
            continue
        asked, proposed, granted = (
            f"{column_letters(len(HEAD) + WIDTH * place + at)}{number}" for at in (1, 2, 3)
        )
        said = f'IF({granted}<>"",{granted}-{asked},IF({proposed}<>"",{proposed}-{asked},""))'
        row += [Cents(one.asked_cents), _cents(one.proposed_cents), _cents(one.granted_cents),
                Formula(said, _cents(one.gap_cents))]  # fmt: skip
    sums = line.totals
    for at, cents in enumerate((sums.asked_cents, sums.proposed_cents, sums.granted_cents, sums.gap_cents)):
        cells = [
            f"{column_letters(len(HEAD) + WIDTH * place + at + 1)}{number}"
            for place in range(len(made.funders))
        ]
        row.append(Formula(f"SUM({','.join(cells)})", Cents(cents)))
    return row


def _purses_sheet(lines: Sequence[EnvelopeLine], language: str) -> Sheet:
    rows: list[Row] = []
    for number, one in enumerate(lines, start=2):
        rows.append([
            one.funder, one.place or GENERAL, one.call, one.year, YES if one.parent_id else NO,
            Cents(one.initial_cents), Cents(one.transferred_cents),
            Formula(f"F{number}+G{number}", Cents(one.total_cents)), Cents(one.reserved_cents),
            Cents(one.committed_cents), Cents(one.paid_cents),
            Formula(f"H{number}-I{number}-J{number}", Cents(one.available_cents)),
        ])  # fmt: skip
    last, roots = max(len(lines) + 1, 2), [one for one in lines if one.parent_id is None]
    names = ("initial", "transferred", "total", "reserved", "committed", "paid", "available")
    foot: list[Value] = [TOTAL, None, None, None, None]
    for letters, name in zip("FGHIJKL", names, strict=True):
        summed = sum(getattr(one, f"{name}_cents") for one in roots)
        said = f'SUMIF(E2:E{last},"{NO.say(language)}",{letters}2:{letters}{last})'
        foot.append(Formula(said, Cents(summed)))
    return Sheet(SHEETS[1].say(language), [name.say(language) for name in PURSES], rows, foot=(foot,))


def _cents(cents: int | None) -> Cents | None:
    return None if cents is None else Cents(cents)
