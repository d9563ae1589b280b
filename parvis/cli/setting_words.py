"""What to write in each variable of the settings, said when one cannot be used."""

from parvis.states.words import Sentence

_DATABASE = Sentence(
    "Écrire postgresql://utilisateur:secret@hôte:5432/base ; un signe spécial du secret s’écrit %xx.",
    "Write postgresql://user:secret@host:5432/database; an odd character of the secret is written %xx.",
)
_FOLDER = Sentence("Écrire le chemin d’un dossier.", "Write the path of a folder.")
_PORT = Sentence("Écrire un nombre entier de 0 à 65535.", "Write a whole number from 0 to 65535.")
_UP_TO_16 = Sentence("Écrire un nombre entier de 1 à 16.", "Write a whole number from 1 to 16.")

WRITE: dict[str, Sentence] = {
    "data_folder": _FOLDER,
    "database_url": _DATABASE,
    "database_owner_url": _DATABASE,
    "contract": Sentence("Écrire le chemin du fichier du contrat.", "Write the path of the contract’s file."),
    "language": Sentence("Écrire fr ou en.", "Write fr or en."),
    "prefect_database_url": Sentence(
        "Écrire postgresql+asyncpg://utilisateur:secret@hôte:5432/base.",
        "Write postgresql+asyncpg://user:secret@host:5432/database.",
    ),
    "smtp_url": Sentence(
        "Écrire smtp://hôte:25, smtps://utilisateur:secret@hôte ou smtp+starttls://utilisateur:secret@hôte.",
        "Write smtp://host:25, smtps://user:secret@host or smtp+starttls://user:secret@host.",
    ),
    "smtp_connections": _UP_TO_16,
    "smtp_unconfirmed": _UP_TO_16,
    "smtp_timeout_seconds": Sentence(
        "Écrire un nombre de secondes plus grand que zéro, 240 au plus, comme 30.",
        "Write a number of seconds greater than zero, at most 240, like 30.",
    ),
    "public_url": Sentence(
        "Écrire https://parvis.ville.example, ou rien.", "Write https://parvis.city.example, or nothing."
    ),
    "inbox_folder": _FOLDER,
    "file_megabytes": Sentence("Écrire un nombre entier de 1 à 200.", "Write a whole number from 1 to 200."),
    "antivirus": Sentence(
        "Écrire clamd:///run/clamav/clamd.ctl, clamd://hôte:3310, une commande comme « clamdscan - », ou rien.",
        "Write clamd:///run/clamav/clamd.ctl, clamd://host:3310, a command like “clamdscan -”, or nothing.",
    ),
    "sirene_url": Sentence(
        "Écrire https://recherche-entreprises.api.gouv.fr pour interroger le répertoire, ou rien.",
        "Write https://recherche-entreprises.api.gouv.fr to ask the register, or nothing.",
    ),
    "webhook_networks": Sentence(
        "Écrire des réseaux séparés par des virgules, comme 10.1.0.0/16, ou rien.",
        "Write networks separated by commas, like 10.1.0.0/16, or nothing.",
    ),
    "webhook_timeout_seconds": Sentence(
        "Écrire un nombre de secondes plus grand que zéro, 50 au plus, comme 15.",
        "Write a number of seconds greater than zero, at most 50, like 15.",
    ),
    "demarche_url": Sentence(
        "Écrire l’adresse de l’API GraphQL, https://demarche.numerique.gouv.fr/api/v2/graphql.",
        "Write the address of the GraphQL API, https://demarche.numerique.gouv.fr/api/v2/graphql.",
    ),
    "demarche_token": Sentence(
        "Écrire le jeton que Démarche numérique a donné à un administrateur de la démarche.",
        "Write the token Démarche numérique gave to an administrator of the form.",
    ),
    "bank_keys": Sentence(
        "Écrire une clé de « parvis bank key », ou plusieurs séparées par des virgules, la plus récente d’abord.",
        "Write a key of “parvis bank key”, or several separated by commas, the newest first.",
    ),
    "bounces": Sentence(
        "Écrire un dossier Maildir, ou imaps://compte:secret@serveur/DOSSIER, ou rien.",
        "Write a Maildir folder, or imaps://account:secret@server/FOLDER, or nothing.",
    ),
    "bounce_address": Sentence(
        "Écrire une adresse comme retours@ville.example, sans « + », ou rien.",
        "Write an address like bounces@city.example, without “+”, or nothing.",
    ),
    "traces_url": Sentence(
        "Installer d’abord « parvis[traces] », puis écrire http://127.0.0.1:4318 ; ou rien.",
        "First install “parvis[traces]”, then write http://127.0.0.1:4318; or nothing.",
    ),
    "log": Sentence("Écrire auto, json ou text.", "Write auto, json or text."),
    "metrics_token": Sentence(
        "Écrire un secret d’au moins 16 signes, que Prometheus présentera ; ou rien.",
        "Write a secret of at least 16 characters, which Prometheus will present; or nothing.",
    ),
    "oidc_issuer": Sentence(
        "Écrire l’adresse du fournisseur d’identité, https://auth.exemple.fr/api/v2, ou rien.",
        "Write the address of the identity provider, https://auth.example.org/api/v2, or nothing.",
    ),
    "oidc_client_id": Sentence(
        "Écrire l’identifiant (client_id) que le fournisseur d’identité a donné à Parvis.",
        "Write the identifier (client_id) the identity provider gave to Parvis.",
    ),
    "oidc_client_secret": Sentence(
        "Écrire le secret (client_secret) que le fournisseur d’identité a donné à Parvis.",
        "Write the secret (client_secret) the identity provider gave to Parvis.",
    ),
    "oidc_name": Sentence(
        "Écrire le nom du bouton, comme ProConnect, en 60 signes au plus.",
        "Write the name on the button, like ProConnect, in at most 60 signs.",
    ),
    "oidc_scopes": Sentence(
        "Écrire « openid email », et d’autres mots au besoin, séparés par des espaces.",
        "Write “openid email”, and more words if needed, separated by spaces.",
    ),
    "oidc_acr_values": Sentence(
        "Écrire les niveaux de garantie acceptés, séparés par des espaces, ou rien.",
        "Write the levels of assurance that are accepted, separated by spaces, or nothing.",
    ),
    "oidc_idp_hint": Sentence(
        "Écrire l’identifiant du fournisseur vers lequel aller droit, ou rien.",
        "Write the identifier of the provider to go straight to, or nothing.",
    ),
    "oidc_trust_email": Sentence("Écrire true ou false.", "Write true or false."),
    "web_processes": Sentence(
        "Écrire un nombre de processus, de 1 à 32.", "Write a number of processes, from 1 to 32."
    ),
    "prefect_port": _PORT,
    "port": _PORT,
}
SECRET = frozenset(
    {
        "bank_keys",
        "bounces",
        "database_url",
        "demarche_token",
        "database_owner_url",
        "prefect_database_url",
        "metrics_token",
        "smtp_url",
        "oidc_client_secret",
    }
)
WHY: dict[str, Sentence] = {
    "half_oidc": Sentence(
        "OpenID Connect est réglé à moitié : cette variable manque.",
        "OpenID Connect is half set: this variable is missing.",
    ),
}
SMTP: dict[str, Sentence] = {
    "scheme": Sentence("Le début n’est pas connu.", "The beginning is not known."),
    "host": Sentence("L’hôte manque ou ne se lit pas.", "The host is missing or cannot be read."),
    "port": Sentence(
        "Le port n’est pas un nombre de 1 à 65535.", "The port is not a number from 1 to 65535."
    ),
    "password": Sentence(
        "Il faut un utilisateur et un secret, ou ni l’un ni l’autre.",
        "Give a user and a secret, or neither of them.",
    ),
    "extra": Sentence("Rien ne suit l’hôte et le port.", "Nothing follows the host and the port."),
}
DOT_ENV = Sentence(
    "Le fichier « {file} » n’est pas du texte UTF-8 : l’enregistrer de nouveau en UTF-8.",
    "The file “{file}” is not UTF-8 text: save it again as UTF-8.",
)
