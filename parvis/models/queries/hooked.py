"""What a line of a journal owes to webhooks: the part of its own statement that writes it, and the same done later.

The number of an event comes from the hash of its line: the same event always bears the same one, another never does.
"""

from parvis.models.session import Session
from parvis.states.webhooks import About

_INSERT = "INSERT INTO webhook_deliveries (endpoint_id, event_id, type, happened_at, not_before, data)"
_NUMBER = "'evt_' || left(encode({hash}, 'hex'), 32)"
_CASE = (
    "jsonb_build_object('reference', c.reference, 'call', k.code, 'previous_stage', {line}.source,"
    " 'stage', {line}.target, 'version', {seq}, 'role', {role})"
)
_AGREEMENT = (
    "jsonb_build_object('reference', a.reference, 'previous_stage', {source}, 'stage', {target}, 'version', {seq},"
    " 'role', {role})"
)
_SITTING = "jsonb_build_object('committee', m.code, 'held_on', m.held_on, 'version', {seq}, 'role', {role})"


def _wanted(about: About, action: str) -> str:
    return f"e.state = 'active' AND e.types ?| ARRAY['{about}.*', '{about}.' || {action}]"


OF_CASES = f""", hooked AS (
    {_INSERT}
    SELECT e.id, {_NUMBER.format(hash="moved.journal_head")}, 'case.' || $5::text, $1::timestamptz, $1::timestamptz,
           {_CASE.format(line="moved", seq="moved.version", role="$4::text")}
      FROM moved JOIN cases c ON c.id = moved.id JOIN calls k ON k.id = c.call_id
      JOIN webhook_endpoints e ON e.contract_id = k.contract_id
     WHERE {_wanted(About.CASE, "$5::text")}
    ON CONFLICT (endpoint_id, event_id) DO NOTHING
)"""  # noqa: S608 - the fragments above
"""For the statement of moves: `$1` says when, `$4` the role, `$5` the action, `moved` the cases."""

OF_AGREEMENTS = f""", hooked AS (
    {_INSERT}
    SELECT e.id, {_NUMBER.format(hash="%(hash)s::bytea")}, 'agreement.' || %(action)s, %(at)s, %(at)s,
           {_AGREEMENT.format(source="%(source)s::text", target="%(target)s::text", seq="%(seq)s::int",
                              role="%(role)s::text")}
      FROM agreements a JOIN webhook_endpoints e ON e.contract_id = a.contract_id
     WHERE a.id = %(id)s AND {_wanted(About.AGREEMENT, "%(action)s")}
    ON CONFLICT (endpoint_id, event_id) DO NOTHING
)"""  # noqa: S608 - the fragments above  # fmt: skip
"""For the statement of one move of an agreement."""

OF_SITTINGS = f""", hooked AS (
    {_INSERT}
    SELECT e.id, {_NUMBER.format(hash="%(hash)s::bytea")}, 'sitting.' || %(action)s, %(at)s, %(at)s,
           {_SITTING.format(seq="%(seq)s::int", role="%(role)s::text")}
      FROM committees m JOIN webhook_endpoints e ON e.contract_id = m.contract_id
     WHERE m.id = %(id)s AND {_wanted(About.SITTING, "%(action)s")}
    ON CONFLICT (endpoint_id, event_id) DO NOTHING
)"""  # noqa: S608 - the fragments above
"""For the statement of one line of a sitting's journal."""

LISTENS = "EXISTS (SELECT FROM webhook_endpoints h WHERE h.state = 'active')"
"""Whether anything is told of what happens: read with the facts of a move, so that none pays for what nobody wants."""

_LINES: dict[About, str] = {
    About.CASE: f"""
        SELECT {_NUMBER.format(hash="j.hash")}, 'case.' || j.action AS type, j.at,
               {_CASE.format(line="j", seq="j.seq", role="j.role")} AS data, k.contract_id
          FROM journal j JOIN cases c ON c.id = j.case_id JOIN calls k ON k.id = c.call_id
        """,  # noqa: S608 - the fragments above
    About.AGREEMENT: f"""
        SELECT {_NUMBER.format(hash="j.hash")}, 'agreement.' || j.action AS type, j.at,
               {_AGREEMENT.format(source="j.source", target="j.target", seq="j.seq", role="j.role")} AS data,
               a.contract_id
          FROM agreement_journal j JOIN agreements a ON a.id = j.agreement_id
        """,  # noqa: S608 - the fragments above
    About.SITTING: f"""
        SELECT {_NUMBER.format(hash="j.hash")}, 'sitting.' || j.action AS type, j.at,
               {_SITTING.format(seq="j.seq", role="j.role")} AS data, m.contract_id
          FROM committee_journal j JOIN committees m ON m.id = j.committee_id
        """,  # noqa: S608 - the fragments above
}


def owe_missed(session: Session, endpoint_id: int) -> int:
    """Owe an endpoint what happened since it was stopped; how many events. It is told each of them once."""
    owed = 0
    for about, lines in _LINES.items():
        rows = session.exec_driver_sql(
            f"""
            {_INSERT}
            SELECT e.id, l.number, l.type, l.at, l.at, l.data
              FROM webhook_endpoints e
              JOIN ({lines} WHERE j.at >= (SELECT stopped_at FROM webhook_endpoints WHERE id = %(id)s)
                   ) AS l(number, type, at, data, contract_id) ON l.contract_id = e.contract_id
             WHERE e.id = %(id)s AND e.types ?| ARRAY['{about}.*', l.type]
             ORDER BY l.at
            ON CONFLICT (endpoint_id, event_id) DO NOTHING
            """,  # noqa: S608 - the fragments above
            {"id": endpoint_id},
        )
        owed += rows.rowcount
    return owed
