"""Démarche numérique in small, on 127.0.0.1: GraphQL over HTTP, each query checked by the public schema's shapes."""

import base64
import copy
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from graphql import GraphQLResolveInfo, build_schema, graphql_sync

from parvis.services.demarches.asking import Platform
from parvis.services.demarches.calling import Caller

REAL = Path(__file__).parents[2] / "data" / "demarche" / "dossier.json"
TOKEN = "jeton"
SCHEMA = build_schema((REAL.parent / "schema.graphql").read_text(encoding="utf-8"))
_CHANGES = {
    "dossierPasserEnInstruction": ("en_construction", "en_instruction"),
    "dossierAccepter": ("en_instruction", "accepte"),
    "dossierRefuser": ("en_instruction", "refuse"),
    "dossierClasserSansSuite": ("en_instruction", "sans_suite"),
}
_ALIASED = {
    "CheckboxChamp": "checked",
    "DecimalNumberChamp": "decimalNumber",
    "IntegerNumberChamp": "integerNumber",
}


@dataclass
class There:
    """The platform's own memory, and what it was asked."""

    address: str = ""
    dossiers: dict[int, dict[str, Any]] = field(default_factory=dict)
    deleted: list[dict[str, Any]] = field(default_factory=list)
    fields: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers_next: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    """Statuses and headers of the next answers, before it answers well again."""
    stops_after: int | None = None
    """How many pages of dossiers it gives before it is away."""
    loses_answers: bool = False
    """Whether what a mutation answers is lost on its way."""
    waits: list[float] = field(default_factory=list)

    def platform(self, page: int = 100) -> Platform:
        """Parvis's way to it; waiting is noted, not done."""
        return Platform(
            Caller(f"{self.address}/api/v2/graphql", TOKEN, self.waits.append, seconds=5, tries=3), page
        )

    def add(self, number: int, changed_at: str, **values: Any) -> dict[str, Any]:
        """The real dossier under another number, which GraphQL's own integers can hold, with some fields changed."""
        dossier: dict[str, Any] = copy.deepcopy(json.loads(REAL.read_text(encoding="utf-8")))
        dossier |= {"number": number, "id": f"Dossier-{number}", "dateDerniereModification": changed_at}
        dossier["messages"] = []
        for champ in dossier["champs"]:
            for stored in champ.get("files") or ():
                stored["url"] = f"{self.address}/fichiers/{stored['filename']}"
        for label, value in values.pop("champs", {}).items():
            [champ] = [each for each in dossier["champs"] if each["label"] == label]
            champ |= value
        self.dossiers[number] = dossier | values
        return self.dossiers[number]

    def keep(self, name: str, content: bytes) -> str:
        """A file of all dossiers that have one of this name; its sum."""
        self.files[name] = content
        checksum = base64.b64encode(hashlib.md5(content).digest()).decode()
        for dossier in self.dossiers.values():
            for champ in dossier["champs"]:
                for stored in champ.get("files") or ():
                    if stored["filename"] == name:
                        stored |= {"checksum": checksum, "byteSize": str(len(content))}
        return checksum

    def names(self, name: str) -> list[dict[str, Any]]:
        """The variables of each time this was asked."""
        return [
            variables for query, variables in self.asked if f" {name}(" in query or f"{name}(input" in query
        ]


def _resolve(source: Any, info: GraphQLResolveInfo, **given: Any) -> Any:
    there: There = info.context
    kind, name = info.parent_type.name, info.field_name
    if kind in ("Query", "Demarche") and (root := _ROOTS.get(name)):
        return root(there, given)
    if kind == "Mutation":
        return _change(there, name, given["input"])
    if name == "value" and kind in _ALIASED:
        return source[_ALIASED[kind]]
    return source.get({"byteSizeBigInt": "byteSize"}.get(name, name)) or (
        "x" if name == "id" else source.get(name)
    )


def _dossier(there: There, given: dict[str, Any]) -> dict[str, Any]:
    if given["number"] not in there.dossiers:
        raise LookupError("Dossier not found")
    return there.dossiers[given["number"]]


def _changed(there: There, given: dict[str, Any]) -> dict[str, Any]:
    since = (given.get("updatedSince") or "")[:19]
    found = sorted(
        there.dossiers.values(), key=lambda each: (each["dateDerniereModification"], each["number"])
    )
    return _page([each for each in found if each["dateDerniereModification"] >= since], given)


_ROOTS: dict[str, Any] = {
    "demarche": lambda there, given: {"number": given["number"], "title": "Appel à projets"},
    "dossier": _dossier,
    "dossiers": _changed,
    "deletedDossiers": lambda there, given: _page(there.deleted, given),
    "publishedRevision": lambda there, given: {"id": "r", "champDescriptors": there.fields},
    "draftRevision": lambda there, given: {"id": "r", "champDescriptors": there.fields},
    "groupeInstructeurs": lambda there, given: [
        {"id": "g", "label": "défaut", "instructeurs": [{"id": "I1", "email": "ines@ville.example"}]}
    ],
}


def _page(found: list[dict[str, Any]], given: dict[str, Any]) -> dict[str, Any]:
    start = int(given.get("after") or 0)
    end = start + (given.get("first") or 100)
    return {
        "nodes": found[start:end],
        "pageInfo": {"hasNextPage": end < len(found), "endCursor": str(min(end, len(found))), "hasPreviousPage": False},
    }  # fmt: skip


def _change(there: There, name: str, given: dict[str, Any]) -> dict[str, Any]:
    dossier = there.dossiers[int(given["dossierId"].removeprefix("Dossier-"))]
    if name == "dossierEnvoyerMessage":
        message = {"id": "m", "body": given["body"], "createdAt": "2026-06-01", "email": "i@v.example"}
        dossier["messages"].append(message)
        return {"message": message}
    needed, then = _CHANGES[name]
    if dossier["state"] != needed:
        return {"errors": [{"message": f"Le dossier est déjà {dossier['state']}"}]}
    dossier["state"] = then
    return {"dossier": dossier}


class _Handler(BaseHTTPRequestHandler):
    there: There

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.there.answers_next:
            status, headers = self.there.answers_next.pop(0)
            self._answer(status, b"", headers)
            return
        if self.headers["authorization"] != f"Bearer {TOKEN}":
            self._answer(403, b"{}", {})
            return
        self.there.asked.append((body["query"], body["variables"]))
        stop = self.there.stops_after
        if stop is not None and len(self.there.names("parvisDossiers")) > stop:
            self._answer(503, b"", {})
            return
        done = graphql_sync(
            SCHEMA,
            body["query"],
            context_value=self.there,
            variable_values=body["variables"],
            field_resolver=_resolve,
        )
        if self.there.loses_answers and "mutation" in body["query"]:
            self._answer(502, b"", {})
            return
        self._answer(200, json.dumps(done.formatted).encode(), {"content-type": "application/json"})

    def do_GET(self) -> None:
        content = self.there.files.get(self.path.removeprefix("/fichiers/"))
        assert "authorization" not in self.headers, "the token is for the API alone"
        self._answer(404 if content is None else 200, content or b"", {})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served() -> Iterator[There]:
    """The platform, listening until the end of the block."""
    there = There()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"there": there}))
    there.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
