"""What the routes of the API share: how they are described, versions, keys, addresses of what they answer."""

import hashlib
import re
from typing import Annotated, Any

from fastapi import Header, Path, Request, Response

from parvis.services.visibility import HiddenError
from parvis.states.stages import Role
from parvis.states.words import Sentence
from parvis.web.errors import FieldError, MatchNeededError, NoMatchError, WrongInputError
from parvis.web.site import Visit

ROOT = "/api/v1"
OUTSIDE = frozenset({Role.FUNDER, Role.MEMBER})
"""Roles that look at cases from outside the service: letters are none of their business."""

_WHY: dict[int, str] = {
    400: "The body cannot be read.",
    401: "No token, or one that opens nothing any more.",
    403: "The token lacks a scope, or another site sent this.",
    404: "There is no such thing for whoever asks.",
    409: "The rules refuse; `reasons` tell why. Nothing was written.",
    412: "The case is no longer at the version of `If-Match`. Nothing was written.",
    413: "The body is too large.",
    422: "Something sent cannot be used; `errors` name the fields. Nothing was written.",
    428: "`If-Match` is missing. Nothing was written.",
    429: "Asked too often; `Retry-After` says when to come back.",
    503: "The database does not answer. Nothing was written.",
}
READING = (400, 401, 403, 404, 422, 429, 503)
WRITING = (400, 401, 403, 404, 409, 413, 422, 429, 503)
MATCHING = (*WRITING, 412, 428)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The answers of a route that are no success, for its description."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _WHY[status], "content": content} for status in sorted(statuses)}


Reference = Annotated[
    str, Path(description="The reference of a case, like ANNUEL-2026-00012.", max_length=200)
]
Number = Annotated[int, Path(ge=1, lt=2**63)]
IfMatch = Annotated[str | None, Header(description="The ETag of the case as it was read.", max_length=200)]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", max_length=200,
        description="Drawn by whoever asks: the same request sent again with it is served once.",
    ),
]  # fmt: skip

NO_PERSON = Sentence("compte sans personne", "account of nobody")
_TAG = re.compile(r'"([0-9]{1,9})"')


def etag(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'


def expected(if_match: str | None, version: int) -> int:
    """The version a write is about; `version` is the present one.

    Raises:
        MatchNeededError: the request does not say.
        NoMatchError: it is none a case ever had.
    """
    said = (if_match or "").strip()
    if not said:
        raise MatchNeededError
    if said == "*":
        return version
    tags = [_TAG.fullmatch(tag.strip()) for tag in said.split(",")]
    versions = [int(tag[1]) for tag in tags if tag]
    if not versions:
        raise NoMatchError(version)
    return version if version in versions else versions[0]


def scoped(here: Visit, key: str | None) -> str | None:
    """An idempotency key as the journal keeps it: nobody's key can meet somebody else's."""
    if not key:
        return None
    return f"api:{here.known.actor}:{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"


def not_modified(request: Request, version: int) -> Response | None:
    """The short answer for whoever holds this version already."""
    held = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    return Response(status_code=304, headers={"etag": etag(version)}) if etag(version) in held else None


def person(here: Visit) -> tuple[int, int]:
    """The ids of the person and of the contract of whoever asks.

    Raises:
        HiddenError: they are nobody of a contract.
    """
    known = here.known
    if known.person_id is None or known.contract_id is None:
        raise HiddenError(NO_PERSON.en)
    return known.person_id, known.contract_id


def wrong(name: str, sentence: Sentence) -> WrongInputError:
    """The error that names one field."""
    return WrongInputError(FieldError(name, sentence))
