"""The letters a call writes its own way: template files read, checked and kept with the call."""

from dataclasses import dataclass
from pathlib import Path

from parvis.models.queries import letters as queries
from parvis.models.session import Session
from parvis.notifications.checks import check_template
from parvis.notifications.kinds import LETTERS
from parvis.notifications.problems import TemplateProblem
from parvis.notifications.render import Source, as_source
from parvis.states.words import Language, Sentence

LARGEST_FILE = 128 * 1024  # bytes

UNKNOWN = Sentence(
    "« {file} » n’est le modèle d’aucune lettre : le nommer LETTRE.fr.txt et LETTRE.fr.html.",
    "“{file}” is no letter’s template: name it LETTER.fr.txt and LETTER.fr.html.",
)
ALONE = Sentence(
    "« {file} » manque : une lettre a un texte (.txt) et une page (.html).",
    "“{file}” is missing: a letter has a text (.txt) and a page (.html).",
)
UNREADABLE = Sentence(
    "« {file} » n’est pas un texte en UTF-8 de 128 ko au plus.",
    "“{file}” is not a text in UTF-8 of 128 kB at most.",
)


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """The template of one letter in one language, as a call writes it."""

    name: str
    language: str
    source: Source


@dataclass(frozen=True, slots=True)
class FolderProblem:
    """What is wrong with one file of a folder of templates; line and column are 0 when the file itself is."""

    file: str
    line: int
    column: int
    sentence: Sentence


class TemplateFolderError(Exception):
    """A folder of templates cannot be used; `problems` name each file and what to do."""

    def __init__(self, problems: list[FolderProblem]) -> None:
        super().__init__("; ".join(f"{one.file}:{one.line} {one.sentence.fr}" for one in problems))
        self.problems = problems


def read_folder(folder: Path) -> list[OwnTemplate]:
    """The templates in a folder, each checked; none of them if one cannot be used.

    Raises:
        TemplateFolderError: every problem of every file.
    """
    problems: list[FolderProblem] = []
    found: list[OwnTemplate] = []
    files = {path.name: path for path in sorted(folder.glob("*")) if path.suffix in (".txt", ".html")}
    stems = {name.rpartition(".")[0] for name in files}
    for stem in sorted(stems):
        name, _, language = stem.rpartition(".")
        if name not in LETTERS or language not in set(Language):
            problems.append(FolderProblem(f"{stem}.txt", 0, 0, UNKNOWN.fill(file=f"{stem}.txt")))
            continue
        found += _read_one(files, stem, name, language, problems)
    if problems:
        raise TemplateFolderError(problems)
    return found


def keep(session: Session, call_id: int, templates: list[OwnTemplate]) -> None:
    """Make these the templates of the call, and no others."""
    queries.keep_templates(
        session,
        call_id,
        [(t.name, t.language, t.source.subject, t.source.text, t.source.html) for t in templates],
    )


def _read_one(
    files: dict[str, Path], stem: str, name: str, language: str, problems: list[FolderProblem]
) -> list[OwnTemplate]:
    texts = []
    for suffix in ("txt", "html"):
        file = f"{stem}.{suffix}"
        text = _text(files.get(file))
        if text is None:
            sentence = UNREADABLE if file in files else ALONE
            problems.append(FolderProblem(file, 0, 0, sentence.fill(file=file)))
            return []
        texts.append(text)
    text, html = texts
    source = as_source(text, html, language)
    wrong = check_template(name, language, source.subject, source.text, source.html)
    problems += [_placed(stem, problem) for problem in wrong]
    return [OwnTemplate(name, language, source)]


def _placed(stem: str, problem: TemplateProblem) -> FolderProblem:
    """The problem with the line its file shows: the text of a letter begins at its third line."""
    suffix = "html" if problem.part == "html" else "txt"
    line = problem.line + 2 if problem.part == "text" else problem.line
    return FolderProblem(f"{stem}.{suffix}", line, problem.column, problem.sentence)


def _text(path: Path | None) -> str | None:
    if path is None or path.stat().st_size > LARGEST_FILE:
        return None
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
