"""What stories of agendas say: committees, cases ready for one, where they are, what the sitting's journal tells."""

from datetime import date

from parvis.services import filling
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role
from tests.services.desk import CONTRACT, Desk, moment

SECRETARY = By("person:3", Role.SECRETARY)


def committee(code: str, kind: str, *held_on: object, **settings: object) -> dict[str, object]:
    return {"code": code, "name": code, "kind": kind, "held_on": list(held_on), "lead_days": 5, **settings}


def wave(decides_on: str, closes: str = "2026-07-31") -> dict[str, object]:
    return {"code": "v", "title": "Vague", "closes": {"new": closes}, "decides_on": decides_on}


def opened(
    desk: Desk, *committees: dict[str, object], people: object = CONTRACT["people"], **call: object
) -> Desk:
    """The desk's contract with these committees; cases are of its only call."""
    first = {**CONTRACT["calls"][0], **call}
    neighbourhoods = [
        {"code": f"QN0800{n}M", "name": f"Quartier {n}", "commune": "Amiens"} for n in (1, 2, 3)
    ]
    desk.run("UPDATE contracts SET digest = ''")
    settings = {
        "people": people,
        "committees": list(committees),
        "neighbourhoods": neighbourhoods,
        "calls": [first],
    }
    return Desk.opened(desk.database, {**CONTRACT, **settings})


def instructed(desk: Desk, *qpvs: str, at: str = "2026-06-01") -> int:
    case = desk.submitted_case(at, qpvs=qpvs or ("QN08001M",))
    desk.move(case, Action.RECEIVE_DOCUMENTS, at=at, given=Given(documents=("statuts", "rib")))
    desk.move(case, Action.CHECK_ELIGIBILITY, at=at)
    desk.move(case, Action.ASSESS, at=at, given=Given(score=70))
    desk.move(case, Action.INSTRUCT, at=at)
    return case


def fill(desk: Desk, at: str = "2026-06-02") -> filling.Filled:
    return filling.fill(desk.database, at=moment(at))


def where(desk: Desk, case: int) -> str | None:
    found = desk.rows(
        "SELECT m.code || '/' || m.held_on FROM cases c JOIN committees m ON m.id = c.committee_id WHERE c.id = %(id)s",
        id=case,
    )
    return found[0][0] if found else None


def sitting(desk: Desk, code: str, day: str) -> int:
    return int(
        desk.value(
            "SELECT id FROM committees WHERE code = %(c)s AND held_on = %(d)s",
            c=code,
            d=date.fromisoformat(day),
        )
    )


def events(desk: Desk, sitting_id: int) -> list[str]:
    rows = desk.rows(
        "SELECT action FROM committee_journal WHERE committee_id = %(id)s ORDER BY seq", id=sitting_id
    )
    return [row[0] for row in rows]
