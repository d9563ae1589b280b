"""Things to do on Démarche numérique because of what was done here: owed from the journal, each once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from parvis.models.session import Session


def owe_orders(session: Session, call_id: int, means: Mapping[str, str], *, at: datetime) -> int:
    """Owe what the journal of a call says since it writes back, once per line; how many are new.

    The first time only notes from when on: what was decided before is not told.
    """
    session.exec_driver_sql(
        """
        INSERT INTO demarche_syncs (call_id, writes_from) VALUES (%(id)s, %(at)s)
        ON CONFLICT (call_id) DO UPDATE SET writes_from = COALESCE(demarche_syncs.writes_from, excluded.writes_from)
        """,
        {"id": call_id, "at": at},
    )
    rows = session.exec_driver_sql(
        """
        INSERT INTO demarche_orders (case_id, seq, kind, not_before)
        SELECT j.case_id, j.seq, m.kind, %(at)s
          FROM unnest(%(actions)s::text[], %(kinds)s::text[]) AS m(action, kind)
          JOIN journal j ON j.action = m.action
          JOIN cases c ON c.id = j.case_id AND c.source = 'demarche' AND c.call_id = %(id)s
          JOIN demarche_syncs s ON s.call_id = c.call_id AND j.at >= s.writes_from
         ORDER BY j.case_id, j.seq
        ON CONFLICT (case_id, seq) DO NOTHING RETURNING id
        """,
        {"id": call_id, "actions": list(means), "kinds": [str(kind) for kind in means.values()], "at": at},
    )
    return len(rows.all())


@dataclass(frozen=True, slots=True)
class Order:
    """Something to do there, and what the journal says of it."""

    id: int
    case_id: int
    seq: int
    kind: str
    tries: int
    reference: str
    number: int
    action: str
    details: str
    granted_cents: int


def orders_due(session: Session, call_id: int, *, at: datetime) -> list[Order]:
    """What is due there for a call, in the order it happened here; the next of a case waits for the one before."""
    rows = session.exec_driver_sql(
        """
        SELECT o.id, o.case_id, o.seq, o.kind, o.tries, c.reference, c.external_id::bigint, j.action, j.details,
               COALESCE((SELECT sum(g.granted_cents) FROM fundings g WHERE g.case_id = c.id), 0)::bigint
          FROM demarche_orders o
          JOIN cases c ON c.id = o.case_id AND c.call_id = %(id)s
          JOIN journal j ON j.case_id = o.case_id AND j.seq = o.seq
         WHERE o.state = 'owed' AND o.not_before <= %(at)s
           AND NOT EXISTS (SELECT FROM demarche_orders b WHERE b.case_id = o.case_id AND b.seq < o.seq
                              AND b.state = 'owed' AND b.not_before > %(at)s)
         ORDER BY o.case_id, o.seq
        """,
        {"id": call_id, "at": at},
    )
    return [Order(*row) for row in rows]


def claim_order(session: Session, order_id: int, *, until: datetime, at: datetime) -> bool:
    """Take an order for oneself `until` an instant, when another may try it; False when it is another's already."""
    row = session.exec_driver_sql(
        """
        UPDATE demarche_orders SET not_before = %(until)s
         WHERE id = %(id)s AND state = 'owed' AND not_before <= %(at)s RETURNING id
        """,
        {"id": order_id, "until": until, "at": at},
    )
    return row.one_or_none() is not None


def settle_order(
    session: Session, order_id: int, state: str, *, problem: str = "", not_before: datetime, at: datetime
) -> None:
    """An order is done, given up, or owed again `not_before` an instant."""
    session.exec_driver_sql(
        """
        UPDATE demarche_orders SET state = %(state)s, tries = tries + 1, problem = %(problem)s,
               not_before = %(later)s, done_at = CASE WHEN %(state)s = 'owed' THEN NULL ELSE %(at)s END
         WHERE id = %(id)s AND state = 'owed'
        """,
        {"id": order_id, "state": state, "problem": problem[:300], "later": not_before, "at": at},
    )


def order_counts(session: Session, call_id: int) -> dict[str, int]:
    """How many things owed there stand at each state."""
    rows = session.exec_driver_sql(
        """
        SELECT o.state, count(*) FROM demarche_orders o JOIN cases c ON c.id = o.case_id
         WHERE c.call_id = %(id)s GROUP BY o.state
        """,
        {"id": call_id},
    )
    return {row[0]: row[1] for row in rows}
