"""How alike two texts are: the letters they have in common, in the same order."""


class Likeness:
    """One text that many are compared with: at each letter, the places where it stands, a bit each."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._places: dict[str, int] = {}
        for place, letter in enumerate(text):
            self._places[letter] = self._places.get(letter, 0) | 1 << place

    def to(self, other: str) -> float:
        """Twice the letters in common over those of both: 1 for the same text, 0 for nothing in common.

        The longest common subsequence, all places at once (Hyyrö, “Bit-parallel LCS-length computation”, 2004).
        """
        every = row = (1 << self._length) - 1
        for letter in other:
            met = row & self._places.get(letter, 0)
            row = (row + met | row - met) & every
        both = self._length + len(other)
        return 2 * (self._length - row.bit_count()) / both if both else 1.0
