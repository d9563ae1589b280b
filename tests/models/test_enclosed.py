"""A database enclosed in one transaction: all of what is done through it, or nothing."""

import pytest

from parvis.models.enclosed import Enclosed
from parvis.models.session import ConstraintError, Database, Session

INSERT = "INSERT INTO organisations (siret, name) VALUES (%(siret)s, 'Association')"


def add(session: Session, siret: str) -> None:
    session.exec_driver_sql(INSERT, {"siret": siret})


def counted(database: Database) -> int:
    with database.transaction() as session:
        return int(session.exec_driver_sql("SELECT count(*) FROM organisations").scalar_one())


def test_nobody_else_sees_what_is_done_before_the_transaction_around_ends(database: Database) -> None:
    with database.transaction() as around:
        enclosed = Enclosed(around)
        with enclosed.transaction() as session:
            add(session, "1")
        with enclosed.single_statements() as session:
            add(session, "2")

        assert counted(enclosed) == 2
        assert counted(database) == 0

    assert counted(database) == 2


def test_a_failure_inside_undoes_its_own_transaction_only(database: Database) -> None:
    with database.transaction() as around:
        enclosed = Enclosed(around)
        with enclosed.transaction() as session:
            add(session, "1")
        with pytest.raises(ConstraintError), enclosed.transaction() as session:
            add(session, "2")
            add(session, "1")

    assert counted(database) == 1


def test_a_failure_around_undoes_everything(database: Database) -> None:
    with pytest.raises(LookupError), database.transaction() as around:
        with Enclosed(around).transaction() as session:
            add(session, "1")
        raise LookupError

    assert counted(database) == 0
