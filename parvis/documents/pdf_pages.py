"""How many pages a PDF has, asked of a process that may not take more than its share."""

import io
import logging
import sys

from parvis.documents.limited import LimitedError, run_limited

MEMORY_BYTES = 512 * 1024 * 1024
SECONDS = 20.0


def count_pages(content: bytes) -> int | None:
    """The pages of a PDF; None when it cannot be read: broken, encrypted, or too heavy to open."""
    try:
        said = run_limited("parvis.documents.pdf_pages", content, memory_bytes=MEMORY_BYTES, seconds=SECONDS)
    except LimitedError:
        return None
    return int(said) if said.strip().isdigit() else None


def _main() -> None:
    import pikepdf  # noqa: PLC0415  (the process that asks has no need of it)

    logging.disable(logging.CRITICAL)
    try:
        with pikepdf.open(io.BytesIO(sys.stdin.buffer.read())) as pdf:
            sys.stdout.write(str(len(pdf.pages)))
    except pikepdf.PdfError:
        sys.stdout.write("unreadable")


if __name__ == "__main__":
    _main()
