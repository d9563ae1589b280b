"""What a filter and a viewer say of a case `c`, as conditions of a statement and their parameters."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from parvis.models.queries.many_contracts import OF_ITS_CALLS
from parvis.models.queries.recusals import HIDDEN
from parvis.states.queue import Filter, Viewer
from parvis.states.search import patterns
from parvis.states.stages import Role

# Everything else waits for nobody: what is over, and what the applicant has not deposited yet.
OPEN = "('submitted', 'incomplete', 'instructed', 'committee', 'funded')"
# `COALESCE` hides a chance from PostgreSQL, which would multiply it with another that says nearly the same.
_AWAITED = """g.opinion_asked_at IS NOT NULL AND g.opinion IS NULL
        AND COALESCE(c.stage IN ('submitted', 'incomplete'), false)"""
_LATE = "COALESCE(c.late_after < %(today)s::date, false) AND COALESCE(c.due_on, 'infinity'::date) < %(today)s::date"

_ANY_OF = {
    "stages": "c.stage = ANY(%(stages)s::text[])",
    "calls": "c.call_id IN (SELECT id FROM calls WHERE lower(code) = ANY(%(calls)s::text[]))",
    "waves": "c.wave_id IN (SELECT id FROM waves WHERE lower(code) = ANY(%(waves)s::text[]))",
    "neighbourhoods": """EXISTS (SELECT FROM case_neighbourhoods x JOIN neighbourhoods n ON n.id = x.neighbourhood_id
        WHERE x.case_id = c.id AND lower(n.code) = ANY(%(neighbourhoods)s::text[]))""",
    "challenges": """EXISTS (SELECT FROM case_challenges x JOIN challenges n ON n.id = x.challenge_id
        WHERE x.case_id = c.id AND lower(n.code) = ANY(%(challenges)s::text[]))""",
    "funders": """EXISTS (SELECT FROM fundings g JOIN funders f ON f.id = g.funder_id
        WHERE g.case_id = c.id AND lower(f.code) = ANY(%(funders)s::text[]){awaited})""",
}  # fmt: skip
# One code of one contract is one row, which PostgreSQL then knows: it need not first find every case apart.
_ONE_OF = {
    "calls": "c.call_id = {one}",
    "neighbourhoods": """EXISTS (SELECT FROM case_neighbourhoods x
        WHERE x.case_id = c.id AND x.neighbourhood_id = {one})""",
    "challenges": "EXISTS (SELECT FROM case_challenges x WHERE x.case_id = c.id AND x.challenge_id = {one})",
    "funders": "EXISTS (SELECT FROM fundings g WHERE g.case_id = c.id AND g.funder_id = {one}{awaited})",
}
_ONE = """(SELECT id FROM {kind}
        WHERE contract_id = %(contract)s::bigint AND lower(code) = ANY(%({kind})s::text[]) LIMIT 1)"""
_OF_ANY_FUNDER = f"EXISTS (SELECT FROM fundings g WHERE g.case_id = c.id AND {_AWAITED})"

SCOPE = {
    Role.FUNDER: """c.stage <> 'draft' AND EXISTS (
        SELECT FROM fundings g WHERE g.case_id = c.id AND g.funder_id = %(viewer_funder)s::bigint)""",
    Role.MEMBER: """EXISTS (SELECT FROM agenda_items a JOIN committee_members m ON m.committee_id = a.committee_id
        WHERE a.case_id = c.id AND a.left_at IS NULL AND m.person_id = %(viewer)s::bigint)""",
}

# Where there is one contract nothing is looked up for it. Where there are several, a list begins with the calls of its
# own: an `OR` would have it read the cases of all.
_OF_THE_CONTRACT = f"(SELECT count(*) FROM contracts) = 1 OR {OF_ITS_CALLS}"  # noqa: S608
_WATCHED = f"(({_LATE}) OR (c.instructor_id IS NULL AND c.stage IN {OPEN}))"
# Counted, where something else may do as well: `NOT EXISTS` would have it looked up for all cases beforehand.
_NEEDS = {
    Role.INSTRUCTOR: """c.instructor_id = %(viewer)s::bigint
        AND (c.stage IN ('submitted', 'instructed')
             OR (c.stage = 'draft' AND c.contact_asked_on IS NOT NULL AND c.contacted_on IS NULL)
             OR (c.stage = 'funded' AND (c.report_received_on IS NOT NULL OR c.interim_received_on IS NOT NULL))
             OR (c.stage = 'incomplete' AND 0 = (
                 SELECT count(*) FROM documents d
                  WHERE d.case_id = c.id AND d.requested_at IS NOT NULL AND d.received_at IS NULL)))""",
    Role.FUNDER: f"""EXISTS (SELECT FROM fundings g
        WHERE g.case_id = c.id AND g.funder_id = %(viewer_funder)s::bigint AND {_AWAITED})""",
    Role.SECRETARY: "c.stage = 'committee'",
    Role.MEMBER: "c.stage = 'committee'",
    Role.FINANCE: """c.stage = 'funded' AND ((c.report_accepted AND NOT c.balance_settled)
        OR c.notice_expires_on < %(today)s::date OR c.not_carried_out)""",
    Role.MANAGER: _WATCHED,
    Role.ADMINISTRATOR: _WATCHED,
}


@dataclass
class Asked:
    """A condition on `c`, and the parameters it names."""

    condition: str
    parameters: dict[str, Any] = field(default_factory=dict)


def asked(wanted: Filter, viewer: Viewer, *, today: date, among: bool = False) -> Asked:
    """What makes a case one of those wanted, and one this viewer may see; `among` those of several contracts."""
    parameters: dict[str, Any] = {
        "today": today, "viewer": viewer.person_id, "viewer_funder": viewer.funder_id,
        "contract": viewer.contract_id, "stages": list(wanted.stages),
        "funders": [code.lower() for code in wanted.funders], "instructors": list(wanted.instructors),
        "least": wanted.least_cents, "most": wanted.most_cents,
    }  # fmt: skip
    for name in ("calls", "waves", "neighbourhoods", "challenges"):
        parameters[name] = [code.lower() for code in getattr(wanted, name)]
    words = {f"word{n}": pattern for n, pattern in enumerate(patterns(wanted.text))}
    conditions = [*_wanted(wanted, viewer), *_searched(words), *_allowed(viewer, among=among)]
    return Asked(" AND ".join(f"({each})" for each in conditions) or "true", parameters | words)


def _wanted(wanted: Filter, viewer: Viewer) -> Iterator[str]:
    yield from _named(wanted, viewer)
    if wanted.opinion_awaited and not wanted.funders:
        yield _OF_ANY_FUNDER
    if wanted.instructors or wanted.mine or wanted.unassigned:
        yield " OR ".join(_instructors(wanted))
    if wanted.late:
        yield _LATE
    if wanted.not_carried_out:
        yield "c.not_carried_out"
    if wanted.least_cents is not None:
        yield "c.requested_cents >= %(least)s::bigint"
    if wanted.most_cents is not None:
        yield "c.requested_cents <= %(most)s::bigint"
    if wanted.needs_me:
        yield _NEEDS.get(Role(viewer.role), "false")


def _named(wanted: Filter, viewer: Viewer) -> Iterator[str]:
    """What the contract names: stages, calls, waves, places, challenges, funders."""
    awaited = f" AND {_AWAITED}" if wanted.opinion_awaited else ""
    for name, several in _ANY_OF.items():
        codes = getattr(wanted, name)
        if len(codes) == 1 and name in _ONE_OF and viewer.contract_id is not None:
            yield _ONE_OF[name].format(one=_ONE.format(kind=name), awaited=awaited)
        elif codes:
            yield several.format(awaited=awaited)


def _instructors(wanted: Filter) -> Iterator[str]:
    if wanted.instructors:
        yield "c.instructor_id = ANY(%(instructors)s::bigint[])"
    if wanted.mine:
        yield "c.instructor_id = %(viewer)s::bigint"
    if wanted.unassigned:
        yield "c.instructor_id IS NULL"


def _searched(words: dict[str, str]) -> Iterator[str]:
    if words:
        matched = " AND ".join(f"w.words LIKE %({name})s" for name in words)
        yield f"EXISTS (SELECT FROM case_words w WHERE w.case_id = c.id AND {matched})"


def _allowed(viewer: Viewer, *, among: bool) -> Iterator[str]:
    if viewer.contract_id is not None:
        yield OF_ITS_CALLS if among else _OF_THE_CONTRACT
    if condition := SCOPE.get(Role(viewer.role)):
        yield condition
    if viewer.person_id is not None:
        yield f"NOT {HIDDEN}"
