"""What a move changes beside the case's own row: documents, opinions, envelopes."""

from collections.abc import Sequence
from datetime import datetime

from parvis.models.session import Session, select


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
    rows = select(
        session,
        """
        SELECT g.case_id, array_agg(g.funder_id ORDER BY g.funder_id)
          FROM fundings g JOIN funders f ON f.id = g.funder_id AND f.asks_opinion
         WHERE g.case_id = ANY(%(ids)s) AND g.requested_cents > 0 AND g.opinion_asked_at IS NULL
         GROUP BY g.case_id
        """,
        {"ids": list(case_ids)},
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


def commit_grants(
    session: Session, case_id: int, version: int, amounts: Sequence[tuple[str, int]], *, at: datetime
) -> None:
    """Write what each funder (by code) grants and commit it on its envelope, with one ledger line each.

    The key of a line is the case's version, so that writing the same decision twice is refused by the database,
    and so is spending more than an envelope holds.
    """
    session.exec_driver_sql(
        """
        WITH given AS (
            SELECT f.id AS funder_id, g.amount, c.call_id
              FROM unnest(%(codes)s::text[], %(amounts)s::bigint[]) AS g(code, amount)
              JOIN cases c ON c.id = %(case_id)s
              JOIN calls k ON k.id = c.call_id
              JOIN funders f ON f.contract_id = k.contract_id AND f.code = g.code
        ), granted AS (
            UPDATE fundings SET granted_cents = given.amount FROM given
             WHERE fundings.case_id = %(case_id)s AND fundings.funder_id = given.funder_id
        ), committed AS (
            UPDATE envelopes e SET committed_cents = e.committed_cents + given.amount FROM given
             WHERE e.funder_id = given.funder_id AND e.call_id = given.call_id
               AND e.neighbourhood_id IS NULL AND e.challenge_id IS NULL
         RETURNING e.id, given.amount, given.funder_id
        )
        INSERT INTO ledger (envelope_id, case_id, at, amount_cents, reason, key)
        SELECT id, %(case_id)s, %(at)s, amount, 'commit',
               'commit/' || %(case_id)s::bigint || '/' || %(version)s::int || '/' || funder_id
          FROM committed
        """,
        {"case_id": case_id, "version": version, "at": at,
         "codes": [code for code, _ in amounts], "amounts": [cents for _, cents in amounts]},
    )  # fmt: skip


def release_grants(session: Session, case_id: int, version: int, *, at: datetime) -> None:
    """Give back to the envelopes all that this case still has committed."""
    session.exec_driver_sql(
        """
        WITH held AS (
            SELECT envelope_id, sum(amount_cents)::bigint AS amount FROM ledger
             WHERE case_id = %(case_id)s GROUP BY envelope_id HAVING sum(amount_cents) > 0
        ), released AS (
            UPDATE envelopes e SET committed_cents = e.committed_cents - held.amount FROM held
             WHERE e.id = held.envelope_id RETURNING e.id, held.amount
        )
        INSERT INTO ledger (envelope_id, case_id, at, amount_cents, reason, key)
        SELECT id, %(case_id)s, %(at)s, -amount, 'release',
               'release/' || %(case_id)s::bigint || '/' || %(version)s::int || '/' || id
          FROM released
        """,
        {"case_id": case_id, "version": version, "at": at},
    )
