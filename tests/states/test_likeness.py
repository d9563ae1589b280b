"""How alike two texts are, beside the plain reading of a longest common subsequence."""

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from parvis.states.likeness import Likeness

WORDS = st.text("abcé ", max_size=12)


@given(WORDS, WORDS)
def test_it_is_twice_the_longest_common_subsequence_over_both_lengths(one, other):
    @cache
    def common(i: int, j: int) -> int:
        if not i or not j:
            return 0
        return (
            common(i - 1, j - 1) + 1
            if one[i - 1] == other[j - 1]
            else max(common(i - 1, j), common(i, j - 1))
        )

    both = len(one) + len(other)

    assert Likeness(one).to(other) == (2 * common(len(one), len(other)) / both if both else 1)
