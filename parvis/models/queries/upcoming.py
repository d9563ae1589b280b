"""Letters to come: owed ones and those open timers will owe; putting them off, setting them aside."""

from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.queries.letters import READER, WANTS_DIGEST
from parvis.models.queries.many_contracts import ITS_CASES, is_among
from parvis.models.queries.timers import AGAIN, Of, days_after
from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A letter that will leave if nobody does anything: `kind` is `letter` or `timer`, `gathered` inside a digest."""

    kind: str
    id: int
    leaves_at: datetime
    template: str
    recipient: str
    name: str
    reference: str | None
    organisation: str | None
    title: str | None
    gathered: bool = False

    @property
    def code(self) -> str:
        """How a person names it: `l12` for a letter, `r34` for a reminder still to come."""
        return f"{'l' if self.kind == 'letter' else 'r'}{self.id}"


# Owed letters are looked for in two parts: each has an index of its own, and none holds both.
_COMING = """
SELECT l.kind, l.id, l.leaves_at, l.template, l.recipient,
       CASE WHEN l.recipient = 'applicant' THEN o.name ELSE COALESCE(i.name, p.name, f.name, w.name, l.recipient) END,
       COALESCE(c.reference, g.reference), o.name, COALESCE(c.title, g.title), l.kept OR {digest}
  FROM (
        SELECT 'letter' AS kind, id, not_before AS leaves_at, template, recipient, case_id, contract_id, agreement_id,
               digest AS kept
          FROM (SELECT * FROM letters WHERE stage = 'owed' AND NOT digest
                UNION ALL SELECT * FROM letters WHERE stage = 'owed' AND digest) owed
         WHERE not_before <= %(until)s{letters}
        UNION ALL
        SELECT 'timer', id, due_at, template, recipient, case_id, NULL, agreement_id, false
          FROM timers WHERE settled_at IS NULL AND template IS NOT NULL AND due_at <= %(until)s{timers}
        UNION ALL
        SELECT 'timer', id, due_at, 'lapsed', 'applicant', case_id, NULL, NULL, false
          FROM timers WHERE settled_at IS NULL AND action = 'lapse' AND due_at <= %(until)s{lapses}
       ) l
  LEFT JOIN cases c ON c.id = l.case_id
  LEFT JOIN calls k ON k.id = c.call_id
  LEFT JOIN agreements g ON g.id = l.agreement_id
  LEFT JOIN organisations o ON o.id = COALESCE(c.organisation_id, g.organisation_id)
{reader} WHERE %(contract)s::bigint IS NULL
    OR COALESCE(k.contract_id, g.contract_id, l.contract_id) = %(contract)s::bigint
 ORDER BY l.leaves_at, l.kind, l.id
 LIMIT %(limit)s
"""
_UPCOMING = _COMING.format(digest=WANTS_DIGEST, reader=READER, letters="", timers="", lapses="")
# Among many contracts, what is one's own is found first: by the cases and the agreements, each with its few timers.
_AGREEMENTS = "SELECT id FROM agreements WHERE contract_id = %(contract)s::bigint"
_OWN = _COMING.format(
    digest=WANTS_DIGEST, reader=READER, lapses=f" AND case_id = ANY(ARRAY({ITS_CASES}))",
    letters=f"""
           AND (contract_id = %(contract)s::bigint OR case_id IN ({ITS_CASES}) OR agreement_id IN ({_AGREEMENTS}))""",
    timers=f""" AND case_id = ANY(ARRAY({ITS_CASES}))
        UNION ALL
        SELECT 'timer', id, due_at, template, recipient, NULL, NULL, agreement_id, false
          FROM timers WHERE settled_at IS NULL AND template IS NOT NULL AND due_at <= %(until)s
           AND agreement_id = ANY(ARRAY({_AGREEMENTS}))""",  # noqa: S608
)  # fmt: skip


def upcoming(
    session: Session, *, until: datetime, limit: int, contract_id: int | None = None
) -> list[Upcoming]:
    """What may leave from then on, of a contract or of all, in order; one `gathered` leaves with the next digest."""
    statement = _OWN if is_among(session, contract_id) else _UPCOMING
    rows = session.exec_driver_sql(statement, {"until": until, "limit": limit, "contract": contract_id})
    return [Upcoming(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Held:
    """What the rules need to know before a letter or a timer is put off or set aside."""

    stage: str
    version: int
    not_before: datetime
    expires_at: datetime | None
    is_move: bool


def hold_letter(session: Session, letter_id: int) -> Held | None:
    """A letter, held until the commit."""
    row = session.exec_driver_sql(
        "SELECT stage, version, not_before FROM letters WHERE id = %(id)s FOR UPDATE", {"id": letter_id}
    ).one_or_none()
    return Held(row.stage, row.version, row.not_before, None, is_move=False) if row else None


def hold_timer(session: Session, timer_id: int) -> Held | None:
    """An open timer, held until the commit."""
    row = session.exec_driver_sql(
        """
        SELECT due_at, expires_at, kind = 'move' AS is_move FROM timers
         WHERE id = %(id)s AND settled_at IS NULL FOR UPDATE
        """,
        {"id": timer_id},
    ).one_or_none()
    return Held("owed", 0, row.due_at, row.expires_at, row.is_move) if row else None


def snooze_letter(session: Session, letter_id: int, *, until: datetime, note: str) -> None:
    """Let a letter leave later."""
    session.exec_driver_sql(
        "UPDATE letters SET not_before = %(until)s, version = version + 1, note = %(note)s WHERE id = %(id)s",
        {"id": letter_id, "until": until, "note": note},
    )


def snooze_timer(session: Session, timer_id: int, *, until: datetime, note: str) -> None:
    """Let a reminder leave later."""
    session.exec_driver_sql(
        "UPDATE timers SET due_at = %(until)s, note = %(note)s WHERE id = %(id)s",
        {"id": timer_id, "until": until, "note": note},
    )


def drop_letter(session: Session, letter_id: int, *, note: str) -> None:
    """Set a letter aside: it will not leave."""
    session.exec_driver_sql(
        "UPDATE letters SET stage = 'dropped', version = version + 1, note = %(note)s WHERE id = %(id)s",
        {"id": letter_id, "note": note},
    )


_DECLINING = """
WITH settled AS (
    UPDATE timers SET settled_at = %(at)s, outcome = 'declined', note = %(note)s WHERE id = %(id)s AND {key} IS NOT NULL
 RETURNING {key}, rule, occurrence, kind, period, recipient, template, deadline, due_at, repeat_days
)
{again}"""
_DECLINE = [of.fill(_DECLINING, again=of.fill(AGAIN, days="%(days)s")) for of in Of]


def decline_timer(session: Session, timer_id: int, *, at: datetime, today: date, note: str) -> None:
    """Set a reminder aside: it will not leave. One that repeats comes back at its next turn."""
    for statement in _DECLINE:
        session.exec_driver_sql(
            statement, {"id": timer_id, "at": at, "note": note, "days": days_after(today)}
        )


def owe_again(session: Session, letter_id: int, *, at: datetime) -> None:
    """Owe a failed letter anew, written anew from the address and template of today; its task is done."""
    session.exec_driver_sql(
        """
        UPDATE letters SET stage = 'owed', version = version + 1, not_before = %(at)s, attempts = 0,
                           rendered_at = NULL, last_error = NULL
         WHERE id = %(id)s
        """,
        {"id": letter_id, "at": at},
    )
    session.exec_driver_sql(
        "UPDATE tasks SET done_at = %(at)s WHERE key = %(key)s AND done_at IS NULL",
        {"key": f"letter/{letter_id}", "at": at},
    )
