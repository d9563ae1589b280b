"""The contract file: from YAML to a contract, every error with its line; and its JSON Schema."""

from parvis.services.contracts.problems import ContractFileError, FileProblem
from parvis.services.contracts.reader import read_contract
from parvis.services.contracts.schema import contract_schema, schema_text

__all__ = ["ContractFileError", "FileProblem", "contract_schema", "read_contract", "schema_text"]
