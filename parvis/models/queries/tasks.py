"""Tasks: what people have to do that no move says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task, the case it concerns and who instructs it, if any."""

    id: int
    kind: str
    reference: str | None
    organisation: str | None
    instructor: str | None
    title_fr: str
    title_en: str
    opened_at: datetime
    done_at: datetime | None


def list_tasks(session: Session, *, done: bool, limit: int, contract_id: int | None = None) -> list[TaskLine]:
    """Open tasks of a contract or of all, the oldest first; with `done`, those done as well, after them."""
    rows = session.exec_driver_sql(
        """
        SELECT t.id, t.kind, c.reference, o.name, p.name, t.title_fr, t.title_en, t.opened_at, t.done_at
          FROM tasks t
          LEFT JOIN cases c ON c.id = t.case_id
          LEFT JOIN calls k ON k.id = c.call_id
          LEFT JOIN organisations o ON o.id = c.organisation_id
          LEFT JOIN people p ON p.id = c.instructor_id
         WHERE (%(done)s OR t.done_at IS NULL)
           AND (%(contract)s::bigint IS NULL OR COALESCE(t.contract_id, k.contract_id) = %(contract)s::bigint)
         ORDER BY t.done_at IS NOT NULL, t.opened_at, t.id LIMIT %(limit)s
        """,
        {"done": done, "contract": contract_id, "limit": limit},
    )
    return [TaskLine(*row) for row in rows]


def finish_task(session: Session, task_id: int, *, at: datetime) -> bool:
    """Write that a task is done, once; False when there is no such task."""
    row = session.exec_driver_sql(
        "UPDATE tasks SET done_at = COALESCE(done_at, %(at)s) WHERE id = %(id)s RETURNING id",
        {"id": task_id, "at": at},
    )
    return row.one_or_none() is not None


def finish_task_of(session: Session, key: str, *, at: datetime) -> None:
    """Write that the task of this key is done, if there is one."""
    session.exec_driver_sql(
        "UPDATE tasks SET done_at = %(at)s WHERE key = %(key)s AND done_at IS NULL", {"key": key, "at": at}
    )


def who_asks(session: Session, case_id: int) -> tuple[str, str]:
    """The reference of a case and the organisation that asks, as the title of a task says them."""
    row = session.exec_driver_sql(
        "SELECT c.reference, o.name FROM cases c JOIN organisations o ON o.id = c.organisation_id WHERE c.id = %(id)s",
        {"id": case_id},
    ).one()
    return str(row[0]), str(row[1])


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A sitting in use that the contract file says no more."""

    id: int
    code: str
    name: str
    held_on: date


def unlisted_sittings(session: Session, contract_id: int) -> list[Unlisted]:
    """The sittings of a contract, neither held nor cancelled, that its file says no more."""
    rows = session.exec_driver_sql(
        """
        SELECT id, code, name, held_on FROM committees
         WHERE contract_id = %(contract)s AND planned_on IS NULL AND held_at IS NULL AND cancelled_at IS NULL
         ORDER BY held_on, id
        """,
        {"contract": contract_id},
    )
    return [Unlisted(*row) for row in rows]


def finish_other_tasks(
    session: Session, kind: str, contract_id: int, sittings: Sequence[int], *, at: datetime
) -> None:
    """End the open tasks of this kind about other sittings of the contract than these."""
    session.exec_driver_sql(
        """
        UPDATE tasks t SET done_at = %(at)s FROM committees m
         WHERE t.kind = %(kind)s AND t.done_at IS NULL AND starts_with(t.key, %(kind)s || ':' || m.id || ':')
           AND m.contract_id = %(contract)s AND NOT m.id = ANY(%(sittings)s::bigint[])
        """,
        {"kind": kind, "contract": contract_id, "sittings": list(sittings), "at": at},
    )
