"""A new version is put in while the one before answers: its migrations take nothing away and stop nobody."""

import pytest

from parvis.models.revisions import VERSIONS
from tests.architecture.migration_rules import RULES, SETTLED, broken

WRONG = {
    "drop-column": 'op.execute("ALTER TABLE calls DROP COLUMN place")',
    "drop-table": 'op.execute("DROP TABLE notes")',
    "rename": 'op.execute("ALTER TABLE calls RENAME COLUMN title TO name")',
    "change-type": 'op.execute("ALTER TABLE calls ALTER COLUMN year TYPE bigint")',
    "not-null": 'op.execute("ALTER TABLE calls ALTER COLUMN place SET NOT NULL")',
    "required-column": 'op.execute("ALTER TABLE calls ADD COLUMN place text NOT NULL")',
    "index": 'op.execute("CREATE INDEX ix_cases_place ON cases (place)")',
    "constraint": "op.execute(\"ALTER TABLE cases ADD CONSTRAINT ck_place CHECK (place <> '')\")",
    "whole-update": 'op.execute("UPDATE cases SET place = title")',
}
WRONG_IN_PARTS = {
    "parts-index": 'op.execute("CREATE INDEX CONCURRENTLY ix_letters_name ON letters (name)")',
    "parts-unique": 'op.execute("ALTER TABLE journal ADD CONSTRAINT uq_hash UNIQUE (hash)")',
    "parts-drop": 'op.execute("ALTER TABLE letters DROP CONSTRAINT uq_letters_message_id")',
    "parts-target": 'op.execute("CREATE TABLE r (id bigint, letter_id bigint REFERENCES letters (id))")',
    "parts-source": 'op.execute("ALTER TABLE letters ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES b (id) NOT VALID")',
}
FINE = (
    'op.execute("ALTER TABLE cases ADD COLUMN place text")',
    "op.execute(\"ALTER TABLE cases ADD COLUMN place text NOT NULL DEFAULT ''\")",
    'op.execute("ALTER TABLE cases ADD COLUMN a int NOT NULL DEFAULT 0, ADD COLUMN b int")',
    'op.execute("CREATE INDEX CONCURRENTLY ix_cases_place ON cases (place)")',
    'op.execute("CREATE INDEX ix_places ON places (name)")',
    "op.execute(\"ALTER TABLE cases ADD CONSTRAINT ck_place CHECK (place <> '') NOT VALID\")",
    'op.execute("UPDATE cases SET place = title WHERE id BETWEEN 1 AND 1000")',
    'op.execute("CREATE TABLE places (id bigint PRIMARY KEY, name text NOT NULL)")',
    'op.execute("ALTER TABLE letters ADD CONSTRAINT uq_letters_x UNIQUE (x, case_id)")',
)


def migration(statement: str, *, said: str = "") -> str:
    return f'{said}\ndef upgrade():\n    {statement}\n\n\ndef downgrade():\n    op.execute("DROP TABLE x")\n'


def test_each_rule_has_an_example_that_breaks_it():
    assert set(WRONG) == {rule.name for rule in RULES if rule.in_a_stop}
    assert set(WRONG_IN_PARTS) == {rule.name for rule in RULES if not rule.in_a_stop}


@pytest.mark.parametrize("name", WRONG)
def test_what_stops_whoever_is_at_work_is_found_unless_it_says_why(name: str):
    said = f"# offline: {name}, the table is new and empty everywhere"

    assert [rule.name for rule in broken(migration(WRONG[name]))] == [name]
    assert not list(broken(migration(WRONG[name], said=said)))
    assert [rule.name for rule in broken(migration(WRONG[name], said=f"# offline: {name}, no"))] == [name]


@pytest.mark.parametrize("name", WRONG_IN_PARTS)
def test_what_cut_tables_refuse_is_found_whatever_it_says(name: str):
    said = f"# offline: {name}, everything is stopped meanwhile"

    assert [rule.name for rule in broken(migration(WRONG_IN_PARTS[name], said=said))] == [name]


@pytest.mark.parametrize("statement", FINE)
def test_what_may_be_done_under_way_is_left_alone(statement: str):
    assert not [rule.name for rule in broken(migration(statement))]


def test_migrations_suit_the_version_before():
    wrong = {
        file.name: {rule.name: rule.instead for rule in broken(file.read_text(encoding="utf-8"))}
        for file in VERSIONS.glob("[0-9]*.py")
        if file.name[:4] > SETTLED
    }

    assert not {name: rules for name, rules in wrong.items() if rules}
