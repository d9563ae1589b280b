"""What is append-only refuses to be rewritten: the application by its rights, the owner by triggers."""

import pytest
from sqlalchemy.exc import ProgrammingError

from parvis.models.privileges import APPEND_ONLY
from parvis.models.session import ConstraintError

REWRITINGS = [
    statement.format(table=table)
    for table, column in zip(
        APPEND_ONLY,
        (
            "actor",
            "cases",
            "seq",
            "reason",
            "account",
            "actor",
            "seq",
            "content",
            "actor",
            "seq",
            "action",
            "action",
        ),
        strict=True,
    )
    for statement in (
        f"UPDATE {{table}} SET {column} = {column}",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
    )
]


@pytest.mark.parametrize("statement", REWRITINGS)
def test_the_application_is_not_allowed_to_rewrite(database, statement):
    with pytest.raises(ProgrammingError, match="permission denied"), database.transaction() as session:
        session.exec_driver_sql(statement)


@pytest.mark.parametrize("statement", REWRITINGS)
def test_a_trigger_keeps_the_owner_from_rewriting(owner_database, statement):
    with pytest.raises(ConstraintError) as refused, owner_database.transaction() as session:
        session.exec_driver_sql(statement)

    assert refused.value.name == "append_only"
