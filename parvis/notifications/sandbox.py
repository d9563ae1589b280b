"""The room templates run in: no loader, no attribute but the context's own keys, and an end to everything."""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, Self

from jinja2 import StrictUndefined, Template, TemplateRuntimeError, nodes, pass_context
from jinja2.lexer import TokenStream, newline_re
from jinja2.runtime import Context, LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

from parvis.states.words import PARIS, Cents, Language, Sentence, day, french_spaces, instant, money, shown

OUTPUT_LIMIT = 256 * 1024  # characters of one part of a letter
STEP_LIMIT = 20_000  # turns of all loops together
SECONDS_LIMIT = 1.0  # of processor time, so that a busy machine refuses no letter
RANGE_LIMIT = 1_000

FILTERS: Final = frozenset({
    "capitalize", "day", "default", "first", "instant", "join", "last", "length", "lower", "money", "spaces",
    "trim", "upper",
})  # fmt: skip
TESTS: Final = frozenset({"defined", "even", "none", "odd", "undefined"})
_LOOP = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length"})
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ODD_IN_FRENCH = re.compile(_UNSEEN.pattern + "|[ \u00a0][;:!?»]|«[ \u00a0]")


class TemplateLimitError(TemplateRuntimeError):
    """A template loops, writes or lasts too much."""


class Place(int):
    """A line number that remembers its column, so that every node of a template knows both."""

    column: int

    def __new__(cls, line: int, column: int) -> Self:
        """The place at `line` and `column`, both counted from 1."""
        place = super().__new__(cls, line)
        place.column = column
        return place


class Budget:
    """What one rendering may still spend; counted, not signalled, so that it holds in any thread."""

    __slots__ = ("_ends", "_steps")

    def __init__(self) -> None:
        self._steps = STEP_LIMIT
        self._ends = time.thread_time() + SECONDS_LIMIT

    def step(self) -> None:
        """Spend one step.

        Raises:
            TemplateLimitError: nothing is left, of steps or of time.
        """
        self._steps -= 1
        late = self._steps % 64 == 0 and time.thread_time() > self._ends
        if self._steps < 0 or late:
            raise TemplateLimitError("too many steps")


class LetterEnvironment(ImmutableSandboxedEnvironment):
    """Templates of one language, for text or for HTML."""

    intercepted_binops = frozenset({"+", "-"})

    def __init__(self, language: str, *, html: bool) -> None:
        super().__init__(
            autoescape=html,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_finisher(language),
            cache_size=0,
        )
        self.globals = {"range": _range, "namespace": Namespace}
        self.filters = {name: self.filters[name] for name in FILTERS & self.filters.keys()}
        self.filters |= {
            "day": lru_cache(maxsize=4096)(lambda value: day(_day(value), language)),
            "instant": lru_cache(maxsize=4096)(lambda value: instant(_instant(value), language)),
            "money": lru_cache(maxsize=4096)(lambda cents: money(_cents(cents), language)),
            "spaces": lambda text: french_spaces(str(text)) if language == Language.FR else str(text),
            "join": lambda items, between="": _joined(items, between, language),
            "metered": _metered,
        }
        self.tests = {name: self.tests[name] for name in TESTS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A key of a mapping; never an attribute of a Python object."""
        if isinstance(obj, dict):
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        if isinstance(obj, Namespace) and not attribute.startswith("_"):
            return getattr(obj, attribute, self.undefined(obj=obj, name=attribute))
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        if isinstance(obj, Undefined):
            return getattr(obj, attribute)
        if obj is None:
            return self.undefined(obj=obj, name=attribute)
        return self.unsafe_undefined(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """An item of a list or a key of a mapping; never an attribute."""
        if isinstance(obj, dict | list | tuple):
            try:
                return obj[argument]
            except (KeyError, IndexError, TypeError):
                return self.undefined(obj=obj, name=argument)
        return self.unsafe_undefined(obj, str(argument))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """`+` and `-` of whole numbers: text is put side by side, not added."""
        if type(left) is not int or type(right) is not int:
            raise TemplateRuntimeError(f"{operator} is for whole numbers")
        return super().call_binop(context, operator, left, right)

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        placed = (
            (Place(line, column), kind, value)
            for line, column, _, kind, value in self.located(source, name, state)
        )
        return TokenStream(self.lexer.wrap(placed, name, filename), name, filename)

    def located(
        self, source: str, name: str | None = None, state: str | None = None
    ) -> Iterator[tuple[int, int, int, str, str]]:
        """The tokens of `source`: line and column from 1, offset in the source with LF line ends, kind, text."""
        text = with_lf(source)
        offset = 0
        for line, kind, value in self.lexer.tokeniter(source, name, state=state):
            offset = max(text.find(value, offset), offset)
            yield line, offset - text.rfind("\n", 0, offset), offset, kind, value
            offset += len(value)


def with_lf(source: str) -> str:
    """`source` with the line ends Jinja reads."""
    return "\n".join(newline_re.split(source)[::2])


@lru_cache(maxsize=8)
def environment(language: str, *, html: bool) -> LetterEnvironment:
    """The environment of `language`, made once."""
    return LetterEnvironment(language, html=html)


def compiled(where: LetterEnvironment, tree: nodes.Template) -> Template:
    """`tree` as code whose loops are counted; `tree` is changed."""
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, "metered", [], [], None, None, lineno=loop.lineno)
    tree.set_environment(where)
    return Template.from_code(where, where.compile(tree), where.make_globals(None))


def run(template: Template, values: dict[str, Any]) -> str:
    """What `template` writes with `values`.

    Raises:
        TemplateLimitError: it loops, writes or lasts too much.
    """
    budget = Budget()
    context = template.new_context({**values, "metered": budget})
    written, size = [], 0
    for piece in template.root_render_func(context):
        size += len(piece)
        if size > OUTPUT_LIMIT:
            raise TemplateLimitError("too long")
        written.append(piece)
    return "".join(written)


@pass_context
def _metered(context: Context, items: Iterable[Any]) -> Iterator[Any]:
    step = context.parent["metered"].step
    for item in items:
        step()
        yield item


def _range(*bounds: int) -> range:
    counted = range(*bounds)
    if len(counted) > RANGE_LIMIT:
        raise TemplateLimitError("range")
    return counted


def _finisher(language: str) -> Callable[[Any], Any]:
    french = language == Language.FR
    odd = _ODD_IN_FRENCH if french else _UNSEEN

    @lru_cache(maxsize=2048)
    def finish_short(text: str) -> str:
        return finish_text(text)

    def finish_text(text: str) -> str:
        if odd.search(text) is None:
            return text
        seen = _UNSEEN.sub("", text)
        return french_spaces(seen) if french else seen

    def finish(value: Any) -> Any:
        """A value as a reader sees it: no control characters, French spaces, dates and money in full."""
        if type(value) is not str:
            value = _written(value, language)
            if type(value) is not str:
                return value
        return finish_short(value) if len(value) < 100 else finish_text(value)

    return finish


def _written(value: Any, language: str) -> Any:
    match value:
        case Undefined():
            return value
        case None | Namespace():
            return ""
        case str() | bool() | int() | float() | date() | Sentence() | Cents():
            return shown(value, language)
        case list() | tuple() if all(isinstance(item, str) for item in value):
            return shown(value, language)
        case _:
            raise TemplateRuntimeError(f"a {type(value).__name__} cannot be written in a letter")


def _joined(items: Iterable[Any], between: str, language: str) -> str:
    pieces = [str(_written(item, language)) for item in items]
    if sum(map(len, pieces)) + len(pieces) * len(between) > OUTPUT_LIMIT // 16:
        raise TemplateLimitError("join")
    return between.join(pieces)


def _day(value: Any) -> date:
    """The Paris day of `value`: a day, an aware instant, or either in ISO form."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if isinstance(moment, datetime):
        return moment.astimezone(PARIS).date() if moment.tzinfo else moment.date()
    if isinstance(moment, date):
        return moment
    raise TemplateRuntimeError("day is for dates")


def _instant(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise TemplateRuntimeError("instant is for aware instants")
    return moment


def _cents(value: Any) -> int:
    if type(value) is not int:
        raise TemplateRuntimeError("money is written from whole cents")
    return value
