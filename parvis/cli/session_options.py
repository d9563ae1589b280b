"""The options of a session: which one, who came, what is decided of which case."""

from pathlib import Path
from typing import Annotated

from parvis.cli.options import CODE, DATE, EMAIL, FILE, NUMBER, REFERENCE, TEXT, argument, option
from parvis.states.words import Sentence

Code = Annotated[str, argument(shown=CODE, said=Sentence("Le comité.", "The committee."))]
On = Annotated[str, argument(shown=DATE, said=Sentence("Le jour de la séance.", "The day of the session."))]
Quorate = Annotated[
    bool | None,
    option(
        "--quorate/--not-quorate",
        said=Sentence(
            "Si le quorum est atteint, pour un comité sans membre votant dans le contrat.",
            "Whether there is a quorum, for a committee that lists no voting member.",
        ),
    ),
]
Present = Annotated[
    list[str] | None,
    option("--present", shown=EMAIL, said=Sentence("Qui est présent ; à répéter, ou séparés de virgules.",
                                                   "Who is present; repeated, or with commas.")),
]  # fmt: skip
Excused = Annotated[
    list[str] | None, option("--excused", shown=EMAIL, said=Sentence("Qui est excusé.", "Who is excused."))
]
Absent = Annotated[
    list[str] | None, option("--absent", shown=EMAIL, said=Sentence("Qui est absent.", "Who is absent."))
]
Rest = Annotated[
    str | None,
    option(
        "--rest",
        shown=TEXT,
        said=Sentence(
            "Tous les titulaires dont rien n’est dit : présents, excusés ou absents.",
            "All titular members of whom nothing is said: present, excused or absent.",
        ),
    ),
]
Case = Annotated[str | None, argument(shown=REFERENCE, said=Sentence("Le dossier.", "The case."))]
OutcomeOption = Annotated[
    str | None,
    argument(
        shown=Sentence("DÉCISION", "DECISION"),
        said=Sentence(
            "fund, reject, defer, carry, recommend, not-recommended, ou le mot français (« ajourné »).",
            "fund, reject, defer, carry, recommend, not-recommended.",
        ),
    ),
]
VotesOption = Annotated[
    str | None,
    option(
        "--votes",
        shown=Sentence("POUR/CONTRE/ABST", "FOR/AGAINST/ABST"),
        said=Sentence("Les voix, s’il y a eu vote : 7/2/1.", "The votes, if there was a vote: 7/2/1."),
    ),
]
Seen = Annotated[
    str | None,
    option(
        "--if-version",
        shown=NUMBER,
        said=Sentence(
            "Seulement si la décision est encore à cette version ; 0 s’il n’y en avait pas.",
            "Only if the decision is still at this version; 0 when there was none.",
        ),
    ),
]
AsProposed = Annotated[
    bool,
    option(
        "--as-proposed",
        said=Sentence(
            "Ce qui est proposé : pour ce dossier, ou pour tous ceux qui attendent encore.",
            "What is proposed: for this case, or for all that still wait.",
        ),
    ),
]
Apart = Annotated[
    list[str] | None,
    option("--except", shown=REFERENCE, said=Sentence("Sauf ces dossiers.", "Except these cases.")),
]
DecisionFile = Annotated[
    Path | None,
    option(
        "--file",
        shown=FILE,
        said=Sentence(
            "Un tableau CSV, XLSX ou ODS de décisions, une ligne par dossier : toutes, ou aucune.",
            "A CSV, XLSX or ODS table of decisions, one line a case: all of them, or none.",
        ),
    ),
]
Undo = Annotated[
    bool,
    option("--undo", said=Sentence("Oublier ce qui a été dit de ce dossier.", "Forget what was said of this case.")),
]  # fmt: skip
