"""`parvis version`."""

from importlib import metadata

import typer

from parvis.cli.entries import Entry
from parvis.cli.here import here_of
from parvis.cli.options import Json
from parvis.cli.output import dump, show
from parvis.states.words import Sentence


def version(context: typer.Context, json: Json = False) -> None:
    """Say which version of Parvis this is."""
    del json
    number = metadata.version("parvis")
    if here_of(context).json:
        dump({"parvis": number})
    else:
        show(f"Parvis {number}")


ENTRIES = (
    Entry("version", version, Sentence("Affiche la version de Parvis.", "Shows the version of Parvis.")),
)
