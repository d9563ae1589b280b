"""The documents a decision calls for: a letter, and for each authority that gives money its grant order or agreement.

What is owed is derived from the journal: a decision whose letter is not kept yet. So nothing has to be remembered when
a session closes, and whatever stopped half-way is taken up again by the next run, once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from parvis.documents.letter_fields import TEMPLATE_KIND_WORDS, Fields, TemplateKind
from parvis.documents.letter_pages import letter_pdfs
from parvis.documents.word_letters import WordTemplateError, default_template, fill_template, fill_templates
from parvis.models.queries.dispatch import open_task
from parvis.models.queries.letter_facts import Decision, FunderGrant, decisions_without_documents
from parvis.models.session import Database
from parvis.services import file_store, files
from parvis.services.files import FileLine, Shelf, Subject
from parvis.services.letter_content import Told, fields, of_lead, of_partner, read
from parvis.services.word_templates import template
from parvis.states.facts import By
from parvis.states.files import FileKind
from parvis.states.stages import Role
from parvis.states.words import Sentence
from parvis.states.year_counts import AUTHORITIES

CLERK = By("clock", Role.CLOCK)
BATCH = 50

LETTERS = {
    "fund": TemplateKind.GRANT_LETTER, "reject": TemplateKind.REFUSAL_LETTER, "defer": TemplateKind.DEFERRAL_LETTER,
}  # fmt: skip
NAMES = {
    TemplateKind.GRANT_LETTER: "lettre-attribution", TemplateKind.REFUSAL_LETTER: "lettre-refus",
    TemplateKind.DEFERRAL_LETTER: "lettre-ajournement", TemplateKind.GRANT_ORDER: "arrete",
    TemplateKind.AGREEMENT: "convention",
}  # fmt: skip
KINDS = {
    TemplateKind.GRANT_ORDER: FileKind.GRANT_ORDER, TemplateKind.AGREEMENT: FileKind.AGREEMENT,
}  # fmt: skip
BAD_TEMPLATE = Sentence(
    "Corriger le modèle « {kind} » : celui de Parvis a servi pour le dossier {reference}.",
    "Mend the template “{kind}”: Parvis’s own was used for case {reference}.",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A document about to be made."""

    kind: TemplateKind
    key: str
    name: str
    template: bytes
    fields: Fields


@dataclass(frozen=True, slots=True)
class Filled:
    """A document made; `replaced` when Parvis's own template had to serve instead of the city's."""

    draft: Draft
    content: bytes
    replaced: bool = False
    pdf: bytes | None = None
    """The same words as PDF, when they are Parvis's own: a template the city wrote is its own in Word only."""


@dataclass(slots=True)
class Made:
    """What a run made: decisions seen to, documents kept."""

    decisions: int = 0
    documents: int = 0


def make_owed(
    database: Database, kept: Shelf, *, at: datetime, committee_id: int | None = None,
    case_ids: Sequence[int] | None = None,
) -> Made:  # fmt: skip
    """Make the documents of every decision that lacks them: of one sitting, of some cases, or of all.

    Call it after the transaction that decided. Each decision is seen to whole: its acts and its letter are kept in one
    transaction, the letter last. Running it again, or twice at once, makes nothing twice.

    Raises:
        OSError: the disk is full or cannot be written; the next run takes up what is left.
    """
    made = Made()
    while True:
        with database.transaction() as session:
            owed = decisions_without_documents(
                session, committee_id=committee_id, case_ids=case_ids, limit=BATCH
            )
        prepared = _prepare(database, owed, at)
        for told, filled in prepared:
            made.decisions += 1
            _keep(database, kept, told, filled, at)
            made.documents += len(filled)
        if len(owed) < BATCH:
            return made


def drafts(told: Told, templates: dict[TemplateKind, bytes], at: datetime) -> Iterator[Draft]:
    """The documents of a decision, its letter last."""
    letter, key, reference = LETTERS[told.decision.action], decision_key(told.decision), told.case.reference
    if letter == TemplateKind.GRANT_LETTER:
        receivers = [
            ("", of_lead(told)),
            *((f"/{each.siret}", of_partner(told, each)) for each in told.partners),
        ]
        acts = [(who, own, grant) for who, own in receivers for grant in acting_grants(own)]
        for number, (who, own, grant) in enumerate(acts, 1):
            kind = act_for(own, grant)
            said = fields(own, grant, reference=f"{reference}/{number}", at=at)
            name = f"{NAMES[kind]}-{grant.code}-{reference}{who.replace('/', '-')}.docx"
            yield Draft(kind, f"{key}/{grant.code}{who}", name, templates[kind], said)
    said = fields(told, None, reference=reference, at=at)
    yield Draft(letter, key, f"{NAMES[letter]}-{reference}.docx", templates[letter], said)


def act_for(told: Told, grant: FunderGrant) -> TemplateKind:
    """An agreement above the threshold (23,000.00 € is not above), a grant order up to it.

    It is counted over all that the authority gives the association that year (loi 2000-321 art. 10).
    """
    return TemplateKind.AGREEMENT if grant.year_cents > told.threshold_cents else TemplateKind.GRANT_ORDER


def acting_grants(told: Told) -> list[FunderGrant]:
    """The grants that are an act of an authority."""
    return [grant for grant in told.grants if grant.granted_cents and grant.kind in AUTHORITIES]


def decision_key(decision: Decision) -> str:
    """The key of a decision's letter, which stands for all its documents."""
    return f"decided/{decision.case_id}/{decision.seq}"


def _prepare(database: Database, owed: Sequence[Decision], at: datetime) -> list[tuple[Told, list[Filled]]]:
    """Every document of these decisions, filled in; nothing is kept yet."""
    with database.transaction() as session:
        told = [read(session, decision) for decision in owed]
        frames = {(each.case.contract_id, each.case.call_id) for each in told}
        templates = {
            frame: {kind: template(session, *frame, kind) for kind in TemplateKind} for frame in frames
        }
    wanted = [list(drafts(each, templates[each.case.contract_id, each.case.call_id], at)) for each in told]
    filled = iter(_with_pdfs(_fill_all([draft for of_case in wanted for draft in of_case]), at))
    return [(each, [next(filled) for _ in of_case]) for each, of_case in zip(told, wanted, strict=True)]


def _keep(
    database: Database, kept: Shelf, told: Told, filled: Sequence[Filled], at: datetime
) -> list[FileLine]:
    case, contract_id = told.case, told.case.contract_id
    for document in filled:
        file_store.keep(kept.folder, document.content)  # outside the transaction: no lock waits for the disk
    with database.transaction() as session:
        for document in filled:
            if document.replaced:
                said = BAD_TEMPLATE.fill(
                    kind=TEMPLATE_KIND_WORDS[document.draft.kind], reference=case.reference
                )
                open_task(
                    session, key=f"template/{contract_id}/{document.draft.kind}", case_id=case.id, kind="template",
                    recipient="manager", title_fr=said.fr, title_en=said.en, at=at,
                )  # fmt: skip
        return [
            files.keep_made(
                session, kept, Subject(case_id=case.id), kind=KINDS.get(each.draft.kind, FileKind.DECISION_LETTER),
                name=name, content=content, by=CLERK, at=at, key=key,
            )
            for each in filled
            for name, content, key in _forms(each)
        ]  # fmt: skip


def _forms(one: Filled) -> Iterator[tuple[str, bytes, str]]:
    """Name, content and key of each form of a document; the one the decision is settled by last."""
    if one.pdf is not None:
        yield one.draft.name.removesuffix(".docx") + ".pdf", one.pdf, f"{one.draft.key}/pdf"
    yield one.draft.name, one.content, one.draft.key


def _with_pdfs(filled: Sequence[Filled], at: datetime) -> list[Filled]:
    """The documents with their PDF, where their words are Parvis's own."""
    own = [
        each for each in filled if each.replaced or each.draft.template == default_template(each.draft.kind)
    ]
    pdfs = letter_pdfs([(each.draft.kind, each.draft.fields) for each in own], stamped_at=at)
    made = {each.draft.key: pdf for each, pdf in zip(own, pdfs, strict=True)}
    return [replace(each, pdf=made.get(each.draft.key)) for each in filled]


def _fill_all(wanted: Sequence[Draft]) -> list[Filled]:
    """All in one process; one by one when a template of the city fails after all, to know which."""
    if not wanted:
        return []
    try:
        contents = fill_templates([(draft.template, draft.fields) for draft in wanted])
    except WordTemplateError:
        return [_fill_alone(draft) for draft in wanted]
    return [Filled(draft, content) for draft, content in zip(wanted, contents, strict=True)]


def _fill_alone(draft: Draft) -> Filled:
    """The document; of Parvis's own template when the city's cannot be filled in."""
    try:
        return Filled(draft, fill_template(draft.template, draft.fields))
    except WordTemplateError:
        own = default_template(draft.kind)
        if draft.template == own:
            raise
        return Filled(draft, fill_template(own, draft.fields), replaced=True)
