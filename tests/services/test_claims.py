"""One `parvis up` at a time on a data folder, and not before what a killed one left has ended."""

import subprocess
import sys
from pathlib import Path

import pytest

from parvis.services import claims
from parvis.services.claims import AlreadyRunningError, Claim, StillEndingError


def test_the_second_on_a_folder_is_told_where_the_first_is(tmp_path):
    with Claim(tmp_path) as first:
        first.say("http://127.0.0.1:4200")

        with pytest.raises(AlreadyRunningError) as refused:
            Claim(tmp_path)

    assert refused.value.page == "http://127.0.0.1:4200"


def test_a_folder_is_free_again_after_the_first(tmp_path):
    with Claim(tmp_path) as first:
        first.say("http://127.0.0.1:4200")

    with Claim(tmp_path), pytest.raises(AlreadyRunningError) as refused:
        Claim(tmp_path)
    assert refused.value.page == ""


def test_what_a_killed_one_started_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(claims, "LEFTOVERS_SECONDS", 0.2)
    with Claim(tmp_path) as first:
        left = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[first.inherited]
        )

    with pytest.raises(StillEndingError):
        Claim(tmp_path)
    left.communicate()
    with Claim(tmp_path):
        pass


def test_what_was_opened_for_a_claim_refused_is_closed(tmp_path):
    with Claim(tmp_path):
        before = open_files()

        with pytest.raises(AlreadyRunningError):
            Claim(tmp_path)

        assert open_files() == before


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
