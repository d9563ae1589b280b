"""Who acts, and what a funder would give: parts of what the rules know when they decide."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class By:
    """Who acts: `actor` is an opaque id (`person:12`, `clock`), never a name."""

    actor: str
    role: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What a funder would give: amounts in cents, `available_cents` left in its envelope (None: no envelope).

    `code` is the funder's, `envelope_id` the envelope that pays, `envelope` its name.
    """

    funder: str
    amount_cents: int
    requested_cents: int
    available_cents: int | None
    code: str = ""
    envelope_id: int | None = None
    envelope: str = ""
