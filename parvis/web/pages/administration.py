"""Administration: people and how they come in, the calls as the contract's file says, the letters of a call."""

from dataclasses import replace
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from parvis.models.queries.access import end_all_sessions, list_people, person_address
from parvis.models.queries.calls import list_calls
from parvis.models.queries.contracts import contract_by_id
from parvis.models.queries.journal import last_anchor
from parvis.models.queries.letters import last_of_template, own_templates
from parvis.models.session import Session
from parvis.notifications.checks import check_template
from parvis.notifications.kinds import LETTERS
from parvis.notifications.render import LetterFactsError, LetterTemplateError, Rendered
from parvis.services import contract_files, visitors
from parvis.services.letters import gather, written_out
from parvis.services.upcoming import HIDDEN_PATH
from parvis.states.access import SESSION_IDLES
from parvis.states.contract import Call
from parvis.states.words import Language, Sentence
from parvis.web.errors import NotHereError
from parvis.web.rendering import page
from parvis.web.rights import may
from parvis.web.sending import MAIL_POLICY
from parvis.web.site import Here, Visit

router = APIRouter()

PEOPLE = "/administration/personnes"
DONE = {
    "sessions": Sentence(
        "Cette personne est sortie de tous ses navigateurs.", "This person is signed out of every browser."
    ),
    "identite": Sentence(
        "L’identité est déliée, et les sessions qu’elle avait ouvertes sont closes.",
        "The identity is unlinked, and the sessions it opened are ended.",
    ),
    "lien": Sentence(
        "Un lien pour entrer lui est envoyé ; il sert une fois.",
        "A link to come in is being sent; it works once.",
    ),
}
TIMES: dict[str, Sentence] = {
    "check_days": Sentence("vérifier un dépôt (jours ouvrés)", "check a deposit (working days)"),
    "documents_reply_days": Sentence("répondre à une demande de pièces (jours)", "reply on documents (days)"),
    "documents_reminders": Sentence("rappels des pièces (jours)", "reminders of documents (days)"),
    "opinion_days": Sentence("donner un avis (jours)", "give an opinion (days)"),
    "opinion_reminders": Sentence("rappels des avis (jours)", "reminders of opinions (days)"),
    "instruct_days": Sentence("instruire (jours ouvrés)", "instruct (working days)"),
    "schedule_days": Sentence("inscrire en comité (jours ouvrés)", "schedule for a committee (working days)"),
    "decision_days": Sentence("décider après la séance (jours)", "decide after the session (days)"),
    "statutory_silence_months": Sentence(
        "silence qui vaut refus (mois)", "silence that means refusal (months)"
    ),
    "report_months": Sentence("remettre le bilan (mois)", "hand in the report (months)"),
    "report_reminders": Sentence("rappels du bilan (jours)", "reminders of the report (days)"),
}


@router.get("/administration", name="administration")
def administration(request: Request, here: Here) -> Response:
    """Say what there is to look at, and where it stands."""
    contract_id = here.known.contract_id or 0
    with here.database.transaction() as session:
        people = list_people(session, contract_id, at=here.at, idles=SESSION_IDLES)
        calls = [each for each in contract_by_id(session, contract_id).calls if each.opens_on <= here.today]
        anchor = last_anchor(session)
    return page(
        request, "administration.html", people=sum(each.active for each in people), anchor=anchor,
        calls=[each for each in calls if each.closes_on is None or each.closes_on >= here.today],
    )  # fmt: skip


@router.get(PEOPLE, name="people")
def people(request: Request, here: Here, fait: str = "") -> Response:
    """List the people of the contract and when they came in last."""
    with here.database.transaction() as session:
        lines = list_people(session, here.known.contract_id or 0, at=here.at, idles=SESSION_IDLES)
    return page(
        request, "people.html", people=lines, done=DONE.get(fait), file=here.site.settings.contract.name,
        may=may(here, ["end_sessions", "send_link"]),
    )  # fmt: skip


@router.post(PEOPLE + "/{person_id}/sortie", name="end_sessions")
def end_sessions(here: Here, person_id: int) -> Response:
    """Sign a person out everywhere."""
    _address(here, person_id)
    with here.database.transaction() as session:
        end_all_sessions(session, person_id, at=here.at)
    return RedirectResponse(f"{PEOPLE}?fait=sessions", HTTPStatus.SEE_OTHER)


@router.post(PEOPLE + "/{person_id}/lien", name="send_link")
def send_link(here: Here, person_id: int) -> Response:
    """Send a person a link to come in."""
    address = _address(here, person_id)
    with here.database.transaction() as session:
        visitors.ask_for_link(session, address, at=here.at)
    return RedirectResponse(f"{PEOPLE}?fait=lien", HTTPStatus.SEE_OTHER)


@router.get("/administration/appels", name="calls")
def calls(request: Request, here: Here) -> Response:
    """The calls, their dates and rules, as the contract's file says them."""
    with here.database.transaction() as session:
        contract = contract_by_id(session, here.known.contract_id or 0)
        looked = contract_files.look(session, here.site.settings.contract)
    return page(
        request, "calls.html", calls=sorted(contract.calls, key=lambda call: (-call.year, call.code)),
        file=here.site.settings.contract.name, times=_times, looked=looked,
        funders={each.code: each.name for each in contract.funders},
    )  # fmt: skip


@router.get("/administration/appels/{code}/lettres", name="call_letters")
def call_letters(request: Request, here: Here, code: str, lettre: str = "", langue: str = "fr") -> Response:
    """The letters of a call: which it words itself, whether they can be written, one of them on a real case."""
    shown, unwritten, chosen = None, False, None
    with here.database.transaction() as session:
        call = next(
            (each for each in list_calls(session, here.known.contract_id or 0) if each.code == code), None
        )
        if call is None:
            raise NotHereError
        own = {
            (name, language): check_template(name, language, subject, text, html)
            for _, name, language, subject, text, html in own_templates(session, [call.id])
        }
        if lettre in LETTERS and langue in set(Language):
            chosen = LETTERS[lettre]
            try:
                shown = _tried(session, here, call.id, lettre, langue)
            except (LetterFactsError, LetterTemplateError):
                unwritten = True
    about_cases = [kind for kind in LETTERS.values() if kind.about_a_case]
    return page(
        request, "call_letters.html", call=call, own=own, kinds=about_cases, chosen=chosen, shown=shown,
        unwritten=unwritten, of_language=langue, file=here.site.settings.contract.name,
    )  # fmt: skip


@router.get("/administration/appels/{code}/lettres/html", name="letter_html")
def letter_html(here: Here, code: str, lettre: str = "", langue: str = "fr") -> Response:
    """The same letter as the reader of a mail sees it, shut in: nothing in it runs, loads or leads anywhere."""
    with here.database.transaction() as session:
        calls = list_calls(session, here.known.contract_id or 0)
        call = next((each for each in calls if each.code == code), None)
        if call is None:
            raise NotHereError
        if lettre not in LETTERS or langue not in set(Language):
            return RedirectResponse(f"/administration/appels/{call.code}/lettres", HTTPStatus.SEE_OTHER)
        try:
            shown = _tried(session, here, call.id, lettre, langue)
        except (LetterFactsError, LetterTemplateError):
            raise NotHereError from None
    if shown is None:
        raise NotHereError
    return HTMLResponse(shown.html, headers={"content-security-policy": MAIL_POLICY})


def _tried(session: Session, here: Visit, call_id: int, lettre: str, langue: str) -> Rendered | None:
    """A letter of a call on the last case that got it, without its secret address; None when no case did."""
    letter = last_of_template(session, call_id, lettre, langue)
    if letter is None:
        return None
    told = {**letter.data, "path": HIDDEN_PATH} if letter.data.get("path") else letter.data
    letter = replace(letter, language=langue, data=told)
    return written_out(letter, gather(session, [letter]), here.site.settings.public_url)


def _address(here: Visit, person_id: int) -> str:
    with here.database.transaction() as session:
        address = person_address(session, here.known.contract_id or 0, person_id)
    if address is None:
        raise NotHereError
    return address


def _times(call: Call) -> list[tuple[Sentence, str]]:
    return [(words, _said(getattr(call.times, name))) for name, words in TIMES.items()]


def _said(value: object) -> str:
    return ", ".join(f"{each:+d}" for each in value) if isinstance(value, tuple) else str(value)
