"""A call some years later, as the lines to add to the contract's file."""

from typing import Any

import yaml

from parvis.states.contract import Contract, roll_forward


def rolled_text(contract: Contract, code: str, year: int) -> str:
    """The call `code` as it would be in `year`: YAML for the list of calls, only what is not a default.

    Raises:
        KeyError: the contract has no such call.
    """
    call = contract.call(code)
    rolled = roll_forward(call, year - call.year)
    document = rolled.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    written = yaml.dump([_plain(document)], allow_unicode=True, sort_keys=False, width=110, indent=2)
    return "".join(f"  {line}\n" for line in written.splitlines())


def _plain(value: Any) -> Any:
    """Lists rather than tuples, which YAML would mark."""
    match value:
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return value
