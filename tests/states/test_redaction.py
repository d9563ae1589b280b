"""What a line of a journal keeps once people’s words leave it, and that its hash then tells nothing of them."""

import json

import pytest

from parvis.states.journal import GENESIS, Line, link
from parvis.states.redaction import SALT, salted, vouched, without_words
from tests.states.changes import NOON


def line(details: str, *, seq: int = 1, action: str = "reject") -> Line:
    return Line(7, seq, NOON, "person:3", "secretary", action, "committee", "rejected", details)


@pytest.mark.parametrize(
    ("said", "stays"),
    [
        ({"reason": "Voir Zoé", "score": 70}, {"score": 70}),
        (
            {"signer": "Zoé", "signed_on": "2026-06-01", "sha256": "ab"},
            {"signed_on": "2026-06-01", "sha256": "ab"},
        ),
        ({"documents": ["rib", "statuts"]}, {"documents": ["rib", "statuts"]}),
        ({"documents": ["rib", "Attestation de Zoé"]}, {}),
        (
            {"amounts": [["etat", 5]], "opinion": "reserved"},
            {"amounts": [["etat", 5]], "opinion": "reserved"},
        ),
        ({"found": [[1, 2]], "votes": {"for": 3}}, {"found": [[1, 2]], "votes": {"for": 3}}),
        ({"unforeseen": {"who": "Zoé"}}, {}),
    ],
)
def test_numbers_days_codes_and_ids_stay_and_what_somebody_typed_goes_whole(said, stays):
    assert without_words(said) == stays
    assert without_words({**salted(said, "ab" * 16)}) == stays


def test_a_hash_confirms_no_guess_of_words_and_lines_without_words_are_not_salted():
    said = {"reason": "Voir Zoé"}
    written = [json.dumps(each) for each in (salted(said, "ab" * 16), salted(said, "cd" * 16), said)]

    assert len({link(GENESIS, line(each)) for each in written}) == 3
    assert SALT in json.loads(written[0])
    assert salted({"score": 70}, "ab" * 16) == {"score": 70}


def test_a_line_vouches_for_those_before_it_alone_and_one_that_cannot_be_read_for_none():
    carried = line('{"redacted":{"1":"ab","3":"cd"}}', seq=3, action="anonymise")

    assert vouched([(line("{}"), b""), (carried, b"")]) == {1: "ab"}
    for broken in ("", "[]", '{"redacted":5}', '{"redacted":{"x":"y"}}'):
        assert vouched([(line(broken, seq=3, action="anonymise"), b"")]) == {}
