"""YAML text to plain values, with the line of each; only what a contract needs of YAML, and within limits.

Plain words follow YAML 1.2: `on`, `no` and `08:00` are texts, 010 too. Days stay texts until a field reads them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from parvis.services.contracts.problems import ContractFileError, FileProblem, Path, path_text
from parvis.states.words import Sentence

MAX_BYTES = 1_000_000
MAX_ITEMS = 40_000
MAX_DEPTH = 20

TOO_BIG = Sentence(
    "Le fichier dépasse 1 Mo, ce n’est pas un contrat : vérifier que c’est le bon fichier.",
    "The file is larger than 1 MB, it is not a contract: check that it is the right file.",
)
TOO_MANY = Sentence(
    "Le fichier a plus de 40 000 éléments : le découper, ou vérifier que c’est le bon fichier.",
    "The file has more than 40,000 items: split it, or check that it is the right file.",
)
TOO_DEEP = Sentence(
    "Plus de 20 niveaux imbriqués : vérifier les crochets et les retraits de cette ligne.",
    "More than 20 nested levels: check the brackets and the indentation of this line.",
)
ENCODING = Sentence(
    "Un signe n’est pas en UTF-8 : enregistrer le fichier avec l’encodage UTF-8.",
    "A sign is not UTF-8: save the file with the UTF-8 encoding.",
)
CONTROL = Sentence(
    "Un signe invisible (code {code}) n’est pas admis : l’effacer et retaper la ligne.",
    "An invisible sign (code {code}) is not allowed: delete it and type the line again.",
)
TAB = Sentence(
    "Une tabulation sert de retrait : la remplacer par des espaces.",
    "A tab is used as indentation: replace it with spaces.",
)
COLON = Sentence(
    "Un « : » n’est pas à sa place : aligner la ligne sur ses voisines, ou mettre le texte entre guillemets.",
    "A “:” is out of place: align the line with its neighbours, or put the text in quotes.",
)
INDENT = Sentence(
    "La ligne n’est pas alignée avec le reste de son bloc : corriger les espaces au début de la ligne.",
    "The line is not aligned with the rest of its block: fix the spaces at its beginning.",
)
QUOTE = Sentence(
    "Un guillemet ouvert n’est pas fermé : ajouter celui qui manque.",
    "A quote is opened and never closed: add the missing one.",
)
SYNTAX = Sentence(
    "La ligne ne se lit pas : vérifier les espaces du début, les guillemets, les crochets et les « : ».",
    "The line cannot be read: check the spaces at its beginning, the quotes, the brackets and the “:”.",
)
ALIAS = Sentence(
    "Les renvois de YAML (& et *) ne sont pas admis : recopier la valeur, ou la mettre entre guillemets.",
    "YAML references (& and *) are not allowed: copy the value, or put it in quotes.",
)
TAG = Sentence(
    "Les types de YAML (!) ne sont pas admis : effacer « {tag} », ou mettre la valeur entre guillemets.",
    "YAML types (!) are not allowed: delete “{tag}”, or put the value in quotes.",
)
KEY = Sentence(
    "Un nom de réglage doit être un mot suivi de « : ».",
    "A setting’s name must be a word followed by “:”.",
)
SAME_KEY = Sentence(
    "« {key} » est déjà dit à la ligne {first} : n’en garder qu’un.",
    "“{key}” is already said on line {first}: keep only one.",
)
DOCUMENTS = Sentence(
    "Une ligne « --- » commence un second document : n’en garder qu’un par fichier.",
    "A “---” line begins a second document: keep only one in a file.",
)

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17}|[1-9][0-9]{0,5}(_[0-9]{1,6}){1,5})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})\.[0-9]{1,15}")
_NOTHING = ("", "~", "null", "Null", "NULL")
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_TEXT_TAG = "tag:yaml.org,2002:str"

Scalar = str | int | float | bool | None
Value = Scalar | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True, slots=True)
class Tree:
    """The values of a file, and the line (from 1) of each path."""

    value: Value
    lines: Mapping[Path, int]

    def nearest(self, path: Path) -> Path:
        """The deepest known part of `path`, leaving out parts that the file does not have."""
        known: Path = ()
        for part in path:
            if (*known, part) in self.lines:
                known = (*known, part)
        return known


def read_tree(source: bytes) -> Tree:
    """The tree of a YAML file.

    Raises:
        ContractFileError: the text is not the YAML a contract needs; nothing was built beyond the limits.
    """
    if len(source) > MAX_BYTES:
        raise ContractFileError([FileProblem(1, "", None, TOO_BIG)])
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _stopped(source[: error.start].count(b"\n") + 1, ENCODING) from None
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            builder.take(event)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _stopped(line, CONTROL.fill(code=f"U+{ord(text[error.position]):04X}")) from None
    except yaml.MarkedYAMLError as error:
        raise _explained(error, text) from None
    except (ValueError, OverflowError):  # an escape beyond Unicode, "\\UFFFFFFFF", leaves the parser this way
        raise _stopped(builder.line, SYNTAX) from None
    if builder.problems:
        raise ContractFileError(builder.problems)
    return Tree(builder.value, builder.lines)


@dataclass(slots=True)
class _Frame:
    """An open block or list. `key` is the name read and not yet given its value."""

    holder: dict[str, Value] | list[Value]
    path: Path
    key: str | None = None
    said: dict[str, int] = field(default_factory=dict)


class _Builder:
    """Takes YAML events one by one and builds values: no recursion, nothing shared, nothing executed."""

    def __init__(self) -> None:
        self.value: Value = None
        self.lines: dict[Path, int] = {(): 1}
        self.line = 1
        self.problems: list[FileProblem] = []
        self._stack: list[_Frame] = []
        self._items = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        line = self.line = event.start_mark.line + 1 if event.start_mark else 1
        self._count(line)
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise _stopped(line, DOCUMENTS)
            case yaml.AliasEvent():
                self._refuse(line, ALIAS)
                self._put(None, line)
            case yaml.ScalarEvent():
                self._scalar(event, line)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._check_node(event, line)
                self._open({} if isinstance(event, yaml.MappingStartEvent) else [], line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._stack.pop()

    def _count(self, line: int) -> None:
        self._items += 1
        if self._items > MAX_ITEMS:
            raise _stopped(line, TOO_MANY)

    def _refuse(self, line: int, sentence: Sentence) -> None:
        path = path_text(self._stack[-1].path) if self._stack else ""
        self.problems.append(FileProblem(line, path, None, sentence))

    def _check_node(self, event: yaml.NodeEvent, line: int) -> None:
        tag = getattr(event, "tag", None)
        if event.anchor is not None:
            self._refuse(line, ALIAS)
        if tag not in (None, "!", _TEXT_TAG):
            self._refuse(line, TAG.fill(tag=str(tag).replace("tag:yaml.org,2002:", "!!")))

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        self._check_node(event, line)
        frame = self._stack[-1] if self._stack else None
        if frame is not None and isinstance(frame.holder, dict) and frame.key is None:
            self._name(frame, event.value, line)
            return
        plain = event.style is None and event.tag is None
        self._put(_resolved(event.value) if plain else event.value, line)

    def _name(self, frame: _Frame, key: str, line: int) -> None:
        if key in frame.said:
            self._refuse(line, SAME_KEY.fill(key=key, first=frame.said[key]))
        frame.said.setdefault(key, line)
        frame.key = key
        self.lines.setdefault((*frame.path, key), line)

    def _open(self, holder: dict[str, Value] | list[Value], line: int) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise _stopped(line, TOO_DEEP)
        self._stack.append(_Frame(holder, self._put(holder, line)))

    def _put(self, value: Value, line: int) -> Path:
        """Give a value to the block or the list that waits for it; returns its path."""
        if not self._stack:
            self.value = value
            return ()
        frame = self._stack[-1]
        if isinstance(frame.holder, list):
            path: Path = (*frame.path, len(frame.holder))
            frame.holder.append(value)
            self.lines[path] = line
            return path
        if frame.key is None:
            raise _stopped(line, KEY)
        path = (*frame.path, frame.key)
        frame.holder[frame.key] = value
        frame.key = None
        return path


def _resolved(typed: str) -> Scalar:
    if typed in _NOTHING:
        return None
    if typed in _TRUTH:
        return _TRUTH[typed]
    if _INTEGER.fullmatch(typed):
        return int(typed)
    return float(typed) if _DECIMAL.fullmatch(typed) else typed


def _stopped(line: int, sentence: Sentence) -> ContractFileError:
    return ContractFileError([FileProblem(line, "", None, sentence)])


def _explained(error: yaml.MarkedYAMLError, text: str) -> ContractFileError:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    problem = error.problem or ""
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    if "unexpected end of stream" in problem and error.context_mark:
        return _stopped(error.context_mark.line + 1, QUOTE)
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return _stopped(line, TAB)
    if "mapping values are not allowed" in problem:
        return _stopped(line, COLON)
    if "could not find expected ':'" in problem or "expected <block end>" in problem:
        return _stopped(line, INDENT)
    return _stopped(line, SYNTAX)
