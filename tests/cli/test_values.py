"""What people type after an option becomes a value, or a sentence that says how to write it."""

import pytest

from parvis.cli.output import plain
from parvis.cli.values import WrongUseError, chosen, code, shares, whole
from parvis.states.stages import ACTION_WORDS, ROLE_WORDS, STAGE_WORDS, Action, Role, Stage
from parvis.states.words import Sentence


@pytest.mark.parametrize("action", Action)
def test_every_action_goes_by_its_code_and_by_its_name_in_both_languages(action):
    for typed in (action.value, code(action), ACTION_WORDS[action].fr.upper(), ACTION_WORDS[action].en):
        assert chosen("ACTION", typed, Action, ACTION_WORDS) is action


@pytest.mark.parametrize(
    ("typed", "role"),
    [
        ("secrétaire", Role.SECRETARY),
        ("secretaire", Role.SECRETARY),
        ("porteur", Role.APPLICANT),
        ("MEMBRE", Role.MEMBER),
    ],
)
def test_a_role_goes_by_its_first_word_when_no_other_begins_so(typed, role):
    assert chosen("--role", typed, Role, ROLE_WORDS) is role


@pytest.mark.parametrize("typed", ["demander", "déclarer", "declare", "recevoir"])
def test_a_beginning_several_share_is_not_enough(typed):
    with pytest.raises(WrongUseError):
        chosen("ACTION", typed, Action, ACTION_WORDS)


def test_the_nearest_choice_is_named():
    with pytest.raises(WrongUseError) as wrong:
        chosen("--stage", "submited", Stage, STAGE_WORDS)

    assert "« submitted »" in wrong.value.sentence.fr.replace("\u202f", " ")


@pytest.mark.parametrize("typed", ["0", "-1", "10001", "1.5", "mille", "", "\uff11\uff12", "9" * 50])
def test_a_number_out_of_bounds_is_refused(typed):
    with pytest.raises(WrongUseError):
        whole("--limit", typed)


def test_shares_are_cents_by_funder():
    assert shares("--amount", ["ETAT=1 234,56", "ville = 10 €"]) == (("etat", 123_456), ("ville", 1_000))


@pytest.mark.parametrize("typed", ["etat", "=5", "etat=", "etat=-5", "etat=1,234", "etat=5 $"])
def test_a_share_that_cannot_be_read_is_refused(typed):
    with pytest.raises(WrongUseError):
        shares("--amount", [typed])


def test_json_never_guesses_how_to_write_something():
    assert plain({"a": (b"\x01", Stage.DRAFT, Sentence("x", "y"))}) == {
        "a": ["01", "draft", {"fr": "x", "en": "y"}]
    }
    with pytest.raises(TypeError):
        plain(object())
