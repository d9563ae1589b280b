"""Taking out of rows who people are and what they wrote: amounts, stages, days, places and counts stay as they were."""

from collections.abc import Sequence
from datetime import datetime

from parvis.models.session import Session

GONE = "(effacé)"
"""What stands where a text has to be."""
TITLE = "Dossier anonymisé"

_GRANTED = "EXISTS (SELECT FROM fundings g WHERE g.case_id = c.id AND g.granted_cents > 0)"
_NAMES_SOMEBODY = """EXISTS (
           SELECT FROM (VALUES (c.contact ->> 'name'), (c.contact ->> 'email'), (c.contact ->> 'phone')) AS w(word)
            WHERE w.word <> '' AND strpos(lower(c.title), lower(w.word)) > 0)"""

# The title of a grant is published with it (décret 2017-779): it stays, unless it names whom the case names.
_CASE = f"""
UPDATE cases c
   SET anonymised_at = %(at)s, summary = '', contact = '{{}}', content_hash = '', conclusion = '',
       title = CASE WHEN {_GRANTED} AND NOT {_NAMES_SOMEBODY} THEN c.title ELSE %(title)s END
 WHERE c.id = %(id)s
"""  # noqa: S608 - the conditions above
_OF_CASE = (
    "UPDATE budget_lines SET label = '' WHERE case_id = %(id)s",
    """
    UPDATE documents d
       SET label = %(gone)s, code = CASE WHEN d.code ~ '^[a-z0-9_-]+$' THEN d.code ELSE 'piece-' || d.id END
      FROM cases c JOIN calls k ON k.id = c.call_id
     WHERE d.case_id = %(id)s AND c.id = d.case_id
       AND NOT EXISTS (SELECT FROM jsonb_array_elements(k.document -> 'required_documents') r
                        WHERE r ->> 'code' = d.code)
    """,
    """
    UPDATE partners SET email = '', answers = '{}', signed_by = CASE WHEN signed_by = '' THEN '' ELSE %(gone)s END
     WHERE case_id = %(id)s
    """,
    "UPDATE portal_events SET by = '' WHERE case_id = %(id)s",
    "UPDATE fundings SET opinion_comment = '' WHERE case_id = %(id)s",
    "UPDATE session_decisions SET reason = '', conditions = '' WHERE case_id = %(id)s",
    "UPDATE agenda_items SET note = '' WHERE case_id = %(id)s",
    """
    UPDATE interests SET detail = '', reason = CASE WHEN reason = '' THEN '' ELSE %(gone)s END WHERE case_id = %(id)s
    """,
    "UPDATE report_lines l SET label = '' FROM reports r WHERE r.id = l.report_id AND r.case_id = %(id)s",
    "UPDATE reports SET answers = '{}', corrections = '' WHERE case_id = %(id)s",
    "UPDATE bulk_results SET reasons = '[]' WHERE case_id = %(id)s",
    "DELETE FROM portal_cases WHERE case_id = %(id)s",
    """
    UPDATE demarche_files SET filename = 'fichier-' || id, url = '', problem = '',
           state = CASE WHEN state = 'owed' THEN 'refused' ELSE state END
     WHERE case_id = %(id)s
    """,
    "UPDATE demarche_orders SET problem = '' WHERE case_id = %(id)s",
    "DELETE FROM demarche_files WHERE case_id = %(id)s",
    "UPDATE demarche_orders SET problem = '' WHERE case_id = %(id)s",
    "DELETE FROM drafts WHERE case_id = %(id)s",
    "DELETE FROM notes WHERE case_id = %(id)s",
    "DELETE FROM seen WHERE case_id = %(id)s",
    "UPDATE retention_items SET note = '' WHERE case_id = %(id)s",
    "UPDATE cases SET due_on = NULL, late_after = NULL WHERE id = %(id)s",
)
_OF_SUBJECT = (
    """
    UPDATE timers SET note = '', settled_at = COALESCE(settled_at, %(at)s), outcome = COALESCE(outcome, 'cancelled')
     WHERE {column} = %(id)s
    """,
    """
    DELETE FROM suppressions s USING letters l
     WHERE l.{column} = %(id)s AND (s.letter_id = l.id OR s.address = lower(l.address)) AND s.lifted_at IS NOT NULL
    """,
    """
    UPDATE suppressions s SET letter_id = NULL, said = '' FROM letters l
     WHERE l.{column} = %(id)s AND s.letter_id = l.id
    """,
    """
    UPDATE letters
       SET data = '{}', enclosures = '[]', address = NULL, name = NULL, body_text = NULL, body_html = NULL,
           subject = CASE WHEN subject IS NULL THEN NULL ELSE %(gone)s END, last_error = NULL, note = '',
           stage = CASE WHEN stage IN ('owed', 'sending') THEN 'dropped' ELSE stage END, lease_until = NULL
     WHERE {column} = %(id)s
    """,
    """
    UPDATE files SET name = 'fichier-' || id, erased_at = %(at)s, removed_at = COALESCE(removed_at, %(at)s)
     WHERE {column} = %(id)s AND erased_at IS NULL
    """,
)
_TASKS = """
UPDATE tasks SET title_fr = %(gone)s, title_en = '(erased)', done_at = COALESCE(done_at, %(at)s) WHERE case_id = %(id)s
"""


def message_ids(session: Session, column: str, number: int) -> list[str]:
    """What the letters of a case or an agreement are known by, for the copies of them kept elsewhere."""
    rows = session.exec_driver_sql(
        f"SELECT message_id FROM letters WHERE {column} = %(id)s AND message_id IS NOT NULL",  # noqa: S608
        {"id": number},
    )
    return list(rows.scalars())


def message_ids_of_person(session: Session, person_id: int) -> list[str]:
    """The same of the letters to a person."""
    rows = session.exec_driver_sql(
        "SELECT message_id FROM letters WHERE recipient = 'person:' || %(id)s::bigint AND message_id IS NOT NULL",
        {"id": person_id},
    )
    return list(rows.scalars())


def forget_case(session: Session, case_id: int, *, at: datetime) -> None:
    """Take out of the rows of a case what somebody wrote or what names somebody; its journal is not touched here."""
    _run(session, (_CASE, *_OF_CASE, *_OF_SUBJECT, _TASKS), "case_id", case_id, at)
    _forget_packets(session, "SELECT committee_id FROM agenda_items WHERE case_id = %(id)s", case_id, at)


_OF_AGREEMENT = (
    "UPDATE agreements SET anonymised_at = %(at)s, known = '{}' WHERE id = %(id)s",
    "UPDATE agreement_years SET review_note = '' WHERE agreement_id = %(id)s",
    "UPDATE agreement_amendments SET reason = %(gone)s WHERE agreement_id = %(id)s",
)


def forget_agreement(session: Session, agreement_id: int, *, at: datetime) -> None:
    """The same of an agreement: its amounts, years and instalments stay."""
    _run(session, (*_OF_AGREEMENT, *_OF_SUBJECT), "agreement_id", agreement_id, at)


def forget_packets(session: Session, committee_id: int, *, at: datetime) -> None:
    """Erase the packets and annexes of a sitting; its minutes and its journal stay."""
    _forget_packets(session, "SELECT %(id)s::bigint", committee_id, at)


def _forget_packets(session: Session, sittings: str, number: int, at: datetime) -> None:
    values = {"id": number, "at": at}
    session.exec_driver_sql(f"DELETE FROM packets WHERE committee_id IN ({sittings})", values)  # noqa: S608
    session.exec_driver_sql(
        f"""
        UPDATE files SET name = 'fichier-' || id, erased_at = %(at)s, removed_at = COALESCE(removed_at, %(at)s)
         WHERE committee_id IN ({sittings}) AND kind IN ('packet', 'annex') AND erased_at IS NULL
        """,  # noqa: S608
        values,
    )


def sittings_of(session: Session, case_id: int) -> list[int]:
    """The sittings a case was ever on the agenda of."""
    rows = session.exec_driver_sql(
        "SELECT DISTINCT committee_id FROM agenda_items WHERE case_id = %(id)s ORDER BY 1", {"id": case_id}
    )
    return list(rows.scalars())


# An organisation is a legal person: its name and number stay. How to reach it is how to reach somebody.
_LIVES = """
    EXISTS (SELECT FROM cases c WHERE c.organisation_id = o.id AND c.anonymised_at IS NULL)
 OR EXISTS (SELECT FROM partners p JOIN cases c ON c.id = p.case_id AND c.anonymised_at IS NULL
             WHERE p.organisation_id = o.id)
 OR EXISTS (SELECT FROM agreements a WHERE a.organisation_id = o.id AND a.anonymised_at IS NULL)
"""
_OVER = f"""
SELECT o.id FROM organisations o
 WHERE o.id IN (SELECT organisation_id FROM cases WHERE id = %(case)s
                UNION SELECT organisation_id FROM partners WHERE case_id = %(case)s
                UNION SELECT organisation_id FROM agreements WHERE id = %(agreement)s)
   AND NOT ({_LIVES}) FOR UPDATE
"""  # noqa: S608
_OF_ORGANISATIONS = (
    """
    UPDATE organisations SET email = '', phone = '', address = '', email_source = 'deposit', email_at = NULL
     WHERE id = ANY(%(ids)s)
    """,
    "DELETE FROM address_changes WHERE organisation_id = ANY(%(ids)s)",
    "UPDATE bank_details SET sealed = '', masked = '', reason = '' WHERE organisation_id = ANY(%(ids)s)",
    """
    UPDATE bank_journal SET details = details - '{account,reason}'::text[]
     WHERE organisation_id = ANY(%(ids)s) AND details ?| '{account,reason}'
    """,
    """
    UPDATE web_sessions SET ended_at = COALESCE(ended_at, %(at)s), browser = '', id_token = NULL
     WHERE organisation_id = ANY(%(ids)s)
    """,
    "DELETE FROM access_links WHERE organisation_id = ANY(%(ids)s)",
    "DELETE FROM sign_ups s USING organisations o WHERE o.id = ANY(%(ids)s) AND s.siret = o.siret",
)


def forget_organisations(
    session: Session, *, case_id: int | None, agreement_id: int | None, at: datetime
) -> list[int]:
    """Forget how to reach and to pay the organisations of a case or an agreement that have nothing left here; which."""
    rows = session.exec_driver_sql(_OVER, {"case": case_id, "agreement": agreement_id})
    over = list(rows.scalars())
    if over:
        for statement in _OF_ORGANISATIONS:
            session.exec_driver_sql(statement, {"ids": over, "at": at})
    return over


_LOTS = """
UPDATE payment_lots l SET sealed = '', cancel_reason = CASE WHEN cancel_reason = '' THEN '' ELSE %(gone)s END
 WHERE l.sealed <> ''
   AND EXISTS (SELECT FROM payment_orders o JOIN payments p ON p.id = o.payment_id
                WHERE o.lot_id = l.id AND (p.case_id = %(case)s OR p.agreement_id = %(agreement)s))
   AND NOT EXISTS (SELECT FROM payment_orders o JOIN payments p ON p.id = o.payment_id
                     LEFT JOIN cases c ON c.id = p.case_id LEFT JOIN agreements a ON a.id = p.agreement_id
                    WHERE o.lot_id = l.id AND COALESCE(c.anonymised_at, a.anonymised_at) IS NULL)
"""


def forget_lots(session: Session, *, case_id: int | None = None, agreement_id: int | None = None) -> None:
    """Erase the files of payment orders whose cases and agreements are all anonymised: they name accounts.

    Amounts stay.
    """
    session.exec_driver_sql(_LOTS, {"case": case_id, "agreement": agreement_id, "gone": GONE})


_OF_PERSON = (
    """
    UPDATE people SET anonymised_at = %(at)s, name = 'Personne ' || id, email = 'personne-' || id || '@anonyme.invalid',
                      address = '', organisations = '[]'
     WHERE id = %(id)s
    """,
    "DELETE FROM passwords WHERE person_id = %(id)s",
    "DELETE FROM identities WHERE person_id = %(id)s",
    "DELETE FROM access_links WHERE person_id = %(id)s",
    "DELETE FROM views WHERE person_id = %(id)s",
    "DELETE FROM seen WHERE person_id = %(id)s",
    """
    UPDATE web_sessions SET ended_at = COALESCE(ended_at, %(at)s), browser = '', id_token = NULL
     WHERE person_id = %(id)s
    """,
    "UPDATE api_tokens SET name = %(gone)s, revoked_at = COALESCE(revoked_at, %(at)s) WHERE person_id = %(id)s",
    """
    UPDATE interests SET detail = '', reason = CASE WHEN reason = '' THEN '' ELSE %(gone)s END
     WHERE person_id = %(id)s
    """,
    "UPDATE committee_members SET invited_as = '' WHERE person_id = %(id)s AND invited_as LIKE '%%@%%'",
    """
    UPDATE letters SET data = '{}', address = NULL, name = NULL, body_text = NULL, body_html = NULL, last_error = NULL,
                       subject = CASE WHEN subject IS NULL THEN NULL ELSE %(gone)s END, note = '',
                       stage = CASE WHEN stage IN ('owed', 'sending') THEN 'dropped' ELSE stage END
     WHERE recipient = 'person:' || %(id)s::bigint
    """,
)


def forget_person(session: Session, person_id: int, *, at: datetime) -> None:
    """Forget who a person no longer in the contract was; what they did stays under their number."""
    _run(session, _OF_PERSON, "person_id", person_id, at)


def _run(session: Session, statements: Sequence[str], column: str, number: int, at: datetime) -> None:
    values = {"id": number, "at": at, "gone": GONE, "title": TITLE}
    for statement in statements:
        session.exec_driver_sql(statement.replace("{column}", column), values)


def erased_contents(session: Session) -> list[bytes]:
    """The SHA-256 of the contents that only erased files had."""
    rows = session.exec_driver_sql(
        """
        SELECT DISTINCT f.sha256 FROM files f
         WHERE f.erased_at IS NOT NULL
           AND NOT EXISTS (SELECT FROM files o WHERE o.sha256 = f.sha256 AND o.erased_at IS NULL)
        """
    )
    return list(rows.scalars())
