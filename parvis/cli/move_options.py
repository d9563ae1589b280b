"""The options of a move: everything somebody may bring with what they do to a case."""

from typing import Annotated

from parvis.cli.options import AMOUNT, CODE, DATE, EMAIL, NUMBER, REFERENCE, TEXT, argument, option
from parvis.cli.values import code
from parvis.states.stages import Action
from parvis.states.words import Sentence


def _actions(typed: str) -> list[str]:
    return [code(action) for action in Action if code(action).startswith(typed)]


Act = Annotated[
    str,
    argument(
        shown=Sentence("ACTION", "ACTION"),
        completed=_actions,
        said=Sentence(
            "Ce qu’on fait du dossier : request-documents, instruct, fund… ou son nom français (« financer »).",
            "What is done to the case: request-documents, instruct, fund…",
        ),
    ),
]
Refs = Annotated[
    list[str],
    argument(
        shown=REFERENCE,
        said=Sentence(
            "Les dossiers ; « - » les lit de l’entrée, un par ligne.",
            "The cases; “-” reads them from the input, one a line.",
        ),
    ),
]
Reason = Annotated[
    str,
    option(
        "--reason",
        shown=TEXT,
        said=Sentence("Le motif, tel que le porteur le lira.", "The reason, as the applicant will read it."),
    ),
]
Documents = Annotated[
    str,
    option(
        "--documents",
        shown=CODE,
        said=Sentence(
            "Les pièces, par leurs codes séparés de virgules : rib,statutes.",
            "The documents, by code, with commas: rib,statutes.",
        ),
    ),
]
ReplyBy = Annotated[
    str | None,
    option(
        "--reply-by", shown=DATE, said=Sentence("Le dernier jour pour répondre.", "The last day to reply.")
    ),
]
Committee = Annotated[
    str | None,
    option(
        "--committee",
        shown=Sentence("CODE[/DATE]", "CODE[/DATE]"),
        said=Sentence(
            "La séance : pilotage/2027-05-27 ; sans date, la prochaine.",
            "The session: pilotage/2027-05-27; without a date, the next one.",
        ),
    ),
]
Amounts = Annotated[
    list[str] | None,
    option(
        "--amount",
        shown=Sentence("CODE=MONTANT", "CODE=AMOUNT"),
        said=Sentence(
            "Ce qu’accorde un financeur : etat=1 234,56 ; à répéter.",
            "What a funder grants: etat=1 234,56; to be repeated.",
        ),
    ),
]
Parts = Annotated[
    list[str] | None,
    option(
        "--part",
        shown=Sentence("SIRET:CODE=MONTANT", "SIRET:CODE=AMOUNT"),
        said=Sentence(
            "La part d’un partenaire (ou « lead ») de ce qu’accorde un financeur ; à répéter. Sans elle, au prorata.",
            "The part of a partner (or “lead”) of what a funder grants; to be repeated. Without it, pro rata.",
        ),
    ),
]
Conditions = Annotated[
    str, option("--conditions", shown=TEXT, said=Sentence("À quelles conditions.", "On what conditions."))
]
OpinionOption = Annotated[
    str | None,
    option(
        "--opinion",
        shown=TEXT,
        said=Sentence(
            "L’avis : favorable, réservé, défavorable.", "The opinion: favourable, reserved, unfavourable."
        ),
    ),
]
Proposed = Annotated[
    str | None,
    option(
        "--proposed",
        shown=AMOUNT,
        said=Sentence("Le montant que propose le financeur.", "The amount the funder proposes."),
    ),
]
Funders = Annotated[
    list[str] | None,
    option(
        "--funder",
        shown=CODE,
        said=Sentence(
            "Le financeur qui donne son avis, ou ceux à consulter.",
            "The funder who gives an opinion, or those to ask.",
        ),
    ),
]
Score = Annotated[
    str | None,
    option("--score", shown=NUMBER, said=Sentence("La note, de 0 à 100.", "The score, from 0 to 100.")),
]
Instructor = Annotated[
    str | None,
    option(
        "--instructor", shown=EMAIL, said=Sentence("À qui confier le dossier.", "Who the case is given to.")
    ),
]
Due = Annotated[
    str | None,
    option(
        "--due",
        shown=DATE,
        said=Sentence(
            "La date limite des avis ou de la mise en demeure.", "The last day for opinions or of the notice."
        ),
    ),
]
ContactOn = Annotated[
    str | None,
    option(
        "--contact-on",
        shown=DATE,
        said=Sentence(
            "Le jour de l’échange préalable avec le porteur.",
            "The day of the first contact with the applicant.",
        ),
    ),
]
Starts = Annotated[
    str | None,
    option(
        "--starts", shown=DATE, said=Sentence("Le nouveau début de l’action.", "The new start of the action.")
    ),
]
Ends = Annotated[
    str | None,
    option("--ends", shown=DATE, said=Sentence("La nouvelle fin de l’action.", "The new end of the action.")),
]
Instalment = Annotated[
    str,
    option(
        "--instalment",
        shown=CODE,
        said=Sentence(
            "Le versement fait ; sans lui, tout ce qui est à verser.",
            "The instalment paid; without it, all that is due.",
        ),
    ),
]
Expected = Annotated[
    str | None,
    option(
        "--expected-version",
        shown=NUMBER,
        said=Sentence(
            "Refuse si le dossier a changé depuis cette version.",
            "Refuses if the case changed since this version.",
        ),
    ),
]
Key = Annotated[
    str | None,
    option(
        "--key",
        shown=TEXT,
        said=Sentence(
            "Une clé à vous : la même demande n’est servie qu’une fois.",
            "A key of yours: the same request is served once.",
        ),
    ),
]
