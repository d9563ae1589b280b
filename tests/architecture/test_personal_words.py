"""Every text a table keeps about a case, an agreement or a person is erased at its end, or said here to be nobody’s."""

import re
from pathlib import Path

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import String

from parvis.models.tables import metadata

ERASING = ("forgetting", "redactions")
SUBJECTS = {"case_id", "agreement_id", "person_id", "report_id", "note_id"}
NOBODYS = """
cases: external_id nature assessment evaluation reference source stage
agreements: purpose reference title stage schedule
agreement_journal: actor role action source target idempotency_key
journal: actor role action source target idempotency_key
agenda_items: origin
agreement_instalments: code
amendments: made_by
access_links: purpose
api_tokens: scopes
budget_lines: side account
bulk_results: outcome withheld stage_after
case_words: words
committee_members: role attendance
demarche_files: champ document checksum
demarche_orders: kind
documents: code
drafts: saved_by
files: kind document_code media_type key added_by
fundings: opinion portal
interests: ground status by
letters: rule occurrence recipient template stage language template_fingerprint message_id claimed_by
movements: kind actor reason key
notes: key
note_texts: writer body
partners: shares granted state
payments: instalment condition status reference
portal_cases: source status content_hash said differs kept
portal_events: kind status
report_lines: side account
reports: kind way state saved_by received_by settled_by
retention_items: held_by held_reason outcome
session_decisions: outcome parts saved_by
tasks: key kind recipient
views: query
timers: rule occurrence kind period action template recipient outcome
visits: method path
webhook_deliveries: event_id type data state claimed_by answer
"""
"""Codes, amounts, ids and stages; what goes with its whole row; what a trigger or a published title keeps."""


def test_a_column_that_can_hold_peoples_words_is_erased_or_said_to_hold_none():
    folder = Path(__file__).parents[2] / "parvis" / "models" / "queries"
    erasing = "".join((folder / f"{name}.py").read_text("utf-8") for name in ERASING)
    said = {
        table: set(names.split())
        for table, _, names in (line.partition(": ") for line in NOBODYS.split("\n"))
    }

    unsaid = [
        f"{table.name}.{column.name}: erase it in models/queries/forgetting.py, or say in NOBODYS why it need not be"
        for table in metadata.sorted_tables
        if SUBJECTS & set(table.columns.keys()) or table.name in {"cases", "agreements"}
        for column in table.columns
        if isinstance(column.type, String | JSONB)
        and column.name not in said.get(table.name, ())
        and not (re.search(rf"\b{table.name}\b", erasing) and re.search(rf"\b{column.name}\b", erasing))
    ]

    assert unsaid == []
