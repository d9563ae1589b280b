"""Where organisations are paid: two people, a letter, a key; and no IBAN anywhere but under it."""

import json
import stat

import pytest

from parvis.services import bank, bank_keys
from parvis.services.bank_keys import NoBankKeyError, Ring, WrongBankKeyError, new_key
from parvis.services.settings import Settings
from parvis.states.bank import Account
from parvis.states.facts import By
from parvis.states.stages import Role
from parvis.states.table import MoveRefusedError
from tests.services.desk import moment

OURS, OTHER = "FR1420041010050500013M02606", "FR7630006000011234567890189"
AT = moment("2026-06-02")
APPLICANT, OFFICER = By("organisation:1", Role.APPLICANT), By("person:1", Role.INSTRUCTOR)
FINANCE, MANAGER = By("person:7", Role.FINANCE), By("person:4", Role.MANAGER)


@pytest.fixture
def ring() -> Ring:
    return Ring([new_key()])


@pytest.fixture
def organisation(desk) -> int:
    desk.submitted_case()
    return int(desk.value("SELECT id FROM organisations"))


def asked(desk, ring, organisation, *, iban=OURS, by=APPLICANT) -> bool:
    with desk.database.transaction() as session:
        return bank.ask(session, ring, organisation, Account(iban, "Association"), by=by, at=AT)


def confirmed(desk, ring, organisation, *, iban=OURS, by=FINANCE) -> None:
    with desk.database.transaction() as session:
        bank.confirm(session, ring, organisation, iban, by=by, at=AT)


def why(action, *arguments, **named) -> list[str]:
    with pytest.raises(MoveRefusedError) as refused:
        action(*arguments, **named)
    return [reason.code for reason in refused.value.reasons]


def states(desk):
    return desk.rows("SELECT masked, state FROM bank_details ORDER BY id")


TOLD = ["bank_details", "bank_journal", "letters", "journal", "cases", "organisations", "tasks"]


def kept_nowhere(desk, log) -> bool:
    """No row says an IBAN, nor a log, nor what an error shows of an account."""
    everything = json.dumps([desk.rows(f"SELECT t::text FROM {table} t") for table in TOLD])
    shown = everything + log + repr(Account(OURS, "")) + repr(Account(OTHER, ""))
    return OURS not in shown and OTHER not in shown


def test_an_account_is_asked_by_one_person_confirmed_by_another_and_told_each_time(
    desk, ring, organisation, caplog
):
    assert asked(desk, ring, organisation, by=OFFICER)
    assert not asked(desk, ring, organisation, by=OFFICER)
    assert why(confirmed, desk, ring, organisation, by=OFFICER) == ["role", "same_person"]
    assert why(confirmed, desk, ring, organisation, iban=OTHER) == ["not_the_same"]
    confirmed(desk, ring, organisation)
    assert why(confirmed, desk, ring, organisation) == ["nothing_asked"]
    assert why(asked, desk, ring, organisation) == ["known"]

    asked(desk, ring, organisation, iban=OTHER, by=MANAGER)
    assert why(confirmed, desk, ring, organisation, iban=OTHER, by=MANAGER) == ["same_person"]
    assert states(desk) == [("FR14 •••• 606", "confirmed"), ("FR76 •••• 189", "asked")]
    confirmed(desk, ring, organisation, iban=OTHER)

    assert states(desk) == [("FR14 •••• 606", "replaced"), ("FR76 •••• 189", "confirmed")]
    told = desk.rows("SELECT recipient, data ->> 'step', data ->> 'account', data ->> 'email' FROM letters"
                     " WHERE template = 'bank_details' ORDER BY id")  # fmt: skip
    assert told == [
        ("address", step, account, "contact@asso.example")
        for account in ("FR14 •••• 606", "FR76 •••• 189") for step in ("asked", "confirmed")
    ]  # fmt: skip
    assert desk.rows("SELECT actor, action FROM bank_journal ORDER BY id") == [
        ("person:1", "asked"), ("person:7", "confirmed"), ("person:4", "asked"), ("person:7", "confirmed"),
    ]  # fmt: skip
    assert kept_nowhere(desk, caplog.text)


def test_a_refusal_has_a_reason_and_leaves_the_account_as_it_was(desk, ring, organisation):
    asked(desk, ring, organisation)

    def refused(reason):
        with desk.database.transaction() as session:
            bank.refuse(session, organisation, reason, by=FINANCE, at=AT)

    assert why(refused, " ") == ["reason_given"]
    refused("Le RIB est au nom d’une personne")

    assert why(refused, "Encore") == ["nothing_asked"]
    assert states(desk) == [("FR14 •••• 606", "refused")]
    assert desk.value("SELECT data ->> 'reason' FROM letters WHERE data ->> 'step' = 'refused'")


def test_keys_rotate_and_an_account_moved_to_another_organisation_does_not_open(desk, organisation):
    old, new = new_key(), new_key()
    asked(desk, Ring([old]), organisation)
    sealed = bytes(desk.value("SELECT sealed FROM bank_details"))

    with pytest.raises(WrongBankKeyError), desk.database.transaction() as session:
        bank.rotate(session, Ring([new]))
    with desk.database.transaction() as session:
        assert bank.rotate(session, Ring([new, old])) == 1
    again = bytes(desk.value("SELECT sealed FROM bank_details"))

    assert Ring([new]).open(organisation, again).iban == OURS
    with pytest.raises(WrongBankKeyError):
        Ring([new]).open(organisation, sealed)
    with pytest.raises(WrongBankKeyError):
        Ring([new]).open(organisation + 1, again)


def test_a_key_is_made_beside_an_embedded_database_and_asked_for_beside_another(tmp_path):
    def chosen(**said: object) -> Settings:
        return Settings.model_validate(
            {"data_folder": tmp_path, "database_url": None, "bank_keys": None, **said}
        )

    beside = chosen()

    sealed = bank_keys.ring(beside).seal_bytes(b"x")

    assert bank_keys.ring(beside).open_bytes(sealed) == b"x"
    assert stat.S_IMODE((tmp_path / "bank.key").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["bank.key"]
    with pytest.raises(NoBankKeyError):
        bank_keys.ring(chosen(database_url="postgresql://h/b"))
    key = new_key()
    given = chosen(database_url="postgresql://h/b", bank_keys=f"{new_key()}, {key}")
    assert bank_keys.ring(given).open_bytes(Ring([key]).seal_bytes(b"y")) == b"y"
    with pytest.raises(ValueError, match="bank_keys"):
        chosen(bank_keys="secret")
