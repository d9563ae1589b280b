"""The answers of cases typed here, and the row of a case once they are submitted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft: its case, whose it is, the call it answers, and its answers by step and field."""

    case_id: int
    reference: str
    external_id: str
    nature: str
    version: int
    contract_id: int
    call_id: int
    siret: str
    school: bool
    organisation: str
    email: str
    answers: dict[str, dict[str, list[str]]]
    saved_at: datetime
    contact_asked_on: date | None
    contacted_on: date | None


def siret_and_school(session: Session, organisation_id: int) -> tuple[str, bool]:
    """The number of an organisation, and whether it is remembered as a school."""
    row = session.exec_driver_sql(
        "SELECT siret, school FROM organisations WHERE id = %(id)s", {"id": organisation_id}
    ).one()
    return str(row[0]), bool(row[1])


def add_draft(session: Session, case_id: int, answers: Mapping[str, Any], *, at: datetime, by: str) -> None:
    """Keep the first answers of a draft."""
    session.exec_driver_sql(
        "INSERT INTO drafts (case_id, answers, saved_at, saved_by) VALUES (%(id)s, %(answers)s, %(at)s, %(by)s)",
        {"id": case_id, "answers": json.dumps(answers), "at": at, "by": by},
    )


def read_draft(session: Session, case_id: int, *, lock: bool = False) -> DraftRow | None:
    """A draft that is not submitted; with `lock`, nobody else saves or submits it until the commit."""
    statement = """
        SELECT d.case_id, c.reference, c.external_id, c.nature, c.version, k.contract_id, c.call_id, o.siret,
               o.school, o.name, o.email, d.answers, d.saved_at, c.contact_asked_on, c.contacted_on
          FROM drafts d JOIN cases c ON c.id = d.case_id JOIN calls k ON k.id = c.call_id
          JOIN organisations o ON o.id = c.organisation_id
         WHERE d.case_id = %(id)s AND c.stage = 'draft'
        """
    row = session.exec_driver_sql(
        f"{statement} FOR UPDATE OF d" if lock else statement, {"id": case_id}
    ).one_or_none()
    return DraftRow(*row) if row else None


def save_step(
    session: Session, case_id: int, step: str, values: Mapping[str, Any], *, at: datetime, by: str
) -> None:
    """Keep the answers of one step; the others stay."""
    session.exec_driver_sql(
        """
        UPDATE drafts SET answers = answers || jsonb_build_object(%(step)s::text, %(values)s::jsonb),
                          saved_at = %(at)s, saved_by = %(by)s
         WHERE case_id = %(id)s
        """,
        {"id": case_id, "step": step, "values": json.dumps(values), "at": at, "by": by},
    )


def name_draft(session: Session, case_id: int, title: str) -> None:
    """Give a draft its title, by which letters and lists call it."""
    session.exec_driver_sql(
        "UPDATE cases SET title = %(title)s WHERE id = %(id)s AND title <> %(title)s",
        {"id": case_id, "title": title},
    )


def count_drafts(session: Session, organisation_id: int) -> int:
    """How many drafts an organisation has open; two starts at once count one after the other."""
    session.exec_driver_sql(
        "SELECT 1 FROM organisations WHERE id = %(id)s FOR UPDATE", {"id": organisation_id}
    )
    row = session.exec_driver_sql(
        "SELECT count(*) FROM cases WHERE organisation_id = %(id)s AND stage = 'draft'"
        " AND anonymised_at IS NULL",
        {"id": organisation_id},
    )
    return int(row.scalar_one())


_FILLED = (
    "wave_id", "content_hash", "title", "summary", "starts_on", "ends_on", "requested_cents",
    "total_cost_cents", "beneficiaries", "qpv_share_percent", "deposited_on",
)  # fmt: skip
_FILL = f"""
UPDATE cases SET {", ".join(f"{name} = %({name})s" for name in _FILLED)},
       instructor_id = COALESCE(instructor_id, %(instructor_id)s), contact = %(contact)s::jsonb
 WHERE id = %(id)s
"""  # noqa: S608 - the columns above


def fill_case(session: Session, case_id: int, row: Mapping[str, Any]) -> None:
    """Write what a draft says on the row of its case; where it stands, and the officer met first, are not touched."""
    values = {name: row[name] for name in (*_FILLED, "instructor_id")}
    session.exec_driver_sql(_FILL, {"id": case_id, "contact": json.dumps(row["contact"]), **values})


def await_document(session: Session, case_id: int, code: str) -> None:
    """Await a document of a draft again: the file that was sent for it is gone."""
    session.exec_driver_sql(
        """
        UPDATE documents d SET received_at = NULL FROM cases c
         WHERE c.id = d.case_id AND c.stage = 'draft' AND d.case_id = %(id)s AND d.code = %(code)s
        """,
        {"id": case_id, "code": code},
    )


def name_unknown(session: Session, names: Mapping[str, str]) -> None:
    """Call the organisations of these SIRETs by these names, where nobody said theirs yet: a known name stays."""
    session.exec_driver_sql(
        """
        UPDATE organisations o SET name = s.value FROM jsonb_each_text(%(names)s::jsonb) AS s(siret, value)
         WHERE o.siret = s.siret AND o.name = o.siret
        """,
        {"names": json.dumps(dict(names))},
    )
