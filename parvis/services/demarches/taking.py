"""Dossiers of a page, taken in: each whole or refused with its reasons, the page and where the next begins at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from parvis.models.queries import demarches as queries
from parvis.models.session import ConflictError, ConstraintError, Database, Session
from parvis.services.demarches.form_values import all_of
from parvis.services.demarches.reading import Reader
from parvis.services.demarches.shapes import Dossier
from parvis.services.demarches.work import Work
from parvis.services.deposits import DepositRefusedError, Received, receive
from parvis.services.imports.deposit import Deposit
from parvis.services.imports.problems import DepositFileError, Problem
from parvis.services.intake import REFUSED
from parvis.states.words import Sentence

_TRIES = 3


@dataclass(slots=True)
class Taken:
    """What became of some dossiers: what was received, and by number why others were not."""

    received: Received = field(default_factory=Received)
    refused: dict[int, tuple[Problem, ...]] = field(default_factory=dict)
    turned: bool = True
    """Whether this process is the one that turned the page."""


Turn = Callable[[Session], bool]
"""Writes where the next page begins, in the transaction of this one; False when somebody else did."""


def take(
    database: Database, work: Work, reader: Reader, nodes: Sequence[Mapping[str, Any] | None], at: datetime, *,
    turn: Turn | None = None, dry_run: bool = False,
) -> Taken:  # fmt: skip
    """Take dossiers in; one that is wrong keeps no other out. A dry run does it all, then undoes it."""
    taken = Taken()
    read: dict[int, tuple[Dossier, Deposit]] = {}
    for node in nodes:
        if node is None:
            continue  # the platform hides what this token may not see
        try:
            dossier, deposit = reader.read(node)
        except DepositFileError as error:
            taken.refused[_number(node)] = error.problems
        else:
            read[dossier.number] = dossier, deposit
    for _ in range(_TRIES + len(read)):
        try:
            with database.transaction() as session:
                taken.received = _write(session, work, read, taken, at, turn=turn)
                if dry_run:
                    session.rollback()
            return taken
        except DepositRefusedError as error:
            for external_id, reasons in error.refused.items():
                del read[int(external_id)]
                taken.refused[int(external_id)] = (_refusal(external_id, reasons),)
        except (ConstraintError, ConflictError):
            continue  # another process brought the same dossiers at the same moment: they are there now
    raise ConflictError


def _write(
    session: Session, work: Work, read: Mapping[int, tuple[Dossier, Deposit]], taken: Taken, at: datetime,
    *, turn: Turn | None,
) -> Received:  # fmt: skip
    received = receive(session, work.contract_id, [deposit for _, deposit in read.values()], at=at)
    cases = queries.cases_of(session, work.call_id, list(read))
    files = [
        row for number, (dossier, _) in read.items() for row in files_of(work, cases[number][0], dossier)
    ]
    if files:
        queries.owe_files(session, files, at=at)
    queries.forget_refusals(session, work.call_id, list(read))
    if taken.refused:
        told = {number: [_told(each) for each in problems] for number, problems in taken.refused.items()}
        queries.note_refusals(session, work.call_id, told, at=at)
    taken.turned = turn(session) if turn else True
    return received


def files_of(work: Work, case_id: int, dossier: Dossier) -> Iterator[dict[str, object]]:
    """Every file of a dossier, with the document of the check-list its field is for."""
    codes = {named.strip(): code for code, named in work.demarche.documents.items()}
    for champ in all_of(dossier.champs):
        for stored in champ.files or ():
            size = str(stored.size)
            yield {
                "case_id": case_id, "champ": champ.id, "filename": stored.filename[:200],
                "document": codes.get(champ.id) or codes.get(champ.label.strip()) or "",
                "checksum": stored.checksum, "byte_size": int(size) if size.isdigit() else 0, "url": stored.url,
            }  # fmt: skip


def _number(node: Mapping[str, Any]) -> int:
    number = node.get("number")
    return number if isinstance(number, int) else 0


def _refusal(external_id: str, reasons: Sequence[Sentence]) -> Problem:
    said = Sentence(" ".join(each.fr for each in reasons), " ".join(each.en for each in reasons))
    sentence = REFUSED.fill(external_id=external_id, reasons=said)
    return Problem(int(external_id), None, None, "deposit_refused", sentence)


def _told(problem: Problem) -> dict[str, object]:
    return {
        "code": problem.code, "column": problem.column or "", "value": problem.value or "",
        "fr": problem.sentence.fr, "en": problem.sentence.en,
    }  # fmt: skip
