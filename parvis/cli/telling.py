"""`parvis case why` and `parvis case history`: what can be done with a case, and what was done."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer
from rich.padding import Padding
from rich.text import Text

from parvis.cli.acting import MACHINES
from parvis.cli.entries import Entry
from parvis.cli.here import Here, here_of
from parvis.cli.options import Json, Ref
from parvis.cli.output import dump, grid, kept, plain, row, say, short_instant, show
from parvis.cli.values import code
from parvis.states.stages import ACTION_WORDS, ROLE_WORDS, STAGE_WORDS, Role, Stage
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.histories import HistoryEntry
    from parvis.states.table import Option

STANDS = Sentence("{reference} : {stage}", "{reference}: {stage}")
FINISHED = Sentence(
    "Ce dossier est clos : plus rien n’est à faire.", "This case is closed: nothing is left to do."
)
FOR = Sentence("par {roles}", "by {roles}")
OPEN = Sentence("possible", "possible")
TO_BRING = Sentence("à préciser", "to be completed")
BLOCKED = Sentence("bloqué", "blocked")
BY_ITSELF = Sentence("d’office", "by itself")

BROUGHT = frozenset(
    {
        "document_named", "reason_given", "score_given", "officer_named", "later_reply_date", "reply_date_ahead",
        "notice_date_ahead",
        "opinion_given", "amount_granted", "committee_covers",
    }
)  # fmt: skip
"""Reasons that whoever acts lifts by saying more: nothing else has to happen first."""


def why(context: typer.Context, ref: Ref, json: Json = False) -> None:
    """Say what can be done with a case, by whom, and what blocks the rest."""
    del json
    from parvis.services.advance import why as options_of
    from parvis.services.cases import find_case

    here = here_of(context)
    with here.acting() as database, database.transaction() as session:
        found = find_case(session, ref)
        options = options_of(session, found.id, at=here.now())
    if here.json:
        dump({"reference": found.reference, "stage": found.stage, "version": found.version,
              "options": [_option_json(here, each) for each in options]})  # fmt: skip
        return
    say(here, STANDS, style="bold", reference=found.reference, stage=STAGE_WORDS[Stage(found.stage)])
    if not options:
        say(here, FINISHED)
    for each in options:
        _print_option(here, each)


def _print_option(here: Here, option: "Option") -> None:
    state, style = _state(option)
    said = Text.assemble(("\n" + code(option.action), "bold cyan"), "  ")
    said.append(kept(ACTION_WORDS[option.action].say(here.language)), "bold")
    if option.target:
        said.append(kept(f" → {STAGE_WORDS[option.target].say(here.language)}"))
    said.append("  ").append(kept(here.say(state)), style)
    show(said)
    people = _people(option.by)
    details = (
        [Text(kept(here.say(FOR, roles=[ROLE_WORDS[role] for role in people])), "dim")] if people else []
    )
    details += [Text(kept(here.say(reason.sentence))) for reason in option.reasons]
    show(*(Padding(detail, (0, 0, 0, 2)) for detail in details))


def _state(option: "Option") -> tuple[Sentence, str]:
    if not _people(option.by):
        return BY_ITSELF, "dim"
    if option.allowed:
        return OPEN, "green"
    if {reason.code for reason in option.reasons} <= BROUGHT:
        return TO_BRING, "cyan"
    return BLOCKED, "yellow"


def _people(roles: Sequence[Role]) -> list[Role]:
    return [role for role in roles if role not in MACHINES]


def _option_json(here: Here, option: "Option") -> dict[str, object]:
    return {
        "action": option.action, "target": option.target, "by": option.by, "allowed": option.allowed,
        "reasons": [{"code": reason.code, "sentence": here.say(reason.sentence)} for reason in option.reasons],
    }  # fmt: skip


def history(context: typer.Context, ref: Ref, json: Json = False) -> None:
    """Tell all that happened to a case, oldest first."""
    del json
    from parvis.services.cases import find_case
    from parvis.services.histories import history as told

    here = here_of(context)
    with here.database() as database, database.transaction() as session:
        found = find_case(session, ref)
        entries = told(session, found.id, here.language)
    if here.json:
        dump({"reference": found.reference, "history": plain(entries)})
        return
    for entry in entries:
        _print_entry(entry)


def _print_entry(entry: "HistoryEntry") -> None:
    said = Text(kept(entry.what), "bold").append(kept(f"\n{entry.who}"), "dim")
    for detail in entry.details:
        said.append(kept(f"\n{detail}"), "not bold not dim")
    made = grid()
    row(made, Text(short_instant(entry.at), "cyan"), said)
    show(made)


ENTRIES = (
    Entry(
        "why",
        why,
        Sentence(
            "Dit ce qui est possible pour un dossier, par qui, et ce qui bloque le reste.",
            "Says what can be done with a case, by whom, and what blocks the rest.",
        ),
    ),
    Entry(
        "history",
        history,
        Sentence("Raconte tout ce qui est arrivé à un dossier.", "Tells all that happened to a case."),
    ),
)
