"""The table of the fault tests: every scenario on a row with its controls; a page rewritten only when all held."""

import re
from pathlib import Path

import pytest

from parvis.states.words import Sentence
from tests.faults import figures

KILLED = Sentence("Un processus tué", "A process killed")


def test_a_scenario_is_a_row_with_its_control_and_goes_in_the_page(tmp_path: Path, monkeypatch, capsys):
    file, page = tmp_path / "figures", tmp_path / "page.md"
    page.write_text(f"avant\n{figures.BEGIN}\nvieux\n{figures.END}\naprès\n", encoding="utf-8")
    monkeypatch.setenv(figures.FILE, str(file))

    with figures.measured("kills", KILLED) as tally:
        tally.times, tally.of, tally.doubled, tally.allowed = 50, 5_000, 7, 50
    figures.control("kills", Sentence("sans bail", "without a lease"), doubled=412)
    figures.main(file, page)

    printed, written = capsys.readouterr().out, page.read_text(encoding="utf-8")
    assert "Un processus tué / A process killed" in printed
    assert (
        "| 50 | 5000 | 0 | 7 | 50 | 0.0 | sans bail / without a lease : 412 en double / doubled |" in written
    )
    assert "vieux" not in written
    assert written.startswith("avant\n")
    assert written.endswith("après\n")


def test_a_scenario_that_did_not_hold_is_shown_and_leaves_the_page_alone(tmp_path: Path, monkeypatch, capsys):
    file, page = tmp_path / "figures", tmp_path / "page.md"
    page.write_text(f"{figures.BEGIN}\nvieux\n{figures.END}\n", encoding="utf-8")
    monkeypatch.setenv(figures.FILE, str(file))

    with pytest.raises(AssertionError), figures.measured("kills", KILLED) as tally:
        tally.lost = 1
        raise AssertionError
    figures.main(file, page)

    assert "NON TENU" in capsys.readouterr().out
    assert "vieux" in page.read_text(encoding="utf-8")


def test_a_scenario_without_figures_or_without_a_control_is_named_and_leaves_the_page_alone(
    tmp_path: Path, monkeypatch, capsys
):
    file, page = tmp_path / "figures", tmp_path / "page.md"
    page.write_text(f"{figures.BEGIN}\nvieux\n{figures.END}\n", encoding="utf-8")
    monkeypatch.setenv(figures.FILE, str(file))
    with figures.measured("kills", KILLED), figures.measured("points/cases", KILLED):
        pass
    figures.control("points/cases", Sentence("sans transaction", "no transaction"), lost=1)

    partly, whole = figures.main(file), figures.main(file, page, ["kills", "points/*", "rude"])

    said = capsys.readouterr().out
    assert (partly, whole) == (0, 1)
    assert "kills : pas de témoin / no control: Un processus tué / A process killed" in said
    assert "rude : pas de chiffres" in said
    assert "points" not in said
    assert "vieux" in page.read_text(encoding="utf-8")


def test_every_scenario_of_the_suite_has_a_control_and_is_run_by_make_faults():
    measured, controlled = figures.called("measured"), figures.called("control")
    makefile = (figures.TESTS.parent / "Makefile").read_text(encoding="utf-8")
    suite = tuple(re.findall(r"^FAULTS := (.*)$", makefile, re.MULTILINE)[0].split())

    assert set().union(*measured.values()) == set().union(*controlled.values())
    assert len(set().union(*measured.values())) > 15
    assert [file for file in measured | controlled if not file.startswith(suite)] == []
