"""The accounts of the provisional budget of form Cerfa 12156, as the portal names them."""

from dataclasses import dataclass

from parvis.states.words import Sentence

CHARGE, PRODUIT = "charge", "produit"
IN_KIND = ("86", "87")
"""Contributions in kind: as much on one side as on the other, and no part of what the action costs in money."""


@dataclass(frozen=True, slots=True)
class Account:
    """One line to fill in."""

    side: str
    code: str
    label: Sentence

    @property
    def field(self) -> str:
        """The name of its field in a form."""
        return f"{self.side}_{self.code}"

    @property
    def in_kind(self) -> bool:
        """Whether nobody pays for it."""
        return self.code.startswith(IN_KIND)


def _charge(code: str, fr: str, en: str) -> Account:
    return Account(CHARGE, code, Sentence(fr, en))


def _produit(code: str, fr: str, en: str) -> Account:
    return Account(PRODUIT, code, Sentence(fr, en))


CHARGES = (
    _charge("601", "Achats de matières et fournitures", "Materials and supplies"),
    _charge("604", "Prestations de services", "Services bought"),
    _charge("60x", "Autres fournitures", "Other supplies"),
    _charge("613", "Locations", "Rent"),
    _charge("615", "Entretien et réparation", "Maintenance and repair"),
    _charge("616", "Assurance", "Insurance"),
    _charge("618", "Documentation", "Documentation"),
    _charge("622", "Rémunérations d’intermédiaires et honoraires", "Fees"),
    _charge("623", "Publicité, publication", "Advertising, publication"),
    _charge("625", "Déplacements, missions", "Travel"),
    _charge("62x", "Services bancaires, autres", "Banking, other services"),
    _charge("63x", "Impôts et taxes", "Taxes"),
    _charge("641", "Rémunération des personnels", "Salaries"),
    _charge("645", "Charges sociales", "Social contributions"),
    _charge("647", "Autres charges de personnel", "Other staff costs"),
    _charge("65x", "Autres charges de gestion courante", "Other running costs"),
    _charge("66x", "Charges financières", "Financial costs"),
    _charge("67x", "Charges exceptionnelles", "Exceptional costs"),
    _charge("68x", "Dotation aux amortissements", "Depreciation"),
    _charge("860", "Secours en nature", "Relief in kind"),
    _charge("861", "Mise à disposition gratuite de biens et services", "Goods and services lent for free"),
    _charge("864", "Personnel bénévole", "Voluntary work"),
)
PRODUITS = (
    _produit("70x", "Ventes, prestations de services", "Sales, services"),
    _produit("73x", "Dotations et produits de tarification", "Tariffs"),
    _produit("74x", "Autres subventions, hors de ce contrat", "Other grants, outside this contract"),
    _produit("756", "Cotisations", "Membership fees"),
    _produit("758", "Dons, mécénat", "Gifts, sponsorship"),
    _produit("76x", "Produits financiers", "Financial income"),
    _produit("77x", "Produits exceptionnels", "Exceptional income"),
    _produit("78x", "Reprises sur amortissements", "Write-backs"),
    _produit("870", "Bénévolat", "Voluntary work"),
    _produit("871", "Prestations en nature", "Services in kind"),
    _produit("875", "Dons en nature", "Gifts in kind"),
)
ACCOUNTS = CHARGES + PRODUITS
SUBSIDY = "74"
"""The account of what the funders of the contract are asked for."""
