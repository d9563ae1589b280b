"""One field as someone typed it, turned into a value or refused with a code and a sentence."""

from parvis.states.fields.amounts import amount, grouped_amount, plain_amount
from parvis.states.fields.banking import account_number, bic
from parvis.states.fields.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    calendar_day,
    day_or_instant,
    instant,
    spreadsheet_day,
    spreadsheet_moment,
)
from parvis.states.fields.errors import FieldError, Raw, is_blank, shortened
from parvis.states.fields.identifiers import iban, qpv, rna, siret
from parvis.states.fields.mailbox import email, needs_smtputf8
from parvis.states.fields.numbers import integer, percentage
from parvis.states.fields.records import (
    check_balanced,
    check_not_late,
    check_same_request,
    check_within_total,
)
from parvis.states.fields.texts import mixed_scripts, text

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "FieldError",
    "Raw",
    "account_number",
    "amount",
    "bic",
    "calendar_day",
    "check_balanced",
    "check_not_late",
    "check_same_request",
    "check_within_total",
    "day_or_instant",
    "email",
    "grouped_amount",
    "iban",
    "instant",
    "integer",
    "is_blank",
    "mixed_scripts",
    "needs_smtputf8",
    "percentage",
    "plain_amount",
    "qpv",
    "rna",
    "shortened",
    "siret",
    "spreadsheet_day",
    "spreadsheet_moment",
    "text",
]
