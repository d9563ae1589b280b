"""What became of a letter that did not leave, said to a person; what is kept of it are the words of the server."""

import re

from parvis.states.words import Sentence

NO_ADDRESS = "no address"
NOT_WRITTEN = "not written"
NOT_TRIED = "not tried"
CAME_BACK = "came back"
"""What Parvis itself keeps as the reason, beside what servers and libraries say."""

_SAID = Sentence("Réponse du serveur de courrier : « {said} »", "Answer of the mail server: “{said}”")


def told(kept: str) -> Sentence:
    """A sentence, without its full stop, for the reason kept of a letter that did not leave.

    What libraries say in English becomes its cause; the answer of a server is quoted, in whatever language it is.
    """
    said = " ".join(kept.split())
    found = next((sentence for pattern, sentence in _KNOWN if pattern.search(said)), None)
    return found or _SAID.fill(said=said)


_KNOWN: tuple[tuple[re.Pattern[str], Sentence], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), sentence)
    for pattern, sentence in (
        (
            f"^{NO_ADDRESS}$",
            Sentence("Aucune adresse pour cette lettre", "There is no address for this letter"),
        ),
        (
            f"^{NOT_WRITTEN}$",
            Sentence(
                "Le modèle de cette lettre ne peut pas s’écrire", "The letter’s template cannot be written"
            ),
        ),
        (
            f"^{CAME_BACK}$",
            Sentence(
                "Une lettre est revenue de cette adresse, plus rien n’y part",
                "A letter came back from this address, nothing leaves for it",
            ),
        ),
        (f"^{NOT_TRIED}$", Sentence("Pas encore essayée", "Not tried yet")),
        (
            r"no answer to the final dot",
            Sentence(
                "Le serveur de courrier n’a pas dit s’il a pris la lettre",
                "The mail server did not say whether it took the letter",
            ),
        ),
        (
            r"^SMTPUTF8$|smtputf8 .*(not supported|unsupported)",
            Sentence(
                "Le serveur de courrier ne connaît pas les adresses accentuées",
                "The mail server does not know addresses with accents",
            ),
        ),
        (
            r"authentication|^535 |username or password|5\.7\.8",
            Sentence(
                "Le serveur de courrier n’accepte pas cet utilisateur ou ce secret",
                "The mail server does not accept this user or secret",
            ),
        ),
        (
            r"certificate|\bssl\b|\btls\b|starttls",
            Sentence(
                "Le chiffrement (TLS) avec le serveur de courrier a échoué",
                "Encryption (TLS) with the mail server failed",
            ),
        ),
        (
            r"connection refused|connect call failed|errno 111",
            Sentence(
                "Aucun serveur de courrier n’écoute à cette adresse", "No mail server listens at this address"
            ),
        ),
        (
            r"name or service not known|getaddrinfo|nodename nor servname|temporary failure in name resolution|idna",
            Sentence(
                "L’hôte du serveur de courrier est introuvable sur le réseau",
                "The host of the mail server is not found on the network",
            ),
        ),
        (
            r"no route to host|network is unreachable",
            Sentence(
                "Le réseau ne mène pas au serveur de courrier", "The network does not lead to the mail server"
            ),
        ),
        (
            r"time(d )?out",
            Sentence(
                "Le serveur de courrier n’a pas répondu dans le temps imparti",
                "The mail server did not answer in time",
            ),
        ),
        (
            r"^closed|connection (is |was )?(lost|closed)|unexpectedly|not connected|reset by|disconnected|broken pipe",
            Sentence("Le serveur de courrier a coupé la connexion", "The mail server cut the connection"),
        ),
        (
            r"malformed|invalid response|unexpected eof",
            Sentence("Ce qui répond n’est pas un serveur de courrier", "What answers is not a mail server"),
        ),
        (
            r"^[\w -]+: \w+_\w+$|^the message read back differs",
            Sentence(
                "La lettre contient un signe ou une adresse qui ne peut pas voyager",
                "The letter holds a sign or an address that cannot travel",
            ),
        ),
    )
)
