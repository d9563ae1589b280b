"""What is decided here is told to Démarche numérique: once, even when an answer is lost, and only if a call says so."""

from datetime import date

import pytest

from parvis.models.session import Database
from parvis.services.demarches.writing_back import Told
from parvis.states.demarches import OrderKind, Steps, steps_to
from parvis.states.facts import Given
from parvis.states.stages import Action
from tests.services.demarches.conftest import House, make_house
from tests.services.demarches.there import served

ASKED = Given(documents=("rib",), reply_by=date(2026, 6, 20), reason="Le RIB est illisible.")


@pytest.fixture
def writing(database: Database, tmp_path):
    with served() as there:
        yield make_house(database, tmp_path, there, write_back=True, instructor="I1")


def asks(house: House, at: str = "2026-06-02") -> None:
    house.desk.move(1, Action.REQUEST_DOCUMENTS, at=at, given=ASKED)


def test_nothing_is_written_there_unless_the_call_says_so(house: House):
    house.run()
    asks(house)

    assert house.run(at="2026-06-03").told == Told()
    assert not any("mutation" in query for query, _ in house.there.asked)


def test_a_message_and_a_decision_are_told_once_even_when_the_answer_is_lost(writing: House):
    writing.run()
    asks(writing)
    writing.desk.move(1, Action.WITHDRAW, at="2026-06-04", given=Given(reason="Le porteur renonce."))
    writing.there.loses_answers = True

    lost = writing.run(at="2026-06-05 09:00")
    assert (lost.told.done, lost.told.failed, lost.told.owed) == (0, 0, 2)

    writing.there.loses_answers = False
    told = writing.run(at="2026-06-05 12:00")

    assert (told.told.done, told.told.owed) == (2, 0)
    dossier = writing.there.dossiers[7]
    [message] = dossier["messages"]
    assert message["body"].replace("\u202f", " ") == (
        "Pour étudier votre dossier, il nous manque : RIB.\n\nLe RIB est illisible.\n\n"
        "Merci de répondre au plus tard le 20 juin 2026.\n\n[ANNUEL-2026-00001/3]"
    )
    assert dossier["state"] == "sans_suite"
    closing = [given["input"] for given in writing.there.names("parvis") if "motivation" in given["input"]]
    assert closing[-1]["motivation"] == "Le porteur renonce. (dossier ANNUEL-2026-00001)"
    assert writing.run(at="2026-06-06").told == Told()


def test_what_was_decided_otherwise_there_is_a_task_and_never_undone(writing: House):
    writing.run()
    writing.there.dossiers[7]["state"] = "accepte"
    writing.desk.move(1, Action.DECLARE_INELIGIBLE, at="2026-06-02", given=Given(reason="Hors du champ."))

    told = writing.run(at="2026-06-03").told

    assert (told.done, told.failed) == (0, 1)
    assert writing.there.dossiers[7]["state"] == "accepte"
    titles = [title for (title,) in writing.desk.rows("SELECT title_fr FROM tasks WHERE done_at IS NULL")]
    assert any("refuser" in title and "accepte" in title for title in titles)


@pytest.mark.parametrize(
    ("kind", "state", "expected"),
    [
        (OrderKind.ACCEPT, "en_construction", Steps((OrderKind.EXAMINE, OrderKind.ACCEPT))),
        (OrderKind.REFUSE, "en_instruction", Steps((OrderKind.REFUSE,))),
        (OrderKind.CLOSE, "sans_suite", Steps()),
        (OrderKind.EXAMINE, "accepte", Steps()),
        (OrderKind.ACCEPT, "refuse", Steps(impossible=True)),
    ],
)
def test_the_way_to_a_state_there_goes_through_the_examination(kind, state, expected):
    assert steps_to(kind, state) == expected
