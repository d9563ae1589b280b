"""The closed sets of stored files: what a file is, and the few types of content taken in."""

from enum import StrEnum

from parvis.states.words import Sentence


class FileKind(StrEnum):
    """What a stored file is to its case or its sitting."""

    ATTACHMENT = "attachment"
    DECISION_LETTER = "decision_letter"
    GRANT_ORDER = "grant_order"
    AGREEMENT = "agreement"
    AMENDMENT = "amendment"
    PACKET = "packet"
    ANNEX = "annex"
    MINUTES = "minutes"
    RECOVERY_ORDER = "recovery_order"


class MediaType(StrEnum):
    """The types of content Parvis keeps; what arrives is told apart by its bytes, never by its name alone."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    TEXT = "text/plain"


EXTENSIONS: dict[str, MediaType] = {
    "pdf": MediaType.PDF, "png": MediaType.PNG, "jpg": MediaType.JPEG, "jpeg": MediaType.JPEG,
    "docx": MediaType.DOCX, "xlsx": MediaType.XLSX, "odt": MediaType.ODT, "ods": MediaType.ODS,
    "txt": MediaType.TEXT, "csv": MediaType.TEXT,
}  # fmt: skip
"""The endings a name may have, and the type each promises."""

FILE_KIND_WORDS: dict[str, Sentence] = {
    FileKind.ATTACHMENT: Sentence("pièce jointe", "attachment"),
    FileKind.DECISION_LETTER: Sentence("lettre de décision", "decision letter"),
    FileKind.GRANT_ORDER: Sentence("arrêté attributif", "grant order"),
    FileKind.AGREEMENT: Sentence("convention", "agreement"),
    FileKind.AMENDMENT: Sentence("avenant", "amendment"),
    FileKind.PACKET: Sentence("dossier de séance", "packet"),
    FileKind.ANNEX: Sentence("volume des annexes", "annex volume"),
    FileKind.MINUTES: Sentence("procès-verbal", "minutes"),
    FileKind.RECOVERY_ORDER: Sentence("ordre de reversement", "recovery order"),
}

SIGNED_KINDS = frozenset(
    {FileKind.DECISION_LETTER, FileKind.GRANT_ORDER, FileKind.AGREEMENT, FileKind.MINUTES}
)
"""Kinds somebody signs."""
