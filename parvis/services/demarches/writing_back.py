"""Telling Démarche numérique what is decided here: owed from the journal, done after the commit, each thing once.

Before anything is done the platform is asked where the dossier stands, or what was written to its applicant: an answer
that was lost on its way is then found done, and is not done twice.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parvis.models.queries import demarche_orders as queries
from parvis.models.queries.demarche_orders import Order
from parvis.models.queries.dispatch import open_task
from parvis.models.session import Database
from parvis.services.demarches.asking import Platform
from parvis.services.demarches.failing import DemarcheError, Why
from parvis.services.demarches.work import Work
from parvis.states.demarches import KIND_WORDS, MEANS, MUTATIONS, OrderKind, OrderState, steps_to
from parvis.states.words import Cents, Language, Sentence

LEASE = timedelta(minutes=10)
"""How long whoever claimed an order keeps it; longer than all its tries can take."""
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=5), timedelta(hours=6)
MOST_TRIES = 20

GRANTED = Sentence(
    "Subvention accordée : {amount} (dossier {reference}). La décision vous est notifiée à part.",
    "Grant awarded: {amount} (case {reference}). You are notified of the decision separately.",
)
REASON = Sentence("{reason} (dossier {reference})", "{reason} (case {reference})")
NO_REASON = Sentence(
    "Décision prise sur le dossier {reference}, qui vous est notifiée à part.",
    "Decision taken on case {reference}, of which you are notified separately.",
)
WANTED = Sentence(
    "Pour étudier votre dossier, il nous manque : {documents}.", "To examine your case we lack: {documents}."
)
BY = Sentence("Merci de répondre au plus tard le {day}.", "Please answer by {day}.")
BY_HAND = Sentence(
    "Faire sur Démarche numérique, dossier {number} ({reference}) : {what}. Parvis n’a pas pu le faire : {why}",
    "Do on Démarche numérique, dossier {number} ({reference}): {what}. Parvis could not: {why}",
)
ENDED_OTHERWISE = "le dossier y est déjà décidé autrement"


@dataclass(frozen=True, slots=True)
class Told:
    """How many things were done there, given up, and are still owed."""

    done: int = 0
    failed: int = 0
    owed: int = 0


def tell(database: Database, platform: Platform, work: Work, at: datetime) -> Told:
    """Do there what is owed for a call that writes back; nothing for one that does not."""
    if not work.demarche.write_back:
        return Told()
    with database.transaction() as session:
        queries.owe_orders(session, work.call_id, MEANS, at=at)
    with database.transaction() as session:
        due = queries.orders_due(session, work.call_id, at=at)
    counts = dict.fromkeys(OrderState, 0)
    waiting: set[int] = set()
    for order in due:
        if order.case_id in waiting:
            counts[OrderState.OWED] += 1
            continue
        state = _one(database, platform, work, order, at)
        if state is OrderState.OWED:
            waiting.add(order.case_id)
        counts[state] += 1
    return Told(counts[OrderState.DONE], counts[OrderState.FAILED], counts[OrderState.OWED])


def _one(database: Database, platform: Platform, work: Work, order: Order, at: datetime) -> OrderState:
    with database.transaction() as session:
        if not queries.claim_order(session, order.id, until=at + LEASE, at=at):
            return OrderState.OWED
    state, problem, again = OrderState.DONE, "", at
    try:
        _do(platform, work, order)
    except DemarcheError as error:
        lasting = error.why is Why.REFUSED or order.tries + 1 >= MOST_TRIES
        state, problem = (OrderState.FAILED if lasting else OrderState.OWED), error.sentence.fr
        again = at + min(LONGEST_DELAY, FIRST_DELAY * 2**order.tries)
    with database.transaction() as session:
        queries.settle_order(session, order.id, state, problem=problem, not_before=again, at=at)
        if state is OrderState.FAILED:
            title = BY_HAND.fill(
                number=str(order.number), reference=order.reference, what=KIND_WORDS[order.kind], why=problem
            )
            open_task(
                session, key=f"demarche-order/{order.id}", case_id=order.case_id, kind="portal",
                recipient="instructor", title_fr=title.fr, title_en=title.en, at=at,
            )  # fmt: skip
    return state


def _do(platform: Platform, work: Work, order: Order) -> None:
    kind = OrderKind(order.kind)
    there = platform.state(order.number)
    given: dict[str, object] = {"dossierId": there.id, "instructeurId": work.demarche.instructor}
    said = json.loads(order.details)
    if kind is OrderKind.MESSAGE:
        mark = f"[{order.reference}/{order.seq}]"
        if not any(mark in message.body for message in there.messages):
            platform.change(MUTATIONS[kind], {**given, "body": f"{_message(work, said)}\n\n{mark}"})
        return
    left = steps_to(kind, there.state)
    if left.impossible:
        raise DemarcheError(Why.REFUSED, f"{ENDED_OTHERWISE} ({there.state})")
    for step in left.mutations:
        more: dict[str, object] = {"disableNotification": True}  # Parvis writes to the applicant itself
        if step is not OrderKind.EXAMINE:
            more["motivation"] = _motivation(order, said)
        platform.change(MUTATIONS[step], {**given, **more})


def _motivation(order: Order, said: Mapping[str, object]) -> str:
    reason = str(said.get("reason") or "").strip()
    if order.kind == OrderKind.ACCEPT:
        amount = Cents(order.granted_cents)
        return GRANTED.fill(amount=amount, reference=order.reference).say(Language.FR)
    words = (
        REASON.fill(reason=reason, reference=order.reference)
        if reason
        else NO_REASON.fill(reference=order.reference)
    )
    return words.say(Language.FR)


def _message(work: Work, said: Mapping[str, object]) -> str:
    labels = {each.code: each.label.fr for each in work.call.required_documents}
    codes = said.get("documents")
    named = [labels.get(str(code), str(code)) for code in codes] if isinstance(codes, list) else []
    lines = [WANTED.fill(documents=named).say(Language.FR)] if named else []
    if reason := str(said.get("reason") or "").strip():
        lines.append(reason)
    if by := said.get("reply_by"):
        lines.append(BY.fill(day=date.fromisoformat(str(by))).say(Language.FR))
    return "\n\n".join(lines)
