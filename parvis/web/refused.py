"""What somebody reads when their identity provider does not let them in: what happened, and what to do."""

from dataclasses import dataclass
from http import HTTPStatus

from parvis.services.oidc.failing import Why
from parvis.states.words import Sentence

NOT_IN = Sentence("La connexion n’a pas abouti", "You are not signed in")
AGAIN = Sentence(
    "Recommencer ; si cela revient, entrer par un lien ou un mot de passe, et le signaler au service.",
    "Try again; if it comes back, sign in with a link or a password, and tell the service.",
)
OTHERWISE = Sentence(
    "Recommencer dans quelques minutes, ou entrer par un lien ou un mot de passe.",
    "Try again in a few minutes, or sign in with a link or a password.",
)
ASK = Sentence(
    "Le service peut inscrire cette adresse dans le contrat de ville, ou corriger celle qu’il connaît. Une "
    "association, une école, un bailleur entrent par un lien, sans {name}.",
    "The service can write this address in the city contract, or correct the one it knows. An association, a school, "
    "a landlord come in by a link, without {name}.",
)


@dataclass(frozen=True, slots=True)
class Refused:
    """One way not to be let in: what happened, what to do, the status; whether trying again may help; whom to ask."""

    happened: Sentence
    advice: Sentence
    status: HTTPStatus
    again: bool = True
    ask: bool = False


REFUSED: dict[Why, Refused] = {
    Why.CANCELLED: Refused(
        Sentence("L’identification a été abandonnée chez {name}.", "Signing in was given up at {name}."),
        Sentence(
            "Recommencer, ou entrer par un lien ou un mot de passe.",
            "Try again, or sign in with a link or a password.",
        ),
        HTTPStatus.FORBIDDEN,
    ),
    Why.DENIED: Refused(
        Sentence("{name} a refusé l’identification.", "{name} refused to sign you in."),
        AGAIN,
        HTTPStatus.FORBIDDEN,
    ),
    Why.UNKNOWN: Refused(
        Sentence(
            "Ce retour de {name} ne répond à aucune demande de Parvis.",
            "This return from {name} answers no request of Parvis.",
        ),
        Sentence(
            "Repartir de la page de connexion de Parvis, et non d’un favori ou d’un lien reçu.",
            "Start from the sign-in page of Parvis, not from a bookmark or a link you were sent.",
        ),
        HTTPStatus.BAD_REQUEST,
    ),
    Why.OTHER_BROWSER: Refused(
        Sentence(
            "Cette identification a commencé dans un autre navigateur, ou celui-ci a oublié son cookie.",
            "This began in another browser, or this one forgot its cookie.",
        ),
        Sentence(
            "Recommencer ici, en acceptant les cookies de Parvis.",
            "Try again here, accepting the cookies of Parvis.",
        ),
        HTTPStatus.BAD_REQUEST,
    ),
    Why.USED: Refused(
        Sentence("Ce retour de {name} a déjà servi.", "This return from {name} has been used."),
        Sentence(
            "Il ne sert qu’une fois. Si vous êtes déjà entré, continuer ; sinon, recommencer.",
            "It works once. If you are signed in already, go on; otherwise try again.",
        ),
        HTTPStatus.GONE,
    ),
    Why.EXPIRED: Refused(
        Sentence(
            "Vous avez mis plus de vingt minutes à revenir de {name}.",
            "Coming back from {name} took too long.",
        ),
        Sentence("Recommencer.", "Try again."),
        HTTPStatus.GONE,
    ),
    Why.AWAY: Refused(
        Sentence("{name} ne répond pas, ou pas assez vite.", "{name} does not answer, or not fast enough."),
        OTHERWISE,
        HTTPStatus.BAD_GATEWAY,
    ),
    Why.NONSENSE: Refused(
        Sentence("{name} a donné une réponse inutilisable.", "{name} gave an answer nobody can use."),
        OTHERWISE,
        HTTPStatus.BAD_GATEWAY,
    ),
    Why.NOT_TRUSTED: Refused(
        Sentence(
            "La réponse de {name} n’a pas pu être vérifiée : Parvis l’a écartée.",
            "The answer of {name} could not be verified: Parvis set it aside.",
        ),
        AGAIN,
        HTTPStatus.BAD_GATEWAY,
    ),
    Why.TOO_WEAK: Refused(
        Sentence(
            "{name} vous connaît, mais pas avec la garantie que Parvis demande.",
            "{name} knows you, but not with the assurance Parvis asks for.",
        ),
        Sentence(
            "Recommencer avec une identification plus forte, par exemple un second facteur.",
            "Try again with a stronger way, for instance a second factor.",
        ),
        HTTPStatus.FORBIDDEN,
    ),
    Why.NO_EMAIL: Refused(
        Sentence(
            "{name} n’a donné aucune adresse électronique : Parvis ne peut pas savoir qui vous êtes.",
            "{name} gave no e-mail address: Parvis cannot tell who you are.",
        ),
        AGAIN,
        HTTPStatus.FORBIDDEN,
        ask=True,
    ),
    Why.UNVERIFIED_EMAIL: Refused(
        Sentence(
            "{name} ne garantit pas que l’adresse {email} est la vôtre.",
            "{name} does not vouch for {email} being yours.",
        ),
        Sentence(
            "La faire vérifier chez {name}, puis recommencer ; ou entrer par un lien.",
            "Have it verified at {name}, then try again; or sign in with a link.",
        ),
        HTTPStatus.FORBIDDEN,
        ask=True,
    ),
    Why.NOBODY: Refused(
        Sentence(
            "{name} vous connaît sous l’adresse {email}, mais personne n’a cette adresse dans le contrat de ville. "
            "Aucun compte n’a été créé.",
            "{name} knows you by the address {email}, but nobody has it in the city contract. No account was made.",
        ),
        ASK,
        HTTPStatus.FORBIDDEN,
        again=False,
        ask=True,
    ),
    Why.INACTIVE: Refused(
        Sentence(
            "{name} vous connaît, mais vous n’êtes plus parmi les personnes du contrat de ville.",
            "{name} recognised you, but you are no longer among the people of the city contract.",
        ),
        Sentence("Si c’est une erreur, le dire au service.", "If this is a mistake, tell the service."),
        HTTPStatus.FORBIDDEN,
        again=False,
        ask=True,
    ),
}
"""One for every `Why`."""
