"""What goes by itself once its time is over: traces of coming in, links nobody can use, letters about no case."""

from collections.abc import Mapping
from datetime import datetime

from parvis.models.session import Session, select
from parvis.states.retention import Trace

_NOTICE = """
case_id IS NULL AND agreement_id IS NULL AND stage IN ('sent', 'failed', 'gathered', 'dropped')
AND COALESCE(sent_at, owed_at) < {before} AND (address IS NOT NULL OR data <> '{{}}')
"""
_OVER = "COALESCE(ended_at, expires_at) < {before}"
_TOKEN = (
    "LEAST(revoked_at, expires_at) < {before} AND NOT EXISTS (SELECT FROM visits v WHERE v.token_id = t.id)"  # noqa: S105
)
_BEFORE = "(%(at)s::timestamptz - make_interval(months => %(months)s))"

_COUNTS: Mapping[Trace, str] = {
    Trace.VISITS: "SELECT count(*) FROM visits WHERE at < {before}",
    Trace.SESSIONS: f"SELECT count(*) FROM web_sessions WHERE {_OVER}",  # noqa: S608
    Trace.LINKS: f"""
        SELECT (SELECT count(*) FROM access_links WHERE expires_at < {{before}})
             + (SELECT count(*) FROM sign_ups WHERE expires_at < {{before}})
             + (SELECT count(*) FROM address_changes WHERE expires_at < {{before}})
             + (SELECT count(*) FROM oidc_attempts WHERE expires_at < {{before}})
             + (SELECT count(*) FROM api_tokens t WHERE {_TOKEN})
        """,  # noqa: S608
    Trace.INBOX: "SELECT count(*) FROM demarche_refusals WHERE refused_at < {before}",
    Trace.NOTICES: f"SELECT count(*) FROM letters WHERE {_NOTICE}",  # noqa: S608
}  # fmt: skip
_PURGES: Mapping[Trace, tuple[str, ...]] = {
    Trace.VISITS: ("DELETE FROM visits WHERE at < {before}",),
    Trace.SESSIONS: (
        f"""
        DELETE FROM web_sessions s WHERE {_OVER} AND NOT EXISTS (SELECT FROM visits v WHERE v.session_id = s.id)
        """,  # noqa: S608
        "DELETE FROM attempts WHERE since < {before}",
    ),
    Trace.LINKS: (
        "DELETE FROM access_links WHERE expires_at < {before}",
        "DELETE FROM sign_ups WHERE expires_at < {before}",
        "DELETE FROM address_changes WHERE expires_at < {before}",
        "DELETE FROM oidc_attempts WHERE expires_at < {before}",
        f"DELETE FROM api_tokens t WHERE {_TOKEN}",  # noqa: S608
    ),
    Trace.INBOX: ("DELETE FROM demarche_refusals WHERE refused_at < {before}",),
    Trace.NOTICES: (
        f"""
        UPDATE letters SET data = '{{{{}}}}', enclosures = '[]', address = NULL, name = NULL, body_text = NULL,
               body_html = NULL, subject = CASE WHEN subject IS NULL THEN NULL ELSE '(effacé)' END, last_error = NULL,
               note = ''
         WHERE {_NOTICE}
        """,  # noqa: S608
        "DELETE FROM suppressions WHERE lifted_at < {before}",
        "DELETE FROM webhook_deliveries WHERE state NOT IN ('owed', 'sending') AND happened_at < {before}",
        """
        UPDATE bulk_runs SET query = '', given = '{{}}'
         WHERE finished_at < {before} AND (query <> '' OR given <> '{{}}')
        """,
        """
        UPDATE tasks SET title_fr = '(effacé)', title_en = '(erased)'
         WHERE case_id IS NULL AND done_at < {before} AND title_fr <> '(effacé)'
        """,
    ),
}


def count_traces(session: Session, months: Mapping[Trace, int], *, at: datetime) -> dict[Trace, int]:
    """How many rows of each trace are past their time, in months; files are not counted."""
    counted = {}
    for trace, statement in _COUNTS.items():
        [row] = select(session, statement.format(before=_BEFORE), {"at": at, "months": months[trace]})
        counted[trace] = int(row[0])
    return counted


def purge_trace(session: Session, trace: Trace, *, months: int, at: datetime) -> int:
    """Erase what is past its time of one trace; how many rows in all."""
    erased = 0
    for statement in _PURGES[trace]:
        made = session.exec_driver_sql(statement.format(before=_BEFORE), {"at": at, "months": months})
        erased += made.rowcount
    return erased


PURGED = tuple(_PURGES)
"""The traces that are rows."""
