"""What is said of each failure, and what to do about it."""

import errno

from parvis.states.words import Sentence

REFUSED = Sentence("Refusé.", "Refused.")
STALE_SITTING = Sentence(
    "Cette séance en est à la version {actual}, et non {expected} : relire son ordre du jour, puis recommencer.",
    "This session is at version {actual}, not {expected}: read its agenda again, then retry.",
)
STALE = Sentence(
    "Ce dossier en est à la version {actual}, et non {expected} : le relire, puis recommencer.",
    "This case is at version {actual}, not {expected}: read it again, then retry.",
)
KEY_USED = Sentence(
    "La clé « {key} » a déjà servi à autre chose : en prendre une autre.",
    "The key “{key}” was used for something else: take another one.",
)
ALREADY_CLOSED = Sentence(
    "La séance est déjà close, le {at}, par {by} : rien n’a été refait.",
    "The session is closed already, on {at}, by {by}: nothing was done again.",
)
SAID_MEANWHILE = Sentence(
    "{reference} : {by} a enregistré entre-temps une autre décision (version {version}). La relire, puis recommencer.",
    "{reference}: {by} saved another decision meanwhile (version {version}). Read it again, then retry.",
)
TAKEN_BACK = Sentence(
    "{reference} : la décision a été retirée entre-temps. Relire la séance, puis recommencer.",
    "{reference}: the decision was taken back meanwhile. Read the session again, then retry.",
)
BLOCKED = Sentence(
    "La séance ne peut pas être close, rien n’a été fait ; dossiers à revoir : {count}.",
    "The session cannot be closed, nothing was done; cases to look at: {count}.",
)
BLOCK_REFUSED = Sentence(
    "Aucune décision n’a été gardée ; dossiers à revoir : {count}.",
    "No decision was kept; cases to look at: {count}.",
)
MET = Sentence(
    "Quelqu’un d’autre écrivait la même chose : recommencer.",
    "Somebody else was writing the same: try again.",
)
NO_CASE = Sentence("Aucun dossier « {name} ».", "There is no case “{name}”.")
SEVERAL_CASES = Sentence(
    "Plusieurs dossiers portent le numéro « {name} » : donner une référence parmi {among}.",
    "Several cases have the number “{name}”: give one of the references {among}.",
)
NO_AGREEMENT = Sentence(
    "Aucune convention « {name} » : « parvis agreement list » les dit toutes.",
    "There is no agreement “{name}”: “parvis agreement list” tells them all.",
)
NO_LETTER = Sentence("Aucune lettre « {code} ».", "There is no letter “{code}”.")
NO_CALL = Sentence(
    "Aucun appel « {name} ». Il y a : {known}.", "There is no call “{name}”. There are: {known}."
)
NOBODY = Sentence(
    "Personne n’a l’adresse « {name} ». Il y a : {known}.",
    "Nobody has the address “{name}”. There are: {known}.",
)
NO_FUNDER = Sentence(
    "Aucun financeur « {name} ». Il y a : {known}.", "There is no funder “{name}”. There are: {known}."
)
NO_COMMITTEE = Sentence(
    "Aucune séance « {name} ». Il y a : {known}.", "There is no session “{name}”. There are: {known}."
)
NO_DOCUMENT = Sentence(
    "Aucune pièce « {name} » dans la liste du dossier. Il y a : {known}.",
    "There is no document “{name}” on the case’s list. There are: {known}.",
)
NO_PROGRAMMING = Sentence(
    "Cette séance n’a pas de programmation « {name} ». Il y a : {known}.",
    "This session has no programming “{name}”. There are: {known}.",
)
UNKNOWN = {
    "programming": NO_PROGRAMMING,
    "person": NOBODY,
    "funder": NO_FUNDER,
    "committee": NO_COMMITTEE,
    "document": NO_DOCUMENT,
}
NOTHING_THERE = Sentence("rien", "nothing")
BAD_FILE = Sentence(
    "Le fichier ne peut pas être importé ; erreurs : {count}.",
    "The file cannot be imported; errors: {count}.",
)
BAD_CONTRACT = Sentence(
    "Le contrat « {file} » ne peut pas être utilisé ; erreurs : {count}.",
    "The contract “{file}” cannot be used; errors: {count}.",
)
BAD_TEMPLATES = Sentence(
    "Modèles de lettres à corriger ; erreurs : {count}.", "Letter templates to be corrected; errors: {count}."
)
BAD_WORD_TEMPLATE = Sentence(
    "« {name} » ne peut pas servir de modèle ; erreurs : {count}.",
    "“{name}” cannot be used as a template; errors: {count}.",
)
PARAGRAPH = Sentence("paragraphe « {paragraph} »", "paragraph “{paragraph}”")
BAD_SETTING = Sentence(
    "Un réglage ne peut pas être utilisé ; le corriger dans l’environnement ou le fichier .env.",
    "A setting cannot be used; correct it in the environment or the .env file.",
)
NO_CONTRACT = Sentence(
    "La base ne contient aucun contrat : indiquer son fichier dans PARVIS_CONTRACT.",
    "The database holds no contract: name its file in PARVIS_CONTRACT.",
)
NO_DATABASE = Sentence(
    "La base de données ne répond pas : {reason}. Vérifier PARVIS_DATABASE_URL et le serveur, puis recommencer.",
    "The database does not answer: {reason}. Check PARVIS_DATABASE_URL and the server, then try again.",
)
NO_EMBEDDED = Sentence(
    "La base de données embarquée ne démarre pas : {reason}. Vérifier le dossier des données (PARVIS_DATA_FOLDER), "
    "puis recommencer.",
    "The embedded database does not start: {reason}. Check the data folder (PARVIS_DATA_FOLDER), then try again.",
)
AWAY: dict[str, Sentence] = {
    "refused": Sentence("aucun serveur n’écoute à cette adresse", "no server listens at this address"),
    "no_host": Sentence("cet hôte est introuvable sur le réseau", "this host is not found on the network"),
    "silent": Sentence("pas de réponse dans le temps imparti", "no answer in time"),
    "password": Sentence(
        "le serveur n’accepte pas ce nom d’utilisateur ou ce secret",
        "the server does not accept this user name or secret",
    ),
    "no_role": Sentence("ce nom d’utilisateur n’existe pas sur le serveur", "the server has no such user"),
    "no_database": Sentence("cette base n’existe pas sur le serveur", "the server has no such database"),
    "not_allowed": Sentence(
        "le serveur n’admet pas cette connexion (pg_hba.conf)",
        "the server does not admit this connection (pg_hba.conf)",
    ),
    "full": Sentence("toutes les connexions sont prises", "every connection is taken"),
    "restarting": Sentence("le serveur démarre ou s’arrête", "the server is starting or stopping"),
    "lost": Sentence("la connexion a été perdue", "the connection was lost"),
    "tls": Sentence("le chiffrement (TLS) a échoué", "encryption (TLS) failed"),
    "disk_full": Sentence("le disque est plein", "the disk is full"),
    "read_only": Sentence("elle est en lecture seule", "it is read-only"),
    "rights": Sentence("ce compte n’a pas les droits qu’il faut", "this account lacks the rights it needs"),
    "unknown": Sentence("voir le détail technique", "see the technical detail"),
}
TECHNICAL = Sentence("Détail technique : {said}", "Technical detail: {said}")
NO_REVISION = Sentence(
    "Aucune révision « {name} » à laquelle revenir.", "There is no revision “{name}” to go back to."
)
JOIN_FIRST = Sentence(
    "Le journal et les lettres sont en parties, que cette révision ne connaît pas : « parvis db join » d’abord.",
    "The journal and the letters are in parts, which that revision does not know: “parvis db join” first.",
)
NEWER_DATABASE = Sentence(
    "La base vient d’une autre version de Parvis, plus récente : installer celle-là.",
    "The database comes from another, newer version of Parvis: install that one.",
)
MACHINE = Sentence("La machine ne suit pas : {reason}.", "The machine cannot go on: {reason}.")
DISK = Sentence("« {file} » : {reason}.", "“{file}”: {reason}.")
ANCHORS_DIFFER = Sentence(
    "Dernière ancre de la base : {in_database} ; du dossier : {in_folder}. L’un des deux en a perdu : « parvis "
    "journal verify » dit lequel, « parvis journal restore » remet ce qui peut l’être.",
    "Last anchor in the database: {in_database}; in the folder: {in_folder}. One of them lost some: “parvis "
    "journal verify” says which, “parvis journal restore” puts back what it can.",
)
ANCHOR_FILE = Sentence(
    "Le fichier de l’ancre {number} a été modifié ou ne se lit plus : le reprendre d’une sauvegarde.",
    "The file of anchor {number} was changed or cannot be read: take it back from a copy.",
)
NO_STORED_FILE = Sentence(
    "Aucun fichier « {name} » dans ce dossier. Il y a : {known}.",
    "There is no file “{name}” in this case. There are: {known}.",
)
LOST = Sentence(
    "Les octets de « {name} » manquent ou ont été modifiés ({sha256}) : les reprendre d’une sauvegarde du dossier "
    "« files ».",
    "The bytes of “{name}” are missing or were changed ({sha256}): take them back from a copy of the folder “files”.",
)
LINE_OF = Sentence("ligne {line}", "line {line}")
LINE_IN = Sentence("ligne {line}, {where}", "line {line}, {where}")

NO_FILE = Sentence("Le fichier « {file} » n’existe pas.", "There is no file “{file}”.")
NO_FOLDER = Sentence("Le dossier « {file} » n’existe pas.", "There is no folder “{file}”.")
DATA_FOLDER = Sentence(
    "Le dossier des données « {folder} » ne peut pas servir : {reason} (« {file} »). Le corriger, ou en "
    "nommer un autre dans PARVIS_DATA_FOLDER.",
    "The data folder “{folder}” cannot be used: {reason} (“{file}”). Mend it, or name another one in "
    "PARVIS_DATA_FOLDER.",
)
NOT_TEXT = Sentence(
    "L’argument n° {number} n’est pas du texte UTF-8 : régler le terminal en UTF-8, ou renommer le fichier.",
    "Argument no. {number} is not UTF-8 text: set the terminal to UTF-8, or rename the file.",
)
NOT_TEXT_READ = Sentence(
    "L’entrée n’est pas du texte UTF-8 : la récrire en UTF-8.",
    "The input is not UTF-8 text: write it as UTF-8.",
)

_DENIED = Sentence("accès refusé", "permission denied")
_FULL = Sentence("le disque est plein", "the disk is full")
_BROKEN = Sentence("le disque ne se lit ou ne s’écrit pas", "the disk cannot be read or written")
SYSTEM: dict[int, Sentence] = {
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EISDIR: Sentence("c’est un dossier, pas un fichier", "it is a folder, not a file"),
    errno.ENOTDIR: Sentence("ce n’est pas un dossier", "it is not a folder"),
    errno.EEXIST: Sentence("ce n’est pas un dossier", "it is not a folder"),
    errno.ENOENT: Sentence(
        "il n’existe pas et ne peut pas être créé", "it does not exist and cannot be made"
    ),
    errno.EROFS: Sentence("le disque est en lecture seule", "the disk is read-only"),
    errno.ENAMETOOLONG: Sentence("son nom est trop long", "its name is too long"),
    errno.ELOOP: Sentence("ses liens tournent en rond", "its links go round in circles"),
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: Sentence("le fichier serait trop grand", "the file would be too large"),
    errno.EIO: _BROKEN,
    errno.EBUSY: Sentence("il est occupé", "it is busy"),
    errno.EMFILE: Sentence("trop de fichiers sont ouverts", "too many files are open"),
    errno.ENFILE: Sentence("trop de fichiers sont ouverts", "too many files are open"),
    errno.ENOMEM: Sentence("la mémoire manque", "memory is lacking"),
    errno.EPIPE: Sentence("le programme qui lisait s’est arrêté", "the program that was reading stopped"),
}
OF_THE_FILE = frozenset(
    {errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOENT, errno.EROFS,
     errno.ENAMETOOLONG, errno.ELOOP}
)  # fmt: skip
"""What waiting does not mend: the name or the rights of a file."""
OF_THE_SYSTEM = Sentence("erreur n° {number} du système", "error no. {number} of the system")
NO_BANK_KEY = Sentence(
    "Aucune clé ne protège les coordonnées bancaires : en faire une (« parvis bank key ») et la mettre dans "
    "PARVIS_BANK_KEYS.",
    "No key protects bank details: make one (“parvis bank key”) and put it in PARVIS_BANK_KEYS.",
)
WRONG_BANK_KEY = Sentence(
    "Ces coordonnées bancaires, ou ce secret, ont été chiffrés avec une autre clé : la remettre dans "
    "PARVIS_BANK_KEYS, après la nouvelle.",
    "These bank details, or this secret, were sealed with another key: put it back in PARVIS_BANK_KEYS, after the "
    "new one.",
)
UNKNOWN_LANGUAGE = Sentence(
    "La langue « {value} » n’est pas connue. Il y a : fr, en.",
    "The language “{value}” is not known. There are: fr, en.",
)
NO_LANGUAGE = Sentence("Dire une langue après --lang : fr ou en.", "Say a language after --lang: fr or en.")
