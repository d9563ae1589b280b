"""Facts about every Python file: what its first line says, how long it may be, what it never reads."""

import ast
import re
from pathlib import Path

from tests.architecture.house import PACKAGE, functions, name, python_files, tree

MODULE_LINES = 300
FUNCTION_LINES = 40

# Longer on purpose, each with its reason. A new entry needs one as good.
_TABLE = "one subject told in many short tests: a table of situations, longer than it is complicated"
LONG_MODULES: dict[str, str] = dict.fromkeys(
    (
        "tests/notifications/test_letters.py",
        "tests/notifications/test_message.py",
        "tests/notifications/test_smtp.py",
        "tests/services/test_contracts.py",
        "tests/states/test_contract.py",
    ),
    _TABLE,
)
LONG_FUNCTIONS: dict[str, str] = {}

CLOCKS = re.compile(
    r"(?:datetime|dt|date|pendulum)\.(?:now|utcnow|today)|time\.time(?:_ns)?|func\.(?:now|current_\w+)"
)
ENVIRONMENT = re.compile(r"os\.(?:environb?|getenvb?|putenv)")
SQL_CLOCKS = re.compile(
    r"\b(?:now|(?:clock|statement|transaction)_timestamp|timeofday)\s*\(\)"
    r"|\b(?:current_timestamp|current_date|localtimestamp)\b",
    re.IGNORECASE,
)
EDGE = PACKAGE / "services" / "wiring.py"


def test_the_first_line_of_every_file_says_what_belongs_in_it():
    silent = [name(path) for path in python_files() if not _opens_with_a_docstring(path)]

    assert silent == []


def test_a_module_stays_under_300_lines():
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}

    assert {
        path: lines for path, lines in lengths.items() if lines >= MODULE_LINES and path not in LONG_MODULES
    } == {}


def test_a_function_stays_under_40_lines_its_docstring_apart():
    lengths = {
        f"{name(path)}:{function.name}": _code_lines(function)
        for path in python_files()
        for function in functions(path)
    }

    assert {
        key: lines for key, lines in lengths.items() if lines >= FUNCTION_LINES and key not in LONG_FUNCTIONS
    } == {}


def test_an_exception_to_the_sizes_goes_when_it_is_no_longer_needed():
    long_modules = {
        name(path)
        for path in python_files()
        if len(path.read_text(encoding="utf-8").splitlines()) >= MODULE_LINES
    }
    long_functions = {
        f"{name(path)}:{function.name}"
        for path in python_files()
        for function in functions(path)
        if _code_lines(function) >= FUNCTION_LINES
    }

    assert LONG_MODULES.keys() - long_modules == set()
    assert LONG_FUNCTIONS.keys() - long_functions == set()


def test_only_the_wiring_reads_the_clock_or_the_environment():
    found = [
        f"{name(path)}:{node.lineno} {dotted}"
        for path in python_files("parvis")
        if path != EDGE
        for node, dotted in _dotted_names(path)
        if CLOCKS.fullmatch(dotted) or ENVIRONMENT.fullmatch(dotted)
    ]

    assert found == []


def test_the_clock_and_the_environment_are_not_imported_by_name():
    hidden = {("time", "time"), ("time", "time_ns"), ("os", "environ"), ("os", "getenv"), ("os", "environb")}

    found = [
        f"{name(path)}:{node.lineno}"
        for path in python_files("parvis")
        if path != EDGE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        and any((node.module, alias.name) in hidden for alias in node.names)
    ]

    assert found == []


def test_no_statement_reads_the_clock_of_the_database():
    found = [
        f"{name(path)}:{line} {text.strip()[:60]!r}"
        for path in python_files("parvis")
        for line, text in _strings(path)
        if SQL_CLOCKS.search(text)
    ]

    assert found == []


def test_no_test_replaces_our_own_code_by_a_mock():
    mocked = [
        f"{name(path)}:{node.lineno}"
        for path in python_files("tests")
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("unittest"))
        or (isinstance(node, ast.Import) and any(alias.name.startswith("unittest") for alias in node.names))
    ]

    assert mocked == []


def test_no_test_writes_into_our_code_when_it_is_imported():
    """What a test module sets in ours as it is collected would hold for every test after it."""
    written = [
        f"{name(path)}:{node.lineno}"
        for path in python_files("tests", "bench")
        for node in tree(path).body
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute)
    ]

    assert written == []


def test_no_except_swallows_everything():
    """`except Exception` hides the failure a retry should see; the edges translate named errors."""
    swallowing = [
        f"{name(path)}:{node.lineno}"
        for path in python_files("parvis")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
    ]

    assert swallowing == []


def _opens_with_a_docstring(path: Path) -> bool:
    docstring = ast.get_docstring(tree(path))
    return bool(docstring and docstring.splitlines()[0].strip()) and tree(path).body[0].lineno == 1


def _code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = function.body[0]
    told = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if told else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def _dotted_names(path: Path) -> list[tuple[ast.Attribute, str]]:
    """Every `a.b` of a file, by its last two names: `datetime.datetime.now` is `datetime.now`."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            found.append((node, f"{owner}.{node.attr}"))
    return found


def _strings(path: Path) -> list[tuple[int, str]]:
    """Every string of a file but the docstrings, with its line."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"} for kind in caught
    ) and not any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))
