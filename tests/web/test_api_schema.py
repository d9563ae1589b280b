"""The API keeps to its own description whatever it is sent: no failure of ours, no answer that is not described."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from parvis.web.api.reference import document
from tests.web.application import ADDRESS
from tests.web.programs import Program

ROLES = {
    "instructor": "ines@ville.example", "funder": "paul@ville.example", "secretary": "lea@ville.example",
    "manager": "max@ville.example",
}  # fmt: skip
CHECKS: list[Any] = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
]  # fmt: skip
SENT = frozenset({"method", "url", "params", "headers", "json", "data", "files", "content"})
SCHEMA = schemathesis.openapi.from_dict(document())
OPERATIONS: list[Any] = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]


def try_all(program: Program, role: str, examples: int) -> None:
    """Send every operation what its description allows and what it does not, about a case that exists or not."""
    reference = program.reference(program.desk.submitted_case())
    asks = program.of(ROLES.get(role) or _in_another_role(program, role))
    for operation in OPERATIONS:
        cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

        @settings(
            max_examples=examples, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=cases, ours=st.booleans())
        def send(case: Any, ours: bool) -> None:
            if ours and "reference" in case.path_parameters:
                case.path_parameters["reference"] = reference
            case.headers["authorization"] = f"Bearer {asks.token}"
            if ours and case.method == "POST":
                case.headers["if-match"] = "*"
            request = asks.client.build_request(**_sendable(case))
            request.read()  # what was sent is looked at again by the checks
            response = asks.client.send(request)
            case.validate_response(response, checks=CHECKS)

        send()


@pytest.mark.parametrize("role", ["instructor", "funder"])
def test_every_operation_keeps_to_its_description(program, role):
    try_all(program, role, 4)


@pytest.mark.slow
@pytest.mark.parametrize("role", [*ROLES, "member", "finance", "administrator"])
def test_every_operation_keeps_to_its_description_for_long(program, role):
    try_all(program, role, 150)


def _in_another_role(program: Program, role: str) -> str:
    email = ROLES["instructor"]
    program.desk.run("UPDATE people SET role = %(role)s WHERE email = %(email)s", role=role, email=email)
    return email


def _sendable(case: Any) -> dict[str, Any]:
    """What the client of the tests sends for a case."""
    told = case.as_transport_kwargs(base_url=ADDRESS)
    sent = {name: value for name, value in told.items() if name in SENT and value is not None}
    if isinstance(sent.get("data"), (bytes, str)):
        sent["content"] = sent.pop("data")
    if "files" in sent:
        sent["files"] = [(str(name), _part(part)) for name, part in sent["files"]]
    return sent


def _part(part: Any) -> Any:
    """A part of a form as the client takes it: texts and bytes, whatever was drawn."""
    if isinstance(part, tuple):
        return (
            part[0],
            *(each if isinstance(each, (bytes, str)) else str(each) for each in part[1:2]),
            *part[2:],
        )
    return part if isinstance(part, (bytes, str)) else str(part)
