"""Letters written out: templates, the changes a call makes to them, and what comes of both."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Template, TemplateError, nodes

from parvis.notifications import grammar, layout
from parvis.notifications.context import LetterContext
from parvis.notifications.kinds import LETTERS, missing_facts
from parvis.notifications.problems import TemplateProblem
from parvis.notifications.sandbox import LetterEnvironment, TemplateLimitError, compiled, environment, run
from parvis.states.quotes import inner_quotes
from parvis.states.words import Language

TEMPLATES = Path(__file__).parent / "templates"
_SUBJECT_WORD = {Language.FR: re.compile(r"^Objet\s*:\s*"), Language.EN: re.compile(r"^Subject\s*:\s*")}
_BLANK_LINES = re.compile(r"\n{3,}")
_SPACES = re.compile(r"[\s\u2028\u2029]+")

RUNTIME_ERRORS = (TemplateError, TypeError, ValueError, LookupError, ArithmeticError, RecursionError)


class LetterFactsError(Exception):
    """The letter `name` cannot be written: the context lacks the keys in `missing`."""

    def __init__(self, name: str, missing: list[str]) -> None:
        super().__init__(f"{name}: {', '.join(missing)}")
        self.name = name
        self.missing = missing


class LetterTemplateError(Exception):
    """A template fails on these facts: `code` is `limit` or `template`, `line` counts from 1 (0 if unknown)."""

    def __init__(self, code: str, part: str, line: int, reason: str) -> None:
        super().__init__(f"{part}, line {line}: {reason}")
        self.code = code
        self.part = part
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Source:
    """The template of one letter in one language; `html` is the inside of the letter, without its frame."""

    subject: str
    text: str
    html: str


Overrides = Mapping[tuple[str, str], Source]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter written out; `fingerprint` names the templates it came from."""

    subject: str
    text: str
    html: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class _Compiled:
    subject: Template
    text: Template
    html: Template
    fingerprint: str


def render(name: str, language: str, context: LetterContext, overrides: Overrides | None = None) -> Rendered:
    """Write the letter `name` in `language` (French when unknown), from `overrides` when it is there.

    Raises:
        KeyError: there is no such letter.
        LetterFactsError: a fact the letter needs is not in `context`.
        LetterTemplateError: the template fails, loops, writes or lasts too much.
    """
    kind = LETTERS[name]
    if missing := missing_facts(kind, context):
        raise LetterFactsError(name, missing)
    language = language if language == Language.EN else Language.FR
    override = overrides.get((name, language)) if overrides else None
    template = _compiled(name, language, override)
    values: dict[str, Any] = {**context, "data": {**dict.fromkeys(kind.optional), **context["data"]}}
    quotes = inner_quotes if language == Language.FR else str
    subject = quotes(_SPACES.sub(_one_space, _run("subject", template.subject, values)).strip())
    text = quotes(_run("text", template.text, values))
    return Rendered(
        subject=subject,
        text=_BLANK_LINES.sub("\n\n", text).strip() + "\n",
        html=quotes(_run("html", template.html, {**values, "subject": subject})),
        fingerprint=template.fingerprint,
    )


@lru_cache(maxsize=128)
def built_in(name: str, language: str) -> Source:
    """The template Parvis comes with.

    Raises:
        KeyError: there is no such letter.
    """
    kind = LETTERS[name]
    return as_source(_file(f"{kind.name}.{language}.txt"), _file(f"{kind.name}.{language}.html"), language)


def as_source(text: str, html: str, language: str) -> Source:
    """A template from its two files: the text begins with a line `Objet :` (or `Subject:`), then a blank one."""
    first, _, body = text.replace("\r\n", "\n").partition("\n\n")
    return Source(_SUBJECT_WORD[Language(language)].sub("", first), body.rstrip("\n"), html.rstrip("\n"))


@lru_cache(maxsize=512)
def _compiled(name: str, language: str, override: Source | None) -> _Compiled:
    source = override or built_in(name, language)
    plain, rich = environment(language, html=False), environment(language, html=True)
    if override is not None:
        _permitted(name, override, plain)
    frame = {"text": _file(f"_frame.{language}.txt"), "html": _file(f"_frame.{language}.html")}
    remedies = (_file(f"_remedies.{language}.txt"), _file(f"_remedies.{language}.html"))
    sources = (source.subject, source.text, source.html, *frame.values(), *remedies)
    named = hashlib.sha256("\0".join(sources).encode())
    return _Compiled(
        subject=compiled(plain, layout.typeset(plain.parse(source.subject), language, html=False)),
        text=_framed(plain, language, frame["text"], source.text, "txt"),
        html=_framed(rich, language, frame["html"], source.html, "html"),
        fingerprint=named.hexdigest()[:16],
    )


def _permitted(name: str, source: Source, where: LetterEnvironment) -> None:
    """Refuse a template saved before a rule it breaks: the grammar is checked again before it first runs."""
    for part, template in (("subject", source.subject), ("text", source.text), ("html", source.html)):
        tree = grammar.parsed(where, part, template)
        found = [tree] if isinstance(tree, TemplateProblem) else grammar.violations(tree, part, LETTERS[name])
        for problem in found:
            raise LetterTemplateError("template", part, problem.line, problem.sentence.en)


def _framed(where: LetterEnvironment, language: str, frame: str, inside: str, form: str) -> Template:
    pieces: layout.Pieces = {
        "remedies": lambda: where.parse(_file(f"_remedies.{language}.{form}")).body,
        "dark_mode": lambda: [nodes.Output([nodes.TemplateData(layout.DARK_MODE)])],
        "body": lambda: layout.spliced(where.parse(inside), {"remedies": pieces["remedies"]}).body,
    }
    whole = layout.spliced(where.parse(frame), pieces)
    return compiled(where, layout.typeset(whole, language, html=form == "html"))


@lru_cache(maxsize=256)
def _file(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8").rstrip("\n")


def _one_space(found: re.Match[str]) -> str:
    """A line break in a subject becomes a space; a no-break space stays what it is."""
    return found.group() if found.group() in {"\u00a0", "\u202f", " "} else " "


def _run(part: str, template: Template, values: dict[str, Any]) -> str:
    try:
        return run(template, values)
    except TemplateLimitError as error:
        raise LetterTemplateError("limit", part, _line(template, error), str(error)) from error
    except RUNTIME_ERRORS as error:
        raise LetterTemplateError("template", part, _line(template, error), str(error)) from error


def _line(template: Template, error: Exception) -> int:
    trace, line = error.__traceback__, 0
    while trace is not None:
        if trace.tb_frame.f_code is template.root_render_func.__code__:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line
