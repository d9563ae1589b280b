"""Letters that no move of a case owes: to the people who look after the installation, to one person."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from parvis.models.session import Session
from parvis.states.enclosures import Enclosure, as_rows


def owe_to_role(
    session: Session,
    role: str,
    *,
    template: str,
    occurrence: str,
    data: Mapping[str, str | int],
    at: datetime,
) -> int:
    """Owe the letter `template` to every active person of `role`, once per occurrence; how many are new."""
    rows = session.exec_driver_sql(
        """
        INSERT INTO letters (contract_id, rule, occurrence, recipient, template, data, owed_at, not_before)
        SELECT contract_id, %(template)s, %(occurrence)s, 'person:' || id, %(template)s, %(data)s, %(at)s, %(at)s
          FROM people WHERE active AND role = %(role)s
        ON CONFLICT (case_id, rule, occurrence, recipient) DO NOTHING
        RETURNING id
        """,
        {"role": role, "template": template, "occurrence": occurrence, "data": json.dumps(data), "at": at},
    )
    return len(rows.all())


def owe_to_person(
    session: Session, person_id: int, *,
    template: str, occurrence: str, data: Mapping[str, object], at: datetime, enclosures: Sequence[Enclosure] = (),
) -> bool:  # fmt: skip
    """Owe the letter `template` to one person, once per occurrence; False when it was owed already.

    `enclosures` leave with it: `states.enclosures.invitation` makes one of an iCalendar text (the letter then also
    carries it as an .ics file), `Enclosure(name, media_type, sha256=…)` one of a stored file.
    """
    rows = session.exec_driver_sql(
        """
        INSERT INTO letters (contract_id, rule, occurrence, recipient, template, data, enclosures, owed_at, not_before)
        SELECT contract_id, %(template)s, %(occurrence)s, 'person:' || id, %(template)s, %(data)s, %(enclosures)s,
               %(at)s, %(at)s
          FROM people WHERE id = %(person)s
        ON CONFLICT (case_id, rule, occurrence, recipient) DO NOTHING
        RETURNING id
        """,
        {"person": person_id, "template": template, "occurrence": occurrence, "at": at,
         "data": json.dumps(data, ensure_ascii=False),
         "enclosures": json.dumps(as_rows(enclosures), ensure_ascii=False)},
    )  # fmt: skip
    return rows.one_or_none() is not None


def owe_to_partner(
    session: Session, case_id: int, organisation_id: int, *,
    template: str, occurrence: str, data: Mapping[str, object], at: datetime,
) -> None:  # fmt: skip
    """Owe the letter `template` to a partner of a case, once per occurrence."""
    session.exec_driver_sql(
        """
        INSERT INTO letters (case_id, rule, occurrence, recipient, template, data, owed_at, not_before)
        VALUES (%(case)s, %(template)s, %(occurrence)s, 'partner:' || %(organisation)s::bigint, %(template)s, %(data)s,
                %(at)s, %(at)s)
        ON CONFLICT (case_id, rule, occurrence, recipient) DO NOTHING
        """,
        {"case": case_id, "template": template, "occurrence": occurrence, "organisation": organisation_id,
         "data": json.dumps(data, ensure_ascii=False), "at": at},
    )  # fmt: skip


def owe_about_case(
    session: Session, case_id: int, recipient: str, *,
    template: str, occurrence: str, data: Mapping[str, object], at: datetime, enclosures: Sequence[Enclosure] = (),
) -> None:  # fmt: skip
    """Owe the letter `template` about a case (`applicant`, `partner:3`…), once per occurrence."""
    session.exec_driver_sql(
        """
        INSERT INTO letters (case_id, rule, occurrence, recipient, template, data, enclosures, owed_at, not_before)
        VALUES (%(case)s, %(template)s, %(occurrence)s, %(recipient)s, %(template)s, %(data)s, %(enclosures)s, %(at)s,
                %(at)s)
        ON CONFLICT (case_id, rule, occurrence, recipient) DO NOTHING
        """,
        {"case": case_id, "template": template, "occurrence": occurrence, "recipient": recipient, "at": at,
         "data": json.dumps(data, ensure_ascii=False),
         "enclosures": json.dumps(as_rows(enclosures), ensure_ascii=False)},
    )  # fmt: skip


def occurrence_known(session: Session, person_id: int, template: str, occurrence: str) -> bool:
    """Whether this letter to one person is owed already, or was sent."""
    row = session.exec_driver_sql(
        """
        SELECT EXISTS (SELECT FROM letters WHERE case_id IS NULL AND rule = %(template)s
                          AND occurrence = %(occurrence)s AND recipient = 'person:' || %(person)s::bigint)
        """,
        {"template": template, "occurrence": occurrence, "person": person_id},
    )
    return bool(row.scalar_one())


def owed_to(session: Session, template: str, occurrence: str) -> set[str]:
    """To whom the letter `template` of this occurrence, about no case, was owed already."""
    rows = session.exec_driver_sql(
        "SELECT recipient FROM letters WHERE case_id IS NULL AND rule = %(t)s AND occurrence = %(o)s",
        {"t": template, "o": occurrence},
    )
    return set(rows.scalars())
