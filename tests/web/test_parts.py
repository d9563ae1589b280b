"""What each association of a coordinated proposal gets, decided on the page of its case or by a program."""

import pytest

from tests.services.test_partners import CENTRE, REGIE, SHARES, before_committee, sign
from tests.web.test_applicant import plain

LEA = "lea@ville.example"
PAID = """
SELECT COALESCE(o.siret, 'lead'), f.code, sum(p.amount_cents) FROM payments p
  JOIN funders f ON f.id = p.funder_id LEFT JOIN organisations o ON o.id = p.partner_id GROUP BY 1, 2
"""


@pytest.fixture
def at_committee(browser) -> int:
    """A proposal of three associations before its committee; the State gives one of the partners 19,000 € already."""
    desk = browser.desk
    for siret in (CENTRE, REGIE):
        desk.submitted_case(siret=siret, organisation="Régie" if siret == REGIE else "Centre social")
    desk.run("UPDATE cases SET stage = 'funded' WHERE id = 1")
    desk.run("UPDATE fundings SET granted_cents = 2250000 WHERE case_id = 1 AND funder_id = 1")
    case = desk.submitted_case(partners=SHARES)
    sign(desk, case, CENTRE)
    sign(desk, case, REGIE)
    before_committee(desk, case)
    return int(case)


def test_a_secretary_says_on_the_page_of_a_case_what_each_association_gets(browser, at_committee):
    lea, desk = browser.as_person(LEA), browser.desk
    page, version = "/dossiers/ANNUEL-2026-00003", desk.version(at_committee)
    fund = {"version": version, "amount_etat": "4 000", "amount_ville": "2000"}
    shown = plain(lea.get(page).text)
    assert "Part de chaque organisme" in shown
    assert "Au-delà de 500,00 € ici pour Centre social, État lui donnerait plus de 23 000,00 €" in shown
    assert "Association Exemple, État lui" not in shown

    unread = lea.post(f"{page}/actions/fund", {**fund, "part_lead_ville": "beaucoup"})
    gap = lea.post(
        f"{page}/actions/fund",
        {**fund, "part_lead_ville": "1000", f"part_{REGIE}_ville": "900", f"part_{CENTRE}_ville": "0"},
    )

    assert (unread.status_code, gap.status_code, desk.version(at_committee)) == (422, 409, version)
    assert 'id="fund-part_lead_ville-faute"' in unread.text
    assert 'value="beaucoup"' in unread.text
    beside = plain(gap.text).partition('id="fund-part_amounts-faute">')[2]
    assert beside.startswith("Parts à corriger : Ville : les parts font 1 900,00 € pour 2 000,00 € accordés")
    done = lea.post(f"{page}/actions/fund", {**fund, f"part_{REGIE}_ville": "900,01"})
    assert done.headers["location"].endswith("fait=fund")
    paid = {(who, funder): cents for who, funder, cents in desk.rows(PAID)}
    assert paid[REGIE, "ville"] == 90_001
    assert sum(cents for (_, funder), cents in paid.items() if funder == "ville") == 200_000
    assert sum(cents for (_, funder), cents in paid.items() if funder == "etat") == 400_000


def test_a_program_is_told_who_shares_a_grant_and_which_field_is_wrong(program, at_committee):
    lea, desk = program.of(LEA), program.desk
    told = lea.get(f"/cases/{program.reference(at_committee)}/moves").json()
    [fund] = [each for each in told["moves"] if each["action"] == "fund"]
    asked = {each["association"]: each["asked"] for each in told["choices"]["associations"]}
    amounts = [{"funder": "etat", "amount_cents": 400_000}, {"funder": "ville", "amount_cents": 200_000}]

    def part(who: str, cents: int, funder: str = "ville") -> dict[str, object]:
        return {"association": who, "funder": funder, "amount_cents": cents}

    assert "parts" in {each["name"] for each in fund["fields"]}
    assert asked["lead"]["ville"] + asked[CENTRE]["ville"] + asked[REGIE]["ville"] == 300_000
    for parts, status, field, said in (
        ([part("78467169500087", 1)], 422, "parts", "code inconnu : 78467169500087"),
        ([part(REGIE, 1), part(REGIE, 2)], 422, f"parts.{REGIE}.ville", "dit deux fois"),
        ([part(REGIE, 100_001)], 409, "parts", "pour qui 1 000,00 € sont demandés"),
    ):
        wrong = lea.move(at_committee, "fund", amounts=amounts, parts=parts)
        assert (wrong.status_code, wrong.headers["content-type"]) == (status, "application/problem+json")
        [error] = wrong.json()["errors"]
        assert (error["field"], said in plain(error["sentence"])) == (field, True), error
    alone = lea.move(desk.submitted_case(), "withdraw", parts=[part("lead", 1)])
    assert [each["field"] for each in alone.json()["errors"]][:1] == ["parts"]
    done = lea.move(at_committee, "fund", amounts=amounts, parts=[part(REGIE, 10_000), part("lead", 140_000)])
    assert done.status_code == 200, done.text
    paid = {(who, funder): cents for who, funder, cents in desk.rows(PAID)}
    assert [paid[who, "ville"] for who in ("lead", CENTRE, REGIE)] == [140_000, 50_000, 10_000]
