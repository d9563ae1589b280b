"""Invented associations: names, numbers that nobody bears, addresses that lead nowhere."""

import re
import unicodedata
from dataclasses import dataclass
from random import Random

from stdnum import luhn

FIRST = (
    "Les Tisserands", "La Passerelle", "L’Escale", "Les Semeurs", "La Boussole", "Le Fil", "Les Passeurs",
    "L’Atelier", "La Ruche", "Les Bâtisseurs", "Le Préau", "Les Voisins", "La Fabrique", "Le Phare",
    "Les Colibris", "La Clairière", "Le Relais", "Les Artisans", "L’Envol", "Le Kiosque",
    "Les Jardiniers", "La Marelle", "Le Carrefour", "Les Conteurs", "La Grange",
)  # fmt: skip
SECOND = (
    "du Héron", "des Hortillons", "de l’Avre", "du Beffroi", "des Deux Rives", "de la Selle", "du Canal",
    "des Quatre Saisons", "du Grand Chemin", "des Mille Voix", "de l’Aubépine", "du Moulin Bleu",
    "des Trois Tours", "de la Lune rousse", "du Petit Bois", "des Cerisiers", "du Temps commun",
    "de la Belle Étoile", "des Six Marches", "du Pain partagé", "de la Grand-Place", "des Possibles",
)  # fmt: skip
PATTERNS = ("{name}", "{name}", "{name}", "Association {name}", "Collectif {name}", "Compagnie {name}")
SOCIAL_CENTRES = ("Centre social {name}", "Espace de vie sociale {name}")
STREETS = ("rue des Lilas", "avenue de la Paix", "allée des Peupliers", "rue du Four", "place des Halles")
GIVEN = ("Amina", "Bruno", "Chantal", "Driss", "Élise", "Farid", "Gwenaëlle", "Hugues", "Inès", "Jérôme")
FAMILY = ("Ansart", "Boulanger", "Cauchy", "Delmotte", "Facquet", "Gaudefroy", "Hénin", "Lefort", "Mouret")

NOBODY = "0000"
"""The first digits of their SIREN: the register begins later."""


@dataclass(frozen=True, slots=True)
class Association:
    """Who asks. `home` is the code of its neighbourhood; no `email` when it left none."""

    siret: str
    rna: str
    name: str
    email: str | None
    phone: str
    address: str
    president: str
    home: str


MOST = 9_998
"""How many numbers there are to give."""


def associations(
    chance: Random, count: int, neighbourhoods: tuple[str, ...], *, centres: bool, without_address: float
) -> list[Association]:
    """`count` associations, at most `MOST`, with different names and numbers; `centres` are social centres."""
    names = _names(chance, count, SOCIAL_CENTRES if centres else PATTERNS)
    numbers = chance.sample(range(1, MOST + 1), count)
    return [
        _association(chance, name, number, chance.choice(neighbourhoods or ("",)), without_address)
        for name, number in zip(names, numbers, strict=True)
    ]


def siret(number: int) -> str:
    """A valid SIRET, by both its keys, that belongs to nobody; `number` has at most four digits."""
    siren = NOBODY + f"{number:04d}"
    siren += luhn.calc_check_digit(siren)
    establishment = siren + "0001"
    return establishment + luhn.calc_check_digit(establishment)


def mail_name(name: str) -> str:
    """A name as a part of a domain: `Les Tisserands de l’Avre` is `les-tisserands-de-l-avre`."""
    apart = name.replace("œ", "oe").replace("’", " ")
    plain = unicodedata.normalize("NFKD", apart).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _names(chance: Random, count: int, patterns: tuple[str, ...]) -> list[str]:
    pairs = [f"{first} {second}" for first in FIRST for second in SECOND]
    chance.shuffle(pairs)
    rounds = -(-count // len(pairs))
    numbered = [pair if lap == 0 else f"{pair} {lap + 1}" for lap in range(rounds) for pair in pairs]
    return [chance.choice(patterns).format(name=name) for name in numbered[:count]]


def _association(chance: Random, name: str, number: int, home: str, without_address: float) -> Association:
    domain = f"{mail_name(name)}.example"
    silent = chance.random() < without_address
    return Association(
        siret=siret(number),
        rna=f"W8020{number:05d}",
        name=name,
        email=None if silent else f"contact@{domain}",
        phone=f"03 22 00 {chance.randrange(100):02d} {chance.randrange(100):02d}",
        address=f"{chance.randrange(1, 90)} {chance.choice(STREETS)} 80000 AMIENS",
        president=f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}",
        home=home,
    )  # fmt: skip
