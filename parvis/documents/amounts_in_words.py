"""Amounts written out in French, as a grant order and an agreement say them beside their figures."""

_UNITS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_TENS = (
    "",
    "",
    "vingt",
    "trente",
    "quarante",
    "cinquante",
    "soixante",
    "soixante",
    "quatre-vingt",
    "quatre-vingt",
)


def euros_in_words(cents: int) -> str:
    """`12_345_50` as `douze mille trois cent quarante-cinq euros et cinquante centimes`; up to 999 millions."""
    euros, rest = divmod(cents, 100)
    said = f"{whole_in_words(euros)} {_euro(euros)}"
    return f"{said} et {whole_in_words(rest)} centime{'s' if rest > 1 else ''}" if rest else said


def whole_in_words(number: int) -> str:
    """A whole number from 0 to 999 999 999, in words."""
    millions, rest = divmod(number, 1_000_000)
    thousands, units = divmod(rest, 1_000)
    parts = []
    if millions:
        parts.append(f"{_hundreds(millions, last=True)} million{'s' if millions > 1 else ''}")
    if thousands:
        parts.append("mille" if thousands == 1 else f"{_hundreds(thousands, last=False)} mille")
    if units or not parts:
        parts.append(_hundreds(units, last=True))
    return " ".join(parts)


def _euro(euros: int) -> str:
    if euros and euros % 1_000_000 == 0:
        return "d’euros"
    return "euros" if euros > 1 else "euro"


def _hundreds(number: int, *, last: bool) -> str:
    """Below a thousand; `cent` and `quatre-vingt` take an s only when nothing follows them, not even `mille`."""
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest, last=last)
    said = "cent" if hundreds == 1 else f"{_UNITS[hundreds]} cent"
    if rest:
        return f"{said} {_below_hundred(rest, last=last)}"
    return f"{said}s" if hundreds > 1 and last else said


def _below_hundred(number: int, *, last: bool) -> str:
    if number < 20:
        return _UNITS[number]
    tens, unit = divmod(number, 10)
    if tens in (7, 9):
        unit += 10
    word = _TENS[tens]
    if unit == 0:
        return f"{word}s" if tens == 8 and last else word
    if unit in (1, 11) and tens not in {8, 9}:
        return f"{word} et {_UNITS[unit]}"
    return f"{word}-{_UNITS[unit]}"
