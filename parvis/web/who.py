"""Who may ask: the roles a route admits, and the groups of roles that routes share."""

from dataclasses import dataclass

from parvis.states.access import Scope
from parvis.states.stages import Role as R


@dataclass(frozen=True, slots=True)
class Right:
    """Who may ask: everybody (`roles` None), or those signed in in one of `roles`; a program, with a `scope`."""

    roles: frozenset[R] | None
    scope: Scope = Scope.READ

    def admits(self, role: str | None) -> bool:
        """Whether somebody in this role (None: nobody signed in) may ask."""
        return self.roles is None or role in self.roles


def only(*roles: R) -> Right:
    """Those signed in in one of these roles."""
    return Right(frozenset(roles))


def writing(right: Right, scope: Scope = Scope.WRITE) -> Right:
    """The same right for a program, with this scope."""
    return Right(right.roles, scope)


EVERYBODY = Right(None)
SIGNED_IN = only(
    R.APPLICANT, R.INSTRUCTOR, R.FUNDER, R.MEMBER, R.SECRETARY, R.MANAGER, R.FINANCE, R.ADMINISTRATOR
)
STAFF = only(R.INSTRUCTOR, R.SECRETARY, R.MANAGER, R.FINANCE, R.ADMINISTRATOR)
ON_CASES = only(
    R.INSTRUCTOR, R.SECRETARY, R.MANAGER, R.FINANCE, R.ADMINISTRATOR, R.FUNDER, R.MEMBER
)  # what each may do there the table of moves says; which cases there are for them, `services/visibility.py`
STEERS = only(R.MANAGER, R.ADMINISTRATOR)  # those who look at how the house runs
WHO_SITS = only(R.INSTRUCTOR, R.FUNDER, R.MEMBER, R.SECRETARY, R.MANAGER, R.ADMINISTRATOR)
APPLICANT = only(R.APPLICANT)
SEES_MONEY = only(
    R.INSTRUCTOR, R.SECRETARY, R.MANAGER, R.FINANCE, R.ADMINISTRATOR, R.FUNDER
)  # a funder sees its own purse alone
MOVES_MONEY = only(R.MANAGER, R.FINANCE)
STAFF_AND_APPLICANT = only(
    R.INSTRUCTOR, R.SECRETARY, R.MANAGER, R.FINANCE, R.ADMINISTRATOR, R.APPLICANT
)  # an organisation sees its own

PEOPLE = ON_CASES  # people of a contract, with an account of their own
WHO_PROGRAMS = only(R.SECRETARY, R.MANAGER, R.ADMINISTRATOR)
WHO_PAYS = only(R.INSTRUCTOR, R.MANAGER, R.FINANCE)
WHO_IMPORTS = only(R.INSTRUCTOR, R.SECRETARY, R.MANAGER, R.ADMINISTRATOR)
