"""How a stored file is shown in a page: a picture of one of its pages, its text, or why it is not shown."""

from dataclasses import dataclass

from parvis.documents.page_pictures import NoPictureError, draw
from parvis.services import files
from parvis.services.files import FileLine, LostFileError, Shelf
from parvis.states.files import MediaType
from parvis.states.words import Sentence

__all__ = ["PICTURES", "Preview", "preview"]

LONGEST_TEXT = 100_000
PICTURES: frozenset[str] = frozenset({MediaType.PNG, MediaType.JPEG})
"""Files a page shows as they are: nothing in them runs."""

NOT_SHOWN: dict[str, Sentence] = {
    "other_type": Sentence(
        "Ce type de fichier ne se montre pas ici : le télécharger pour l’ouvrir.",
        "This type of file is not shown here: download it to open it.",
    ),
    "encrypted": Sentence(
        "Ce PDF est protégé par un mot de passe : le télécharger, ou en demander une copie sans protection.",
        "This PDF is protected by a password: download it, or ask for a copy without protection.",
    ),
    "broken": Sentence(
        "Ce fichier ne se laisse pas dessiner : le télécharger pour l’ouvrir.",
        "This file cannot be drawn: download it to open it.",
    ),
    "no_page": Sentence("Ce document n’a pas cette page.", "This document has no such page."),
    "lost": Sentence(
        "Ce fichier n’est plus sur le disque du serveur : prévenir la personne qui administre Parvis.",
        "This file is no longer on the server’s disk: tell whoever runs Parvis.",
    ),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """What is shown of a file: a page of it drawn as a `png`, out of so many `pages`, or its `text`.

    `cut` says that there is more text, `picture` that it is shown as it is, `refusal` why nothing is.
    """

    png: bytes = b""
    pages: int = 0
    picture: bool = False
    text: str = ""
    cut: bool = False
    refusal: Sentence | None = None


def preview(kept: Shelf, line: FileLine, page: int) -> Preview:
    """What is shown of a file, `page` being the one wanted of it."""
    try:
        content = files.read(kept, line)
        match line.media_type:
            case MediaType.PDF:
                drawn = draw(content, page)
                return Preview(drawn.png, drawn.pages)
            case MediaType.PNG | MediaType.JPEG:
                return Preview(pages=1, picture=True)
            case MediaType.TEXT:
                return _text(content)
            case _:
                return Preview(refusal=NOT_SHOWN["other_type"])
    except NoPictureError as error:
        return Preview(refusal=NOT_SHOWN[error.why])
    except LostFileError:
        return Preview(refusal=NOT_SHOWN["lost"])


def _text(content: bytes) -> Preview:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return Preview(text=text[:LONGEST_TEXT], cut=len(text) > LONGEST_TEXT)
