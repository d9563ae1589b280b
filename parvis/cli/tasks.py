"""`parvis task list` and `done`."""

from typing import Annotated

import typer
from rich.text import Text

from parvis.cli.entries import Entry, Section
from parvis.cli.failures import NotThereError
from parvis.cli.here import here_of
from parvis.cli.options import NUMBER, Json, Limit, argument, option
from parvis.cli.output import dump, kept, row, say, short_instant, show, table
from parvis.cli.values import whole
from parvis.states.words import Language, Sentence

NOTHING = Sentence("Rien à faire.", "Nothing to do.")
COLUMNS = (
    Sentence("N°", "No."), Sentence("Depuis", "Since"), Sentence("Dossier", "Case"), Sentence("À faire", "To do"),
)  # fmt: skip
DONE = Sentence("Tâche {number} : faite.", "Task {number}: done.")
NO_TASK = Sentence("Aucune tâche {number}.", "There is no task {number}.")


def list_tasks(
    context: typer.Context, *,
    everything: Annotated[
        bool, option("--all", said=Sentence("Les tâches faites aussi.", "Tasks done as well."))
    ] = False,
    limit: Limit = None, json: Json = False,
) -> None:  # fmt: skip
    """List what people have to do that no move says."""
    del json
    from parvis.models.queries.tasks import list_tasks as read

    here = here_of(context)
    most = whole("--limit", limit) if limit else 50
    with here.database() as database, database.transaction() as session:
        tasks = read(session, done=everything, limit=most)
    if here.json:
        dump({"tasks": tasks})
        return
    if not tasks:
        say(here, NOTHING)
        return
    made = table(*map(here.say, COLUMNS), right=[0], whole=[1, 2])
    for task in tasks:
        said = task.title_en if here.language == Language.EN else task.title_fr
        what = Text(kept(said), "dim" if task.done_at else "")
        if task.instructor:
            what.append(kept(f"\n{task.instructor}"), "dim")
        row(made, str(task.id), short_instant(task.opened_at), task.reference or "—", what)
    show(made)


def done(
    context: typer.Context, *,
    number: Annotated[str, argument(shown=NUMBER, said=Sentence("La tâche.", "The task."))],
) -> None:  # fmt: skip
    """Write that a task is done."""
    from parvis.models.queries.tasks import finish_task

    here = here_of(context)
    task_id = whole("NUMBER", number, most=999_999_999)
    with here.acting() as database, database.transaction() as session:
        found = finish_task(session, task_id, at=here.now())
    if not found:
        raise NotThereError(NO_TASK.fill(number=task_id))
    say(here, DONE, style="green", number=task_id)


SECTION = Section(
    "task",
    Sentence(
        "Ce que des personnes ont à faire : appeler, corriger.", "What people have to do: call, correct."
    ),
    (
        Entry("list", list_tasks, Sentence("Liste les tâches ouvertes.", "Lists open tasks.")),
        Entry("done", done, Sentence("Note qu’une tâche est faite.", "Notes that a task is done.")),
    ),
)
