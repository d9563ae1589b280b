"""Statuses of platforms and stages of ours, and what differs between what is said there and here."""

import pytest

from parvis.states.details import Plain
from parvis.states.portals import (
    PORTAL_STATUSES,
    Platform,
    contradicts,
    differences,
    followed,
    stages_of,
    status_of,
)
from parvis.states.stages import Stage


@pytest.mark.parametrize("platform", Platform)
def test_the_status_of_a_stage_leads_back_to_that_stage(platform: Platform) -> None:
    for stage in set(Stage) - {Stage.DRAFT}:
        status = status_of(stage, platform)

        assert status in PORTAL_STATUSES
        assert not contradicts(status, stage) or stage == Stage.WITHDRAWN
    assert status_of(Stage.DRAFT, platform) is None


def test_every_status_has_stages_and_one_nobody_knows_has_none() -> None:
    assert all(stages_of(status) for status in PORTAL_STATUSES)
    assert stages_of("JUSTIFICATION_JUSTIFIED") == stages_of("JUSTIFIED") != ()
    assert stages_of("PERDU") == ()


@pytest.mark.parametrize(
    ("status", "stage", "expected"),
    [("VOTE", "committee", True), ("VOTE", "funded", False), ("TRANSMITTED", "funded", False),
     ("refuse", "submitted", True), ("en_construction", "instructed", False), ("supprime", "submitted", True),
     ("PERDU", "submitted", False)],
)  # fmt: skip
def test_a_platform_contradicts_only_when_it_ended_what_goes_on_here(status, stage, expected) -> None:
    assert contradicts(status, stage) is expected


def test_what_a_platform_leaves_empty_empties_nothing_and_what_was_kept_is_shown_no_more() -> None:
    said: dict[str, Plain] = {"title": "Neuf", "summary": "", "asked:etat": 100}
    ours: dict[str, Plain] = {"title": "Ancien", "summary": "Écrit ici", "asked:etat": 100, "asked:ville": 50}

    assert [(d.key, d.theirs, d.ours) for d in differences(said, ours, {})] == [
        ("title", "Neuf", "Ancien"), ("asked:ville", 0, 50),
    ]  # fmt: skip
    assert [d.key for d in differences(said, ours, {"title": "Neuf"})] == ["asked:ville"]
    assert [d.key for d in differences(said, ours, {"title": "Autre"})] == ["title", "asked:ville"]


def test_only_the_words_nobody_changed_here_follow_the_platform() -> None:
    before: dict[str, Plain] = {"title": "A", "ends_on": "2026-12-31", "total_cost_cents": 1}
    said: dict[str, Plain] = {
        "title": "B",
        "ends_on": "2027-01-31",
        "total_cost_cents": 2,
        "beneficiaries": 12,
    }
    ours: dict[str, Plain] = {
        "title": "A",
        "ends_on": "2027-06-30",
        "total_cost_cents": 1,
        "beneficiaries": None,
    }

    assert [d.key for d in followed(before, said, ours)] == ["title", "beneficiaries"]
