"""What other platforms say of the cases that were deposited on them."""

from typing import Any

from parvis.models.tables.base import Row, document, instant, reference, text


class PortalCase(Row, table=True):
    """What the platform of a case said of it last: `said` by key, `content_hash` over all of it, its `status`.

    `differs` is what of it was found to differ from Parvis, `kept` what somebody kept in spite of it, both by key with
    the value of the platform.
    """

    __tablename__ = "portal_cases"

    case_id: int = reference("cases", cascade=True, primary_key=True)
    source: str
    status: str = text()
    content_hash: str
    said: dict[str, Any] = document()
    differs: dict[str, Any] = document()
    kept: dict[str, Any] = document()
    told_at: Any = instant()
