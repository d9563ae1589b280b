"""What the register of companies and associations (SIRENE) says of a SIRET, and how it differs from ours. Pure."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from parvis.states.likeness import Likeness
from parvis.states.words import Sentence

FRESH = timedelta(days=30)
"""How long an answer of the register is good for without asking again."""
_ALIKE = 0.75
"""From which likeness on two names are those of one organisation: registers write in capitals, and abbreviate."""

LEGAL_FORMS: dict[str, Sentence] = {
    "92": Sentence("association ou assimilé", "association or alike"),
    "93": Sentence("fondation", "foundation"),
    "71": Sentence("administration de l’État", "administration of the State"),
    "72": Sentence("collectivité territoriale", "local authority"),
    "73": Sentence("établissement public administratif", "public administrative establishment"),
    "74": Sentence("organisme de droit public", "body of public law"),
    "41": Sentence(
        "établissement public industriel ou commercial", "public industrial or commercial establishment"
    ),
    "82": Sentence("organisme mutualiste", "mutual body"),
    "84": Sentence("organisme professionnel", "professional body"),
    "51": Sentence("société coopérative", "cooperative company"),
    "54": Sentence("société à responsabilité limitée", "limited company"),
    "55": Sentence("société anonyme", "public limited company"),
    "57": Sentence("société par actions simplifiée", "simplified joint-stock company"),
    "10": Sentence("entrepreneur individuel", "sole trader"),
}
"""Legal forms by the first two digits of their category (Insee, catégories juridiques, niveau II)."""
OTHER_FORM = Sentence("catégorie juridique {code}", "legal category {code}")

CEASED = Sentence(
    "Le répertoire dit cet établissement fermé, ou l’organisme cessé : vérifier avant de verser quoi que ce soit.",
    "The register says this establishment closed, or the organisation ceased: check before paying anything.",
)
OTHER_NAME = Sentence("Le répertoire l’appelle « {name} ».", "The register calls it “{name}”.")
NOT_THERE = Sentence(
    "Le répertoire ne connaît pas ce SIRET, ou l’organisme a demandé à ne pas y figurer.",
    "The register does not know this SIRET, or the organisation asked not to be shown in it.",
)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the register said of a SIRET on a day; `there` is false when it knew none. `form` is Insee’s category."""

    siret: str
    there: bool
    asked_at: datetime
    name: str = ""
    form: str = ""
    ceased: bool = False
    address: str = ""

    @property
    def form_words(self) -> Sentence | None:
        """The legal form in words."""
        if not self.form:
            return None
        return LEGAL_FORMS.get(self.form[:2]) or OTHER_FORM.fill(code=self.form)

    def fresh(self, at: datetime) -> bool:
        """Whether it is young enough not to ask again."""
        return at - self.asked_at < FRESH


def differences(name: str, notice: Notice) -> list[Sentence]:
    """What somebody should look at before trusting the organisation we call `name`; empty when all agrees."""
    if not notice.there:
        return [NOT_THERE]
    found = [CEASED] if notice.ceased else []
    if notice.name and not same_name(name, notice.name):
        found.append(OTHER_NAME.fill(name=notice.name))
    return found


def same_name(ours: str, theirs: str) -> bool:
    """Whether two names are those of one organisation, but for case, accents, signs and short forms."""
    one, other = _bare(ours), _bare(theirs)
    return bool(one and other) and (one in other or other in one or Likeness(one).to(other) >= _ALIKE)


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in plain if char.isalnum())
