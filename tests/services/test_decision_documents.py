"""Every decision gets its documents once, whatever stopped half-way; a threshold calls for an agreement."""

import threading
from datetime import date

import pytest

from parvis.documents.letter_fields import TemplateKind
from parvis.services import files, word_templates
from parvis.services.decision_documents import Made, make_owed
from parvis.services.files import Shelf
from parvis.services.imports.deposit import FunderAsk, PartnerShare
from parvis.states.facts import By, Given
from parvis.states.stages import Action, Role
from tests.documents.pdf import structure
from tests.documents.test_word_templates import text, word
from tests.services.desk import Desk, moment

AT = moment("2026-09-16")
ABOVE = 2_300_001
CEILING = 2_300_000


@pytest.fixture
def shelf(tmp_path) -> Shelf:
    return Shelf(tmp_path / "files")


def decided(desk: Desk, action: Action = Action.FUND, **given: object) -> int:
    case = desk.case_in_committee()
    desk.hold_session()
    said = given or {"amounts": (("etat", 400_000), ("ville", 200_000)), "conditions": "Ouvrir le samedi."}
    desk.move(case, action, at="2026-09-15 15:00", role=Role.SECRETARY, given=Given(**said))  # type: ignore[arg-type]
    desk.run("UPDATE committees SET held_at = NULL, agenda_open = true")
    return case


def made(desk: Desk, shelf: Shelf, **of: object) -> Made:
    return make_owed(desk.database, shelf, at=AT, **of)  # type: ignore[arg-type]


def papers(desk: Desk, case: int) -> dict[str, str]:
    """The Word documents of a case."""
    rows = desk.rows("SELECT name, kind FROM files WHERE case_id = %(id)s ORDER BY id", id=case)
    return {name: kind for name, kind in rows if name.endswith(".docx")}


def read(desk: Desk, shelf: Shelf, case: int, kind: str) -> str:
    with desk.database.transaction() as session:
        there = files.list_files(session, case_ids=[case])
    line = next(each for each in there if each.kind == kind and each.name.endswith(".docx"))
    return text(files.read(shelf, line))


def ask_of(desk: Desk, cents: int) -> int:
    """A case on an agenda that asks one authority for all, within its envelope."""
    desk.fill(100_000_000)
    asked = (FunderAsk(name="Ville", code="ville", requested_cents=cents),)
    case = desk.submitted_case(requested_cents=cents, total_cost_cents=cents * 2, funders=asked)
    desk.move(case, Action.RECEIVE_DOCUMENTS, given=Given(documents=("statuts", "rib")))
    desk.move(case, Action.CHECK_ELIGIBILITY)
    desk.move(case, Action.ASSESS, given=Given(score=70))
    desk.move(case, Action.INSTRUCT)
    desk.move(case, Action.SCHEDULE, given=Given(committee_id=desk.committee("copil")))
    return case


def fund(desk: Desk, case: int, cents: int) -> None:
    desk.hold_session()
    given = Given(amounts=(("ville", cents),))
    desk.move(case, Action.FUND, at="2026-09-15 15:00", role=Role.SECRETARY, given=given)
    desk.run("UPDATE committees SET held_at = NULL, agenda_open = true")


def test_a_grant_gets_its_letter_and_an_order_of_each_authority_once(desk, shelf):
    case = decided(desk)

    first, again = made(desk, shelf), made(desk, shelf)

    assert (first.decisions, first.documents) == (1, 3)
    assert (again.decisions, again.documents) == (0, 0)
    assert papers(desk, case) == {
        "arrete-etat-ANNUEL-2026-00001.docx": "grant_order",
        "arrete-ville-ANNUEL-2026-00001.docx": "grant_order",
        "lettre-attribution-ANNUEL-2026-00001.docx": "decision_letter",
    }
    letter = read(desk, shelf, case, "decision_letter")
    for said in (
        "6\u202f000,00\u00a0€", "six mille euros", "Ouvrir le samedi.", "Association Exemple", "15 septembre 2026",
        "Comité de pilotage",
    ):  # fmt: skip
        assert said in letter
    assert "quatre mille euros" in read(desk, shelf, case, "grant_order")


def test_documents_in_the_words_of_parvis_have_a_pdf_and_those_of_the_city_do_not(desk, shelf):
    case = decided(desk)
    made(desk, shelf)

    names = [row[0] for row in desk.rows("SELECT name FROM files WHERE name LIKE '%%.pdf' ORDER BY id")]
    assert names == [name.replace(".docx", ".pdf") for name in papers(desk, case)]
    with desk.database.transaction() as session:
        (line, *_) = [
            each for each in files.list_files(session, case_ids=[case]) if each.name.endswith(".pdf")
        ]
    assert structure(files.read(shelf, line)).archive == "2A"

    with desk.database.transaction() as session:
        contract_id, _ = word_templates.place(session, None)
        word_templates.keep(
            session, contract_id, TemplateKind.REFUSAL_LETTER, "refus.docx", word("Non : {{ decision.motif }}"),
            by=By("person:1", Role.SECRETARY), at=AT,
        )  # fmt: skip
    refused = decided(desk, Action.REJECT, reason="Déjà porté.")
    made(desk, shelf)

    assert list(papers(desk, refused)) == ["lettre-refus-ANNUEL-2026-00002.docx"]
    assert desk.value("SELECT count(*) FROM files WHERE case_id = %(id)s", id=refused) == 1


@pytest.mark.parametrize(
    ("action", "kind", "said"),
    [
        (Action.REJECT, "lettre-refus", "Déjà porté par le bailleur."),
        (Action.DEFER, "lettre-ajournement", "Le budget est à préciser."),
    ],
)
def test_a_refusal_or_a_deferral_gets_its_letter_with_the_reason(action, kind, said, desk, shelf):
    case = decided(desk, action, reason=said)

    made(desk, shelf)

    assert papers(desk, case) == {f"{kind}-ANNUEL-2026-00001.docx": "decision_letter"}
    assert said in read(desk, shelf, case, "decision_letter")


@pytest.mark.parametrize(("cents", "kind"), [(CEILING, "grant_order"), (ABOVE, "agreement")])
def test_a_cent_above_the_threshold_calls_for_an_agreement(cents, kind, desk, shelf):
    case = ask_of(desk, cents)
    fund(desk, case, cents)

    made(desk, shelf)

    assert set(papers(desk, case).values()) == {kind, "decision_letter"}


def test_the_threshold_is_counted_over_all_the_cases_of_an_association_with_an_authority(desk, shelf):
    first, second = ask_of(desk, 1_500_000), ask_of(desk, 1_500_000)
    fund(desk, first, 1_500_000)
    made(desk, shelf)

    fund(desk, second, 1_500_000)
    made(desk, shelf)

    assert "grant_order" in papers(desk, first).values()
    assert "agreement" in papers(desk, second).values()
    assert "30\u202f000,00\u00a0€" in read(desk, shelf, second, "agreement")


def test_each_partner_has_acts_of_its_own_and_the_threshold_counts_its_share_alone(desk, shelf):
    desk.fill(100_000_000)
    centre, share = "35600000000048", ABOVE
    partner = PartnerShare(siret=centre, requested_cents=share)
    asked = (FunderAsk(name="Ville", code="ville", requested_cents=share + CEILING),)
    case = desk.submitted_case(
        requested_cents=share + CEILING, total_cost_cents=9_000_000, funders=asked, partners=(partner,)
    )
    organisation = desk.value("SELECT organisation_id FROM partners")
    signed = Given(partner_id=organisation, signer="Zoé Petit", signer_quality="présidente")
    desk.move(case, Action.CONFIRM_PARTNER, role=Role.APPLICANT, given=signed)
    desk.move(case, Action.RECEIVE_DOCUMENTS, given=Given(documents=("statuts", "rib", f"rib_{centre}")))
    desk.move(case, Action.CHECK_ELIGIBILITY)
    desk.move(case, Action.ASSESS, given=Given(score=70))
    desk.move(case, Action.INSTRUCT)
    desk.move(case, Action.SCHEDULE, given=Given(committee_id=desk.committee("copil")))
    fund(desk, case, share + CEILING)

    made(desk, shelf)

    reference = desk.value("SELECT reference FROM cases WHERE id = %(id)s", id=case)
    assert papers(desk, case) == {
        f"arrete-ville-{reference}.docx": "grant_order",
        f"convention-ville-{reference}-{centre}.docx": "agreement",
        f"lettre-attribution-{reference}.docx": "decision_letter",
    }
    assert "23 000,01" in read(desk, shelf, case, "agreement").replace("\u202f", " ").replace("\u00a0", " ")
    assert "23 000,00" in read(desk, shelf, case, "grant_order").replace("\u202f", " ").replace("\u00a0", " ")


def test_a_landlord_signs_acts_of_its_own(desk, shelf):
    desk.run("UPDATE funders SET kind = 'landlord' WHERE code = 'etat'")
    case = decided(desk)

    made(desk, shelf)

    assert [name for name in papers(desk, case) if name.startswith("arrete")] == [
        "arrete-ville-ANNUEL-2026-00001.docx"
    ]


def test_a_case_decided_again_gets_the_documents_of_its_new_decision(desk, shelf):
    case = decided(desk, Action.DEFER, reason="À préciser.")
    made(desk, shelf)
    desk.move(case, Action.SCHEDULE, at="2026-09-16", given=Given(committee_id=desk.committee("copil")))
    desk.hold_session()
    desk.move(case, Action.REJECT, at="2026-09-17", role=Role.SECRETARY, given=Given(reason="Non."))

    made(desk, shelf)

    assert list(papers(desk, case)) == [
        "lettre-ajournement-ANNUEL-2026-00001.docx",
        "lettre-refus-ANNUEL-2026-00001.docx",
    ]


def test_two_runs_at_once_make_each_document_once(desk, shelf):
    for _ in range(4):
        decided(desk)
    runs = [threading.Thread(target=made, args=(desk, shelf)) for _ in range(2)]

    for run in runs:
        run.start()
    for run in runs:
        run.join()

    assert desk.value("SELECT count(*) FROM files WHERE name LIKE '%%.docx'") == 12
    assert desk.value("SELECT count(DISTINCT key) FROM files") == 24


def test_a_run_may_be_of_some_cases_or_of_one_sitting(desk, shelf):
    first, second = decided(desk), decided(desk)

    assert made(desk, shelf, case_ids=[second]).decisions == 1
    assert made(desk, shelf, committee_id=desk.committee("etouvie")).decisions == 0
    assert papers(desk, first) == {}
    assert made(desk, shelf, committee_id=desk.committee("copil")).decisions == 1


def test_the_template_of_the_city_is_used(desk, shelf):
    with desk.database.transaction() as session:
        contract_id, _ = word_templates.place(session, None)
        word_templates.keep(
            session, contract_id, TemplateKind.GRANT_LETTER, "lettre.docx",
            word("Mairie : {{ montants.accorde }}"), by=By("person:1", Role.SECRETARY), at=AT,
        )  # fmt: skip
    case = decided(desk)

    made(desk, shelf)

    assert read(desk, shelf, case, "decision_letter").startswith("Mairie : 6\u202f000")


def test_a_template_that_fails_after_all_is_replaced_by_ours_and_somebody_is_told(desk, shelf):
    desk.run(
        "INSERT INTO docx_templates (contract_id, kind, version, name, sha256, content, uploaded_at, uploaded_by)"
        " SELECT id, 'grant_letter', 1, 'x.docx', %(sha)s, %(bytes)s, '2026-06-01', 'x' FROM contracts",
        sha=bytes(32), bytes=word("{{ champ.disparu }}"),
    )  # fmt: skip
    case = decided(desk)

    made(desk, shelf)

    assert "six mille euros" in read(desk, shelf, case, "decision_letter")
    assert desk.rows("SELECT kind, recipient FROM tasks") == [("template", "manager")]


def test_instalments_add_up_to_the_grant_to_the_cent(desk, shelf):
    desk.run(
        "UPDATE calls SET document = jsonb_set(document, '{payment_schedule}', %(schedule)s::jsonb),"
        " digest = 'thirds'",
        schedule='[{"code": "a", "share": "0.333", "on": "notification"},'
        ' {"code": "b", "share": "0.667", "on": "report"}]',
    )
    case = ask_of(desk, 1_001)
    fund(desk, case, 1_001)

    made(desk, shelf)

    said = read(desk, shelf, case, "grant_order")
    assert "33,3\u202f%" in said
    assert "3,33\u00a0€" in said
    assert "6,68\u00a0€" in said


def test_a_silent_take_over_of_history_owes_nothing(desk, shelf):
    case = decided(desk)
    desk.run("UPDATE calls SET silent = true")

    assert made(desk, shelf).decisions == 0
    assert papers(desk, case) == {}
    assert date(2026, 9, 15) == desk.value("SELECT decided_on FROM cases WHERE id = %(id)s", id=case)
