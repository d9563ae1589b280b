"""Which failure each error of the services is: its number, its sentence, its details.

Errors are imported here where they are recognised: by the time one is raised its module is loaded, and a command
that succeeds loads none for nothing.
"""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from parvis.cli import failure_words as words
from parvis.cli.exits import ExitCode
from parvis.cli.failed import Detail, Failed
from parvis.cli.machine_failures import of_settings, of_the_machine
from parvis.cli.values import WrongUseError
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.services.imports.problems import Problem


def explain(error: BaseException) -> Failed | None:
    """How a command ends on this error; None for one nobody foresaw."""
    for read in (
        _of_the_command,
        _of_the_rules,
        _of_sessions,
        _of_names,
        _of_files,
        of_settings,
        _of_open_data,
        _of_the_proof,
        of_the_machine,
    ):
        failed = read(error)
        if failed is not None:
            return failed
    return None


def _of_the_command(error: BaseException) -> Failed | None:
    if isinstance(error, WrongUseError):
        place = Sentence(error.option, error.option) if error.option else None
        return Failed(ExitCode.USAGE, "usage", error.sentence, place=place)
    return None


def _of_the_rules(error: BaseException) -> Failed | None:
    from parvis.states.table import MoveRefusedError, StaleVersionError

    match error:
        case MoveRefusedError(reasons=reasons):
            details = tuple(Detail(reason.code, reason.sentence) for reason in reasons)
            return Failed(ExitCode.REFUSED, "refused", words.REFUSED, details)
        case StaleVersionError() if stale := _of_a_sitting(error):
            return stale
        case StaleVersionError(expected=expected, actual=actual):
            sentence = words.STALE.fill(expected=expected, actual=actual)
            return Failed(ExitCode.CONFLICT, "stale", sentence)
        case _:
            return _of_writing(error) if _loaded("parvis.services.advance") else None


def _of_sessions(error: BaseException) -> Failed | None:
    if not _loaded("parvis.services.sessions.room"):
        return None
    from parvis.services.sessions.closing import ClosingBlockedError
    from parvis.services.sessions.decisions import BlockRefusedError, DecisionChangedError
    from parvis.services.sessions.room import AlreadyClosedError

    match error:
        case AlreadyClosedError(closed_at=closed_at, by=by):
            return Failed(ExitCode.CONFLICT, "already_closed", words.ALREADY_CLOSED.fill(at=closed_at, by=by))
        case DecisionChangedError(reference=reference, now=None):
            return Failed(ExitCode.CONFLICT, "decision_changed", words.TAKEN_BACK.fill(reference=reference))
        case DecisionChangedError(reference=reference, now=now) if now is not None:
            said = words.SAID_MEANWHILE.fill(reference=reference, by=now.saved_by, version=now.version)
            return Failed(ExitCode.CONFLICT, "decision_changed", said)
        case ClosingBlockedError(blocked=found) | BlockRefusedError(refused=found):
            details = tuple(
                Detail(reason.code, reason.sentence, Sentence(one.reference, one.reference))
                for one in found
                for reason in one.reasons
            )
            sentence = words.BLOCKED if isinstance(error, ClosingBlockedError) else words.BLOCK_REFUSED
            return Failed(ExitCode.REFUSED, "refused", sentence.fill(count=len(found)), details)
        case _:
            return _of_programmings(error)


def _of_programmings(error: BaseException) -> Failed | None:
    if not _loaded("parvis.services.scenarios"):
        return None
    from parvis.services.scenarios import ScenarioRefusedError

    if not isinstance(error, ScenarioRefusedError):
        return None
    details = tuple(Detail("programming", sentence) for sentence in error.details)
    return Failed(ExitCode.REFUSED, "refused", error.sentence, details)


def _of_a_sitting(error: BaseException) -> Failed | None:
    if not _loaded("parvis.services.agendas"):
        return None
    from parvis.services.agendas import StaleSittingError

    if not isinstance(error, StaleSittingError):
        return None
    sentence = words.STALE_SITTING.fill(expected=error.expected, actual=error.actual)
    return Failed(ExitCode.CONFLICT, "stale", sentence)


def _of_writing(error: BaseException) -> Failed | None:
    from parvis.models.session import ConflictError, ConstraintError
    from parvis.services.advance import IdempotencyMismatchError

    match error:
        case IdempotencyMismatchError():
            return Failed(ExitCode.CONFLICT, "key_used", words.KEY_USED.fill(key=str(error)))
        case ConflictError() | ConstraintError():
            return Failed(ExitCode.CONFLICT, "conflict", words.MET)
        case _:
            return None


def _of_names(error: BaseException) -> Failed | None:
    from parvis.notifications.mailbox import NoSuchLetterError as NotInMailboxError
    from parvis.services.agreement_pages import NoSuchAgreementError
    from parvis.services.cases import NoSuchCaseError
    from parvis.services.file_problems import NoSuchFileError
    from parvis.services.intake import UnknownCallError
    from parvis.services.people import UnknownNameError
    from parvis.services.upcoming import NoSuchLetterError

    match error:
        case NoSuchCaseError(name=name, among=among):
            sentence = (words.SEVERAL_CASES if among else words.NO_CASE).fill(name=name, among=among)
        case NoSuchAgreementError(name=name):
            sentence = words.NO_AGREEMENT.fill(name=name)
        case NoSuchLetterError() | NotInMailboxError():
            sentence = words.NO_LETTER.fill(code=str(error))
        case NoSuchFileError(name=name, known=known):
            sentence = words.NO_STORED_FILE.fill(name=name, known=known or words.NOTHING_THERE)
        case UnknownCallError(code=name, known=known):
            sentence = words.NO_CALL.fill(name=name, known=known)
        case UnknownNameError(kind=kind, name=name, known=known):
            unknown = words.UNKNOWN[kind]
            sentence = unknown.fill(name=name, known=known or words.NOTHING_THERE)
        case NotThereError():
            sentence = error.sentence
        case _:
            return None
    return Failed(ExitCode.NOT_FOUND, "not_found", sentence)


class NotThereError(Exception):
    """What a command was asked for does not exist; `sentence` says so."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def _of_files(error: BaseException) -> Failed | None:
    from parvis.services.contracts import ContractFileError
    from parvis.services.file_problems import FileRefusedError, LostFileError
    from parvis.services.imports.problems import DepositFileError
    from parvis.services.intake import NoContractError
    from parvis.services.templates import TemplateFolderError
    from parvis.services.word_templates import WordTemplateProblemsError

    match error:
        case DepositFileError(problems=problems):
            return _invalid(words.BAD_FILE, import_details(problems))
        case ContractFileError(problems=problems, file=file):
            details = [Detail("contract", p.sentence, _line(p.line, p.path), p.value) for p in problems]
            return _invalid(words.BAD_CONTRACT, details, file=file)
        case TemplateFolderError(problems=problems):
            details = [Detail("template_invalid", p.sentence, _line(p.line, p.file)) for p in problems]
            return _invalid(words.BAD_TEMPLATES, details)
        case FileRefusedError(code=code, sentence=sentence):
            return Failed(ExitCode.INVALID, code, sentence)
        case LostFileError(name=name, sha256=sha256):
            return Failed(ExitCode.PROOF_BROKEN, "file_lost", words.LOST.fill(name=name, sha256=sha256))
        case WordTemplateProblemsError(name=name, problems=problems):
            details = [Detail(p.code, p.sentence, _quoted(p.paragraph)) for p in problems]
            return _invalid(words.BAD_WORD_TEMPLATE, details, name=name)
        case NoContractError():
            return _invalid(words.NO_CONTRACT, ())
        case _:
            return None


def _of_open_data(error: BaseException) -> Failed | None:
    if not _loaded("parvis.services.open_data.publishing"):
        return None
    from parvis.services.open_data.publishing import InvalidDataError, NoSiretError

    match error:
        case NoSiretError(sentence=sentence):
            return Failed(ExitCode.INVALID, "no_siret", sentence)
        case InvalidDataError(sentence=sentence, faults=faults):
            details = tuple(Detail(f.code, Sentence(f.said, f.said), _quoted(f.column)) for f in faults)
            return Failed(ExitCode.INVALID, "open_data_invalid", sentence, details)
        case _:
            return None


def _of_the_proof(error: BaseException) -> Failed | None:
    if not _loaded("parvis.services.journal"):
        return None
    from parvis.services.anchor_files import AnchorFileError
    from parvis.services.journal import AnchorsDisagreeError

    match error:
        case AnchorsDisagreeError(in_database=in_database, in_folder=in_folder):
            sentence = words.ANCHORS_DIFFER.fill(in_database=in_database, in_folder=in_folder)
            return Failed(ExitCode.PROOF_BROKEN, "anchors_differ", sentence)
        case AnchorFileError(number=number):
            return Failed(ExitCode.PROOF_BROKEN, "anchor_file", words.ANCHOR_FILE.fill(number=number))
        case _:
            return None


def import_details(problems: "Iterable[Problem]") -> list[Detail]:
    """The problems of a file of deposits, each with its place."""
    from parvis.services.receipts import place

    return [
        Detail(
            problem.code,
            problem.sentence,
            Sentence(place(problem, "fr"), place(problem, "en")),
            problem.value,
        )
        for problem in problems
    ]


def _invalid(sentence: Sentence, details: Iterable[Detail], **values: object) -> Failed:
    listed = tuple(details)
    return Failed(ExitCode.INVALID, "invalid", sentence.fill(count=len(listed), **values), listed)


def _line(line: int, where: str) -> Sentence:
    named = Sentence(where, where)
    if not line:
        return named
    return words.LINE_IN.fill(line=line, where=named) if where else words.LINE_OF.fill(line=line)


def _quoted(paragraph: str) -> Sentence | None:
    return words.PARAGRAPH.fill(paragraph=paragraph) if paragraph else None


def _loaded(module: str) -> bool:
    return module in sys.modules
