"""Ways in, as closed sets: what a link by letter opens, and how long each way lasts."""

from datetime import timedelta
from enum import StrEnum

from parvis.states.words import Sentence


class Purpose(StrEnum):
    """What a secret address is for."""

    SIGN_IN = "sign_in"
    DECLARE = "declare"  # a member's interests in the cases of a sitting
    PACKET = "packet"  # a member's packet of a sitting
    CASE = "case"  # an applicant's case
    PARTNER = "partner"  # a partner's part of a coordinated proposal


class Scope(StrEnum):
    """What a token lets a program do, within what its person may."""

    READ = "read"
    WRITE = "write"  # moves, opinions, files
    IMPORT = "import"  # deposits
    CALENDAR = "calendar"  # the secret address of a calendar, and nothing else


OF_PROGRAMS = (Scope.READ, Scope.WRITE, Scope.IMPORT)
"""Scopes a person gives a program; `calendar` is that of an address made for it."""

SCOPE_WORDS: dict[str, Sentence] = {
    Scope.READ: Sentence("lire", "read"),
    Scope.WRITE: Sentence("agir sur les dossiers", "act on cases"),
    Scope.IMPORT: Sentence("importer des dépôts", "import deposits"),
    Scope.CALENDAR: Sentence("agenda", "calendar"),
}


class AddressSource(StrEnum):
    """Where the address an organisation is written to comes from."""

    DEPOSIT = "deposit"
    SPACE = "space"  # given with the space, and read: its link was followed
    PROVED = "proved"  # asked for by the organisation, and read
    SERVICE = "service"  # corrected by somebody of the service


ADDRESS_WORDS: dict[str, Sentence] = {
    AddressSource.DEPOSIT: Sentence("donnée avec une demande", "given with a request"),
    AddressSource.SPACE: Sentence("donnée à l’ouverture de l’espace", "given when the space was opened"),
    AddressSource.PROVED: Sentence("prouvée par l’organisme", "proved by the organisation"),
    AddressSource.SERVICE: Sentence("corrigée par le service", "corrected by the service"),
}

SETTLED = frozenset({AddressSource.PROVED, AddressSource.SERVICE})
"""Addresses that deposits no longer change."""

ONCE = frozenset({Purpose.SIGN_IN})
"""Links that open one session and no more; the others open until they expire."""

TOKEN_LASTS = timedelta(days=90)
LONGEST_TOKEN = timedelta(days=365)
"""A token ends after so long unless its person says less or more, and never later than a year on."""

SIGN_IN_LASTS = timedelta(minutes=30)
PROOF_LASTS = timedelta(hours=1)
"""How long a letter to a new address proves it: some mailboxes hold back the first letter of a stranger."""
ATTEMPT_LASTS = timedelta(minutes=20)
"""How long somebody may take at their identity provider: a password, a second factor, a code by letter."""

SESSION_LASTS = timedelta(hours=12)
SESSION_IDLES = timedelta(hours=2)
"""A session ends after so long, and sooner when nothing was asked for so long (settings no source confirms)."""
