"""Letters on the command line: seen before they leave, put off, set aside, sent, read again."""

from pathlib import Path

import pytest

from parvis.states.facts import Given
from parvis.states.stages import Action

INES = "ines@ville.example"


def test_the_letters_of_the_next_days_are_seen_before_they_leave(desk, terminal):
    case = desk.submitted_case(at="2026-06-01")
    desk.move(case, Action.REQUEST_DOCUMENTS, at="2026-06-01", given=Given(documents=("rib",)))

    near = terminal("letters", "preview", "--json").json["letters"]
    far = terminal("letters", "preview", "--days", "40", "--json").json["letters"]

    assert [letter["template"] for letter in near] == ["acknowledge", "documents_requested"]
    assert {letter["template"] for letter in far} >= {"documents_reminder", "lapsed"}


def test_a_letter_to_come_is_read_as_its_recipient_will(desk, terminal):
    desk.submitted_case(title="Café des parents")

    said = terminal("letters", "preview", "l1").said

    assert "Objet : Demande ANNUEL-2026-00001 reçue" in said
    assert "À : Association Exemple <contact@asso.example>" in said


def test_a_letter_is_put_off_and_set_aside_by_someone(desk, terminal):
    desk.submitted_case()

    put_off = terminal("letters", "snooze", "l1", "--until", "2026-06-20", "--as", INES)
    set_aside = terminal("letters", "drop", "l1", "--reason", "Déjà prévenus", "--as", INES)
    again = terminal("letters", "drop", "l1", "--reason", "Encore", "--as", INES)

    assert "partira le 20 juin 2026" in put_off.said
    assert set_aside.code == 0
    assert desk.value("SELECT stage FROM letters") == "dropped"
    assert again.code == 3


def test_a_letter_is_set_aside_with_a_reason_only(desk, terminal):
    desk.submitted_case()

    assert terminal("letters", "drop", "l1", "--as", INES).code == 2
    assert terminal("letters", "drop", "l1", "--reason", " ", "--as", INES).code == 3


def test_letters_are_sent_to_the_local_mailbox_and_read_there(desk, terminal):
    desk.submitted_case(title="Café des parents")

    sent = terminal("letters", "send")
    mailbox = terminal("letters", "show", "--json").json
    read = terminal("letters", "show", mailbox["letters"][0]["id"][:8])
    listed = terminal("letters", "list", "--stage", "envoyée", "--case", "ANNUEL-2026-00001", "--json").json

    assert (sent.code, "Lettres envoyées : 1." in sent.said) == (0, True)
    assert Path(mailbox["folder"]).name == "mailbox"
    assert "Café des parents" in read.said
    assert [letter["code"] for letter in listed["letters"]] == ["l1"]
    assert "Madame, Monsieur," in terminal("letters", "show", "l1").said
    assert "<" in terminal("letters", "show", "l1", "--html").out


def test_a_mail_server_that_does_not_answer_leaves_the_letters_owed(desk, terminal):
    desk.submitted_case()

    answer = terminal("letters", "send", PARVIS_SMTP_URL="smtp://127.0.0.1:1")

    assert answer.code == 1
    assert "Aucun serveur de courrier n’écoute à cette adresse. Les lettres restent à envoyer." in answer.said
    assert "ne répond pas" not in answer.said
    assert "Aucun serveur de courrier" in terminal("letters", "list").said
    assert desk.value("SELECT stage FROM letters") == "owed"


def test_an_address_of_a_server_that_cannot_be_read_is_a_setting_to_correct(desk, terminal):
    answer = terminal("letters", "send", PARVIS_SMTP_URL="http://serveur")

    assert answer.code == 5
    assert "PARVIS_SMTP_URL" in answer.said


def test_a_failed_letter_is_listed_with_its_reason_and_can_be_owed_again(desk, terminal):
    desk.submitted_case()
    desk.run("UPDATE organisations SET email = ''")
    terminal("letters", "send")

    failed = terminal("letters", "failed")
    tasks = terminal("task", "list", "--json").json["tasks"]
    desk.run("UPDATE organisations SET email = 'contact@asso.example'")
    again = terminal("letters", "resend", "l1", "--as", INES)

    assert "Aucune adresse pour cette lettre" in failed.said
    assert len(tasks) == 1
    assert again.code == 0
    assert terminal("task", "list").said == "Rien à faire."
    assert "Lettres envoyées : 1." in terminal("letters", "send").said


def test_a_task_is_done_once_it_is_said_to_be(desk, terminal):
    desk.submitted_case()
    desk.run("UPDATE organisations SET email = ''")
    terminal("letters", "send")
    (task,) = terminal("task", "list", "--json").json["tasks"]

    assert terminal("task", "done", str(task["id"])).code == 0
    assert terminal("task", "list", "--json").json["tasks"] == []
    assert len(terminal("task", "list", "--all", "--json").json["tasks"]) == 1
    assert terminal("task", "done", "999").code == 4


@pytest.mark.parametrize(
    "words",
    [
        ["show", "l99"],
        ["show", "r99"],
        ["show", "deadbeef"],
        ["preview", "l99"],
        ["drop", "x", "--reason", "Non", "--role", "manager"],
    ],
)
def test_a_letter_that_is_not_there_is_not_found(terminal, words):
    assert terminal("letters", *words).code == 4


def test_a_template_is_checked_with_its_line(terminal, tmp_path):
    (tmp_path / "acknowledge.fr.txt").write_text("Objet : Reçu\n\nMerci {{ personne }}.\n", encoding="utf-8")
    (tmp_path / "acknowledge.fr.html").write_text("<p>Merci.</p>\n", encoding="utf-8")

    bad = terminal("letters", "check-template", str(tmp_path / "acknowledge.fr.txt"))
    good = terminal("letters", "check-template", str(tmp_path / "acknowledge.fr.html"))
    missing = terminal("letters", "check-template", str(tmp_path / "autre.fr.txt"))

    assert bad.code == 5
    assert "acknowledge.fr.txt" in bad.said
    assert good.code == 0
    assert missing.code == 4


def test_letters_that_came_back_are_read_and_their_address_restored(desk, terminal, tmp_path):
    box = tmp_path / "retours"
    (box / "new").mkdir(parents=True)
    (box / "new" / "1").write_bytes(b"Subject: Absent\r\n\r\n")
    unset = terminal("letters", "bounces")
    read = terminal("letters", "bounces", "--json", PARVIS_BOUNCES=str(box))
    desk.run(
        "INSERT INTO suppressions (address, status, said, since) VALUES ('a@a.example', '5.1.1', 'No', now())"
    )

    held = terminal("letters", "held").said
    lifted = terminal("letters", "lift", "A@a.example", "--role", "manager").said
    again = terminal("letters", "lift", "a@a.example", "--role", "manager")

    assert (unset.code, "PARVIS_BOUNCES" in unset.said) == (2, True)
    assert read.json == {"read": 1, "returned": 0, "held": 0, "unknown": 0}
    assert "a@a.example" in held
    assert "Les lettres partent de nouveau vers A@a.example" in lifted
    assert again.code == 4
    assert "Aucune adresse n’est suspendue" in terminal("letters", "held").said
