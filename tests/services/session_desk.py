"""What stories of sessions say: a committee with members, cases on its table, what it decides of each."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from parvis.services.sessions import closing, decisions, room
from parvis.services.sessions.closing import Closed
from parvis.services.sessions.decisions import Decided
from parvis.states.facts import By, Given
from parvis.states.outcomes import Draft, Outcome, Votes
from parvis.states.quorum import Attendance
from parvis.states.stages import Action, Role
from tests.services.desk import CONTRACT, Desk, moment

SECRETARY = By("person:3", Role.SECRETARY)
OTHER_SECRETARY = By("person:9", Role.SECRETARY)
DAY = "2026-09-15 15:00"
TECHNICAL_DAY = "2026-09-01 15:00"
SEATS = ("chair", "ann", "bob", "cleo", "dan", "eve")


def _person(name: str) -> dict[str, object]:
    return {"email": f"{name}@ville.example", "name": name.capitalize(), "role": "member"}


def _members(*, substitutes: bool = True) -> list[dict[str, object]]:
    members: list[dict[str, object]] = [
        {"person": f"{name}@ville.example", "role": "chair" if name == "chair" else "elected"}
        for name in SEATS
    ]
    members.append({"person": "fred@ville.example", "role": "expert"})
    if substitutes:
        members.append(
            {"person": "gus@ville.example", "role": "substitute", "substitute_for": "ann@ville.example"}
        )
    return members


def contract(**changes: object) -> dict[str, object]:
    """The small city with members in its committees: six votes, an expert, a substitute of Ann."""
    people = [*CONTRACT["people"], *map(_person, (*SEATS, "fred", "gus"))]
    people.append({"email": "rose@ville.example", "name": "Rose Vert", "role": "secretary"})
    committees = [
        {"code": "copil", "name": "Comité de pilotage", "kind": "steering", "covers": "all",
         "held_on": ["2026-09-15", "2026-11-17"], "members": _members()},
        {"code": "etouvie", "name": "Comité d’Étouvie", "kind": "technical", "covers": ["QN08001M"],
         "held_on": ["2026-09-01"], "members": _members(substitutes=False)},
    ]  # fmt: skip
    return {**CONTRACT, "people": people, "committees": committees, **changes}


class SessionDesk:
    """A desk whose steering committee is about to sit."""

    def __init__(self, desk: Desk, code: str = "copil") -> None:
        self.desk = desk
        self.code = code
        self.at = DAY if code == "copil" else TECHNICAL_DAY
        self.committee = self.sitting(code)

    def sitting(self, code: str, number: int = 0) -> int:
        rows = self.desk.rows("SELECT id FROM committees WHERE code = %(c)s ORDER BY held_on", c=code)
        return int(rows[number][0])

    def other(self, code: str) -> "SessionDesk":
        return SessionDesk(self.desk, code)

    def person(self, name: str) -> int:
        return int(self.desk.value("SELECT id FROM people WHERE email = %(e)s", e=f"{name}@ville.example"))

    def cases(self, count: int, **changes: Any) -> list[int]:
        """Instructed cases put on the agenda, in that order; each asks 5,000 € of the State and 3,000 € of the City."""
        received = self.desk.receive(*[self.desk.deposit(**changes) for _ in range(count)])
        ids = [
            int(self.desk.value("SELECT id FROM cases WHERE reference = %(r)s", r=reference))
            for reference in received.created
        ]
        self.desk.run("UPDATE documents SET received_at = now() WHERE case_id = ANY(%(ids)s)", ids=ids)
        self.desk.run(
            "UPDATE cases SET eligibility_checked = true, score = 70 WHERE id = ANY(%(ids)s)", ids=ids
        )
        for case in ids:
            self.desk.move(case, Action.INSTRUCT)
            self.desk.move(case, Action.SCHEDULE, given=Given(committee_id=self.committee))
        return ids

    def open(self, *, present: tuple[str, ...] = SEATS) -> None:
        """The session begins with these people; the others are absent."""
        with self.desk.database.transaction() as session:
            room.open_session(session, self.committee, by=SECRETARY, at=moment(self.at))
        self.attend(dict.fromkeys(present, Attendance.PRESENT))
        with self.desk.database.transaction() as session:
            room.attend_rest(session, self.committee, Attendance.ABSENT, by=SECRETARY, at=moment(self.at))

    def attend(self, came: Mapping[str, Attendance]) -> None:
        ids = {self.person(name): said for name, said in came.items()}
        with self.desk.database.transaction() as session:
            room.attend(session, self.committee, ids, by=SECRETARY, at=moment(self.at))

    def recuse(self, name: str, case: int) -> None:
        self.desk.run(
            "INSERT INTO interests (person_id, case_id, ground, status, at, by)"
            " VALUES (%(p)s, %(c)s, 'declared', 'proposed', now(), 'person:1')",
            p=self.person(name), c=case,
        )  # fmt: skip

    def save(self, case: int, draft: Draft, *, expected: int | None = None, by: By = SECRETARY) -> Decided:
        with self.desk.database.transaction() as session:
            return decisions.save(
                session, self.committee, case, draft, by=by, at=moment(self.at), expected_version=expected
            )

    def close(self, *, minutes_later: int = 60, by: By = SECRETARY) -> Closed:
        at = moment(self.at) + timedelta(minutes=minutes_later)
        with self.desk.database.transaction() as session:
            return closing.close(session, self.committee, by=by, at=at)

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that a closing may write, to see that nothing was."""
        return {
            table: self.desk.rows(f"SELECT * FROM {table} ORDER BY 1, 2")
            for table in (
                "cases", "journal", "letters", "timers", "movements", "ledger", "envelopes", "fundings", "committees",
                "agenda_items", "committee_journal", "minutes",
            )
        }  # fmt: skip

    def assert_ledger_is_columns(self) -> None:
        """The sum of the ledger is what each envelope says it has committed, and what its cases were granted."""
        assert self.desk.rows(
            "SELECT e.id FROM envelopes e WHERE e.committed_cents <>"
            " (SELECT COALESCE(sum(amount_cents), 0) FROM ledger"
            "   WHERE envelope_id = e.id AND account IN ('committed', 'paid'))"
        ) == []  # fmt: skip
        granted = self.desk.value(
            "SELECT COALESCE(sum(g.granted_cents), 0)::bigint FROM fundings g JOIN cases c ON c.id = g.case_id"
            " WHERE c.stage = 'funded'"
        )
        assert (
            self.desk.value(
                "SELECT COALESCE(sum(committed_cents), 0)::bigint FROM envelopes WHERE parent_id IS NULL"
            )
            == granted
        )


def fund(etat: int = 100_000, ville: int = 0, **said: Any) -> Draft:
    """A grant, in cents."""
    shares = tuple((code, cents) for code, cents in (("etat", etat), ("ville", ville)) if cents)
    return Draft(Outcome.FUND, shares, **said)


def said(outcome: Outcome, reason: str = "Budget à préciser.", votes: Votes | None = None) -> Draft:
    """Anything but a grant."""
    return Draft(outcome, reason=reason, votes=votes)
