"""The dossier of the State's portal (Dauphin) as its JSON writes it; names are the portal's, the rest is ignored."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Number = int | float | str | None
Text = Annotated[str | None, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]


class Shape(BaseModel):
    """What every part has in common: unknown names are ignored, and a null is the same as no name at all."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: object) -> object:
        return {k: v for k, v in value.items() if v is not None} if isinstance(value, dict) else value


class Value(Shape):
    """A text in its wrapper."""

    value: Text = None


class Money(Shape):
    """An amount in euros, before tax."""

    ht: Number = None


class Named(Shape):
    """Anything the portal links to by its title."""

    title: Text = None
    reference: Text = None


class Opinion(Shape):
    """What a funder answered on admissibility."""

    avis: Text = None
    date: Text = None
    commentaire: Text = None
    montant_propose: Money | None = Field(default=None, alias="montantPropose")


class Funding(Shape):
    """Who is asked by a line of income, and where that stands."""

    financeur: Named | None = None
    statut: Text = None
    montant_vote: Money | None = Field(default=None, alias="montantVote")
    date_decision: Text = Field(default=None, alias="dateDecision")


class Line(Shape):
    """One line of the plan."""

    reference: Text = None
    libelle: Value | None = None
    montant: Money | None = None
    commentaire: Text = None
    financement: Funding | None = None
    avis_prise_en_charge: Opinion | None = Field(default=None, alias="avisPriseEnCharge")
    avis_recevabilite: Opinion | None = Field(default=None, alias="avisRecevabilite")


class SubPost(Shape):
    """Subsidies of one kind of funder, inside account 74."""

    reference: Text = None
    libelle: Value | None = None
    lignes: list[Line] = []
    montant: Money | None = None


class Post(Shape):
    """An account of two digits and its lines."""

    reference: Text = None
    libelle: Value | None = None
    lignes: list[Line] = []
    sous_postes: list[SubPost] = Field(default=[], alias="sousPostes")
    montant: Money | None = None


class PlanSide(Shape):
    """Costs, or income."""

    postes: list[Post] = []
    montant: Money | None = None


class PlanPeriod(Shape):
    """The year of a plan."""

    exercice: int | None = None


class Plan(Shape):
    """The provisional budget of one year."""

    depense: PlanSide = PlanSide()
    recette: PlanSide = PlanSide()
    periode: PlanPeriod = PlanPeriod()
    current: bool | None = None


class Siret(Shape):
    """The number of the establishment."""

    complet: Text = None


class Typed(Shape):
    """A telephone number or an address, with its kind."""

    value: Text = None


class Coded(Shape):
    """A code of a national list."""

    code: Text = None


class CompanyRegister(Shape):
    """What the register of companies says of the establishment: `naf` is its main activity."""

    siret: Text = None
    naf: Coded = Coded()


class LegalRegister(Shape):
    """What the register of companies says of the legal person the establishment belongs to."""

    form: Coded = Field(default=Coded(), alias="formeJuridique")


class AssociationRegister(Shape):
    """What the register of associations says."""

    id: Text = None
    siret_siege: Text = Field(default=None, alias="siretSiegeSocial")


class Registers(Shape):
    """Answers of the national registers."""

    company: CompanyRegister = Field(default=CompanyRegister(), alias="apiEntreprise")
    legal: LegalRegister = Field(default=LegalRegister(), alias="apiEntrepriseEntreprise")
    association: AssociationRegister = Field(default=AssociationRegister(), alias="apiEntrepriseAssociation")


class SituationDetail(Shape):
    """How to reach the applicant."""

    courriels: list[Typed] = []
    telephones: list[Typed] = []


class Situation(Shape):
    """The main address."""

    expand: SituationDetail = SituationDetail()


class AssociationTopics(Shape):
    """What the association declared of itself."""

    code_rna: Text = Field(default=None, alias="codeRNA")


class Party(Shape):
    """The applicant, or a beneficiary."""

    reference: Text = None
    title: Text = None
    title_pure: Text = Field(default=None, alias="titlePure")
    raison_sociale: Text = Field(default=None, alias="raisonSociale")
    libelle_long: Text = Field(default=None, alias="libelleLong")
    siret: Siret = Field(default=Siret(), alias="SIRET")
    registers: Registers = Field(default=Registers(), alias="externalData")
    topics: AssociationTopics = Field(default=AssociationTopics(), alias="thematiques-tiers-association")
    courriels: list[Text] = Field(default=[], alias="courrielsValues")
    adresse: Text = None
    situation: Situation = Field(default=Situation(), alias="situationPrincipale")


class UserDetail(Shape):
    """What the portal knows of one of its users."""

    emails: list[Text] = []


class User(Shape):
    """A user of the portal."""

    title: Text = None
    expand: UserDetail = UserDetail()


class Begin(Shape):
    """Who began the case."""

    user: User = User()
    date: Text = None


class Event(Shape):
    """One step of the case."""

    type: Text = None
    date: Text = None
    reference: Text = None
    user: User = User()


class History(Shape):
    """The steps of the case in the portal."""

    begin: Begin = Begin()
    events: list[Event] = []


class Period(Shape):
    """When the action takes place."""

    date_debut: Text = Field(default=None, alias="dateDebut")
    date_fin: Text = Field(default=None, alias="dateFin")


class FunderTotal(Shape):
    """What the summary of the case says is asked from one funder."""

    title: Text = None
    reference: Text = None
    montant: Money | None = None


class MultiFunding(Shape):
    """The summary of funders."""

    financeurs: list[FunderTotal] = []


class Dossier(Shape):
    """One request for a subsidy."""

    reference: Text = None
    date_demande: Text = Field(default=None, alias="dateDemande")
    virtual_status: Text = Field(default=None, alias="virtualStatus")
    status: Text = None
    history: History = History()
    objet: Value = Value()
    description: Value = Value()
    libelle: Value = Value()
    intitule: Text = Field(default=None, alias="intituleProjet")
    demandeur: Party = Party()
    beneficiaires: list[Party] = []
    exercice: int | None = Field(default=None, alias="exerciceBudgetaire")
    plans: list[Plan] = Field(default=[], alias="planFinancement")
    multi: MultiFunding = Field(default=MultiFunding(), alias="multiFinancement")
    frequence: Text = None
    periode: Period = Field(default=Period(), alias="periodeRealisation")
    localisations: list[Any] = []
