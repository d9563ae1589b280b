"""How a letter looks: the frame around it, the style of each element written inline, French spaces."""

import re
from collections.abc import Callable, Iterator, Mapping

from jinja2 import nodes

from parvis.states.words import Language, french_spaces

_FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_TEXT = "color:#1b1f24"
_SOFT = "color:#4a5560"

# Mail readers that drop <style> keep these; those that keep it turn dark with DARK_MODE.
STYLES: dict[str, str] = {
    "body.page": f"margin:0;padding:16px 0;background-color:#f2f4f6;{_TEXT};{_FONT};"
    "font-size:16px;line-height:1.5;-webkit-text-size-adjust:100%",
    "div.letter": "max-width:600px;margin:0 auto;padding:24px 20px;background-color:#ffffff;"
    "border-top:4px solid #1f4e79;overflow-wrap:break-word;word-wrap:break-word",
    "div.foot": "margin:32px 0 0;padding:16px 0 0;border-top:1px solid #c9d1d9",
    "p.sender": f"margin:0;font-size:18px;font-weight:bold;line-height:1.3;{_TEXT}",
    "p.about": f"margin:4px 0 24px;font-size:15px;{_SOFT}",
    "p.contact": f"margin:0 0 12px;font-size:14px;{_SOFT}",
    "p.small": f"margin:24px 0 16px;font-size:14px;{_SOFT}",
    "p.quote": f"margin:0 0 16px;padding:2px 0 2px 16px;border-left:3px solid #1f4e79;white-space:pre-line;{_TEXT}",
    "p": f"margin:0 0 16px;{_TEXT}",
    "h2": f"margin:24px 0 8px;font-size:18px;line-height:1.3;{_TEXT}",
    "ul": "margin:0 0 16px;padding:0 0 0 22px",
    "ol": "margin:0 0 16px;padding:0 0 0 22px",
    "li": f"margin:0 0 8px;{_TEXT}",
    "a": "color:#1f4e79;text-decoration:underline",
    "a.button": "display:inline-block;padding:11px 20px;background-color:#1f4e79;color:#ffffff;"
    "border-radius:4px;font-weight:bold;text-decoration:none",
}

DARK_MODE = """<style>
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.page{background-color:#101418!important}
.letter{background-color:#1a2027!important;border-color:#7db3e8!important}
.letter p,.letter li,.letter h2,.letter strong{color:#e8ecf0!important}
.letter .about,.letter .small,.letter .contact,.letter .contact strong{color:#b4bec8!important}
.letter .quote{border-color:#7db3e8!important}
.letter .foot{border-color:#46515c!important}
.letter a{color:#9ccbf5!important}
.letter a.button{background-color:#9ccbf5!important;color:#101418!important}
}
@media (max-width:480px){
.page{padding:0!important}
}
</style>"""

_TAG = re.compile(r"<([a-z][a-z0-9]*)(?: class=\"([a-z]+)\")?")
_INDENT = re.compile(r"\n[ \t]+")

Pieces = Mapping[str, Callable[[], list[nodes.Node]]]


def spliced(tree: nodes.Template, pieces: Pieces) -> nodes.Template:
    """`tree` with each `{{ name }}` of `pieces` replaced by what the piece gives; `tree` is changed."""
    tree.body = list(_spliced(tree.body, pieces))
    return tree


def typeset(tree: nodes.Template, language: str, *, html: bool) -> nodes.Template:
    """`tree` with its own text set in type: styles inline, French spaces; to be done once; `tree` is changed."""
    for data in tree.find_all(nodes.TemplateData):
        data.data = styled(data.data) if html else data.data
        if language == Language.FR:
            data.data = french_spaces(data.data)
    return tree


def styled(html: str) -> str:
    """`html` with the style of each of its elements written inline, and no indentation."""
    return _INDENT.sub("\n", _TAG.sub(_with_style, html))


def _with_style(found: re.Match[str]) -> str:
    tag, kind = found.groups()
    style = STYLES.get(f"{tag}.{kind}") or STYLES.get(tag)
    return f'{found.group()} style="{style}"' if style else found.group()


def _spliced(statements: list[nodes.Node], pieces: Pieces) -> Iterator[nodes.Node]:
    for statement in statements:
        for name in ("body", "else_", "elif_"):
            if hasattr(statement, name):
                setattr(statement, name, list(_spliced(getattr(statement, name), pieces)))
        if isinstance(statement, nodes.Output):
            yield from _output(statement, pieces)
        else:
            yield statement


def _output(statement: nodes.Output, pieces: Pieces) -> Iterator[nodes.Node]:
    kept: list[nodes.Expr] = []
    for expression in statement.nodes:
        if isinstance(expression, nodes.Name) and expression.name in pieces:
            yield nodes.Output(kept, lineno=statement.lineno)
            yield from pieces[expression.name]()
            kept = []
        else:
            kept.append(expression)
    yield nodes.Output(kept, lineno=statement.lineno)
