"""The contract comes into the database from its file, and again only when the file changes."""

import json
from datetime import date
from pathlib import Path

import pytest

from parvis.services.contracts import ContractFileError
from parvis.services.opening import open_contract
from parvis.services.settings import Settings
from parvis.services.templates import TemplateFolderError
from parvis.states.stages import Stage
from tests.services.agreement_desk import AgreementDesk, contract
from tests.services.desk import Desk, moment

AMIENS = Path(__file__).parents[2] / "contracts" / "amiens.yaml"
AT = moment("2026-11-23")


def settings(file: Path) -> Settings:
    return Settings(contract=file, _env_file=None)


def copy(folder: Path, *changes: tuple[str, str]) -> Path:
    text = AMIENS.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    file = folder / "contrat.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_first_opening_writes_every_call(database, tmp_path):
    opened = open_contract(database, settings(copy(tmp_path)), AT)

    assert len(opened.changed_calls) == 5


def test_the_same_file_again_writes_nothing(database, tmp_path):
    first = open_contract(database, settings(copy(tmp_path)), AT)

    again = open_contract(database, settings(copy(tmp_path)), AT)

    assert (again.contract_id, again.changed_calls) == (first.contract_id, ())


def test_a_changed_delay_plans_the_open_cases_of_its_call_anew(database, tmp_path):
    opened = open_contract(database, settings(copy(tmp_path)), AT)
    desk = Desk(database, opened.contract_id)
    desk.submitted_case(at="2026-11-23", call="annuel-2027")
    before = desk.value("SELECT min(deadline) FROM timers WHERE rule LIKE 'check-late%%'")

    changed = open_contract(
        database, settings(copy(tmp_path, ("      opinion_days: 30\n", "      check_days: 5\n"))), AT
    )

    after = desk.value(
        "SELECT min(deadline) FROM timers WHERE rule LIKE 'check-late%%' AND settled_at IS NULL"
    )
    assert len(changed.changed_calls) == 1
    assert str(after) < str(before)
    assert desk.value("SELECT stage FROM cases") == Stage.SUBMITTED


def test_a_missing_file_keeps_the_contract_the_database_has(database, tmp_path):
    opened = open_contract(database, settings(copy(tmp_path)), AT)

    assert open_contract(database, settings(tmp_path / "parti.yaml"), AT).contract_id == opened.contract_id


def test_a_missing_file_is_an_error_when_there_is_no_contract(database, tmp_path):
    with pytest.raises(ContractFileError):
        open_contract(database, settings(tmp_path / "parti.yaml"), AT)


def test_a_bad_file_leaves_the_contract_that_was_there(database, tmp_path):
    opened = open_contract(database, settings(copy(tmp_path)), AT)

    with pytest.raises(ContractFileError):
        open_contract(
            database, settings(copy(tmp_path, ("closes_on: 2027-10-15", "closes_on: 2020-10-15"))), AT
        )

    desk = Desk(database, opened.contract_id)
    assert str(desk.value("SELECT closes_on FROM calls WHERE code = 'annuel-2027'")) == "2027-10-15"


def test_the_letters_of_a_call_are_taken_from_the_folder_beside_the_contract(database, tmp_path):
    own = tmp_path / "lettres"
    own.mkdir()
    (own / "acknowledge.fr.txt").write_text(
        "Objet : Bien reçu\n\nMerci, {{ organisation.name }}.\n", encoding="utf-8"
    )
    (own / "acknowledge.fr.html").write_text("<p>Merci, {{ organisation.name }}.</p>\n", encoding="utf-8")
    folder = (
        "    year: 2027\n    opens_on: 2026-11-02\n",
        "    year: 2027\n    letters_folder: lettres\n    opens_on: 2026-11-02\n",
    )
    file = copy(tmp_path, folder)

    opened = open_contract(database, settings(file), AT)

    desk = Desk(database, opened.contract_id)
    assert desk.value("SELECT subject FROM letter_templates") == "Bien reçu"
    (own / "acknowledge.fr.html").unlink()
    with pytest.raises(TemplateFolderError):
        open_contract(database, settings(file), AT)


OPEN = """
SELECT rule, due_at::date::text FROM timers
 WHERE settled_at IS NULL AND rule IN ('open_renewal', 'approval-6m', 'approval-8m', 'review:2:-30')
   AND agreement_id = (SELECT min(id) FROM agreements) ORDER BY rule
"""


def test_changed_milestones_plan_agreements_anew_and_nothing_that_was_said_is_said_again(database, tmp_path):
    def opened(**rules: object) -> None:
        file = tmp_path / "contrat.yaml"
        file.write_text(json.dumps({**contract(), "agreements": rules}), encoding="utf-8")
        open_contract(database, settings(file), moment("2025-09-02"))

    opened()
    desk = Desk(database, 1)
    house = AgreementDesk(desk)
    running = house.taken_over("2025-09-01", approval_ends_on=date(2027, 12, 31))
    renewing = house.taken_over("2025-09-01", purpose="evs", ends_on="2025-12-31")
    house.sweep("2025-09-01")
    said = house.letters(renewing)
    before = desk.rows(OPEN)

    opened(renewal_opens_months=12, evaluation_months=10, approval_months=[14, 8, 2], review_months=1)

    assert before == [
        ("approval-6m", "2027-06-30"), ("open_renewal", "2025-10-31"), ("review:2:-30", "2025-10-01")]  # fmt: skip
    assert desk.rows(OPEN) == [
        ("approval-8m", "2027-04-30"), ("open_renewal", "2025-12-31"), ("review:2:-30", "2025-10-29")]  # fmt: skip
    house.sweep("2025-09-03")
    assert house.letters(renewing) == said
    assert house.sweep("2025-12-31 06:15").moved == 1
    assert house.stage(running) == "in_renewal"
