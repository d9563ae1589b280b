"""The closed world a Word template runs in: an allow-list of words, checked before anything is filled in."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NoReturn

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from parvis.documents.letter_fields import GROUPS, LISTS, paths

FILTERS = ("upper", "lower", "capitalize", "length")
DEEPEST_LOOP = 2
LOOP_WORDS = ("index", "first", "last", "length")
_SHOWN = 60
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const, nodes.If, nodes.For,
    nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Filter,
)  # fmt: skip

Problem = dict[str, str]
"""`code` (`syntax`, `unknown_field`, `not_allowed`, `loop`), `what` was written, `near` what was perhaps meant,
`paragraph` where it stands."""


class ClosedEnvironment(ImmutableSandboxedEnvironment):
    """Jinja without anything to reach out with: no globals, four filters, no attribute but a key of the data."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.globals.clear()
        self.tests.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A key of the data; nothing else has attributes here."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if type(obj).__module__ == "jinja2.runtime" and attribute in LOOP_WORDS:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def call(self, *_: Any, **__: Any) -> NoReturn:
        """Nothing is called."""
        raise TemplateSyntaxError("calls are not allowed", 1)


def problems_of(source: str) -> list[Problem]:
    """What keeps one part of a template from being used; `source` has a paragraph a line."""
    lines = source.splitlines() or [""]
    try:
        read = list(_Reader().read(ClosedEnvironment().parse(source)))
    except TemplateSyntaxError as error:
        return [_problem("syntax", error.message or "", "", lines, error.lineno)]
    except (ValueError, RecursionError):  # a number longer than Python reads, brackets without end
        return [_problem("syntax", "too long or too deep", "", lines, len(lines))]
    found: dict[tuple[str, str], Problem] = {}
    for code, what, near, line in read:
        found.setdefault((code, what), _problem(code, what, near, lines, line))
    return list(found.values())


def _problem(code: str, what: str, near: str, lines: list[str], line: int) -> Problem:
    """The paragraph is shown by its own words; one without any, by the nearest before it."""
    paragraph = ""
    for each in reversed(lines[: max(line, 1)]):
        paragraph = " ".join(re.sub(r"<[^>]+>", "", each).split())
        if paragraph:
            break
    cut = paragraph[:_SHOWN] + "…" if len(paragraph) > _SHOWN else paragraph
    return {"code": code, "what": what, "near": near, "paragraph": cut}


class _Reader:
    """Walks a template and reports what is not of this world."""

    def __init__(self) -> None:
        self._known = [path for path, _ in paths()]

    def read(self, tree: nodes.Template) -> Iterator[tuple[str, str, str, int]]:
        """Code, what was written, what was perhaps meant, line."""
        yield from self._walk(tree, {}, 0)

    def _walk(
        self, node: nodes.Node, names: Mapping[str, str], depth: int
    ) -> Iterator[tuple[str, str, str, int]]:
        match node:
            case nodes.For():
                yield from self._loop(node, names, depth)
            case nodes.Getattr():
                yield from self._field(node, names)
            case nodes.Name():
                if node.name not in LISTS:
                    yield self._unknown(node.name, node.lineno)
            case nodes.Const(value=str() as said) if UNPRINTABLE.search(said):
                yield "not_allowed", repr(said[:_SHOWN]), "", node.lineno
            case nodes.Filter() if node.name not in FILTERS:
                yield "not_allowed", f"|{node.name}", "", node.lineno
            case _ if not isinstance(node, _ALLOWED):
                yield "not_allowed", type(node).__name__, "", node.lineno
            case _:
                for child in node.iter_child_nodes():
                    yield from self._walk(child, names, depth)

    def _loop(
        self, node: nodes.For, names: Mapping[str, str], depth: int
    ) -> Iterator[tuple[str, str, str, int]]:
        over = node.iter.name if isinstance(node.iter, nodes.Name) else ""
        item = node.target.name if isinstance(node.target, nodes.Name) else ""
        if over not in LISTS:
            yield self._unknown(over or "for", node.lineno)
        elif not item or node.recursive or depth >= DEEPEST_LOOP:
            yield "loop", over, "", node.lineno
        else:
            inner = {**names, item: f"{over}[]", "loop": "loop"}
            for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
                yield from self._walk(child, inner, depth + 1)

    def _field(self, node: nodes.Getattr, names: Mapping[str, str]) -> Iterator[tuple[str, str, str, int]]:
        if not isinstance(node.node, nodes.Name):
            yield "not_allowed", f"….{node.attr}", "", node.lineno
            return
        owner = node.node.name
        meant = names.get(owner, owner)
        if meant == "loop" and node.attr in LOOP_WORDS:
            return
        group = LISTS[meant[:-2]] if meant.endswith("[]") else GROUPS.get(meant, {})
        if node.attr not in group:
            yield self._unknown(f"{meant}.{node.attr}", node.lineno)

    def _unknown(self, what: str, line: int) -> tuple[str, str, str, int]:
        near = get_close_matches(what, [*self._known, *LISTS], n=1, cutoff=0.5)
        if not near:
            last = what.rpartition(".")[2]
            near = [path for path in self._known if path.rpartition(".")[2] == last][:1]
        return "unknown_field", what, near[0] if near else "", line
