"""What moves before and beside the examination change and tell: the wave, the first contact, the partners."""

from datetime import date

from parvis.states import part_grants, partner_table
from parvis.states.contract import TimeRules
from parvis.states.details import Plain, Value
from parvis.states.facts import Facts
from parvis.states.stages import Action


def first_told(action: Action, after: Facts) -> dict[str, Plain]:
    """The facts of the letters of these moves, as JSON: dates in ISO form, amounts in cents."""
    given = after.given
    match action:
        case Action.SUBMIT if given.arrival is not None:
            return {name: _plain(value) for name, value in given.arrival.told()}
        case Action.RECORD_CONTACT:
            return {"contact_on": _plain(given.contact_on)}
        case Action.RENEW if (renewal := given.renewal) is not None:
            return {
                "request": renewal.reference, "path": f"/dossiers/{renewal.reference}", "next_call": renewal.title,
                "deadline": _plain(renewal.closes_on),
            }  # fmt: skip
        case Action.FUND:
            return part_grants.told(after)
        case _:
            return partner_table.told(action, after)


def first_changes(action: Action, facts: Facts, times: TimeRules) -> dict[str, Value]:
    """The columns these moves change."""
    given = facts.given
    match action:
        case Action.ASK_CONTACT:
            return {
                "contact_asked_on": facts.today,
                "instructor_id": given.instructor_id or facts.instructor_id,
            }
        case Action.RECORD_CONTACT:
            return {"contacted_on": given.contact_on}
        case Action.SUBMIT if facts.awaited_partner_ids:
            return partner_table.due(facts, times)
        case Action.INVITE_PARTNER | Action.ADD_PARTNER:
            return partner_table.due(facts, times)
        case Action.WRITE_CLAUSE:
            return {"sub_granting": True}
        case _:
            return {}


def _plain(value: str | date | None) -> str | None:
    return value.isoformat() if isinstance(value, date) else value
