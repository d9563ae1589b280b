"""What the invented people of a rehearsal see before they act: cases, letters that reached someone, the next hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.queries import payment_subjects as of
from parvis.models.session import Session

_DEMONSTRATING = 7_012_027  # any number will do, provided nothing else takes it


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as somebody at work sees it. Documents by code, funders by id, neighbourhoods by code."""

    id: int
    external_id: str
    reference: str
    stage: str
    call: str
    organisation_id: int
    instructor_id: int | None
    score: int | None
    eligibility_checked: bool
    reply_by: date | None
    opinions_due_at: datetime | None
    committee_id: int | None
    decides_on: date | None
    ends_on: date | None
    report_due_on: date | None
    report_received: bool
    report_accepted: bool
    balance_settled: bool
    notice_expires_on: date | None
    not_carried_out: bool
    interim_due_on: date | None
    interim_received: bool
    missing: tuple[str, ...]
    requested: tuple[str, ...]
    asked: bool
    awaited: tuple[int, ...]
    neighbourhoods: tuple[str, ...]


_SEEN = """
SELECT c.id, c.external_id, c.reference, c.stage, k.code, c.organisation_id, c.instructor_id, c.score,
       c.eligibility_checked, c.reply_by, c.opinions_due_at, c.committee_id, w.decides_on, c.ends_on,
       c.report_due_on, c.report_received_on IS NOT NULL, c.report_accepted, c.balance_settled,
       c.notice_expires_on, c.not_carried_out, c.interim_due_on, c.interim_received_on IS NOT NULL,
       COALESCE(d.missing, '{}'), COALESCE(d.requested, '{}'),
       COALESCE(g.asked, false), COALESCE(g.awaited, '{}'),
       COALESCE((SELECT array_agg(n.code ORDER BY n.code)
                   FROM case_neighbourhoods v JOIN neighbourhoods n ON n.id = v.neighbourhood_id
                  WHERE v.case_id = c.id), '{}')
  FROM cases c
  JOIN calls k ON k.id = c.call_id
  LEFT JOIN waves w ON w.id = c.wave_id
  LEFT JOIN LATERAL (
        SELECT array_agg(code ORDER BY id) FILTER (WHERE required) AS missing,
               array_agg(code ORDER BY id) FILTER (WHERE requested_at IS NOT NULL) AS requested
          FROM documents WHERE case_id = c.id AND received_at IS NULL) d ON true
  LEFT JOIN LATERAL (
        SELECT bool_or(opinion_asked_at IS NOT NULL) AS asked,
               array_agg(funder_id ORDER BY funder_id)
                   FILTER (WHERE opinion_asked_at IS NOT NULL AND opinion IS NULL) AS awaited
          FROM fundings WHERE case_id = c.id) g ON true
"""


def look(session: Session, case_ids: Sequence[int]) -> list[Seen]:
    """These cases as they stand, in the order of their ids."""
    rows = session.exec_driver_sql(
        _SEEN + " WHERE c.id = ANY(%(ids)s) ORDER BY c.id", {"ids": list(case_ids)}
    )
    return [_seen(row) for row in rows]


def look_up(session: Session, references: Sequence[str]) -> list[Seen]:
    """The cases of these references, in the order of their ids."""
    statement = _SEEN + " WHERE c.reference = ANY(%(references)s) ORDER BY c.id"
    return [_seen(row) for row in session.exec_driver_sql(statement, {"references": list(references)})]


def awaited_partners(session: Session, case_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Case and organisation of every partner of these cases whose answer is awaited."""
    rows = session.exec_driver_sql(
        """
        SELECT case_id, organisation_id FROM partners
         WHERE case_id = ANY(%(ids)s) AND state IN ('named', 'invited') ORDER BY 1, 2
        """,
        {"ids": list(case_ids)},
    )
    return [(row[0], row[1]) for row in rows]


def _seen(row: Sequence[Any]) -> Seen:
    missing, requested, asked, awaited, neighbourhoods = row[22:]
    lists = (tuple(missing), tuple(requested), asked, tuple(awaited), tuple(neighbourhoods))
    return Seen(*[*row[:22], *lists])


@dataclass(frozen=True, slots=True)
class Next:
    """The next moments the machine has something to do: a timer falls due, a letter may leave."""

    timer_at: datetime | None
    letter_at: datetime | None


def next_moments(session: Session) -> Next:
    """When the next open timer falls due and the next owed letter may leave; each None when there is none."""
    row = session.exec_driver_sql(
        """
        SELECT (SELECT min(due_at) FROM timers WHERE settled_at IS NULL AND case_id IS NOT NULL),
               (SELECT min(not_before) FROM letters WHERE stage = 'owed' AND NOT digest)
        """
    ).one()
    return Next(row[0], row[1])


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter about a case or an agreement; its `stage` is `sent`, `gathered` in a digest, `failed`, or to come."""

    id: int
    case_id: int | None
    agreement_id: int | None
    template: str
    recipient: str
    stage: str

    @property
    def arrived(self) -> bool:
        """Whether its recipient has it before them."""
        return self.stage in ("sent", "gathered")

    @property
    def settled(self) -> bool:
        """Whether nothing more will become of it by itself."""
        return self.stage in ("sent", "gathered", "failed", "dropped")


def letters_since(session: Session, after_id: int, pending: Sequence[int]) -> list[Letter]:
    """Letters about cases or agreements numbered after `after_id`, and those `pending` from before, in order."""
    rows = session.exec_driver_sql(
        """
        SELECT id, case_id, agreement_id, template, recipient, stage FROM letters
         WHERE (id > %(after)s OR id = ANY(%(pending)s)) AND (case_id IS NOT NULL OR agreement_id IS NOT NULL)
         ORDER BY id
        """,
        {"after": after_id, "pending": list(pending)},
    )
    return [Letter(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Someone of the contract: their role and the funder they speak for."""

    id: int
    role: str
    funder_id: int | None


def colleagues(session: Session, contract_id: int) -> list[Colleague]:
    """The active people of a contract, in the order of their ids."""
    rows = session.exec_driver_sql(
        "SELECT id, role, funder_id FROM people WHERE contract_id = %(id)s AND active ORDER BY id",
        {"id": contract_id},
    )
    return [Colleague(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Ask:
    """What one funder was asked in a case and what it answered; `asked` says whether its opinion was."""

    case_id: int
    funder_id: int
    funder: str
    requested_cents: int
    asked: bool
    opinion: str | None
    proposed_cents: int | None


def asks(session: Session, case_ids: Sequence[int]) -> list[Ask]:
    """What was asked of funders in these cases, by case then funder."""
    rows = session.exec_driver_sql(
        """
        SELECT g.case_id, f.id, f.code, g.requested_cents, g.opinion_asked_at IS NOT NULL, g.opinion, g.proposed_cents
          FROM fundings g JOIN funders f ON f.id = g.funder_id
         WHERE g.case_id = ANY(%(ids)s) ORDER BY g.case_id, f.id
        """,
        {"ids": list(case_ids)},
    )
    return [Ask(*row) for row in rows]


def purses(session: Session, call_code: str, contract_id: int) -> list[tuple[int, int, str, int, int]]:
    """The envelopes of a call: id, funder's id and code, total cents, those of them reserved or committed."""
    rows = session.exec_driver_sql(
        """
        SELECT e.id, f.id, f.code, e.total_cents, e.total_cents - e.available_cents
          FROM envelopes e JOIN funders f ON f.id = e.funder_id JOIN calls k ON k.id = e.call_id
         WHERE k.code = %(call)s AND k.contract_id = %(contract)s AND e.year = k.year
        """,
        {"call": call_code, "contract": contract_id},
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def any_case(session: Session) -> bool:
    """Whether the database holds a case."""
    return session.exec_driver_sql("SELECT 1 FROM cases LIMIT 1").one_or_none() is not None


def demonstrate_alone(session: Session) -> None:
    """Let one transaction at a time put the demonstration in, until its end."""
    session.exec_driver_sql("SELECT pg_advisory_xact_lock(%(key)s)", {"key": _DEMONSTRATING})


def digest_of(session: Session, contract_id: int) -> str:
    """The digest of the file a contract was written from."""
    row = session.exec_driver_sql("SELECT digest FROM contracts WHERE id = %(id)s", {"id": contract_id})
    return str(row.scalar_one())


def stand_for(session: Session, contract_id: int, digest: str) -> None:
    """Let what the database says of a contract stand for the file of this digest, until the file changes."""
    session.exec_driver_sql(
        "UPDATE contracts SET digest = %(digest)s WHERE id = %(id)s", {"id": contract_id, "digest": digest}
    )


def forget_plans(session: Session) -> None:
    """Have statements planned again: those first run on empty tables are planned for empty tables.

    The server does it by itself when it has counted rows, which takes it a minute; months pass in one here.
    """
    session.exec_driver_sql("DISCARD PLANS")


def paid_organisations(session: Session, contract_id: int, *, most: int) -> list[tuple[int, str]]:
    """Organisations of a contract that have been paid, or are to be, those to be paid first: number and name."""
    rows = session.exec_driver_sql(
        f"""
        SELECT o.id, o.name FROM organisations o JOIN (
            SELECT {of.PAYEE} AS id, bool_or(p.status = 'due') AS due
              FROM {of.SUBJECTS}
             WHERE {of.CONTRACT} = %(contract)s AND p.status IN ('due', 'paid') AND p.amount_cents > 0 GROUP BY 1
        ) known USING (id) ORDER BY known.due DESC, o.id LIMIT %(most)s
        """,  # noqa: S608 - the fragments of what a payment is of
        {"contract": contract_id, "most": most},
    )
    return [(row[0], row[1]) for row in rows]
