"""What can go wrong, and the one place where it becomes a problem people and programs can read."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from parvis.models.session import ConflictError, ConstraintError, UnreachableDatabaseError
from parvis.services.advance import CaseNotFoundError, IdempotencyMismatchError
from parvis.services.bank_keys import NoBankKeyError, WrongBankKeyError
from parvis.services.file_problems import LostFileError
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


class OutOfScopeError(Exception):
    """The token does not allow this, though its person may: `scope` is the one it lacks."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class MatchNeededError(Exception):
    """A write has to say which version it is about, and does not."""


class NoMatchError(Exception):
    """A write is about a version that is not the present one; `version` is."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


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

    @property
    def by_field(self) -> dict[str, Sentence]:
        """What to write instead, by the name of its field."""
        return {field.name: field.sentence for field in self.fields}


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
KEY_REUSED = Problem(
    HTTPStatus.UNPROCESSABLE_ENTITY, "key_reused",
    Sentence("Cette clé a déjà servi", "This key has been used"),
    Sentence(
        "Cet en-tête Idempotency-Key a servi à une autre demande : en tirer un nouveau. Rien n’a été changé.",
        "This Idempotency-Key served another request: draw a new one. Nothing was changed.",
    ),
)  # fmt: skip
MATCH_NEEDED = Problem(
    HTTPStatus.PRECONDITION_REQUIRED, "match_needed",
    Sentence("La version manque", "The version is missing"),
    Sentence(
        "Lire le dossier, puis redire son ETag dans l’en-tête If-Match. Rien n’a été changé.",
        "Read the case, then repeat its ETag in the If-Match header. Nothing was changed.",
    ),
)  # fmt: skip
NO_MATCH = Problem(
    HTTPStatus.PRECONDITION_FAILED, "stale",
    Sentence("Le dossier a changé entre-temps", "The case has changed meanwhile"),
    Sentence(
        "Le relire, puis recommencer si l’action convient encore. Rien n’a été changé.",
        "Read it again, then retry if the action is still right. Nothing was changed.",
    ),
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
LOST = Problem(
    HTTPStatus.SERVICE_UNAVAILABLE, "file_lost",
    Sentence("Ce fichier n’est plus là", "This file is no longer there"),
    Sentence(
        "Il manque au disque du serveur, ou y a été changé : prévenir la personne qui administre Parvis, qui le "
        "retrouve dans une sauvegarde. Rien n’a été changé.",
        "It is missing from the server’s disk, or was changed there: tell whoever runs Parvis, who finds it in a "
        "backup. Nothing was changed.",
    ),
)  # fmt: skip
SEALED = Problem(
    HTTPStatus.SERVICE_UNAVAILABLE, "bank_key",
    Sentence("Ce qui est chiffré ne s’ouvre pas", "What is sealed does not open"),
    Sentence(
        "La clé qui les protège manque sur le serveur, ou n’est plus la même : prévenir la personne qui administre "
        "Parvis (réglage PARVIS_BANK_KEYS). Rien n’a été changé.",
        "The key that protects them is missing on the server, or is not the same any more: tell whoever runs Parvis "
        "(setting PARVIS_BANK_KEYS). Nothing was changed.",
    ),
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
UNREADABLE_BODY = Problem(
    HTTPStatus.BAD_REQUEST, "unreadable",
    Sentence("Cet envoi ne se lit pas", "What was sent cannot be read"),
    Sentence(
        "Vérifier qu’il est complet et que son en-tête Content-Type dit ce qu’il est. Rien n’a été changé.",
        "Check that it is whole and that its Content-Type header says what it is. Nothing was changed.",
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
        case HTTPException():
            return _of_http(error)
        case SignInNeededError():
            return Problem(HTTPStatus.UNAUTHORIZED, "sign_in", SIGN_IN, SIGN_IN_ADVICE,
                           headers={"www-authenticate": "Bearer"})  # fmt: skip
        case ForgedError():
            return FORGED
        case MoveRefusedError(reasons=reasons):
            return _with(REFUSED, [reason.sentence for reason in reasons])
        case StaleVersionError() | ConflictError() | ConstraintError():
            return STALE
        case UnreachableDatabaseError() | LostFileError() | NoBankKeyError() | WrongBankKeyError():
            return _of_the_machine(error)
        case MatchNeededError() | NoMatchError() | OutOfScopeError() | IdempotencyMismatchError():
            return _of_programs(error)
        case _:
            return _of_input(error)


def _of_the_machine(error: Exception) -> Problem:
    match error:
        case UnreachableDatabaseError():
            return UNREACHABLE
        case LostFileError():
            return LOST
        case _:
            return SEALED


def _of_http(error: HTTPException) -> Problem:
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return NOT_FOUND
        case HTTPStatus.BAD_REQUEST:
            return UNREADABLE_BODY
        case status:
            phrase = HTTPStatus(status).phrase
            headers = dict(error.headers or {})
            return Problem(HTTPStatus(status), "http", Sentence(phrase, phrase), METHOD, headers=headers)


def _of_programs(error: Exception) -> Problem:
    match error:
        case MatchNeededError():
            return MATCH_NEEDED
        case NoMatchError(version=version):
            return replace(NO_MATCH, headers={"etag": f'"{version}"'})
        case OutOfScopeError(scope=scope):
            return Problem(
                HTTPStatus.FORBIDDEN, "out_of_scope", OUT_OF_SCOPE, OUT_OF_SCOPE_ADVICE.fill(scope=scope)
            )
        case _:
            return KEY_REUSED


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
OUT_OF_SCOPE = Sentence("Ce jeton ne le permet pas", "This token does not allow it")
OUT_OF_SCOPE_ADVICE = Sentence(
    "Il y faut un jeton avec « {scope} » : en créer un à la page « Mes accès ».",
    "It takes a token with “{scope}”: make one on the page “My access”.",
)
TOO_MANY = Sentence("Trop d’essais", "Too many attempts")
TOO_MANY_ADVICE = Sentence(
    "Attendre {minutes} minutes, puis recommencer.", "Wait {minutes} minutes, then try again."
)


def _with(problem: Problem, details: Sequence[Sentence]) -> Problem:
    return Problem(problem.status, problem.code, problem.title, problem.advice, details, problem.headers)
