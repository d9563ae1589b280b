"""Whoever anchors the journal every night and verifies it."""

from pathlib import Path

from parvis.services import anchor_files, journal
from parvis.services.journal import Anchored, Restored, Verification
from parvis.states.facts import Given
from parvis.states.stages import Action
from tests.services.desk import Desk, moment

RIB = Given(documents=("rib",))


class Watch:
    """Anchors `desk`'s journal in `folder`."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.folder = folder

    def anchor(self, at: str) -> Anchored:
        with self.desk.database.transaction() as session:
            return journal.anchor(session, at=moment(at), folder=self.folder)

    def verify(self, *, files: bool = True) -> Verification:
        with self.desk.database.transaction() as session:
            return journal.verify(session, anchors_folder=self.folder if files else None)

    def found(self, *, files: bool = True) -> tuple[str, int | None, int | None, int | None]:
        """What is wrong: kind, case, line, anchor."""
        fault = self.verify(files=files).fault
        assert fault is not None
        return fault.kind, fault.case_id, fault.seq, fault.anchor

    def restore(self) -> Restored:
        with self.desk.database.transaction() as session:
            return journal.restore(session, folder=self.folder)

    def written(self, number: int) -> bytes:
        return anchor_files.path_of(self.folder, number).read_bytes()

    def change_file(self, number: int, old: str, new: str) -> None:
        """Replace a text in a file that nobody is meant to write."""
        path = anchor_files.path_of(self.folder, number)
        text = path.read_text()
        assert old in text
        path.chmod(0o600)
        path.write_text(text.replace(old, new))

    def three_nights(self) -> int:
        """A case anchored at its fourth line, then at its sixth, between two others; three anchors in all."""
        desk = self.desk
        desk.submitted_case()
        case_id = desk.ready_case()
        desk.submitted_case()
        self.anchor("2026-06-01 23:00")
        desk.move(case_id, Action.INSTRUCT)
        desk.move(case_id, Action.ASSIGN, given=Given(instructor_id=1))
        self.anchor("2026-06-02 23:00")
        desk.move(case_id + 1, Action.CHECK_ELIGIBILITY)
        self.anchor("2026-06-03 23:00")
        return case_id
