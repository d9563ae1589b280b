"""From the content of a year's report to what its template lays out: shown amounts, charts in words, cleaned texts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from parvis.documents.clean import line
from parvis.documents.figures import NARROW, NONE, column, count, day, euros
from parvis.documents.typeset import typeset
from parvis.documents.yearly import Compared, Family, FundedAction, Spot, YearContent, YearRow

HEAD = 60
"""Characters of a name at the head or the foot of a page, which have one line."""
MONEY_HEAD = ("Proposées", "Financées", "Évaluées", "Non réalisées", "Demandé", "Accordé", "Versé", "Dépensé")
PEOPLE_HEAD = (
    "Bilans acceptés", "Personnes prévues", "dont au bilan accepté", "Personnes touchées", "% quartiers, prévu",
    "% quartiers, constaté", "Coût par personne, prévu", "Coût par personne, constaté",
    "% femmes et filles", "% moins de 26 ans",
)  # fmt: skip
ACTIONS_HEAD = (
    "Action", "Quartiers", "Défis", "Étape", "Demandé", "Accordé", "Versé", "Dépensé", "Prévues", "Touchées",
)  # fmt: skip


def year_pdf(content: YearContent, *, stamped_at: datetime) -> bytes:
    """The report of a year as an accessible PDF: the same of the same, to the byte.

    Raises:
        TypesettingError: it cannot be made.
    """
    return typeset("yearly.typ", year_data(content), stamped_at=stamped_at)


def year_data(content: YearContent) -> dict[str, Any]:
    """What `yearly.typ` lays out."""
    title = f"Évaluation {content.year}"
    return {
        "title": line(f"{title} – {content.contract}"),
        "author": line(content.city),
        "head": [line(content.city, HEAD), line(content.contract, HEAD)],
        "foot": f"{title} – chiffres du {day(content.counted_on)}",
        "cover": _cover(content, title),
        "summary": [line(sentence, 2_000) for sentence in content.summary],
        "how": line(content.how, 2_000),
        "compared": _compared(content),
        "matrix": _matrix(content),
        "families": [_family(family, content) for family in content.families],
        "in-force": _in_force(content) if content.in_force else None,
        "actions": _actions(content.actions),
    }


def _cover(content: YearContent, title: str) -> dict[str, Any]:
    total = content.total
    return {
        "city": line(content.city), "contract": line(content.contract), "title": title,
        "when": f"Chiffres du {day(content.counted_on)}",
        "figures": [
            (_number(total.proposed), "actions proposées"), (_number(total.funded), "actions financées"),
            (euros(total.granted_cents), "accordés"),
            (_number(total.people_done), "personnes touchées, selon les bilans"),
        ],
    }  # fmt: skip


def _compared(content: YearContent) -> dict[str, Any]:
    rows = [_compared_row(one) for one in content.compared]
    years = (str(content.year - 1), str(content.year))
    chart = None
    if rows and content.families:
        first = content.families[0]
        pairs = [(row.name, row.granted_before_cents, row.granted_cents) for row in first.rows]
        caption = f"Accordé par {first.column.lower()} en {years[0]} et en {years[1]}"
        chart = _pairs(pairs, caption, years, money=True)
    return {
        "title": f"{years[1]} et {years[0]}", "says": line(content.compared_says),
        "head": ("Chiffre", years[1], years[0], "Écart", "Écart en %"), "rows": rows, "chart": chart,
    }  # fmt: skip


def _compared_row(one: Compared) -> tuple[str, ...]:
    amounts = (one.now, one.before, one.now - one.before)
    shown = column(amounts) if one.money else [_number(amount) for amount in amounts]
    return (line(one.name), *shown, _change(one.change))


def _matrix(content: YearContent) -> dict[str, Any]:
    return {
        "codes": [line(code) for code, _ in content.challenges],
        "labels": [(line(code), line(label)) for code, label in content.challenges],
        "rows": [(line(name), [_spot(spot) for spot in spots]) for name, spots in content.crossed],
        "says": line(content.gaps_say, 2_000),
        "gaps": [
            (line(gap.challenge), line(gap.nowhere) or NONE, line(gap.unfunded) or NONE)
            for gap in content.gaps
        ],
    }


def _spot(spot: Spot) -> tuple[str, str]:
    state = "funded" if spot.funded else "unfunded" if spot.proposed else "none"
    return (state, f"{spot.funded}\u00a0/\u00a0{spot.proposed}" if spot.proposed else NONE)


def _family(family: Family, content: YearContent) -> dict[str, Any]:
    rows = (*family.rows, content.total)
    money = [(row.name, row.requested_cents, row.granted_cents) for row in family.rows]
    people = [(row.name, row.people_planned, row.people_done) for row in family.rows]
    by = family.column.lower()
    money_rows, people_rows = _money_rows(rows), [_people_row(row) for row in rows]
    return {
        "title": line(family.title), "column": line(family.column), "says": line(family.says),
        "money-chart": _pairs(money, f"Demandé et accordé par {by}", ("Demandé", "Accordé"), money=True),
        "money-head": (*MONEY_HEAD, f"Accordé en {content.year - 1}"),
        "money": money_rows[:-1], "money-total": money_rows[-1],
        "people-chart": _pairs(people, f"Personnes prévues et touchées par {by}", ("Prévues", "Touchées"), money=False),
        "people-head": PEOPLE_HEAD, "people": people_rows[:-1], "people-total": people_rows[-1],
    }  # fmt: skip


def _money_rows(rows: Sequence[YearRow]) -> list[tuple[str, ...]]:
    """The rows of money: if one amount of a column has cents, all show theirs."""
    names = ("requested_cents", "granted_cents", "paid_cents", "spent_cents", "granted_before_cents")
    amounts = zip(*(column(getattr(row, name) for row in rows) for name in names), strict=True)
    return [
        (
            line(row.name),
            *map(_number, (row.proposed, row.funded, row.evaluated, row.not_carried_out)),
            *shown,
        )
        for row, shown in zip(rows, amounts, strict=True)
    ]


def _people_row(row: YearRow) -> tuple[str, ...]:
    counts = (row.reported, row.people_planned, row.people_planned_reported, row.people_done)
    return (
        line(row.name), *map(_number, counts), _percent(row.share_planned), _percent(row.share_done),
        euros(row.cost_planned_cents), euros(row.cost_done_cents), _percent(row.share_women), _percent(row.share_young),
    )  # fmt: skip


def _in_force(content: YearContent) -> dict[str, Any]:
    amounts = zip(
        column(one.firm_cents for one in content.in_force),
        column(one.cents - one.firm_cents for one in content.in_force),
        column(one.cents for one in content.in_force),
        column(one.paid_cents for one in content.in_force),
        strict=True,
    )
    rows = [
        (line(one.name), _number(one.agreements), *shown)
        for one, shown in zip(content.in_force, amounts, strict=True)
    ]
    return {
        "title": "Les conventions en cours", "says": line(content.in_force_says, 2_000),
        "head": ("Financeur", "Conventions", "Ferme", "Indicatif", "Pour l’année", "Versé"),
        "rows": rows[:-1], "total": rows[-1],
    }  # fmt: skip


def _pairs(
    rows: Iterable[tuple[str, int, int]], caption: str, legend: tuple[str, str], *, money: bool
) -> dict[str, Any] | None:
    """A chart of two bars a row, as `charts.typ` draws it; None when there is nothing to draw."""
    listed = list(rows)
    longest = max((max(first, second) for _, first, second in listed), default=0)
    if longest <= 0:
        return None
    said = euros if money else _number
    told = [
        f"{line(name)} : {said(first)} ({legend[0].lower()}), {said(second)} ({legend[1].lower()})"
        for name, first, second in listed
    ]
    return {
        "rows": [
            {"label": line(name), "asked": max(first, 0) / longest, "proposed": max(second, 0) / longest,
             "asked-said": said(first), "proposed-said": said(second)}
            for name, first, second in listed
        ],
        "legend": legend, "caption": line(caption), "alt": line(f"{caption}. {' ; '.join(told)}.", 8_000),
    }  # fmt: skip


def _actions(actions: Sequence[FundedAction]) -> dict[str, Any]:
    rows = [
        (
            line(one.reference), line(one.title), line(one.organisation),
            ", ".join(map(line, one.neighbourhoods)) or NONE,
            ", ".join(map(line, one.challenges)) or NONE, line(one.stage), euros(one.requested_cents),
            euros(one.granted_cents), euros(one.paid_cents), euros(one.spent_cents), _number(one.people_planned),
            _number(one.people_done),
        )
        for one in actions
    ]  # fmt: skip
    intro = (
        f"{count(len(rows), 'action financée', 'actions financées')}, par référence."
        if rows else "Aucune action n’est financée."
    )  # fmt: skip
    return {"intro": intro, "head": ACTIONS_HEAD, "rows": rows}


def _number(value: int | None) -> str:
    if value is None:
        return NONE
    return f"{'−' if value < 0 else ''}{abs(value):,}".replace(",", NARROW)


def _percent(value: int | None) -> str:
    return NONE if value is None else f"{_number(value)}{NARROW}%"


def _change(value: int | None) -> str:
    return f"+{_percent(value)}" if value is not None and value > 0 else _percent(value)
