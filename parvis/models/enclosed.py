"""A database seen from inside one transaction: what is done through it lands with that transaction, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager

from parvis.models.session import Database, Session, savepoint


class Enclosed(Database):
    """Stands for a database where one is expected; each of its transactions is a savepoint of the one around.

    What it writes is seen by nobody else before the transaction around it ends.
    """

    def __init__(self, around: Session) -> None:
        super().__init__(around.engine.url.render_as_string())
        self._around = around

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Run the block so that its failure undoes only the block.

        Raises:
            ConstraintError: a constraint refused a row.
            ConflictError: another transaction was in the way.
        """
        with savepoint(self._around):
            yield self._around

    @contextmanager
    def single_statements(self) -> Iterator[Session]:
        """The same session: here nothing is committed before the rest."""
        yield self._around
