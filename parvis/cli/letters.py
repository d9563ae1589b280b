"""`parvis letters …`: letters to come, owed, sent and failed."""

from datetime import timedelta
from typing import TYPE_CHECKING

import typer
from rich.padding import Padding
from rich.text import Text

from parvis.cli import bounces, letter_actions
from parvis.cli.backups import RELEASE
from parvis.cli.entries import Entry, Section
from parvis.cli.here import Here, here_of
from parvis.cli.letter_options import After, Days, Html, Of, OptionalCode, Stage
from parvis.cli.options import At, Json, Limit
from parvis.cli.output import dump, kept, plain, row, say, short_instant, show, table
from parvis.cli.values import chosen, instant, whole
from parvis.states.stages import ROLE_WORDS
from parvis.states.words import Sentence

if TYPE_CHECKING:
    from parvis.models.queries.letter_lists import LetterLine, LetterText
    from parvis.models.queries.upcoming import Upcoming

NO_LETTER = Sentence("Aucune lettre.", "No letter.")
NOTHING_LEAVES = Sentence("Aucune lettre ne part d’ici là.", "No letter leaves until then.")
MORE = Sentence("La suite : ajouter --after {code}", "What follows: add --after {code}")
LEAVES, LETTER = Sentence("Départ", "Leaves"), Sentence("Lettre", "Letter")
STATE, CODE = Sentence("État", "State"), Sentence("Code", "Code")
TO = Sentence("À {name}", "To {name}")
NOT_WRITTEN = Sentence("Le texte n’est pas encore écrit.", "The text is not written yet.")
DATE = Sentence("Date", "Date")
HEADERS = (
    Sentence("De : {it}", "From: {it}"), Sentence("À : {it}", "To: {it}"),
    Sentence("Date : {it}", "Date: {it}"), Sentence("Objet : {it}", "Subject: {it}"),
)  # fmt: skip
MAILBOX = Sentence("Boîte locale : {folder}", "Local mailbox: {folder}")


def list_letters(
    context: typer.Context, *, stage: Stage = None, case: Of = None, limit: Limit = None, after: After = None,
    json: Json = False,
) -> None:  # fmt: skip
    """List letters, the newest first."""
    del json
    from parvis.states.letter_table import LETTERS, LetterStage

    here = here_of(context)
    wanted = chosen("--stage", stage, LetterStage, LETTERS.words) if stage else None
    _list(here, wanted, case, whole("--limit", limit) if limit else 50, after)


def failed(context: typer.Context, *, limit: Limit = None, json: Json = False) -> None:
    """List the letters that could not be delivered, and why."""
    del json
    _list(here_of(context), "failed", None, whole("--limit", limit) if limit else 50, None)


def _list(here: Here, stage: str | None, case: str | None, limit: int, after: str | None) -> None:
    from parvis.models.queries.letter_lists import list_letters as read
    from parvis.services.cases import find_case

    with here.database() as database, database.transaction() as session:
        case_id = find_case(session, case).id if case else None
        after_id = _number("--after", after) if after else None
        lines = read(session, stage=stage, case_id=case_id, after_id=after_id, limit=limit + 1)
    shown, more = lines[:limit], len(lines) > limit
    if here.json:
        dump({"letters": [{"code": line.code, **_plain(line)} for line in shown], "more": more})
        return
    if not shown:
        say(here, NO_LETTER)
        return
    _print_lines(here, shown)
    if more:
        say(here, MORE, style="dim", code=shown[-1].code)


def _print_lines(here: Here, lines: "list[LetterLine]") -> None:
    from parvis.notifications.trouble import told
    from parvis.states.letter_table import LETTERS, LetterStage

    made = table(*map(here.say, (CODE, STATE, LETTER)), whole=[0])
    for line in lines:
        state = Text(kept(LETTERS.words[LetterStage(line.stage)].say(here.language)))
        state.append(f"\n{short_instant(line.leaves_at)}", "dim")
        what = _about(
            here, line.reference, line.subject or _description(here, line.template), line.name, line.recipient
        )
        if line.last_error:
            what.append(kept(f"\n{here.say(told(line.last_error))}"), "red")
        row(made, line.code, state, what)
    show(made)


def _about(here: Here, reference: str | None, what: str, name: str, recipient: str) -> Text:
    """A letter on two lines: of which case and about what, then to whom."""
    said = Text(f"{reference} · " if reference else "").append(kept(what))
    role = ROLE_WORDS.get(recipient)
    known = name if name and name != recipient else role.say(here.language) if role else recipient
    return said.append(kept(f"\n{here.say(TO, name=known)}"), "dim")


def preview(
    context: typer.Context, *, code: OptionalCode = None, days: Days = None, at: At = None, html: Html = False,
    json: Json = False,
) -> None:  # fmt: skip
    """List the letters of the next days, or show one of them as its recipient will read it."""
    del json
    from parvis.services import upcoming

    here = here_of(context)
    moment = instant("--at", at) if at else here.now()
    horizon = timedelta(days=whole("--days", days, most=366)) if days else upcoming.HORIZON
    with here.database() as database, database.transaction() as session:
        if code:
            _print_preview(here, upcoming.preview(session, code), html=html)
            return
        coming = upcoming.upcoming(session, at=moment, horizon=horizon)
    if here.json:
        dump({"letters": [{"code": each.code, **_plain(each)} for each in coming]})
    elif coming:
        _print_coming(here, coming)
    else:
        say(here, NOTHING_LEAVES)


def _print_coming(here: Here, coming: "list[Upcoming]") -> None:
    made = table(*map(here.say, (CODE, LEAVES, LETTER)), whole=[0, 1])
    for each in coming:
        what = _about(here, each.reference, _description(here, each.template), each.name, each.recipient)
        row(made, each.code, short_instant(each.leaves_at), what)
    show(made)


def show_letter(
    context: typer.Context, *, code: OptionalCode = None, html: Html = False, json: Json = False
) -> None:
    """Show one letter: of the database (l12), to come (r34), or of the local mailbox; the mailbox without a code."""
    del json
    from parvis.services import upcoming

    here = here_of(context)
    if code is None:
        _print_mailbox(here)
    elif code[:1].lower() == "r" and code[1:].isdigit():
        with here.database() as database, database.transaction() as session:
            _print_preview(here, upcoming.preview(session, code), html=html)
    elif code[:1].lower() == "l" and code[1:].isdigit():
        _print_letter(here, code, html=html)
    else:
        _print_stored(here, code, html=html)


def _print_mailbox(here: Here) -> None:
    from parvis.notifications.mailbox import LocalMailbox

    letters = LocalMailbox(here.settings.mailbox).letters()
    if here.json:
        dump({"folder": here.settings.mailbox, "letters": letters})
        return
    say(here, MAILBOX, style="dim", folder=str(here.settings.mailbox))
    made = table(*map(here.say, (CODE, DATE, LETTER)), whole=[0, 1])
    for letter in letters:
        what = Text(kept(letter.subject)).append(kept(f"\n{here.say(TO, name=letter.recipient)}"), "dim")
        row(made, letter.id[:8], short_instant(letter.date), what)
    show(made if letters else here.say(NO_LETTER))


def _print_stored(here: Here, code: str, *, html: bool) -> None:
    from parvis.notifications.mailbox import LocalMailbox

    opened = LocalMailbox(here.settings.mailbox).read(code)
    letter = opened.letter
    if here.json:
        dump({"letter": letter, "message_id": opened.message_id, "text": opened.text, "html": opened.html})
        return
    _print_text(here, letter.recipient, letter.subject, opened.html if html else opened.text,
                sender=letter.sender, date=short_instant(letter.date))  # fmt: skip


def _print_letter(here: Here, code: str, *, html: bool) -> None:
    from parvis.models.queries.letter_lists import read_letter
    from parvis.services import upcoming

    with here.database() as database, database.transaction() as session:
        found = read_letter(session, _number("CODE", code))
        if found is None:
            raise upcoming.NoSuchLetterError(code)
        if found.text is None and found.line.stage == "owed":
            _print_preview(here, upcoming.preview(session, code), html=html)
            return
    if here.json:
        dump(_letter_json(found))
        return
    body = (found.html if html else found.text) or here.say(NOT_WRITTEN)
    line = found.line
    _print_text(
        here, f"{line.name} <{line.address}>", line.subject or "", body, date=short_instant(line.sent_at)
    )


def _letter_json(found: "LetterText") -> dict[str, object]:
    return {
        "code": found.line.code, **_plain(found.line), "text": found.text, "html": found.html,
        "message_id": found.message_id, "note": found.note,
    }  # fmt: skip


def _print_preview(here: Here, shown: object, *, html: bool) -> None:
    from parvis.services.upcoming import Preview

    if not isinstance(shown, Preview):
        raise TypeError(type(shown).__name__)
    if here.json:
        dump(shown)
        return
    body = shown.rendered.html if html else shown.rendered.text
    _print_text(here, f"{shown.name} <{shown.address}>", shown.rendered.subject, body)


def _print_text(here: Here, to: str, subject: str, body: str, *, sender: str = "", date: str = "") -> None:
    for header, value in zip(HEADERS, (sender, to, date, subject), strict=True):
        if value:
            say(here, header, style="bold", it=value)
    show(Padding(Text(kept(body.rstrip())), (1, 0, 0, 0)))


def _number(place: str, code: str) -> int:
    return whole(place, code[1:] if code[:1].lower() == "l" else code, most=999_999_999)


def _description(here: Here, template: str) -> str:
    from parvis.notifications.kinds import LETTERS

    kind = LETTERS.get(template)
    return kind.description.say(here.language) if kind else template


def _plain(line: "LetterLine | Upcoming") -> dict[str, object]:
    made: dict[str, object] = plain(line)
    return made


SECTION = Section(
    "letters",
    Sentence(
        "Les lettres : à venir, à envoyer, envoyées, en échec.", "Letters: to come, owed, sent, failed."
    ),
    (
        Entry(
            "list",
            list_letters,
            Sentence(
                "Liste les lettres, des plus récentes aux plus anciennes.", "Lists letters, the newest first."
            ),
        ),
        Entry(
            "show",
            show_letter,
            Sentence(
                "Montre une lettre ; sans code, celles de la boîte locale.",
                "Shows a letter; without a code, those of the local mailbox.",
            ),
        ),
        Entry(
            "preview",
            preview,
            Sentence(
                "Liste ce qui partira ces prochains jours ; avec un code, montre le texte d’aujourd’hui.",
                "Lists what will leave these next days; with a code, shows the text as of today.",
            ),
        ),
        *letter_actions.ENTRIES,
        *bounces.ENTRIES,
        RELEASE,
        Entry(
            "failed",
            failed,
            Sentence("Liste les lettres en échec, et pourquoi.", "Lists failed letters, and why."),
        ),
    ),
)
