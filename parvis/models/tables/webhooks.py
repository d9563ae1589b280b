"""Webhooks: the endpoints other software registered, their secrets (sealed), and what is owed to them."""

from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from parvis.models.tables.base import (
    Row,
    document,
    identity,
    instant,
    number,
    one_of,
    optional_instant,
    reference,
    text,
)
from parvis.states.webhooks import DeliveryState, EndpointState


class WebhookEndpoint(Row, table=True):
    """An address told of what happens. `types` are those it asked for; `failing_since`, since when nothing good came.

    `stopped_at` is since when it is told nothing: what happens from then on is owed to it again when it resumes.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        one_of("state", EndpointState),
        Index("ix_webhook_endpoints_active", "contract_id", postgresql_where=sql("state = 'active'")),
    )

    id: int = identity()
    contract_id: int = reference("contracts")
    name: str
    url: str
    types: list[str] = Field(sa_type=JSONB)
    state: str = text(EndpointState.ACTIVE)
    failing_since: Any = optional_instant()
    stopped_at: Any = optional_instant()
    made_at: Any = instant()
    made_by: str


class WebhookSecret(Row, table=True):
    """A secret that signs what an endpoint is sent, sealed (services/bank_keys.py); until `ends_at`, if it has one."""

    __tablename__ = "webhook_secrets"

    id: int = identity()
    endpoint_id: int = reference("webhook_endpoints", index=True, cascade=True)
    sealed: bytes = Field(sa_type=LargeBinary)
    made_at: Any = instant()
    ends_at: Any = optional_instant()


class WebhookDelivery(Row, table=True):
    """One event owed to one endpoint, written in the transaction of what happened; `event_id` is its `webhook-id`.

    `status` is what the endpoint answered last (0: nothing), `answer` the beginning of its words, or why it has none.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id"),
        one_of("state", DeliveryState),
        Index("ix_webhook_deliveries_due", "not_before", "id", postgresql_where=sql("state = 'owed'")),
        Index("ix_webhook_deliveries_lease", "lease_until", postgresql_where=sql("state = 'sending'")),
        Index("ix_webhook_deliveries_endpoint", "endpoint_id", "id"),
    )

    id: int = identity()
    endpoint_id: int = Field(
        sa_type=BigInteger
    )  # no key to the endpoint: a move never fails for one just removed
    event_id: str
    type: str
    happened_at: Any = instant()
    data: dict[str, Any] = document()
    state: str = text(DeliveryState.OWED)
    not_before: Any = instant()
    attempts: int = number()
    claimed_by: str = text()
    lease_until: Any = optional_instant()
    tried_at: Any = optional_instant()
    status: int = number()
    answer: str = text()
