"""A whole case in one file: complete, the same for the same case, proved without a database, refused once changed."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from parvis.services.case_archive import Archived, ArchiveError, archive, check
from parvis.services.files import Shelf, attach, checked
from parvis.states.facts import By
from tests.services.desk import Desk, moment
from tests.services.files.samples import pdf


@pytest.fixture
def kept(desk: Desk, tmp_path: Path) -> Path:
    """The archive of a case that got a file and a letter."""
    case = desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-02")
    shelf = Shelf(tmp_path / "files")
    desk.run(
        "UPDATE letters SET stage = 'sent', rendered_at = now(), sent_at = '2026-06-02T09:00Z', name = 'Zoé',"
        " address = 'zoe@asso.example', subject = 'Pièces', body_text = 'Bonjour,' WHERE rule = 'request_documents'"
    )
    with desk.database.transaction() as session:
        for pages, name in enumerate(("Statuts.pdf", "statuts.pdf"), 1):
            file = checked(shelf, name, pdf(pages))
            attach(session, shelf, case, file, by=By("ines", "instructor"), at=moment("2026-06-02"))
        made, again = (
            archive(session, shelf, case, tmp_path / name, at=moment("2026-06-03"))
            for name in ("une.zip", "deux.zip")
        )
    assert made == again == Archived("ANNUEL-2026-00001", 2, 1, 2)
    return tmp_path / "une.zip"


def changed(kept: Path, name: str, old: bytes, new: bytes) -> Path:
    """The archive with one of its files rewritten, its sum as well."""
    other = kept.with_name("changed.zip")
    with zipfile.ZipFile(kept) as read, zipfile.ZipFile(other, "w") as written:
        for each in read.namelist():
            content = read.read(each)
            written.writestr(each, content.replace(old, new) if each == name else content)
    return other


def test_an_archive_is_complete_the_same_twice_and_proved_without_a_database(kept):
    assert kept.read_bytes() == kept.with_name("deux.zip").read_bytes()
    assert check(kept) == Archived("ANNUEL-2026-00001", 2, 1, 2)
    with zipfile.ZipFile(kept) as made:
        assert sorted(made.namelist()) == [
            "LISEZMOI.txt", "dossier.json", "dossier.pdf", "empreintes.sha256", "journal.json",
            "lettres/001-2026-06-02.txt", "pieces/Statuts.pdf", "pieces/statuts (2).pdf",
        ]  # fmt: skip
        assert made.read("lettres/001-2026-06-02.txt").decode().endswith("Objet : Pièces\n\nBonjour,")
        assert made.read("dossier.pdf").startswith(b"%PDF-1.7")


def test_an_archive_that_was_changed_is_refused_and_what_was_changed_is_named(kept):
    with pytest.raises(ArchiveError) as letter:
        check(changed(kept, "lettres/001-2026-06-02.txt", b"Bonjour", b"Bonsoir"))
    with pytest.raises(ArchiveError) as other:
        check(changed(kept, "empreintes.sha256", b"  journal.json", b"  autre.json"))
    kept.with_name("changed.zip").write_bytes(b"PK nothing")
    with pytest.raises(ArchiveError) as nothing:
        check(kept.with_name("changed.zip"))

    assert "lettres/001-2026-06-02.txt" in letter.value.why.fr
    assert "autre.json" in other.value.why.fr
    assert "n’est pas l’archive" in nothing.value.why.fr


def test_a_line_of_the_journal_rewritten_with_its_sum_still_breaks_the_proof(kept):
    with zipfile.ZipFile(kept) as made:
        journal = made.read("journal.json")
        sums = made.read("empreintes.sha256")
    forged = journal.replace(b'"actor": "ines"', b'"actor": "paul"').replace(
        b'"action": "submit"', b'"action": "fund"'
    )
    assert forged != journal
    once = changed(kept, "journal.json", journal, forged)
    once.rename(kept)
    old, new = (hashlib.sha256(each).hexdigest().encode() for each in (journal, forged))
    assert old in sums
    with pytest.raises(ArchiveError) as broken:
        check(changed(kept, "empreintes.sha256", old, new))

    assert "journal.json" in broken.value.why.fr
