"""Finding cases and listing them."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases a list holds; nothing said means all. `after_id` continues a list, newest cases first.

    `search` finds every word of it, whatever its case and accents, in the reference, the number given by the
    applicant, the title, the organisation and its SIRET.
    """

    stages: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    instructor: str | None = None
    """An e-mail address, or the beginning of a name."""
    late: bool = False
    search: str = ""
    after_id: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of a list. `due_on` is its next deadline, `late_since` the one it has already missed."""

    id: int
    reference: str
    title: str
    stage: str
    version: int
    organisation: str
    call: str
    instructor: str | None
    requested_cents: int
    deposited_on: date | None
    entered_at: datetime
    due_on: date | None
    late_since: date | None


# `late`: a delay of the present visit to a stage that passed with nobody having done what it waits for.
_LIST = """
SELECT c.id, c.reference, c.title, c.stage, c.version, o.name, k.code, p.name, c.requested_cents, c.deposited_on,
       c.entered_at,
       (SELECT min(t.deadline) FROM timers t
         WHERE t.case_id = c.id AND t.settled_at IS NULL AND t.deadline >= %(today)s::date),
       late.since
  FROM cases c
  JOIN calls k ON k.id = c.call_id
  JOIN organisations o ON o.id = c.organisation_id
  LEFT JOIN people p ON p.id = c.instructor_id
  LEFT JOIN LATERAL (
        SELECT min(t.deadline) FROM timers t
         WHERE t.case_id = c.id AND t.kind = 'escalation' AND t.outcome IS DISTINCT FROM 'cancelled'
           AND t.deadline < %(today)s::date AND starts_with(t.occurrence, c.entered_version || '/')
           AND NOT (starts_with(t.rule, 'report') AND c.report_received_on IS NOT NULL)
           AND NOT (starts_with(t.rule, 'examine') AND c.report_accepted)
           AND c.stage NOT IN ('evaluated', 'ineligible', 'lapsed', 'rejected', 'withdrawn', 'reclaimed')
       ) late(since) ON true
 WHERE (%(stages)s::text[] IS NULL OR c.stage = ANY(%(stages)s::text[]))
   AND (%(calls)s::text[] IS NULL OR lower(k.code) = ANY(%(calls)s::text[]))
   AND (%(instructor)s::text IS NULL OR lower(p.email) = %(instructor)s::text
        OR starts_with(lower(p.name), %(instructor)s::text))
   AND (NOT %(late)s::boolean OR late.since IS NOT NULL)
   AND (%(after)s::bigint IS NULL OR c.id < %(after)s::bigint)
   AND NOT EXISTS (
        SELECT FROM unnest(%(words)s::text[]) word
         WHERE position(word IN regexp_replace(
               normalize(lower(concat_ws(' ', c.reference, c.external_id, c.title, o.name, o.siret)), NFKD),
               '[\\u0300-\\u036f]', '', 'g')) = 0)
 ORDER BY c.id DESC
 LIMIT %(limit)s
"""


def list_cases(session: Session, wanted: Wanted, *, today: date) -> list[CaseLine]:
    """The cases wanted, newest first."""
    rows = session.exec_driver_sql(
        _LIST,
        {
            "today": today,
            "stages": list(wanted.stages) or None,
            "calls": [code.lower() for code in wanted.calls] or None,
            "instructor": wanted.instructor.lower() if wanted.instructor else None,
            "late": wanted.late,
            "after": wanted.after_id,
            "words": _words(wanted.search),
            "limit": wanted.limit,
        },
    )
    return [CaseLine(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Found:
    """A case a person named."""

    id: int
    contract_id: int
    reference: str
    stage: str
    version: int


def find_cases(session: Session, names: Sequence[str]) -> dict[str, list[Found]]:
    """The cases each name may mean, by name: a reference, whatever its case, else the applicant's own number."""
    rows = session.exec_driver_sql(
        """
        SELECT asked.name, c.id, k.contract_id, c.reference, c.stage, c.version
          FROM unnest(%(names)s::text[]) AS asked(name)
          JOIN LATERAL (
                SELECT * FROM cases WHERE reference = upper(asked.name)
                UNION ALL
                SELECT * FROM cases WHERE external_id = asked.name
                   AND NOT EXISTS (SELECT FROM cases WHERE reference = upper(asked.name))
               ) c ON true
          JOIN calls k ON k.id = c.call_id
         ORDER BY c.id
        """,
        {"names": list(dict.fromkeys(names))},
    )
    found: dict[str, list[Found]] = {}
    for name, *case in rows:
        found.setdefault(name, []).append(Found(*case))
    return found


def _words(text: str) -> list[str]:
    """The words of a search as the statement compares them: in lower case, without accents."""
    letters = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in letters if not unicodedata.combining(char)).split()
