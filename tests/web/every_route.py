"""Everybody in front of every route, about what is their own, another's and unknown, and what is wrong in the answers.

A new route is in by itself, and says of each name in its address what stands for it below.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from httpx2 import Response

from parvis.states.stages import Role
from parvis.web.app import ROUTERS
from parvis.web.rights import RIGHTS
from parvis.web.who import EVERYBODY
from tests.services.files.samples import pdf
from tests.web.application import ADDRESS
from tests.web.two_cities import OTHER, OWN_WORDS, ROLES, City
from tests.web.who_may import WHO_MAY

ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
GUARDED = [route for route in ROUTES if RIGHTS.get(route.name) is not EVERYBODY]
NO_OBJECT = {
    "action": "assess",
    "change": "clore",
    "kind": "csv",
    "step": "action",
    "name": "send-letters",
    "year": "2026",
    "act": "pause",
}
"""Names in addresses that stand for a word of ours and for no object, with such a word."""
UNKNOWN = {"reference": "ANNUEL-A-99999", "code": "l999999999"}
"""What nothing has; any other name stands for a number."""
A_NUMBER = "999999999"
DRAFTS = frozenset({"draft_step", "save_draft", "attach_to_draft", "remove_from_draft", "submit_draft"})
OF_A_CITY = frozenset({
    "home", "cases", "export_cases", "agreements", "sittings", "letters", "people", "api_cases", "api_sittings",
    "api_tasks", "envelopes", "fundings",
})  # fmt: skip
"""Lists of what one contract has."""
KEPT_TWICE = frozenset({"my_file"})
"""A file asked for is looked up again among those of one's own page."""
ROLE_KEPT_TWICE = frozenset({
    "account", "end_identity", "make_token", "revoke_token", "make_calendar", "drop_view", "api_tasks",
    "opinions", "give_opinions", "restore_address",
    "sitting", "packet", "packet_preview", "annexes", "interests", "declare_interests", "agenda_case", "agenda_file",
    "minutes", "minutes_file", "api_sitting",
})  # fmt: skip
"""Where a role let in by mistake still finds nothing: an account asks for a person, an opinion for a funder, a sitting
for a seat, an address to restore for one that is held. What is an organisation’s own always asks for one."""
LEAVING = frozenset({"end_session", "end_sessions"})
"""Whoever asks these is not there any more for what is asked next."""
OF_THE_OTHER = ("annuel-b", "@b.example", "copil-b", "clos-b", "sans-b", "ville-b")
OF_PERSONS = ("view_id", "run_id", "token_id", "session_id", "identity_id")
BODIES: dict[str, dict[str, Any]] = {
    "api_move": {"json": {"action": "assign", "instructor_id": 1}, "headers": {"if-match": "*"}},
    "api_give_opinion": {"json": {"opinion": "favourable"}, "headers": {"if-match": "*"}},
    "api_attach_file": {"files": {"file": ("a.pdf", pdf(), "application/pdf")}, "headers": {"if-match": "*"}},
    "give_evaluation": {"data": {"reason": "Une année dense"}},
    "attach_to_agreement": {"files": {"fichier": ("a.pdf", pdf(), "application/pdf")}},
    "take_off_file": {"data": {"retire": "1", "motif_retrait": "D’une autre association"}},
    "attach_file": {"files": {"fichier": ("a.pdf", pdf(), "application/pdf")}},
}
"""What a route wants before it looks at its object."""

Params = dict[str, Any]


@dataclass
class World:
    """Two cities, and everybody of the first one in front of the application."""

    app: FastAPI
    ours: City
    theirs: City
    clients: dict[str | None, TestClient]

    def ask(self, role: str | None, route: APIRoute, params: Params) -> tuple[int, str]:
        """What this role is answered: status, and the body without the address asked for."""
        path = route.path.format_map({name: params.get(name, word) for name, word in _words(route).items()})
        method = next(iter((route.methods or set()) - {"HEAD"}))
        sent = dict(BODIES.get(route.name, {}))
        headers = {"origin": ADDRESS, **sent.pop("headers", {})}
        if route.path.startswith("/api/") and role in self.ours.of:
            headers["authorization"] = f"Bearer {self.ours.of[role]['token']}"
        answer: Response = self.clients[role].request(method, path, headers=headers, **sent)
        return answer.status_code, answer.text.replace(path, "…")

    def own(self, role: str, route: APIRoute) -> Params:
        """Objects of every kind that are this role's own."""
        things, kept = self.ours.things, self.ours.of.get(role, {})
        return {**things, **kept, **_as_named(route, things)}

    def others(self, role: str, route: APIRoute) -> Iterator[Params]:
        """The same with another's object in place of one's own: of another city, another person, another case."""
        own, names = self.own(role, route), set(route.param_convertors) - set(NO_OBJECT)
        theirs = {**self.theirs.things, **self.theirs.of[OTHER], **_as_named(route, self.theirs.things)}
        yield from ({**own, name: theirs[name]} for name in names)
        if len(names) > 1:
            yield {**own, **{name: theirs[name] for name in names}}
        things = self.ours.things
        hidden = {
            Role.FUNDER: things["unfunded"], Role.MEMBER: things["waiting"],
            Role.APPLICANT: things["other_draft"] if route.name in DRAFTS else things["elsewhere"],
        }  # fmt: skip
        if "reference" in names and role in hidden:
            yield {**own, "reference": hidden[Role(role)]}
        if "envelope_id" in names and role == Role.FUNDER:
            yield {**own, "envelope_id": things["other_envelope"]}
        if {"reference", "file_id"} <= names:
            yield {**own, "file_id": things["other_file"]}
        if "sitting_id" in names and role == Role.MEMBER:
            yield {**own, "sitting_id": things["not_theirs"]}
        yield from ({**own, name: self.ours.of[OTHER][name]} for name in OF_PERSONS if name in names)


def found_out(world: World, route: APIRoute) -> Iterator[str]:
    """What is wrong: an answer about another's object that one about an unknown object would not be."""
    names = set(route.param_convertors) - set(NO_OBJECT)
    for role in admitted(route):
        nothing = {name: {**UNKNOWN, **_unknown(route)}.get(name, A_NUMBER) for name in names}
        told: dict[tuple[str, ...], tuple[int, str]] = {}
        own = world.own(role, route)
        for another in world.others(role, route):
            changed = tuple(name for name in sorted(names) if another[name] != own[name])
            if changed not in told:
                told[changed] = world.ask(role, route, {**own, **{name: nothing[name] for name in changed}})
            if world.ask(role, route, another) != told[changed]:
                yield f"{role} {changed}"


def leaks(world: World, route: APIRoute) -> Iterator[str]:
    """What is wrong: words of the other city in the answer about what is one's own."""
    for role in admitted(route):
        if role != Role.APPLICANT:  # an organisation may ask in several cities
            said = world.ask(role, route, world.own(role, route))[1].lower()
            words = (*OF_THE_OTHER, world.theirs.things["agreement"].lower())
            yield from (f"{role} {word}" for word in words if word in said)


def admitted(route: APIRoute) -> list[Role]:
    """The roles that may ask for a route: as said by hand, else as the table says."""
    said = WHO_MAY.get(route.name, RIGHTS[route.name].roles)
    return [role for role in (*ROLES, Role.APPLICANT) if said is None or role in said]


def refused(route: APIRoute) -> list[Role]:
    """The roles that may not."""
    return [role for role in (*ROLES, Role.APPLICANT) if role not in admitted(route)]


def intruders(world: World, route: APIRoute, roles: Sequence[Role]) -> Iterator[str]:
    """What is wrong: who of these roles, that have no right, is answered about what is at hand."""
    for role in roles:
        status = world.ask(role, route, world.own(role, route))[0]
        if status != HTTPStatus.NOT_FOUND:
            yield f"{role} {status}"


SUBJECTS = [route for route in GUARDED if set(route.param_convertors) - set(NO_OBJECT)]


def _words(route: APIRoute) -> dict[str, str]:
    return {**dict.fromkeys(route.param_convertors, A_NUMBER), **NO_OBJECT, **OWN_WORDS.get(route.name, {})}


def _unknown(route: APIRoute) -> dict[str, str]:
    return {"code": "annuel-inconnu"} if route.name in {"call_letters", "letter_html"} else {}


def _as_named(route: APIRoute, things: dict[str, Any]) -> Params:
    """What a name stands for on this route, where it is not the same on all."""
    named: Params = {
        "code": things["call"] if route.name in {"call_letters", "letter_html"} else things["letter"]
    }
    if route.name in DRAFTS:
        named["reference"] = things["draft"]
    elif "partenaire" in route.path.split("/"):
        named["reference"] = things["part"]
    elif route.path.startswith("/mes-dossiers/"):
        named["reference"], named["file_id"] = things["reference"], things["file_id"]
    elif route.path.startswith("/conventions/"):
        named["reference"], named["file_id"] = things["agreement"], things["agreement_file"]
    if route.name in {"minutes", "minutes_file"}:
        named["sitting_id"], named["file_id"] = things["over"], things["minutes_file"]
    elif route.name == "sitting_file":
        named["file_id"] = things["sitting_file"]
    return named


TOUCHED = (
    "cases journal letters timers tasks files fundings agenda_items committees committee_journal "
    "interests packets views bulk_runs identities agreements agreement_journal bank_details payment_lots "
    "retention_batches retention_items"
)


def kept(world: World) -> dict[str, Any]:
    """All that another might have, to see that nobody touched it."""
    desk = world.ours.desk
    return {table: desk.rows(f"SELECT * FROM {table} t ORDER BY t::text") for table in TOUCHED.split()}
