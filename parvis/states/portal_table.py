"""The rows of the table of cases about another platform: what it owns is followed, what differs is taken or kept."""

from parvis.states.facts import Facts
from parvis.states.stages import Action as A
from parvis.states.stages import Role as R
from parvis.states.stages import Stage as S
from parvis.states.table import Guard, Move
from parvis.states.words import Sentence

_DEPOSITED = tuple(stage for stage in S if stage is not S.DRAFT)

SOMETHING_TOLD = Guard[Facts](
    "portal_differs",
    Sentence("une différence avec la plateforme du dépôt", "a difference with the platform of the deposit"),
    lambda f: bool(f.given.told),
    Sentence(
        "La plateforme du dépôt et Parvis disent la même chose : rien n’est à reprendre ni à garder.",
        "The platform of the deposit and Parvis say the same: there is nothing to take or to keep.",
    ),
)

PORTAL_MOVES: tuple[Move[Facts], ...] = (
    Move(A.UPDATE_FROM_PORTAL, _DEPOSITED, None, (R.IMPORTER,), only_if=(SOMETHING_TOLD,),
         then=Sentence("ce que la plateforme possède : son statut, et les mots du porteur que personne n’a touchés ici",
                       "what the platform owns: its status, and the applicant’s words nobody touched here")),
    Move(A.TAKE_FROM_PORTAL, (S.SUBMITTED, S.INCOMPLETE, S.INSTRUCTED, S.COMMITTEE), None, (R.INSTRUCTOR, R.MANAGER),
         only_if=(SOMETHING_TOLD,)),
    Move(A.KEEP_AGAINST_PORTAL, _DEPOSITED, None, (R.INSTRUCTOR, R.MANAGER), only_if=(SOMETHING_TOLD,),
         then=Sentence("la différence n’est plus montrée, tant que la plateforme ne dit pas autre chose",
                       "the difference is shown no more, until the platform says something else")),
)  # fmt: skip

ABOUT_PORTALS = frozenset({A.UPDATE_FROM_PORTAL, A.TAKE_FROM_PORTAL, A.KEEP_AGAINST_PORTAL})
"""Done where the difference is shown, with what differs: never among the moves a case is offered."""
