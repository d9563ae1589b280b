"""The contract file: Amiens reads whole, and every kind of error names its line."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.services.contracts import ContractFileError, contract_schema, read_contract, schema_text
from parvis.services.contracts.hints import FIELDS, MODELS
from parvis.services.contracts.sentences import OTHER
from parvis.services.contracts.yaml_tree import MAX_BYTES
from parvis.states.calendar import is_working_day
from parvis.states.contract import Instrument, roll_forward
from parvis.states.stages import Role

CONTRACTS = Path(__file__).parents[2] / "contracts"
AMIENS = CONTRACTS / "amiens.yaml"

VALID = """\
code: ville
name: Contrat de ville
city: Ville
sender:
  name: Service
  email: service@ville.example
challenges:
  - code: D01
    label: Un défi
neighbourhoods:
  - code: QN08001M
    name: Étouvie
    commune: Amiens
funders:
  - code: caf
    name: CAF
    kind: caf
    email: caf@ville.example
people:
  - email: a@ville.example
    name: Anne
    role: instructor
committees:
  - code: pilotage
    name: Pilotage
    kind: steering
    held_on: [2027-05-27]
calls:
  - code: annuel-2027
    title: Appel 2027
    instrument: annual
    year: 2027
    opens_on: 2026-11-02
    closes_on: 2027-10-15
    funders: [caf]
    waves:
      - code: janvier
        title: Janvier
        closes:
          new: 2027-01-31
        decides_on: 2027-05-27
    times:
      reminder_time: 08:00
"""


def errors(text: str) -> list[tuple[int, str]]:
    with pytest.raises(ContractFileError) as refused:
        read_contract(text)
    return [(problem.line, problem.path) for problem in refused.value.problems]


def only_sentence(text: str) -> str:
    with pytest.raises(ContractFileError) as refused:
        read_contract(text)
    (problem,) = refused.value.problems
    return problem.sentence.fr


def edited(old: str, new: str) -> str:
    assert VALID.count(old) == 1, old
    return VALID.replace(old, new)


def line_of(words: str, text: str) -> int:
    return text.count("\n", 0, text.index(words)) + 1


def test_the_amiens_contract_says_what_the_programme_says():
    contract = read_contract(AMIENS)

    assert [challenge.code for challenge in contract.challenges] == [f"D{n:02d}" for n in range(1, 12)]
    assert len(contract.neighbourhoods) == 7
    assert {neighbourhood.commune for neighbourhood in contract.neighbourhoods} == {"Amiens"}
    assert {person.role for person in contract.people} == {
        Role.INSTRUCTOR,
        Role.FUNDER,
        Role.MEMBER,
        Role.SECRETARY,
        Role.MANAGER,
        Role.FINANCE,
        Role.ADMINISTRATOR,
    }
    assert {person.funder for person in contract.people if person.role == Role.FUNDER} == {
        funder.code for funder in contract.funders
    }
    assert [call.instrument for call in contract.calls] == [
        Instrument.ANNUAL,
        Instrument.ANNUAL,
        Instrument.SPECIFIC,
        Instrument.AGREEMENT,
        Instrument.SPECIFIC,
    ]


def test_the_amiens_waves_decide_on_a_sitting_of_the_committee_that_decides():
    contract = read_contract(AMIENS)
    sittings = {
        kind: {day for committee in contract.committees if committee.kind == kind for day in committee.days}
        for kind in {committee.kind for committee in contract.committees}
    }

    for call in contract.calls:
        for wave in call.waves:
            assert wave.decides_on in sittings[call.decides], (call.code, wave.code)
    assert all(is_working_day(day) for days in sittings.values() for day in days)


def test_the_amiens_renewals_close_before_new_actions_and_every_neighbourhood_has_its_committee():
    contract = read_contract(AMIENS)
    january = contract.call("annuel-2027").waves[0]

    assert january.closes.renewal is not None
    assert january.closes.renewal < january.closes.new
    for neighbourhood in contract.neighbourhoods:
        technical = [c for c in contract.committees if not c.covers_all and neighbourhood.code in c.covers]
        assert len(technical) == 1


def test_the_amiens_calls_can_be_prepared_for_the_next_years():
    contract = read_contract(AMIENS)

    assert roll_forward(contract.call("annuel-2027"), 1).code == "annuel-2028"
    assert roll_forward(contract.call("conventions-2027-2029"), 3).code == "conventions-2030-2032"


def test_a_file_is_read_with_or_without_its_byte_order_mark_and_windows_line_ends(tmp_path):
    file = tmp_path / "ville.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + VALID.replace("\n", "\r\n").encode())

    assert read_contract(file) == read_contract(VALID)


BROKEN = [
    ("city: Ville\n", "", "code: ville", "city"),
    ("  email: service@ville.example\n", "", "sender:", "sender.email"),
    ("    opens_on: 2026-11-02\n", "", "- code: annuel-2027", "calls[0].opens_on"),
    ("    closes_on:", "    closeson:", "closeson:", "calls[0].closeson"),
    ("    closes_on:", "    the_last_day_to_deposit:", "the_last_day", "calls[0].the_last_day_to_deposit"),
    ("instrument: annual", "instrument: annuel", "annuel\n", "calls[0].instrument"),
    ("year: 2027", "year: deux mille", "deux mille", "calls[0].year"),
    ("year: 2027", "year: 1999", "1999", "calls[0].year"),
    ("year: 2027", "year: 2127", "2127", "calls[0].year"),
    ("opens_on: 2026-11-02", "opens_on: 2026-02-30", "opens_on", "calls[0].opens_on"),
    ("opens_on: 2026-11-02", "opens_on:", "opens_on", "calls[0].opens_on"),
    ("opens_on: 2026-11-02", "opens_on: [2026-11-02]", "opens_on", "calls[0].opens_on"),
    ("new: 2027-01-31", "new: 2027-11-01", "new:", "calls[0].waves[0].closes.new"),
    ("decides_on: 2027-05-27", "decides_on: 2027-01-02", "decides_on", "calls[0].waves[0].decides_on"),
    ("funders: [caf]", "funders: caf", "funders: caf", "calls[0].funders"),
    ("funders: [caf]", "funders: [caf, cat]", "[caf, cat]", "calls[0].funders[1]"),
    ("funders: [caf]", "funders:\n      - caf\n      - cat", "- cat", "calls[0].funders[1]"),
    ("reminder_time: 08:00", "reminder_time: 8h", "8h", "calls[0].times.reminder_time"),
    ("reminder_time: 08:00", "reminder_time: [8]", "[8]", "calls[0].times.reminder_time"),
    ("    times:\n      reminder_time: 08:00", "    times: vite", "vite", "calls[0].times"),
    ("code: QN08001M", "code: QN8001M", "QN8001M", "neighbourhoods[0].code"),
    ("email: caf@ville.example", "email: caf(at)ville.example", "caf(at)", "funders[0].email"),
    ("kind: caf", "kind: bailleur", "bailleur", "funders[0].kind"),
    ("name: Anne", "name: {first: Anne}", "first: Anne", "people[0].name"),
    ("role: instructor", "role: instructeur", "instructeur", "people[0].role"),
    ("kind: steering", "kind: technical", "- code: annuel-2027", "calls[0].decides"),
    ("city: Ville", "city: Ville\ntimezone: Europe/London", "London", "timezone"),
    ("city: Ville", 'city: "Vi\\x07lle"', "x07", "city"),
    ("    times:", "    silent: peut-être\n    times:", "silent", "calls[0].silent"),
    ("    times:", "    silent: []\n    times:", "silent", "calls[0].silent"),
    ("    times:", "    accepts: []\n    times:", "accepts", "calls[0].accepts"),
    ("    times:", "    co_funding_ceiling: 80\n    times:", "ceiling", "calls[0].co_funding_ceiling"),
    ("    times:", "    co_funding_ceiling: {a: 1}\n    times:", "ceiling", "calls[0].co_funding_ceiling"),
    ("    times:", "    letters_folder: ../secret\n    times:", "secret", "calls[0].letters_folder"),
    ("    times:", "    grid: [{code: a, label: A, weight: 10}]\n    times:", "grid", "calls[0].grid"),
    (
        "    times:",
        "    grid:\n      - code: a\n        label: {de: A}\n        weight: 100\n    times:",
        "de: A",
        "calls[0].grid[0].label.de",
    ),
    (
        "    times:",
        "    payment_schedule: [{code: a, share: 50 %, on: report}]\n    times:",
        "50 %",
        "calls[0].payment_schedule",
    ),
]


@pytest.mark.parametrize(("old", "new", "at", "path"), BROKEN)
def test_each_kind_of_error_names_its_line_and_its_setting(old, new, at, path):
    text = edited(old, new)

    assert (line_of(at, text), path) in errors(text)


@pytest.mark.parametrize(("old", "new"), [broken[:2] for broken in BROKEN])
def test_no_error_of_the_models_is_left_without_its_own_sentence(old, new):
    with pytest.raises(ContractFileError) as refused:
        read_contract(edited(old, new))

    for problem in refused.value.problems:
        assert not problem.sentence.fr.startswith(OTHER.fr.split("(")[0])
        assert problem.sentence.en != problem.sentence.fr


def test_errors_of_several_places_are_listed_together_in_the_order_of_the_file():
    text = edited("kind: caf", "kind: chat").replace("year: 2027", "year: x").replace("city: Ville\n", "")

    assert errors(text) == [
        (1, "city"),
        (line_of("kind: chat", text), "funders[0].kind"),
        (line_of("year: x", text), "calls[0].year"),
    ]


def test_a_misspelt_setting_is_answered_with_the_nearest_known_one():
    assert "est-ce «\u202fcloses_on\u202f»" in only_sentence(edited("    closes_on:", "    closeson:"))
    assert "est-ce «\u202fname\u202f»" in only_sentence(
        edited("  name: Service", "  name: Service\n  nam: x")
    )


def test_an_error_quotes_what_was_written():
    with pytest.raises(ContractFileError) as refused:
        read_contract(edited("opens_on: 2026-11-02", "opens_on: 32/01/2027"))

    (problem,) = refused.value.problems
    assert problem.value == "32/01/2027"
    assert problem.say().startswith("ligne 33, calls[0].opens_on\u202f: La date «\u202f32/01/2027\u202f»")
    assert problem.say("en").startswith("line 33, calls[0].opens_on: ")


def test_a_year_that_is_the_word_on_or_no_stays_a_word():
    contract = read_contract(
        edited(
            "    times:",
            "    payment_schedule:\n      - {code: no, share: 100 %, on: report}\n    times:",
        )
    )

    assert contract.calls[0].payment_schedule[0].code == "no"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("code: a\n\tname: b\n", 2, "tabulation"),
        ("code: a\nname: b: c\n", 2, "pas à sa place"),
        ("code: a\nsender:\n  name: x\n email: y\n", 4, "alignée"),
        ('code: a\nname: "b\n', 2, "guillemet"),
        ("code: a\nname: [b, c\ncity: d\n", 3, "ne se lit pas"),
        ("code: a\ncode: b\n", 2, "déjà dit à la ligne 1"),
        ("code: a\nsender: {name: a, name: b}\n", 2, "déjà dit à la ligne 2"),
        ("code: a\nname: &x b\n", 2, "renvois"),
        ("code: a\nname: !!python/name:os.system b\n", 2, "types de YAML"),
        ("code: a\nname: !cat b\n", 2, "types de YAML"),
        ("code: a\n---\ncode: b\n", 2, "second document"),
        ("code: a\n[x, y]: b\n", 2, "un mot"),
        ("code: a\nname: b\x00\n", 2, "U+0000"),
        ("code: a\nname: b\x1b\n", 2, "U+001B"),
        ('code: a\nname: "\\UFFFFFFFF"\n', 2, "ne se lit pas"),
        ("", 1, "vide"),
        ("# rien\n", 1, "vide"),
        ("- a\n", 1, "n’est pas un contrat"),
        ("bonjour", 1, "n’est pas un contrat"),
        ("a: " + "[" * 200 + "]" * 200, 1, "niveaux"),
        ("a:\n" + "  - x\n" * 50_000, 39_997, "éléments"),
    ],
)
def test_yaml_that_a_contract_cannot_be_is_refused_at_its_line(text, line, words):
    with pytest.raises(ContractFileError) as refused:
        read_contract(text)

    problem = refused.value.problems[0]
    assert words in problem.sentence.fr
    assert problem.line == line


@given(st.data())
def test_however_a_file_is_spoilt_it_is_read_or_refused_with_lines_it_has(data):
    start = data.draw(st.integers(0, len(VALID)))
    length = data.draw(st.integers(0, 40))
    scrap = data.draw(
        st.text("\n\t :-[]{}\"'&*!|>%@#?,\\x0é\u0085\ud800abc", max_size=6) | st.text(max_size=4)
    )
    text = VALID[:start] + scrap + VALID[start + length :]

    lines = []
    try:
        read_contract(text)
    except ContractFileError as refused:
        lines = [problem.line for problem in refused.problems] or [0]

    assert all(1 <= line <= len(text) + 1 for line in lines)


def test_references_that_would_unfold_into_millions_are_refused_before_anything_is_built():
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))

    assert {line for line, _ in errors(bomb)} == set(range(1, 41))


def test_a_file_too_large_is_refused_unread(tmp_path):
    file = tmp_path / "large.yaml"
    file.write_bytes(b"#" * (MAX_BYTES + 1))

    with pytest.raises(ContractFileError) as refused:
        read_contract(file)

    assert "1 Mo" in refused.value.problems[0].sentence.fr
    assert refused.value.file == str(file)


def test_a_file_in_another_encoding_names_the_line_of_the_first_wrong_sign(tmp_path):
    file = tmp_path / "latin.yaml"
    file.write_bytes("code: a\nname: Été\n".encode("latin-1"))

    with pytest.raises(ContractFileError) as refused:
        read_contract(file)

    assert refused.value.problems[0].line == 2
    assert "UTF-8" in refused.value.problems[0].sentence.fr


def test_a_file_that_is_not_there_is_an_error_of_the_file_too(tmp_path):
    with pytest.raises(ContractFileError) as refused:
        read_contract(tmp_path / "absent.yaml")

    assert "absent.yaml" in refused.value.problems[0].sentence.fr


def test_the_published_schema_is_the_schema_of_the_models():
    published = (CONTRACTS / "contract.schema.json").read_text("utf-8")

    assert published == schema_text(), "write schema_text() into contracts/contract.schema.json"


def test_every_setting_of_the_schema_has_its_hint_and_no_hint_is_left_over():
    schema = contract_schema()
    blocks = {"Contract": schema, **schema["$defs"]}
    settings = {f"{name}.{field}" for name, block in blocks.items() for field in block.get("properties", {})}
    labels = {name for name in FIELDS if name.startswith("Label.")}

    assert settings == set(FIELDS) - labels
    assert set(blocks) - {"Label"} == set(MODELS)
    assert all("description" in block for name, block in blocks.items() if name != "Label")


def test_the_amiens_file_points_its_editor_to_the_schema():
    first_line = AMIENS.read_text("utf-8").splitlines()[0]

    assert first_line == "# yaml-language-server: $schema=contract.schema.json"
    assert json.loads((CONTRACTS / "contract.schema.json").read_text("utf-8"))["title"] == "Contrat de ville"
