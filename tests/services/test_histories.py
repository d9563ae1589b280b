"""The history of a case: what people read of what happened."""

from datetime import date

import pytest

from parvis.models.queries.histories import Names
from parvis.services import histories
from parvis.services.histories import HistoryEntry, Origin, history
from parvis.services.imports.deposit import PortalEvent, Source
from parvis.states import details
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from tests.services.desk import Desk, moment


def told(desk: Desk, case_id: int, language: str = "fr") -> list[HistoryEntry]:
    with desk.database.transaction() as session:
        return history(session, case_id, language)


def spoken(entry: HistoryEntry) -> str:
    return " | ".join([entry.who, entry.what, *entry.details]).replace("\u202f", " ").replace("\xa0", " ")


def test_a_history_says_who_did_what_in_plain_french_oldest_first(desk):
    case_id = desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-02")
    desk.sweep(at="2026-07-01 00:00")

    assert [spoken(entry) for entry in told(desk, case_id)] == [
        "Parvis, à l’import | Dossier déposé",
        "Inès Roy (instructeur) | Pièces demandées | Pièces : RIB | Réponse attendue au plus tard le 30 juin 2026",
        "Parvis, à l’échéance | Dossier caduc, faute de réponse",
    ]


def test_a_history_is_told_in_the_readers_language(desk):
    case_id = desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-02")

    assert spoken(told(desk, case_id, "en")[1]) == (
        "Inès Roy (instructor) | Documents requested | Documents: RIB | Reply expected by 30 June 2026"
    )


def test_a_line_carries_its_number_its_instant_and_the_stage_it_leads_to(desk):
    case_id = desk.case_awaiting_documents(reply_by="2026-06-30", at="2026-06-02")

    last = told(desk, case_id)[-1]

    assert (last.seq, last.at, last.stage, last.origin) == (
        2,
        moment("2026-06-02 10:00"),
        "incomplete",
        Origin.JOURNAL,
    )


def test_ids_codes_and_cents_are_told_as_names_and_euros(desk):
    case_id = desk.ready_case()
    desk.move(case_id, Action.ASK_OPINIONS)
    desk.move(case_id, Action.GIVE_OPINION, role=Role.FUNDER,
              given=Given(funder_id=1, opinion="favourable", proposed_cents=450_050))  # fmt: skip
    desk.move(case_id, Action.GIVE_OPINION, role=Role.FUNDER,
              given=Given(funder_id=2, opinion="reserved", reason="Budget à préciser"))  # fmt: skip
    desk.move(case_id, Action.ASSIGN, given=Given(instructor_id=1))
    desk.move(case_id, Action.INSTRUCT)
    desk.move(case_id, Action.SCHEDULE, given=Given(committee_id=desk.committee("copil")))
    desk.hold_session()
    desk.move(case_id, Action.FUND, role=Role.SECRETARY,
              given=Given(amounts=(("etat", 450_050), ("ville", 300_000)), conditions="Atelier"))  # fmt: skip

    assert [spoken(entry).partition(" | ")[2] for entry in told(desk, case_id)[4:]] == [
        "Avis demandés aux financeurs | Financeurs : État et Ville",
        "Avis rendu | Financeur : État | Avis : favorable | Montant proposé : 4 500,50 €",
        "Avis rendu | Financeur : Ville | Avis : réservé | Motif : Budget à préciser",
        "Dossier confié à un instructeur | Instructeur : Inès Roy",
        "Instruction close",
        "Inscrit à l’ordre du jour | Comité : Comité de pilotage, le 15 septembre 2026",
        "Subvention accordée | Montants accordés : État (4 500,50 €) et Ville (3 000,00 €) | Conditions : Atelier",
    ]


def test_the_portals_steps_come_before_and_the_letters_sent_where_they_left(desk):
    steps = (
        PortalEvent(at=moment("2026-05-20"), kind="STATUS", status="TRANSMITTED", by="Camille Durand"),
        PortalEvent(at=moment("2026-05-21"), kind="STATUS", status="SOMETHING_NEW"),
    )
    case_id = desk.submitted_case(source=Source.PORTAL, history=steps)
    desk.run(
        "UPDATE letters SET stage = 'sent', sent_at = %(at)s, rendered_at = %(at)s, subject = 'Demande reçue',"
        " name = 'Association Exemple', address = 'contact@asso.example' WHERE template = 'acknowledge'",
        at=moment("2026-06-01 09:05"),
    )

    entries = told(desk, case_id)

    assert [entry.origin for entry in entries] == [
        Origin.PORTAL,
        Origin.PORTAL,
        Origin.JOURNAL,
        Origin.LETTER,
    ]
    assert [spoken(entry) for entry in entries if entry.origin != Origin.JOURNAL] == [
        "Camille Durand | Sur le portail : demande transmise",
        "Portail | Sur le portail : SOMETHING_NEW",
        "Parvis, à l’expédition | Lettre envoyée : « Demande reçue » | À Association Exemple, contact@asso.example",
    ]


def test_what_later_versions_write_is_shown_as_it_is(desk, owner_database):
    case_id = desk.submitted_case()
    with owner_database.transaction() as session:
        session.exec_driver_sql(
            "INSERT INTO journal (case_id, seq, at, actor, role, action, source, target, details, hash) VALUES"
            " (%(id)s, 2, %(at)s, 'robot', 'auditor', 'look_twice', 'submitted', 'submitted', '{\"how_long\":3}', '')",
            {"id": case_id, "at": moment("2026-06-02")},
        )

    assert spoken(told(desk, case_id)[-1]) == "robot (auditor) | look twice | how long : 3"


@pytest.mark.parametrize("action", Action)
def test_every_action_has_its_words_in_the_history(action):
    from parvis.services.histories import _DONE

    assert action in _DONE


def test_a_case_that_does_not_exist_has_no_history(desk):
    assert told(desk, 999) == []


def test_the_grid_is_kept_line_by_line_and_told_by_the_names_of_its_criteria(desk):
    case = desk.submitted_case()

    points = (("public", 4), ("capacity", 2))
    desk.move(case, Action.ASSESS, given=Given(score=60, points=points))

    assert spoken(told(desk, case)[-1]).endswith(
        "Grille d’évaluation remplie | Note : 60 | Points : Publics touchés 4 et Capacité du porteur 2"
    )
    kept = desk.value("SELECT assessment FROM cases WHERE id = %(id)s", id=case)
    assert kept == {"public": 4, "capacity": 2}


def test_a_score_without_points_forgets_those_of_before(desk):
    case = desk.submitted_case()
    desk.move(case, Action.ASSESS, given=Given(score=60, points=(("public", 4),)))

    desk.move(case, Action.ASSESS, given=Given(score=50))

    assert desk.value("SELECT assessment FROM cases WHERE id = %(id)s", id=case) == {}


def test_whatever_can_be_given_with_a_move_has_words_of_its_own():
    assert set(details._SAID) - set(histories._TOLD) == {"due_on", "next_held_on"}


def test_what_a_technical_committee_says_is_a_proposal_and_names_the_next_sitting():
    names = Names({}, {}, {}, {"etat": "État"}, {7: ("Comité de pilotage", date(2026, 9, 15))})
    given = {"amounts": [["etat", 400_000]], "next_committee_id": 7, "next_held_on": "2026-09-15"}

    said = [sentence.say("fr") for sentence in histories._details(Action.RECOMMEND, given, names)]

    assert [each.replace("\u202f", " ").replace("\xa0", " ") for each in said] == [
        "Montants proposés : État (4 000,00 €)",
        "Prochain comité : Comité de pilotage, le 15 septembre 2026",
    ]
