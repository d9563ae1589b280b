"""`parvis case advance` and `parvis case bulk`: moving cases, and recording facts of them."""

import sys
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from parvis.cli.acting import Said, actor, given
from parvis.cli.entries import Entry
from parvis.cli.exits import ExitCode
from parvis.cli.failure_words import NOT_TEXT_READ
from parvis.cli.here import Here, here_of
from parvis.cli.move_options import (
    Act,
    Amounts,
    Committee,
    Conditions,
    ContactOn,
    Documents,
    Due,
    Ends,
    Expected,
    Funders,
    Instalment,
    Instructor,
    Key,
    OpinionOption,
    Parts,
    Proposed,
    Reason,
    Refs,
    ReplyBy,
    Score,
    Starts,
)
from parvis.cli.options import As, ByRole, Json, Ref
from parvis.cli.output import dump, kept, row, say, show, table
from parvis.cli.values import WrongUseError, chosen, code, whole
from parvis.states.stages import ACTION_WORDS, STAGE_WORDS, Action, Stage
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.models.session import Database
    from parvis.services.advance import Advanced, Refused
    from parvis.services.cases import Found

MOVED = Sentence(
    "{reference} : {before} → {after} (version {version})",
    "{reference}: {before} → {after} (version {version})",
)
RECORDED = Sentence(
    "{reference} : « {action} » enregistré (version {version})",
    "{reference}: “{action}” recorded (version {version})",
)
REPLAYED = Sentence(
    "Déjà fait avec cette clé : rien n’a été refait.", "Done already with this key: nothing was done again."
)
COUNTS = Sentence("Faits : {moved}. Refusés : {refused}.", "Done: {moved}. Refused: {refused}.")
RESULT_COLUMNS = (Sentence("Référence", "Reference"), Sentence("Résultat", "Result"))


def advance(
    context: typer.Context, *, ref: Ref, action: Act, as_: As = None, role: ByRole = None, reason: Reason = "",
    documents: Documents = "", reply_by: ReplyBy = None, committee: Committee = None, amount: Amounts = None,
    conditions: Conditions = "", opinion: OpinionOption = None, proposed: Proposed = None, funder: Funders = None,
    score: Score = None, instructor: Instructor = None, due: Due = None, contact_on: ContactOn = None,
    starts: Starts = None, ends: Ends = None, instalment: Instalment = "", part: Parts = None,
    expected_version: Expected = None,
    key: Key = None, json: Json = False,
) -> None:  # fmt: skip
    """Move one case one step, or record one fact of it."""
    del json
    from parvis.services.advance import advance_alone
    from parvis.services.cases import find_case

    here = here_of(context)
    wanted = chosen("ACTION", action, Action, ACTION_WORDS)
    version = (
        whole("--expected-version", expected_version, least=0, most=999_999_999) if expected_version else None
    )
    said = Said(
        reason, documents, reply_by, committee, amount or [], conditions, opinion, proposed, funder or [], score,
        instructor, due, contact_on, starts, ends, instalment, part or [],
    )  # fmt: skip
    at = here.now()
    with here.acting() as database:
        with database.transaction() as session:
            who = actor(session, as_, role)
            found = find_case(session, ref)
            brought = given(session, said, action=wanted, who=who, case=found, at=at)
        moved = advance_alone(
            database, found.id, wanted, by=who.by, at=at, expected_version=version, given=brought, key=key
        )
    if here.json:
        dump(_as_json(found, moved))
        return
    _print(here, wanted, found, moved)


def bulk(
    context: typer.Context, *, action: Act, refs: Refs, as_: As = None, role: ByRole = None, reason: Reason = "",
    documents: Documents = "", reply_by: ReplyBy = None, committee: Committee = None, amount: Amounts = None,
    conditions: Conditions = "", opinion: OpinionOption = None, proposed: Proposed = None, funder: Funders = None,
    score: Score = None, instructor: Instructor = None, due: Due = None, contact_on: ContactOn = None,
    starts: Starts = None, ends: Ends = None, instalment: Instalment = "",
    json: Json = False,
) -> None:  # fmt: skip
    """Do the same to many cases; those refused stay as they were, the others move."""
    del json
    here = here_of(context)
    wanted = chosen("ACTION", action, Action, ACTION_WORDS)
    said = Said(
        reason, documents, reply_by, committee, amount or [], conditions, opinion, proposed, funder or [], score,
        instructor, due, contact_on, starts, ends, instalment,
    )  # fmt: skip
    with here.acting() as database:
        results = _move_many(here, database, wanted, read_names(refs), said, as_, role)
    refused = sum(not _has_moved(result) for _, result in results)
    if here.json:
        dump({"action": wanted, "moved": len(results) - refused, "refused": refused,
              "results": [_result_json(here, found, result) for found, result in results]})  # fmt: skip
    else:
        _print_many(here, results, refused)
    if refused:
        raise typer.Exit(ExitCode.REFUSED)


def _move_many(
    here: Here,
    database: "Database",
    action: Action,
    names: list[str],
    said: Said,
    as_: str | None,
    role: str | None,
) -> "list[tuple[Found, Advanced | Refused]]":
    from parvis.services.advance import Request, advance_many
    from parvis.services.cases import find_cases

    at = here.now()
    with database.transaction() as session:
        who = actor(session, as_, role)
        cases = find_cases(session, names)
        if not cases:
            return []
        brought = given(session, said, action=action, who=who, case=cases[0], at=at)
        requests = [Request(case.id, brought) for case in cases]
        return list(zip(cases, advance_many(session, requests, action, by=who.by, at=at), strict=True))


def read_names(refs: list[str]) -> list[str]:
    """The cases named, each once; those of the input for “-”."""
    names = [line.strip() for line in _lines()] if refs == ["-"] else refs
    return list(dict.fromkeys(name for name in names if name))


def _lines() -> list[str]:
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise WrongUseError("-", NOT_TEXT_READ) from None


def _has_moved(result: "Advanced | Refused") -> bool:
    from parvis.services.advance import Advanced

    return isinstance(result, Advanced)


def _as_json(found: "Found", moved: "Advanced") -> dict[str, object]:
    return {
        "reference": found.reference, "before": found.stage, "stage": moved.stage, "version": moved.version,
        "replayed": moved.replayed,
    }  # fmt: skip


def _result_json(here: Here, found: "Found", result: "Advanced | Refused") -> dict[str, object]:
    from parvis.services.advance import Advanced

    if isinstance(result, Advanced):
        return {**_as_json(found, result), "moved": True, "reasons": []}
    reasons = [{"code": reason.code, "sentence": here.say(reason.sentence)} for reason in result.reasons]
    return {
        "reference": found.reference, "before": found.stage, "stage": found.stage, "version": found.version,
        "replayed": False, "moved": False, "reasons": reasons,
    }  # fmt: skip


def _print(here: Here, action: Action, found: "Found", moved: "Advanced") -> None:
    before, after = STAGE_WORDS[Stage(found.stage)], STAGE_WORDS[moved.stage]
    sentence = RECORDED if moved.stage == found.stage else MOVED
    say(here, sentence, style="green", reference=found.reference, action=ACTION_WORDS[action], before=before,
        after=after, version=moved.version)  # fmt: skip
    if moved.replayed:
        say(here, REPLAYED)


def _print_many(here: Here, results: "list[tuple[Found, Advanced | Refused]]", refused: int) -> None:
    from parvis.services.advance import Advanced

    made = table(*map(here.say, RESULT_COLUMNS), whole=[0])
    for found, result in results:
        if isinstance(result, Advanced):
            row(made, found.reference, Text(kept(STAGE_WORDS[result.stage].say(here.language)), "green"))
        else:
            why = " ".join(here.say(reason.sentence) for reason in result.reasons)
            row(made, found.reference, Text(kept(why), "yellow"))
    show(made)
    say(here, COUNTS, style="bold", moved=len(results) - refused, refused=refused)


ACTIONS = (Sentence("Actions", "Actions"), {code(action): ACTION_WORDS[action] for action in Action})

ENTRIES = (
    Entry(
        "advance", advance,
        Sentence(
            "Fait avancer un dossier d’un pas, ou enregistre un fait ; « parvis case why » dit ce qui est possible.",
            "Moves a case one step, or records a fact of it; “parvis case why” says what is possible.",
        ),
        ACTIONS,
    ),
    Entry(
        "bulk", bulk,
        Sentence(
            "Fait la même chose à plusieurs dossiers ; ceux qui sont refusés ne bougent pas.",
            "Does the same to several cases; those refused do not move.",
        ),
        ACTIONS,
    ),
)  # fmt: skip
