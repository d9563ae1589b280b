"""A template is checked before it is saved: what it may use, where it is wrong, and that it ends."""

import json
from pathlib import Path

import pytest

from parvis.notifications.checks import check_template
from parvis.notifications.kinds import LETTERS
from parvis.notifications.problems import TemplateProblem
from parvis.notifications.render import built_in

BAD = [
    entry
    for entry in json.loads((Path(__file__).parents[1] / "data" / "bad_inputs.json").read_text("utf-8"))
    if entry["surface"] == "mail.template"
]


def check(
    subject: str = "Objet", text: str = "Bonjour", html: str = "<p>Bonjour</p>", name: str = "granted"
) -> list[TemplateProblem]:
    return check_template(name, "fr", subject, text, html)


@pytest.mark.parametrize(
    ("name", "language"), [(name, language) for name in LETTERS for language in ("fr", "en")]
)
def test_the_letters_parvis_comes_with_pass_their_own_check(name, language):
    source = built_in(name, language)

    assert check_template(name, language, source.subject, source.text, source.html) == []


@pytest.mark.parametrize("entry", BAD, ids=lambda entry: entry["id"])
def test_every_bad_template_of_the_domain_has_its_verdict_wherever_it_is_written(entry):
    payload = entry["payload"]

    in_subject, in_text, in_html = check(subject=payload), check(text=payload), check(html=payload)

    if entry["expected"] == "accept":
        assert check(text=payload) == check(html=payload) == []
        return
    assert in_subject
    if entry["id"] != "TP-15":  # about the subject alone
        assert in_text
        assert in_html
    assert {problem.code for problem in in_subject + in_text + in_html} <= {entry["error_code"]}


def test_tp_13_a_syntax_error_gives_its_line_and_column():
    [problem] = check(text="Madame,\n\nBonjour {{ case.title ")

    assert (problem.part, problem.line) == ("text", 3)
    assert problem.column > 8
    assert "syntaxe" in problem.sentence.fr


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("{{ case.titre }}", 1, 8),
        ("Bonjour\n  {{ data.reason }}", 2, 10),
        ("a {{ nobody }}", 1, 6),
        ("{% for g in data.grants %}\n{{ g.funder|safe }}\n{% endfor %}", 2, 13),
        ("\r\n\r\n{{ case.titre }}", 3, 8),
        ("{% set x = case._secret %}", 1, 16),
    ],
)
def test_a_problem_has_the_place_of_the_word_that_causes_it(text, line, column):
    [problem] = check(text=text)

    assert (problem.line, problem.column) == (line, column)


@pytest.mark.parametrize(
    "text",
    [
        "{{ case.title.upper() }}",
        "{{ case['title'] }}",
        "{{ ''['__class__'] }}",
        "{{ case|attr('title') }}",
        "{{ '%s'|format(case) }}",
        "{{ case.title|map('upper') }}",
        "{{ cycler('a') }}",
        "{{ lipsum() }}",
        "{{ self }}",
        "{{ joiner }}",
        "{{ Markup('<b>') }}",
        "{{ range }}",
        "{{ namespace(**case) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{{ 'a' ~ 'b' }}",
        "{{ 'a' + 'b' }}",
        "{{ '%99999999d' % 1 }}",
        "{{ {'a': case} }}",
        "{{ [case, case] }}",
        "{{ case.title[0:3] }}",
        "{{ case }}",
        "{{ data.grants }}",
        "{% extends 'base' %}",
        "{% from 'a' import b %}",
        "{% block a %}{% endblock %}",
        "{% macro a() %}{% endmacro %}{{ a() }}",
        "{% call a() %}{% endcall %}",
        "{% filter upper %}a{% endfilter %}",
        "{% set x %}a{% endset %}",
        "{% with %}{% endwith %}",
        "{% autoescape false %}a{% endautoescape %}",
        "{% do 1 %}",
        "{% for g in data.grants recursive %}{{ loop(g) }}{% endfor %}",
        "{% set _x = 1 %}",
        "{% set link = 'javascript:1' %}",
        "{% set line = namespace(link=case.title) %}",
        "{% for case in data.grants %}{% endfor %}",
        "{% set ns = namespace() %}{% set ns.__class__ = 1 %}",
        "{% if data.reason is sameas none %}{% endif %}",
        "a\x00b",
        "a\ud800b",
        "a\u202eb",
        "{{ '\ue000' }}",
    ],
)
def test_what_a_letter_may_not_use_is_refused(text):
    assert check(text=text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ " + "(" * 600 + "1" + ")" * 600 + " }}",
        "{{ " + "not " * 5000 + "1 }}",
        "{{ 1" + " or 1" * 5000 + " }}",
        "{{ case" + ".title" * 3000 + " }}",
        "{{ 1" + "|upper" * 3000 + " }}",
        "{% for x in [1] %}" * 30 + "{% endfor %}" * 30,
        "{% if 1 %}" * 200 + "{% endif %}" * 200,
        "{{ 1 }}" * 4000,
        "a" * (64 * 1024 + 1),
        "é" * (33 * 1024),
        "{% for a in range(100000) %}{% endfor %}",
        "{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}",
        "{% for a in range(1000) %}" + "x" * 1000 + "{% endfor %}",
        "{{ range(1000)|join('" + "x" * 1000 + "') }}",
        "{% set x = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' %}" + "{% set x = x|join(x) %}" * 20,
    ],
)
def test_what_could_grow_or_last_without_end_is_refused(text):
    assert check(text=text)


@pytest.mark.parametrize(
    "text",
    [
        "{# une note #}Bonjour {{ recipient.name }}",
        "{% raw %}{{ case.title }}{% endraw %}",
        "{% for grant in data.grants if grant.amount_cents %}{{ loop.index }} {{ grant.funder }}{% endfor %}",
        "{{ data.grants[0].funder|upper }}",
        "{{ data.grants|length + 1 }}",
        "{% if case.stage in ('submitted', 'funded') %}a{% elif not link %}b{% else %}c{% endif %}",
        "{{ (case.starts_on or case.deposited_on)|day if case.deposited_on else '' }}",
        "{{ data.conditions|default('aucune', true)|capitalize|trim }}",
        "{% set n = namespace(x=0) %}{% for g in data.grants %}{% set n.x = n.x + g.amount_cents %}{% endfor %}",
        "{% set n = namespace(x=0) %}{% set n.x = n.x - 1 %}{{ n.x|money }}",
        "{{ data.report_due }}",
        "{{ remedies }}",
    ],
)
def test_what_a_letter_needs_is_allowed(text):
    assert check(text=text) == []


@pytest.mark.parametrize("subject", ["a\nb", "a\r\nBcc: x@evil.test", "a\u2028b", "{# #}", " "])
def test_a_subject_is_one_line_and_says_something(subject):
    assert next(problem.part for problem in check(subject=subject)) == "subject"


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src='https://x.test/pixel.gif'>",
        "<style>p{color:red}</style>",
        "<form action='https://x.test'><input></form>",
        "<p onclick='x'>a</p>",
        "<p style='position:fixed'>a</p>",
        '<a href="javascript:alert(1)">a</a>',
        '<a href="java\tscript:alert(1)">a</a>',
        '<a href=" data:text/html,x">a</a>',
        '<a href="{{ case.title }}">a</a>',
        "<a href={{ link }}>a</a>",
        "<a href='{{ link }}'>a</a>",
        '<p class="{{ case.title }}">a</p>',
        "<p {{ case.title }}>a</p>",
        "<{{ case.title }}>a",
        "<{% if link %}p{% endif %}>a</p>",
        "{% raw %}{{ <script>alert(1)</script> }}{% endraw %}",
        "<!-- a -->",
        "<!doctype html>",
        "<?php ?>",
        "<p>a",
        "a</p>",
        "<p><strong>a</p></strong>",
        "<p",
        '<p title="a',
    ],
)
def test_html_that_a_letter_may_not_hold_is_refused(html):
    problems = check(html=html)

    assert problems
    assert {problem.part for problem in problems} == {"html"}


@pytest.mark.parametrize(
    "html",
    [
        '<h2>Titre</h2><p class="small">a &lt; b<br>c</p><ul><li>d</li></ul>',
        '{% if link %}<a class="button" href="{{ link }}">a</a>{% endif %}',
        '<a href="mailto:{{ contract.reply_to }}">a</a> <a href="https://amiens.example/?q={{ case.reference }}">b</a>',
        '<p title="{{ case.title }}">1 < 2</p>',
        "{% for grant in data.grants %}\n  <p>{{ grant.funder }}</p>\n{% endfor %}",
    ],
)
def test_plain_html_is_allowed(html):
    assert check(html=html) == []


def test_problems_come_in_the_order_of_the_page():
    problems = check(subject="{{ nobody }}", text="{{ b }}\n{{ a }}", html="<script></script>")

    assert [(problem.part, problem.line) for problem in problems] == [
        ("subject", 1), ("text", 1), ("text", 2), ("html", 1),
    ]  # fmt: skip


def test_every_sentence_is_in_both_languages():
    for problem in check(subject="{{ nobody }}", text="{% include 'x' %}{{ a|safe }}", html="<p>"):
        assert problem.sentence.fr != problem.sentence.en
        assert "{" not in problem.sentence.fr + problem.sentence.en


def test_a_letter_that_does_not_exist_has_no_template():
    with pytest.raises(KeyError):
        check(name="nothing")


@pytest.mark.parametrize("sign", ["\\x00", "\\ud800", "\\x1b", "\\u202e"])
@pytest.mark.parametrize("part", ["subject", "text", "html"])
def test_an_escape_writes_nothing_a_letter_may_not_hold(part, sign):
    parts = {"subject": "Objet", "text": "Texte", "html": "<p>Texte</p>"}
    parts[part] += "{% if data.missed_on %}{{ '" + sign + "' }}{% endif %}"

    found = check_template("acknowledge", "fr", parts["subject"], parts["text"], parts["html"])

    assert [(problem.part, problem.sentence.en) for problem in found] == [
        (part, "This template contains an invisible control character.")
    ]


def test_a_number_without_end_is_a_fault_of_the_template():
    found = check_template("acknowledge", "fr", "Objet", "{{ " + "9" * 5_000 + " }}", "<p>Texte</p>")

    assert [problem.part for problem in found] == ["text"]
    assert "number too long" in found[0].sentence.fr
