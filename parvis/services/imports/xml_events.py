"""XML read event by event in bounded memory, without document types nor entities of its own."""

from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat

from parvis.services.imports.archive import corrupt, dtd

CHUNK = 2 * 1024 * 1024
"""Large on purpose: expat reads an unfinished token again from its start with each chunk."""

Attributes = dict[str, str]
"""Names, of attributes as of elements, are `namespace}name`."""


def local(name: str) -> str:
    """The name of an element without its namespace."""
    return name.rpartition("}")[2]


def read_xml(
    stream: IO[bytes],
    name: str,
    *,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Call back on every element of `stream`; yields after each chunk, so that rows can be taken as they come.

    Raises:
        DepositFileError: `xml_dtd`, `file_corrupt`.
    """

    def refuse_dtd(*_: object) -> None:
        raise dtd(name)

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse_dtd
    parser.EntityDeclHandler = refuse_dtd
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003
            yield
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError:
        raise corrupt() from None
    yield


def read_whole(stream: IO[bytes], name: str, start: Callable[[str, Attributes], None]) -> None:
    """Call back on the start of every element of a small part.

    Raises:
        DepositFileError: `xml_dtd`, `file_corrupt`.
    """
    for _ in read_xml(stream, name, start=start):
        pass
