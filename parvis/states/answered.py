"""Which reasons against an action the fields of its form could take away, and which remain whatever is typed. Pure."""

from collections.abc import Iterable

from parvis.states.asking import ASKS
from parvis.states.stages import Action
from parvis.states.table import Reason
from parvis.states.words import Sentence


def beside(action: Action, reasons: Iterable[Reason]) -> dict[str, Sentence]:
    """By field of the form of an action, the reason against it that this field could take away."""
    fields = {code: str(asked.field) for asked in ASKS[action] for code in asked.answers}
    return {fields[reason.code]: reason.sentence for reason in reasons if reason.code in fields}


def blocking(action: Action, reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Those of the reasons against an action that filling its form in cannot take away."""
    answered = {code for asked in ASKS[action] for code in asked.answers}
    return tuple(reason for reason in reasons if reason.code not in answered)
