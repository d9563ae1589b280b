"""What may go wrong between Parvis and Démarche numérique."""

from enum import StrEnum

from parvis.states.words import Sentence


class Why(StrEnum):
    """What a person has to do about it."""

    AWAY = "demarche_away"
    BUSY = "demarche_busy"
    TOKEN = "demarche_token"  # noqa: S105 - a code, no secret
    REFUSED = "demarche_refused"
    NONSENSE = "demarche_nonsense"


WORDS: dict[Why, Sentence] = {
    Why.AWAY: Sentence(
        "Démarche numérique ne répond pas ({detail}) : la prochaine relève reprendra où celle-ci s’est arrêtée.",
        "Démarche numérique does not answer ({detail}): the next run will go on from where this one stopped.",
    ),
    Why.BUSY: Sentence(
        "Démarche numérique demande d’attendre ({detail}) : la prochaine relève reprendra où celle-ci s’est arrêtée.",
        "Démarche numérique asks to wait ({detail}): the next run will go on from where this one stopped.",
    ),
    Why.TOKEN: Sentence(
        "Démarche numérique refuse le jeton ({detail}) : vérifier PARVIS_DEMARCHE_TOKEN et les démarches qu’il ouvre.",
        "Démarche numérique refuses the token ({detail}): check PARVIS_DEMARCHE_TOKEN and the forms it opens.",
    ),
    Why.REFUSED: Sentence(
        "Démarche numérique refuse la demande : {detail}", "Démarche numérique refuses the request: {detail}"
    ),
    Why.NONSENSE: Sentence(
        "La réponse de Démarche numérique ne se lit pas ({detail}) : vérifier PARVIS_DEMARCHE_URL.",
        "The answer of Démarche numérique cannot be read ({detail}): check PARVIS_DEMARCHE_URL.",
    ),
}


class DemarcheError(Exception):
    """Démarche numérique did not do what it was asked: `why`, with a `detail` in its own words."""

    def __init__(self, why: Why, detail: str) -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail[:300]

    @property
    def sentence(self) -> Sentence:
        """What it is and what to do."""
        return WORDS[self.why].fill(detail=self.detail)

    @property
    def lasting(self) -> bool:
        """Whether asking again later would not help."""
        return self.why in (Why.REFUSED, Why.TOKEN)
