"""What a move does to agendas: the parts of its statement that end a line and begin one."""

# A case is on the agenda its `committee_id` says. The line of the old sitting ends before that of the new one begins,
# which reads it for that: a case is on one agenda at most. One carried from none was recommended.
LEFT = """, left_agenda AS (
    UPDATE agenda_items i SET left_at = $1::timestamptz
      FROM moved
     WHERE i.case_id = moved.id AND i.left_at IS NULL AND i.committee_id IS DISTINCT FROM moved.committee_id
 RETURNING i.case_id
)"""
_JOINS = """, joined AS (
    INSERT INTO agenda_items (committee_id, case_id, position, origin, note, added_at)
    SELECT committee_id, id,
           COALESCE((SELECT max(position) FROM agenda_items i WHERE i.committee_id = moved.committee_id), 0)
               + row_number() OVER (PARTITION BY committee_id ORDER BY id),
           CASE WHEN $5::text = 'recommend' THEN 'recommended'
                WHEN $5::text = 'carry' THEN CASE WHEN EXISTS (
                    SELECT FROM agenda_items i WHERE i.case_id = moved.id AND i.left_at IS NULL)
                    THEN 'carried' ELSE 'recommended' END
                WHEN $4::text = 'clock' THEN 'wave' ELSE 'hand' END,
           COALESCE(details::json ->> 'reason', ''), $1::timestamptz
      FROM moved
     WHERE committee_id IS NOT NULL{after}
    ON CONFLICT (committee_id, case_id) DO UPDATE
       SET position = excluded.position, origin = excluded.origin, note = excluded.note,
           added_at = excluded.added_at, left_at = NULL
)"""
_AFTER = " AND (SELECT count(*) FROM left_agenda) >= 0"
JOINED = {"joins": _JOINS.format(after=""), "changes": _JOINS.format(after=_AFTER)}
"""By what the move does: it joins an agenda, or changes from one to another."""
