"""What is said of each failure, and what to do about it."""

import errno

from parvis.states.words import Sentence

REFUSED = Sentence("Refusé.", "Refused.")
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
UNKNOWN = {"person": NOBODY, "funder": NO_FUNDER, "committee": NO_COMMITTEE, "document": NO_DOCUMENT}
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
BAD_SMTP = Sentence(
    "PARVIS_SMTP_URL ne se lit pas ({code}) : écrire smtp://hôte:25, smtps://… ou smtp+starttls://utilisateur:secret@hôte.",
    "PARVIS_SMTP_URL cannot be read ({code}): write smtp://host:25, smtps://… or smtp+starttls://user:secret@host.",
)
NO_CONTRACT = Sentence(
    "La base ne contient aucun contrat : indiquer son fichier dans PARVIS_CONTRACT.",
    "The database holds no contract: name its file in PARVIS_CONTRACT.",
)
NO_DATABASE = Sentence(
    "La base de données ne répond pas : {reason}. Vérifier PARVIS_DATABASE_URL et le serveur, puis recommencer.",
    "The database does not answer: {reason}. Check PARVIS_DATABASE_URL and the server, then try again.",
)
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
SYSTEM: dict[int, Sentence] = {
    errno.EACCES: Sentence("accès refusé", "permission denied"),
    errno.EPERM: Sentence("accès refusé", "permission denied"),
    errno.EISDIR: Sentence("c’est un dossier, pas un fichier", "it is a folder, not a file"),
    errno.ENOTDIR: Sentence("ce n’est pas un dossier", "it is not a folder"),
    errno.ENOSPC: Sentence("le disque est plein", "the disk is full"),
    errno.EROFS: Sentence("le disque est en lecture seule", "the disk is read-only"),
}
