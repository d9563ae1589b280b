"""The line of an agreement as a picture: its years, the steps of its renewal, the end of its approval, today."""

from collections.abc import Sequence
from datetime import date
from html import escape

from parvis.states.agreement_calendar import RenewalCalendar
from parvis.states.agreement_facts import Year

WIDTH, HEIGHT, LEFT = 640, 74, 14
_LINE = 34


def agreement_line(
    label: str, years: Sequence[Year], steps: RenewalCalendar, *, approval_ends_on: date | None, today: date
) -> str:
    """An SVG picture: a bar a year (full when firm), marks 1 to 4 for the steps, a diamond for the approval, today.

    Everything it shows is said in words beside it; its marks have the numbers of those words.
    """
    if not years:
        return ""
    first, last = years[0].starts_on, years[-1].ends_on
    span = max((last - first).days, 1)

    def at(day: date) -> float:
        share = min(max((day - first).days / span, 0), 1)
        return round(LEFT + share * (WIDTH - 2 * LEFT), 1)

    inside = []
    for year in years:
        left, right = at(year.starts_on), at(year.ends_on)
        inside.append(
            f'<rect x="{left}" y="{_LINE - 6}" width="{max(right - left - 2, 1):.1f}" height="12" rx="3"'
            f' fill="currentColor" fill-opacity="{"0.55" if year.firm else "0.18"}"/>'
            f'<text x="{left + 4}" y="{_LINE + 26}" fill="currentColor">{year.starts_on.year}</text>'
        )
    days = (steps.opens_on, steps.evaluation_on, steps.request_on, steps.decision_on)
    for number, day in enumerate(days, 1):
        inside.append(
            f'<line x1="{at(day)}" x2="{at(day)}" y1="{_LINE - 14}" y2="{_LINE + 8}" stroke="currentColor"/>'
            f'<text x="{at(day)}" y="{_LINE - 18}" text-anchor="middle" fill="currentColor">{number}</text>'
        )
    if approval_ends_on is not None and first <= approval_ends_on <= last:
        x = at(approval_ends_on)
        inside.append(f'<path d="M{x} {_LINE - 8}l6 8l-6 8l-6 -8z" fill="none" stroke="currentColor"/>')
    if first <= today <= last:
        inside.append(
            f'<line x1="{at(today)}" x2="{at(today)}" y1="4" y2="{HEIGHT - 4}" stroke="currentColor"'
            ' stroke-width="2" stroke-dasharray="3 3"/>'
        )
    return (
        f'<svg role="img" aria-label="{escape(label)}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" font-size="12" xmlns="http://www.w3.org/2000/svg"><title>{escape(label)}</title>'
        f"{''.join(inside)}</svg>"
    )
