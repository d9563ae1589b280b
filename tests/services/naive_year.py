"""A year of a contract counted the slow way, case by case in Python: what the statements must find too."""

from collections.abc import Callable, Iterable
from typing import Any

from parvis.models.session import Session
from parvis.services.yearly import Figures, Line

FUNDED = {"funded", "evaluated", "reclaimed"}
Keys = Callable[[dict[str, Any]], Iterable[str]]


class Year:
    """The cases of a year, each with all that hangs on it."""

    def __init__(self, session: Session, year: int) -> None:
        def rows(statement: str) -> list[dict[str, Any]]:
            return [dict(row) for row in session.exec_driver_sql(statement).mappings()]

        self.cases = rows(
            "SELECT c.*, k.instrument, k.year FROM cases c JOIN calls k ON k.id = c.call_id"
            f" WHERE k.year = {year} AND c.stage <> 'draft'"
        )
        fundings = rows("SELECT g.*, f.code FROM fundings g JOIN funders f ON f.id = g.funder_id")
        payments = rows("SELECT p.*, f.code FROM payments p JOIN funders f ON f.id = p.funder_id")
        reports = rows("SELECT * FROM reports ORDER BY id")
        challenges = rows(
            "SELECT x.case_id, n.code FROM case_challenges x JOIN challenges n ON n.id = x.challenge_id"
        )
        places = rows(
            "SELECT x.case_id, n.code FROM case_neighbourhoods x JOIN neighbourhoods n ON n.id = x.neighbourhood_id"
        )
        for case in self.cases:
            mine = [g for g in fundings if g["case_id"] == case["id"]]
            case["fundings"] = {g["code"]: g for g in mine}
            case["payments"] = [p for p in payments if p["case_id"] == case["id"] and p["status"] == "paid"]
            case["reports"] = [
                r for r in reports
                if (r["case_id"], r["kind"], r["way"], r["state"]) == (case["id"], "final", "report", "accepted")
            ]  # fmt: skip
            case["challenges"] = [x["code"] for x in challenges if x["case_id"] == case["id"]]
            case["neighbourhoods"] = [x["code"] for x in places if x["case_id"] == case["id"]]

    def count(self, keys: Keys) -> dict[str, Figures]:
        """The figures of each key a case has; a case without any has the empty one."""
        found: dict[str, list[dict[str, Any]]] = {}
        for case in self.cases:
            for key in list(keys(case)) or [""]:
                found.setdefault(key, []).append(case)
        return {key: _figures(cases, None) for key, cases in found.items()}

    def count_by_funder(self) -> dict[str, Figures]:
        """The figures of each funder: its own money, and the actions it grants something."""
        codes = {code for case in self.cases for code in case["fundings"]}
        return {
            code: _figures([case for case in self.cases if code in case["fundings"]], code) for code in codes
        }

    def count_crossings(self) -> dict[str, tuple[int, int, int]]:
        """Proposed, funded and granted of each neighbourhood with each challenge."""
        found = self.count(
            lambda case: [f"{n} {d}" for n in case["neighbourhoods"] for d in case["challenges"]]
        )
        found.pop("", None)
        return {key: (each.proposed, each.funded, each.granted_cents) for key, each in found.items()}


def lines_say(lines: Iterable[Line]) -> dict[str, Figures]:
    """This year's figures by code, without those of nothing."""
    return {line.code: line.now for line in lines if line.now != Figures()}


def _figures(cases: list[dict[str, Any]], funder: str | None) -> Figures:
    found = dict.fromkeys(Figures.__dataclass_fields__, 0)

    def add(name: str, value: int | None) -> None:
        found[name] += value or 0

    for case in cases:
        fundings = [case["fundings"][funder]] if funder else list(case["fundings"].values())
        granted = sum(g["granted_cents"] or 0 for g in fundings)
        funded = case["stage"] in FUNDED and (funder is None or granted > 0)
        own = funded or funder is None
        planned, share = case["beneficiaries"] or 0, case["qpv_share_percent"]
        report = case["reports"][-1] if case["reports"] and own else None
        add("proposed", 1)
        add("funded", funded)
        add("evaluated", own and case["stage"] == "evaluated")
        add("not_carried_out", own and case["not_carried_out"])
        add("requested_cents", fundings[0]["requested_cents"] if funder else case["requested_cents"])
        add("paid_cents", sum(p["amount_cents"] for p in case["payments"] if funder in {None, p["code"]}))
        if funded:
            add("granted_cents", granted)
            add("people_planned", planned)
            add("weighted_planned", planned * (share or 0))
            add("weighing_planned", planned if share is not None else 0)
            add("cost_planned_cents", case["total_cost_cents"] if planned else 0)
        if report:
            for name, value in _reported(report, case["beneficiaries"]).items():
                add(name, value)
    return Figures(**found)


def _reported(report: dict[str, Any], planned: int | None) -> dict[str, int]:
    done, spent, share = report["people"] or 0, report["spent_cents"], report["qpv_share_percent"]
    found = {
        "reported": 1,
        "spent_cents": spent or 0,
        "people_planned_reported": done if planned is None else planned,
        "people_done": done,
        "weighted_done": done * (share or 0),
        "weighing_done": done if share is not None else 0,
        "cost_done_cents": (spent or 0) if done else 0,
        "people_costed": done if spent is not None else 0,
    }
    for name, field in (("women", "femmes"), ("young", "jeunes")):
        typed = "".join(report["answers"].get("publics", {}).get(field, [""])[-1].split())
        if typed.isdecimal() and report["people"] is not None and int(typed) <= done:
            found |= {name: int(typed), f"weighing_{name}": done}
    return found
