"""The provisional budget of a dossier of the portal: its lines, its totals, and what each funder is asked."""

from collections.abc import Iterator
from datetime import date

from parvis.services.imports.context import ImportContext
from parvis.services.imports.deposit import BudgetLine, FunderAsk, Side
from parvis.services.imports.portal_shape import Dossier, Line, Money, Opinion, Plan, PlanSide, Post
from parvis.services.imports.portal_values import DossierValues
from parvis.states import fields
from parvis.states.fields import Raw, shortened
from parvis.states.words import Cents, Sentence

SUBSIDIES = "74"

TOTAL_DIFFERS = Sentence(
    fr="Le total du poste {post}, {total}, n’est pas la somme de ses lignes, {lines} ; les lignes sont "
    "retenues.",
    en="The total of account {post}, {total}, is not the sum of its lines, {lines}; the lines are used.",
)
OTHER_YEARS = Sentence(
    fr="Le dossier a {count} plans de financement ; celui de {year} est retenu.",
    en="The case has {count} financing plans; the one of {year} is used.",
)
ASKED_NOTHING = Sentence(
    fr="{funder} figure au plan de financement pour {amount} : ce financeur n’est pas compté parmi les "
    "sollicités.",
    en="{funder} is in the financing plan for {amount}: this funder is not counted among those asked.",
)
SUMMARY_DIFFERS = Sentence(
    fr="Le récapitulatif demande {summary} à {funder}, le plan de financement {plan} ; le plan est retenu.",
    en="The summary asks {summary} from {funder}, the financing plan {plan}; the plan is used.",
)
UNKNOWN_FUNDERS = Sentence(
    fr="Financeurs hors du contrat de ville, gardés sous leur nom : {names}.",
    en="Funders outside the city contract, kept by name: {names}.",
)


def chosen_plan(dossier: Dossier, values: DossierValues) -> Plan:
    """The plan of the year the dossier is for, else the current one, else the first; empty when there is none."""
    plans = dossier.plans
    if not plans:
        return Plan()
    of_the_year = [plan for plan in plans if plan.periode.exercice == dossier.exercice]
    chosen = (of_the_year or [plan for plan in plans if plan.current] or plans)[0]
    if len(plans) > 1:
        values.warn(OTHER_YEARS, count=len(plans), year=str(chosen.periode.exercice or dossier.exercice))
    return chosen


def read_budget(plan: Plan, values: DossierValues) -> tuple[BudgetLine, ...]:
    """The lines that carry an amount, costs then income; a total that is not their sum leaves a warning."""
    sides = ((Side.CHARGE, "depense", plan.depense), (Side.PRODUIT, "recette", plan.recette))
    return tuple(line for side, path, part in sides for line in _side(side, path, part, values))


def read_funders(
    plan: Plan, dossier: Dossier, context: ImportContext, values: DossierValues
) -> tuple[FunderAsk, ...]:
    """What each line of account 74 asks, from whom, and what is already answered."""
    asks: list[FunderAsk] = []
    unknown: list[str] = []
    for post in plan.recette.postes:
        for _, path, line in _lines(post) if post.reference == SUBSIDIES else ():
            ask = _ask(f"recette.{path}", line, context, values)
            if ask:
                asks.append(ask)
                unknown += [ask.name] if ask.code is None else []
    if unknown and context.funders:
        values.warn(UNKNOWN_FUNDERS, names=unknown)
    _compare_summary(dossier, asks, values)
    return tuple(asks)


def _side(side: Side, path: str, part: PlanSide, values: DossierValues) -> Iterator[BudgetLine]:
    total = 0
    for post in part.postes:
        lines = list(_post(side, path, post, values))
        total += sum(line.amount_cents for line in lines)
        yield from lines
    _compare_total(path, part.montant, total, values)


def _post(side: Side, side_path: str, post: Post, values: DossierValues) -> Iterator[BudgetLine]:
    sums: dict[str, int] = {}
    for account, path, line in _lines(post):
        cents = _cents(values, f"{side_path}.{path}", line.montant)
        label = _name(values, f"{side_path}.{path}", line) or account
        sums[account] = sums.get(account, 0) + cents
        if cents:
            yield BudgetLine(side=side, account=account, label=label, amount_cents=cents)
    for sub in post.sous_postes:
        account = sub.reference or post.reference or ""
        _compare_total(account, sub.montant, sums.get(account, 0), values)
    if not any(sums.values()):
        # Some applicants fill the total of a post and none of its lines.
        cents = _cents(values, f"{side_path}.{post.reference}", post.montant)
        if cents:
            account = post.reference or ""
            label = values.spare(f"{side_path}.{account}", _short, _label(post)) or account
            yield BudgetLine(side=side, account=account, label=label, amount_cents=cents)
    else:
        _compare_total(post.reference or "", post.montant, sum(sums.values()), values)


def _lines(post: Post) -> Iterator[tuple[str, str, Line]]:
    """The account, the path and the content of every line, those of sub-posts last."""
    reference = post.reference or ""
    for line in post.lignes:
        account = line.reference or reference
        yield account, f"{reference}.{account}", line
    for sub in post.sous_postes:
        account = sub.reference or reference
        for number, line in enumerate(sub.lignes):
            yield account, f"{reference}.{account}.lignes[{number}]", line


def _ask(path: str, line: Line, context: ImportContext, values: DossierValues) -> FunderAsk | None:
    funding = line.financement
    name = _name(values, path, line)
    if line.montant is None or line.montant.ht is None or name is None:
        return None
    cents = _cents(values, path, line.montant)
    if not cents:
        if values.sound:
            values.warn(ASKED_NOTHING, funder=shortened(name), amount=Cents(0))
        return None
    known = context.funder(name)
    opinion = line.avis_recevabilite or line.avis_prise_en_charge or Opinion()
    return FunderAsk(
        name=name,
        code=known.code if known else None,
        requested_cents=cents,
        status=values.spare(f"{path}.statut", _short, funding.statut if funding else None),
        opinion=values.spare(f"{path}.avis", _short, opinion.avis),
        opinion_on=_day(values, f"{path}.avis.date", opinion.date),
        comment=values.spare(f"{path}.commentaire", _comment, line.commentaire or opinion.commentaire),
        proposed_cents=_answered(values, f"{path}.montantPropose", opinion.montant_propose),
        granted_cents=_answered(values, f"{path}.montantVote", funding.montant_vote if funding else None),
        decided_on=_day(values, f"{path}.dateDecision", funding.date_decision if funding else None),
    )


def _compare_summary(dossier: Dossier, asks: list[FunderAsk], values: DossierValues) -> None:
    planned: dict[str, int] = {}
    for ask in asks:
        planned[ask.name] = planned.get(ask.name, 0) + ask.requested_cents
    for funder in dossier.multi.financeurs:
        name = values.spare("multiFinancement", _short, funder.title)
        summary = _answered(values, "multiFinancement.montant", funder.montant)
        if name and summary is not None and summary != planned.get(name, 0):
            values.warn(
                SUMMARY_DIFFERS,
                summary=Cents(summary),
                funder=shortened(name),
                plan=Cents(planned.get(name, 0)),
            )


def _compare_total(post: str, written: Money | None, lines: int, values: DossierValues) -> None:
    total = _answered(values, f"{post}.montant", written)
    if total is not None and total != lines:
        values.warn(TOTAL_DIFFERS, post=shortened(post), total=Cents(total), lines=Cents(lines))


def _cents(values: DossierValues, path: str, money: Money | None) -> int:
    if money is None or money.ht is None:
        return 0
    return values.require(path, lambda value: fields.amount(value, zero_allowed=True), money.ht) or 0


def _answered(values: DossierValues, path: str, money: Money | None) -> int | None:
    written: Raw = money.ht if money else None
    return values.spare(path, lambda value: fields.amount(value, zero_allowed=True), written)


def _day(values: DossierValues, path: str, written: str | None) -> date | None:
    return values.spare(path, fields.calendar_day, written)


def _name(values: DossierValues, path: str, line: Line) -> str | None:
    """The funder of a line, else the words of the form."""
    funder = line.financement.financeur if line.financement else None
    written = funder.title if funder and not fields.is_blank(funder.title) else _label(line)
    return values.spare(f"{path}.libelle", _short, written)


def _label(part: Line | Post) -> str | None:
    return part.libelle.value if part.libelle else None


def _short(value: Raw) -> str:
    return fields.text(value, max_length=300)


def _comment(value: Raw) -> str:
    return fields.text(value, max_length=5_000, lines=True)
