"""A file attached by mistake is taken off its case: with a reason, in the journal, and the check-list follows."""

from datetime import datetime

from parvis.models.queries import files as queries
from parvis.models.queries.effects import await_again
from parvis.models.session import Session
from parvis.services import file_problems
from parvis.services.advance import advance
from parvis.services.file_problems import FileRefusedError, NoSuchFileError
from parvis.services.files import FileLine
from parvis.states.facts import By, Given
from parvis.states.files import FileKind
from parvis.states.stages import Action


def take_off(session: Session, case_id: int, file_id: int, reason: str, *, by: By, at: datetime) -> FileLine:
    """Take an attachment off a case that was submitted; its document is awaited again when no other file is there.

    Its bytes and its row stay, off the case, as the trace that the journal names by its fingerprint.

    Raises:
        NoSuchFileError: the case has no such file, or no longer.
        FileRefusedError: Parvis made it: such a document stays.
        MoveRefusedError: this role takes nothing off, or no reason is given.
    """
    queries.hold_subject(session, case_id=case_id, committee_id=None)
    there = {line.id: line for line in queries.list_files(session, case_ids=[case_id])}
    line = there.pop(file_id, None)
    if line is None:
        raise NoSuchFileError(str(file_id), tuple(each.name for each in there.values()))
    if line.kind != FileKind.ATTACHMENT:
        raise FileRefusedError("file_made", file_problems.MADE.fill(name=line.name))
    code = line.document_code
    alone = (code,) if code and code not in {other.document_code for other in there.values()} else ()
    given = Given(reason=reason, signed_document=line.name, sha256=line.sha256.hex(), documents=alone)
    advance(session, case_id, Action.TAKE_OFF_FILE, by=by, at=at, given=given)
    queries.remove_file(session, line.id, at=at)
    await_again(session, case_id, alone)
    return line
