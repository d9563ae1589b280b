"""A table of decisions prepared beforehand: every line read, or none and every reason why."""

import re
from collections.abc import Mapping, Sequence
from functools import partial

from parvis.models.queries.people import funder_ids
from parvis.models.queries.session_cases import on_table
from parvis.models.queries.session_room import read_sitting
from parvis.models.session import Session
from parvis.services.imports.cells import Limits
from parvis.services.imports.context import plain
from parvis.services.imports.problems import ProblemList
from parvis.services.imports.reading import read_sheets
from parvis.services.imports.row_values import RowValues
from parvis.services.imports.sheets import read_table
from parvis.states.fields import FieldError, Raw, amount, shortened, text
from parvis.states.outcomes import OUTCOME_WORDS, Draft, Outcome, Votes
from parvis.states.partners import LEAD
from parvis.states.words import Sentence

REFERENCE, DECISION, REASON, CONDITIONS, VOTES = "dossier", "decision", "motif", "conditions", "voix"
PARTS = "parts"
COLUMNS = (REFERENCE, DECISION, REASON, CONDITIONS, VOTES, PARTS)
LEAD_NAMES = ("lead", "porteur")
_PART = re.compile(r"([^:=]+):\s*([\w-]+)\s*=\s*(.+)")
_BETWEEN_PARTS = re.compile(r"[;\n]")
_NAMES = {
    plain(name): outcome
    for outcome in Outcome
    for name in (outcome, OUTCOME_WORDS[outcome].fr, OUTCOME_WORDS[outcome].en)
} | {"favorable": Outcome.RECOMMEND, "defavorable": Outcome.NOT_RECOMMENDED, "reporte": Outcome.CARRY}

NOT_ON_AGENDA = Sentence(
    "« {value} » n’est pas à l’ordre du jour de cette séance.",
    "“{value}” is not on the agenda of this session.",
)
TWICE = Sentence(
    "« {value} » a déjà une ligne : n’en garder qu’une.", "“{value}” has a line already: keep one."
)
NO_SUCH_DECISION = Sentence(
    "« {value} » n’est pas une décision : écrire {known}.", "“{value}” is no decision: write {known}."
)
PARTS_FORM = Sentence(
    "« {value} » ne se lit pas : écrire ce que reçoit chacun, SIRET:financeur=montant (porteur:ville=1 200,50), avec "
    "des points-virgules ou des retours à la ligne.",
    "“{value}” cannot be read: write what each gets, SIRET:funder=amount (lead:ville=1 200.50), with semicolons or "
    "line breaks between them.",
)
VOTES_FORM = Sentence(
    "« {value} » ne se lit pas : écrire les voix pour, contre et les abstentions, 7/2/1.",
    "“{value}” cannot be read: write the votes for, against and the abstentions, 7/2/1.",
)


def read_decisions(
    name: str, content: bytes, *, cases: Mapping[str, int], funders: Sequence[str]
) -> dict[int, Draft]:
    """The decisions of a table (CSV, XLSX, ODS) by id of the case: a line a case, a column a funder (its code).

    `cases` are those of the agenda, by reference.

    Raises:
        DepositFileError: with every problem of the file.
    """
    limits = Limits()
    shares = {plain(code): code for code in funders}
    known = (*COLUMNS, *shares)
    table = read_table(
        read_sheets(name, content, limits, known), known=known, required=(REFERENCE, DECISION), limits=limits
    )
    problems = ProblemList()
    found: dict[int, Draft] = {}
    for record in table.records(problems):
        values = RowValues(record, problems)
        case = values.require(REFERENCE, partial(_case, cases=cases, found=found))
        draft = _draft(values, shares)
        if case is not None and draft is not None and values.sound:
            found[case] = draft
    problems.refuse_if_any()
    return found


def read_table_for(session: Session, committee_id: int, name: str, content: bytes) -> dict[int, Draft]:
    """The decisions a table holds for a sitting, by id of the case.

    Raises:
        DepositFileError: with every problem of the file.
    """
    table = on_table(session, committee_id)
    contract_id = read_sitting(session, committee_id).contract_id
    cases = {case.reference.upper(): case.case_id for case in table}
    return read_decisions(name, content, cases=cases, funders=list(funder_ids(session, contract_id)))


def _draft(values: RowValues, shares: Mapping[str, str]) -> Draft | None:
    outcome = values.require(DECISION, _outcome)
    given = [
        (code, values.take(column, partial(amount, zero_allowed=True))) for column, code in shares.items()
    ]
    said = Draft(
        outcome or Outcome.DEFER,
        tuple((code, cents) for code, cents in given if cents),
        values.take(REASON, partial(text, lines=True)) or "",
        values.take(CONDITIONS, partial(text, lines=True)) or "",
        values.take(VOTES, _votes),
        values.take(PARTS, _parts) or (),
    )
    return said if outcome is not None else None


def _case(value: Raw, *, cases: Mapping[str, int], found: Mapping[int, Draft]) -> int:
    written = text(value, max_length=100)
    case = cases.get(written.upper())
    if case is None:
        raise FieldError("not_on_agenda", NOT_ON_AGENDA, value=shortened(written))
    if case in found:
        raise FieldError("listed_twice", TWICE, value=shortened(written))
    return case


def _outcome(value: Raw) -> Outcome:
    written = text(value, max_length=100)
    outcome = _NAMES.get(plain(written))
    if outcome is None:
        known = [OUTCOME_WORDS[one] for one in Outcome]
        raise FieldError("decision_unknown", NO_SUCH_DECISION, value=shortened(written), known=known)
    return outcome


def _votes(value: Raw) -> Votes:
    written = text(value, max_length=100)
    votes = parse_votes(written)
    if votes is None:
        raise FieldError("votes_form", VOTES_FORM, value=shortened(written))
    return votes


def _parts(value: Raw) -> tuple[tuple[str, str, int], ...]:
    """What each association gets of a funder, if not pro rata: `SIRET:code=1 200,50`, several in a cell."""
    said = []
    for each in filter(str.strip, _BETWEEN_PARTS.split(text(value, lines=True))):
        found = _PART.fullmatch(each.strip())
        if found is None:
            raise FieldError("parts_form", PARTS_FORM, value=shortened(each.strip()))
        who, code, euros = found.groups()
        bare = "".join(who.split()).lower()
        said.append((LEAD if bare in LEAD_NAMES else bare, code.lower(), amount(euros, zero_allowed=True)))
    return tuple(said)


def parse_votes(typed: str) -> Votes | None:
    """Votes for, against and abstentions from `7/2/1` or `7/2`; None for anything else."""
    parts = [part.strip() for part in typed.split("/")]
    if len(parts) not in (2, 3) or not all(
        part.isascii() and part.isdigit() and len(part) <= 4 for part in parts
    ):
        return None
    return Votes(*map(int, parts))
