"""What the number a command ends with means; `docs/cli.md` repeats it and a test compares them."""

from enum import IntEnum

from parvis.states.words import Sentence


class ExitCode(IntEnum):
    """The numbers a command can end with."""

    DONE = 0
    FAILURE = 1
    USAGE = 2
    REFUSED = 3
    NOT_FOUND = 4
    INVALID = 5
    CONFLICT = 6
    PROOF_BROKEN = 7
    INTERRUPTED = 130


MEANINGS: dict[ExitCode, Sentence] = {
    ExitCode.DONE: Sentence("Fait.", "Done."),
    ExitCode.FAILURE: Sentence(
        "Panne : la base de données ne répond pas, le disque est plein, une erreur imprévue. Recommencer plus tard.",
        "Failure: the database does not answer, the disk is full, something unforeseen. Try again later.",
    ),
    ExitCode.USAGE: Sentence(
        "Commande mal écrite : option inconnue, argument manquant, valeur illisible.",
        "The command is not written well: unknown option, missing argument, unreadable value.",
    ),
    ExitCode.REFUSED: Sentence(
        "Refusé par les règles : la raison dit ce qui débloquerait.",
        "Refused by the rules: the reason says what would unblock it.",
    ),
    ExitCode.NOT_FOUND: Sentence(
        "Introuvable : ce dossier, cette lettre, cette personne n’existe pas.",
        "Not found: there is no such case, letter or person.",
    ),
    ExitCode.INVALID: Sentence(
        "Fichier, contrat ou réglage inutilisable : chaque erreur est listée.",
        "Unusable file, folder, contract or setting: every error is told.",
    ),
    ExitCode.CONFLICT: Sentence(
        "Quelqu’un d’autre est passé avant : relire, puis recommencer.",
        "Somebody else came first: read again, then retry.",
    ),
    ExitCode.PROOF_BROKEN: Sentence(
        "Le journal, ses ancres, le registre des enveloppes ou un fichier conservé ont été modifiés.",
        "The journal, its anchors, the ledger of envelopes or a stored file were changed.",
    ),
    ExitCode.INTERRUPTED: Sentence("Interrompu par Ctrl-C.", "Interrupted by Ctrl-C."),
}
