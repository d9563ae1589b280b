"""What an import did, as a page of plain text for the person who sent the file."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from parvis.services.deposits import Received
from parvis.services.imports.problems import Problem
from parvis.states.words import Language, Sentence

TAKEN = Sentence("« {name} » : importé le {at}.", "“{name}”: imported on {at}.")
NOT_TAKEN = Sentence(
    "« {name} » : refusé le {at}. Rien n’a été importé. Corriger ce qui suit, puis redéposer le fichier.",
    "“{name}”: refused on {at}. Nothing was imported. Correct what follows, then put the file back.",
)
CREATED = Sentence("Dossiers créés : {count}", "Cases created: {count}")
UNCHANGED = Sentence("Déjà connus, inchangés : {count}", "Known already, unchanged: {count}")
DIVERGING = Sentence(
    "Déjà connus, mais le fichier dit autre chose (rien n’est remplacé : comparer sur leur page) : {count}",
    "Known already, but the file says something else (nothing is replaced: compare on their page): {count}",
)
UPDATED = Sentence(
    "Déjà connus, mis à jour de ce que le portail possède : {count}",
    "Known already, updated with what the portal owns: {count}",
)
WARNINGS = Sentence("À vérifier : {count}", "To be checked: {count}")
PROBLEMS = Sentence("Erreurs : {count}", "Errors: {count}")
LINE = Sentence("ligne {line}", "line {line}")
COLUMN = Sentence("« {column} »", "“{column}”")
FOUND = Sentence("valeur lue : « {value} »", "value read: “{value}”")


def receipt(
    name: str,
    received: Received | None,
    problems: Sequence[Problem],
    at: datetime,
    language: str = Language.FR,
) -> str:
    """The page: what was created or known already, or everything there is to correct; instants in Paris time."""
    opening = TAKEN if received is not None else NOT_TAKEN
    lines = [opening.fill(name=name, at=at).say(language)]
    if received is not None:
        lines += _accepted(received, language)
    if problems:
        lines += _part(PROBLEMS, [_problem(problem, language) for problem in problems], language)
    return "\n".join(lines) + "\n"


def place(problem: Problem, language: str) -> str:
    """Where a problem is: `line 12, “siret”`; empty for the file as a whole."""
    parts = []
    if problem.line is not None:
        parts.append(LINE.fill(line=problem.line).say(language))
    if problem.column is not None:
        parts.append(COLUMN.fill(column=problem.column).say(language))
    return ", ".join(parts)


def _accepted(received: Received, language: str) -> Iterator[str]:
    named = (
        (CREATED, received.created), (UNCHANGED, received.unchanged), (UPDATED, received.updated),
        (DIVERGING, received.diverging),
    )  # fmt: skip
    for title, references in named:
        if references:
            yield from _part(title, references, language)
    if received.warnings:
        said = [f"{external_id}  {warning.say(language)}" for external_id, warning in received.warnings]
        yield from _part(WARNINGS, said, language)


def _part(title: Sentence, lines: Sequence[str], language: str) -> list[str]:
    return ["", title.fill(count=len(lines)).say(language), *(f"  - {line}" for line in lines)]


def _problem(problem: Problem, language: str) -> str:
    said = problem.sentence.say(language)
    where = place(problem, language)
    found = f" ({FOUND.fill(value=problem.value).say(language)})" if problem.value else ""
    return f"{where}{found}\n      {said}" if where else said
