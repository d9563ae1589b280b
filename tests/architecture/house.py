"""What the architecture tests look at: the files of the house and their syntax trees."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "parvis"


def python_files(*rooms: str) -> list[Path]:
    """Every Python file under `rooms` (folders of the root), the whole house by default."""
    return sorted(
        path for room in rooms or ("parvis", "tests", "bench") for path in (ROOT / room).rglob("*.py")
    )


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name(path: Path) -> str:
    """How a failure names a file: its path from the root."""
    return path.relative_to(ROOT).as_posix()


def module_name(path: Path) -> str:
    """The dotted name under which a file of the package is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file, nested ones as well."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def sentences(path: Path) -> list[ast.Call]:
    """Every `Sentence(…)` a file writes."""
    calls = (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    return [call for call in calls if _called(call) == "Sentence"]


def halves(sentence: ast.Call) -> dict[str, ast.expr]:
    """The two texts of a `Sentence(…)`, `fr` and `en`, as far as they are given."""
    by_place = dict(zip(("fr", "en"), sentence.args, strict=False))
    return by_place | {keyword.arg: keyword.value for keyword in sentence.keywords if keyword.arg}


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def committed_files() -> list[Path]:
    """What a fresh clone would hold, files about to be added included; links and deleted files left out."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = (ROOT / line for line in listing.split("\0") if line)
    return [path for path in paths if path.is_file() and not path.is_symlink()]
