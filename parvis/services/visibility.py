"""Whether there is such a thing for whoever asks. What is hidden from them is not found, as what does not exist."""

from collections.abc import Sequence
from datetime import datetime

from parvis.models.queries import visibility as queries
from parvis.models.queries.access import Visitor
from parvis.models.queries.agreement_pages import seen_agreement
from parvis.models.queries.visibility import SeenSitting
from parvis.models.session import Session
from parvis.services import agreement_documents
from parvis.services.cases import Found
from parvis.services.files import FileLine, find_file
from parvis.states.calendar import paris_day
from parvis.states.queue import Viewer
from parvis.states.stages import Role

__all__ = [
    "Found", "HiddenError", "SeenSitting", "see_agreement", "see_agreement_file", "see_case", "see_cases",
    "see_file", "see_letter", "see_organisation", "see_own_case",
    "see_sitting", "see_sitting_file", "see_task", "viewer",
]  # fmt: skip

_SITTINGS_OF_ALL = frozenset({Role.SECRETARY, Role.MANAGER, Role.ADMINISTRATOR, Role.INSTRUCTOR})
"""Roles that look at sittings they are no member of."""
_MOST_LETTERS = 60
_MOST_IDS = 2**63
_MOST_DIGITS = 20


class HiddenError(Exception):
    """There is no such thing for whoever asks; whether there is one for others is not said."""


def viewer(visitor: Visitor) -> Viewer:
    """Somebody signed in, as whoever looks at a list of cases."""
    return Viewer(visitor.role, visitor.person_id, visitor.funder_id, visitor.contract_id)


def see_case(session: Session, visitor: Visitor, reference: str, *, at: datetime) -> Found:
    """The case of this reference.

    Raises:
        HiddenError: there is none for this visitor.
    """
    if len(reference) > _MOST_LETTERS or "\0" in reference:
        raise HiddenError(reference[:_MOST_LETTERS])
    if visitor.organisation_id is not None:
        found = queries.case_of_applicant(session, reference, visitor.organisation_id)
    else:
        found = queries.case_seen(session, reference, viewer(visitor), today=paris_day(at))
    if found is None:
        raise HiddenError(reference)
    return found


def see_agreement(session: Session, visitor: Visitor, reference: str) -> int:
    """The agreement of this reference: of one's contract, or of one's organisation.

    Raises:
        HiddenError: there is none for this visitor.
    """
    if len(reference) > _MOST_LETTERS or "\0" in reference:
        raise HiddenError(reference[:_MOST_LETTERS])
    found = seen_agreement(
        session, reference, contract_id=visitor.contract_id, organisation_id=visitor.organisation_id
    )
    if found is None:
        raise HiddenError(reference)
    return found


def see_cases(session: Session, visitor: Visitor, ids: Sequence[int], *, at: datetime) -> list[int]:
    """Those of these cases that the visitor, a person, may see; the others are left out without a word."""
    return queries.cases_seen(session, ids, viewer(visitor), today=paris_day(at))


def see_own_case(session: Session, visitor: Visitor, reference: str, *, at: datetime) -> Found:
    """The case of this reference that the visitor's organisation leads; partners look and do nothing.

    Raises:
        HiddenError: there is none for this visitor.
    """
    found = see_case(session, visitor, reference, at=at)
    if not queries.leads(session, found.id, visitor.organisation_id or 0):
        raise HiddenError(reference)
    return found


def see_file(session: Session, case: Found, file_id: int) -> FileLine:
    """A file of a case that was seen.

    Raises:
        HiddenError: this case has no such file, or it was taken off.
    """
    line = find_file(session, file_id) if file_id < _MOST_IDS else None
    if line is None or line.case_id != case.id or line.removed_at is not None:
        raise HiddenError(str(file_id))
    return line


def see_letter(session: Session, visitor: Visitor, code: str) -> None:
    """Let through whoever may look at the letter, or the reminder, of this code: those of its contract.

    Raises:
        HiddenError: there is none for this visitor.
    """
    kind, number = code[:1].lower(), code[1:]
    if kind not in {"l", "r"} or not number.isascii() or not number.isdigit():
        raise HiddenError(code[:_MOST_LETTERS])
    _of_contract(session, visitor, kind, int(number[:_MOST_DIGITS]))


def see_task(session: Session, visitor: Visitor, task_id: int) -> None:
    """Let through whoever may look at the task of this number: those of its contract.

    Raises:
        HiddenError: there is none for this visitor.
    """
    _of_contract(session, visitor, "task", task_id)


def _of_contract(session: Session, visitor: Visitor, kind: str, identity: int) -> None:
    if not 0 <= identity < _MOST_IDS or not queries.is_of_contract(
        session, kind, identity, visitor.contract_id or 0
    ):
        raise HiddenError(f"{kind}{identity}")


def see_organisation(session: Session, visitor: Visitor, organisation_id: int) -> int:
    """Let a person through to an organisation that asks, or takes part, in their contract; its number.

    Raises:
        HiddenError: there is none for this visitor.
    """
    if not 0 < organisation_id < _MOST_IDS or not queries.organisation_seen(
        session, organisation_id, visitor.contract_id or 0
    ):
        raise HiddenError(str(organisation_id))
    return organisation_id


def see_sitting_file(session: Session, sitting_id: int, file_id: int) -> FileLine:
    """A file of a sitting that was seen, for those who prepare it.

    Raises:
        HiddenError: this sitting has no such file.
    """
    line = find_file(session, file_id) if file_id < _MOST_IDS else None
    if line is None or line.committee_id != sitting_id or line.removed_at is not None:
        raise HiddenError(str(file_id))
    return line


def see_agreement_file(session: Session, visitor: Visitor, agreement_id: int, file_id: int) -> FileLine:
    """A file of an agreement that was seen; its organisation is given what is signed and holds.

    Raises:
        HiddenError: this agreement has no such file for this visitor.
    """
    papers = agreement_documents.papers(session, agreement_id)
    for paper in papers:
        if paper.file.id == file_id and (paper.holds or visitor.organisation_id is None):
            return paper.file
    raise HiddenError(str(file_id))


def see_sitting(session: Session, visitor: Visitor, sitting_id: int) -> SeenSitting:
    """A sitting its members may look at, and those who prepare sittings.

    Raises:
        HiddenError: there is none for this visitor.
    """
    found = None
    if visitor.person_id is not None and visitor.contract_id is not None and sitting_id < _MOST_IDS:
        found = queries.sitting_seen(session, sitting_id, visitor.person_id, visitor.contract_id)
    if found is None or not (found.member or visitor.role in _SITTINGS_OF_ALL):
        raise HiddenError(str(sitting_id))
    return found
