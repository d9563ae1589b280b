"""`parvis retention archive`, `approve`, `give-up` and `hold`: what a manager answers to a batch."""

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parvis.cli.acting import actor
from parvis.cli.entries import Entry
from parvis.cli.here import Here, contract_there, here_of
from parvis.cli.options import NUMBER, TEXT, As, ByRole, Json, argument, option
from parvis.cli.output import dump, say
from parvis.cli.values import whole
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.models.queries.retention_batches import Batch
    from parvis.models.session import Database

APPROVED = Sentence(
    "Lot {id} approuvé : {items} à faire au prochain passage, ou par « parvis retention run ».",
    "Batch {id} approved: {items} to be done by the next run, or by “parvis retention run”.",
)
GIVEN_UP = Sentence("Lot {id} abandonné.", "Batch {id} given up.")
HOLDING = Sentence("Retenu.", "Held back.")
LET_GO = Sentence("N’est plus retenu.", "No longer held back.")
ARCHIVED = Sentence("Archives écrites dans {folder} : {count}.", "Archives written to {folder}: {count}.")

Number = Annotated[str, argument(shown=NUMBER, said=Sentence("Le lot.", "The batch."))]
ItemNumber = Annotated[
    str,
    argument(
        shown=NUMBER, said=Sentence("Le numéro de l’élément dans le lot.", "The number of the item in it.")
    ),
]
Visa = Annotated[
    str,
    option("--visa", shown=TEXT, said=Sentence(
        "La référence du visa d’élimination, ou du bordereau de versement.",
        "The reference of the visa to destroy, or of the transfer list.",
    )),
]  # fmt: skip
Why = Annotated[str, option("--reason", shown=TEXT, said=Sentence("Pourquoi.", "Why."))]
To = Annotated[
    Path,
    option("--to", shown=Sentence("DOSSIER", "FOLDER"), said=Sentence(
        "Où écrire les archives zip, une par dossier.", "Where to write the zip archives, one a case."
    )),
]  # fmt: skip


def approve(
    context: typer.Context, *, number: Number, visa: Visa = "", as_: As = None, role: ByRole = None, json: Json = False
) -> None:  # fmt: skip
    """Approve a batch, with the reference of the Archives."""
    del json
    from parvis.services.retention import batches

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        who = actor(session, as_, role)
        made = batches.approve(
            session, known_contract(database), batch_number(number), visa=visa, by=who.by, at=here.now()
        )
    _told(here, APPROVED, made)


def give_up(
    context: typer.Context, *, number: Number, as_: As = None, role: ByRole = None, json: Json = False
) -> None:  # fmt: skip
    """Give a batch up."""
    del json
    from parvis.services.retention import batches

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        who, contract = actor(session, as_, role), known_contract(database)
        batches.give_up(session, contract, batch_number(number), by=who.by, at=here.now())
        made, _ = batches.read(session, contract, batch_number(number))
    _told(here, GIVEN_UP, made)


def hold(
    context: typer.Context, *, number: Number, item: ItemNumber, reason: Why = "", as_: As = None, role: ByRole = None,
) -> None:  # fmt: skip
    """Hold one thing of a batch back for a reason, or let it go when none is given."""
    from parvis.services.retention import batches

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        who, contract = actor(session, as_, role), known_contract(database)
        of, which = batch_number(number), batch_number(item)
        if reason:
            batches.hold(session, contract, of, which, reason=reason, by=who.by, at=here.now())
        else:
            batches.let_go(session, contract, of, which, by=who.by, at=here.now())
    say(here, HOLDING if reason else LET_GO, style="green")


def write_archives(context: typer.Context, *, number: Number, to: To, json: Json = False) -> None:
    """Write the zip archive of each case of a batch, to be given to the Archives before it is approved."""
    del json
    from parvis.services.retention.handing_over import write_all

    here = here_of(context)
    with here.contract() as database:
        files = write_all(
            database, here.settings, known_contract(database), batch_number(number), to, at=here.now()
        )
    if here.json:
        dump({"files": files})
        return
    say(here, ARCHIVED, style="green", folder=str(to), count=len(files))


def _told(here: Here, sentence: Sentence, made: "Batch") -> None:
    if here.json:
        dump({**plain_row(made), "state": made.state})
    else:
        say(here, sentence, style="green", id=made.id, items=made.waiting)


def plain_row(of: Any) -> dict[str, Any]:
    """A dataclass as a dictionary of its own fields, for JSON that says more."""
    return {each.name: getattr(of, each.name) for each in fields(of)}


def batch_number(typed: str) -> int:
    """The number of a batch or an item as typed."""
    return whole("NUMBER", typed, most=999_999_999)


def known_contract(database: "Database") -> int:
    """The contract in the database.

    Raises:
        WrongUseError: there is none yet.
    """
    with database.transaction() as session:
        return contract_there(session)


ANSWERS = (
        Entry("archive", write_archives, Sentence("Écrit l’archive zip de chaque dossier d’un lot, pour les Archives.",
                                                  "Writes the zip archive of each case of a batch, for the Archives.")),
        Entry("approve", approve, Sentence("Approuve un lot.", "Approves a batch.")),
        Entry("give-up", give_up, Sentence("Abandonne un lot.", "Gives a batch up.")),
        Entry("hold", hold, Sentence("Retient un élément d’un lot, avec --reason ; sans elle, ne le retient plus.",
                                     "Holds an item of a batch back, with --reason; without it, lets it go.")),
)  # fmt: skip
