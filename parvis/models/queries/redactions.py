"""Taking words out of journals: the lines of one chain, what each loses, and the line that vouches for what stays."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from parvis.models.queries import journal
from parvis.models.queries.moves import details_text
from parvis.models.session import Session
from parvis.states.details import Plain
from parvis.states.examination import Chain, examine
from parvis.states.facts import By
from parvis.states.journal import AnyLine, Event, Line, Step, Subject, link
from parvis.states.redaction import ANONYMISE, REDACTED, seal, without_words


class UnsoundJournalError(Exception):
    """The journal of `subject` does not hold: nothing is taken out of it, it is evidence."""

    def __init__(self, subject: str) -> None:
        super().__init__(subject)
        self.subject = subject


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Where a journal is kept: its table, the column of its subject, the row that holds its head."""

    table: str
    column: str
    heads: str
    seq: str
    request: str


_SHELVES = {
    Subject.CASE: _Shelf("journal", "case_id", "cases", "version", ", request_hash = NULL"),
    Subject.AGREEMENT: _Shelf(
        "agreement_journal", "agreement_id", "agreements", "version", ", request_hash = NULL"
    ),
    Subject.COMMITTEE: _Shelf("committee_journal", "committee_id", "committees", "journal_seq", ""),
}


def take_words_out(
    session: Session, subject: Subject, number: int, said: dict[str, Plain], *,
    by: By, at: datetime, about_case: int | None = None,
) -> int:  # fmt: skip
    """Take out of one journal the words somebody typed, and add the line that vouches for the rest; how many lost some.

    With `about_case`, only lines about that case lose words, and nothing is added when none does. `said` is what
    the added line tells beside its seals.

    Raises:
        UnsoundJournalError: the chain did not hold before.
    """
    shelf = _SHELVES[subject]
    session.exec_driver_sql(f"SELECT FROM {shelf.heads} WHERE id = %(id)s FOR NO KEY UPDATE", {"id": number})
    chain = journal.one_chain(session, subject, number)
    if examine(chain) is not None:
        raise UnsoundJournalError(f"{subject}:{number}")
    seals: dict[str, Plain] = {}
    for line, own in chain.lines:
        less = _less(line, about_case)
        if less is not None:
            _lose(session, shelf, number, less)
            seals[str(line.seq)] = seal(less, own)
    if seals or about_case is None:
        _vouch(session, shelf, chain, {**said, REDACTED: seals}, by=by, at=at)
    return len(seals)


def _less(line: AnyLine, about_case: int | None) -> AnyLine | None:
    """The line without its words; None when it keeps all it says."""
    details = json.loads(line.details)
    if line.action == ANONYMISE or not (about_case is None or _is_about(details, about_case)):
        return None
    stays = without_words(details)
    return None if stays == details else replace(line, details=details_text(stays))


def _is_about(details: dict[str, Plain], case_id: int) -> bool:
    cases = details.get("cases")
    return details.get("case") == case_id or (isinstance(cases, list) and case_id in cases)


def _lose(session: Session, shelf: _Shelf, number: int, line: AnyLine) -> None:
    session.exec_driver_sql(
        f"UPDATE {shelf.table} SET details = %(details)s{shelf.request}"  # noqa: S608
        f" WHERE {shelf.column} = %(id)s AND seq = %(seq)s",
        {"details": line.details, "id": number, "seq": line.seq},
    )


def _vouch(
    session: Session, shelf: _Shelf, chain: Chain, said: dict[str, Plain], *, by: By, at: datetime
) -> None:  # fmt: skip
    seq, stage = len(chain.lines) + 1, (chain.claim.stage if chain.claim else None) or ""
    text = details_text(said)
    line: AnyLine
    match chain.subject:
        case Subject.COMMITTEE:
            line = Event(chain.id, seq, at, by.actor, by.role, ANONYMISE, text)
        case Subject.AGREEMENT:
            line = Step(chain.id, seq, at, by.actor, by.role, ANONYMISE, stage, stage, text)
        case _:
            line = Line(chain.id, seq, at, by.actor, by.role, ANONYMISE, stage, stage, text)
    staged = "" if isinstance(line, Event) else ", source, target"
    values = "" if isinstance(line, Event) else ", %(stage)s, %(stage)s"
    session.exec_driver_sql(
        f"""
        WITH added AS (
            INSERT INTO {shelf.table} ({shelf.column}, seq, at, actor, role, action{staged}, details, hash)
            VALUES (%(id)s, %(seq)s, %(at)s, %(actor)s, %(role)s, %(action)s{values}, %(details)s, %(hash)s)
            RETURNING seq, hash)
        UPDATE {shelf.heads} SET {shelf.seq} = added.seq, journal_head = added.hash FROM added WHERE id = %(id)s
        """,  # noqa: S608 - the names above
        {"id": chain.id, "seq": seq, "at": at, "actor": by.actor, "role": by.role, "action": ANONYMISE,
         "stage": stage, "details": text, "hash": link(chain.last_hash, line)},
    )  # fmt: skip
