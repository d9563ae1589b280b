"""Letters written out: templates, the changes a call makes to them, and what comes of both."""

from collections.abc import Mapping
from dataclasses import dataclass

from parvis.notifications.context import LetterContext


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


def render(name: str, language: str, context: LetterContext, overrides: Overrides | None = None) -> Rendered:
    """Write the letter `name` in `language`, from `overrides` when it is there."""
    raise NotImplementedError(name, language, context, overrides)
