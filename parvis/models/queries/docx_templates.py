"""Word templates: kept version after version, the last one found for a call or for its contract."""

from dataclasses import dataclass
from datetime import datetime

from parvis.models.session import Session


@dataclass(frozen=True, slots=True)
class KeptTemplate:
    """A version of a template, without its bytes. `call` is the code of the call it is for, none for all."""

    id: int
    kind: str
    call: str | None
    version: int
    name: str
    sha256: bytes
    uploaded_at: datetime
    uploaded_by: str


_COLUMNS = "t.id, t.kind, k.code, t.version, t.name, t.sha256, t.uploaded_at, t.uploaded_by"


def last_templates(session: Session, contract_id: int) -> list[KeptTemplate]:
    """The last version of each template of a contract, those for all calls first."""
    rows = session.exec_driver_sql(
        f"""
        SELECT DISTINCT ON (t.kind, k.code) {_COLUMNS}
          FROM docx_templates t LEFT JOIN calls k ON k.id = t.call_id
         WHERE t.contract_id = %(contract)s
         ORDER BY t.kind, k.code NULLS FIRST, t.version DESC
        """,  # noqa: S608
        {"contract": contract_id},
    )
    return [KeptTemplate(*row) for row in rows]


def template_for(
    session: Session, contract_id: int, call_id: int | None, kind: str
) -> tuple[str, bytes] | None:
    """The name and bytes of the template a case of this call uses: the call's own, else the contract's."""
    row = session.exec_driver_sql(
        """
        SELECT name || ' v' || version, content FROM docx_templates
         WHERE contract_id = %(contract)s AND kind = %(kind)s
           AND (call_id IS NULL OR call_id = %(call)s::bigint)
         ORDER BY call_id NULLS LAST, version DESC LIMIT 1
        """,
        {"contract": contract_id, "call": call_id, "kind": kind},
    ).one_or_none()
    return (row[0], row[1]) if row else None


@dataclass(frozen=True, slots=True)
class NewTemplate:
    """A version about to be kept."""

    contract_id: int
    call_id: int | None
    kind: str
    name: str
    sha256: bytes
    content: bytes


def keep_template(session: Session, new: NewTemplate, *, by: str, at: datetime) -> int:
    """Keep a template as the next version; its number, which is the last one's when the bytes are the same."""
    session.exec_driver_sql("SELECT FROM contracts WHERE id = %(id)s FOR UPDATE", {"id": new.contract_id})
    known = {"contract": new.contract_id, "call": new.call_id, "kind": new.kind}
    last = session.exec_driver_sql(
        """
        SELECT version, sha256 FROM docx_templates
         WHERE contract_id = %(contract)s AND call_id IS NOT DISTINCT FROM %(call)s::bigint AND kind = %(kind)s
         ORDER BY version DESC LIMIT 1
        """,
        known,
    ).one_or_none()
    if last is not None and last[1] == new.sha256:
        return int(last[0])
    version = (last[0] if last else 0) + 1
    session.exec_driver_sql(
        """
        INSERT INTO docx_templates (contract_id, call_id, kind, version, name, sha256, content,
                                    uploaded_at, uploaded_by)
        VALUES (%(contract)s, %(call)s, %(kind)s, %(version)s, %(name)s, %(sha256)s, %(content)s, %(at)s, %(by)s)
        """,
        {**known, "version": version, "name": new.name, "sha256": new.sha256, "content": new.content, "at": at,
         "by": by},
    )  # fmt: skip
    return version
