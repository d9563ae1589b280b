"""The technical log: one line an event, and nothing in it that lets somebody in or says who somebody is."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from parvis.models.session import ConstraintError, Database
from parvis.services import logs
from parvis.services.logs import LogFormat
from parvis.services.scrubbing import Scrubber
from parvis.services.settings import Settings


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged as JSON while the test runs."""
    out = io.StringIO()
    logs.begin(LogFormat.JSON, "test", scrub=Scrubber(["s3cr3t-of-mail"]), stream=out)
    yield out
    logs.begin(LogFormat.AUTO, "test")


def told(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_says_what_happened_and_all_it_is_bound_to(lines):
    with logs.bound(run="7", flow="send-letters"):
        logs.tell("run", ms=12.5, failed=None, did={"Sent": 3})
    logs.tell("after")

    first, second = told(lines)
    assert first.pop("at").endswith("+00:00")
    assert first == {
        "level": "info", "process": "test", "event": "run", "run": "7", "flow": "send-letters", "ms": 12.5,
        "did": {"Sent": 3},
    }  # fmt: skip
    assert second["event"] == "after"
    assert "run" not in second


def test_another_librarys_warning_is_a_line_as_well_and_its_chatter_is_none(lines):
    logging.getLogger("a.library").warning("bad %s", "request")
    logging.getLogger("a.library").debug("chatter")

    assert [(line["logger"], line["event"]) for line in told(lines)] == [("a.library", "bad request")]


@pytest.mark.parametrize("said", ["a\nb", "a\u2028b\x85c", "\ud800", '{"event": "forged"}\r\n', "\x1b[31m"])
def test_nothing_that_is_said_begins_another_line_nor_moves_the_terminal(lines, said):
    logs.tell("event", said=said)
    written = lines.getvalue()
    text = io.StringIO()
    logs.begin(LogFormat.TEXT, "test", stream=text)
    logs.tell("event", said=said)

    for one in (written, text.getvalue()):
        assert len(one.rstrip("\n").splitlines()) == 1
        assert one.rstrip("\n").isprintable()
    assert json.loads(written)["said"] == said


def test_words_are_for_people_and_a_trace_follows_them():
    text = io.StringIO()
    logs.begin(LogFormat.TEXT, "web", stream=text)
    logs.tell_error("error", ValueError("mail of ines@ville.example"), route="case")
    logs.begin(LogFormat.AUTO, "test")

    first, *trace = text.getvalue().splitlines()
    assert first.endswith("error error process=web route=case error=ValueError")
    assert trace[-1] == "ValueError: mail of …@…"


SECRETS = [
    "ines.roy+essai@ville.example", "FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606",
    "KDEdinODzEHXxk-wRxDJf4RYAoSLMz3xx3K9g5raQB0",  # as of a link; drawn, it would differ between workers
    "parvis_" + "a" * 43, "whsec_" + "b" * 32, "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "s3cr3t-of-mail",
]  # fmt: skip


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "around", ["{}", "sent to <{}>.", "{{'a': '{}'}}", "https://host.example/lien/{}?x=1", "key={}"]
)
def test_a_secret_is_taken_out_wherever_it_stands(lines, secret, around):
    said = around.format(secret)
    logs.tell(said, also=said)
    logging.getLogger("library").error("%s", said)
    logs.tell_error("error", ValueError(said))

    assert len(told(lines)) == 3
    assert secret not in lines.getvalue()


def test_the_secrets_of_the_settings_are_hidden_whole_and_in_part(tmp_path):
    chosen = Settings(
        data_folder=tmp_path, smtp_url=SecretStr("smtp://parvis:pont%20sur%20la%20Somme@mail.example:25"),
        metrics_token=SecretStr("what prometheus says"),
    )  # fmt: skip
    scrub = Scrubber(chosen.secrets)

    for said in ("pont sur la Somme", "pont%20sur%20la%20Somme", "what prometheus says"):
        assert said not in scrub(f"535 wrong password {said!r}")


@pytest.mark.parametrize(
    "plain",
    ["ANNUEL-2026-00012", "2026-06-01T07:00:00.000+00:00", "send_letters in parvis/flows/send_letters.py, line 44",
     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "41816609600051", "12 345,50 €",
     "https://parvis.ville.example/dossiers/ANNUEL-2026-00012", "b3f0c2de-9f64-4e0e-8b6e-1f2a3b4c5d6e"],
)  # fmt: skip
def test_what_tells_a_case_a_run_or_a_place_stays(plain):
    assert Scrubber()(plain) == plain


def test_an_error_of_the_database_does_not_repeat_what_people_typed(database: Database, lines):
    typed = "Madame " + "Typée"  # in two, so that no line of this file says it
    with pytest.raises(ConstraintError) as raised, database.transaction() as session:
        session.exec_driver_sql(
            "INSERT INTO contracts (code, name) VALUES (%(typed)s, NULL)", {"typed": typed}
        )
    logs.tell_error("error", raised.value)

    assert "contracts" in lines.getvalue()
    assert typed not in lines.getvalue()


def test_what_a_model_refuses_is_not_repeated(lines):
    class Wanted(BaseModel):
        age: int

    typed = "Madame " + "Typée"
    with pytest.raises(ValidationError) as raised:
        Wanted(age=typed)  # type: ignore[arg-type]
    logs.tell_error("error", raised.value)

    assert typed not in lines.getvalue()


def test_a_french_sentence_stays_readable(lines):
    logs.tell("Étapes franchies\u202f: 0 «\u00a0x\u00a0»")

    assert "Étapes franchies\u202f: 0" in lines.getvalue()


def test_a_closed_output_stops_nobody():
    out = io.StringIO()
    logs.begin(LogFormat.JSON, "test", stream=out)
    out.close()

    logs.tell("event")
    logs.begin(LogFormat.AUTO, "test")
