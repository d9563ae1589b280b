"""Which functions of the house write in the database, and what an edge or an act of the fault tests reaches.

Read from the source: a definition refers to those its words name, imported or of its own module; one that holds a
statement that writes, or refers to one that does, writes. What is called by way of a value is seen where it is named.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.architecture.house import PACKAGE, ROOT, module_name, tree

Name = tuple[str, str]
"""A module and what it defines at its top."""
WRITES = re.compile(r"\bINSERT INTO\b|\bDELETE FROM\b|(?<!FOR )(?<!NO KEY )(?<!DO )\bUPDATE\s")
EDGES = ("web", "cli", "flows")
ROOMS = (*EDGES, "services", "models")
APART = {"migrations", "rehearsal"}
"""Migrations are cut by a test of their own; a rehearsal plays in a database of its own, which nobody keeps."""
_DEFINES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class House:
    """What the modules of the package define and what each definition refers to."""

    def __init__(self) -> None:
        files = [
            path for room in ROOMS for path in (PACKAGE / room).rglob("*.py") if not APART & {*path.parts}
        ]
        self.imported = {module_name(path): _imports(tree(path)) for path in files}
        self.defined = {(module_name(path), name): node for path in files for name, node in _tops(tree(path))}
        self.refers = {name: set(self._referred(name[0], node)) for name, node in self.defined.items()}
        self.writes = self._those_that_lead_to(
            {name for name, node in self.defined.items() if _read(node)[1]}
        )

    def named(self, full: str) -> Name | None:
        """What a dotted name stands for, wherever it is imported from."""
        module, _, name = full.rpartition(".")
        while (module, name) not in self.defined and name in self.imported.get(module, {}):
            module, _, name = self.imported[module][name].rpartition(".")
        return (module, name) if (module, name) in self.defined else None

    def asked_of_services(self) -> dict[Name, set[str]]:
        """What writes and an edge refers to, in services or, past them, in models; and where it does."""
        found: dict[Name, set[str]] = {}
        for (module, name), referred in self.refers.items():
            if _room(module) in EDGES:
                for each in referred & self.writes:
                    if _room(each[0]) in {"services", "models"}:
                        found.setdefault(each, set()).add(f"{module}.{name}")
        return found

    def passes_on(self, name: Name, reached: set[Name]) -> bool:
        """Whether it is reached, or has written only what is: by itself it writes nothing."""
        below = self.refers[name] & self.writes - {name}
        alone = _read(self.defined[name])[1]
        return name in reached or (not alone and all(self.passes_on(each, reached) for each in below))

    def reached(self, begun: Iterable[Name]) -> set[Name]:
        """All that these refer to, from one to the next."""
        seen, waiting = set(begun), list(begun)
        while waiting:
            for each in self.refers[waiting.pop()] - seen:
                seen.add(each)
                waiting.append(each)
        return seen

    def _referred(self, module: str, node: ast.AST) -> Iterator[Name]:
        imported = self.imported[module]
        for full in _read(node)[0]:
            head, _, rest = full.partition(".")
            if (module, head) in self.defined:
                yield module, head
            elif head in imported and (found := self.named(f"{imported[head]}.{rest}".rstrip("."))):
                yield found

    def _those_that_lead_to(self, found: set[Name]) -> set[Name]:
        came: dict[Name, set[Name]] = {}
        for name, referred in self.refers.items():
            for each in referred:
                came.setdefault(each, set()).add(name)
        waiting = list(found)
        while waiting:
            for each in came.get(waiting.pop(), set()) - found:
                found.add(each)
                waiting.append(each)
        return found


@cache
def house() -> House:
    """The house, read once."""
    return House()


def called_by_tests(module: str, name: str, seen: set[Name] | None = None) -> Iterator[Name]:
    """What of the house a function of the tests refers to, itself or by others of the tests."""
    seen = set() if seen is None else seen
    path = (ROOT / Path(*module.split("."))).with_suffix(".py")
    if (module, name) in seen or not path.exists():
        return
    seen.add((module, name))
    defined, imported = dict(_tops(tree(path))), _imports(tree(path))
    for full in _read(defined[name])[0] if name in defined else ():
        head, _, rest = full.partition(".")
        whole = f"{imported[head]}.{rest}".rstrip(".") if head in imported else f"{module}.{head}"
        if whole.startswith("parvis.") and (found := house().named(whole)):
            yield found
        elif whole.startswith("tests."):
            there, _, what = whole.rpartition(".")
            yield from called_by_tests(there, what, seen)


def _room(module: str) -> str:
    return f"{module}.".split(".")[1]


def _imports(module: ast.Module) -> Mapping[str, str]:
    """By the name used here, the dotted name of what is ours, wherever in the file it is imported."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(module) if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names if node.module.startswith(("parvis", "tests"))
    }  # fmt: skip


def _tops(module: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in module.body:
        if isinstance(node, _DEFINES):
            yield node.name, node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                yield from ((each.id, node) for each in ast.walk(target) if isinstance(each, ast.Name))


@cache
def _read(node: ast.AST) -> tuple[frozenset[str], bool]:
    """The names in it, with what is asked of each; whether it holds a statement that writes, its docstrings apart."""
    words, prose, says = set(), set(), False
    for each in ast.walk(node):
        match each:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                words.add(f"{name}.{attribute}")
            case ast.Name(id=name):
                words.add(name)
            case ast.Expr(value=ast.Constant() as text):
                prose.add(text)
            case ast.Constant(value=str() as text) if each not in prose:
                says = says or bool(WRITES.search(text))
    return frozenset(words), says
