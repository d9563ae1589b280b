"""What a move changes beside the case's own row: documents, opinions."""

from collections.abc import Sequence
from datetime import datetime

from parvis.models.session import Session, select_among


def request_documents(
    session: Session, case_id: int, labels: Sequence[tuple[str, str]], *, at: datetime
) -> None:
    """Mark documents (code, label) as asked for; one already received is awaited again."""
    session.exec_driver_sql(
        """
        INSERT INTO documents (case_id, code, label, required, requested_at)
        SELECT %(case_id)s, code, label, true, %(at)s
          FROM unnest(%(codes)s::text[], %(labels)s::text[]) AS d(code, label)
        ON CONFLICT (case_id, code) DO UPDATE SET requested_at = excluded.requested_at, received_at = NULL
        """,
        {
            "case_id": case_id,
            "at": at,
            "codes": [c for c, _ in labels],
            "labels": [text for _, text in labels],
        },
    )


def receive_documents(
    session: Session, case_ids: Sequence[int], codes: Sequence[str], *, at: datetime
) -> None:
    """Mark these documents as received, where they were awaited."""
    session.exec_driver_sql(
        """
        UPDATE documents SET received_at = %(at)s
         WHERE case_id = ANY(%(ids)s) AND code = ANY(%(codes)s) AND received_at IS NULL
        """,
        {"ids": list(case_ids), "codes": list(codes), "at": at},
    )


def await_again(session: Session, case_id: int, codes: Sequence[str]) -> None:
    """Await these documents again: the file that was there for them is gone."""
    session.exec_driver_sql(
        "UPDATE documents SET received_at = NULL WHERE case_id = %(id)s AND code = ANY(%(codes)s::text[])",
        {"id": case_id, "codes": list(codes)},
    )


def ask_opinions(session: Session, case_id: int, funder_ids: Sequence[int], *, at: datetime) -> None:
    """Mark these funders as asked; an opinion already given stays."""
    session.exec_driver_sql(
        """
        INSERT INTO fundings (case_id, funder_id, opinion_asked_at)
        SELECT %(case_id)s, unnest(%(funder_ids)s::bigint[]), %(at)s
        ON CONFLICT (case_id, funder_id) DO UPDATE SET opinion_asked_at = excluded.opinion_asked_at
        """,
        {"case_id": case_id, "funder_ids": list(funder_ids), "at": at},
    )


def funders_to_ask(session: Session, case_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """By case, the funders it asks for money that give opinions and were not asked yet."""
    rows = select_among(
        session,
        """
        SELECT g.case_id, array_agg(g.funder_id ORDER BY g.funder_id)
          FROM fundings g JOIN funders f ON f.id = g.funder_id AND f.asks_opinion
         WHERE g.case_id = ANY(%(ids)s::bigint[]) AND g.requested_cents > 0 AND g.opinion_asked_at IS NULL
         GROUP BY g.case_id
        """,
        case_ids,
    )
    return {case_id: tuple(funder_ids) for case_id, funder_ids in rows}


def give_opinion(
    session: Session, case_id: int, funder_id: int, opinion: str, *,
    proposed_cents: int | None, comment: str, at: datetime,
) -> None:  # fmt: skip
    """Write a funder's opinion and the amount it proposes, in cents."""
    session.exec_driver_sql(
        """
        UPDATE fundings SET opinion = %(opinion)s, opinion_at = %(at)s, proposed_cents = %(proposed)s,
                            opinion_comment = %(comment)s
         WHERE case_id = %(case_id)s AND funder_id = %(funder_id)s
        """,
        {"case_id": case_id, "funder_id": funder_id, "opinion": opinion, "at": at,
         "proposed": proposed_cents, "comment": comment},
    )  # fmt: skip
