"""Somebody with the owner's rights, who takes the triggers off, changes the journal and puts them back."""

from dataclasses import dataclass, replace
from typing import Any

from parvis.models.session import Database
from parvis.states.journal import GENESIS, Line, link

PROTECTED = (
    "journal", "anchors", "anchor_heads", "committee_journal", "anchor_committee_heads", "agreement_journal",
    "anchor_agreement_heads",
)  # fmt: skip
COLUMNS = "case_id, seq, at, actor, role, action, source, target, details"


@dataclass(frozen=True)
class Tamperer:
    """Changes what is append-only, through `owner`, the database with its owner's rights."""

    owner: Database

    def run(self, *statements: str, **parameters: object) -> None:
        """Run statements while no trigger watches."""
        with self.owner.transaction() as session:
            parts = session.exec_driver_sql(
                "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'journal'::regclass"
            )
            protected = (*PROTECTED, *parts.scalars())
            for table in protected:
                session.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                session.exec_driver_sql(statement, parameters)
            for table in protected:
                session.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    def lines(self, case_id: int) -> list[tuple[Line, bytes]]:
        """The journal of a case as it stands, with its hashes."""
        with self.owner.transaction() as session:
            rows = session.exec_driver_sql(
                f"SELECT {COLUMNS}, hash FROM journal WHERE case_id = %(id)s ORDER BY seq", {"id": case_id}
            )
            return [(Line(*row[:9]), row[9]) for row in rows]

    def insert(self, line: Line, own: bytes) -> None:
        """Add a line."""
        names = COLUMNS.split(", ")
        self.run(
            f"INSERT INTO journal ({COLUMNS}, hash) VALUES ({', '.join(f'%({n})s' for n in names)}, %(own)s)",
            **{name: getattr(line, name) for name in names},
            own=own,
        )

    def push_down(self, case_id: int, first: int, by: int = 1) -> None:
        """Give the lines from number `first` on the numbers `by` further; a negative `by` pulls them up."""
        self.run(
            "UPDATE journal SET seq = -seq WHERE case_id = %(id)s AND seq >= %(first)s",
            "UPDATE journal SET seq = -seq + %(by)s WHERE case_id = %(id)s AND seq < 0",
            id=case_id, first=first, by=by,
        )  # fmt: skip

    def rewrite(self, case_id: int, **changes: dict[int, Any]) -> None:
        """Change fields (value by line number) and compute the hashes, and the case's head, again."""
        previous = GENESIS
        for line, _ in self.lines(case_id):
            values = {name: by_seq[line.seq] for name, by_seq in changes.items() if line.seq in by_seq}
            changed = replace(line, **values)
            previous = link(previous, changed)
            self.run(
                "UPDATE journal SET at = %(at)s, actor = %(actor)s, role = %(role)s, action = %(action)s,"
                " source = %(source)s, target = %(target)s, details = %(details)s, hash = %(hash)s"
                " WHERE case_id = %(id)s AND seq = %(seq)s",
                **{name: getattr(changed, name) for name in COLUMNS.split(", ")[1:]}, id=case_id, hash=previous,
            )  # fmt: skip
        self.run("UPDATE cases SET journal_head = %(head)s WHERE id = %(id)s", id=case_id, head=previous)

    def agree(self, case_id: int) -> None:
        """Make the case's row say what its last line says."""
        lines = self.lines(case_id)
        self.run(
            "UPDATE cases SET version = %(n)s, journal_head = %(head)s, stage = %(stage)s WHERE id = %(id)s",
            id=case_id, n=len(lines), head=lines[-1][1] if lines else GENESIS,
            stage=lines[-1][0].target if lines else "draft",
        )  # fmt: skip
