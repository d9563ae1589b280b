"""What is sent and how it is signed (Standard Webhooks 1.0): the body, its three headers, secrets and their form."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from parvis.states.webhooks import PAYLOAD_VERSION

PREFIX = "whsec_"
_SECRET_BYTES = 32  # the specification: from 24 to 64


def new_secret() -> str:
    """A secret nobody guesses: `whsec_` and 32 bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def body(kind: str, happened_at: datetime, data: Mapping[str, object]) -> bytes:
    """What is sent of an event: always the same bytes for the same event."""
    told = {
        "type": kind, "timestamp": happened_at.isoformat().replace("+00:00", "Z"), "version": PAYLOAD_VERSION,
        "data": dict(data),
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def headers(said: bytes, event_id: str, signing: Iterable[str], *, at: datetime) -> dict[str, str]:
    """The headers of one try at `at`, a signature for each secret, the newest first."""
    seconds = str(int(at.timestamp()))
    signatures = " ".join(f"v1,{_signature(secret, event_id, seconds, said)}" for secret in signing)
    return {"webhook-id": event_id, "webhook-timestamp": seconds, "webhook-signature": signatures}


def _signature(secret: str, event_id: str, seconds: str, said: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{event_id}.{seconds}.".encode() + said
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
