"""Bringing the city contract into the database, from its file, as often as the file changes."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from parvis.models.queries import contracts as queries
from parvis.models.queries.contract_envelopes import BelowCommittedError
from parvis.models.session import Database
from parvis.services import contracts, deadlines, templates
from parvis.services.agreement_writing import replan_agreements
from parvis.services.settings import Settings
from parvis.services.unlisted import tell_unlisted
from parvis.states.words import Cents, Sentence

TOO_LITTLE = Sentence(
    "L’enveloppe « {envelope} » passerait à {wanted}, et {held} en sont déjà réservés ou engagés : l’augmenter.",
    "The envelope “{envelope}” would become {wanted}, and {held} of it are reserved or committed: raise it.",
)


@dataclass(frozen=True, slots=True)
class OpenedContract:
    """The contract in the database: its id, and the ids of the calls whose rules just changed."""

    contract_id: int
    changed_calls: tuple[int, ...] = ()


def open_contract(database: Database, chosen: Settings, at: datetime) -> OpenedContract:
    """Make the database say what the contract's file says; a file it knows already is not read further.

    Open cases of a call whose rules changed have their deadlines planned anew, and so do agreements that are not
    over: their milestones and reminders are settings of the contract. Without the file, the contract
    the database already holds stays. The letters a call writes its own way are taken each time.

    Raises:
        ContractFileError: the file cannot be used, or there is none and the database holds no contract.
        TemplateFolderError: a letter a call writes its own way cannot be used.
    """
    digest = _digest(chosen.contract)
    with database.transaction() as session:
        known = queries.contract_known(session, digest)
    opened = OpenedContract(known) if known is not None else _write(database, chosen.contract, digest, at)
    _keep_letters(database, opened.contract_id, chosen.contract.parent)
    return opened


def is_demonstration(database: Database) -> bool:
    """Whether every contract in the database holds the demonstration, and nothing real."""
    with database.transaction() as session:
        return queries.all_invented(session)


def keep_up(database: Database, chosen: Settings, at: datetime) -> None:
    """Bring the contract's file in if it changed since; one that is not there changes nothing.

    A file the database knows costs reading it and one statement. A contract the database does not hold is left for
    who opens it (`parvis up`, `parvis import`): acting on a case never adds the contract of another city.

    Raises:
        ContractFileError: it changed and cannot be used.
        TemplateFolderError: a letter a call writes its own way cannot be used.
    """
    digest = _digest(chosen.contract)
    if digest is None:
        return
    with database.transaction() as session:
        known = queries.contract_known(session, digest)
    if known is not None:
        return
    code = contracts.read_contract(chosen.contract).code
    with database.transaction() as session:
        held = queries.holds_contract(session, code)
    if held:
        open_contract(database, chosen, at)


def _digest(file: Path) -> str | None:
    """The SHA-256 of the contract's file; None when there is none."""
    try:
        return sha256(file.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None
    except OSError:
        contracts.read_contract(file)  # which says what is wrong with it
        raise


def _write(database: Database, file: Path, digest: str | None, at: datetime) -> OpenedContract:
    contract = contracts.read_contract(file)
    try:
        with database.transaction() as session:
            changed = queries.write_contract(session, contract, digest=digest or "", at=at)
            for call_id in changed.calls:
                deadlines.replan_call(session, call_id, at=at)
            replan_agreements(session, changed.contract_id, at=at)
            tell_unlisted(session, changed.contract_id, at=at)
    except BelowCommittedError as error:
        raise contracts.ContractFileError([_too_little(error)], file=file.name) from None
    return OpenedContract(changed.contract_id, changed.calls)


def _too_little(error: BelowCommittedError) -> contracts.FileProblem:
    wanted, held = Cents(error.wanted_cents), Cents(error.held_cents)
    sentence = TOO_LITTLE.fill(envelope=error.envelope, wanted=wanted, held=held)
    return contracts.FileProblem(1, f"{error.call}.envelopes", None, sentence)


def _keep_letters(database: Database, contract_id: int, beside: Path) -> None:
    """Take the letters of each call that has its own; its folder is named from the contract's."""
    with database.transaction() as session:
        folders = queries.letters_folders(session, contract_id)
        for call_id, folder in folders:
            templates.keep(session, call_id, templates.read_folder(beside / folder))
