"""Every letter, in both languages: complete, well set, and deaf to what its data would like it to do."""

import html
import json
import re
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from parvis.notifications.kinds import FIELDS, LETTERS
from parvis.notifications.render import (
    LetterFactsError,
    LetterTemplateError,
    Rendered,
    Source,
    built_in,
    render,
)
from parvis.notifications.samples import sample
from parvis.states.case_table import CASES
from parvis.states.words import Sentence

BAD = {
    entry["id"]: entry
    for entry in json.loads((Path(__file__).parents[1] / "data" / "bad_inputs.json").read_text("utf-8"))
}
EVERY = [(name, language) for name in LETTERS for language in ("fr", "en")]
NARROW, WIDE = "\u202f", "\u00a0"


def context(name: str, language: str = "fr", *, case: dict[str, Any] | None = None, **data: Any) -> Any:
    values: Any = sample(name, language)
    values["data"] |= data
    if case:
        values["case"] |= case
    return values


def written(letter: Rendered) -> str:
    """What a reader of the HTML sees, without its head."""
    inside = re.sub(r"<br>|</(?:p|li|h2|div)>", "\n", letter.html.partition("</head>")[2])
    return html.unescape(re.sub(r"<[^>]+>", "", inside))


def words(text: str) -> set[str]:
    return set(re.findall(r"\w[\w’€°-]*", text))


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_every_letter_is_written_in_both_languages(name, language):
    letter = render(name, language, sample(name, language))

    assert "\n" not in letter.subject
    assert 10 < len(letter.subject) < 120
    assert letter.text.endswith("\n")
    assert "\n\n\n" not in letter.text
    for part in (letter.subject, letter.text, letter.html):
        assert "None" not in part
        assert "{{" not in part
        assert "{%" not in part
    assert f'<html lang="{language}">' in letter.html
    assert f"<title>{html.escape(letter.subject)}</title>" in letter.html


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_the_text_and_the_html_of_a_letter_say_the_same(name, language):
    letter = render(name, language, sample(name, language))

    only_in_text = words(letter.text) - words(written(letter))
    only_in_html = words(written(letter)) - words(letter.text)

    links = words("https parvis example dossiers CV27-000042 CV27-000057") | words(
        sample(name, language)["link"]
    )
    assert only_in_text <= links
    assert only_in_html <= words("CV27-000042")


@pytest.mark.parametrize("name", LETTERS)
def test_french_letters_follow_french_typography(name):
    letter = render(name, "fr", context(name, "fr"))

    for part in (letter.subject, letter.text, written(letter)):
        assert not re.search(r"[ \u00a0][;:!?»]", part)
        assert not re.search(r"«[ \u00a0]", part)
        assert not re.search(r"(?<!https)(?<!http)(?<=\w):", part)
        assert "'" not in part
        assert '"' not in part
    assert NARROW in letter.text


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_text_puts_each_item_and_each_link_on_a_line_of_its_own(name, language):
    letter = render(name, language, sample(name, language))

    items = letter.html.count("<li>")
    assert len([line for line in letter.text.splitlines() if line.lstrip().startswith("- ")]) >= items
    lines = letter.text.splitlines()
    link = sample(name, language)["link"]
    links = [at for at, line in enumerate(lines) if link and line.endswith(str(link)) and at]
    assert all(not lines[at - 1].strip().endswith((".", "!", "?")) for at in links)


def test_a_granted_letter_gives_amounts_dates_and_whom_to_call_as_french_writes_them():
    letter = render("granted", "fr", sample("granted", "fr"))

    assert letter.subject == f"Dossier CV27-000042{NARROW}: subvention de 10{NARROW}500,50{WIDE}€ accordée"
    assert f"- Amiens Métropole{NARROW}: 6{NARROW}000,00{WIDE}€" in letter.text
    assert "30 juin 2028" in letter.text
    assert f"Téléphone{NARROW}: 03 22 00 00 00" in letter.text
    assert "Claire Delattre" in letter.text


def test_an_english_letter_writes_amounts_and_dates_as_english_does():
    letter = render("granted", "en", sample("granted", "en"))

    assert letter.subject == "Case CV27-000042: grant of €10,500.50 awarded"
    assert "30 June 2028" in letter.text
    assert NARROW not in letter.text


@pytest.mark.parametrize("name", [name for name, kind in LETTERS.items() if kind.decision])
def test_a_decision_says_that_it_is_one_and_how_to_challenge_it(name):
    french, english = (render(name, language, sample(name, language)) for language in ("fr", "en"))

    for part in (french.text, written(french)):
        assert "décision" in part
        assert "deux mois" in part
        assert "tribunal administratif" in part
        assert "recours gracieux" in part
    assert "administrative court" in english.text
    assert "two months" in english.text


@pytest.mark.parametrize(
    "name", ["ineligible", "rejected", "reclaimed", "formal_notice", "deferred", "reopened"]
)
def test_a_letter_that_owes_a_reason_gives_it(name):
    letter = render(name, "fr", context(name, reason="Budget : recettes & charges < équilibre"))

    assert f"Budget{NARROW}: recettes & charges < équilibre" in letter.text
    assert f"Budget{NARROW}: recettes &amp; charges &lt; équilibre" in letter.html


def test_the_acknowledgement_says_when_silence_means_refusal_and_by_which_rule():
    letter = render("acknowledge", "fr", sample("acknowledge", "fr"))

    assert "12 mars 2027" in letter.text
    assert "L. 231-4, 3°" in letter.text
    assert "tribunal administratif" in letter.text


def test_a_report_reminder_changes_its_words_once_the_date_has_passed():
    before = render("report_reminder", "fr", context("report_reminder"))
    after = render("report_reminder", "fr", context("report_reminder", late=True, days_late=15))

    assert "au plus tard le 30 juin 2028" in before.subject
    assert before.subject != after.subject
    assert "15 jours de retard" in after.text
    assert "reversement" in after.text
    assert "reversement" not in before.text


def test_a_digest_counts_what_waits_and_says_so_when_nothing_does():
    three = render("digest", "fr", sample("digest", "fr"))
    none = render("digest", "fr", context("digest", items=[]))
    one_line = {"reference": "", "title": "Un message", "detail": "", "on": None, "link": ""}
    one = render("digest", "fr", context("digest", items=[{"label": "Messages", "lines": [one_line]}]))

    assert three.subject == "Ce matin, 3 points vous attendent"
    assert one.subject == "Ce matin, un point vous attend"
    assert "- Un message\n" in one.text
    assert none.subject == "Ce matin, rien ne vous attend"
    assert "Rien ne vous attend aujourd’hui." in none.text


def test_staff_are_not_told_to_call_themselves():
    letter = render("statutory_warning", "fr", sample("statutory_warning", "fr"))

    assert "Personne à contacter" not in letter.text


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_letter_is_written_without_any_of_its_optional_facts(name, language):
    values = context(name, language)
    for key in LETTERS[name].optional:
        values["data"].pop(key, None)
    if values["case"]:
        values["case"] |= {"summary": "", "starts_on": None, "ends_on": None, "deposited_on": None}
    values |= {"officer": {"name": "", "email": ""}, "link": ""}
    values["contract"] |= {"phone": "", "address": "", "reply_to": ""}

    letter = render(name, language, values)

    assert "None" not in letter.text
    assert 'href=""' not in letter.html


@pytest.mark.parametrize(("name", "kind"), LETTERS.items())
def test_a_letter_without_a_fact_it_requires_is_not_written(name, kind):
    for key in kind.required:
        for missing in ({}, {key: None}):
            values = context(name)
            del values["data"][key]
            values["data"] |= missing

            with pytest.raises(LetterFactsError) as refused:
                render(name, "fr", values)

            assert refused.value.missing == [f"data.{key}"]
    if kind.about_a_case:
        with pytest.raises(LetterFactsError):
            render(name, "fr", {**sample(name, "fr"), "case": None})


def test_every_letter_the_table_of_moves_owes_exists():
    owed = {letter.template for move in CASES.moves for letter in move.letters}

    assert owed <= LETTERS.keys()


def test_every_sample_gives_exactly_the_keys_a_template_may_name():
    for name, kind in LETTERS.items():
        values: Any = sample(name, "fr")
        assert values.keys() == FIELDS.keys()
        assert kind.required <= values["data"].keys() <= kind.allowed
        for key, fields in FIELDS.items():
            if fields and key != "data" and values[key] is not None:
                assert values[key].keys() == fields


@pytest.mark.parametrize("name", LETTERS)
def test_tx_11_template_syntax_in_data_is_printed_as_it_is(name):
    hostile = BAD["TX-11"]["payload"]
    values = context(name, case={"title": hostile} if LETTERS[name].about_a_case else None)
    values["organisation"] = {"name": hostile}
    if "reason" in LETTERS[name].allowed:
        values["data"]["reason"] = hostile
    if not LETTERS[name].about_a_case and "committee" in LETTERS[name].required:
        values["data"]["committee"] |= {"name": hostile}
    if values["agreement"]:
        values["agreement"] |= {"title": hostile}
    if name == "digest":
        values["data"]["items"][0]["lines"][0]["title"] = hostile
    if not LETTERS[name].about_a_case:
        values["recipient"] |= {"name": hostile}
    if name == "journal_anchor":
        values["data"]["root"] = hostile

    letter = render(name, "fr", values)

    assert hostile in letter.text
    assert html.escape(hostile) in letter.html
    assert "49" not in letter.subject + letter.text + letter.html.partition("<body")[2].replace("#1f4e79", "")


def test_markup_in_data_is_escaped():
    values = context("rejected", case={"title": "<script>alert(1)</script>"}, reason="<img src=x onerror=y>")

    letter = render("rejected", "fr", values)

    assert "<script>alert" not in letter.html
    assert "<img" not in letter.html
    assert "<script>alert(1)</script>" in letter.text


def test_line_breaks_and_control_characters_in_data_cannot_break_a_subject():
    title = "Jardin\r\nBcc: x@evil.test\u2028\x00\x1b[31m\u202eetset\ud800"

    letter = render("acknowledge", "fr", context("acknowledge", case={"title": title}))

    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]", letter.subject)
    assert "Jardin Bcc: x@evil.test" in letter.subject
    assert not re.search("[\x00-\x08\u202a-\u202e\ud800-\udfff]", letter.text + letter.html)


def test_a_reason_of_several_lines_keeps_them():
    letter = render("rejected", "fr", context("rejected", reason="Premier point.\nSecond point."))

    assert "Premier point.\nSecond point." in letter.text
    assert "Premier point.\nSecond point." in letter.html
    assert "white-space:pre-line" in letter.html


def test_filters_write_dates_instants_and_money_in_each_language():
    source = Source(
        "o", "{{ data.deadline|day }} · {{ data.waiting_since|instant }} · {{ 1234550|money }}", "<p>h</p>"
    )
    instant = datetime(2027, 3, 28, 22, 30, tzinfo=UTC)
    values = context("stage_late", waiting_since=instant, deadline=date(2027, 3, 1))

    french, english = (
        render("stage_late", language, values, {("stage_late", language): source})
        for language in ("fr", "en")
    )

    assert french.text.startswith(f"1er mars 2027 · 29 mars 2027 à 00:30 · 12{NARROW}345,50{WIDE}€\n")
    assert english.text.startswith("1 March 2027 · 29 March 2027 at 00:30 · €12,345.50\n")


def test_the_day_of_an_instant_is_its_day_in_paris():
    values = context("stage_late", waiting_since=datetime(2027, 3, 28, 22, 30, tzinfo=UTC))

    assert "29 mars 2027" in render("stage_late", "fr", values).subject


def test_a_sentence_in_the_data_is_said_in_the_reader_s_language():
    values = context("stage_late", stage_label=Sentence("déposé", "submitted"))

    assert "« déposé »".replace(" ", NARROW) in render("stage_late", "fr", values).subject
    assert "“submitted”" in render("stage_late", "en", values).subject


def test_a_call_may_change_a_letter_and_only_that_one():
    source = Source(
        "Le jury : {{ case.reference }}", "Texte : {{ data.reason }}\n", "<p>{{ data.reason }}</p>"
    )
    overrides = {("rejected", "fr"): source}

    changed = render("rejected", "fr", sample("rejected", "fr"), overrides)
    other = render("rejected", "en", sample("rejected", "en"), overrides)

    assert changed.subject == f"Le jury{NARROW}: CV27-000042"
    assert changed.text.startswith(f"Texte{NARROW}: L’action")
    assert "03 22 00 00 00" in changed.text
    assert changed.fingerprint != render("rejected", "fr", sample("rejected", "fr")).fingerprint
    assert other == render("rejected", "en", sample("rejected", "en"))


def test_a_changed_letter_can_ask_for_the_legal_remedies():
    source = Source("Refus", "{{ remedies }}", "{{ remedies }}{{ remedies }}")

    letter = render("rejected", "fr", sample("rejected", "fr"), {("rejected", "fr"): source})

    assert "tribunal administratif" in letter.text
    assert letter.html.count("tribunal administratif") == 2
    assert letter.html.count('style="') == letter.html.count(" style=")
    assert 'style="margin:0 0 16px;color:#1b1f24" style=' not in letter.html


def test_a_changed_letter_that_fails_on_real_facts_names_its_line():
    source = Source("o", "un\ndeux\n{{ data.committee.name }}\n", "<p>h</p>")
    values = context("rejected")
    del values["data"]["committee"]

    with pytest.raises(LetterTemplateError) as failed:
        render("rejected", "fr", values, {("rejected", "fr"): source})

    assert (failed.value.code, failed.value.part, failed.value.line) == ("template", "text", 3)


def test_a_template_nobody_checked_is_refused_before_it_runs():
    source = Source("o", "{{ ''.__class__ }}", "<p>h</p>")

    with pytest.raises(LetterTemplateError) as refused:
        render("rejected", "fr", sample("rejected", "fr"), {("rejected", "fr"): source})

    assert refused.value.code == "template"


def test_limits_hold_in_any_thread():
    source = Source(
        "o", "{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}", "<p>h</p>"
    )
    caught: list[str] = []

    def in_a_thread() -> None:
        try:
            render("rejected", "fr", sample("rejected", "fr"), {("rejected", "fr"): source})
        except LetterTemplateError as error:
            caught.append(error.code)

    thread = threading.Thread(target=in_a_thread)
    thread.start()
    thread.join()

    assert caught == ["limit"]


def test_an_unknown_language_is_written_in_french_and_an_unknown_letter_is_an_error():
    assert render("closed", "de", sample("closed", "fr")) == render("closed", "fr", sample("closed", "fr"))
    with pytest.raises(KeyError):
        render("nothing", "fr", sample("closed", "fr"))


def test_the_same_facts_give_the_same_letter():
    assert render("granted", "fr", sample("granted", "fr")) == render(
        "granted", "fr", sample("granted", "fr")
    )


def test_the_first_line_of_a_text_file_is_the_subject():
    source = built_in("acknowledge", "en")

    assert source.subject == "Request {{ case.reference }} received: “{{ case.title }}”"
    assert source.text.startswith("Dear Sir or Madam,")


@pytest.mark.parametrize("part", ["subject", "text", "html"])
def test_quotes_of_the_applicant_inside_ours_are_set_as_inner_quotes(part):
    values = context("acknowledge", case={"title": 'Fête « du « Grand » Pigeonnier » et "autres"'})
    source = Source(
        "L’action « {{ case.title }} »", "De « {{ case.title }} ».", "<p>De « {{ case.title }} ».</p>"
    )

    letter = render("acknowledge", "fr", values, {("acknowledge", "fr"): source})
    english = render("acknowledge", "en", values)

    assert f"«{NARROW}Fête “du ‘Grand’ Pigeonnier” et" in getattr(letter, part)
    assert "« du" in getattr(english, part).replace(NARROW, " ")
