"""The JSON Schema of a contract file, published so that an editor completes and checks it."""

import json
from typing import Any

from parvis.services.contracts.hints import FIELDS, MODELS
from parvis.states.contract import Contract
from parvis.states.words import french_spaces


def contract_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a contract file, with a French hint on every setting."""
    schema = Contract.model_json_schema()
    definitions = schema.pop("$defs")
    _hint(schema, "Contract")
    for name, definition in definitions.items():
        _hint(definition, name)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Contrat de ville",
        **schema,
        "$defs": definitions,
    }


def schema_text() -> str:
    """The schema as published in `contracts/contract.schema.json`."""
    return json.dumps(contract_schema(), ensure_ascii=False, indent=2) + "\n"


def _hint(definition: dict[str, Any], model: str) -> None:
    """Replace what the code says to programmers by what the settings mean to an officer."""
    definition.pop("title", None)
    definition.pop("description", None)
    if model in MODELS:
        definition["description"] = french_spaces(MODELS[model])
    for name, field in definition.get("properties", {}).items():
        field.pop("title", None)
        if hint := FIELDS.get(f"{model}.{name}"):
            field["description"] = french_spaces(hint)
