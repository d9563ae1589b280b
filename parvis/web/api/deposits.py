"""Deposits sent by programs, in the portal's JSON: one or a list, all taken in or none."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from parvis.services.imports.problems import DepositFileError
from parvis.services.intake import UnknownCallError, import_for
from parvis.states.words import Sentence
from parvis.web import forms
from parvis.web.api.more_shapes import Imported, Warned
from parvis.web.api.told import ROOT, WRITING, person, problems, wrong
from parvis.web.errors import FieldError, WrongInputError
from parvis.web.site import Here

router = APIRouter(prefix=ROOT)

NOT_JSON = Sentence(
    "seul le JSON du portail se prend ici, un dépôt ou une liste",
    "only the portal’s JSON is taken here, one deposit or a list",
)
MOST_FAULTS = 1_000


async def whole_body(request: Request) -> bytes:
    """The body as it was sent."""
    return await request.body()


_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"anyOf": [
            {"type": "object", "additionalProperties": True},
            {"type": "array", "items": {"type": "object", "additionalProperties": True}, "minItems": 1},
        ]}}},
    }
}  # fmt: skip


@router.post(
    "/deposits", name="api_import_deposits", responses=problems(*WRITING),
    openapi_extra=_BODY,
)  # fmt: skip
def import_deposits(
    here: Here, body: Annotated[bytes, Depends(whole_body)], *,
    call: Annotated[str | None, Query(max_length=200, description="Call of the deposits that name none.")] = None,
    dry_run: Annotated[bool, Query(description="Checks everything, records nothing.")] = False,
) -> Imported:  # fmt: skip
    """Take in deposits in the portal’s JSON, one or a list: all or none; twice changes nothing."""
    _, contract_id = person(here)
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        raise wrong("body", NOT_JSON)
    try:
        received = import_for(
            here.database, contract_id, "api.json", body, here.at, call=call, dry_run=dry_run
        )
    except DepositFileError as refused:
        raise WrongInputError(*(
            FieldError(_place(problem.line, problem.column), problem.sentence)
            for problem in refused.problems[:MOST_FAULTS]
        )) from None  # fmt: skip
    except UnknownCallError:
        raise wrong("call", forms.NOT_OFFERED) from None
    return Imported(
        created=list(received.created), unchanged=list(received.unchanged), diverging=list(received.diverging),
        updated=list(received.updated),
        warnings=[Warned(external_id=name, sentence=here.say(said)) for name, said in received.warnings],
        dry_run=dry_run,
    )  # fmt: skip


def _place(line: int | None, column: str | None) -> str:
    """Where in what was sent: `2.budget.charges`, the number of the deposit then the path in it."""
    return ".".join(str(part) for part in (line, column) if part is not None) or "body"
