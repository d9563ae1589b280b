"""Letters about the installation itself, owed to the people who look after it."""

import json
from collections.abc import Mapping
from datetime import datetime

from parvis.models.session import Session


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
