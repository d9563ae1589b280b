"""A whole case in one zip that outlives Parvis: pages, files, letters, journal, proof; checked without a database."""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from parvis.models.queries.archives import KeptLetter, frame, kept_letters
from parvis.models.queries.journal import one_chain
from parvis.models.queries.payments import payments_of
from parvis.models.session import Session
from parvis.services import files
from parvis.services.case_document import case_document
from parvis.services.cases import CaseView, read_case
from parvis.services.file_names import free_name
from parvis.services.files import Shelf
from parvis.services.histories import history
from parvis.states.calendar import paris_day
from parvis.states.examination import Chain, Claim, Point, examine
from parvis.states.journal import Line, Subject
from parvis.states.words import Sentence, instant

JOURNAL, SUMS, READ_ME = "journal.json", "empreintes.sha256", "LISEZMOI.txt"
_OLDEST = (1980, 1, 1, 0, 0, 0)  # a zip knows no earlier day; the same case gives the same bytes

NOT_ONE = Sentence(
    "« {file} » n’est pas l’archive d’un dossier de Parvis.",
    "“{file}” is not the archive of a case of Parvis.",
)
CHANGED = Sentence(
    "« {file} » manque dans l’archive ou n’est plus ce qui y a été mis.",
    "“{file}” is missing from the archive, or no longer what was put there.",
)
TEXT = """Dossier {reference} – {title}
Archive du {day}

dossier.pdf         tout le dossier, à lire (PDF/A)
dossier.json        le même, pour un programme ; montants en centimes
pieces/             les fichiers du dossier
lettres/            les lettres parties, dans l’ordre
journal.json        ce qui est arrivé, ligne à ligne, avec sa preuve
empreintes.sha256   le SHA-256 de chacun : « sha256sum -c empreintes.sha256 »

La preuve : l’empreinte d’une ligne du journal est le SHA-256 de l’empreinte de la précédente (32 octets nuls pour
la première) suivie de ses champs, séparés par l’octet 0x1F : numéro du dossier, rang, instant en microsecondes
depuis 1970, auteur, rôle, acte, étape de départ, étape d’arrivée, détails. Les ancres nomment l’empreinte qu’elles
ont scellée.
« parvis case check-archive » refait ce calcul, sans base de données.
"""


class ArchiveError(Exception):
    """An archive is not one, or was changed."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(why.en)
        self.why = why


@dataclass(frozen=True, slots=True)
class Archived:
    """What an archive holds."""

    reference: str
    files: int
    letters: int
    lines: int


def archive(session: Session, kept: Shelf, case_id: int, file: Path, *, at: datetime) -> Archived:
    """Write the archive of a case, as it is on the Paris day of `at`; the same case gives the same bytes all day.

    Raises:
        LostFileError: a file of the case is not there any more.
        TypesettingError: its pages cannot be made.
        OSError: the archive cannot be written.
    """
    view, chain, letters = (
        read_case(session, case_id),
        one_chain(session, Subject.CASE, case_id),
        kept_letters(session, case_id),
    )
    sums: dict[str, str] = {}
    lines = files.list_files(session, case_ids=[case_id])
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:

        def put(name: str, content: bytes) -> None:
            sums[name] = hashlib.sha256(content).hexdigest()
            made.writestr(zipfile.ZipInfo(name, _OLDEST), content, zipfile.ZIP_DEFLATED)

        put(READ_ME, _read_me(view, at))
        around = (payments_of(session, case_id), lines, history(session, case_id, "fr"))
        put("dossier.pdf", case_document(view, frame(session, case_id), *around, at=at))
        put("dossier.json", _json(TypeAdapter(CaseView).dump_python(view, mode="json")))
        put(JOURNAL, _json(_proof(chain)))
        names: frozenset[str] = frozenset()
        for line in lines:
            name = free_name(line.name, names)
            names |= {name.casefold()}
            put(f"pieces/{name}", files.read(kept, line))
        for number, letter in enumerate(letters, 1):
            put(f"lettres/{number:03}-{paris_day(letter.sent_at)}.txt", _letter(letter))
        made.writestr(
            zipfile.ZipInfo(SUMS, _OLDEST), "".join(f"{digest}  {name}\n" for name, digest in sums.items())
        )
    return Archived(view.head.reference, len(lines), len(letters), len(chain.lines))


def check(file: Path) -> Archived:
    """Read an archive again: every file is what was put there, and the journal holds. No database is needed.

    Raises:
        ArchiveError: it is not an archive, or something was changed.
    """
    try:
        with zipfile.ZipFile(file) as made:
            sums = dict(_listed(made.read(SUMS).decode()))
            for name, digest in sums.items():
                if name not in made.namelist() or hashlib.sha256(made.read(name)).hexdigest() != digest:
                    raise ArchiveError(CHANGED.fill(file=name))
            chain = _chain(json.loads(made.read(JOURNAL)))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError):
        raise ArchiveError(NOT_ONE.fill(file=file)) from None
    if examine(chain) is not None:
        raise ArchiveError(CHANGED.fill(file=JOURNAL))
    inside = [name.partition("/")[0] for name in sums]
    return Archived(chain.reference, inside.count("pieces"), inside.count("lettres"), len(chain.lines))


def _listed(sums: str) -> Iterator[tuple[str, str]]:
    for line in sums.splitlines():
        digest, _, name = line.partition("  ")
        yield name, digest


def _read_me(view: CaseView, at: datetime) -> bytes:
    head = view.head
    return TEXT.format(reference=head.reference, title=head.title, day=paris_day(at).isoformat()).encode()


def _letter(letter: KeptLetter) -> bytes:
    head = f"Le {instant(letter.sent_at)}\nÀ {letter.name}, {letter.address}\nObjet : {letter.subject}\n\n"
    return (head + letter.text).encode("utf-8", "replace")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _proof(chain: Chain) -> dict[str, Any]:
    claim = chain.claim
    return {
        "case": chain.id, "claim": {**asdict(claim), "head": claim.head.hex()} if claim else None,
        "anchors": [{"anchor": point.anchor, "seq": point.seq, "hash": point.hash.hex()} for point in chain.points],
        "lines": [
            {**{name: value for name, value in asdict(line).items() if name != "case_id"},
             "at": line.at.isoformat(), "hash": own.hex()}
            for line, own in chain.lines
        ],
    }  # fmt: skip


def _chain(proof: Mapping[str, Any]) -> Chain:
    claim = proof["claim"]
    return Chain(
        proof["case"], Claim(**{**claim, "head": bytes.fromhex(claim["head"])}),
        [Point(one["seq"], bytes.fromhex(one["hash"]), one["anchor"]) for one in proof["anchors"]],
        [(_line(proof["case"], one), bytes.fromhex(one["hash"])) for one in proof["lines"]],
    )  # fmt: skip


def _line(case_id: int, said: Mapping[str, Any]) -> Line:
    kept = {name: value for name, value in said.items() if name != "hash"}
    return Line(case_id, **{**kept, "at": datetime.fromisoformat(said["at"])})
