"""A city contract as rows: written from its file, as often as the file changes; nothing in use is ever deleted."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from parvis.models.queries.contract_committees import write_committees
from parvis.models.queries.contract_envelopes import write_envelopes
from parvis.models.session import Session, select
from parvis.states.calendar import paris_day
from parvis.states.contract import Call, Contract

_KEPT = 16
_parsed: dict[str, Contract] = {}


@dataclass(frozen=True, slots=True)
class Changed:
    """Calls whose rules are not what they were: new ones and changed ones, by id."""

    contract_id: int
    calls: tuple[int, ...]


def write_contract(session: Session, contract: Contract, *, digest: str, at: datetime) -> Changed:
    """Make the database say what the contract says; the same digest again writes nothing.

    What changes in an envelope is a movement of `at`.

    Raises:
        BelowCommittedError: an envelope would hold less than was reserved and decided of it.
    """
    document = contract.model_dump_json()
    row = session.exec_driver_sql(
        """
        INSERT INTO contracts (code, name, document, digest) VALUES (%(code)s, %(name)s, %(document)s, %(digest)s)
        ON CONFLICT (code) DO UPDATE SET name = excluded.name, document = excluded.document, digest = excluded.digest
         WHERE contracts.digest <> excluded.digest
        RETURNING id
        """,
        {"code": contract.code, "name": contract.name, "document": document, "digest": digest},
    ).one_or_none()
    if row is None:
        return Changed(_contract_id(session, contract.code), ())
    contract_id = int(row.id)
    _write_frame(session, contract_id, contract)
    _write_people(session, contract_id, contract, at)
    write_committees(session, contract_id, contract.committees)
    return Changed(contract_id, tuple(_write_calls(session, contract_id, contract, at)))


def read_contract(session: Session, code: str | None = None) -> tuple[int, Contract] | None:
    """The id and content of a contract; the first one when no code is given; None when there is none."""
    row = session.exec_driver_sql(
        "SELECT id, document FROM contracts WHERE %(code)s::text IS NULL OR code = %(code)s ORDER BY id LIMIT 1",
        {"code": code},
    ).one_or_none()
    return (row.id, Contract.model_validate(row.document)) if row else None


def contract_known(session: Session, digest: str | None) -> int | None:
    """The id of the contract written from a file of this SHA-256; with no file, of the first contract."""
    row = session.exec_driver_sql(
        "SELECT id FROM contracts WHERE %(digest)s::text IS NULL OR digest = %(digest)s ORDER BY id LIMIT 1",
        {"digest": digest},
    )
    found: int | None = row.scalar_one_or_none()
    return found


def holds_contract(session: Session, code: str) -> bool:
    """Whether the contract of this code is in the database."""
    row = session.exec_driver_sql(
        "SELECT EXISTS (SELECT FROM contracts WHERE code = %(code)s)", {"code": code}
    )
    return bool(row.scalar_one())


def letters_folders(session: Session, contract_id: int) -> list[tuple[int, str]]:
    """The calls of a contract that write letters their own way: id, folder."""
    rows = session.exec_driver_sql(
        """
        SELECT id, document ->> 'letters_folder' FROM calls
         WHERE contract_id = %(contract)s AND document ->> 'letters_folder' IS NOT NULL ORDER BY id
        """,
        {"contract": contract_id},
    )
    return [(row[0], row[1]) for row in rows]


def contract_by_id(session: Session, contract_id: int) -> Contract:
    """The content of a contract, parsed once per process and version: checking it takes twenty times reading it."""
    said = "SELECT md5(document::text) FROM contracts WHERE id = %(id)s"
    [(fingerprint,)] = select(session, said, {"id": contract_id})
    contract = _parsed.get(fingerprint)
    if contract is None:
        if len(_parsed) >= _KEPT:
            _parsed.clear()
        row = session.exec_driver_sql("SELECT document FROM contracts WHERE id = %(id)s", {"id": contract_id})
        contract = _parsed[fingerprint] = Contract.model_validate(row.scalar_one())
    return contract


def _contract_id(session: Session, code: str) -> int:
    row = session.exec_driver_sql("SELECT id FROM contracts WHERE code = %(code)s", {"code": code})
    return int(row.scalar_one())


def _many(session: Session, statement: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.exec_driver_sql(statement, rows)


def _write_frame(session: Session, contract_id: int, contract: Contract) -> None:
    _many(
        session,
        """
        INSERT INTO challenges (contract_id, code, label) VALUES (%(contract)s, %(code)s, %(label)s)
        ON CONFLICT (contract_id, code) DO UPDATE SET label = excluded.label
        """,
        [{"contract": contract_id, "code": c.code, "label": c.label} for c in contract.challenges],
    )
    _many(
        session,
        """
        INSERT INTO neighbourhoods (contract_id, code, name, commune)
        VALUES (%(contract)s, %(code)s, %(name)s, %(commune)s)
        ON CONFLICT (contract_id, code) DO UPDATE SET name = excluded.name, commune = excluded.commune
        """,
        [{"contract": contract_id, "code": n.code, "name": n.name, "commune": n.commune}
         for n in contract.neighbourhoods],
    )  # fmt: skip
    _many(
        session,
        """
        INSERT INTO funders (contract_id, code, name, kind, email, asks_opinion)
        VALUES (%(contract)s, %(code)s, %(name)s, %(kind)s, %(email)s, %(asks)s)
        ON CONFLICT (contract_id, code) DO UPDATE
           SET name = excluded.name, kind = excluded.kind, email = excluded.email, asks_opinion = excluded.asks_opinion
        """,
        [{"contract": contract_id, "code": f.code, "name": f.name, "kind": f.kind, "email": f.email,
          "asks": f.asks_opinion} for f in contract.funders],
    )  # fmt: skip


def _write_people(session: Session, contract_id: int, contract: Contract, at: datetime) -> None:
    _many(
        session,
        """
        INSERT INTO people (contract_id, email, name, role, funder_id, language, delivery, organisations, address)
        SELECT %(contract)s, %(email)s, %(name)s, %(role)s,
               (SELECT id FROM funders WHERE contract_id = %(contract)s AND code = %(funder)s),
               %(language)s, %(delivery)s, %(organisations)s, %(address)s
        ON CONFLICT (contract_id, email) DO UPDATE
           SET name = excluded.name, role = excluded.role, funder_id = excluded.funder_id,
               language = excluded.language, delivery = excluded.delivery, active = true, left_on = NULL,
               organisations = excluded.organisations, address = excluded.address
        """,
        [{"contract": contract_id, "email": p.email, "name": p.name, "role": p.role, "funder": p.funder,
          "language": p.language, "delivery": p.delivery, "organisations": json.dumps(p.organisations),
          "address": p.address} for p in contract.people],
    )  # fmt: skip
    session.exec_driver_sql(
        """
        UPDATE people SET active = false, left_on = COALESCE(left_on, %(today)s)
         WHERE contract_id = %(contract)s AND NOT email = ANY(%(emails)s)
        """,
        {"contract": contract_id, "emails": [p.email for p in contract.people], "today": paris_day(at)},
    )


def _write_calls(session: Session, contract_id: int, contract: Contract, at: datetime) -> list[int]:
    changed = []
    for call in contract.calls:
        row = session.exec_driver_sql(
            """
            INSERT INTO calls (contract_id, code, title, instrument, year, decides, opens_on, closes_on,
                               silent, document, digest)
            VALUES (%(contract)s, %(code)s, %(title)s, %(instrument)s, %(year)s, %(decides)s, %(opens)s, %(closes)s,
                    %(silent)s, %(document)s, %(digest)s)
            ON CONFLICT (contract_id, code) DO UPDATE
               SET title = excluded.title, instrument = excluded.instrument, year = excluded.year,
                   decides = excluded.decides, opens_on = excluded.opens_on, closes_on = excluded.closes_on,
                   silent = excluded.silent,
                   document = excluded.document, digest = excluded.digest
             WHERE calls.digest <> excluded.digest
            RETURNING id
            """,
            {"contract": contract_id, "code": call.code, "title": call.title, "instrument": call.instrument,
             "year": call.year, "decides": str(call.decides), "opens": call.opens_on, "closes": call.closes_on,
             "silent": call.silent, "document": call.model_dump_json(),
             "digest": sha256(call.model_dump_json().encode()).hexdigest()},
        ).one_or_none()  # fmt: skip
        if row is not None:
            changed.append(int(row.id))
            _write_waves(session, int(row.id), call)
            write_envelopes(session, int(row.id), call, at=at)
    return changed


def _write_waves(session: Session, call_id: int, call: Call) -> None:
    _many(
        session,
        """
        INSERT INTO waves (call_id, code, title, closes_new_on, closes_renewal_on, decides_on)
        VALUES (%(call)s, %(code)s, %(title)s, %(new)s, %(renewal)s, %(decides)s)
        ON CONFLICT (call_id, code) DO UPDATE
           SET title = excluded.title, closes_new_on = excluded.closes_new_on,
               closes_renewal_on = excluded.closes_renewal_on, decides_on = excluded.decides_on
        """,
        [{"call": call_id, "code": w.code, "title": w.title, "new": w.closes.new,
          "renewal": w.closes.renewal or w.closes.new, "decides": w.decides_on} for w in call.waves],
    )  # fmt: skip


def mark_invented(session: Session, contract_id: int) -> None:
    """Write that a contract holds the demonstration."""
    session.exec_driver_sql("UPDATE contracts SET invented = true WHERE id = %(id)s", {"id": contract_id})


def all_invented(session: Session) -> bool:
    """Whether there is a contract, and every one holds the demonstration."""
    row = session.exec_driver_sql("SELECT COALESCE(bool_and(invented), false) FROM contracts")
    return bool(row.scalar_one())
