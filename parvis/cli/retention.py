"""`parvis retention`: what is at the end of the time it is kept for, the batches of it, doing what they say."""

from typing import TYPE_CHECKING, Annotated

import typer

from parvis.cli.entries import Entry, Section
from parvis.cli.here import Here, here_of
from parvis.cli.options import CODE, At, Json, option
from parvis.cli.output import dump, row, say, short_instant, show, table
from parvis.cli.retention_answers import ANSWERS, Number, batch_number, known_contract, plain_row
from parvis.cli.values import chosen, instant
from parvis.states.retention import KIND_WORDS, FinalSort, Kind
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from datetime import datetime

    from parvis.models.queries.retention_batches import Item

MONTHS = Sentence("{active} + {intermediate}", "{active} + {intermediate}")
PHASE_HEADS = (
    Sentence("Sorte", "Kind"), Sentence("Mois", "Months"), Sentence("En usage", "In use"),
    Sentence("Intermédiaire", "Intermediate"), Sentence("Au terme", "At the end"), Sentence("Retenus", "Held back"),
    Sentence("Ensuite", "Then"),
)  # fmt: skip
THEN = {
    FinalSort.DESTROYED: Sentence("éliminé", "destroyed"),
    FinalSort.KEPT: Sentence("versé", "handed over"),
}
DUE_HEADS = (
    Sentence("Sorte", "Kind"), Sentence("Quoi", "What"), Sentence("De qui", "Whose"), Sentence("Fini le", "Ended on"),
    Sentence("Au terme le", "Due on"),
)  # fmt: skip
BATCH_HEADS = (
    Sentence("Lot", "Batch"), Sentence("Sorte", "Kind"), Sentence("Proposé le", "Proposed on"),
    Sentence("État", "State"), Sentence("Éléments", "Items"), Sentence("Faits", "Done"),
    Sentence("Retenus", "Held back"), Sentence("Référence", "Reference"),
)  # fmt: skip
ITEM_HEADS = (
    Sentence("N°", "No."),
    Sentence("Quoi", "What"),
    Sentence("De qui", "Whose"),
    Sentence("État", "State"),
)
STATES = {
    "proposed": Sentence("proposé", "proposed"), "approved": Sentence("approuvé", "approved"),
    "cancelled": Sentence("abandonné", "given up"), "finished": Sentence("fait", "done"),
    "done": Sentence("fait", "done"), "left": Sentence("laissé", "left"), "failed": Sentence("en échec", "failed"),
}  # fmt: skip
WAITS = Sentence("en attente", "waiting")
HELD = Sentence("retenu : {reason}", "held back: {reason}")
NOTHING_DUE = Sentence("Rien n’est au terme de sa durée.", "Nothing is at the end of its time.")
NO_BATCHES = Sentence("Aucun lot.", "No batch.")
PROPOSED = Sentence("Lot {id} proposé : {kind}, {items}.", "Batch {id} proposed: {kind}, {items}.")
NONE_PROPOSED = Sentence("Rien de nouveau à proposer.", "Nothing new to propose.")
RAN = Sentence(
    "Anonymisés : {done} ; laissés : {left} ; en échec : {failed} ; contenus effacés : {files} ; traces : {traces}.",
    "Anonymised: {done}; left: {left}; failed: {failed}; contents erased: {files}; traces: {traces}.",
)
OfKind = Annotated[
    str | None,
    option("--kind", shown=CODE, said=Sentence(
        "Une seule sorte : granted, refused, drafts, agreements, packets ou people.",
        "One kind only: granted, refused, drafts, agreements, packets or people.",
    )),
]  # fmt: skip


def preview(context: typer.Context, *, kind: OfKind = None, at: At = None, json: Json = False) -> None:
    """Show what each rule says of all that is held; nothing changes."""
    del json
    from parvis.services.retention import phases

    here = here_of(context)
    kinds = (chosen("--kind", kind, list(Kind), KIND_WORDS),) if kind else tuple(Kind)
    with here.contract() as database, database.transaction() as session:
        seen = phases.preview(
            session, known_contract(database), at=_at(here, at), kinds=tuple(map(Kind, kinds))
        )
    if here.json:
        kinds_said = [
            {**plain_row(each), "phases": each.phases.model_dump(mode="json")} for each in seen.kinds
        ]
        traces = [{**plain_row(each), "phases": each.phases.model_dump(mode="json")} for each in seen.traces]
        dump({"kinds": kinds_said, "traces": traces})
        return
    made = table(*map(here.say, PHASE_HEADS), right=[2, 3, 4, 5], whole=[1, 6])
    for each in seen.kinds:
        rule, count = each.phases, each.counts
        months = here.say(MONTHS, active=rule.active_months, intermediate=rule.intermediate_months)
        row(made, here.say(KIND_WORDS[each.kind]), months, str(count.active), str(count.intermediate), str(count.due),
            str(count.held), here.say(THEN[rule.final]))  # fmt: skip
    for trace in seen.traces:
        months = here.say(MONTHS, active=trace.phases.active_months, intermediate=0)
        row(made, here.say(KIND_WORDS[trace.trace]), months, "", "", str(trace.due), "", "")
    show(made)
    due = [(each.kind, one) for each in seen.kinds for one in each.due]
    if not due:
        say(here, NOTHING_DUE)
        return
    listed = table(*map(here.say, DUE_HEADS), whole=[1, 3, 4])
    for of, one in due:
        row(listed, here.say(KIND_WORDS[of]), one.name, one.about, f"{one.ended_on}", f"{one.due_on}")
    show(listed)


def propose(context: typer.Context, *, at: At = None, json: Json = False) -> None:
    """Propose batches of what is at the end of its time, as the flow does every night."""
    del json
    from parvis.services.retention import batches

    here = here_of(context)
    with here.contract() as database:
        made = batches.propose_all(database, at=_at(here, at))
    if here.json:
        dump({"proposed": made})
        return
    if not made:
        say(here, NONE_PROPOSED)
    for each in made:
        say(here, PROPOSED, style="green", id=each.id, kind=here.say(KIND_WORDS[each.kind]), items=each.items)


def list_batches(context: typer.Context, *, json: Json = False) -> None:
    """List the batches, those that wait for an answer first."""
    del json
    from parvis.models.queries.retention_batches import batches

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        found = batches(session, known_contract(database))
    if here.json:
        dump({"batches": [{**plain_row(each), "state": each.state} for each in found]})
        return
    if not found:
        say(here, NO_BATCHES)
        return
    made = table(*map(here.say, BATCH_HEADS), right=[0, 4, 5, 6])
    for each in found:
        row(made, str(each.id), here.say(KIND_WORDS[each.kind]), short_instant(each.proposed_at),
            here.say(STATES[each.state]), str(each.items), str(each.done), str(each.held), each.visa)  # fmt: skip
    show(made)


def show_batch(context: typer.Context, *, number: Number, json: Json = False) -> None:
    """Show what is in a batch."""
    del json
    from parvis.services.retention import batches

    here = here_of(context)
    with here.contract() as database, database.transaction() as session:
        batch, items = batches.read(session, known_contract(database), batch_number(number))
    if here.json:
        whole = {**plain_row(batch), "state": batch.state}
        dump({"batch": whole, "items": items})
        return
    made = table(*map(here.say, ITEM_HEADS), right=[0])
    for item in items:
        row(made, str(item.id), item.name, item.about, _state(here, item))
    show(made)


def run(context: typer.Context, *, at: At = None, json: Json = False) -> None:
    """Do what is approved, erase traces past their time, propose what is at the end of its own."""
    del json
    from parvis.services.retention.applying import apply_retention

    here = here_of(context)
    with here.contract() as database:
        made = apply_retention(database, here.settings, _at(here, at))
    if here.json:
        dump(made)
        return
    done = made.done
    say(here, RAN, style="green", done=done.done, left=done.left, failed=done.failed, files=done.files,
        traces=sum(each.count for each in made.purged))  # fmt: skip
    for each in made.proposed:
        say(here, PROPOSED, id=each.id, kind=here.say(KIND_WORDS[each.kind]), items=each.items)


def _state(here: Here, item: "Item") -> str:
    if item.outcome:
        return here.say(STATES[item.outcome])
    return here.say(HELD, reason=item.held_reason) if item.held_at else here.say(WAITS)


def _at(here: Here, typed: str | None) -> "datetime":
    return instant("--at", typed) if typed else here.now()


SECTION = Section(
    "retention",
    Sentence(
        "La conservation : ce qui est au terme de sa durée, les lots à approuver, l’anonymisation.",
        "Retention: what is at the end of its time, batches to approve, anonymisation.",
    ),
    (
        Entry("preview", preview, Sentence("Montre, par sorte, ce qui est en usage, archivé, au terme.",
                                           "Shows, by kind, what is in use, archived, at its end.")),
        Entry("propose", propose, Sentence("Propose des lots de ce qui est au terme.",
                                           "Proposes batches of what is at its end.")),
        Entry("list", list_batches, Sentence("Liste les lots.", "Lists the batches.")),
        Entry("show", show_batch, Sentence("Montre un lot.", "Shows a batch.")),
        *ANSWERS,
        Entry("run", run, Sentence("Anonymise ce qui est approuvé, efface les traces périmées, propose la suite.",
                                   "Anonymises what is approved, erases old traces, proposes what follows.")),
    ),
)  # fmt: skip
