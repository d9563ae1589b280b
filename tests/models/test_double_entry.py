"""The ledger of one column becomes double-entry, and back, without losing a cent."""

from typing import Any

import pytest

from parvis.models import migrate
from parvis.models.session import Database, Session
from parvis.services import money

BEFORE = """
INSERT INTO contracts (code, name, digest) VALUES ('v', 'V', 'd');
INSERT INTO calls (contract_id, code, title, instrument, year, opens_on)
VALUES (1, 'c', 'C', 'annual', 2026, '2026-01-01');
INSERT INTO challenges (contract_id, code, label) VALUES (1, 'D01', 'Emploi');
INSERT INTO funders (contract_id, code, name) VALUES (1, 'etat', 'État'), (1, 'ville', 'Ville');
INSERT INTO organisations (siret) VALUES ('41816609600051');
INSERT INTO cases (call_id, organisation_id, reference, external_id, source, content_hash, entered_at, title, stage)
SELECT 1, 1, 'R' || n, 'X' || n, 's', '', now(), 't', CASE n WHEN 3 THEN 'reclaimed' ELSE 'evaluated' END
  FROM generate_series(1, 3) n;
INSERT INTO envelopes (funder_id, call_id, year, challenge_id, total_cents, committed_cents)
VALUES (1, 1, 2026, NULL, 1000, 300), (1, 1, 2026, 1, 400, 0), (2, 1, 2026, NULL, 0, 0);
INSERT INTO fundings (case_id, funder_id, granted_cents) VALUES (1, 1, 100), (2, 1, 200), (3, 1, 50);
INSERT INTO ledger (envelope_id, case_id, at, amount_cents, reason, key)
VALUES (1, 1, now(), 100, 'commit', 'commit/1/2/1'), (1, 2, now(), 200, 'commit', 'commit/2/2/1'),
       (1, 3, now(), 50, 'commit', 'commit/3/2/1'), (1, 3, now(), -50, 'release', 'release/3/4/1');
INSERT INTO payments (case_id, funder_id, position, instalment, condition, amount_cents, status, paid_on)
VALUES (1, 1, 1, 'advance', 'notification', 80, 'paid', '2026-05-01'),
       (1, 1, 2, 'balance', 'report', 20, 'due', NULL)
"""
OLD = "SELECT id, total_cents, committed_cents FROM envelopes ORDER BY id"
AMOUNTS = "SELECT id, parent_id, total_cents, committed_cents, paid_cents FROM envelopes ORDER BY id"


def rows(session: Session, statement: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.exec_driver_sql(statement)]


@pytest.mark.whole
def test_the_ledger_becomes_double_entry_and_back_without_losing_a_cent(new_database):
    url = new_database()
    migrate.downgrade(url, "0026")
    with Database(url) as database, database.transaction() as session:
        session.exec_driver_sql(BEFORE)
        before = rows(session, OLD)

    migrate.upgrade(url)

    with Database(url) as database, database.transaction() as session:
        assert money.verify(session).sound
        assert rows(session, AMOUNTS) == [(1, None, 1000, 300, 80), (2, 1, 400, 0, 0), (3, None, 0, 0, 0)]
        assert rows(session, "SELECT kind, key FROM movements WHERE case_id = 3 ORDER BY id") == [
            ("post", "commit/3/2/1"), ("reclaim", "release/3/4/1"),
        ]  # fmt: skip
        assert rows(session, "SELECT envelope_id FROM fundings") == [(1,)] * 3

    migrate.downgrade(url, "0026")
    with Database(url) as database, database.transaction() as session:
        assert rows(session, "SELECT envelope_id, sum(amount_cents) FROM ledger GROUP BY 1") == [(1, 300)]
        assert rows(session, OLD) == before
