"""The document an archive keeps of a case: everything it says, in French, put into pages."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from parvis.documents.case_file import CaseFile, Table, Told, case_pdf
from parvis.documents.figures import column, day, euros, siret
from parvis.models.queries.payments import PaymentLine
from parvis.services.cases import CaseView
from parvis.services.files import FileLine
from parvis.services.histories import HistoryEntry
from parvis.states.calendar import local_instant, paris_day
from parvis.states.files import FILE_KIND_WORDS, FileKind
from parvis.states.payments import INSTALMENT_WORDS, STATUS_WORDS
from parvis.states.stages import OPINION_WORDS, STAGE_WORDS
from parvis.states.words import instant

_SIDES = (("charge", "Charges prévues"), ("produit", "Produits prévus"))


def case_document(
    view: CaseView, frame: tuple[str, str], payments: Sequence[PaymentLine], files: Sequence[FileLine],
    story: Sequence[HistoryEntry], *, at: datetime,
) -> bytes:  # fmt: skip
    """The case on the Paris day of `at`, as an accessible PDF/A: the same case gives the same bytes all day.

    `frame` is the name of its contract, and its city.

    Raises:
        TypesettingError: it cannot be made.
    """
    content = CaseFile(
        contract=frame[0], city=frame[1], reference=view.head.reference, title=view.head.title,
        kept_on=paris_day(at), facts=tuple(_facts(view)), summary=view.head.summary,
        tables=(*_money(view, payments), *_papers(view, files)),
        story=tuple(Told(instant(one.at, "fr"), one.what, one.who, one.details) for one in story),
    )  # fmt: skip
    return case_pdf(content, stamped_at=local_instant(paris_day(at), time(0)))


def _facts(view: CaseView) -> Iterator[tuple[str, str]]:
    head, applicant, contact = view.head, view.applicant, view.contact
    yield "Référence", head.reference
    yield "État", STAGE_WORDS[head.stage].fr
    yield "Porteur", f"{applicant.name}, SIRET {siret(applicant.siret)}"
    yield "Adresse", applicant.address
    yield "Contact", ", ".join(filter(None, (contact.name, contact.email, contact.phone)))
    yield "Appel à projets", head.call_title + (f", {head.wave}" if head.wave else "")
    yield "Déposé le", day(head.deposited_on)
    yield "Période", f"du {day(head.starts_on)} au {day(head.ends_on)}"
    yield "Quartiers", ", ".join(one.name for one in view.neighbourhoods)
    yield "Défis", ", ".join(one.name for one in view.challenges)
    yield "Demandé", f"{euros(head.requested_cents)} sur un coût de {euros(head.total_cost_cents)}"
    yield "Instructeur", head.instructor or ""
    yield "Comité", f"{head.committee}, {day(head.committee_on)}" if head.committee else ""
    yield "Décidé le", day(head.decided_on)
    yield "Bilan reçu le", day(head.report_received_on)


def _money(view: CaseView, payments: Sequence[PaymentLine]) -> Iterator[Table]:
    asked, proposed, granted = (
        column([getattr(one, f"{name}_cents") for one in view.fundings])
        for name in ("requested", "proposed", "granted")
    )
    yield Table(
        "Financeurs", ("Financeur", "Avis", "Demandé", "Proposé", "Accordé"),
        tuple(
            (one.funder, _opinion(one.opinion, one.comment), *cents)
            for one, *cents in zip(view.fundings, asked, proposed, granted, strict=True)
        ),
        right=(2, 3, 4),
        foot=("Total", "", euros(sum(one.requested_cents for one in view.fundings)), "",
              euros(sum(one.granted_cents or 0 for one in view.fundings))),
    )  # fmt: skip
    for side, title in _SIDES:
        lines = [one for one in view.budget if one.side == side]
        amounts = column([one.amount_cents for one in lines])
        yield Table(
            title, ("Compte", "Libellé", "Montant"),
            tuple((one.account, one.label, cents) for one, cents in zip(lines, amounts, strict=True)), right=(2,),
            foot=("Total", "", euros(sum(one.amount_cents for one in lines))), narrow=(0,),
        )  # fmt: skip
    yield Table(
        "Partenaires", ("Organisme", "SIRET", "Demandé", "Accordé"),
        tuple(
            (one.name, siret(one.siret), euros(one.requested_cents), euros(one.granted_cents))
            for one in view.partners
        ),
        right=(2, 3),
    )  # fmt: skip
    yield Table(
        "Versements", ("Versement", "Financeur", "État", "Montant"),
        tuple(
            (INSTALMENT_WORDS[one.instalment].fr, one.funder, STATUS_WORDS[one.status].fr, euros(one.amount_cents))
            for one in payments
        ),
        right=(3,),
    )  # fmt: skip


def _papers(view: CaseView, files: Sequence[FileLine]) -> Iterator[Table]:
    yield Table(
        "Pièces de la liste", ("Pièce", "Reçue le"),
        tuple((one.label, day(paris_day(one.received_at)) if one.received_at else "") for one in view.documents),
        narrow=(1,),
    )  # fmt: skip
    yield Table(
        "Fichiers", ("Fichier", "Nature", "Ajouté le"),
        tuple(
            (one.name, FILE_KIND_WORDS[FileKind(one.kind)].fr, day(paris_day(one.added_at))) for one in files
        ),
        narrow=(1, 2),
    )  # fmt: skip


def _opinion(opinion: str | None, comment: str) -> str:
    said = OPINION_WORDS[opinion].fr if opinion else ""
    return f"{said} – {comment}" if said and comment else said
