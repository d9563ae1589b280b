"""Movements of money on the ledger of envelopes: what is decided, given back, paid; each key once, each line for good.

The envelopes' amounts follow by a trigger. Whoever takes money from envelopes holds their rows first, in id order.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.models.session import Session
from parvis.states.ledger import FLOWS, Account, Kind, Line


@dataclass(frozen=True, slots=True)
class NewMovement:
    """A movement to write; one whose `key` was written already is not written again."""

    kind: Kind
    key: str
    at: datetime
    actor: str
    reason: str = ""
    case_id: int | None = None
    agreement_id: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a funder (by code) gives, in cents, and the envelope it is taken from; None where it has none."""

    funder: str
    amount_cents: int
    envelope_id: int | None


HELD = (Account.RESERVED, Account.COMMITTED, Account.PAID)
"""The accounts of what an envelope cannot give any more."""

_PARENTS = "unnest(ARRAY[e.id, e.parent_id]) AS up(id)"
_SAID = """said AS (
            INSERT INTO movements (kind, at, actor, reason, case_id, key)
            SELECT %(kind)s, %(at)s, %(actor)s, %(reason)s, %(case_id)s, %(key)s
             WHERE (SELECT count(*) FROM locked) > 0
            ON CONFLICT (key) DO NOTHING RETURNING id
        )"""
"""The movement, once its envelopes are held; nothing where none is, or where it was written already."""


def write_movement(session: Session, said: NewMovement, lines: Sequence[Line]) -> bool:
    """Write a movement and its lines; whether it is new.

    Raises:
        ConstraintError: an envelope would hold less than was reserved and decided of it (`ck_envelopes_never_over`),
            or the lines do not add up to nothing (`balanced`).
    """
    written = session.exec_driver_sql(
        """
        WITH said AS (
            INSERT INTO movements (kind, at, actor, reason, case_id, agreement_id, key)
            VALUES (%(kind)s, %(at)s, %(actor)s, %(reason)s, %(case_id)s, %(agreement_id)s, %(key)s)
            ON CONFLICT (key) DO NOTHING RETURNING id
        ), lines AS (
            INSERT INTO ledger (movement_id, envelope_id, account, amount_cents)
            SELECT said.id, l.envelope_id, l.account, l.amount
              FROM said, unnest(%(envelopes)s::bigint[], %(accounts)s::text[], %(amounts)s::bigint[])
                         AS l(envelope_id, account, amount)
        )
        SELECT count(*) FROM said
        """,
        {**_told(said), "envelopes": [each.envelope_id for each in lines],
         "accounts": [str(each.account) for each in lines], "amounts": [each.amount_cents for each in lines]},
    )  # fmt: skip
    return bool(written.scalar_one())


def _told(said: NewMovement) -> dict[str, object]:
    """A movement as its statement names it."""
    return {
        "kind": str(said.kind), "at": said.at, "actor": said.actor, "reason": said.reason, "case_id": said.case_id,
        "agreement_id": said.agreement_id, "key": said.key,
    }  # fmt: skip


_WRITE_GRANTS = f"""
WITH given AS (
    SELECT f.id AS funder_id, g.amount, g.envelope_id
      FROM unnest(%(codes)s::text[], %(amounts)s::bigint[], %(envelopes)s::bigint[])
           AS g(code, amount, envelope_id)
      JOIN cases c ON c.id = %(case_id)s
      JOIN calls k ON k.id = c.call_id
      JOIN funders f ON f.contract_id = k.contract_id AND f.code = g.code
), granted AS (
    UPDATE fundings SET granted_cents = given.amount, envelope_id = given.envelope_id FROM given
     WHERE %(kind)s = 'post' AND fundings.case_id = %(case_id)s AND fundings.funder_id = given.funder_id
), kept AS (
    SELECT e.funder_id, l.envelope_id, sum(l.amount_cents) AS cents
      FROM movements m JOIN ledger l ON l.movement_id = m.id JOIN envelopes e ON e.id = l.envelope_id
     WHERE m.case_id = %(case_id)s AND l.account = 'reserved'
     GROUP BY 1, 2 HAVING sum(l.amount_cents) <> 0
), locked AS MATERIALIZED (
    SELECT id FROM envelopes WHERE id IN (SELECT envelope_id FROM kept) ORDER BY id FOR UPDATE
), lines AS (
    SELECT funder_id, envelope_id, account, sum(cents)::bigint AS cents
      FROM (SELECT given.funder_id, up.id AS envelope_id, x.account, x.sign * given.amount AS cents
              FROM given JOIN envelopes e ON e.id = given.envelope_id CROSS JOIN {_PARENTS}
             CROSS JOIN (VALUES ('available', -1), (%(account)s::text, 1)) AS x(account, sign)
             WHERE up.id IS NOT NULL
             UNION ALL
            SELECT funder_id, envelope_id, x.account, x.sign * cents
              FROM kept CROSS JOIN (VALUES ('available', 1), ('reserved', -1)) AS x(account, sign)) AS both_ways
     GROUP BY 1, 2, 3 HAVING sum(cents) <> 0
), said AS (
    INSERT INTO movements (kind, at, actor, reason, case_id, key)
    SELECT w.kind, %(at)s, %(actor)s, %(reason)s, %(case_id)s,
           concat_ws('/', w.kind, %(case_id)s::bigint, %(version)s::text, w.funder_id)
      FROM (SELECT DISTINCT funder_id, CASE WHEN g.amount > 0 THEN %(kind)s ELSE 'release' END AS kind
              FROM lines LEFT JOIN given g USING (funder_id)) AS w
     WHERE (SELECT count(*) FROM locked) >= 0 ORDER BY w.funder_id
 RETURNING id, key
)
INSERT INTO ledger (movement_id, envelope_id, account, amount_cents)
SELECT said.id, envelope_id, account, cents
  FROM said JOIN lines ON lines.funder_id::text = split_part(said.key, '/', 4)
"""  # noqa: S608 - the fragment above


def write_grants(
    session: Session, case_id: int, version: int | str, taken: Sequence[Taken], *,
    kind: Kind, actor: str, at: datetime, reason: str = "",
) -> None:  # fmt: skip
    """Reserve (`Kind.RESERVE`) or commit (`Kind.POST`) what each funder gives a case, in place of what was reserved.

    It counts on its envelope and on the one this is a part of; committed, it is what the funder grants. A funder that
    is not named keeps nothing reserved. A movement's key is the case's version, or a mark of its own: writing the same
    twice is refused by the database, as is spending more than an envelope holds. What stays as it was writes nothing.
    """
    session.exec_driver_sql(
        _WRITE_GRANTS,
        {"case_id": case_id, "version": str(version), "at": at, "actor": actor, "reason": reason, "kind": str(kind),
         "account": str(FLOWS[kind][1]), "codes": [each.funder for each in taken],
         "amounts": [each.amount_cents for each in taken], "envelopes": [each.envelope_id for each in taken]},
    )  # fmt: skip


def reserved(session: Session, case_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """By case, what is reserved for it, in cents by funder (its code)."""
    rows = session.exec_driver_sql(
        """
        SELECT case_id, code, max(cents)::bigint
          FROM (SELECT m.case_id, f.code, l.envelope_id, sum(l.amount_cents) AS cents
                  FROM movements m JOIN ledger l ON l.movement_id = m.id
                  JOIN envelopes e ON e.id = l.envelope_id JOIN funders f ON f.id = e.funder_id
                 WHERE m.case_id = ANY(%(ids)s) AND l.account = 'reserved'
                 GROUP BY 1, 2, 3 HAVING sum(l.amount_cents) <> 0) AS each_envelope
         GROUP BY 1, 2 ORDER BY 1, 2
        """,
        {"ids": list(case_ids)},
    )
    found: dict[int, dict[str, int]] = {}
    for case_id, code, cents in rows:
        found.setdefault(case_id, {})[code] = cents
    return found


def give_back(
    session: Session, case_id: int, said: NewMovement, *, accounts: Sequence[Account] = HELD
) -> None:
    """Give back to the envelopes all that this case still holds of them on these accounts."""
    session.exec_driver_sql(
        f"""
        WITH held AS (
            SELECT l.envelope_id, l.account, sum(l.amount_cents)::bigint AS amount
              FROM movements m JOIN ledger l ON l.movement_id = m.id
             WHERE m.case_id = %(case_id)s AND l.account = ANY(%(accounts)s)
             GROUP BY 1, 2 HAVING sum(l.amount_cents) <> 0
        ), locked AS MATERIALIZED (
            SELECT id FROM envelopes WHERE id IN (SELECT envelope_id FROM held) ORDER BY id FOR UPDATE
        ), {_SAID}
        INSERT INTO ledger (movement_id, envelope_id, account, amount_cents)
        SELECT said.id, held.envelope_id, held.account, -held.amount FROM said, held
         UNION ALL
        SELECT said.id, held.envelope_id, 'available', sum(held.amount) FROM said, held GROUP BY 1, 2
        """,  # noqa: S608 - the fragment above
        {**_told(said), "case_id": case_id, "accounts": [str(each) for each in accounts]},
    )


def give_share_back(session: Session, case_id: int, granted: Mapping[str, int], said: NewMovement) -> None:
    """Give back what these funders (by code) granted a partner, in cents: what is not paid yet, then what is."""
    session.exec_driver_sql(
        f"""
        WITH gone AS (
            SELECT g.envelope_id, s.value::bigint AS cents
              FROM jsonb_each_text(%(granted)s::jsonb) AS s(code, value)
              JOIN fundings g ON g.case_id = %(case_id)s AND g.envelope_id IS NOT NULL
              JOIN funders f ON f.id = g.funder_id AND f.code = s.code
             WHERE s.value::bigint > 0
        ), held AS (
            SELECT gone.envelope_id, gone.cents, LEAST(gone.cents, GREATEST(0, (
                       SELECT sum(l.amount_cents) FROM movements m JOIN ledger l ON l.movement_id = m.id
                        WHERE m.case_id = %(case_id)s AND l.envelope_id = gone.envelope_id
                          AND l.account = 'committed'))) AS unpaid
              FROM gone
        ), locked AS MATERIALIZED (
            SELECT e.id FROM envelopes e
             WHERE e.id IN (SELECT envelope_id FROM gone)
                OR e.id IN (SELECT c.parent_id FROM envelopes c WHERE c.id IN (SELECT envelope_id FROM gone))
             ORDER BY e.id FOR UPDATE
        ), {_SAID}
        INSERT INTO ledger (movement_id, envelope_id, account, amount_cents)
        SELECT said.id, up.id, x.account, x.cents
          FROM said CROSS JOIN held JOIN envelopes e ON e.id = held.envelope_id CROSS JOIN {_PARENTS}
         CROSS JOIN LATERAL (VALUES ('available', held.cents), ('committed', -held.unpaid),
                                    ('paid', held.unpaid - held.cents)) AS x(account, cents)
         WHERE up.id IS NOT NULL AND x.cents <> 0
        """,  # noqa: S608 - the fragment above
        {**_told(said), "case_id": case_id, "granted": json.dumps(granted)},
    )


def pay_grants(session: Session, case_id: int, *, actor: str, at: datetime) -> None:
    """Follow the payments of a case: what was paid leaves what was committed, what was paid back is available again.

    Each payment counts once; those of a partner that left were given back as it did, and so was all that a case
    which was reclaimed had taken: what it pays back changes nothing more.

    Raises:
        ConstraintError: more would be paid than was decided (`ck_envelopes_amounts`).
    """
    session.exec_driver_sql(
        f"""
        WITH paid AS (
            SELECT p.amount_cents, g.envelope_id, p.amount_cents > 0 AS out,
                   CASE WHEN p.amount_cents > 0 THEN 'pay/' || p.id ELSE 'back/' || p.id || '/' || p.paid_on END AS key
              FROM payments p JOIN fundings g USING (case_id, funder_id) JOIN cases c ON c.id = p.case_id
             WHERE p.case_id = %(case_id)s AND p.status = 'paid' AND p.amount_cents <> 0 AND g.envelope_id IS NOT NULL
               AND c.stage <> 'reclaimed'
               AND NOT EXISTS (SELECT FROM partners x WHERE x.case_id = p.case_id AND x.organisation_id = p.partner_id
                                  AND x.state IN ('declined', 'withdrawn'))
        ), locked AS MATERIALIZED (
            SELECT e.id FROM envelopes e
             WHERE e.id IN (SELECT envelope_id FROM paid)
                OR e.id IN (SELECT c.parent_id FROM envelopes c WHERE c.id IN (SELECT envelope_id FROM paid))
             ORDER BY e.id FOR UPDATE
        ), said AS (
            INSERT INTO movements (kind, at, actor, case_id, key)
            SELECT CASE WHEN out THEN 'pay' ELSE 'reclaim' END, %(at)s, %(actor)s, %(case_id)s, key
              FROM paid WHERE (SELECT count(*) FROM locked) > 0
            ON CONFLICT (key) DO NOTHING RETURNING id, key
        )
        INSERT INTO ledger (movement_id, envelope_id, account, amount_cents)
        SELECT said.id, up.id, x.account, x.sign * paid.amount_cents
          FROM said JOIN paid USING (key) JOIN envelopes e ON e.id = paid.envelope_id CROSS JOIN {_PARENTS}
         CROSS JOIN LATERAL (VALUES (CASE WHEN paid.out THEN 'committed' ELSE 'available' END, -1), ('paid', 1))
                         AS x(account, sign)
         WHERE up.id IS NOT NULL
        """,  # noqa: S608 - the fragment above
        {"case_id": case_id, "at": at, "actor": actor},
    )
