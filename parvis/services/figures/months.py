"""Months of money as a picture: what was planned and what was paid, side by side, and below what came back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from parvis.services.figures.charts import INKS
from parvis.services.figures.showing import euros, thousands
from parvis.states.words import Sentence

WIDTH, TALL, LEFT, TOP, BOTTOM = 960, 150, 64, 10, 44
LEVELS = 4
SAID = Sentence("{month}, {what} : {amount}", "{month}, {what}: {amount}")
THOUSANDS_CENTS = 10_000_00
"""From how much on the levels are told in thousands."""
Words = tuple[Sentence, Sentence, Sentence]
BACK = 'class="back" fill="none" stroke="currentColor" stroke-width="1.4" stroke-dasharray="3 2"'


@dataclass(frozen=True, slots=True)
class MonthOfMoney:
    """A month, or what has no day yet: its name, long and short, and its amounts in cents."""

    name: Sentence
    short: Sentence
    planned_cents: int
    paid_cents: int
    back_cents: int


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where amounts fall: `top` cents are `TALL` above `base`, `under` cents are `deep` below it."""

    top: int
    under: int

    @property
    def base(self) -> float:
        return TOP + TALL

    @property
    def deep(self) -> float:
        return min(TALL / 2, max(8.0, TALL * self.under / self.top)) if self.under else 0.0


def months_of_money(label: str, months: Sequence[MonthOfMoney], words: Words, language: str) -> str:
    """The months as one SVG element; `words` name what is planned, paid and paid back."""
    scale = _Scale(
        _round_up(max((max(each.planned_cents, each.paid_cents) for each in months), default=0)),
        max((each.back_cents for each in months), default=0),
    )
    step, under = (WIDTH - LEFT) / max(1, len(months)), scale.base + scale.deep
    inside = [_level(scale.top * level // LEVELS, scale, language) for level in range(LEVELS + 1)]
    for index, each in enumerate(months):
        x = LEFT + index * step
        for (style, left, top, tall), word, cents in _bars(each, scale, step, words):
            said = escape(SAID.fill(month=each.name, what=word, amount=euros(cents, language)).say(language))
            inside.append(
                f'<rect {style} x="{x + left:.1f}" y="{top:.1f}" width="{step * 0.36:.1f}" height="{tall:.1f}">'
                f"<title>{said}</title></rect>"
            )
        inside.append(_text(x + step / 2, under + 15, each.short.say(language), "middle"))
    inside += _legend(words if scale.under else words[:2], under + 36, language)
    height = under + BOTTOM
    return (
        f'<svg role="img" aria-label="{escape(label)}" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}"'
        f' height="{height:.0f}" font-size="12" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(label)}</title>{''.join(inside)}</svg>"
    )


def _bars(
    month: MonthOfMoney, scale: _Scale, step: float, words: Words
) -> Iterator[tuple[tuple[str, float, float, float], Sentence, int]]:
    """The bars of a month: style, left, top, height; what each is called and its cents."""
    above = ((INKS["whole"], 0.12, month.planned_cents), (INKS["part"], 0.5, month.paid_cents))
    for (style, left, cents), word in zip(above, words, strict=False):
        if cents:
            tall = max(1.0, TALL * cents / scale.top)
            yield (style, left * step, scale.base - tall, tall), word, cents
    if month.back_cents:
        tall = scale.deep * month.back_cents / scale.under
        yield (BACK, 0.5 * step, scale.base, tall), words[2], month.back_cents


def _level(cents: int, scale: _Scale, language: str) -> str:
    y = scale.base - TALL * cents / scale.top
    said = thousands(cents, language) if scale.top >= THOUSANDS_CENTS else euros(cents, language)
    line = f'<line {INKS["grid"]} x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return line + _text(LEFT - 6, y + 4, said, "end")


def _text(x: float, y: float, said: str, anchor: str) -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text fill="currentColor" {INKS["small"]} {where}>{escape(said)}</text>'


def _legend(words: Sequence[Sentence], y: float, language: str) -> Iterator[str]:
    for index, (word, style) in enumerate(zip(words, (INKS["whole"], INKS["part"], BACK), strict=False)):
        x = LEFT + 140 * index
        yield f'<rect {style} x="{x + 0.5:.1f}" y="{y - 9:.1f}" width="12" height="10"/>'
        yield _text(x + 18, y, word.say(language), "start")


def _round_up(cents: int) -> int:
    """The next amount in euros that four equal levels divide well."""
    power = 1_00
    while True:
        for step in (4, 8, 12, 16, 20, 24, 32, 40):
            if step * power >= cents:
                return step * power
        power *= 10
