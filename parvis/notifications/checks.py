"""A template checked before it is saved: what it may use, then a try with invented facts."""

import re
from collections.abc import Iterator

from parvis.notifications import grammar, problems
from parvis.notifications.context import LetterContext
from parvis.notifications.kinds import LETTERS, LetterKind
from parvis.notifications.markup import html_problems
from parvis.notifications.problems import TemplateProblem
from parvis.notifications.render import LetterTemplateError, Rendered, Source, render
from parvis.notifications.samples import sample
from parvis.notifications.sandbox import environment

__all__ = ["TemplateProblem", "check_template"]


def check_template(name: str, language: str, subject: str, text: str, html: str) -> list[TemplateProblem]:
    """What must be corrected before this template of the letter `name` may be saved; empty when it may.

    Raises:
        KeyError: there is no such letter.
    """
    kind = LETTERS[name]
    parts = {"subject": subject, "text": text, "html": html}
    found = [problem for part, source in parts.items() for problem in _part(part, source, language, kind)]
    if found:
        return sorted(
            found, key=lambda problem: (list(parts).index(problem.part), problem.line, problem.column)
        )
    return _tried(kind, language, Source(subject, text, html))


def _part(part: str, source: str, language: str, kind: LetterKind) -> Iterator[TemplateProblem]:
    if not source.strip():
        yield TemplateProblem(part, 1, 1, problems.EMPTY)
        return
    if len(source.encode("utf-8", "surrogatepass")) > grammar.SIZE_LIMIT:
        yield TemplateProblem(part, 1, 1, problems.TOO_LONG)
        return
    if (control := grammar.CONTROL.search(source)) is not None:
        line = source.count("\n", 0, control.start()) + 1
        yield TemplateProblem(
            part, line, control.start() - source.rfind("\n", 0, control.start()), problems.CONTROL
        )
        return
    if part == "subject" and (broken := re.search("[\r\n\u2028\u2029]", source)) is not None:
        yield TemplateProblem(part, 1, broken.start() + 1, problems.ONE_LINE)
    where = environment(language, html=part == "html")
    tree = grammar.parsed(where, part, source)
    if isinstance(tree, TemplateProblem):
        yield tree
        return
    yield from grammar.violations(tree, part, kind)
    if part == "html":
        yield from html_problems(where, source)


def _tried(kind: LetterKind, language: str, source: Source) -> list[TemplateProblem]:
    """The first failure of `source` on a full example, then on one with nothing but what is required."""
    for context in (sample(kind.name, language), _bare(kind, sample(kind.name, language))):
        try:
            rendered = render(kind.name, language, context, {(kind.name, language): source})
        except LetterTemplateError as error:
            sentence = (
                problems.LIMIT
                if error.code == "limit"
                else problems.TRIED.fill(reason=error.reason.rstrip("."))
            )
            return [TemplateProblem(error.part, max(error.line, 1), 1, sentence)]
        except (RecursionError, SyntaxError, MemoryError):
            return [TemplateProblem("text", 1, 1, problems.TOO_DEEP)]
        if silent := _silent(rendered):
            return [TemplateProblem(silent, 1, 1, problems.SILENT)]
    return []


def _bare(kind: LetterKind, context: LetterContext) -> LetterContext:
    for key in kind.optional:
        context["data"].pop(key, None)  # type: ignore[misc]
    if (case := context["case"]) is not None:
        context["case"] = {**case, "summary": "", "starts_on": None, "ends_on": None, "deposited_on": None}
    return {**context, "officer": {"name": "", "email": ""}, "link": ""}


def _silent(rendered: Rendered) -> str:
    return "" if rendered.subject.strip() else "subject"
