"""What an annex volume is made from: the cases of an agenda, their check-lists and their attachments."""

from collections.abc import Sequence
from dataclasses import dataclass

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class AnnexCase:
    """A case of the agenda."""

    id: int
    reference: str
    title: str
    applicant: str


@dataclass(frozen=True, slots=True)
class AnnexLine:
    """A document of the check-list with one of its files, or with none; or a file that is no document of the list."""

    case_id: int
    label: str
    name: str | None
    media_type: str | None
    sha256: bytes | None


def agenda_cases(session: Session, committee_id: int) -> list[AnnexCase]:
    """The cases on the agenda of a sitting, in its order; once it has decided, those it decided."""
    rows = session.exec_driver_sql(
        """
        SELECT c.id, c.reference, c.title, o.name
          FROM cases c
          JOIN organisations o ON o.id = c.organisation_id
          LEFT JOIN agenda_items a ON a.case_id = c.id AND a.committee_id = c.committee_id
         WHERE c.committee_id = %(committee)s
         ORDER BY a.position NULLS LAST, c.id
        """,
        {"committee": committee_id},
    )
    return [AnnexCase(*row) for row in rows]


def annex_lines(session: Session, case_ids: Sequence[int]) -> list[AnnexLine]:
    """The documents and attachments of these cases: the check-list in its order, then what else was attached."""
    rows = session.exec_driver_sql(
        """
        SELECT d.case_id, d.label, f.name, f.media_type, f.sha256
          FROM (SELECT case_id, code, label, id AS place FROM documents WHERE case_id = ANY(%(ids)s)
                UNION ALL
                SELECT unnest(%(ids)s::bigint[]), NULL, '', 9223372036854775807) d
          LEFT JOIN files f ON f.case_id = d.case_id AND f.kind = 'attachment' AND f.removed_at IS NULL
                           AND f.document_code IS NOT DISTINCT FROM d.code
         WHERE d.code IS NOT NULL OR f.id IS NOT NULL
         ORDER BY d.case_id, d.place, f.id
        """,
        {"ids": list(case_ids)},
    )
    return [AnnexLine(*row) for row in rows]
