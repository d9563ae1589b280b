"""`parvis db split` and `join`: the journal and the letters of a national service, in parts or whole."""

from typing import Annotated

import typer
from rich.progress import Progress

from parvis.cli.entries import Entry
from parvis.cli.here import Here, here_of
from parvis.cli.options import NUMBER, Json, option
from parvis.cli.output import console, dump, say
from parvis.cli.values import WrongUseError, whole
from parvis.services import wiring
from parvis.states.words import Sentence

SURE = Sentence(
    "Le journal et les lettres ({size} Mo) vont être recopiés : il faut {needed} Mo libres sur le disque de la base, et"
    " que tout Parvis soit arrêté (pages, tâches, commandes, sur toutes les machines). Ajouter --yes pour le faire.",
    "The journal and the letters ({size} MB) are going to be copied: {needed} MB must be free on the disk of the"
    " database, and all of Parvis stopped (pages, jobs, commands, on every machine). Add --yes to do it.",
)
CUT = Sentence(
    "Le journal et les lettres sont en {parts} parties.", "The journal and the letters are in {parts} parts."
)
CUT_ALREADY = Sentence(
    "Le journal et les lettres étaient déjà en {parts} parties : rien n’a changé.",
    "The journal and the letters were in {parts} parts already: nothing changed.",
)
WHOLE = Sentence("Le journal et les lettres sont d’un seul tenant.", "The journal and the letters are whole.")
WHOLE_ALREADY = Sentence(
    "Le journal et les lettres étaient déjà d’un seul tenant : rien n’a changé.",
    "The journal and the letters were whole already: nothing changed.",
)

Yes = Annotated[bool, option("--yes", said=Sentence("Le faire vraiment.", "Really do it."))]


def split(
    context: typer.Context, *,
    parts: Annotated[
        str,
        option(
            "--parts", shown=NUMBER,
            said=Sentence("En combien de parties, de 2 à 64 (16 sinon).", "In how many parts, 2 to 64 (else 16)."),
        ),
    ] = "16",
    yes: Yes = False, json: Json = False,
) -> None:  # fmt: skip
    """Cut the journal and the letters in parts by their case, all else being stopped."""
    del json
    here = here_of(context)
    count = whole("--parts", parts, least=2, most=64)
    if _reshaped(here, count, yes=yes):
        _answer(here, CUT, parts=count, changed=True)
    else:
        _answer(here, CUT_ALREADY, parts=count, changed=False)


def join(context: typer.Context, *, yes: Yes = False, json: Json = False) -> None:
    """Make the journal and the letters whole again, all else being stopped."""
    del json
    here = here_of(context)
    if _reshaped(here, 0, yes=yes):
        _answer(here, WHOLE, parts=0, changed=True)
    else:
        _answer(here, WHOLE_ALREADY, parts=0, changed=False)


def _reshaped(here: Here, count: int, *, yes: bool) -> bool:
    """Do it, with a bar on a terminal; False when it is so already, which needs neither a yes nor a stop."""
    from parvis.services import parts
    from parvis.services.claims import Claim

    out = console(error=True)
    with wiring.opened(here.settings) as opened:
        found = parts.layout(opened.owner_url)
        if found.parts == count:
            return False
        if not yes:
            size = round(found.size / 1024**2)
            raise WrongUseError("", SURE.fill(size=size, needed=2 * size))
        with Claim(here.settings.data_folder), Progress(
            console=out, transient=True, disable=here.json or not out.is_terminal
        ) as bar:  # fmt: skip
            task = bar.add_task("", total=None)
            return parts.reshape(
                opened.owner_url, count,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )  # fmt: skip


def _answer(here: Here, sentence: Sentence, *, parts: int, changed: bool) -> None:
    if here.json:
        dump({"parts": parts, "changed": changed})
    else:
        say(here, sentence, style="green" if changed else "", parts=parts)


ENTRIES = (
    Entry(
        "split",
        split,
        Sentence(
            "Coupe le journal et les lettres en parties, Parvis arrêté : pour un service national.",
            "Cuts the journal and the letters in parts, Parvis stopped: for a national service.",
        ),
    ),
    Entry(
        "join",
        join,
        Sentence(
            "Remet le journal et les lettres d’un seul tenant, Parvis arrêté.",
            "Makes the journal and the letters whole again, Parvis stopped.",
        ),
    ),
)
