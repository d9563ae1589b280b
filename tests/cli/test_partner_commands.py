"""A coordinated proposal on the command line: listed, invited, confirmed on paper, withdrawn; and why not."""

from parvis.services.imports.deposit import PartnerShare

INES, CASE, CENTRE, REGIE = "ines@ville.example", "ANNUEL-2026-00001", "35600000000048", "21800019600123"


def test_partners_are_listed_invited_confirmed_and_withdrawn(desk, terminal):
    shares = [PartnerShare(siret=siret, requested_cents=100_000) for siret in (CENTRE, REGIE)]
    case = desk.submitted_case(partners=tuple(shares))

    listed = terminal("partner", "list", CASE, "--json").json["partners"]
    assert {(each["siret"], each["state"]) for each in listed} == {(CENTRE, "named"), (REGIE, "named")}
    assert (
        terminal("partner", "invite", CASE, CENTRE, "--email", "centre@asso.example", "--as", INES).code == 0
    )
    assert "invité, confirmation attendue" in terminal("partner", "list", CASE, width=160).said
    refused = terminal("case", "advance", CASE, "instruct", "--as", INES)
    assert (refused.code, "n’ont pas confirmé leur part" in refused.said) == (3, True), refused.said
    unsigned = terminal("partner", "confirm", CASE, CENTRE, "--as", INES)
    assert "Écrire le nom et la qualité de qui signe" in unsigned.said
    signed = ("--name", "Zoé Petit", "--quality", "présidente")
    assert terminal("partner", "confirm", CASE, CENTRE, *signed, "--as", INES).code == 0
    assert "Zoé Petit, présidente" in terminal("partner", "list", CASE, width=200).said
    added = terminal("partner", "add", CASE, "78467169500087", "--called", "Ludothèque", "--amount", "ville=100",
                     "--as", INES)  # fmt: skip
    assert (added.code, "ne prend pas de partenaires" in added.said) == (3, True)
    gone = terminal("partner", "withdraw", CASE, REGIE, "--reason", "Fermeture.", "--as", INES, "--json")
    assert gone.json["action"] == "withdraw_partner"
    assert desk.value("SELECT requested_cents FROM cases WHERE id = %(id)s", id=case) == 700_000
    again = terminal("partner", "withdraw", CASE, REGIE, "--reason", "Encore.", "--as", INES)
    assert "n’a pas ce partenaire, ou ne l’a plus" in again.said
    assert "n’a pas de partenaire de SIRET" in terminal("partner", "invite", CASE, "123", "--as", INES).said
