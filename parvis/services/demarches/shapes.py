"""What Démarche numérique answers, as its API writes it; names are the platform's, the rest is ignored."""

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from parvis.services.demarches.failing import DemarcheError, Why


class Shape(BaseModel):
    """What every part has in common: unknown names are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class Stored(Shape):
    """A file of a dossier; `checksum` is its MD5 in base64, empty when the platform does not know it."""

    filename: str
    content_type: str = Field(default="", alias="contentType")
    checksum: str = ""
    size: int | str = Field(default=0, alias="byteSize")
    url: str


class Champ(Shape):
    """A field of a dossier, filled in or not."""

    id: str
    kind: str = Field(default="", alias="__typename")
    label: str
    text: str | None = Field(default=None, alias="stringValue")
    date: str | None = None
    checked: bool | None = None
    decimal: float | None = Field(default=None, alias="decimalNumber")
    integer: int | str | None = Field(default=None, alias="integerNumber")
    values: tuple[str, ...] = ()
    files: tuple[Stored, ...] | None = None
    rows: "tuple[Row, ...]" = ()


class Row(Shape):
    """A line of a block that repeats."""

    champs: tuple[Champ, ...] = ()


class Labelled(Shape):
    """An address in one text."""

    label: str | None = None


class Company(Shape):
    """What the register of companies says."""

    name: str | None = Field(default=None, alias="raisonSociale")
    legal_form: str | None = Field(default=None, alias="formeJuridiqueCode")


class AssociationPart(Shape):
    """What the register of associations says."""

    rna: str | None = None
    title: str | None = Field(default=None, alias="titre")


class Applicant(Shape):
    """Who deposits: a person has a name, an organisation a SIRET."""

    kind: str = Field(default="", alias="__typename")
    siret: str | None = None
    naf: str | None = None
    address: Labelled | None = None
    company: Company | None = Field(default=None, alias="entreprise")
    association: AssociationPart | None = None


class User(Shape):
    """Who typed the dossier."""

    email: str | None = None


class Step(Shape):
    """A change of state."""

    state: str
    by: str | None = Field(default=None, alias="emailAgentTraitant")
    at: str = Field(alias="dateTraitement")


class Dossier(Shape):
    """A dossier as the platform gives it."""

    id: str
    number: int
    archived: bool = False
    state: str
    changed_at: str | None = Field(default=None, alias="dateDerniereModification")
    deposited_at: str | None = Field(default=None, alias="dateDepot")
    under_construction_at: str | None = Field(default=None, alias="datePassageEnConstruction")
    user: User = Field(default=User(), alias="usager")
    applicant: Applicant = Field(default=Applicant(), alias="demandeur")
    steps: tuple[Step, ...] = Field(default=(), alias="traitements")
    champs: tuple[Champ, ...] = ()


class PageInfo(Shape):
    """Whether more follows, and from where."""

    more: bool = Field(alias="hasNextPage")
    cursor: str | None = Field(default=None, alias="endCursor")


class Gone(Shape):
    """A dossier its user, or the platform, deleted."""

    number: int
    reason: str = ""


class DossierPage(Shape):
    """A page of dossiers, oldest change first; one that cannot be read is kept as it came."""

    info: PageInfo = Field(alias="pageInfo")
    nodes: tuple[dict[str, Any] | None, ...] = ()


class GonePage(Shape):
    """A page of deleted dossiers."""

    info: PageInfo = Field(alias="pageInfo")
    nodes: tuple[Gone | None, ...] = ()


class Descriptor(Shape):
    """A field as the form describes it."""

    id: str
    kind: str = Field(default="", alias="__typename")
    label: str
    required: bool = False
    options: tuple[str, ...] | None = None


class Officer(Shape):
    """Who may decide on the platform."""

    id: str
    email: str


class Form(Shape):
    """A form: its number, its title, its fields, who decides there."""

    number: int
    title: str
    fields: tuple[Descriptor, ...]
    officers: tuple[Officer, ...] = ()


class Message(Shape):
    """A message of the exchange with the applicant."""

    body: str = ""


class State(Shape):
    """Where a dossier stands, and what was written to its applicant."""

    id: str
    state: str
    messages: tuple[Message, ...] = ()


S = TypeVar("S", bound=Shape)


def understood(shape: type[S], found: object) -> S:
    """`found` in its shape.

    Raises:
        DemarcheError: it has another (`nonsense`).
    """
    try:
        return shape.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path = ".".join(str(step) for step in first["loc"])
        raise DemarcheError(Why.NONSENSE, f"{path}: {first['type']}") from None
