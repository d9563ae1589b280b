"""The HTML a letter may be made of: plain elements, safe links, facts only where escaping protects them."""

import re
from html.parser import HTMLParser

from parvis.notifications import problems
from parvis.notifications.problems import TemplateProblem
from parvis.notifications.sandbox import LetterEnvironment, with_lf
from parvis.states.words import Sentence

ELEMENTS = frozenset({"a", "br", "em", "h2", "h3", "hr", "li", "ol", "p", "span", "strong", "ul"})
_POSSIBLE = ", ".join(sorted(ELEMENTS))
_VOID = frozenset({"br", "hr"})
_ATTRIBUTES = frozenset({"class", "dir", "lang", "title"})

# Private-use characters stand for the template's code, one for one; `check_template` refuses them in a source.
_FACT, _STEP, _LINK = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"[{_FACT}{_STEP}{_LINK}]")
_IN_TAG_NAME = re.compile(f"<[/!?]?[{_FACT}{_STEP}{_LINK}]")
_SAFE_LINK = re.compile(f"(?:https?://|mailto:|tel:)|{_LINK}+$", re.IGNORECASE)
_LINK_FACT = re.compile(r"\s*(?:\w+\.)?link\s*")


def html_problems(where: LetterEnvironment, source: str) -> list[TemplateProblem]:
    """Elements, attributes and links of `source` a letter may not have."""
    masked = _masked(where, source)
    reader = _Reader()
    reader.feed(masked)
    unfinished = re.search(r"<[A-Za-z/!?]", reader.rawdata)
    reader.close()
    for tag in [*reader.open, *(["<"] if unfinished else [])]:
        reader.report(problems.UNCLOSED, word=tag)
    for found in _IN_TAG_NAME.finditer(masked):
        line = masked.count("\n", 0, found.start()) + 1
        column = found.start() - masked.rfind("\n", 0, found.start())
        reader.found.append(TemplateProblem("html", line, column, problems.FACT_IN_TAG))
    return reader.found


def _masked(where: LetterEnvironment, source: str) -> str:
    """`source` with its code replaced by marks: what is left is written as it is, and places stay true."""
    text = with_lf(source)
    masked = [char if char == "\n" else _STEP for char in text]
    opened = 0
    for _, _, offset, kind, value in where.located(source):
        if kind in {"data", "whitespace"} and not opened:
            masked[offset : offset + len(value)] = value
        elif kind == "variable_begin":
            opened = offset + len(value)
        elif kind == "variable_end":
            mark = _LINK if _LINK_FACT.fullmatch(text[opened:offset]) else _FACT
            start, end = opened - 2, offset + len(value)
            masked[start:end] = [char if char == "\n" else mark for char in text[start:end]]
            opened = 0
    return "".join(masked)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[TemplateProblem] = []
        self.open: list[str] = []

    def report(self, sentence: Sentence, **words: str) -> None:
        line, column = self.getpos()
        seen = {key: _MARK.sub("…", word)[:200] for key, word in words.items()}
        self.found.append(TemplateProblem("html", line, column + 1, sentence.fill(**seen)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ELEMENTS:
            self.report(problems.ELEMENT, word=tag, possible=_POSSIBLE)
        for name, value in attrs:
            self._attribute(tag, name, value or "")
        if _MARK.search(re.sub(r'"[^"]*"', "", self.get_starttag_text() or "")):
            self.report(problems.FACT_IN_TAG)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        elif tag not in _VOID:
            self.report(problems.UNCLOSED, word=tag)

    def handle_comment(self, _data: str) -> None:
        self.report(problems.ELEMENT, word="<!-- -->", possible=_POSSIBLE)

    def handle_decl(self, _decl: str) -> None:
        self.report(problems.ELEMENT, word="<!", possible=_POSSIBLE)

    def handle_pi(self, _data: str) -> None:
        self.report(problems.ELEMENT, word="<?", possible=_POSSIBLE)

    def unknown_decl(self, _data: str) -> None:
        self.report(problems.ELEMENT, word="<![", possible=_POSSIBLE)

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if tag == "a" and name == "href":
            if not _SAFE_LINK.match(value.strip()):
                self.report(problems.ADDRESS)
        elif name not in _ATTRIBUTES:
            self.report(problems.ATTRIBUTE, word=name)
        elif name != "title" and _MARK.search(value):
            self.report(problems.FACT_IN_TAG)
