"""Actions renewed by the command line: what would happen, doing it, and doing what was left."""

import json
from pathlib import Path

from parvis.cli.exits import ExitCode
from tests.cli.conftest import Terminal
from tests.services.desk import Desk
from tests.web.test_renewing import SIRET, funded

OFFICER = ("--role", "instructeur")


def test_the_funded_actions_of_a_call_are_renewed_and_a_second_time_only_those_that_were_not(
    terminal: Terminal, desk: Desk
) -> None:
    contract = json.dumps(desk.opens_next_year())
    Path(terminal.environment["PARVIS_CONTRACT"]).write_text(contract, encoding="utf-8")
    funded(desk, SIRET, "Les Jardins", report="2026-05-30")
    late = funded(desk, "55203253400646", "Le Relais", report=None)

    nothing = terminal("case", "renew", *OFFICER)
    seen = terminal("case", "renew", "--call", "annuel-2026", "--dry-run", *OFFICER)
    assert desk.value("SELECT count(*) FROM cases") == 2
    first = terminal("case", "renew", "--call", "annuel-2026", *OFFICER)
    desk.run("UPDATE cases SET report_received_on = '2026-06-01' WHERE id = %(id)s", id=late)
    second = terminal("case", "renew", "ANNUEL-2026-00002", "--json", *OFFICER)
    again = terminal("case", "renew", "--call", "annuel-2026", "--json", *OFFICER)

    assert nothing.code == ExitCode.USAGE
    assert "Le Relais" in seen.said
    assert "Seraient reconduites : 1. Refusées : 1." in seen.said
    assert (first.code, second.code, again.code) == (ExitCode.REFUSED, ExitCode.DONE, ExitCode.REFUSED)
    assert "→ ANNUEL-2027-00001" in first.said
    assert second.json["results"][0]["renewed_as"] == "ANNUEL-2027-00002"
    assert [each["reasons"][0]["code"] for each in again.json["results"]] == ["renewed_already"] * 2
