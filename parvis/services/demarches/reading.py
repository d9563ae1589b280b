"""A dossier of Démarche numérique to a deposit, by the mapping of its call; or every reason why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from pydantic import ValidationError

from parvis.services.demarches.form_values import FormValues, Names
from parvis.services.demarches.shapes import Dossier
from parvis.services.imports.context import ImportContext, check_call_takes
from parvis.services.imports.deposit import Contact, Deposit, FunderAsk, PortalEvent, Source
from parvis.services.imports.portal_applicant import is_school
from parvis.services.imports.portal_values import DossierValues
from parvis.services.imports.problems import NEVER, ProblemList, refused
from parvis.states import fields
from parvis.states.contract import Call, Contract
from parvis.states.contract.demarche import Demarche
from parvis.states.contract.demarche import FormField as F
from parvis.states.fields import FieldError, Raw, is_blank, shortened
from parvis.states.stages import Nature
from parvis.states.words import PARIS, Sentence

SHAPE = Sentence(
    "Le dossier {number} n’a pas la forme attendue ({path}) : signaler ce numéro à l’administrateur.",
    "Dossier {number} does not have the expected shape ({path}): tell the administrator this number.",
)
A_PERSON = Sentence(
    "Le dossier est déposé par une personne, sans SIRET : le demander au porteur, ou refuser le dossier là-bas.",
    "The dossier is deposited by a person, without a SIRET: ask the applicant for it, or refuse the dossier there.",
)
UNKNOWN_NATURE = Sentence(
    "« {value} » n’est ni « premiere » ni « renouvellement » : dire dans « natures » du contrat ce que c’est.",
    "“{value}” is neither “premiere” nor “renouvellement”: say in “natures” of the contract what it is.",
)
_NATURES = {
    "premiere": Nature.NEW, "premiere demande": Nature.NEW, "nouvelle action": Nature.NEW,
    "renouvellement": Nature.RENEWAL, "reconduction": Nature.RENEWAL,
}  # fmt: skip

_short = partial(fields.text, max_length=300)
_name = partial(fields.text, max_length=200)
_phone = partial(fields.text, max_length=40)
_long = partial(fields.text, max_length=20_000, lines=True)
_cents = partial(fields.amount, zero_allowed=True)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the dossiers of one call."""

    call: Call
    demarche: Demarche
    context: ImportContext
    names: Names
    funders: Mapping[str, str]

    @classmethod
    def of(cls, contract: Contract, call: Call, demarche: Demarche, context: ImportContext) -> "Reader":
        """The reader of a call that says which form it is deposited on."""
        names = {funder.code: funder.name for funder in contract.funders}
        return cls(call, demarche, context, Names.of(contract), names)

    def read(self, found: Mapping[str, Any]) -> tuple[Dossier, Deposit]:
        """A dossier, and the deposit it makes.

        Raises:
            DepositFileError: with every problem; the line of each is the number of the dossier.
        """
        number = found.get("number")
        try:
            dossier = Dossier.model_validate(found)
        except ValidationError as error:
            path = ".".join(str(step) for step in error.errors(include_input=False)[0]["loc"])
            sentence = SHAPE.fill(number=shortened(number), path=shortened(path))
            raise refused("json_shape", sentence, line=number if isinstance(number, int) else None) from None
        problems = ProblemList()
        values = DossierValues(dossier.number, problems)
        deposit = self._deposit(dossier, FormValues(dossier, values), values)
        problems.refuse_if_any()
        return dossier, deposit

    def _deposit(self, dossier: Dossier, form: FormValues, values: DossierValues) -> Deposit:
        named, who = self.demarche.fields, dossier.applicant
        deposited_at = values.require("dateDepot", fields.instant, _deposited(dossier)) or NEVER
        day = deposited_at.astimezone(PARIS).date() if deposited_at != NEVER else NEVER.date()
        nature = form.spare(named.get(F.NATURE), F.NATURE, self._nature)
        siret = self._siret(dossier, values)
        company, association = who.company, who.association
        school = self.context.is_school(siret) or is_school(company.legal_form if company else None, who.naf)
        self._check_call(values, day, nature, school=school)
        funders, requested = self._asked(form, values)
        return Deposit(
            source=Source.DEMARCHE, external_id=str(dossier.number), call=self.call.code, siret=siret,
            title=form.require(named[F.TITLE], F.TITLE, _short) or "", requested_cents=requested,
            deposited_at=deposited_at, deposited_on=day, nature=nature, school=school, funders=funders,
            rna=form.spare(named.get(F.RNA), F.RNA, fields.rna)
            or values.spare("association.rna", fields.rna, association.rna if association else None),
            organisation=values.spare("demandeur", _short, _organisation(dossier)),
            email=form.spare(named.get(F.EMAIL), F.EMAIL, fields.email)
            or values.spare("usager.email", fields.email, dossier.user.email),
            phone=form.spare(named.get(F.PHONE), F.PHONE, _phone),
            address=values.spare("demandeur.address", partial(fields.text, max_length=500), _address(dossier)),
            contacts=self._contacts(dossier, form, values),
            summary=form.spare(named.get(F.SUMMARY), F.SUMMARY, _long),
            qpvs=form.codes(named.get(F.NEIGHBOURHOODS), F.NEIGHBOURHOODS, self.names.neighbourhoods),
            challenges=form.codes(named.get(F.CHALLENGES), F.CHALLENGES, self.names.challenges),
            starts_on=form.spare(named.get(F.STARTS_ON), F.STARTS_ON, fields.calendar_day),
            ends_on=form.spare(named.get(F.ENDS_ON), F.ENDS_ON, fields.calendar_day),
            total_cost_cents=form.spare(named.get(F.TOTAL_COST), F.TOTAL_COST, _cents),
            beneficiaries=form.spare(named.get(F.BENEFICIARIES), F.BENEFICIARIES, fields.integer),
            qpv_share_percent=form.spare(named.get(F.QPV_SHARE), F.QPV_SHARE, fields.percentage),
            history=tuple(_history(dossier, values)), portal_status=dossier.state, warnings=tuple(values.warnings),
        )  # fmt: skip

    def _siret(self, dossier: Dossier, values: DossierValues) -> str:
        if is_blank(dossier.applicant.siret):
            values.note(FieldError("required", A_PERSON), "demandeur")
            return ""
        return values.require("demandeur.siret", fields.siret, dossier.applicant.siret) or ""

    def _check_call(self, values: DossierValues, day: date, nature: Nature | None, *, school: bool) -> None:
        if day == NEVER.date():
            return

        def check() -> None:
            self.context.check_not_future(day)
            call = self.context.call_named(self.call.code)
            check_call_takes(call, self.context, day=day, nature=nature, school=school)

        values.check("dateDepot", check)

    def _asked(self, form: FormValues, values: DossierValues) -> tuple[tuple[FunderAsk, ...], int]:
        """What each funder is asked, and in all; a form that does not say by funder asks the one the call names."""
        demarche = self.demarche
        asked = {
            code: form.spare(named, f"requested_from.{code}", _cents) or 0
            for code, named in demarche.requested_from.items()
        }
        if F.REQUESTED in demarche.fields:
            total = form.require(demarche.fields[F.REQUESTED], F.REQUESTED, fields.amount) or 0
            if demarche.requested_to and not any(asked.values()):
                asked[demarche.requested_to] = total
        else:
            total = sum(asked.values())
            if not total and values.sound:
                named = ", ".join(demarche.requested_from.values())
                values.note(FieldError("amount_zero", NOTHING_ASKED, fields=named), named)
        asks = tuple(
            FunderAsk(name=self.funders.get(code, code), code=code, requested_cents=cents)
            for code, cents in asked.items()
            if cents
        )
        return asks, sum(ask.requested_cents for ask in asks) or total

    def _contacts(self, dossier: Dossier, form: FormValues, values: DossierValues) -> tuple[Contact, ...]:
        name = form.spare(self.demarche.fields.get(F.CONTACT), F.CONTACT, _name)
        email = values.spare("usager.email", fields.email, dossier.user.email)
        return (Contact(name=name or email or "", email=email),) if name or email else ()

    def _nature(self, value: Raw) -> Nature:
        typed = fields.text(value, max_length=300)
        bare = typed.casefold().replace("è", "e").strip()
        found = self.demarche.natures.get(typed) or _NATURES.get(bare)
        if found is None:
            raise FieldError("nature_unknown", UNKNOWN_NATURE, value=shortened(typed))
        return found


NOTHING_ASKED = Sentence(
    "Aucun montant n’est demandé ({fields}) : le demander au porteur, qui corrige son dossier.",
    "No amount is requested ({fields}): ask the applicant, who corrects the dossier.",
)


def _deposited(dossier: Dossier) -> str | None:
    return dossier.deposited_at or dossier.under_construction_at


def _organisation(dossier: Dossier) -> str | None:
    who = dossier.applicant
    titles = (who.association.title if who.association else None, who.company.name if who.company else None)
    return next((title for title in titles if not is_blank(title)), None)


def _address(dossier: Dossier) -> str | None:
    label = dossier.applicant.address.label if dossier.applicant.address else None
    return ", ".join(line.strip() for line in label.splitlines() if line.strip()) if label else None


def _history(dossier: Dossier, values: DossierValues) -> list[PortalEvent]:
    events = []
    for number, step in enumerate(dossier.steps):
        at = values.spare(f"traitements[{number}].dateTraitement", fields.instant, step.at)
        if at:
            events.append(PortalEvent(at=at, kind="STATUS", status=step.state[:100], by=step.by))
    return events
