"""What the journal keeps of what somebody gave with a move."""

from datetime import date, datetime, time

from parvis.states.facts import Given

Value = str | int | bool | date | datetime | None
Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]


def details(given: Given) -> dict[str, Plain]:
    """What was given, as JSON: dates in ISO form, amounts in cents; nothing for what was not."""
    kept: dict[str, Plain] = {}
    for name in _SAID:
        value = getattr(given, name)
        if value not in ("", (), None):
            kept[name] = plain(value)
    if given.arrival is not None and given.arrival.missed:
        kept["missed_wave"] = given.arrival.missed
    if given.renewal is not None and given.renewal.reference:
        kept["renewed_as"] = given.renewal.reference
    if given.joining is not None:
        kept["partner"] = given.joining.name
    elif given.partner_id is not None:
        part = given.coalition.part(given.partner_id) if given.coalition else None
        kept["partner"] = part.name if part else str(given.partner_id)
    return kept


_SAID = (
    "reason", "documents", "reply_by", "committee_id", "next_committee_id", "next_held_on", "amounts", "conditions",
    "opinion", "funder_id", "funder_ids", "proposed_cents", "score", "points", "instructor_id", "due_on",
    "signed_document", "sha256", "signed_on", "undertaken", "contact_on", "partner_email", "signer", "signer_quality",
    "partner_siret", "part_amounts", "starts_on", "ends_on", "instalment", "paid_on", "payment_ids",
    "spent_cents", "balance_cents", "repay_cents", "told",
)  # fmt: skip


def plain(value: object) -> Plain:
    """A value as JSON: dates and times in ISO form, tuples as lists."""
    match value:
        case tuple() | list():
            return [plain(item) for item in value]
        case date() | time():
            return value.isoformat()
        case str() | int() | None:
            return value
        case _:
            raise TypeError(type(value).__name__)
