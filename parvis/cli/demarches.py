"""`parvis portal sync`, `status`, `propose-mapping`: Démarche numérique, read and told."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn

from parvis.cli.entries import Entry
from parvis.cli.exits import ExitCode
from parvis.cli.here import Here, here_of
from parvis.cli.options import CODE, NUMBER, At, Json, argument, option
from parvis.cli.output import console, dump, kept, row, say, short_instant, show, table
from parvis.cli.values import WrongUseError, instant, whole
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.demarches.asking import Platform
    from parvis.services.demarches.jobs import CallFollowed
    from parvis.services.imports.problems import Problem

NO_TOKEN = Sentence(
    "Aucun jeton n’est réglé : écrire dans PARVIS_DEMARCHE_TOKEN celui de Démarche numérique.",
    "No token is set: write that of Démarche numérique in PARVIS_DEMARCHE_TOKEN.",
)
NO_FORM = Sentence(
    "Aucun appel ne nomme de démarche : « parvis portal propose-mapping NUMÉRO » propose quoi écrire au contrat.",
    "No call names a form: “parvis portal propose-mapping NUMBER” proposes what to write in the contract.",
)
READ = Sentence(
    "{call} : dossiers lus {read}, créés {created}, mis à jour {updated}, à comparer {diverging}, "
    "inchangés {unchanged}, supprimés là-bas {deleted}.",
    "{call}: dossiers read {read}, created {created}, updated {updated}, to compare {diverging}, "
    "unchanged {unchanged}, deleted there {deleted}.",
)
FILES = Sentence(
    "Fichiers gardés {kept}, refusés {refused}, à reprendre {owed}.",
    "Files kept {kept}, refused {refused}, to fetch again {owed}.",
)
TOLD = Sentence(
    "Faits là-bas {done}, à faire à la main {failed}, à reprendre {owed}.",
    "Done there {done}, to do by hand {failed}, to try again {owed}.",
)
REFUSED = Sentence("Dossiers refusés : {count}", "Dossiers refused: {count}")
TRIED = Sentence("Essai seulement : rien n’a été enregistré.", "A trial only: nothing was recorded.")
READING = Sentence("{call} : {count} dossiers lus", "{call}: {count} dossiers read")
PLACE = Sentence("dossier {number}, « {column} »", "dossier {number}, “{column}”")
NEVER = Sentence("{call} : la démarche {number} n’a jamais été lue.", "{call}: form {number} was never read.")
STATUS = Sentence(
    "{call} : démarche {number}, lue en entier le {at}{under_way}.",
    "{call}: form {number}, read whole on {at}{under_way}.",
)
UNDER_WAY = Sentence(" ; une relève est en cours", "; a round is under way")
HEADS = (Sentence("Où", "Where"), Sentence("Valeur", "Value"), Sentence("Pourquoi", "Why"))
UNUSED = Sentence("Champs sans emploi : {count}.", "Fields of no use: {count}.")

Call = Annotated[
    str | None,
    option("--call", shown=CODE, said=Sentence("L’appel concerné ; tous sinon.", "The call concerned; else all.")),
]  # fmt: skip
DryRun = Annotated[
    bool,
    option("--dry-run", said=Sentence("Lit et vérifie tout, n’enregistre rien.",
                                      "Reads and checks everything, records nothing.")),
]  # fmt: skip
All = Annotated[
    bool,
    option("--all", said=Sentence("Relit tout depuis le début, pas seulement ce qui a changé.",
                                  "Reads everything again, not only what changed.")),
]  # fmt: skip


def sync(
    context: typer.Context, *, call: Call = None, dry_run: DryRun = False, everything: All = False, at: At = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Read what changed on Démarche numérique, and tell there what is owed."""
    del json
    from parvis.services.demarches.jobs import follow_demarches

    here = here_of(context)
    there = _there(here)
    moment = instant("--at", at) if at else here.now()
    out = console(error=True)
    with (
        here.contract() as database,
        Progress(SpinnerColumn(), TextColumn("{task.description}"), console=out, transient=True,
                 disable=here.json or not out.is_terminal) as bar,
    ):  # fmt: skip
        task = bar.add_task("", total=None)
        done = follow_demarches(
            database, here.settings, moment, call=call, platform=there, dry_run=dry_run, anew=everything,
            progress=lambda code, read: bar.update(
                task, description=kept(here.say(READING, call=code, count=read))
            ),
        )  # fmt: skip
    if here.json:
        dump({"dry_run": dry_run, "calls": [_as_json(here, each) for each in done]})
    elif not done:
        say(here, NO_FORM)
    else:
        for each in done:
            _tell(here, each)
        if dry_run:
            say(here, TRIED, style="bold")
    if any(each.round.stopped or each.round.refused for each in done):
        raise typer.Exit(ExitCode.REFUSED)


def status(context: typer.Context, *, call: Call = None, json: Json = False) -> None:
    """Say how far each form was read, and which dossiers could not be taken in."""
    del json
    from parvis.models.queries.demarche_orders import order_counts
    from parvis.models.queries.demarches import read_sync, refusals
    from parvis.services.demarches.work import works

    here = here_of(context)
    answers = []
    with here.contract() as database:
        for work in works(database, None, call):
            with database.transaction() as session:
                sync = read_sync(session, work.call_id)
                refused, orders = refusals(session, work.call_id), order_counts(session, work.call_id)
            answers.append({
                "call": work.call.code, "number": work.demarche.number, "sync": sync, "refused": refused,
                "orders": orders,
            })  # fmt: skip
            if here.json:
                continue
            name = {"call": work.call.code, "number": str(work.demarche.number)}
            if sync is None or sync.finished_at is None:
                say(here, NEVER, **name)
            else:
                say(here, STATUS, at=short_instant(sync.finished_at),
                    under_way=here.say(UNDER_WAY) if sync.begun_at else "", **name)  # fmt: skip
            if refused:
                say(here, REFUSED, style="yellow", count=len(refused))
                shown = table(*(here.say(head) for head in HEADS), whole=(0,))
                for each in refused:
                    for said in each.problems:
                        place = here.say(PLACE, number=str(each.number), column=said["column"])
                        row(shown, place, said["value"], said[here.language])
                show(shown)
    if here.json:
        dump({"calls": answers})
    elif not answers:
        say(here, NO_FORM)


def propose_mapping(
    context: typer.Context,
    number: Annotated[
        str, argument(shown=NUMBER, said=Sentence("Le numéro de la démarche.", "The number of the form."))
    ],
    *, call: Call = None, json: Json = False,
) -> None:  # fmt: skip
    """Propose what to write in the contract for a form, from the description of its fields."""
    del json
    from parvis.models.queries.contracts import read_contract
    from parvis.services.demarches.proposing import propose
    from parvis.services.intake import NoContractError, UnknownCallError
    from parvis.states.contract.instruction import DOCUMENTS

    here = here_of(context)
    there, wanted = _there(here), whole("NUMBER", number, least=1, most=2**31 - 1)
    with here.contract() as database, database.transaction() as session:
        found = read_contract(session, None)
    if found is None:
        raise NoContractError(None)
    contract = found[1]
    calls = {each.code: each for each in contract.calls}
    if call is not None and call not in calls:
        raise UnknownCallError(call, tuple(calls))
    documents = calls[call].required_documents if call else DOCUMENTS
    proposal = propose(there.form(wanted), contract, documents)
    if here.json:
        dump(proposal)
        return
    typer.echo(proposal.yaml, nl=False)
    console(error=True).print(here.say(UNUSED, count=len(proposal.unused)), style="dim")


def _there(here: Here) -> "Platform":
    from parvis.services.demarches.work import platform_of

    there = platform_of(here.settings)
    if there is None:
        raise WrongUseError("", NO_TOKEN)
    return there


def _tell(here: Here, each: "CallFollowed") -> None:
    one, files, told = each.round, each.round.files, each.told
    say(
        here, READ, style="red" if one.stopped else "green", call=one.call, read=one.read, created=len(one.created),
        updated=len(one.updated), diverging=len(one.diverging), unchanged=one.unchanged, deleted=len(one.deleted),
    )  # fmt: skip
    if files.kept or files.refused or files.owed:
        say(here, FILES, kept=files.kept, refused=files.refused, owed=files.owed)
    if told.done or told.failed or told.owed:
        say(here, TOLD, done=told.done, failed=told.failed, owed=told.owed)
    if one.refused:
        say(here, REFUSED, style="yellow", count=len(one.refused))
        shown = table(*(here.say(head) for head in HEADS), whole=(0,))
        for number, problems in one.refused.items():
            for problem in problems:
                place = here.say(PLACE, number=str(number), column=problem.column or "")
                row(shown, place, problem.value or "", here.say(problem.sentence))
        show(shown)
    if one.stopped:
        say(here, one.stopped.sentence, style="red")


def _as_json(here: Here, each: "CallFollowed") -> dict[str, object]:
    one = each.round
    return {
        "call": one.call, "read": one.read, "created": one.created, "updated": one.updated,
        "diverging": one.diverging, "unchanged": one.unchanged, "deleted": one.deleted, "files": one.files,
        "told": each.told, "stopped": here.say(one.stopped.sentence) if one.stopped else None,
        "refused": {str(number): [_problem(here, problem) for problem in problems]
                    for number, problems in one.refused.items()},
    }  # fmt: skip


def _problem(here: Here, problem: "Problem") -> dict[str, object]:
    return {
        "code": problem.code,
        "column": problem.column,
        "value": problem.value,
        "sentence": here.say(problem.sentence),
    }


ENTRIES = (
    Entry(
        "sync", sync,
        Sentence("Lit ce qui a changé sur Démarche numérique, y dit ce qui est décidé.",
                 "Reads what changed on Démarche numérique, tells there what is decided."),
    ),
    Entry(
        "status", status,
        Sentence("Dit où en est la lecture de chaque démarche, et ce qui n’a pas pu entrer.",
                 "Says how far each form was read, and what could not come in."),
    ),
    Entry(
        "propose-mapping", propose_mapping,
        Sentence("Propose la correspondance des champs d’une démarche, à relire puis à écrire au contrat.",
                 "Proposes the mapping of the fields of a form, to be read then written in the contract."),
    ),
)  # fmt: skip
