"""Sittings in use that the contract file says no more: somebody has to cancel them, or to put them back."""

from datetime import datetime

from parvis.models.queries import tasks as queries
from parvis.models.queries.dispatch import open_task
from parvis.models.session import Session
from parvis.states.stages import Role
from parvis.states.words import Sentence

KIND = "sitting_unlisted"
TOLD = (Role.SECRETARY, Role.ADMINISTRATOR)

TO_DO = {
    Role.SECRETARY: Sentence(
        "{name}, séance du {held_on} : le contrat ne la prévoit plus. L’annuler (parvis committee cancel {sitting}), "
        "ou demander à l’administrateur de la remettre dans le contrat.",
        "{name}, session of {held_on}: the contract no longer plans it. Cancel it (parvis committee cancel {sitting}), "
        "or ask the administrator to put it back in the contract.",
    ),
    Role.ADMINISTRATOR: Sentence(
        "{name}, séance du {held_on} : le contrat ne la prévoit plus, et elle sert déjà. La remettre dans le fichier "
        "du contrat, ou faire annuler la séance par le secrétaire (parvis committee cancel {sitting}).",
        "{name}, session of {held_on}: the contract no longer plans it, and it is in use. Put it back in the contract "
        "file, or have the secretary cancel it (parvis committee cancel {sitting}).",
    ),
}


def tell_unlisted(session: Session, contract_id: int, *, at: datetime) -> None:
    """Open a task for the secretary and one for the administrator per such sitting; end those that no longer hold."""
    found = queries.unlisted_sittings(session, contract_id)
    queries.finish_other_tasks(session, KIND, contract_id, [one.id for one in found], at=at)
    for one in found:
        for role in TOLD:
            said = TO_DO[role].fill(
                name=one.name, held_on=one.held_on, sitting=f"{one.code}/{one.held_on.isoformat()}"
            )
            open_task(
                session, key=f"{KIND}:{one.id}:{role}", case_id=None, contract_id=contract_id, kind=KIND,
                recipient=role, title_fr=said.fr, title_en=said.en, at=at,
            )  # fmt: skip
