"""Last year’s action renewed: what is written of it."""

from dataclasses import replace

from parvis.states.case_table import CASES
from parvis.states.consequences import CallRules, consequences
from parvis.states.contract import TimeRules
from parvis.states.facts import Given
from parvis.states.renewals import Renewal
from parvis.states.stages import Action
from tests.states.changes import TODAY
from tests.states.examples import case_at


def test_the_letter_of_an_action_renewed_and_its_journal_name_the_request_that_follows():
    renewal = Renewal(2027, "annuel-2027", "Appel 2027", TODAY, "ANNUEL-2027-00004")
    move = CASES.rows("funded", Action.RENEW)[0]
    facts = replace(case_at("funded"), given=Given(renewal=renewal))

    written = consequences(move, facts, CallRules(TimeRules(), 2026, silent=True))

    assert [letter.data for letter in written.letters] == [{
        "request": "ANNUEL-2027-00004", "path": "/dossiers/ANNUEL-2027-00004", "next_call": "Appel 2027",
        "deadline": TODAY.isoformat(),
    }]  # fmt: skip
    assert written.details == {"renewed_as": "ANNUEL-2027-00004"}
