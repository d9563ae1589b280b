"""`parvis case renew`: last year's actions renewed for the next call, one or many; what would happen, first."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from parvis.cli.acting import Actor, actor
from parvis.cli.entries import Entry
from parvis.cli.exits import ExitCode
from parvis.cli.here import Here, here_of
from parvis.cli.moving import RESULT_COLUMNS, read_names
from parvis.cli.options import CODE, REFERENCE, As, ByRole, Json, argument, option
from parvis.cli.output import dump, kept, row, say, show, table
from parvis.cli.values import WrongUseError
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.models.session import Database
    from parvis.services.advance import Advanced, Refused
    from parvis.services.bulk_preview import Preview

COUNTS = Sentence("Reconduites : {done}. Refusées : {refused}.", "Renewed: {done}. Refused: {refused}.")
WOULD = Sentence(
    "Seraient reconduites : {done}. Refusées : {refused}. Rien n’est écrit.",
    "Would be renewed: {done}. Refused: {refused}. Nothing is written.",
)
LETTERS = Sentence("Lettres : {count}, à {names}", "Letters: {count}, to {names}")
NOTHING = Sentence(
    "Nommer des dossiers, ou l’appel de l’an dernier : --call CODE.",
    "Name cases, or last year’s call: --call CODE.",
)

Names = Annotated[
    list[str] | None,
    argument(shown=REFERENCE, said=Sentence(
        "Les dossiers ; « - » les lit de l’entrée, un par ligne.",
        "The cases; “-” reads them from the input, one a line.")),
]  # fmt: skip
OfCall = Annotated[
    str,
    option("--call", shown=CODE, said=Sentence(
        "L’appel de l’an dernier : toutes ses actions financées.",
        "Last year’s call: all its funded actions.")),
]  # fmt: skip
DryRun = Annotated[
    bool,
    option("--dry-run", said=Sentence("Dit ce qui se passerait, n’écrit rien.",
                                      "Says what would happen; writes nothing.")),
]  # fmt: skip


def renew(
    context: typer.Context, *, refs: Names = None, call: OfCall = "", dry_run: DryRun = False, as_: As = None,
    role: ByRole = None, json: Json = False,
) -> None:  # fmt: skip
    """Renew actions: a draft each in the next call; an action renewed already is left as it is, so run it again."""
    del json
    from parvis.services.bulk_preview import preview
    from parvis.states.facts import NOTHING as NO_WORDS
    from parvis.states.stages import Action

    here = here_of(context)
    with here.acting() as database:
        with database.transaction() as session:
            who = actor(session, as_, role)
        ids = _chosen(database, refs or [], call)
        if dry_run:
            seen = preview(database, list(ids), Action.RENEW, by=who.by, given=NO_WORDS, at=here.now())
            _tell(here, seen)
            return
        results, written = _renew(here, database, list(ids), who)
    refused = _print(here, ids, results, written)
    if refused:
        raise typer.Exit(ExitCode.REFUSED)


def _chosen(database: "Database", refs: list[str], call: str) -> dict[int, str]:
    from parvis.models.queries.past_actions import funded_of_call
    from parvis.services.cases import find_cases

    if not refs and not call:
        raise WrongUseError("", NOTHING)
    with database.transaction() as session:
        named = {each.id: each.reference for each in find_cases(session, read_names(refs))} if refs else {}
        return {**named, **(funded_of_call(session, call) if call else {})}


def _renew(
    here: Here, database: "Database", ids: list[int], who: Actor
) -> "tuple[list[Advanced | Refused], dict[int, str]]":
    from parvis.models.queries.past_actions import followers
    from parvis.services.advance import Request, advance_many
    from parvis.services.bulk import BATCH
    from parvis.states.stages import Action

    results: list[Advanced | Refused] = []
    for start in range(0, len(ids), BATCH):
        requests = [Request(each) for each in ids[start : start + BATCH]]
        with database.transaction() as session:
            results += advance_many(session, requests, Action.RENEW, by=who.by, at=here.now())
    with database.transaction() as session:
        return results, followers(session, ids)


def _print(
    here: Here, ids: dict[int, str], results: "list[Advanced | Refused]", written: dict[int, str]
) -> int:
    from parvis.services.advance import refusals

    why = {each.case_id: each.reasons for each in refusals(results)}
    if here.json:
        dump({"renewed": len(ids) - len(why), "refused": len(why), "results": [
            {"reference": reference, "renewed_as": None if case_id in why else written[case_id],
             "reasons": [{"code": each.code, "sentence": here.say(each.sentence)} for each in why.get(case_id, ())]}
            for case_id, reference in ids.items()]})  # fmt: skip
        return len(why)
    made = table(*map(here.say, RESULT_COLUMNS), whole=[0])
    for case_id, reference in ids.items():
        reasons = " ".join(here.say(each.sentence) for each in why.get(case_id, ()))
        said = Text(kept(reasons), "yellow") if case_id in why else Text(f"→ {written[case_id]}", "green")
        row(made, reference, said)
    show(made)
    say(here, COUNTS, style="bold", done=len(ids) - len(why), refused=len(why))
    return len(why)


def _tell(here: Here, seen: "Preview") -> None:
    if here.json:
        dump({"would_renew": seen.done, "would_refuse": seen.total - seen.done, "letters": seen.mail, "blocked": [
            {"code": each.reason.code, "sentence": here.say(each.reason.sentence), "count": each.count,
             "cases": [reference for reference, _ in each.cases]} for each in seen.blocked]})  # fmt: skip
        return
    for each in seen.blocked:
        cases = ", ".join(f"{reference} ({organisation})" for reference, organisation in each.cases)
        show(
            Text(kept(f"{each.count}  {here.say(each.reason.sentence)}"), "yellow"),
            Text(kept(f"   {cases}"), "dim"),
        )
    for mail in seen.mail:
        say(here, LETTERS, count=mail.count, names=list(mail.names))
    say(here, WOULD, style="bold", done=seen.done, refused=seen.total - seen.done)


ENTRIES = (
    Entry(
        "renew", renew,
        Sentence(
            "Reconduit des actions de l’an dernier, une ou toutes celles d’un appel : un brouillon chacune dans "
            "l’appel suivant.",
            "Renews last year’s actions, one or all those of a call: a draft each in the next call.",
        ),
    ),
)  # fmt: skip
