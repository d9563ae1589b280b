"""Envelopes on the command line: shown, moved between, verified."""

from parvis.models.queries.movements import Taken, write_grants
from parvis.services.advance import advance
from parvis.states.facts import By, Given
from parvis.states.ledger import Kind
from parvis.states.stages import Action, Role
from tests.services.desk import moment


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


def test_the_history_of_an_amount_says_who_changed_it_and_why(desk, terminal):
    case = desk.submitted_case()
    etat = desk.value("SELECT id FROM funders WHERE code = 'etat'")
    desk.move(case, Action.ASK_OPINIONS, given=Given(funder_ids=(etat,)))
    said = Given(funder_id=etat, opinion="reserved", proposed_cents=350_000, reason="Budget à revoir")
    with desk.database.transaction() as session:
        advance(
            session,
            case,
            Action.GIVE_OPINION,
            by=By("person:2", Role.FUNDER),
            at=moment("2026-06-05"),
            given=said,
        )
    with desk.database.transaction() as session:
        for version, cents in ((1, 300_000), (2, 250_000)):
            write_grants(session, case, version, [Taken("etat", cents, 1)], kind=Kind.RESERVE, actor="person:3",
                         at=moment(f"2026-09-0{version}"), reason="Avis du comité")  # fmt: skip
    reference = desk.value("SELECT reference FROM cases WHERE id = %(c)s", c=case)

    shown = terminal("money", "history", reference, "--json").json["amounts"]
    told = [(one["funder"], one["what"], one["amount_cents"], one["by"], one["reason"]) for one in shown]
    assert ("État", "proposed in the opinion: reserved", 350_000, "Paul Petit", "Budget à revoir") in told
    assert told[-2:] == [
        ("État", "reservation", 300_000, "Léa Blanc", "Avis du comité"),
        ("État", "reservation", -50_000, "Léa Blanc", "Avis du comité"),
    ]
    assert "Budget à revoir" in " ".join(terminal("money", "history", reference, width=160).said.split())
    assert terminal("money", "history", "ANNUEL-2026-99999").code == 4


def test_money_is_added_to_an_envelope_once_and_never_taken_off_below_what_is_held(desk, terminal):
    added = (
        "money",
        "adjust",
        "2",
        "100,50",
        "--reason",
        "Délibération",
        "--as",
        "max@ville.example",
        "--key",
        "d1",
    )
    assert [terminal(*added, "--json").json["made"] for _ in range(2)] == [True, False]
    assert (
        terminal("money", "adjust", "2", "30000", "--less", "--reason", "x", "--as", "max@ville.example").code
        == 3
    )
    assert desk.value("SELECT transferred_cents FROM envelopes WHERE id = 2") == 10_050
