"""Why a letter did not leave, as somebody who reads French is told."""

import asyncio

import pytest

from parvis.notifications.delivery import Delivery, Unreachable
from parvis.notifications.outgoing import LetterContentError
from parvis.notifications.smtp import SmtpPool
from parvis.notifications.trouble import NO_ADDRESS, NOT_TRIED, NOT_WRITTEN, told


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (NO_ADDRESS, "Aucune adresse pour cette lettre"),
        (NOT_WRITTEN, "Le modèle de cette lettre ne peut pas s’écrire"),
        (NOT_TRIED, "Pas encore essayée"),
        (
            "no answer to the final dot: Connection lost",
            "Le serveur de courrier n’a pas dit s’il a pris la lettre",
        ),
        ("Timed out connecting to mail.example on port 25", "pas répondu dans le temps imparti"),
        ("Connection lost", "Le serveur de courrier a coupé la connexion"),
        ("(535, 'Authentication credentials invalid')", "n’accepte pas cet utilisateur"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "Le chiffrement (TLS)"),
        (str(LetterContentError("control_char", "Subject")), "qui ne peut pas voyager"),
        ("mailbox\nfull", "Réponse du serveur de courrier : « mailbox full »"),
    ],
)
def test_what_is_kept_of_a_letter_that_did_not_leave_is_told_in_french(kept, said):
    assert said.replace(" :", "\u202f:").replace("« ", "«\u202f").replace(" »", "\u202f»") in told(kept).fr


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("smtp://127.0.0.1:1", "Aucun serveur de courrier n’écoute à cette adresse"),
        ("smtp://courrier.invalid", "L’hôte du serveur de courrier est introuvable"),
    ],
)
def test_a_server_that_cannot_be_reached_is_told_by_its_cause(url, said):
    answer = asyncio.run(_offered(url))

    assert isinstance(answer, Unreachable)
    assert said in told(answer.reason).fr


async def _offered(url: str) -> Delivery:
    pool = SmtpPool(url, timeout_seconds=10)
    try:
        return await pool.deliver(b"Subject: x\r\n\r\nx\r\n", "a@ville.example", "b@asso.example")
    finally:
        await pool.close()
