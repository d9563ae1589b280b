"""The budget of a partner's part, as it was typed and as it reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from parvis.models.queries import partners as queries
from parvis.models.session import Session
from parvis.states import cerfa, fields
from parvis.states.fields import FieldError
from parvis.states.words import Sentence

Answers = Mapping[str, Sequence[str]]
FIELDS = tuple(account.field for account in cerfa.ACCOUNTS)


@dataclass(slots=True)
class PartRead:
    """What a partner typed of its budget: cents by side and account, and what is to be corrected, by field."""

    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    faults: dict[str, Sentence] = field(default_factory=dict)

    def total(self, side: str, *, in_kind: bool | None = None) -> int:
        """The sum of one side, of contributions in kind alone or without them."""
        return sum(
            cents
            for (of, account), cents in self.lines.items()
            if of == side and (in_kind is None or account.startswith(cerfa.IN_KIND) == in_kind)
        )


def cost_of(session: Session, case_id: int, organisation_id: int) -> int:
    """What the part of a partner costs in money, as it typed it; its share where it typed nothing."""
    part = queries.own_part(session, case_id, organisation_id)
    if part is None:
        return 0
    return read_budget(part.answers).total(cerfa.CHARGE, in_kind=False) or part.requested_cents


def read_budget(answers: Answers) -> PartRead:
    """What the answers of a part say, amount by amount."""
    read = PartRead()
    for account in cerfa.ACCOUNTS:
        said = (answers.get(account.field) or ("",))[-1].strip()
        if not said:
            continue
        try:
            cents = fields.amount(said, zero_allowed=True)
        except FieldError as error:
            read.faults[account.field] = error.sentence
        else:
            read.lines[account.side, account.code] = cents
    return read
