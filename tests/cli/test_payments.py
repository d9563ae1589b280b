"""Payments on the command line: due, ordered, written to a file, imported back, cancelled."""

from pathlib import Path

from parvis.services.bank_keys import new_key
from tests.services.payment_desk import IBAN
from tests.services.test_reports import funded

SIRET = "41816609600051"
WHO = {"ines": "ines@ville.example", "max": "max@ville.example"}


def test_payments_are_ordered_written_imported_and_cancelled(desk, terminal, tmp_path):
    terminal.environment["PARVIS_BANK_KEYS"] = new_key()
    terminal.at = "2026-10-01"
    contract = Path(terminal.environment["PARVIS_CONTRACT"])
    contract.write_text(
        contract.read_text(encoding="utf-8").replace('"manager"', '"finance"'), encoding="utf-8"
    )
    funded(desk)
    file, back = tmp_path / "ordres.csv", tmp_path / "retour.csv"
    back.write_text("Ordre;Payé le;Mandat\nL0002-001;01/10/2026;M-1\n", encoding="utf-8")
    mine = ("--as", WHO["max"])

    nothing = terminal("payment", "order", *mine)
    terminal("bank", "ask", SIRET, "--holder", "Asso", "--as", WHO["ines"], typed=f"{IBAN}\n")
    terminal("bank", "confirm", SIRET, *mine, typed=f"{IBAN}\n")
    due = terminal("payment", "due", "--json").json["payments"]
    one = terminal("payment", "order", str(due[0]["id"]), *mine)
    cancelled = terminal("payment", "cancel", "1", "--reason", "Erreur", *mine)
    whole = terminal("payment", "order", "--json", *mine)
    written = terminal("payment", "file", "2", "--to", str(file))
    tried = terminal("payment", "import", str(back), "--dry-run", *mine)
    recorded = terminal("payment", "import", str(back), "--json", *mine)
    wrong = terminal("payment", "import", "-", *mine, typed="Ordre;Payé le;Mandat\nX;01/10/2026;M-1\n")
    listed, shown = terminal("payment", "orders", "--json"), terminal("payment", "orders", "2", width=160)

    assert (nothing.code, [each["amount_cents"] for each in due]) == (3, [320_000, 160_000])
    assert (one.code, cancelled.code, whole.json["lot"], written.code) == (0, 0, 2, 0)
    assert IBAN in file.read_text(encoding="utf-8-sig")
    assert (tried.code, "Rien n’est enregistré" in tried.said) == (0, True)
    assert (recorded.json["recorded"], recorded.json["paid_cents"]) == (1, 320_000)
    assert (wrong.code, "ni un ordre de paiement" in wrong.said) == (5, True)
    assert [(one["lot"], one["state"], one["paid"]) for one in listed.json["lots"]] == [
        (2, "made", 1), (1, "cancelled", 0),
    ]  # fmt: skip
    assert "L0002-001" in shown.out
    assert "M-1" in shown.out
    assert terminal("payment", "orders", "9").code == 4
    the_cash_of_the_year_is_told(terminal, tmp_path)


def the_cash_of_the_year_is_told(terminal, tmp_path):
    cash = terminal("payment", "cash", "2026", "--json", "--xlsx", str(tmp_path / "tresorerie.xlsx")).json
    october = cash["months"][9]
    assert (october["month"], october["paid_cents"], october["net_cents"]) == ("2026-10", 320_000, 320_000)
    assert "3 200,00" in terminal("payment", "cash", "--funder", "État").out.replace("\u202f", " ")
    assert terminal("payment", "cash", "--funder", "Personne").code == 2
