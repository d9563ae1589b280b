"""Why somebody is not let in by their identity provider: a closed set, one page for each."""

from enum import StrEnum


class Why(StrEnum):
    """What went wrong; the page says it in words, with what to do."""

    CANCELLED = "cancelled"  # the person said no, there
    DENIED = "denied"  # the provider said no
    UNKNOWN = "unknown"  # no attempt of ours goes by this state
    OTHER_BROWSER = "other_browser"  # the attempt was begun in another browser, or its cookie is gone
    USED = "used"
    EXPIRED = "expired"
    AWAY = "away"  # the provider does not answer, or not in time
    NONSENSE = "nonsense"  # it answers what nobody can use
    NOT_TRUSTED = "not_trusted"  # a token or an answer is not what it should be
    TOO_WEAK = "too_weak"  # signed in there, but below the level of assurance asked for
    NO_EMAIL = "no_email"
    UNVERIFIED_EMAIL = "unverified_email"
    NOBODY = "nobody"  # no active person of the contract has this address
    INACTIVE = "inactive"  # known, and no longer in the contract


class SignInFailedError(Exception):
    """Nobody is let in: `why` is for the page, `detail` for the technical log, and never holds a token.

    `email` is the address the provider gave, where the page has to name it.
    """

    def __init__(self, why: Why, detail: str = "", *, email: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else why)
        self.why = why
        self.detail = detail
        self.email = email
