"""The State's portal: one dossier of JSON, or a list of them, to deposits."""

import re
from collections.abc import Iterator
from datetime import date

from pydantic import ValidationError

from parvis.services.imports.cells import Limits, too_many_rows
from parvis.services.imports.context import ImportContext, KnownCall, check_call_takes
from parvis.services.imports.deposit import BudgetLine, Deposit, FunderAsk, PortalEvent, Side, Source
from parvis.services.imports.portal_applicant import read_applicant
from parvis.services.imports.portal_budget import chosen_plan, read_budget, read_funders
from parvis.services.imports.portal_shape import Dossier, Event
from parvis.services.imports.portal_values import DossierValues
from parvis.services.imports.problems import NEVER, ProblemList, refused
from parvis.states import fields
from parvis.states.fields import FieldError, Raw, is_blank, shortened
from parvis.states.stages import Nature
from parvis.states.words import PARIS, Sentence

_QPV = re.compile(r"\bQN[0-9A-Z]{6}\b")
_FREQUENCIES = {"RENOUVELLEMENT": Nature.RENEWAL, "PREMIERE_DEMANDE": Nature.NEW, "PREMIERE": Nature.NEW}

SHAPE = Sentence(
    fr="{path} n’a pas la forme d’un dossier du portail : exportez de nouveau le dossier.",
    en="{path} does not have the shape of a case of the portal: export the case again.",
)
NO_DOSSIER = Sentence(
    fr="Le fichier ne contient aucun dossier du portail : vérifiez l’export.",
    en="The file contains no case of the portal: check the export.",
)
DUPLICATE = Sentence(
    fr="La référence « {value} » est déjà celle du dossier n° {number} du fichier : retirez l’un des deux.",
    en="Reference “{value}” is already that of case {number} of the file: remove one of them.",
)
ASKS_NOTHING = Sentence(
    fr="Aucune subvention n’est demandée au compte 74 : complétez le plan de financement dans le portail.",
    en="No subsidy is asked in account 74: complete the financing plan in the portal.",
)
WHOLE = Sentence(fr="Le fichier", en="The file")
PERIOD_REVERSED = Sentence(
    fr="L’action se terminerait le {ends}, avant de commencer le {starts} : la date de fin est laissée de "
    "côté.",
    en="The action would end on {ends}, before it starts on {starts}: the end date is set aside.",
)


def read_portal(value: object, context: ImportContext, limits: Limits) -> list[Deposit]:
    """Every dossier of the file, in its order.

    Raises:
        DepositFileError: every error of every dossier; the line of a problem is the number of its dossier.
    """
    written = value if isinstance(value, list) else [value]
    if not written:
        raise refused("file_no_rows", NO_DOSSIER)
    if len(written) > limits.rows:
        raise too_many_rows(limits, limits.rows + 1)
    problems = ProblemList()
    deposits: list[Deposit] = []
    first: dict[tuple[str, str], int] = {}
    for number, one in enumerate(written, start=1):
        deposit = _deposit(one, DossierValues(number, problems), context)
        if deposit is None:
            continue
        same = first.setdefault((deposit.call, deposit.external_id), number)
        if same != number:
            error = FieldError("external_id_duplicate", DUPLICATE, value=deposit.external_id, number=same)
            problems.add(error, line=number, column="reference", value=deposit.external_id)
        deposits.append(deposit)
    problems.refuse_if_any()
    return deposits


def _deposit(one: object, values: DossierValues, context: ImportContext) -> Deposit | None:
    try:
        dossier = Dossier.model_validate(one)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=False, include_input=False)[:20]:
            path = ".".join(str(step) for step in detail["loc"])
            values.note(FieldError("json_shape", SHAPE, path=shortened(path) or WHOLE), path[:200])
        return None
    built = _built(dossier, values, context)
    return built if values.sound else None


def _built(dossier: Dossier, values: DossierValues, context: ImportContext) -> Deposit:
    deposited_at = values.require("dateDemande", fields.instant, dossier.date_demande) or NEVER
    deposited_on = deposited_at.astimezone(PARIS).date() if deposited_at != NEVER else NEVER.date()
    nature = _FREQUENCIES.get(dossier.frequence or "")
    applicant = read_applicant(dossier, values)
    school = applicant.school or context.is_school(applicant.siret)
    budget, funders = _money(dossier, context, values)
    starts_on, ends_on = _period(dossier, values)
    return Deposit(
        source=Source.PORTAL,
        external_id=values.require("reference", _identifier, dossier.reference) or "",
        call=_call(values, context, deposited_on, nature, school=school),
        siret=applicant.siret,
        title=values.require("intituleProjet", _title, _written_title(dossier)) or "",
        requested_cents=sum(ask.requested_cents for ask in funders),
        deposited_at=deposited_at,
        deposited_on=deposited_on,
        nature=nature,
        school=school,
        rna=applicant.rna,
        organisation=applicant.name,
        email=applicant.email,
        phone=applicant.phone,
        address=applicant.address,
        contacts=applicant.contacts,
        summary=_summary(dossier, values),
        qpvs=tuple(_qpvs(dossier.localisations, context)),
        starts_on=starts_on,
        ends_on=ends_on,
        fiscal_year=values.spare("exerciceBudgetaire", _year, dossier.exercice),
        total_cost_cents=sum(line.amount_cents for line in budget if line.side is Side.CHARGE) or None,
        funders=funders,
        budget=budget,
        history=tuple(_history(dossier, values)),
        portal_status=values.spare("virtualStatus", _identifier, dossier.virtual_status or dossier.status),
        warnings=tuple(values.warnings),
    )


def _money(
    dossier: Dossier, context: ImportContext, values: DossierValues
) -> tuple[tuple[BudgetLine, ...], tuple[FunderAsk, ...]]:
    plan = chosen_plan(dossier, values)
    budget = read_budget(plan, values)
    funders = read_funders(plan, dossier, context, values)
    if values.sound:
        charges = [line.amount_cents for line in budget if line.side is Side.CHARGE]
        produits = [line.amount_cents for line in budget if line.side is Side.PRODUIT]
        values.check("planFinancement", lambda: fields.check_balanced(charges, produits))
        if not funders:
            values.note(FieldError("amount_zero", ASKS_NOTHING), "planFinancement.recette.74")
    return budget, funders


def _period(dossier: Dossier, values: DossierValues) -> tuple[date | None, date | None]:
    path, period = "periodeRealisation", dossier.periode
    starts = values.spare(f"{path}.dateDebut", fields.calendar_day, period.date_debut)
    ends = values.spare(f"{path}.dateFin", fields.calendar_day, period.date_fin)
    if starts and ends and ends < starts:
        values.warn(PERIOD_REVERSED, starts=starts, ends=ends)
        return starts, None
    return starts, ends


def _call(
    values: DossierValues, context: ImportContext, day: date, nature: Nature | None, *, school: bool
) -> str:
    if day == NEVER.date():
        return ""

    def resolved() -> KnownCall:
        context.check_not_future(day)
        call = context.call_by_default(day)
        check_call_takes(call, context, day=day, nature=nature, school=school)
        return call

    call = values.check("dateDemande", resolved)
    return call.code if call else ""


def _history(dossier: Dossier, values: DossierValues) -> Iterator[PortalEvent]:
    begin = dossier.history.begin
    steps = [Event(type="BEGIN", date=begin.date, reference="BEGIN", user=begin.user)] if begin.date else []
    for number, event in enumerate([*steps, *dossier.history.events]):
        path = f"history.events[{number - len(steps)}]" if number >= len(steps) else "history.begin"
        at = values.spare(f"{path}.date", fields.instant, event.date)
        status = values.spare(f"{path}.reference", _identifier, event.reference)
        if at and status:
            kind = values.spare(f"{path}.type", _identifier, event.type) or "STATUS"
            by = values.spare(f"{path}.user", _title, event.user.title)
            yield PortalEvent(at=at, kind=kind, status=status, by=by)


def _qpvs(written: object, context: ImportContext) -> dict[str, None]:
    """Codes of known neighbourhoods anywhere in the places of the dossier, once each, in their order."""
    match written:
        case str():
            return {code: None for code in _QPV.findall(written) if code in context.qpvs}
        case list():
            return {code: None for item in written for code in _qpvs(item, context)}
        case dict():
            return {code: None for item in written.values() for code in _qpvs(item, context)}
        case _:
            return {}


def _written_title(dossier: Dossier) -> str | None:
    titles = (dossier.intitule, dossier.libelle.value, dossier.objet.value)
    return next((title for title in titles if title and not is_blank(title)), None)


def _summary(dossier: Dossier, values: DossierValues) -> str | None:
    parts = [dossier.objet.value, dossier.description.value]
    written = "\n\n".join(part for part in dict.fromkeys(parts) if part and not is_blank(part))
    return values.spare("description", _long, written)


def _identifier(value: Raw) -> str:
    return fields.text(value, max_length=100)


def _year(value: Raw) -> int:
    return fields.integer(value, minimum=fields.FIRST_YEAR, maximum=fields.LAST_YEAR)


def _title(value: Raw) -> str:
    return fields.text(value, max_length=300)


def _long(value: Raw) -> str:
    return fields.text(value, max_length=20_000, lines=True)
