"""What can go wrong, and the one place where it becomes a problem people and programs can read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from parvis.models.session import ConflictError, ConstraintError, UnreachableDatabaseError
from parvis.services.advance import CaseNotFoundError, IdempotencyMismatchError
from parvis.services.visibility import HiddenError
from parvis.services.visitors import TooManyAttemptsError
from parvis.states.table import MoveRefusedError, StaleVersionError
from parvis.states.words import Sentence


class SignInNeededError(Exception):
    """Somebody has to be signed in for this."""


class NotHereError(Exception):
    """Nothing here for this visitor; whether for nobody is not said."""


class ForgedError(Exception):
    """Another site made the browser send this."""


class TooLargeError(HTTPException):
    """A body larger than `most` bytes; of the framework's kind, so that whoever reads the body lets it through."""

    def __init__(self, most: int) -> None:
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        self.most = most


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that cannot be used: its name in the form, and why."""

    name: str
    sentence: Sentence


class WrongInputError(Exception):
    """What was sent cannot be used: `fields` say which and what to write instead. Nothing was changed."""

    def __init__(self, *fields: FieldError) -> None:
        super().__init__(", ".join(field.name for field in fields))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Problem:
    """How an answer says what went wrong: status, code for programs, title, what to do, details."""

    status: HTTPStatus
    code: str
    title: Sentence
    advice: Sentence
    details: Sequence[Sentence] = ()
    headers: dict[str, str] = field(default_factory=dict)


NOT_FOUND = Problem(
    HTTPStatus.NOT_FOUND, "not_found",
    Sentence("Rien à cette adresse", "Nothing at this address"),
    Sentence(
        "La page n’existe pas, ou elle n’est pas ouverte à votre compte. Vérifier l’adresse, ou revenir à l’accueil.",
        "The page does not exist, or is not open to your account. Check the address, or go back to the start.",
    ),
)  # fmt: skip
FORGED = Problem(
    HTTPStatus.FORBIDDEN, "forged",
    Sentence("Demande refusée", "Request refused"),
    Sentence(
        "Cette demande ne vient pas d’une page de Parvis. Ouvrir Parvis, puis recommencer.",
        "This request does not come from a page of Parvis. Open Parvis, then try again.",
    ),
)  # fmt: skip
STALE = Problem(
    HTTPStatus.CONFLICT, "stale",
    Sentence("Quelqu’un est passé entre-temps", "Somebody came in between"),
    Sentence(
        "Rien n’a été changé. Relire la page, puis refaire l’action si elle convient encore.",
        "Nothing was changed. Read the page again, then repeat the action if it is still right.",
    ),
)  # fmt: skip
REFUSED = Problem(
    HTTPStatus.CONFLICT, "refused",
    Sentence("Ce n’est pas possible maintenant", "This is not possible now"),
    Sentence("Rien n’a été changé.", "Nothing was changed."),
)  # fmt: skip
WRONG_INPUT = Problem(
    HTTPStatus.UNPROCESSABLE_ENTITY, "invalid",
    Sentence("Quelque chose est à corriger", "Something has to be corrected"),
    Sentence("Rien n’a été changé. Revenir en arrière et corriger :", "Nothing was changed. Go back and correct:"),
)  # fmt: skip
UNREACHABLE = Problem(
    HTTPStatus.SERVICE_UNAVAILABLE, "unreachable",
    Sentence("Parvis ne répond pas pour le moment", "Parvis does not answer for the moment"),
    Sentence(
        "La base de données ne répond pas. Rien n’a été changé : recommencer dans une minute.",
        "The database does not answer. Nothing was changed: try again in a minute.",
    ),
    headers={"retry-after": "60"},
)  # fmt: skip
UNFORESEEN = Problem(
    HTTPStatus.INTERNAL_SERVER_ERROR, "unforeseen",
    Sentence("Erreur imprévue", "Unforeseen error"),
    Sentence(
        "Ce n’est pas de votre fait. Rien n’a été changé ; la personne qui administre Parvis trouve le détail dans les "
        "journaux techniques.",
        "It is not your doing. Nothing was changed; whoever runs Parvis finds the details in the technical logs.",
    ),
)  # fmt: skip
METHOD = Sentence("Cette adresse ne se demande pas ainsi.", "This address is not asked for in this way.")
FIELD = Sentence("{name} : {what}", "{name}: {what}")
UNREADABLE = Sentence("valeur absente ou illisible", "value missing or unreadable")


def problem_of(error: Exception) -> Problem:
    """Which problem an error is."""
    match error:
        case NotHereError() | HiddenError() | CaseNotFoundError():
            return NOT_FOUND
        case TooLargeError(most=most):
            advice = TOO_LARGE_ADVICE.fill(most=most // 1_000_000)
            return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", TOO_LARGE, advice)
        case HTTPException(status_code=404):
            return NOT_FOUND
        case HTTPException(status_code=status):
            return Problem(HTTPStatus(status), "http", Sentence(HTTPStatus(status).phrase, HTTPStatus(status).phrase),
                           METHOD)  # fmt: skip
        case SignInNeededError():
            return Problem(HTTPStatus.UNAUTHORIZED, "sign_in", SIGN_IN, SIGN_IN_ADVICE,
                           headers={"www-authenticate": "Bearer"})  # fmt: skip
        case ForgedError():
            return FORGED
        case MoveRefusedError(reasons=reasons):
            return _with(REFUSED, [reason.sentence for reason in reasons])
        case StaleVersionError() | ConflictError() | ConstraintError() | IdempotencyMismatchError():
            return STALE
        case UnreachableDatabaseError():
            return UNREACHABLE
        case _:
            return _of_input(error)


def _of_input(error: Exception) -> Problem:
    match error:
        case WrongInputError(fields=fields):
            return _with(WRONG_INPUT, [FIELD.fill(name=each.name, what=each.sentence) for each in fields])
        case RequestValidationError():
            names = dict.fromkeys(str(problem["loc"][-1]) for problem in error.errors() if problem["loc"])
            return _with(WRONG_INPUT, [FIELD.fill(name=name, what=UNREADABLE) for name in names])
        case TooManyAttemptsError(minutes=minutes):
            return Problem(HTTPStatus.TOO_MANY_REQUESTS, "too_many", TOO_MANY, TOO_MANY_ADVICE.fill(minutes=minutes),
                           headers={"retry-after": str(minutes * 60)})  # fmt: skip
        case _:
            return UNFORESEEN


SIGN_IN = Sentence("Il faut entrer d’abord", "Sign in first")
SIGN_IN_ADVICE = Sentence("Entrer avec votre compte, puis recommencer.", "Sign in, then try again.")
TOO_LARGE = Sentence("C’est trop lourd", "This is too large")
TOO_LARGE_ADVICE = Sentence(
    "{most} Mo au plus par envoi : réduire ou scinder le fichier.",
    "At most {most} MB at a time: make the file smaller or split it.",
)
TOO_MANY = Sentence("Trop d’essais", "Too many attempts")
TOO_MANY_ADVICE = Sentence(
    "Attendre {minutes} minutes, puis recommencer.", "Wait {minutes} minutes, then try again."
)


def _with(problem: Problem, details: Sequence[Sentence]) -> Problem:
    return Problem(problem.status, problem.code, problem.title, problem.advice, details, problem.headers)
