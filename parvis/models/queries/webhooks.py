"""Endpoints of webhooks and what is owed to them: registered, changed, claimed under a lease, settled, listed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from parvis.models.session import Session
from parvis.states.webhooks import DeliveryState, EndpointState


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint as its manager sees it; `owed` and `failed` count its deliveries."""

    id: int
    contract_id: int
    name: str
    url: str
    types: Sequence[str]
    state: str
    failing_since: datetime | None
    stopped_at: datetime | None
    made_at: datetime
    owed: int
    failed: int


_ENDPOINTS = """
SELECT e.id, e.contract_id, e.name, e.url, e.types, e.state, e.failing_since, e.stopped_at, e.made_at,
       count(d.id) FILTER (WHERE d.state IN ('owed', 'sending')), count(d.id) FILTER (WHERE d.state = 'failed')
  FROM webhook_endpoints e LEFT JOIN webhook_deliveries d ON d.endpoint_id = e.id
"""


def endpoints(session: Session, contract_id: int | None) -> list[Endpoint]:
    """The endpoints of a contract, or of all, in the order they were made."""
    rows = session.exec_driver_sql(
        f"{_ENDPOINTS} WHERE %(contract)s::bigint IS NULL OR e.contract_id = %(contract)s GROUP BY e.id ORDER BY e.id",
        {"contract": contract_id},
    )
    return [Endpoint(*row) for row in rows]


def hold(session: Session, contract_id: int | None, endpoint_id: int) -> Endpoint | None:
    """One endpoint of a contract, or of any, this transaction's alone to change; None when there is none."""
    session.exec_driver_sql(
        "SELECT FROM webhook_endpoints WHERE id = %(id)s FOR NO KEY UPDATE", {"id": endpoint_id}
    )
    row = session.exec_driver_sql(
        f"{_ENDPOINTS} WHERE e.id = %(id)s AND (%(contract)s::bigint IS NULL OR e.contract_id = %(contract)s)"
        " GROUP BY e.id",
        {"id": endpoint_id, "contract": contract_id},
    ).one_or_none()
    return Endpoint(*row) if row else None


def add(
    session: Session, contract_id: int, *, name: str, url: str, types_json: str, by: str, at: datetime
) -> int:  # fmt: skip
    """Write an endpoint; its number."""
    row = session.exec_driver_sql(
        """
        INSERT INTO webhook_endpoints (contract_id, name, url, types, made_at, made_by)
        VALUES (%(contract)s, %(name)s, %(url)s, %(types)s::jsonb, %(at)s, %(by)s) RETURNING id
        """,
        {"contract": contract_id, "name": name, "url": url, "types": types_json, "at": at, "by": by},
    )
    return int(row.scalar_one())


def change(session: Session, endpoint_id: int, *, name: str, url: str, types_json: str) -> None:
    """Change what an endpoint is and asks for."""
    session.exec_driver_sql(
        "UPDATE webhook_endpoints SET name = %(name)s, url = %(url)s, types = %(types)s::jsonb WHERE id = %(id)s",
        {"id": endpoint_id, "name": name, "url": url, "types": types_json},
    )


def remove(session: Session, endpoint_id: int) -> None:
    """Forget an endpoint, its secrets and what was owed to it."""
    session.exec_driver_sql("DELETE FROM webhook_deliveries WHERE endpoint_id = %(id)s", {"id": endpoint_id})
    session.exec_driver_sql("DELETE FROM webhook_endpoints WHERE id = %(id)s", {"id": endpoint_id})


def set_state(session: Session, endpoint_id: int, state: EndpointState, *, at: datetime) -> bool:
    """Tell an endpoint again, or no more; it starts again without a past of failures. False when it stood so."""
    rows = session.exec_driver_sql(
        """
        UPDATE webhook_endpoints SET state = %(state)s,
               failing_since = CASE WHEN %(state)s = 'active' THEN NULL ELSE failing_since END,
               stopped_at = CASE WHEN %(state)s = 'active' THEN NULL ELSE COALESCE(stopped_at, %(at)s) END
         WHERE id = %(id)s AND state <> %(state)s
        """,
        {"id": endpoint_id, "state": str(state), "at": at},
    )
    return rows.rowcount > 0


def add_secret(
    session: Session, endpoint_id: int, sealed: bytes, *, at: datetime, old_lasts: timedelta
) -> None:
    """Keep a new secret; those before it sign beside it a while longer, and those whose time was over are forgotten."""
    session.exec_driver_sql(
        "DELETE FROM webhook_secrets WHERE endpoint_id = %(id)s AND ends_at <= %(at)s",
        {"id": endpoint_id, "at": at},
    )
    session.exec_driver_sql(
        "UPDATE webhook_secrets SET ends_at = %(ends)s WHERE endpoint_id = %(id)s AND ends_at IS NULL",
        {"id": endpoint_id, "ends": at + old_lasts},
    )
    session.exec_driver_sql(
        "INSERT INTO webhook_secrets (endpoint_id, sealed, made_at) VALUES (%(id)s, %(sealed)s, %(at)s)",
        {"id": endpoint_id, "sealed": sealed, "at": at},
    )


def secrets(session: Session, endpoint_ids: Sequence[int], *, at: datetime) -> dict[int, list[bytes]]:
    """The sealed secrets that sign for these endpoints at `at`, the newest first."""
    rows = session.exec_driver_sql(
        """
        SELECT endpoint_id, sealed FROM webhook_secrets
         WHERE endpoint_id = ANY(%(ids)s::bigint[]) AND (ends_at IS NULL OR ends_at > %(at)s) ORDER BY id DESC
        """,
        {"ids": list(endpoint_ids), "at": at},
    )
    found: dict[int, list[bytes]] = {}
    for endpoint_id, sealed in rows:
        found.setdefault(endpoint_id, []).append(bytes(sealed))
    return found


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery in the hands of a sender."""

    id: int
    endpoint_id: int
    contract_id: int
    name: str
    url: str
    event_id: str
    type: str
    happened_at: datetime
    data: Mapping[str, object]
    attempts: int


def owe_test(session: Session, endpoint_id: int, event_id: str, kind: str, *, at: datetime) -> None:
    """Owe an endpoint an event that says nothing but that it is told."""
    session.exec_driver_sql(
        """
        INSERT INTO webhook_deliveries (endpoint_id, event_id, type, happened_at, not_before)
        VALUES (%(id)s, %(event)s, %(kind)s, %(at)s, %(at)s)
        """,
        {"id": endpoint_id, "event": event_id, "kind": kind, "at": at},
    )


def claim(session: Session, *, by: str, at: datetime, lease: timedelta, limit: int) -> list[Claimed]:
    """Take what is due under a lease, the longest due first; nothing while a restoration holds what leaves back.

    What a sender that is gone had taken is taken again.
    """
    rows = session.exec_driver_sql(
        """
        WITH lost AS (
            UPDATE webhook_deliveries SET state = 'owed', lease_until = NULL
             WHERE id IN (SELECT id FROM webhook_deliveries WHERE state = 'sending' AND lease_until <= %(at)s
                           FOR UPDATE SKIP LOCKED)
        ), due AS (
            SELECT d.id, e.contract_id, e.name, e.url
              FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id
             WHERE d.state = 'owed' AND d.not_before <= %(at)s AND e.state = 'active'
               AND NOT EXISTS (SELECT FROM restorations WHERE released_at IS NULL)
             ORDER BY d.not_before, d.id LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED
        ), taken AS (
            UPDATE webhook_deliveries d
               SET state = 'sending', attempts = attempts + 1, claimed_by = %(by)s, lease_until = %(until)s
              FROM due WHERE d.id = due.id
         RETURNING d.id, d.endpoint_id, due.contract_id, due.name, due.url, d.event_id, d.type, d.happened_at,
                   d.data, d.attempts
        )
        SELECT * FROM taken ORDER BY happened_at, id
        """,
        {"by": by, "at": at, "until": at + lease, "limit": limit},
    )
    return [Claimed(*row) for row in rows]


def settle(
    session: Session, one: Claimed, state: DeliveryState, *, by: str, at: datetime, status: int, answer: str,
    not_before: datetime | None = None,
) -> None:  # fmt: skip
    """Write what became of a delivery this sender still holds: delivered, owed again from `not_before`, or failed.

    What was not even tried (`status` −1) counts for no attempt.
    """
    session.exec_driver_sql(
        """
        UPDATE webhook_deliveries
           SET state = %(state)s, not_before = COALESCE(%(later)s::timestamptz, not_before), lease_until = NULL,
               attempts = attempts - (%(status)s < 0)::int,
               tried_at = CASE WHEN %(status)s < 0 THEN tried_at ELSE %(at)s END,
               status = CASE WHEN %(status)s < 0 THEN status ELSE %(status)s END,
               answer = CASE WHEN %(status)s < 0 THEN answer ELSE %(answer)s END
         WHERE id = %(id)s AND state = 'sending' AND claimed_by = %(by)s
        """,
        {"id": one.id, "state": str(state), "by": by, "at": at, "status": status, "answer": answer,
         "later": not_before},
    )  # fmt: skip


def note_success(session: Session, endpoint_id: int) -> None:
    """An endpoint answered well: it has no past of failures any more."""
    session.exec_driver_sql(
        "UPDATE webhook_endpoints SET failing_since = NULL WHERE id = %(id)s AND failing_since IS NOT NULL",
        {"id": endpoint_id},
    )


def note_failure(session: Session, endpoint_id: int, *, at: datetime) -> datetime:
    """An endpoint did not answer well; since when it has not."""
    row = session.exec_driver_sql(
        "UPDATE webhook_endpoints SET failing_since = COALESCE(failing_since, %(at)s) WHERE id = %(id)s"
        " RETURNING failing_since",
        {"id": endpoint_id, "at": at},
    ).one_or_none()
    return row[0] if row else at


def forget(session: Session, *, before: datetime) -> int:
    """Forget what was settled before this instant, or is owed to an endpoint that is no more; how many deliveries."""
    rows = session.exec_driver_sql(
        """
        DELETE FROM webhook_deliveries d
         WHERE (state IN ('delivered', 'failed') AND tried_at < %(before)s)
            OR NOT EXISTS (SELECT FROM webhook_endpoints e WHERE e.id = d.endpoint_id)
        """,
        {"before": before},
    )
    return rows.rowcount


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """A delivery as its manager sees it; `next_at` is when it is tried again, if it is."""

    id: int
    event_id: str
    type: str
    happened_at: datetime
    data: Mapping[str, object]
    state: str
    attempts: int
    tried_at: datetime | None
    next_at: datetime | None
    status: int
    answer: str


def deliveries(session: Session, endpoint_id: int, *, state: str | None, limit: int) -> list[DeliveryLine]:
    """The deliveries of an endpoint, the latest first; those in one state, if it is said."""
    rows = session.exec_driver_sql(
        """
        SELECT id, event_id, type, happened_at, data, state, attempts, tried_at,
               CASE WHEN state = 'owed' THEN not_before END, status, answer
          FROM webhook_deliveries
         WHERE endpoint_id = %(id)s AND (%(state)s::text IS NULL OR state = %(state)s)
         ORDER BY id DESC LIMIT %(limit)s
        """,
        {"id": endpoint_id, "state": state, "limit": limit},
    )
    return [DeliveryLine(*row) for row in rows]


def owe_again(session: Session, endpoint_id: int, delivery_id: int | None, *, at: datetime) -> int:
    """Owe a delivery again now, whatever became of it; without a number, all that did not arrive. How many."""
    rows = session.exec_driver_sql(
        """
        UPDATE webhook_deliveries SET state = 'owed', attempts = 0, not_before = %(at)s, lease_until = NULL
         WHERE endpoint_id = %(endpoint)s
           AND CASE WHEN %(id)s::bigint IS NULL THEN state IN ('owed', 'failed')
                    ELSE id = %(id)s AND state <> 'sending' END
        """,
        {"endpoint": endpoint_id, "id": delivery_id, "at": at},
    )
    return rows.rowcount
