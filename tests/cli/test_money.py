"""Envelopes on the command line: shown, moved between, verified."""

from parvis.states.facts import Given
from parvis.states.stages import Action, Role


def test_envelopes_are_shown_with_their_history_moved_between_and_verified(desk, terminal, owner_database):
    case = desk.case_in_committee()
    desk.hold_session()
    desk.move(
        case, Action.FUND, at="2026-09-15", role=Role.SECRETARY, given=Given(amounts=(("etat", 400_000),))
    )

    listed = terminal("money", "show", "--json").json["envelopes"]
    shown = terminal("money", "show", "1", width=160)
    refused = terminal("money", "transfer", "1", "2", "10", "--reason", "Essai", "--as", "max@ville.example")
    sound = terminal("money", "verify", "--json")

    assert {one["funder"]: (one["committed_cents"], one["available_cents"]) for one in listed} == {
        "État": (400_000, 4_600_000), "Ville": (0, 2_000_000),
    }  # fmt: skip
    assert "engagement" in shown.said
    assert "ouverture" in shown.said
    assert (refused.code, "même financeur" in refused.said) == (3, True)
    assert (sound.code, sound.json["sound"], sound.json["movements"]) == (0, True, 3)
    assert terminal("money", "show", "99").code == 4

    with owner_database.transaction() as session:
        session.exec_driver_sql("ALTER TABLE envelopes DISABLE TRIGGER follows_ledger")
        session.exec_driver_sql("UPDATE envelopes SET committed_cents = 400001 WHERE id = 1")
        session.exec_driver_sql("ALTER TABLE envelopes ENABLE TRIGGER follows_ledger")
    broken = terminal("money", "verify")
    assert broken.code == 7
    assert "Enveloppe 1 (État), « engagé »" in " ".join(broken.said.split())
