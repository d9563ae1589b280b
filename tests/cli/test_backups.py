"""Copies of an installation and of a case on the command line; letters held back and released."""

from parvis.models.queries import restorations
from tests.services.desk import moment


def test_a_backup_is_made_once_checked_and_never_restored_by_a_slip(desk, terminal, tmp_path):
    desk.submitted_case()
    folder = str(tmp_path / "saved")

    made = terminal("db", "backup", folder, "--json")
    again = terminal("db", "backup", folder)
    checked = terminal("db", "check-backup", folder)
    slip = terminal("db", "restore", folder)
    nothing = terminal("db", "check-backup", str(tmp_path / "ailleurs"))

    assert (made.code, made.json["rows"]["cases"]) == (0, 1)
    assert (again.code, "existe déjà" in again.said) == (5, True)
    assert (checked.code, "est entière : 1 dossiers" in checked.said) == (0, True)
    assert (slip.code, "ajouter --yes" in slip.said) == (2, True)
    assert (nothing.code, "n’est pas une sauvegarde" in nothing.said) == (5, True)
    assert sorted(path.name for path in (tmp_path / "saved").iterdir()) == ["database.dump", "manifest.json"]


def test_letters_held_back_say_so_until_somebody_releases_them(desk, terminal):
    desk.submitted_case()
    with desk.database.transaction() as session:
        restorations.note(session, backup_at=moment("2026-06-01 09:00"), at=moment("2026-06-01 10:00"))

    held = terminal("letters", "send", "--json")
    unsigned = terminal("letters", "release")
    released = terminal("letters", "release", "--as", "max@ville.example")
    again = terminal("letters", "release", "--as", "max@ville.example", "--json")

    assert (held.json["held"], held.json["accepted"]) == (True, 0)
    assert unsigned.code == 2
    assert "1 attendaient" in released.said
    assert again.json == {"released": False, "waiting": 1}
    assert terminal("letters", "send", "--json").json["accepted"] == 1


def test_a_case_is_archived_and_its_archive_proved(desk, terminal, tmp_path):
    desk.submitted_case()
    file = str(tmp_path / "dossier.zip")

    made = terminal("case", "archive", "ANNUEL-2026-00001", "--to", file, "--json")
    proved = terminal("case", "check-archive", file)
    refused = terminal("case", "check-archive", __file__)

    assert made.json == {"reference": "ANNUEL-2026-00001", "files": 0, "letters": 0, "lines": 1}
    assert (proved.code, "l’archive est entière" in proved.said) == (0, True)
    assert (refused.code, "n’est pas l’archive" in refused.said) == (5, True)
