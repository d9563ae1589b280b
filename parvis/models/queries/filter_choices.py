"""What a list of cases can be filtered by: the calls, waves, places, challenges, funders and people of a contract."""

from dataclasses import dataclass

from parvis.models.session import Session, select


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter and what people call it."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """The choices of each filter, in the order a list shows them."""

    calls: tuple[Choice, ...] = ()
    waves: tuple[Choice, ...] = ()
    neighbourhoods: tuple[Choice, ...] = ()
    challenges: tuple[Choice, ...] = ()
    funders: tuple[Choice, ...] = ()
    officers: tuple[Choice, ...] = ()


_CHOICES = """
SELECT 'calls', k.code, k.title, -k.year, k.code FROM calls k WHERE k.contract_id = %(contract)s
UNION ALL
SELECT 'waves', w.code, min(w.title), -max(k.year), w.code
  FROM waves w JOIN calls k ON k.id = w.call_id WHERE k.contract_id = %(contract)s GROUP BY w.code
UNION ALL
SELECT 'neighbourhoods', code, name, 0, name FROM neighbourhoods WHERE contract_id = %(contract)s
UNION ALL
SELECT 'challenges', code, code || ' ' || label, 0, code FROM challenges WHERE contract_id = %(contract)s
UNION ALL
SELECT 'funders', f.code, f.name, 0, f.name FROM funders f
 WHERE f.contract_id = %(contract)s AND (f.asks_opinion OR EXISTS (SELECT FROM envelopes e WHERE e.funder_id = f.id))
UNION ALL
SELECT 'officers', id::text, name, 0, name FROM people
 WHERE contract_id = %(contract)s AND active AND role = 'instructor'
 ORDER BY 1, 4, 5
"""


def filter_choices(session: Session, contract_id: int) -> FilterChoices:
    """The choices of a contract, in one statement."""
    found: dict[str, list[Choice]] = {}
    for kind, value, name, *_ in select(session, _CHOICES, {"contract": contract_id}):
        found.setdefault(kind, []).append(Choice(value, name))
    return FilterChoices(**{kind: tuple(choices) for kind, choices in found.items()})
