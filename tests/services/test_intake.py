"""Files of deposits come in whole or not at all, once, in the call they belong to."""

import threading
from pathlib import Path
from typing import Any

import pytest

from parvis.models.queries.contracts import write_contract
from parvis.models.session import Database
from parvis.services.contracts import read_contract
from parvis.services.deposits import Received
from parvis.services.imports.problems import DepositFileError
from parvis.services.intake import NoContractError, UnknownCallError, context_of, import_file
from tests.services.desk import Desk, moment

ROOT = Path(__file__).parents[2]
PORTAL = (ROOT / "tests" / "data" / "portal" / "dossier.json").read_bytes()
HEADER = "external_id;siret;titre;montant_demande;date_depot;appel;nature\n"
ROW = "{id};41816609600051;Café des parents;4 500,00 €;{day};{call};{nature}\n"


@pytest.fixture
def amiens(database: Database) -> Desk:
    contract = read_contract(ROOT / "contracts" / "amiens.yaml")
    with database.transaction() as session:
        changed = write_contract(session, contract, digest="test", at=moment("2026-01-01"))
    return Desk(database, changed.contract_id)


def sheet(*rows: str) -> bytes:
    return (HEADER + "".join(rows)).encode()


def row(external_id: str, day: str, call: str = "", nature: str = "") -> str:
    return ROW.format(id=external_id, day=day, call=call, nature=nature)


def bring(
    desk: Desk, content: bytes, at: str = "2026-11-23", name: str = "depots.csv", **how: Any
) -> Received:
    return import_file(desk.database, None, name, content, moment(at), **how)


def calls_of(desk: Desk) -> dict[str, str]:
    rows = desk.rows("SELECT c.external_id, k.code FROM cases c JOIN calls k ON k.id = c.call_id")
    return {str(external_id): str(code) for external_id, code in rows}


def test_a_dossier_of_the_portal_older_than_every_annual_call_goes_to_the_silent_one(amiens):
    received = bring(amiens, PORTAL, name="dossier.json")

    assert received.created == ("REPRISE-00001",)
    assert calls_of(amiens) == {"REF_FINANCEMENT": "reprise"}
    assert amiens.rows("SELECT 1 FROM letters") == []
    assert amiens.rows("SELECT 1 FROM timers") == []


def test_the_same_file_again_changes_nothing(amiens):
    bring(amiens, PORTAL, name="dossier.json")
    before = amiens.rows("SELECT * FROM cases")

    again = bring(amiens, PORTAL, at="2026-11-24", name="dossier.json")

    assert (again.created, again.unchanged) == ((), ("REPRISE-00001",))
    assert amiens.rows("SELECT * FROM cases") == before
    assert amiens.value("SELECT count(*) FROM journal") == 1


def test_the_same_identifier_with_other_content_is_named_and_left_as_it_was(amiens):
    bring(amiens, sheet(row("A-1", "20/11/2026")))

    again = bring(amiens, sheet(row("A-1", "20/11/2026").replace("4 500", "4 600")))

    assert again.diverging == ("ANNUEL-2027-00001",)
    assert amiens.value("SELECT requested_cents FROM cases") == 450_000


def test_a_deposit_that_names_no_call_goes_to_the_annual_call_of_its_day(amiens):
    bring(amiens, sheet(row("A-1", "20/11/2026"), row("A-2", "12/01/2026"), row("A-3", "02/06/2021")))

    assert calls_of(amiens) == {"A-1": "annuel-2027", "A-2": "annuel-2026", "A-3": "reprise"}


def test_a_day_between_two_annual_calls_belongs_to_none(amiens):
    with pytest.raises(DepositFileError) as refused:
        bring(amiens, sheet(row("A-1", "25/10/2026")))

    assert [(p.line, p.column, p.code) for p in refused.value.problems] == [(2, "appel", "call_unknown")]


def test_the_call_chosen_for_a_file_is_for_the_deposits_that_name_none(amiens):
    bring(amiens, sheet(row("A-1", "20/09/2026"), row("A-2", "20/09/2026", "annuel-2026")),
          call="CONVENTIONS-2027-2029")  # fmt: skip

    assert calls_of(amiens) == {"A-1": "conventions-2027-2029", "A-2": "annuel-2026"}


def test_a_call_the_contract_does_not_have_is_named_with_those_it_has(amiens):
    with pytest.raises(UnknownCallError) as unknown:
        bring(amiens, sheet(row("A-1", "20/11/2026")), call="annuel-1999")

    assert "annuel-2027" in unknown.value.known


def test_a_renewal_after_the_last_closing_of_renewals_is_refused_and_a_new_action_is_not(amiens):
    bring(amiens, sheet(row("A-1", "10/10/2026", nature="premiere")))

    with pytest.raises(DepositFileError) as refused:
        bring(amiens, sheet(row("A-2", "10/10/2026", nature="renouvellement")))

    assert refused.value.code == "late_submission"
    [problem] = refused.value.problems
    assert "l’appel suivant, annuel-2027, ouvre le 2 novembre 2026" in problem.sentence.fr.replace(
        "\u00a0", " "
    )


def test_a_school_the_contract_names_follows_its_own_closing_in_a_sheet_and_on_a_form(amiens):
    school = row("A-1", "20/04/2026").split(";")[1]
    amiens.run(
        "UPDATE contracts SET document = jsonb_set(document, '{schools}', jsonb_build_array(%(s)s::text))",
        s=school,
    )

    bring(amiens, sheet(row("A-1", "20/04/2026")))

    assert amiens.value("SELECT w.code FROM cases c JOIN waves w ON w.id = c.wave_id") == "janvier"


def test_one_bad_row_leaves_nothing_of_the_others(amiens):
    with pytest.raises(DepositFileError):
        bring(amiens, sheet(row("A-1", "20/11/2026"), row("A-2", "31/02/2026")))

    assert amiens.rows("SELECT 1 FROM cases") == []


def test_a_dry_run_says_what_would_happen_and_leaves_nothing(amiens):
    tried = bring(amiens, sheet(row("A-1", "20/11/2026")), dry_run=True)

    assert tried.created == ("ANNUEL-2027-00001",)
    assert amiens.rows("SELECT 1 FROM cases UNION ALL SELECT 1 FROM organisations") == []
    assert bring(amiens, sheet(row("A-1", "20/11/2026"))) == tried


def test_progress_is_told_up_to_the_last_deposit(amiens):
    told: list[tuple[int, int]] = []
    rows = [row(f"A-{n}", "20/11/2026") for n in range(501)]

    bring(amiens, sheet(*rows), progress=lambda done, total: told.append((done, total)))

    assert told == [(500, 501), (501, 501)]


def test_two_imports_of_one_file_at_the_same_moment_make_each_case_once(amiens):
    content = sheet(*(row(f"A-{n}", "20/11/2026") for n in range(40)))
    received: list[Received] = []
    threads = [threading.Thread(target=lambda: received.append(bring(amiens, content))) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(len(one.created) for one in received) == [0, 0, 0, 40]
    assert sorted(len(one.unchanged) for one in received) == [0, 40, 40, 40]
    assert amiens.value("SELECT count(*) FROM cases") == 40


def test_without_a_contract_nothing_can_be_imported(database):
    with pytest.raises(NoContractError):
        import_file(database, None, "depots.csv", sheet(row("A-1", "20/11/2026")), moment("2026-11-23"))


def test_the_context_knows_what_the_contract_knows(amiens):
    context = context_of(amiens.database, "amiens", moment("2026-11-23"))

    assert len(context.qpvs) == 7
    assert len(context.challenges) == 11
    found = context.funder("80-ETAT-POLITIQUE-VILLE")
    assert found is not None
    assert found.code == "etat"
