"""A deposit that comes again from its platform: followed where the platform owns it, shown where Parvis differs."""

from datetime import date
from typing import Any

import pytest

from parvis.services import journal
from parvis.services.deposits import Received
from parvis.services.histories import history
from parvis.services.imports.deposit import Contact, Deposit, FunderAsk, PortalEvent, Source
from parvis.services.portals.settling import NoSuchDifferenceError, PortalView, settle, view
from parvis.states.facts import By
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError, StaleVersionError
from tests.services.desk import Desk, moment

INES = By("person:1", Role.INSTRUCTOR)


def asks(etat: int, ville: int = 300_000, status: str = "TRANSMITTED") -> tuple[FunderAsk, ...]:
    return (
        FunderAsk(name="État", code="etat", requested_cents=etat, status=status),
        FunderAsk(name="Ville", code="ville", requested_cents=ville, status="TRANSMITTED"),
    )


def from_portal(desk: Desk, **changes: object) -> Deposit:
    values: dict[str, object] = {
        "source": Source.PORTAL, "external_id": "D-1", "portal_status": "TRANSMITTED", "funders": asks(500_000),
        "contacts": (Contact(name="Camille", email="camille@asso.example"),),
        "history": (PortalEvent(at=moment("2026-05-01"), kind="STATUS", status="TRANSMITTED"),),
    }  # fmt: skip
    return desk.deposit(**{**values, **changes})  # type: ignore[arg-type]


def again(desk: Desk, at: str = "2026-06-10", **changes: object) -> Received:
    return desk.receive(from_portal(desk, **changes), at=at)


def seen(desk: Desk) -> PortalView:
    with desk.database.transaction() as session:
        shown = view(session, 1)
    assert shown is not None
    return shown


def choose(desk: Desk, key: str, *, take: bool, by: By = INES, version: int | None = None) -> None:
    with desk.database.transaction() as session:
        settle(session, 1, "ANNUEL-2026-00001", key, take=take, by=by, at=moment("2026-06-12"),
               expected_version=version)  # fmt: skip


def tasks(desk: Desk) -> list[tuple[object, ...]]:
    return desk.rows("SELECT kind FROM tasks WHERE done_at IS NULL")


def test_what_the_portal_owns_follows_it_and_the_journal_says_what_changed(desk: Desk) -> None:
    again(desk, at="2026-06-01")
    new = PortalEvent(at=moment("2026-06-09"), kind="STATUS", status="SUPPORTED", by="Christian")
    changes: dict[str, Any] = {
        "title": "Atelier du soir", "portal_status": "SUPPORTED", "funders": asks(500_000, status="SUPPORTED"),
        "contacts": (Contact(name="Dominique", email="do@asso.example"),),
        "history": (PortalEvent(at=moment("2026-05-01"), kind="STATUS", status="TRANSMITTED"), new),
    }  # fmt: skip

    assert again(desk, **changes).updated == ("ANNUEL-2026-00001",)
    assert again(desk, **changes).unchanged == ("ANNUEL-2026-00001",)

    assert desk.rows("SELECT title, contact ->> 'name', version FROM cases") == [
        ("Atelier du soir", "Dominique", 2)
    ]
    assert desk.rows("SELECT status, by FROM portal_events ORDER BY position") == [
        ("TRANSMITTED", ""), ("SUPPORTED", "Christian"),
    ]  # fmt: skip
    assert desk.value("SELECT portal FROM fundings WHERE requested_cents = 500000") == "SUPPORTED"
    assert tasks(desk) == []
    with desk.database.transaction() as session:
        [entry] = [one for one in history(session, 1, "fr") if one.what == "Suivi de la plateforme du dépôt"]
        assert journal.verify(session).sound
    assert entry.details[0].replace("\u202f", " ") == (
        "Statut : demande transmise → demande prise en charge ; Intitulé : Atelier cuisine → Atelier du soir ; Contact"
    )
    assert "Dominique" not in desk.value("SELECT details FROM journal WHERE seq = 2")


def test_what_somebody_changed_or_examined_here_is_shown_and_not_written_over(desk: Desk) -> None:
    again(desk, at="2026-06-01")
    desk.run("UPDATE cases SET title = 'Titre corrigé ici' WHERE id = 1")
    desk.move(1, Action.CHECK_ELIGIBILITY, at="2026-06-02")

    received = again(desk, title="Atelier du soir", ends_on=date(2027, 1, 31), funders=asks(650_000))

    assert received.diverging == ("ANNUEL-2026-00001",)
    assert desk.rows("SELECT title, ends_on, requested_cents FROM cases") == [
        ("Titre corrigé ici", date(2026, 12, 31), 800_000)
    ]
    shown = [(each.key, each.theirs.fr, each.ours.fr) for each in seen(desk).differences]
    assert shown == [
        ("title", "Atelier du soir", "Titre corrigé ici"), ("ends_on", "31 janvier 2027", "31 décembre 2026"),
        ("asked:etat", "6\u202f500,00\u00a0€", "5\u202f000,00\u00a0€"),
    ]  # fmt: skip
    assert tasks(desk) == [("portal",)]


def test_the_officer_takes_one_point_and_keeps_another_and_it_is_not_asked_again(desk: Desk) -> None:
    again(desk, at="2026-06-01")
    desk.move(1, Action.CHECK_ELIGIBILITY, at="2026-06-02")
    changes: dict[str, Any] = {
        "title": "Atelier du soir",
        "funders": asks(650_000, 250_000),
        "qpvs": ("QN08003M",),
    }
    again(desk, **changes)

    choose(desk, "title", take=False, version=2)
    for key in ("asked:etat", "asked:ville", "neighbourhoods"):
        choose(desk, key, take=True)

    assert seen(desk).differences == ()
    assert tasks(desk) == []
    assert desk.rows("SELECT title, requested_cents FROM cases") == [("Atelier cuisine", 900_000)]
    assert desk.rows("SELECT requested_cents FROM fundings ORDER BY funder_id") == [(650_000,), (250_000,)]
    assert desk.rows("SELECT n.code FROM case_neighbourhoods JOIN neighbourhoods n ON n.id = neighbourhood_id") == [
        ("QN08003M",)
    ]  # fmt: skip
    assert desk.rows("SELECT action, count(*) FROM journal WHERE seq > 2 GROUP BY 1 ORDER BY 1") == [
        ("keep_against_portal", 1), ("take_from_portal", 3),
    ]  # fmt: skip
    assert again(desk, **changes, summary="Nouveau").diverging == ("ANNUEL-2026-00001",)
    assert [each.key for each in seen(desk).differences] == ["summary"]
    assert again(desk, **{**changes, "title": "Encore un autre"}).diverging == ("ANNUEL-2026-00001",)
    assert [each.key for each in seen(desk).differences] == ["title"]


def test_what_is_gone_stale_or_not_for_them_is_refused(desk: Desk) -> None:
    again(desk, at="2026-06-01")
    desk.move(1, Action.CHECK_ELIGIBILITY, at="2026-06-02")
    again(desk, title="Atelier du soir", siret="35600000000048", portal_status="UNACCEPTABLE")

    with pytest.raises(StaleVersionError):
        choose(desk, "title", take=True, version=1)
    with pytest.raises(NoSuchDifferenceError):
        choose(desk, "summary", take=True)
    with pytest.raises(MoveRefusedError):
        choose(desk, "title", take=True, by=By("person:3", Role.SECRETARY))
    for only_shown in ("siret", "status"):
        with pytest.raises(NoSuchDifferenceError):
            choose(desk, only_shown, take=True)

    status = next(each for each in seen(desk).differences if each.key == "status")
    assert (status.theirs.fr, status.ours.fr) == ("demande non recevable", "déposé")
    choose(desk, "status", take=False)
    assert [each.key for each in seen(desk).differences] == ["title", "siret"]


def test_a_sheet_that_says_otherwise_is_compared_too_and_follows_nothing(desk: Desk) -> None:
    first = desk.deposit()
    desk.receive(first)

    changed = desk.receive(desk.deposit(external_id=first.external_id, title="Autre titre"))

    assert (changed.diverging, changed.updated) == (("ANNUEL-2026-00001",), ())
    shown = seen(desk)
    assert (shown.platform.fr, [each.key for each in shown.differences]) == ("Le fichier importé", ["title"])
