"""The tables of moves as a page: Markdown to read, Mermaid to see; `docs/lifecycle.md` is that page."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from parvis.states.agreement_table import AGREEMENTS
from parvis.states.case_table import CASES, TO_FUNDERS, TO_PARTNERS
from parvis.states.letter_table import LETTERS
from parvis.states.sitting_table import SITTINGS
from parvis.states.stages import ROLE_WORDS
from parvis.states.table import Clock, Guard, Move, Table
from parvis.states.words import Language, Sentence

TABLES: tuple[Table[Any], ...] = (CASES, AGREEMENTS, SITTINGS, LETTERS)

TITLE = Sentence("Cycle de vie", "Life cycle")
OTHER_LANGUAGE = Sentence("[English below](#life-cycle)", "[En français plus bas](#cycle-de-vie)")
FOREWORD = Sentence(
    "Cette page est écrite par `parvis lifecycle` d’après les tables du code, dans `parvis/states/`. Ce qui n’y est "
    "pas est refusé ; un refus dit toujours ce qui le lèverait.",
    "This page is written by `parvis lifecycle` from the tables of the code, in `parvis/states/`. What is not in it is "
    "refused; a refusal always says what would lift it.",
)
STAGES = Sentence("Stades", "Stages")
MOVES = Sentence("Ce qui change de stade", "What changes the stage")
RECORDS = Sentence("Ce qui se consigne sans changer de stade", "What is recorded without changing the stage")
CONDITIONS = Sentence("Conditions, et ce que dit le refus", "Conditions, and what a refusal says")
STAGE = Sentence("stade", "stage")
OWNER = Sentence("qui s’en occupe", "who looks after it")
DEADLINE = Sentence("échéance", "deadline")
ACTION = Sentence("action", "action")
FROM = Sentence("de", "from")
TO = Sentence("vers", "to")
AT = Sentence("au stade", "at stage")
BY = Sentence("par", "by")
ONLY_IF = Sentence("seulement si", "only if")
THEN = Sentence("alors", "then")
CONDITION = Sentence("condition", "condition")
REFUSAL = Sentence("refus", "refusal")
AND = Sentence(" ; ", "; ")
FINAL = Sentence("*stade final*", "*final stage*")
LETTER = Sentence("lettre `{template}` ({to})", "letter `{template}` ({to})")
_READERS: dict[str, Sentence] = {
    TO_FUNDERS: Sentence("chaque financeur consulté", "each funder consulted"),
    TO_PARTNERS: Sentence("chaque partenaire", "each partner"),
}
CLOCKS: Mapping[Clock, Sentence] = {
    Clock.START: Sentence("le délai de silence commence", "the statutory clock starts"),
    Clock.PAUSE: Sentence("le délai de silence est suspendu", "the statutory clock is suspended"),
    Clock.RESUME: Sentence("le délai de silence reprend", "the statutory clock resumes"),
    Clock.STOP: Sentence("le délai de silence s’arrête", "the statutory clock stops"),
}
LEFT_OUT = "[…]"
"""What stands for a fact in a sentence nobody filled."""


def lifecycle(language: str = Language.FR) -> str:
    """The page in `language`, then in the other one: Markdown that ends with a newline."""
    other = Language.FR if language == Language.EN else Language.EN
    return "\n".join([*_page(language, other), "---", "", *_page(other, None)])


def diagram(table: Table[Any], language: str) -> str:
    """The moves of `table` as a Mermaid `stateDiagram-v2`; actions that share both ends share an arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in table.moves:
        for source in move.sources if move.target else ():
            arrows.setdefault((source, str(move.target)), []).append(_word(table, move.action, language))
    lines = ["stateDiagram-v2", *(f'    state "{_word(table, s, language)}" as {s}' for s in table.stages)]
    lines.append(f"    [*] --> {table.initial}")
    lines += [f"    {source} --> {target}: {', '.join(said)}" for (source, target), said in arrows.items()]
    lines += [f"    {stage} --> [*]" for stage in table.stages if stage in table.finals]
    return "\n".join(lines)


def _page(language: str, other: str | None) -> Iterator[str]:
    yield f"# {TITLE.say(language)}"
    yield ""
    if other is not None:
        yield f"*{OTHER_LANGUAGE.say(language)}*"
        yield ""
    yield FOREWORD.say(language)
    yield ""
    for table in TABLES:
        yield from _chapter(table, language)


def _chapter(table: Table[Any], language: str) -> Iterator[str]:
    moves = [move for move in table.moves if move.target is not None]
    records = [move for move in table.moves if move.target is None]
    yield f"## {table.title.say(language)}"
    yield ""
    yield f"```mermaid\n{diagram(table, language)}\n```"
    yield ""
    yield from _section(STAGES, language, (STAGE, OWNER, DEADLINE), _stages(table, language))
    yield from _section(
        MOVES, language, (ACTION, FROM, TO, BY, ONLY_IF, THEN),
        ([*_row(table, move, language)] for move in moves),
    )  # fmt: skip
    yield from _section(
        RECORDS, language, (ACTION, AT, BY, ONLY_IF, THEN),
        (_without_target([*_row(table, move, language)]) for move in records),
    )  # fmt: skip
    yield from _section(CONDITIONS, language, (CONDITION, REFUSAL), _conditions(table, language))


def _section(
    title: Sentence, language: str, columns: Iterable[Sentence], rows: Iterable[list[str]]
) -> Iterator[str]:
    headings = [column.say(language) for column in columns]
    yield f"### {title.say(language)}"
    yield ""
    yield _line(headings)
    yield f"|{'---|' * len(headings)}"
    yield from (_line(row) for row in rows)
    yield ""


def _stages(table: Table[Any], language: str) -> Iterator[list[str]]:
    for stage in table.stages:
        name = f"{_word(table, stage, language)} `{stage}`"
        care = table.care.get(stage)
        if care is None:
            yield [name, FINAL.say(language), ""]
        else:
            yield [name, ROLE_WORDS[care.owner].say(language), care.deadline.say(language)]


def _row(table: Table[Any], move: Move[Any], language: str) -> Iterator[str]:
    yield f"{_word(table, move.action, language)} `{move.action}`"
    yield ", ".join(_word(table, source, language) for source in move.sources)
    yield _word(table, move.target, language) if move.target else ""
    yield ", ".join(ROLE_WORDS[role].say(language) for role in move.by)
    yield AND.say(language).join(guard.condition.say(language) for guard in move.only_if)
    yield AND.say(language).join(said.say(language) for said in _effects(move))


def _effects(move: Move[Any]) -> Iterator[Sentence]:
    for letter in move.letters:
        reader = _READERS.get(letter.to) or ROLE_WORDS[letter.to]
        yield LETTER.fill(template=letter.template, to=reader)
    if move.clock in CLOCKS:
        yield CLOCKS[move.clock]
    if move.then is not None:
        yield move.then


def _conditions(table: Table[Any], language: str) -> Iterator[list[str]]:
    guards: dict[Guard[Any], None] = dict.fromkeys(guard for move in table.moves for guard in move.only_if)
    for guard in guards:
        yield [guard.condition.say(language), _unfilled(guard.sentence.say(language))]


def _unfilled(text: str) -> str:
    return re.sub(r"\{[^{}]*\}", LEFT_OUT, text)


def _without_target(cells: list[str]) -> list[str]:
    return cells[:2] + cells[3:]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _word(table: Table[Any], code: str, language: str) -> str:
    return table.words[code].say(language)
