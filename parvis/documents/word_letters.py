"""Letters and acts from the templates staff edit in Word: checked, then filled in, in a process of limited means."""

import base64
from collections.abc import Sequence
from importlib.resources import files

from parvis.documents.docx_sandbox import Problem
from parvis.documents.letter_fields import Fields, TemplateKind
from parvis.documents.limited import LimitedError, ask_limited

MEMORY_BYTES = 512_000_000
SECONDS = 20.0
SECONDS_EACH = 1.0
LARGEST_TEMPLATE = 2_000_000
"""Bytes; a template with a logo takes a tenth of it."""
LARGEST_DOCUMENT = 10_000_000

_WORKER = "parvis.documents.docx_worker"


class WordTemplateError(Exception):
    """A template cannot be filled in; it should have been refused when it was checked. `complaint` is for the log."""

    def __init__(self, complaint: str) -> None:
        super().__init__(complaint)
        self.complaint = complaint


def default_template(kind: TemplateKind) -> bytes:
    """The template of this kind that comes with Parvis."""
    return (files("parvis.documents") / "letters" / f"{kind}.docx").read_bytes()


def check_template(content: bytes) -> list[Problem]:
    """What keeps a template from being used; one that its reader chokes on has the single problem `unreadable`."""
    try:
        asked = {"do": "check", "template": base64.b64encode(content).decode()}
        found: list[Problem] = ask_limited(_WORKER, asked, memory_bytes=MEMORY_BYTES, seconds=SECONDS)
    except LimitedError as error:
        return [{"code": "unreadable", "what": error.code, "near": "", "paragraph": ""}]
    return found


def fill_template(content: bytes, fields: Fields) -> bytes:
    """The document made of a template and its fields; the same again gives the same bytes.

    Raises:
        WordTemplateError: the template asks for what there is not, or takes too much memory, time or room.
    """
    return fill_templates([(content, fields)])[0]


def fill_templates(asked: Sequence[tuple[bytes, Fields]]) -> list[bytes]:
    """Many documents made in one process: starting it costs more than a document.

    Raises:
        WordTemplateError: one of them cannot be made; none is given.
    """
    names = {content: str(number) for number, content in enumerate({content: None for content, _ in asked})}
    question = {
        "do": "fill",
        "templates": {name: base64.b64encode(content).decode() for content, name in names.items()},
        "documents": [{"template": names[content], "fields": fields} for content, fields in asked],
    }
    seconds = SECONDS + SECONDS_EACH * len(asked)
    try:
        answers = ask_limited(_WORKER, question, memory_bytes=MEMORY_BYTES, seconds=seconds)
    except LimitedError as error:
        raise WordTemplateError(f"{error.code}: {error.complaint}") from None
    made = [base64.b64decode(answer) for answer in answers]
    if any(len(each) > LARGEST_DOCUMENT for each in made):
        raise WordTemplateError("too_large")
    return made
