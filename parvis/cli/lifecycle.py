"""`parvis lifecycle`."""

import sys

import typer

from parvis.cli.entries import Entry
from parvis.cli.here import here_of
from parvis.states.words import Sentence


def lifecycle(context: typer.Context) -> None:
    """Print the tables of moves as Markdown."""
    from parvis.states.lifecycle import lifecycle as page

    sys.stdout.write(page(here_of(context).language))


ENTRIES = (
    Entry(
        "lifecycle",
        lifecycle,
        Sentence(
            "Écrit les règles en Markdown et en diagrammes : qui peut faire quoi, à quelle condition.",
            "Writes the rules as Markdown and diagrams: who may do what, on what condition.",
        ),
    ),
)
