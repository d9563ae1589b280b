"""The part of Jinja a letter may use: what is not named here is refused before anything runs."""

import re
from collections.abc import Iterator

from jinja2 import TemplateSyntaxError, nodes

from parvis.notifications import problems
from parvis.notifications.kinds import FIELDS, LetterKind
from parvis.notifications.problems import TemplateProblem
from parvis.notifications.sandbox import FILTERS, TESTS, LetterEnvironment, Place
from parvis.states.words import Sentence

SIZE_LIMIT = 64 * 1024  # octets of one part
NODE_LIMIT = 3_000
DEPTH_LIMIT = 40
NESTING_LIMIT = 8  # loops and conditions one inside the other

CALLABLE = frozenset({"namespace", "range"})
NAMES = frozenset(FIELDS) | {"remedies"}
RESERVED = frozenset({"line", "loop"})  # `line.link` may be a link, so a line always comes from the digest

_STATEMENTS: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.If, nodes.For, nodes.Assign, nodes.Scope,
)  # fmt: skip
CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ue000-\ue002\ud800-\udfff]"
)
"""What no letter holds, written as it is or by an escape: no database keeps some, no reader shows the others."""
_EXPRESSIONS: tuple[type[nodes.Node], ...] = (
    nodes.TemplateData, nodes.Const, nodes.Name, nodes.NSRef, nodes.Getattr, nodes.Getitem, nodes.Filter,
    nodes.Test, nodes.Call, nodes.Keyword, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
    nodes.Add, nodes.Sub, nodes.Neg, nodes.CondExpr, nodes.List, nodes.Tuple,
)  # fmt: skip


def parsed(where: LetterEnvironment, part: str, source: str) -> nodes.Template | TemplateProblem:
    """`source` as a tree, or why it is not one."""
    try:
        return where.parse(source)
    except TemplateSyntaxError as error:
        return _problem(part, error.lineno, problems.SYNTAX.fill(reason=(error.message or "?").rstrip(".")))
    except ValueError:  # a number longer than Python reads
        return TemplateProblem(part, 1, 1, problems.SYNTAX.fill(reason="number too long"))
    except RecursionError:
        return TemplateProblem(part, 1, 1, problems.TOO_DEEP)


def violations(tree: nodes.Template, part: str, kind: LetterKind) -> Iterator[TemplateProblem]:
    """Every place where `tree` uses something a letter of this kind may not."""
    known = _assigned(tree)
    count = 0
    waiting: list[tuple[nodes.Node, int, int]] = [(tree, 0, 0)]
    while waiting:
        node, depth, nesting = waiting.pop()
        count += 1
        if count > NODE_LIMIT or depth > DEPTH_LIMIT or nesting > NESTING_LIMIT:
            yield _problem(part, node.lineno, problems.TOO_DEEP)
            return
        sentence = _sentence(node, kind, known)
        if sentence is not None:
            yield _problem(part, node.lineno, sentence)
        inner = nesting + isinstance(node, nodes.For | nodes.If)
        waiting += [(child, depth + 1, inner) for child in reversed(list(node.iter_child_nodes()))]


def _assigned(tree: nodes.Template) -> frozenset[str]:
    """Names the template gives a value to, in a bounded walk."""
    names, waiting = {"loop"}, [tree]
    seen: list[nodes.Node] = list(waiting)
    while seen and len(names) < NODE_LIMIT:
        node = seen.pop()
        if isinstance(node, nodes.Name) and node.ctx == "store":
            names.add(node.name)
        seen += node.iter_child_nodes()
    return frozenset(names)


def _sentence(node: nodes.Node, kind: LetterKind, known: frozenset[str]) -> Sentence | None:
    match node:
        case nodes.Name():
            return _name(node, known)
        case nodes.Const(value=str() as said) if CONTROL.search(said):
            return problems.CONTROL
        case nodes.Assign(target=nodes.Name(name=name)) if name in RESERVED:
            return problems.TAKEN.fill(word=name)
        case nodes.NSRef(name=name, attr=attr):
            return _private(name) or _private(attr)
        case nodes.Keyword(key=name):
            return _private(name)
        case nodes.Getattr():
            return _attribute(node, kind, known)
        case nodes.Getitem() | nodes.List() | nodes.Tuple():
            return None if _plain(node) else problems.EXPRESSION.fill(word="[…]")
        case nodes.Filter() | nodes.Test() | nodes.Call():
            return _applied(node)
        case nodes.For(recursive=True):
            return problems.TAG.fill(word="recursive")
        case _:
            return _kind_of_node(node)


def _plain(node: nodes.Getitem | nodes.List | nodes.Tuple) -> bool:
    """Whether brackets hold whole numbers or constants: nothing that could grow or be computed."""
    if isinstance(node, nodes.Getitem):
        return isinstance(node.arg, nodes.Const) and type(node.arg.value) is int
    stored = isinstance(node, nodes.Tuple) and node.ctx == "store"
    return stored or all(isinstance(item, nodes.Const) for item in node.items)


def _applied(node: nodes.Filter | nodes.Test | nodes.Call) -> Sentence | None:
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        return problems.EXPRESSION.fill(word="*")
    if isinstance(node, nodes.Call):
        callable_name = isinstance(node.node, nodes.Name) and node.node.name in CALLABLE
        return None if callable_name else problems.CALL
    sentence, allowed = (
        (problems.FILTER, FILTERS) if isinstance(node, nodes.Filter) else (problems.TEST, TESTS)
    )
    return (
        None if node.name in allowed else sentence.fill(word=node.name, possible=", ".join(sorted(allowed)))
    )


def _kind_of_node(node: nodes.Node) -> Sentence | None:
    if isinstance(node, (*_STATEMENTS, *_EXPRESSIONS)):
        return None
    word = getattr(node, "operator", None) or _WORDS.get(type(node).__name__, type(node).__name__.lower())
    return (problems.TAG if isinstance(node, nodes.Stmt) else problems.EXPRESSION).fill(word=word)


_WORDS = {
    "AssignBlock": "set … endset",
    "CallBlock": "call",
    "Concat": "~",
    "FilterBlock": "filter",
    "FromImport": "from … import",
    "ScopedEvalContextModifier": "autoescape",
    "Slice": "[ : ]",
}


def _name(node: nodes.Name, known: frozenset[str]) -> Sentence | None:
    if node.ctx == "store":
        return problems.TAKEN.fill(word=node.name) if node.name in NAMES | CALLABLE else _private(node.name)
    if node.name in known:
        return None
    if node.name in NAMES or node.name in CALLABLE:
        return None
    return _private(node.name) or problems.NAME.fill(word=node.name, possible=", ".join(sorted(NAMES)))


def _attribute(node: nodes.Getattr, kind: LetterKind, known: frozenset[str]) -> Sentence | None:
    refused = _private(node.attr)
    if refused is not None or not isinstance(node.node, nodes.Name) or node.node.name in known:
        return refused
    base = node.node.name
    possible = kind.allowed if base == "data" else FIELDS.get(base, frozenset())
    if base not in NAMES or node.attr in possible:
        return None
    named = ", ".join(f"{base}.{field}" for field in sorted(possible)) or base
    return problems.NAME.fill(word=f"{base}.{node.attr}", possible=named)


def _private(name: str) -> Sentence | None:
    return problems.PRIVATE.fill(word=name) if name.startswith("_") else None


def _problem(part: str, place: int | None, sentence: Sentence) -> TemplateProblem:
    column = place.column if isinstance(place, Place) else 1
    return TemplateProblem(part, int(place or 1), column, sentence)
