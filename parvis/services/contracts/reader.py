"""Reading a contract file: YAML, then models, every error with its line."""

from pathlib import Path as FilePath

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from parvis.services.contracts.problems import ContractFileError, FileProblem, path_text
from parvis.services.contracts.sentences import sentence_of
from parvis.services.contracts.yaml_tree import MAX_BYTES, Tree, read_tree
from parvis.states.contract import Contract
from parvis.states.contract.values import RULE
from parvis.states.fields.errors import shortened
from parvis.states.words import Sentence

UNREADABLE = Sentence(
    "Le fichier « {file} » ne peut pas être lu : vérifier son nom, son dossier et ses droits.",
    "The file “{file}” cannot be read: check its name, its folder and its permissions.",
)


def read_contract(source: FilePath | str | bytes) -> Contract:
    """The contract of a YAML file (a path), of its text or of its bytes.

    Raises:
        ContractFileError: it cannot be read or used; every error is listed with its line, path and value.
    """
    file = str(source) if isinstance(source, FilePath) else ""
    try:
        tree = read_tree(_bytes(source))
        return _contract(tree)
    except ContractFileError as error:
        raise ContractFileError(error.problems, file=file) from None


def _bytes(source: FilePath | str | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    if isinstance(source, str):
        return source.encode("utf-8", "surrogatepass")
    try:
        with source.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError:
        raise ContractFileError([FileProblem(1, "", None, UNREADABLE.fill(file=source.name))]) from None


def _contract(tree: Tree) -> Contract:
    try:
        return Contract.model_validate(tree.value)
    except ValidationError as error:
        raise ContractFileError(
            _problem(tree, detail) for detail in error.errors(include_url=False)
        ) from None


def _problem(tree: Tree, error: ErrorDetails) -> FileProblem:
    known = tree.nearest(error["loc"])
    path = error["loc"] if error["type"] in ("missing", RULE) else known
    return FileProblem(tree.lines[known], path_text(path), _written(tree, error, known), sentence_of(error))


def _written(tree: Tree, error: ErrorDetails, path: tuple[str | int, ...]) -> str | None:
    """What the file says there: its own words rather than what they were read as."""
    value: object = tree.value
    for part in path:
        value = value[part]  # type: ignore[index]
    if isinstance(value, (dict, list)):
        value = error["input"]
    return None if value is None or isinstance(value, (dict, list, tuple)) else shortened(value)
