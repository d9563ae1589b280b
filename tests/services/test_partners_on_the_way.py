"""Coordinated proposals that change on the way: who joins, what a committee says of parts, what each is written."""

import re
from dataclasses import replace

import pytest

from parvis.states.facts import Given
from parvis.states.stages import Action, Role
from parvis.states.table import MoveRefusedError
from tests.services.desk import Desk
from tests.services.test_partners import (
    CENTRE,
    REGIE,
    SHARES,
    act,
    before_committee,
    mailbox,
    organisation,
    sign,
)


@pytest.fixture
def several(desk: Desk) -> int:
    """A case of three associations, just deposited: one has given an address, the other none."""
    return desk.submitted_case(partners=SHARES)


def test_partners_their_lead_and_the_officer_read_what_happens_in_their_mailboxes(desk, several):
    act(desk, several, Action.INVITE_PARTNER, REGIE, partner_email="regie@asso.example")
    sign(desk, several, CENTRE)
    act(desk, several, Action.DECLINE_PARTNER, REGIE, Role.APPLICANT, reason="Plus de salarié.")
    before_committee(desk, several)
    desk.move(
        several, Action.DEFER, role=Role.SECRETARY, given=Given(reason="Budget à revoir."), at="2026-09-15"
    )
    desk.run("UPDATE committees SET agenda_open = true")
    desk.move(several, Action.SCHEDULE, given=Given(committee_id=desk.committee("copil")), at="2026-09-15")
    desk.move(
        several,
        Action.REJECT,
        role=Role.SECRETARY,
        given=Given(reason="Trop peu d’habitants."),
        at="2026-09-15",
    )

    read = mailbox(desk, "2026-09-15 10:00")

    centre, regie, lead = (
        read["centre@asso.example"],
        read["regie@asso.example"],
        read["contact@asso.example"],
    )
    assert re.search(r"Voir ma part et répondre : https://parvis\.example/lien/\S+", centre)
    for said in ("la décision est reportée", "Budget à revoir.", "la subvention est refusée", "tribunal administratif",
                 "https://parvis.example/mes-dossiers/ANNUEL-2026-00001/partenaire"):  # fmt: skip
        assert said in centre
    assert "la subvention est refusée" not in regie
    assert "Elle est signée par Zoé Petit, présidente." in lead
    assert "appelez-nous : nous chercherons une solution avec vous" in lead
    [officer] = [text for text in read.values() if "À vous de voir avec le porteur" in text]
    assert "Plus de salarié." in officer


def test_a_partner_joins_until_instruction_with_a_share_taken_from_the_lead(desk, several):
    desk.run("UPDATE calls SET digest = digest || '+', document = document || '{\"partners_allowed\": true}'")
    new = Given(partner_siret="78467169500087", partner_name="Ludothèque", partner_email="jeux@asso.example")

    def joins(**more: object) -> None:
        given = replace(new, **more)  # type: ignore[arg-type]
        desk.move(several, Action.ADD_PARTNER, role=Role.APPLICANT, given=given, at="2026-06-02")

    for more, code in (
        ({"amounts": (("ville", 150_000),)}, "share_fits"),
        ({"amounts": ()}, "share_fits"),
        ({"amounts": (("ville", 1),), "partner_siret": CENTRE}, "partner_new"),
    ):
        with pytest.raises(MoveRefusedError) as refusal:
            joins(**more)
        assert [reason.code for reason in refusal.value.reasons] == [code]
    joins(amounts=(("ville", 50_000),))

    joined = organisation(desk, "78467169500087")
    assert desk.rows("SELECT state, shares FROM partners WHERE organisation_id = %(id)s", id=joined) == [
        ("invited", {"ville": 50_000})
    ]
    assert desk.value("SELECT requested_cents FROM cases WHERE id = %(id)s", id=several) == 800_000
    assert desk.value("SELECT count(*) FROM documents WHERE code = 'rib_78467169500087'") == 1
    said = desk.value("SELECT details FROM journal WHERE action = 'add_partner'")
    assert all(each in str(said) for each in ("Ludothèque", "78467169500087", "50000"))
    assert desk.value("SELECT count(*) FROM timers WHERE recipient = %(to)s AND settled_at IS NULL",
                      to=f"partner:{joined}") > 0  # fmt: skip
    read = mailbox(desk, "2026-06-02 12:00")
    assert "La part de subvention demandée pour votre organisme est de 500,00 €" in read["jeux@asso.example"]
    assert "Ludothèque est maintenant partenaire" in read["contact@asso.example"]


def test_a_committee_says_what_each_gets_to_the_cent_and_is_refused_what_does_not_add_up(desk, several):
    sign(desk, several, CENTRE)
    sign(desk, several, REGIE)
    before_committee(desk, several)

    def fund(*parts: tuple[str, str, int]) -> None:
        given = Given(amounts=(("etat", 400_000), ("ville", 200_000)), part_amounts=parts)
        desk.move(several, Action.FUND, role=Role.SECRETARY, given=given, at="2026-09-15")

    for wrong, said in (
        ([("lead", "ville", 100_000), (CENTRE, "ville", 0), (REGIE, "ville", 99_999)], "soit 0,01 € d’écart"),
        ([(REGIE, "ville", 100_001)], "pour qui 1 000,00 € sont demandés"),
        ([("35600000000049", "ville", 1)], "ni partenaire du dossier"),
    ):
        with pytest.raises(MoveRefusedError) as refusal:
            fund(*wrong)
        assert [reason.code for reason in refusal.value.reasons] == ["parts_add_up"]
        sentence = refusal.value.reasons[0].sentence.fr.replace("\u202f", " ").replace("\xa0", " ")
        assert said in sentence
    fund((REGIE, "ville", 60_000), (CENTRE, "ville", 0))

    ville = "SELECT COALESCE(p.partner_id, 0), sum(p.amount_cents) FROM payments p JOIN funders f ON f.id = p.funder_id"
    paid = dict(desk.rows(f"{ville} WHERE f.code = 'ville' GROUP BY 1"))
    assert paid == {0: 140_000, organisation(desk, REGIE): 60_000}
    assert desk.value("SELECT granted ->> 'ville' FROM partners WHERE organisation_id = %(id)s",
                      id=organisation(desk, REGIE)) == "60000"  # fmt: skip
