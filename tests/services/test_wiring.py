"""What is read of the outside: the language of whoever types, the settings, the database."""

import subprocess
import sys

import pytest

from parvis.services import wiring

HEAVY = ("sqlalchemy", "alembic", "pydantic", "psycopg", "prefect", "openpyxl", "holidays")


@pytest.fixture(autouse=True)
def _nobody_said_anything(monkeypatch, tmp_path):
    for name in ("PARVIS_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ({}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "C.UTF-8"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "PARVIS_LANGUAGE": "fr"}, "fr"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": ""}, "en"),
    ],
)
def test_the_language_is_the_one_said_for_parvis_then_the_systems(monkeypatch, said, language):
    for name, value in said.items():
        monkeypatch.setenv(name, value)

    assert wiring.language() == language


def test_a_dotenv_file_says_the_language_as_it_says_the_settings(tmp_path):
    (tmp_path / ".env").write_text('PARVIS_PORT=1\nPARVIS_LANGUAGE="en"\n', encoding="utf-8")

    assert wiring.language() == "en"
    assert wiring.settings().language == "en"


def test_asking_for_the_language_and_the_time_loads_nothing_heavy():
    code = (
        "import sys; from parvis.services import wiring; wiring.language(); wiring.now(); print(*sys.modules)"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    assert set(HEAVY) & set(loaded) == set()


def test_a_database_is_migrated_when_it_is_opened_and_left_to_the_application(new_database, monkeypatch):
    monkeypatch.setenv("PARVIS_DATABASE_URL", new_database(migrated=False))

    with wiring.opened(wiring.settings()) as opened, opened.database.transaction() as session:
        who = session.exec_driver_sql("SELECT current_user, count(*) FROM cases").one()

    assert tuple(who) == ("parvis_app", 0)
