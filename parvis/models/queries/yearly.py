"""A year of a contract, counted: by challenge, neighbourhood, funder and instrument, where both meet, case by case.

The year of a case is that of its call. A statement a family of figures; each gives the year asked for and the one
before, so that they compare.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from parvis.models.session import Session, read


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of some cases: numbers of them, cents, people; `weighted` is people × percent.

    Money granted and people planned are those of the funded; what was spent, reached and how much of it in a priority
    neighbourhood is what accepted final reports say, so `people_planned_reported` is what these had planned; one that
    had planned no number counts there for what it reached, so that like is compared with like. Women and
    people under 26 are of the `weighing_` people of the reports that say how many.
    """

    proposed: int = 0
    funded: int = 0
    evaluated: int = 0
    not_carried_out: int = 0
    reported: int = 0
    requested_cents: int = 0
    granted_cents: int = 0
    paid_cents: int = 0
    spent_cents: int = 0
    people_planned: int = 0
    people_planned_reported: int = 0
    people_done: int = 0
    weighted_planned: int = 0
    weighing_planned: int = 0
    weighted_done: int = 0
    weighing_done: int = 0
    cost_planned_cents: int = 0
    cost_done_cents: int = 0
    people_costed: int = 0
    women: int = 0
    weighing_women: int = 0
    young: int = 0
    weighing_young: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of one challenge, neighbourhood, funder or instrument in one year.

    `code` is empty for the cases that name none of it; `year` is None for one that no case names.
    """

    code: str
    name: str
    year: int | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where a neighbourhood and a challenge meet: how many cases, how many funded, the cents granted to these."""

    neighbourhood: str
    challenge: str
    proposed: int
    funded: int
    granted_cents: int


@dataclass(frozen=True, slots=True)
class Running:
    """What a funder gives in the year to agreements of several years; `code` is empty for all funders together.

    `firm_cents` is what it is bound to; the rest is indicative until confirmed. `paid_cents` is what left for the year,
    whenever it did, with the payments of the case for a first year.
    """

    code: str
    name: str
    agreements: int
    firm_cents: int
    cents: int
    paid_cents: int


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One case of the year, with what it asked, was granted and paid, and what its accepted report says."""

    reference: str
    title: str
    organisation: str
    call: str
    instrument: str
    stage: str
    not_carried_out: bool
    neighbourhoods: list[str]
    challenges: list[str]
    requested_cents: int
    granted_cents: int
    paid_cents: int
    spent_cents: int | None
    people_planned: int | None
    people_done: int | None


FUNDED = ("funded", "evaluated", "reclaimed")
"""The stages of those that were granted something."""


def _typed(field: str) -> str:
    """A number of people as it was typed in a report `r`; null when it is none, or more than all the people."""
    typed = f"regexp_replace(r.answers #>> '{{publics,{field},-1}}', '[[:space:]\u00a0\u202f]', '', 'g')"
    return f"CASE WHEN {typed} ~ '^[0-9]{{1,7}}$' AND {typed}::bigint <= r.people THEN {typed}::bigint END"


_MINE = f"""mine AS MATERIALIZED (
    SELECT k.year, k.instrument, c.id, c.stage IN {FUNDED} AS funded, c.stage = 'evaluated' AS evaluated,
           c.not_carried_out, r.id IS NOT NULL AS reported, c.requested_cents AS requested,
           c.total_cost_cents AS cost, c.beneficiaries::bigint AS planned, c.qpv_share_percent AS planned_share,
           f.granted, p.paid, r.spent_cents AS spent, r.people::bigint AS done, r.qpv_share_percent AS done_share,
           {_typed("femmes")} AS women, {_typed("jeunes")} AS young
      FROM cases c
      JOIN calls k ON k.id = c.call_id AND k.contract_id = %(contract)s::bigint AND k.year = ANY(%(years)s::int[])
      LEFT JOIN LATERAL (SELECT sum(granted_cents) AS granted FROM fundings WHERE case_id = c.id) f ON true
      LEFT JOIN LATERAL (SELECT sum(amount_cents) AS paid FROM payments
                          WHERE case_id = c.id AND status = 'paid') p ON true
      LEFT JOIN LATERAL (SELECT * FROM reports WHERE case_id = c.id AND kind = 'final' AND way = 'report'
                            AND state = 'accepted' ORDER BY id DESC LIMIT 1) r ON true
     WHERE c.stage <> 'draft'
)"""  # noqa: S608 - the stages above
_OF_EACH_FUNDER = """of_each AS (
    SELECT g.funder_id, m.year, m.id, o.own AS funded, m.evaluated AND o.own AS evaluated,
           m.not_carried_out AND o.own AS not_carried_out, m.reported AND o.own AS reported,
           g.requested_cents AS requested, m.cost, m.planned, m.planned_share, g.granted_cents AS granted,
           (SELECT sum(amount_cents) FROM payments p
             WHERE p.case_id = m.id AND p.funder_id = g.funder_id AND p.status = 'paid') AS paid,
           CASE WHEN o.own THEN m.spent END AS spent, CASE WHEN o.own THEN m.done END AS done,
           CASE WHEN o.own THEN m.done_share END AS done_share, CASE WHEN o.own THEN m.women END AS women,
           CASE WHEN o.own THEN m.young END AS young
      FROM mine m JOIN fundings g ON g.case_id = m.id
      CROSS JOIN LATERAL (SELECT m.funded AND COALESCE(g.granted_cents, 0) > 0 AS own) o
)"""
_MEASURES = """count(m.id), count(m.id) FILTER (WHERE m.funded), count(m.id) FILTER (WHERE m.evaluated),
       count(m.id) FILTER (WHERE m.not_carried_out), count(m.id) FILTER (WHERE m.reported),
       COALESCE(sum(m.requested), 0)::bigint, COALESCE(sum(m.granted) FILTER (WHERE m.funded), 0)::bigint,
       COALESCE(sum(m.paid), 0)::bigint, COALESCE(sum(m.spent), 0)::bigint,
       COALESCE(sum(m.planned) FILTER (WHERE m.funded), 0)::bigint,
       COALESCE(sum(COALESCE(m.planned, m.done)) FILTER (WHERE m.reported), 0)::bigint,
       COALESCE(sum(m.done), 0)::bigint,
       COALESCE(sum(m.planned * m.planned_share) FILTER (WHERE m.funded), 0)::bigint,
       COALESCE(sum(m.planned) FILTER (WHERE m.funded AND m.planned_share IS NOT NULL), 0)::bigint,
       COALESCE(sum(m.done * m.done_share), 0)::bigint,
       COALESCE(sum(m.done) FILTER (WHERE m.done_share IS NOT NULL), 0)::bigint,
       COALESCE(sum(m.cost) FILTER (WHERE m.funded AND m.planned > 0), 0)::bigint,
       COALESCE(sum(m.spent) FILTER (WHERE m.done > 0), 0)::bigint,
       COALESCE(sum(m.done) FILTER (WHERE m.spent IS NOT NULL), 0)::bigint,
       COALESCE(sum(m.women), 0)::bigint, COALESCE(sum(m.done) FILTER (WHERE m.women IS NOT NULL), 0)::bigint,
       COALESCE(sum(m.young), 0)::bigint, COALESCE(sum(m.done) FILTER (WHERE m.young IS NOT NULL), 0)::bigint"""

_BY_INSTRUMENT = f"""
WITH {_MINE}
SELECT COALESCE(m.instrument, ''), '', m.year, {_MEASURES}
  FROM mine m GROUP BY GROUPING SETS ((m.instrument, m.year), (m.year)) ORDER BY 1, 3
"""  # noqa: S608 - the words above
_BY_PLACE = """
WITH {mine}, named AS (SELECT id, code, {name} AS name FROM {kind}s WHERE contract_id = %(contract)s::bigint)
SELECT COALESCE(n.code, ''), COALESCE(n.name, ''), m.year, {measures}
  FROM mine m LEFT JOIN case_{kind}s x ON x.case_id = m.id FULL JOIN named n ON n.id = x.{kind}_id
 GROUP BY n.code, n.name, m.year ORDER BY n.code NULLS LAST, m.year
"""
_BY_CHALLENGE = _BY_PLACE.format(mine=_MINE, measures=_MEASURES, kind="challenge", name="label")
_BY_NEIGHBOURHOOD = _BY_PLACE.format(mine=_MINE, measures=_MEASURES, kind="neighbourhood", name="name")
_BY_FUNDER = f"""
WITH {_MINE}, {_OF_EACH_FUNDER}, named AS (SELECT id, code, name FROM funders WHERE contract_id = %(contract)s::bigint)
SELECT n.code, n.name, m.year, {_MEASURES}
  FROM of_each m RIGHT JOIN named n ON n.id = m.funder_id
 GROUP BY n.id, n.code, n.name, m.year ORDER BY n.id, m.year
"""  # noqa: S608 - the words above
_RUNNING = """
SELECT COALESCE(f.code, ''), COALESCE(f.name, ''), count(DISTINCT a.id),
       COALESCE(sum(m.amount_cents) FILTER (WHERE y.firm), 0)::bigint, COALESCE(sum(m.amount_cents), 0)::bigint,
       COALESCE(sum(p.paid), 0)::bigint
  FROM agreements a
  JOIN agreement_years y ON y.agreement_id = a.id AND y.starts_on <= a.ends_on
   AND y.starts_on BETWEEN make_date(%(year)s::int, 1, 1) AND make_date(%(year)s::int, 12, 31)
  LEFT JOIN agreement_amounts m ON m.agreement_id = a.id AND m.number = y.number
  LEFT JOIN LATERAL (SELECT sum(amount_cents) AS paid FROM payments
                      WHERE funder_id = m.funder_id AND status = 'paid'
                        AND (agreement_id = a.id AND year = y.number OR case_id = a.case_id AND y.number = 1)) p ON true
  LEFT JOIN funders f ON f.id = m.funder_id
 WHERE a.contract_id = %(contract)s::bigint AND a.stage <> 'draft'
 GROUP BY GROUPING SETS ((f.id, f.code, f.name), ())
HAVING GROUPING(f.id) = 1 OR f.id IS NOT NULL
 ORDER BY f.id
"""
_CROSSINGS = f"""
WITH {_MINE}
SELECT n.code, h.code, count(*), count(*) FILTER (WHERE m.funded),
       COALESCE(sum(m.granted) FILTER (WHERE m.funded), 0)::bigint
  FROM mine m
  JOIN case_neighbourhoods a ON a.case_id = m.id JOIN neighbourhoods n ON n.id = a.neighbourhood_id
  JOIN case_challenges b ON b.case_id = m.id JOIN challenges h ON h.id = b.challenge_id
 GROUP BY 1, 2
"""  # noqa: S608 - the words above
_ACTIONS = f"""
WITH {_MINE}
SELECT c.reference, c.title, o.name, k.title, m.instrument, c.stage, m.not_carried_out,
       ARRAY(SELECT n.name FROM case_neighbourhoods x JOIN neighbourhoods n ON n.id = x.neighbourhood_id
              WHERE x.case_id = c.id ORDER BY n.code),
       ARRAY(SELECT n.code FROM case_challenges x JOIN challenges n ON n.id = x.challenge_id
              WHERE x.case_id = c.id ORDER BY n.code),
       m.requested, COALESCE(CASE WHEN m.funded THEN m.granted END, 0)::bigint, COALESCE(m.paid, 0)::bigint,
       m.spent, m.planned, m.done
  FROM mine m JOIN cases c ON c.id = m.id JOIN calls k ON k.id = c.call_id
  JOIN organisations o ON o.id = c.organisation_id
 ORDER BY c.reference
"""  # noqa: S608 - the words above


def by_instrument(session: Session, contract_id: int, years: Sequence[int]) -> list[Counted]:
    """Every instrument that has a case; the code of all cases together is empty."""
    return _counted(session, _BY_INSTRUMENT, contract_id, years)


def by_challenge(session: Session, contract_id: int, years: Sequence[int]) -> list[Counted]:
    """Every challenge, and the cases without; a case that answers two counts whole in both."""
    return _counted(session, _BY_CHALLENGE, contract_id, years)


def by_neighbourhood(session: Session, contract_id: int, years: Sequence[int]) -> list[Counted]:
    """Every neighbourhood, and the cases without; a case that serves two counts whole in both."""
    return _counted(session, _BY_NEIGHBOURHOOD, contract_id, years)


def by_funder(session: Session, contract_id: int, years: Sequence[int]) -> list[Counted]:
    """Every funder, with its own money; an action counts as funded by each that grants it something."""
    return _counted(session, _BY_FUNDER, contract_id, years)


def crossings(session: Session, contract_id: int, year: int) -> list[Crossing]:
    """Every pair of a neighbourhood and a challenge that some case of the year names."""
    return [Crossing(*row) for row in _rows(session, _CROSSINGS, contract_id, [year])]


def running(session: Session, contract_id: int, year: int) -> list[Running]:
    """The agreements with a year that begins in this one, by funder, then all together."""
    return [Running(*row) for row in read(session, _RUNNING, {"contract": contract_id, "year": year})]


def actions(session: Session, contract_id: int, year: int) -> list[ActionLine]:
    """Every case of the year, by reference."""
    return [ActionLine(*row) for row in _rows(session, _ACTIONS, contract_id, [year])]


def _counted(session: Session, statement: str, contract_id: int, years: Sequence[int]) -> list[Counted]:
    rows = _rows(session, statement, contract_id, years)
    return [Counted(row[0], row[1], row[2], Figures(*row[3:])) for row in rows]


def _rows(
    session: Session, statement: str, contract_id: int, years: Sequence[int]
) -> Sequence[tuple[Any, ...]]:
    return read(session, statement, {"contract": contract_id, "years": list(years)})
