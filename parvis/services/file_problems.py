"""Why a file is not taken in: each refusal a code and one sentence that says what to do."""

from parvis.states.words import Sentence


class FileRefusedError(Exception):
    """A file is not taken in: `code` is for machines, `sentence` says what is wrong and what to do."""

    def __init__(self, code: str, sentence: Sentence) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence


class NoSuchFileError(Exception):
    """The case or sitting has no file of this name; `known` are the names there are."""

    def __init__(self, name: str, known: tuple[str, ...] = ()) -> None:
        super().__init__(name)
        self.name = name
        self.known = known


class LostFileError(Exception):
    """The row of a file is there, its bytes are not, or are no longer those that were kept."""

    def __init__(self, name: str, sha256: str) -> None:
        super().__init__(f"{name}: {sha256}")
        self.name = name
        self.sha256 = sha256


ACCEPTED = "PDF, PNG, JPEG, DOCX, XLSX, ODT, ODS, TXT"

NAME = Sentence(
    "Le nom « {name} » ne convient pas à un fichier : le renommer sans « / », « \\ » ni caractère de contrôle.",
    "The name “{name}” does not suit a file: rename it without “/”, “\\” or control characters.",
)
ENDING = Sentence(
    "« {name} » ne finit pas comme un fichier accepté ({accepted}) : l’enregistrer dans l’un de ces formats.",
    "“{name}” does not end like an accepted file ({accepted}): save it in one of these formats.",
)
EMPTY = Sentence(
    "« {name} » est vide : vérifier le fichier d’origine, puis le renvoyer.",
    "“{name}” is empty: check the original file, then send it again.",
)
TOO_LARGE = Sentence(
    "« {name} » pèse plus de {limit} Mo : le réduire ou le partager en plusieurs fichiers.",
    "“{name}” is over {limit} MB: make it smaller or divide it into several files.",
)
TOO_MANY_PAGES = Sentence(
    "« {name} » compte {pages} pages, pour {limit} au plus : n’envoyer que les pages utiles.",
    "“{name}” has {pages} pages, at most {limit} are allowed: send only the useful ones.",
)
TOO_MANY_PIXELS = Sentence(
    "L’image « {name} » mesure {width} × {height} points, trop pour être imprimée : la réduire à {limit} points "
    "de côté au plus.",
    "The image “{name}” measures {width} × {height} pixels, too many to print: reduce it to {limit} pixels a side "
    "at most.",
)
UNKNOWN_TYPE = Sentence(
    "Le contenu de « {name} » n’est d’aucun format accepté : l’enregistrer en {accepted}.",
    "What “{name}” contains is in none of the accepted formats: save it as {accepted}.",
)
OTHER_TYPE = Sentence(
    "« {name} » contient en fait un fichier {found} : lui rendre son vrai nom, ou l’enregistrer de nouveau.",
    "“{name}” is in fact a {found} file: give it its true name back, or save it again.",
)
MACRO = Sentence(
    "« {name} » contient des macros : l’enregistrer sans macros (.docx, .xlsx, .odt, .ods) ou en PDF.",
    "“{name}” contains macros: save it without macros (.docx, .xlsx, .odt, .ods) or as PDF.",
)
EXTERNAL = Sentence(
    "« {name} » va chercher un modèle sur un autre ordinateur : détacher le modèle, ou l’enregistrer en PDF.",
    "“{name}” fetches a template from another computer: detach the template, or save it as PDF.",
)
CORRUPT = Sentence(
    "« {name} » est abîmé ou incomplet : l’enregistrer de nouveau, puis le renvoyer.",
    "“{name}” is damaged or incomplete: save it again, then send it again.",
)
PROTECTED = Sentence(
    "« {name} » est protégé par un mot de passe : l’enregistrer sans mot de passe.",
    "“{name}” is protected by a password: save it without one.",
)
UNSAFE = Sentence(
    "« {name} » est construit d’une manière dangereuse, qu’aucune suite bureautique n’écrit : en copier le contenu "
    "dans un document neuf, ou l’enregistrer en PDF.",
    "“{name}” is built in a dangerous way, which no office suite writes: copy its content into a new document, or "
    "save it as PDF.",
)
INFECTED = Sentence(
    "L’antivirus refuse « {name} » : faire vérifier l’ordinateur d’où il vient, puis renvoyer un fichier sain.",
    "The antivirus refuses “{name}”: have the computer it comes from checked, then send a sound file.",
)
NOT_SCANNED = Sentence(
    "L’antivirus ne répond pas, « {name} » n’a donc pas été pris : recommencer plus tard, ou prévenir "
    "l’administrateur (PARVIS_ANTIVIRUS).",
    "The antivirus does not answer, so “{name}” was not taken: try again later, or tell the administrator "
    "(PARVIS_ANTIVIRUS).",
)
TOO_LARGE_TO_SCAN = Sentence(
    "« {name} » est trop lourd pour l’antivirus, il n’a donc pas été pris : le réduire, ou prévenir l’administrateur "
    "(StreamMaxLength de ClamAV).",
    "“{name}” is too large for the antivirus, so it was not taken: make it smaller, or tell the administrator "
    "(ClamAV’s StreamMaxLength).",
)
ANONYMISED = Sentence(
    "Ce dossier est anonymisé : plus aucun fichier ne s’y joint.",
    "This case is anonymised: no file is attached to it any more.",
)
MADE = Sentence(
    "« {name} » a été établi par Parvis : un tel document ne se retire pas.",
    "“{name}” was made by Parvis: such a document is not taken off.",
)
ROLE = Sentence(
    "Un financeur ou un membre de comité n’ajoute pas de pièce : l’envoyer à l’instructeur du dossier.",
    "A funder or a committee member attaches nothing: send it to the case’s instructor.",
)
NOT_SIGNED = Sentence(
    "« {name} » est une pièce jointe : seuls les lettres, arrêtés et conventions du dossier se signent.",
    "“{name}” is an attachment: only the letters, grant orders and agreements of the case are signed.",
)
