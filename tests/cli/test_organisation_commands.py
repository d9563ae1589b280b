"""How an organisation is reached, and its address corrected, on the command line."""

SIRET, NEW = "41816609600051", "bureau@asso.example"


def test_an_address_is_shown_and_corrected_for_a_reason_by_somebody_who_may(desk, terminal):
    desk.submitted_case()
    ines = ("--as", "ines@ville.example")

    shown = terminal("organisation", "show", SIRET)
    unsaid = terminal("organisation", "address", SIRET, NEW, *ines)
    wrong = terminal("organisation", "address", SIRET, "x", "--reason", "Boîte perdue", *ines)
    unfit = terminal("organisation", "address", SIRET, NEW, "--reason", "Boîte perdue", "--role", "secretary")
    done = terminal("organisation", "address", SIRET, NEW, "--reason", "Boîte perdue", *ines)
    told = terminal("organisation", "show", SIRET, "--json").json["organisation"]

    assert "contact@asso.example" in shown.out
    assert (unsaid.code, wrong.code, unfit.code, done.code) == (3, 3, 3, 0)
    assert f"lettres et liens vont désormais à {NEW}" in done.said
    assert (told["email"], told["source"]) == (NEW, "service")
    assert terminal("organisation", "show", "35600000000048").code == 4
