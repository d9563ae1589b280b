"""Programmings of a sitting: what they are made from, and keeping them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parvis.models.session import Session

Amounts = Mapping[tuple[int, str], int]
"""Cents by case id and funder code."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case of an agenda; `requested` and `proposed` are cents by funder code, those its opinion proposes."""

    id: int
    reference: str
    title: str
    organisation: str
    call: str
    score: int | None
    cost_cents: int
    neighbourhoods: list[str]
    requested: dict[str, int]
    proposed: dict[str, int]


@dataclass(frozen=True, slots=True)
class PurseLine:
    """An envelope, `part` of its funder's general one or not, and what everybody may take of it, in cents."""

    id: int
    funder_id: int
    name: str
    call: str
    part: bool
    available_cents: int


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """A programming without its amounts."""

    id: int
    committee_id: int
    name: str
    version: int
    solved: bool
    saved_at: datetime
    saved_by: str
    sent_at: datetime | None
    total_cents: int


def case_lines(session: Session, committee_id: int) -> list[CaseLine]:
    """The cases on the agenda of a sitting, in its order."""
    rows = session.exec_driver_sql(
        """
        SELECT c.id, c.reference, c.title, o.name, k.code, c.score, c.total_cost_cents,
               ARRAY(SELECT n.code FROM case_neighbourhoods m JOIN neighbourhoods n ON n.id = m.neighbourhood_id
                      WHERE m.case_id = c.id ORDER BY n.code),
               COALESCE((SELECT json_object_agg(f.code, g.requested_cents ORDER BY f.id)
                  FROM fundings g JOIN funders f ON f.id = g.funder_id
                 WHERE g.case_id = c.id AND g.requested_cents > 0), '{}'),
               COALESCE((SELECT json_object_agg(f.code, LEAST(g.proposed_cents, g.requested_cents) ORDER BY f.id)
                  FROM fundings g JOIN funders f ON f.id = g.funder_id
                 WHERE g.case_id = c.id AND g.proposed_cents > 0
                   AND g.opinion IS DISTINCT FROM 'unfavourable'), '{}')
          FROM agenda_items i
          JOIN cases c ON c.id = i.case_id AND c.committee_id = i.committee_id
          JOIN calls k ON k.id = c.call_id
          JOIN organisations o ON o.id = c.organisation_id
         WHERE i.committee_id = %(committee)s AND i.left_at IS NULL
         ORDER BY i.position, c.id
        """,
        {"committee": committee_id},
    )
    return [CaseLine(*row) for row in rows]


def purse_lines(session: Session, committee_id: int, envelope_ids: Collection[int]) -> list[PurseLine]:
    """These envelopes, and the general ones of the calls of a sitting: by call and funder, parts after the whole.

    Their names say the call where there are several.
    """
    rows = session.exec_driver_sql(
        """
        SELECT e.id, e.funder_id,
               concat_ws(', ', f.name, d.label, n.name,
                         CASE WHEN min(k.code) OVER () <> max(k.code) OVER () THEN k.title END),
               k.code, e.parent_id IS NOT NULL, e.available_cents
          FROM envelopes e
          JOIN funders f ON f.id = e.funder_id
          JOIN calls k ON k.id = e.call_id
          LEFT JOIN challenges d ON d.id = e.challenge_id
          LEFT JOIN neighbourhoods n ON n.id = e.neighbourhood_id
         WHERE e.id = ANY(%(ids)s)
            OR (e.neighbourhood_id IS NULL AND e.challenge_id IS NULL AND e.year = k.year
                AND e.call_id IN (SELECT c.call_id FROM agenda_items i JOIN cases c ON c.id = i.case_id
                                   WHERE i.committee_id = %(committee)s AND i.left_at IS NULL))
         ORDER BY k.code, f.id, COALESCE(e.parent_id, e.id), e.parent_id IS NOT NULL, e.id
        """,
        {"committee": committee_id, "ids": sorted(envelope_ids)},
    )
    return [PurseLine(*row) for row in rows]


def funders(session: Session, committee_id: int) -> dict[str, tuple[int, str]]:
    """Every funder of the sitting's contract, in order: its id and its name, by its code."""
    rows = session.exec_driver_sql(
        "SELECT f.code, f.id, f.name FROM funders f JOIN committees m ON m.contract_id = f.contract_id"
        " WHERE m.id = %(committee)s ORDER BY f.id",
        {"committee": committee_id},
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def hold_cases(session: Session, case_ids: Sequence[int]) -> frozenset[int]:
    """Hold these cases, in the order of their ids, until the commit; those that wait for a decision."""
    rows = session.exec_driver_sql(
        "SELECT id, stage FROM cases WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE",
        {"ids": sorted(case_ids)},
    )
    return frozenset(row[0] for row in rows if row[1] == "committee")


def contract_of(session: Session, committee_id: int) -> int:
    """The contract of a sitting."""
    row = session.exec_driver_sql(
        "SELECT contract_id FROM committees WHERE id = %(id)s", {"id": committee_id}
    )
    return int(row.scalar_one())


_ROW = """
SELECT s.id, s.committee_id, s.name, s.version, s.solved, s.saved_at, COALESCE(p.name, s.saved_by), s.sent_at,
       COALESCE((SELECT sum(amount_cents) FROM scenario_amounts WHERE scenario_id = s.id), 0)::bigint
  FROM scenarios s LEFT JOIN people p ON s.saved_by = 'person:' || p.id
"""


def scenarios(session: Session, committee_id: int) -> list[ScenarioRow]:
    """The programmings of a sitting, in the order they were begun."""
    said = f"{_ROW} WHERE s.committee_id = %(committee)s ORDER BY s.id"
    return [ScenarioRow(*row) for row in session.exec_driver_sql(said, {"committee": committee_id})]


def find(session: Session, committee_id: int, scenario_id: int) -> ScenarioRow | None:
    """A programming of this sitting."""
    said = f"{_ROW} WHERE s.committee_id = %(committee)s AND s.id = %(id)s"
    row = session.exec_driver_sql(said, {"committee": committee_id, "id": scenario_id}).one_or_none()
    return ScenarioRow(*row) if row else None


def amounts(session: Session, scenario_id: int) -> dict[tuple[int, str], int]:
    """What a programming gives to the cases that are still on the agenda."""
    rows = session.exec_driver_sql(
        """
        SELECT a.case_id, f.code, a.amount_cents
          FROM scenario_amounts a
          JOIN scenarios s ON s.id = a.scenario_id
          JOIN funders f ON f.id = a.funder_id
          JOIN cases c ON c.id = a.case_id AND c.committee_id = s.committee_id
         WHERE a.scenario_id = %(id)s ORDER BY a.case_id, f.id
        """,
        {"id": scenario_id},
    )
    return {(case_id, code): cents for case_id, code, cents in rows}


def begin(session: Session, committee_id: int, name: str, *, by: str, at: datetime) -> int | None:
    """Begin a programming; None when the sitting has one of this name."""
    row = session.exec_driver_sql(
        """
        INSERT INTO scenarios (committee_id, name, saved_by, saved_at) VALUES (%(committee)s, %(name)s, %(by)s, %(at)s)
        ON CONFLICT (committee_id, name) DO NOTHING RETURNING id
        """,
        {"committee": committee_id, "name": name, "by": by, "at": at},
    )
    found = row.scalar_one_or_none()
    return None if found is None else int(found)


def write(
    session: Session, scenario_id: int, given: Amounts, *, version: int, solved: bool, by: str, at: datetime
) -> bool:
    """Write all the amounts of a programming over version `version`; whether it was still that one, and not sent."""
    said = {"id": scenario_id, "version": version, "solved": solved, "by": by, "at": at}
    changed = session.exec_driver_sql(
        """
        UPDATE scenarios SET version = version + 1, solved = %(solved)s, saved_by = %(by)s, saved_at = %(at)s
         WHERE id = %(id)s AND version = %(version)s AND sent_at IS NULL
        """,
        said,
    ).rowcount
    if not changed:
        return False
    session.exec_driver_sql("DELETE FROM scenario_amounts WHERE scenario_id = %(id)s", said)
    kept = [(case_id, code, cents) for (case_id, code), cents in given.items() if cents]
    columns: dict[str, Any] = {
        "cases": [case_id for case_id, _, _ in kept],
        "codes": [code for _, code, _ in kept],
        "cents": [cents for _, _, cents in kept],
    }
    session.exec_driver_sql(
        """
        INSERT INTO scenario_amounts (scenario_id, case_id, funder_id, amount_cents)
        SELECT s.id, g.case_id, f.id, g.cents
          FROM unnest(%(cases)s::bigint[], %(codes)s::text[], %(cents)s::bigint[]) AS g(case_id, code, cents)
          JOIN scenarios s ON s.id = %(id)s
          JOIN committees m ON m.id = s.committee_id
          JOIN funders f ON f.contract_id = m.contract_id AND f.code = g.code
        """,
        said | columns,
    )
    return True


def send(session: Session, committee_id: int, scenario_id: int, *, version: int, at: datetime) -> bool:
    """Make this programming, and no other, the one its committee sees; whether it was still this version."""
    said = {"committee": committee_id, "id": scenario_id, "version": version, "at": at}
    session.exec_driver_sql(
        "UPDATE scenarios SET sent_at = NULL WHERE committee_id = %(committee)s AND id <> %(id)s", said
    )
    changed = session.exec_driver_sql(
        "UPDATE scenarios SET sent_at = %(at)s WHERE committee_id = %(committee)s AND id = %(id)s"
        " AND version = %(version)s",
        said,
    )
    return bool(changed.rowcount)


@dataclass(frozen=True, slots=True)
class SentProgramming:
    """The programming a sitting was sent: when, and by case what it gives, in cents by funder."""

    at: datetime
    amounts: Mapping[int, tuple[tuple[str, int], ...]]


def sent_programming(session: Session, committee_id: int) -> SentProgramming | None:
    """The programming sent to this sitting; None when none was."""
    found = session.exec_driver_sql(
        "SELECT id, sent_at FROM scenarios WHERE committee_id = %(committee)s AND sent_at IS NOT NULL",
        {"committee": committee_id},
    ).one_or_none()
    if found is None:
        return None
    given: dict[int, tuple[tuple[str, int], ...]] = {}
    for (case_id, code), cents in amounts(session, int(found[0])).items():
        given[case_id] = (*given.get(case_id, ()), (code, cents))
    return SentProgramming(found[1], given)


def delete(session: Session, committee_id: int, scenario_id: int) -> bool:
    """Forget a programming that was not sent; whether there was one."""
    gone = session.exec_driver_sql(
        "DELETE FROM scenarios WHERE committee_id = %(committee)s AND id = %(id)s AND sent_at IS NULL",
        {"committee": committee_id, "id": scenario_id},
    )
    return bool(gone.rowcount)
