"""A process that checks a Word template, or fills it in: the template is somebody else's file, kept apart."""

import base64
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docxtpl import DocxTemplate

from parvis.documents.docx_sandbox import UNPRINTABLE, ClosedEnvironment, Problem, problems_of

_TAG = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
_HARD_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " "})
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_FOOTNOTES = "footnotes"


class _Template(DocxTemplate):  # type: ignore[misc]  # docxtpl says no types
    """A template whose tags may hold the hard spaces Word puts there by itself."""

    def patch_xml(self, src_xml: str) -> str:
        patched: str = super().patch_xml(src_xml)
        return _TAG.sub(lambda tag: tag.group().translate(_HARD_SPACES), patched)

    def sources(self) -> Iterator[str]:
        """What Jinja will be given, part by part: a paragraph a line."""
        self.init_docx()
        yield self._lines(self.get_xml())
        for uri in (self.HEADER_URI, self.FOOTER_URI):
            for _, part in self.get_headers_footers(uri):
                yield self._lines(self.get_part_xml(part))
        for part in self.docx.part.package.iter_parts():
            if str(part.partname).endswith(f"{_FOOTNOTES}.xml"):
                yield self._lines(part.blob.decode())
        about = self.docx.core_properties
        for name in (
            "author",
            "comments",
            "identifier",
            "language",
            "subject",
            "title",
            "keywords",
            "category",
        ):
            yield str(getattr(about, name, "") or "")

    def _lines(self, xml: str) -> str:
        return re.sub(r"<w:p([ >])", r"\n<w:p\1", self.patch_xml(xml))


def check(content: bytes) -> list[Problem]:
    """Every problem of a template; none when it can be filled in."""
    template = _Template(io.BytesIO(content))
    problems = [problem for source in template.sources() for problem in problems_of(source)]
    if not problems and not any(_TAG.search(source) for source in template.sources()):
        problems.append({"code": "no_field", "what": "", "near": "", "paragraph": ""})
    return problems


def fill(content: bytes, fields: dict[str, Any]) -> bytes:
    """The document of a template that was checked: the same template and fields, the same bytes."""
    template = _Template(io.BytesIO(content))
    template.render(_kept(fields), ClosedEnvironment(), autoescape=True)
    written = io.BytesIO()
    template.save(written)
    docx.Document(io.BytesIO(written.getvalue()))  # it opens again, or this process fails
    return settled(written.getvalue())


def fill_all(asked: dict[str, Any]) -> list[str]:
    """The documents asked for, in base64, each of one of the `templates`. What was not checked here is not run.

    Raises:
        ValueError: a template has problems.
    """
    templates = {name: base64.b64decode(content) for name, content in asked["templates"].items()}
    for content in templates.values():
        if problems := check(content):
            raise ValueError(problems)
    return [
        base64.b64encode(fill(templates[each["template"]], each["fields"])).decode()
        for each in asked["documents"]
    ]


def settled(content: bytes) -> bytes:
    """A zip whose entries carry no moment of their own."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as read,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for entry in read.infolist():
            still = zipfile.ZipInfo(entry.filename, _LONG_AGO)
            still.compress_type = zipfile.ZIP_DEFLATED
            still.external_attr = 0o600 << 16
            made.writestr(still, read.read(entry))
    return out.getvalue()


def _kept(value: Any) -> Any:
    match value:
        case dict():
            return {key: _kept(each) for key, each in value.items()}
        case list():
            return [_kept(each) for each in value]
        case _:
            return UNPRINTABLE.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n"))


def main() -> None:
    """Answer `check` with a list of problems, `fill` with documents in base64."""
    asked = json.load(sys.stdin)
    answer: Any = check(base64.b64decode(asked["template"])) if asked["do"] == "check" else fill_all(asked)
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
