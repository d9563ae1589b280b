"""Templates of pages read for one language: what `t("fr", "en")` says is decided once, when the template is read."""

from functools import cache
from typing import Any

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

from parvis.states.words import Language, Sentence

sentence = cache(Sentence)
"""A sentence of a template, made once: there are as many as the templates say."""


class InOneLanguage(Environment):
    """An environment whose sentences without values are text of the template like any other.

    A table says its headings again in each cell, for narrow screens: to look them up took a third of a page's time.
    """

    def __init__(self, language: Language, **chosen: Any) -> None:
        super().__init__(**chosen)
        self._sayer = _Sayer(language)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        read: nodes.Template = self._sayer.visit(super()._parse(source, name, filename))
        return read


class _Sayer(NodeTransformer):
    def __init__(self, language: Language) -> None:
        self._language = language

    def visit_Call(self, call: nodes.Call) -> nodes.Node:  # noqa: N802 - the name says which node is visited
        """A call of `t` with nothing to fill in becomes what it says."""
        self.generic_visit(call)
        match call:
            case nodes.Call(
                node=nodes.Name(name="t"),
                args=[nodes.Const(value=str(fr)), nodes.Const(value=str(en))],
                kwargs=[], dyn_args=None, dyn_kwargs=None,
            ):  # fmt: skip
                return nodes.Const(sentence(fr, en).say(self._language), lineno=call.lineno)
        return call
