"""What the API can do, said to programs (OpenAPI) and to people (one page, without foreign scripts)."""

from collections.abc import Sequence
from functools import cache
from importlib import metadata
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from parvis.states.access import OF_PROGRAMS
from parvis.states.words import Sentence
from parvis.web.api import cases, deposits, files, me, moves, sittings
from parvis.web.api.shapes import Problem
from parvis.web.api.told import ROOT
from parvis.web.rendering import page
from parvis.web.rights import RIGHTS
from parvis.web.site import Here

router = APIRouter(prefix=ROOT)

ROUTERS: Sequence[APIRouter] = (
    me.router, cases.router, moves.router, files.router, sittings.router, deposits.router,
)  # fmt: skip

WORDS: dict[str, Sentence] = {
    "api_me": Sentence("Qui demande, et ce que le jeton permet", "Who asks, and what the token allows"),
    "api_tasks": Sentence("Ce qui attend la personne", "What waits for the person"),
    "api_cases": Sentence(
        "La liste des dossiers, filtrée et triée", "The list of cases, filtered and sorted"
    ),
    "api_case": Sentence("Un dossier entier, avec sa version", "One case whole, with its version"),
    "api_history": Sentence("L’histoire d’un dossier", "The history of a case"),
    "api_moves": Sentence(
        "Ce qu’on peut faire d’un dossier, et pourquoi pas", "What may be done with a case, and why not"
    ),
    "api_move": Sentence("Faire avancer un dossier", "Make a move"),
    "api_give_opinion": Sentence("Donner l’avis de son financeur", "Give the opinion of one’s funder"),
    "api_documents": Sentence("Les pièces d’un dossier", "The documents of a case"),
    "api_file": Sentence("Le contenu d’un fichier", "The bytes of a file"),
    "api_attach_file": Sentence("Joindre un fichier", "Attach a file"),
    "api_sittings": Sentence("Les séances de la personne", "The person’s sessions"),
    "api_sitting": Sentence("Une séance et son ordre du jour", "One session and its agenda"),
    "api_import_deposits": Sentence("Importer des dépôts", "Import deposits"),
}


@router.get("/openapi.json", name="api_openapi", include_in_schema=False)
def openapi() -> Response:
    """Describe the API to programs."""
    return JSONResponse(document())


@router.get("", name="api_reference", include_in_schema=False)
def reference(request: Request, here: Here) -> Response:
    """Describe the API to people."""
    del here
    return page(request, "api.html", routes=_routes(), scopes=OF_PROGRAMS, words=WORDS, rights=RIGHTS,
                document=document())  # fmt: skip


def _routes() -> list[APIRoute]:
    return [route for each in ROUTERS for route in each.routes if isinstance(route, APIRoute)]


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    made: dict[str, Any] = get_openapi(
        title="Parvis", version=metadata.version("parvis"), routes=_routes(),
        summary="Cases, opinions, sittings and deposits of a city contract, as the pages of Parvis have them.",
    )  # fmt: skip
    parts = made.setdefault("components", {})
    shapes = parts.setdefault("schemas", {})
    described = Problem.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    shapes |= described.pop("$defs", {})
    shapes["Problem"] = described
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "parvis"},
    }
    made["security"] = [{"token": []}, {"session": []}]
    for route in _routes():
        for method in route.methods or ():
            told = made["paths"][route.path][method.lower()]
            told["operationId"] = route.name.removeprefix("api_")
            told["summary"] = f"{WORDS[route.name].fr} – {WORDS[route.name].en}"
            told["x-scope"] = str(RIGHTS[route.name].scope)
            told["x-roles"] = sorted(RIGHTS[route.name].roles or ())
    return made
