"""A step of a form saved as one types, with or without JavaScript: the same for a request and for a report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from parvis.models.session import Session
from parvis.services.stamped import DraftChangedError
from parvis.states.words import Sentence, instant
from parvis.web.errors import Problem
from parvis.web.forms import Typed
from parvis.web.site import Visit

SAVED = Sentence("Enregistré le {at}.", "Saved on {at}.")
CHANGED = Sentence(
    "Modifié entre-temps, dans une autre fenêtre ou par quelqu’un d’autre : ce que vous avez tapé est encore ici, rien "
    "n’est remplacé. Enregistrer de nouveau garde votre version.",
    "Changed meanwhile, in another window or by somebody else: what you typed is still here, nothing was replaced. "
    "Saving again keeps your version.",
)


@dataclass(frozen=True)
class Tried:
    """What was typed and not kept, or kept and to be corrected: shown again as it was typed."""

    values: Mapping[str, list[str]] | None = None
    stamp: str = ""
    there: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Sentence] = field(default_factory=dict)
    told: Sentence | None = None
    refused: Problem | None = None
    status: HTTPStatus = HTTPStatus.OK


@dataclass(frozen=True)
class Saved:
    """A step that was kept: what of it cannot be used, and the address of the step to go on to."""

    stamp: str
    faults: Mapping[str, Sentence]
    following: str


def save_step(
    request: Request, here: Visit, typed: Typed, keep: Callable[[Session], Saved], show: Callable[[Tried], Response]
) -> Response:  # fmt: skip
    """Keep a step as it is typed; a script is told so, a person what of it cannot be used, or the next step."""
    silent = "application/json" in request.headers.get("accept", "")
    try:
        with here.database.transaction() as session:
            saved = keep(session)
    except DraftChangedError as changed:
        if silent:
            return JSONResponse({"told": here.say(CHANGED)}, HTTPStatus.CONFLICT)
        return show(_changed(typed, changed))
    if silent:
        said = here.say(SAVED, at=instant(here.at, here.language))
        return JSONResponse({"stamp": saved.stamp, "told": said})
    if saved.faults:
        return show(Tried(faults=saved.faults, status=HTTPStatus.UNPROCESSABLE_ENTITY))
    return RedirectResponse(saved.following, HTTPStatus.SEE_OTHER)


def _changed(typed: Typed, changed: DraftChangedError) -> Tried:
    """What this window says, with what the other one says where it says something else."""
    values = {name: list(said) for name, said in typed.values.items()}
    there = {
        name: ", ".join(changed.values.get(name, ()))
        for name in values.keys() | changed.values.keys()
        if name != "tampon" and list(filter(None, values.get(name, ()))) != list(changed.values.get(name, ()))
    }
    return Tried(values, changed.stamp, there, told=CHANGED, status=HTTPStatus.CONFLICT)
