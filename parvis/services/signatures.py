"""The day a document was signed, journaled with the SHA-256 of the very bytes that were signed.

It goes into the journal of the case, not into that of the sitting: an order or an agreement binds one association for
one case, it may be signed weeks after the session closed, and whoever checks it later starts from the case.
"""

from datetime import date, datetime

from parvis.models.queries import files as queries
from parvis.models.session import Session
from parvis.services import file_problems, file_store
from parvis.services.advance import advance
from parvis.services.file_problems import FileRefusedError, LostFileError
from parvis.services.files import FileLine, Shelf, Subject, find_named
from parvis.states.facts import By, Given
from parvis.states.files import SIGNED_KINDS
from parvis.states.stages import Action


def sign(
    session: Session, kept: Shelf, case_id: int, name: str, *, signed_on: date, by: By, at: datetime
) -> FileLine:
    """Record that a document of a case was signed on a day; the same day again writes nothing.

    Another day corrects the one before, and the journal keeps both.

    Raises:
        NoSuchFileError: the case has no file of this name.
        FileRefusedError: such a file is not signed: it is an attachment.
        LostFileError: its bytes are gone or were changed.
        MoveRefusedError: this role records no signature, or the day is yet to come.
    """
    queries.hold_subject(session, case_id=case_id, committee_id=None)
    line = find_named(session, Subject(case_id=case_id), name)
    if line.kind not in SIGNED_KINDS:
        raise FileRefusedError("not_signed", file_problems.NOT_SIGNED.fill(name=line.name))
    if not file_store.is_whole(kept.folder, line.sha256):
        raise LostFileError(line.name, line.sha256.hex())
    if line.signed_on == signed_on:
        return line
    given = Given(signed_document=line.name, sha256=line.sha256.hex(), signed_on=signed_on)
    advance(session, case_id, Action.RECORD_SIGNATURE, by=by, at=at, given=given)
    queries.write_signature(session, line.id, signed_on)
    return queries.find_file(session, line.id) or line
