"""Another city in the same database changes nothing of what ours is told: every statement, every page, every letter."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import NoResultFound

from parvis.models import queries
from parvis.models.queries.dashboards import Scope
from parvis.models.session import Database
from parvis.services import jobs
from parvis.services.files import Shelf
from parvis.services.letters import claim_due
from parvis.services.settings import Settings
from parvis.states.queue import Filter, Order, Viewer
from parvis.states.retention import Kind
from parvis.states.stages import Role
from parvis.web.site import Site
from tests.services.desk import Desk, moment
from tests.web.application import application, client
from tests.web.every_route import GUARDED, OF_THE_OTHER, World, admitted
from tests.web.two_cities import NOW, ROLES, City, city, shelf_of

ABOUT = {"contract_id", "scope", "viewer"}
"""What a statement that is about one contract is told it by."""
WRITE = frozenset({
    "applicant.owe_to_address", "contract_committees.write_committees", "contracts.mark_invented",
    "data_journal.note_event", "deposits.write_children", "deposits.write_funders", "dispatch.open_task",
    "late_payments.open_tasks", "late_payments.owe_letter", "open_data.add_publication", "open_data.lock",
    "payment_orders.add_lot", "payment_orders.next_number", "rehearsal.stand_for",
    "retention_batches.only_one_proposes",
    "retention_batches.propose", "suppressions.lift", "tasks.finish_other_tasks", "webhooks.add",
})  # fmt: skip
"""Those that write or hold: what they touch is checked where they are used."""
EVERYBODYS = frozenset({"queue_filters.asked", "many_contracts.is_among"})
"""Those that ask nothing about a contract: a condition, and whether there are others."""


OF_THE_INSTALLATION = frozenset({"wellbeing"})
"""Pages about the installation, which all its cities share."""
OF_THE_READER = frozenset({"my_data", "lot_file"})
"""Pages that say how often they were read, or that they cannot be, under a number of its own each time."""
ONCE = re.compile(r'name="(cle|fenetre)" value="[^"]*"')
"""Keys of forms, that serve once."""


def about_a_contract() -> dict[str, Callable[..., Any]]:
    """Every public statement that is told which contract it is about, by its module and name."""
    found = {}
    for module in pkgutil.iter_modules(queries.__path__):
        loaded = importlib.import_module(f"{queries.__name__}.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ == loaded.__name__ and not name.startswith("_"):
                found[f"{module.name}.{name}"] = function
    return {name: each for name, each in found.items() if ABOUT & set(inspect.signature(each).parameters)}


READ = {name: each for name, each in about_a_contract().items() if name not in WRITE | EVERYBODYS}


def values(of: City) -> dict[str, Any]:
    """What stands for each parameter a statement may have."""
    contract, person = of.desk.contract_id, of.desk.value("SELECT min(id) FROM people WHERE contract_id = %(c)s",
                                                          c=of.desk.contract_id)  # fmt: skip
    things = of.things
    return {
        "contract_id": contract, "scope": Scope(contract), "viewer": Viewer(Role.MANAGER, person, None, contract),
        "person_id": person, "reference": things["reference"], "case_id": things["case_id"],
        "ids": [things["case_id"], things["over"]], "at": NOW, "since": NOW - timedelta(days=900),
        "until": NOW + timedelta(days=900), "first": date(2024, 1, 1), "last": date(2028, 1, 1),
        "today": NOW.date(), "before": NOW.date() + timedelta(days=900), "year": 2026, "years": [2025, 2026],
        "wanted": Filter(), "order": Order(), "limit": 500, "most": 500, "stage": None, "after_id": None,
        "done": False, "title": None, "idles": timedelta(days=90), "everybodys": True, "email": "manager@a.example",
        "kind": Kind.REFUSED, "active": 0, "months": 0, "call_id": None, "call_code": things["call"],
        "call": things["call"], "funder_id": None, "organisation_id": things["organisation_id"], "number": 1,
        "numbers": [1, 2], "endpoint_id": things["endpoint_id"], "batch_id": things["batch_id"],
        "identity": things["task_id"], "sitting_id": things["sitting_id"],
    }  # fmt: skip


OTHERWISE: dict[str, dict[str, Any]] = {
    "visibility.is_of_contract": {"kind": "task"},
    "docx_templates.template_for": {"kind": "refusal_letter"},
    "cash.years": {}, "upcoming.upcoming": {"until": datetime(2028, 1, 1, tzinfo=UTC)},
}  # fmt: skip


def told(of: City) -> dict[str, str]:
    """What every statement about this city's contract answers."""
    known, answers = values(of), {}
    for name, statement in READ.items():
        given = {**known, **OTHERWISE.get(name, {})}
        wanted = {
            parameter.name: given[parameter.name]
            for parameter in list(inspect.signature(statement).parameters.values())[1:]
            if parameter.name in given and (parameter.default is parameter.empty or parameter.name in ABOUT)
        }
        with of.desk.database.transaction() as session, suppress(NoResultFound):
            answer = statement(session, **wanted)
            answers[name] = repr(list(answer) if isinstance(answer, Iterator) else answer)
    return {name: answers.get(name, "None") for name in READ}


def pages(world: World) -> dict[str, str]:
    """What every page that reads says of this city's own, each to the first role that may ask for it."""
    said = {}
    for route in GUARDED:
        roles = [role for role in admitted(route) if role != Role.APPLICANT]
        if "GET" in (route.methods or ()) and roles and route.name not in OF_THE_INSTALLATION | OF_THE_READER:
            status, text = world.ask(roles[0], route, world.own(roles[0], route))
            said[route.name] = f"{status} {ONCE.sub('…', text)}"
    return said


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return shelf_of(tmp_path)


def test_the_coming_of_another_city_changes_no_statements_answer_about_ours(
    database: Database, shelf: Shelf
) -> None:
    ours = city("a", Desk(database), shelf)

    alone = told(ours)
    city("b", ours.desk, shelf)
    beside = told(ours)

    assert {name: (alone[name], beside[name]) for name in READ if alone[name] != beside[name]} == {}
    assert len([name for name in READ if alone[name] not in ("[]", "{}", "None", "0")]) > len(READ) / 2


@pytest.mark.slow
def test_the_coming_of_another_city_changes_no_page_of_ours(
    database: Database, shelf: Shelf, tmp_path: Path
) -> None:
    ours = city("a", Desk(database), shelf)
    ours.things["not_theirs"] = ours.desk.committee("sans-a")
    app = application(Site(database, Settings(data_folder=tmp_path, public_url=""), lambda: NOW))
    world = World(app, ours, ours, {role: client(app, ours.of[role]["secret"]) for role in ROLES})

    pages(world)  # what is marked as seen, once read
    alone = pages(world)
    city("b", ours.desk, shelf)
    beside = pages(world)

    assert [name for name in alone if alone[name] != beside[name]] == []
    assert len([name for name in alone if alone[name].startswith("200")]) > 60


def test_no_job_tells_a_city_of_another(database: Database, shelf: Shelf, tmp_path: Path) -> None:
    desk = Desk(database)
    cities = [city(letter, desk, shelf) for letter in ("a", "b")]
    chosen = Settings(data_folder=tmp_path, public_url="")
    at = moment("2026-09-01 08:00")

    jobs.advance_deadlines(database, at)
    jobs.fill_agendas(database, at)
    jobs.find_conflicts(database, at)
    jobs.summon_members(database, at)
    jobs.renew_agreements(database, at)
    jobs.write_papers(database, chosen, at)
    jobs.forget_expired(database, at)
    jobs.morning_digest(database, at)
    with database.transaction() as session:
        wrote, _ = claim_due(session, by="test", at=at, lease=timedelta(minutes=10), limit=10_000)

    read = """
        SELECT l.template, lower(concat_ws(' ', l.address, l.subject, l.body_text, l.data, l.enclosures))
          FROM letters l LEFT JOIN cases c ON c.id = l.case_id LEFT JOIN calls k ON k.id = c.call_id
         WHERE COALESCE(l.contract_id, k.contract_id) = %(contract)s AND l.rendered_at IS NOT NULL
    """
    for ours, theirs in zip(cities, reversed(cities), strict=True):
        letters = desk.rows(read, contract=ours.desk.contract_id)
        assert len({template for template, _ in letters}) > 4
        marks = [
            mark.replace("-b", f"-{theirs.letter}").replace("@b", f"@{theirs.letter}")
            for mark in OF_THE_OTHER
        ]
        assert [(template, mark) for template, said in letters for mark in marks if mark in said] == []
    assert wrote.written
