"""What tests/data/bad_inputs.json says of uploads, texts and addresses, sent by way of the pages themselves."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.services.desk import Desk
from tests.services.files.samples import pdf

DATA = Path(__file__).parents[1] / "data"
ENTRIES: list[dict[str, Any]] = json.loads((DATA / "bad_inputs.json").read_text(encoding="utf-8"))
INES = "ines@ville.example"


def of(surface: str) -> list[dict[str, Any]]:
    return [entry for entry in ENTRIES if entry["surface"].startswith(surface)]


def reference(desk: Desk) -> str:
    case = desk.submitted_case()
    return str(desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case))


def test_a_file_sent_to_a_case_reaches_its_verdict_and_a_refused_one_leaves_nothing(browser):
    ines, path = browser.as_person(INES), f"/dossiers/{reference(browser.desk)}"
    sent = {
        entry["id"]: (entry.get("payload") or Path(entry["fixture"]).name, content(entry))
        for entry in of("upload.")
        if "fixture" in entry or "payload" in entry
    }

    answers = {
        name: ines.post(f"{path}/fichiers", files={"fichier": (*file, "application/octet-stream")})
        for name, file in sent.items()
    }

    # What stands before the last slash is no part of a name, and a line break comes coded: what is left is a name.
    harmless = {"FN-01", "FN-07", "FN-11"}
    for entry in of("upload."):
        if (answer := answers.get(entry["id"])) and entry["id"] not in harmless:
            assert answer.status_code == (303 if entry["expected"] == "accept" else 422), entry["id"]
            assert "Traceback" not in answer.text
    kept = {name for (name,) in browser.desk.rows("SELECT name FROM files")}
    assert "-rf.pdf" in kept
    assert not any(bad in name for name in kept for bad in ("/", "\\", "\r", "\n", "..", ".exe"))
    assert ines.get(path).status_code == 200


@pytest.mark.parametrize("entry", of("field.text"), ids=lambda entry: entry["id"])
def test_any_text_is_searched_for_and_kept_as_text(browser, entry):
    ines, path = browser.as_person(INES), f"/dossiers/{reference(browser.desk)}"
    text = entry.get("payload", "x" * 5_000)

    found = ines.get(f"/dossiers?{urlencode({'q': text})}")
    saved = ines.post("/dossiers/vues", {"nom": text[:80], "requete": urlencode({"q": text})})
    refused = ines.post(f"{path}/actions/declare_ineligible", {"reason": text, "version": "1"})
    shown = [ines.get(page) for page in ("/dossiers", path)]

    assert found.status_code == 200
    if entry["id"] == "TX-14":  # a sign of a pattern stands for itself
        assert "0 dossier" in found.text
    assert saved.status_code in {303, 422}
    assert refused.status_code in {303, 409, 422}
    assert [page.status_code for page in shown] == [200, 200]
    for page in (found, saved, refused, *shown):
        assert "<link rel=attachment" not in page.text
        assert "${49}" not in page.text


@pytest.mark.parametrize(
    "target",
    ["//evil.test", "/\\evil.test", "\\\\evil.test", "https:evil.test", "https://evil.test", "javascript:alert(1)",
     "%2F%2Fevil.test", "/\t/evil.test", "\0//evil.test"],
)  # fmt: skip
def test_signing_in_leads_to_no_other_site(browser, target):
    led = browser.as_person(INES).get(f"/connexion?{urlencode({'suite': target})}")

    assert led.status_code == 303
    assert re.match(r"/(?![/\\])", led.headers["location"])
    assert urlsplit(led.headers["location"]).netloc == ""


@pytest.mark.parametrize("secret", ["x", "0" * 400, "%00", "a%2Fb", "%F0%28%8C%28", "é"])
def test_a_secret_that_opens_nothing_is_no_failure(browser, secret):
    for path in (
        f"/lien/{secret}",
        f"/bienvenue/{secret}",
        f"/nouvelle-adresse/{secret}",
        f"/calendrier/{secret}.ics",
    ):
        assert browser.get(path).status_code in {200, 400, 404, 410}, path
        assert browser.post(path).status_code < 500, path


def content(entry: dict[str, Any]) -> bytes:
    """The bytes of an entry about contents; those about names are of good files, no two the same."""
    return (DATA / entry["fixture"]).read_bytes() if "fixture" in entry else pdf(int(entry["id"][-2:]))
