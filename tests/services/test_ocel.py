"""The journals as an event log: what is in it, in both forms; and a process miner that finds them by the table."""

import json
import sqlite3
import warnings
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from parvis.services.ocel import FileThereError, export
from parvis.states.case_table import CASES
from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from tests.services.agreement_desk import AgreementDesk
from tests.services.desk import Desk
from tests.services.session_desk import SessionDesk


@pytest.fixture
def told(desk: Desk) -> Desk:
    """Cases that end in different ways, an agreement taken over, a sitting under way."""
    funded, rejected = (desk.case_in_committee() for _ in range(2))
    etat = desk.value("SELECT id FROM funders WHERE code = 'etat'")
    asked = desk.submitted_case()
    desk.move(asked, Action.ASK_OPINIONS, given=Given(funder_ids=(etat,)))
    desk.move(asked, Action.GIVE_OPINION, role=Role.FUNDER, given=Given(funder_id=etat, opinion="favourable"))
    late = desk.case_awaiting_documents(reply_by="2026-06-30")
    desk.sweep("2026-07-01 00:00")
    desk.move(late, Action.REOPEN, role=Role.MANAGER, given=Given(reason="Envoi perdu."), at="2026-07-02")
    desk.move(late, Action.REQUEST_DOCUMENTS, at="2026-07-03",
              given=Given(documents=("rib",), reply_by=date(2026, 8, 1)))  # fmt: skip
    desk.move(desk.submitted_case(), Action.WITHDRAW, role=Role.APPLICANT)
    AgreementDesk(desk).taken_over()
    SessionDesk(desk)
    desk.hold_session()
    amounts = (("etat", 300_000), ("ville", 0))
    desk.move(funded, Action.FUND, at="2026-09-15", role=Role.SECRETARY, given=Given(amounts=amounts))
    desk.move(rejected, Action.REJECT, at="2026-09-15", role=Role.SECRETARY, given=Given(reason="Non."))
    return desk


def written(desk: Desk, path: Path) -> Path:
    with desk.database.transaction() as session:
        made = export(session, desk.contract_id, path)
    assert made.events == desk.value(
        "SELECT (SELECT count(*) FROM journal) + (SELECT count(*) FROM agreement_journal)"
        " + (SELECT count(*) FROM committee_journal)"
    )
    return path


def test_every_line_is_an_event_about_its_objects_and_names_nobody(told, tmp_path):
    log = json.loads(written(told, tmp_path / "journal.json").read_text("utf-8"))

    events, objects = ({each["id"]: each for each in log[kind]} for kind in ("events", "objects"))
    [fund] = [each for each in log["events"] if each["type"] == "fund"]
    assert {(link["qualifier"], link["objectId"]) for link in fund["relationships"]} == {
        ("subject", "case:ANNUEL-2026-00001"), ("organisation", "organisation:41816609600051"),
        ("sitting", "sitting:copil/2026-09-15"), ("gives", "funder:etat"),
    }  # fmt: skip
    assert fund["time"] == "2026-09-15T07:00:00.000000Z"
    assert {each["name"]: each["value"] for each in fund["attributes"]} == {
        "role": "secretary", "source": "committee", "target": "funded",
    }  # fmt: skip
    [opinion] = [each for each in log["events"] if each["type"] == "give_opinion"]
    assert ("funder", "funder:etat") in {
        (each["qualifier"], each["objectId"]) for each in opinion["relationships"]
    }
    kinds = {each["type"] for each in log["objects"]}
    assert kinds == {"case", "organisation", "funder", "call", "agreement", "sitting"}
    related = {
        link["objectId"] for each in (*events.values(), *objects.values()) for link in each["relationships"]
    }
    assert related <= objects.keys()
    assert "agreement_activate" in {each["name"] for each in log["eventTypes"]}
    assert "person:" not in json.dumps(log)
    times = [each["time"] for each in log["events"]]
    assert times == sorted(times)


def test_the_same_log_is_written_as_sqlite_and_never_over_a_file(told, tmp_path):
    log = json.loads(written(told, tmp_path / "journal.json").read_text("utf-8"))
    path = written(told, tmp_path / "journal.sqlite")

    with closing(sqlite3.connect(path)) as base:
        count = {
            table: base.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("event", "object", "event_object", "object_object")
        }
        [granted] = base.execute("SELECT ocel_time, role, source, target FROM event_fund").fetchall()
    assert count == {
        "event": len(log["events"]), "object": len(log["objects"]),
        "event_object": sum(len(each["relationships"]) for each in log["events"]),
        "object_object": sum(len(each["relationships"]) for each in log["objects"]),
    }  # fmt: skip
    assert granted == ("2026-09-15T07:00:00.000000Z", "secretary", "committee", "funded")
    with pytest.raises(FileThereError):
        written(told, path)


@pytest.mark.slow
def test_a_process_miner_reads_both_forms_and_finds_the_process_by_the_table(told, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pm4py

        path = written(told, tmp_path / "journal.json")
        read = pm4py.read_ocel2_json(str(path))
        same = pm4py.read_ocel2_sqlite(str(written(told, tmp_path / "journal.sqlite")))
        net = declared(pm4py)
        discovered = pm4py.discover_oc_petri_net(read)
        found, _, _ = pm4py.discover_dfg(pm4py.ocel_flattening(read, "case"))
        replayed = replay(pm4py, read, net)
        log = json.loads(path.read_text("utf-8"))
        next(each for each in log["events"] if each["type"] == "instruct")["type"] = "fund"
        path.write_text(json.dumps(log), encoding="utf-8")
        tampered = replay(pm4py, pm4py.read_ocel2_json(str(path)), net)

    assert len(read.events) == len(same.events) > 20
    assert sorted(pm4py.ocel_get_object_types(read)) == sorted(pm4py.ocel_get_object_types(same))
    assert {"case", "agreement"} <= set(discovered["object_types"])
    assert [pair for pair in found if not may_follow(*pair)] == []
    assert len(replayed) == told.value("SELECT count(*) FROM cases")
    assert replayed.count(False) == 0
    assert tampered.count(False) == 1


def may_follow(before: str, after: str) -> bool:
    """Whether the table lets one action of a case come just after another."""
    reached = {
        stage
        for move in CASES.moves
        if move.action == before
        for stage in (move.sources if move.target is None else (move.target,))
    }
    return any(move.action == after and reached & set(move.sources) for move in CASES.moves)


def declared(pm4py: Any) -> tuple[Any, Any, Any]:
    """The table of cases as a Petri net: a stage is a place, a move a transition; a case may rest anywhere."""
    from pm4py.objects.petri_net.obj import Marking, PetriNet
    from pm4py.objects.petri_net.utils.petri_utils import add_arc_from_to as arc

    net = PetriNet("cases")
    places = {stage: PetriNet.Place(str(stage)) for stage in CASES.stages}
    end = PetriNet.Place("end")
    net.places.update([*places.values(), end])

    def add(name: str, label: str | None, source: Any, target: Any) -> None:
        transition = PetriNet.Transition(name, label)
        net.transitions.add(transition)
        arc(source, transition, net)
        arc(transition, target, net)

    for source, action, target in {
        (source, str(move.action), move.target or source) for move in CASES.moves for source in move.sources
    }:
        add(f"{source}-{action}-{target}", action, places[source], places[target])
    for stage, place in places.items():
        add(f"rest-{stage}", None, place, end)
    return net, Marking({places[CASES.initial]: 1}), Marking({end: 1})


def replay(pm4py: Any, read: Any, net: tuple[Any, Any, Any]) -> list[bool]:
    """Whether each case of a log is one the net allows."""
    cases = pm4py.ocel_flattening(read, "case")
    return [each["trace_is_fit"] for each in pm4py.conformance_diagnostics_token_based_replay(cases, *net)]
