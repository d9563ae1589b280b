"""Which failure each error of the machine is: settings, files, folders, the database; libraries speak English only.

What a library said is kept beside the sentence as a technical detail, marked as one.
"""

import errno
import sys
from collections.abc import Sequence
from pathlib import Path

from parvis.cli import failure_words as words
from parvis.cli import setting_words
from parvis.cli.exits import ExitCode
from parvis.cli.failed import Detail, Failed
from parvis.services import wiring
from parvis.states.words import Sentence

_LONGEST = 500
_OF_A_FOLDER = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO}


def technical(said: str) -> Detail:
    """The words of a library, a server or the end of its log, marked as such, on one line."""
    words_of_it = " ".join(said.split())
    cut = words_of_it if len(words_of_it) <= _LONGEST else f"…{words_of_it[-_LONGEST:]}"
    return Detail("technical", words.TECHNICAL.fill(said=cut))


def why_database(said: str) -> Sentence:
    """Why a database does not serve us, inside a sentence."""
    from parvis.models.away import why_away

    return words.AWAY[why_away(said)]


def of_settings(error: BaseException) -> Failed | None:
    """A variable or the file of the settings that cannot be used."""
    from pydantic import ValidationError

    match error:
        case ValidationError():
            # Reached by settings only: files have errors of their own.
            found = error.errors(include_url=False)
            details = tuple(_setting(each["loc"], each["input"], each.get("ctx", {})) for each in found)
            return Failed(ExitCode.INVALID, "invalid", words.BAD_SETTING, details)
        case wiring.UnreadableSettingsError():
            return Failed(ExitCode.INVALID, "invalid", setting_words.DOT_ENV.fill(file=str(error)))
        case _:
            return None


def of_the_machine(error: BaseException) -> Failed | None:
    """A database that does not serve, a file or a folder that cannot be used, a disk that is full."""
    from parvis.models.databases import AdministrationError
    from parvis.models.postmaster import EmbeddedServerError
    from parvis.models.revisions import UnknownRevisionError
    from parvis.models.session import UnreachableDatabaseError

    match error:
        case AdministrationError() | UnreachableDatabaseError():
            return _away(words.NO_DATABASE, str(error))
        case EmbeddedServerError():
            return _away(words.NO_EMBEDDED, str(error))
        case UnknownRevisionError(revision=""):
            return Failed(ExitCode.INVALID, "newer_database", words.NEWER_DATABASE)
        case UnknownRevisionError(revision=name):
            return Failed(ExitCode.NOT_FOUND, "not_found", words.NO_REVISION.fill(name=name))
        case OSError():
            return _of_the_system(error)
        case _:
            return (
                _of_bank_keys(error)
                or _of_copies(error)
                or _of_parts(error)
                or _of_addresses(error)
                or _of_retention(error)
                or _of_demarches(error)
            )


def _of_copies(error: BaseException) -> Failed | None:
    """A backup or an archive that cannot be made or used."""
    if "parvis.services.backups" in sys.modules:
        from parvis.services.backups import BackupError

        if isinstance(error, BackupError):
            return Failed(ExitCode.INVALID, "backup", error.why)
    if "parvis.services.case_archive" in sys.modules:
        from parvis.services.case_archive import ArchiveError

        if isinstance(error, ArchiveError):
            return Failed(ExitCode.INVALID, "archive", error.why)
    return None


def _of_parts(error: BaseException) -> Failed | None:
    """Tables that cannot be cut, made whole or taken back as they stand now."""
    if "parvis.models.parts" not in sys.modules:
        return None
    from parvis.models.parts import CutTablesError

    if isinstance(error, CutTablesError):
        return Failed(ExitCode.REFUSED, "refused", words.JOIN_FIRST)
    if "parvis.services.parts" in sys.modules:
        from parvis.services.parts import PartsRefusedError

        if isinstance(error, PartsRefusedError):
            return Failed(ExitCode.REFUSED, "refused", error.why)
    return None


def _of_addresses(error: BaseException) -> Failed | None:
    """An address that cannot be corrected so, or by this role."""
    if "parvis.services.addresses" not in sys.modules:
        return None
    from parvis.services.addresses import AddressRefusedError

    return (
        Failed(ExitCode.REFUSED, "refused", error.sentence)
        if isinstance(error, AddressRefusedError)
        else None
    )


def _of_retention(error: BaseException) -> Failed | None:
    """A batch that cannot be answered this way, or is not there."""
    if "parvis.services.personal.copying" in sys.modules:
        from parvis.services.personal.copying import NothingHeldError
        from parvis.services.personal.rectifying import RectificationRefusedError

        match error:
            case NothingHeldError(sentence=sentence):
                return Failed(ExitCode.NOT_FOUND, "not_found", sentence)
            case RectificationRefusedError(sentence=sentence):
                return Failed(ExitCode.REFUSED, "refused", sentence)
    if "parvis.services.retention.batches" not in sys.modules:
        return None
    from parvis.services.retention.batches import BatchRefusedError, NoSuchBatchError

    match error:
        case BatchRefusedError(sentence=sentence):
            return Failed(ExitCode.REFUSED, "refused", sentence)
        case NoSuchBatchError(sentence=sentence):
            return Failed(ExitCode.NOT_FOUND, "not_found", sentence)
        case _:
            return None


def _of_demarches(error: BaseException) -> Failed | None:
    """Démarche numérique did not do what it was asked."""
    if "parvis.services.demarches.failing" not in sys.modules:
        return None
    from parvis.services.demarches.failing import DemarcheError

    return Failed(ExitCode.FAILURE, error.why, error.sentence) if isinstance(error, DemarcheError) else None


def _of_bank_keys(error: BaseException) -> Failed | None:
    """Bank details that do not open, for want of the right key."""
    if "parvis.services.bank_keys" not in sys.modules:
        return None
    from parvis.services.bank_keys import NoBankKeyError, WrongBankKeyError

    match error:
        case NoBankKeyError():
            return Failed(ExitCode.INVALID, "no_bank_key", words.NO_BANK_KEY)
        case WrongBankKeyError():
            return Failed(ExitCode.INVALID, "wrong_bank_key", words.WRONG_BANK_KEY)
        case _:
            return None


def _setting(place: Sequence[object], value: object, facts: dict[str, object]) -> Detail:
    """What is wrong with one variable; one that lacks beside others has no place of its own, but a name."""
    name = str(place[0] if place else facts["name"])
    variable = f"PARVIS_{name.upper()}"
    write = setting_words.WRITE[name]
    code = str(facts.get("why", ""))
    why = setting_words.SMTP.get(code) or setting_words.WHY.get(code)
    said = Sentence(f"{why.fr} {write.fr}", f"{why.en} {write.en}") if why else write
    shown = None if name in setting_words.SECRET or not place else str(value)
    return Detail("setting", said, Sentence(variable, variable), shown)


def _away(sentence: Sentence, said: str) -> Failed:
    filled = sentence.fill(reason=why_database(said))
    return Failed(ExitCode.FAILURE, "database_away", filled, (technical(said),))


def _of_the_system(error: OSError) -> Failed:
    number, file = error.errno or 0, error.filename
    reason = words.SYSTEM.get(number, words.OF_THE_SYSTEM.fill(number=number))
    code = ExitCode.INVALID if number in words.OF_THE_FILE else ExitCode.FAILURE
    details = () if number in words.SYSTEM else (technical(str(error)),)
    if file is None:
        return Failed(ExitCode.FAILURE, "system", words.MACHINE.fill(reason=reason), details)
    path = Path(str(file))
    if _about_data(path, number):
        folder = str(wiring.data_folder())
        said = words.DATA_FOLDER.fill(folder=folder, file=str(file), reason=reason)
        return Failed(code, "data_folder", said, details)
    if number == errno.ENOENT:
        missing = words.NO_FILE.fill(file=str(file))
        if not path.absolute().parent.is_dir():
            missing = words.NO_FOLDER.fill(file=str(path.parent))
        return Failed(ExitCode.NOT_FOUND, "not_found", missing)
    said = words.DISK.fill(file=str(file), reason=reason)
    return Failed(code, "system", said, details)


def _about_data(path: Path, number: int) -> bool:
    """Whether what failed is the data folder: it is not there or no folder, or the disk or its rights say no."""
    folder = wiring.data_folder().absolute()
    inside = path.absolute().is_relative_to(folder)
    if folder.is_dir():
        return inside and number in _OF_A_FOLDER
    return inside or folder.is_relative_to(path.absolute())
