"""Bank details on the command line: the IBAN comes on the input, two people, keys that change."""

from parvis.services.bank_keys import new_key
from tests.services.test_bank import OURS

SIRET = "41816609600051"


def test_an_account_is_asked_confirmed_and_sealed_anew(desk, terminal):
    desk.submitted_case()
    old = {"PARVIS_BANK_KEYS": new_key()}
    ines, max_ = ("--as", "ines@ville.example"), ("--as", "max@ville.example")

    no_key = terminal("bank", "ask", SIRET, "--holder", "Asso", *ines, typed=f"{OURS}\n")
    wrong = terminal("bank", "ask", SIRET, "--holder", "Asso", *ines, typed="FR14\n", **old)
    asked = terminal("bank", "ask", SIRET, "--holder", "Asso", *ines, typed=f"{OURS}\n", **old)
    same = terminal("bank", "confirm", SIRET, *ines, typed=f"{OURS}\n", **old)
    confirmed = terminal("bank", "confirm", SIRET, *max_, typed=f"{OURS}\n", **old)
    shown = terminal("bank", "show", SIRET, "--json", **old)
    listed = terminal("bank", "list", "--json", **old)
    keys = f"{terminal('bank', 'key').out.strip()},{old['PARVIS_BANK_KEYS']}"
    rotated = terminal("bank", "rotate", PARVIS_BANK_KEYS=keys)
    lost = terminal("bank", "rotate", **old)

    assert (no_key.code, wrong.code, asked.code, same.code, confirmed.code) == (5, 2, 0, 3, 0)
    assert [one["state"] for one in shown.json["accounts"]] == ["confirmed"]
    assert listed.json["organisations"][0]["confirmed"] == "FR14 •••• 606"
    assert (rotated.code, lost.code, "une autre clé" in lost.said) == (0, 5, True)
    assert terminal("bank", "show", "1").code == 4
    for answer in (no_key, wrong, asked, same, confirmed, shown, listed):
        assert OURS not in answer.out + answer.err
