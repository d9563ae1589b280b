"""Open data: which grants are published, in which words, by the official schema; what changes; what is refused."""

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from parvis.services.imports.deposit import FunderAsk
from parvis.services.open_data.checking import check
from parvis.services.open_data.publishing import InvalidDataError, NoSiretError, Published, publish, written
from parvis.services.open_data.reading import read_file
from parvis.states.facts import Given
from parvis.states.open_data import Grant, Instalment, compare, rows
from parvis.states.stages import Action, Role
from tests.services.agreement_desk import AgreementDesk
from tests.services.agreement_years import confirm
from tests.services.desk import CONTRACT, Desk, moment
from tests.services.test_partners import CENTRE, SHARES, sign

ETAT, VILLE = "22800001400016", "21800019800018"
ASSO = "41816609600051"
SIRETS = {"etat": ETAT, "ville": VILLE}


def city(*, sirets: dict[str, str] = SIRETS, **changes: object) -> dict[str, Any]:
    funders = [{**funder, "siret": sirets.get(funder["code"])} for funder in CONTRACT["funders"]]
    return {**CONTRACT, "funders": funders, **changes}


def rewrite(desk: Desk, contract: dict[str, Any]) -> None:
    """The contract's file changes."""
    desk.run("UPDATE contracts SET digest = ''")
    Desk.opened(desk.database, contract)


def grant(desk: Desk, etat: int, ville: int = 0, **changes: Any) -> int:
    """A case that a committee gives these cents."""
    asks = tuple(
        FunderAsk(name=code.title(), code=code, requested_cents=cents)
        for code, cents in (("etat", etat), ("ville", ville))
    )
    changes = {
        "funders": asks,
        "requested_cents": etat + ville,
        "total_cost_cents": 2 * (etat + ville),
        **changes,
    }
    case = desk.submitted_case(**changes)
    if "partners" in changes:
        sign(desk, case, CENTRE)
        desk.run("UPDATE partners SET state = 'confirmed', signed_by = 'X' WHERE case_id = %(c)s", c=case)
    desk.run("UPDATE documents SET received_at = now() WHERE case_id = %(c)s", c=case)
    desk.run("UPDATE cases SET eligibility_checked = true, score = 70 WHERE id = %(c)s", c=case)
    desk.move(case, Action.INSTRUCT)
    desk.move(case, Action.SCHEDULE, given=Given(committee_id=desk.committee("copil")))
    desk.run(
        "UPDATE committees SET held_at = now(), quorate = true, recusals_recorded = true WHERE code = 'copil'"
    )
    amounts = (("etat", etat), ("ville", ville))
    desk.move(case, Action.FUND, at="2026-09-15 15:00", role=Role.SECRETARY, given=Given(amounts=amounts))
    desk.run("UPDATE committees SET held_at = NULL WHERE code = 'copil'")
    return case


def published(desk: Desk, at: str = "2026-10-01", **options: Any) -> Published:
    with desk.database.transaction() as session:
        return publish(session, desk.contract_id, at=moment(at), **options)


def file(desk: Desk, name: str, at: str = "2026-10-02") -> bytes:
    with desk.database.transaction() as session:
        read = read_file(session, "ville", name, at=moment(at), base="https://parvis.example", language="fr")
    assert read is not None
    return read


def lines(desk: Desk) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file(desk, "subventions.csv").decode())))


@pytest.fixture
def desk(database) -> Desk:
    opened = Desk.opened(database, city())
    opened.fill(100_000_000)
    return opened


def test_what_the_law_obliges_is_counted_by_funder_and_organisation_over_cases_to_the_cent(desk):
    grant(desk, 1_300_000, 2_300_000)
    grant(desk, 1_000_000)

    at_the_threshold = published(desk, dry_run=True)
    third = grant(desk, 1)

    made = published(desk)
    assert (at_the_threshold.rows, at_the_threshold.below) == (0, 3)
    assert (made.rows, made.below, made.number) == (3, 1, 1)
    assert {line["idAttribuant"] for line in lines(desk)} == {ETAT}
    rewrite(desk, city(open_data="all"))
    assert [(each.rows, each.below, len(each.changes.added)) for each in [published(desk)]] == [(4, 0, 1)]
    rewrite(desk, city(open_data="none"))
    assert published(desk).asked is False
    rewrite(desk, city())
    desk.run("UPDATE cases SET stage = 'reclaimed' WHERE id = %(c)s", c=third)
    assert published(desk).rows == 0  # 23,000.00 is not above 23,000


def test_each_partner_that_is_paid_is_a_line_with_its_part_and_its_own_payments(desk):
    desk.run("UPDATE calls SET document = document || '{\"partners_allowed\": true}'")
    grant(desk, 4_000_000, 300_000, partners=(replace(SHARES[0], requested_cents=1_000_001),))
    rewrite(desk, city(open_data="all"))

    published(desk)

    told = {(line["idAttribuant"], line["idBeneficiaire"]): line for line in lines(desk)}
    assert set(told) == {(giver, to) for giver in (ETAT, VILLE) for to in (ASSO, CENTRE)}
    of_etat = [told[ETAT, ASSO], told[ETAT, CENTRE]]
    assert {line["montant"] for line in of_etat} == {"40000.00"}
    assert sum(float(line["pourcentageSubvention"]) for line in of_etat) == 1
    assert told[ETAT, CENTRE]["pourcentageSubvention"] == "0.2326"
    assert {line["datesPeriodeVersement"][:10] for line in of_etat} == {"2026-11-16"}
    assert {line["conditionsVersement"] for line in told.values()} == {"échelonné"}
    assert {line["dateConvention"] for line in told.values()} == {"2026-09-15"}
    assert check(file(desk, "subventions.csv")) == []


def test_a_publication_replaces_the_last_with_its_manifest_and_says_what_changed(desk):
    first = grant(desk, 3_000_000)
    second = grant(desk, 2_400_000, siret="35600000000048", organisation="Centre\n=1+1", title="=HYPERLINK()")

    one = published(desk)
    again = published(desk, at="2026-11-01")
    grant(desk, 2_500_000, siret=VILLE, organisation="Régie")
    desk.run("UPDATE cases SET title = 'Atelier cuisine et santé' WHERE id = %(c)s", c=first)
    desk.run("UPDATE cases SET stage = 'reclaimed' WHERE id = %(c)s", c=second)
    tried = published(desk, at="2026-12-01", dry_run=True)
    two = published(desk, at="2026-12-01")

    assert [(each.number, each.made, each.rows) for each in (one, again, tried, two)] == [
        (1, True, 2), (1, False, 2), (1, False, 2), (2, True, 2),
    ]  # fmt: skip
    assert tried.changes == two.changes
    manifest, changes = (json.loads(file(desk, name)) for name in ("manifeste.json", "changements.json"))
    raw = file(desk, "subventions.csv")
    [described] = manifest["files"]
    assert (described["sha256"], described["bytes"], described["rows"]) == (
        hashlib.sha256(raw).hexdigest(), len(raw), 2,
    )  # fmt: skip
    assert manifest["schema"]["version"] == "2.1.1"
    assert manifest["validated_with"].startswith("frictionless 5.")
    assert (manifest["published_at"], manifest["previous"]["publication"]) == ("2026-12-01T09:00:00+01:00", 1)
    assert manifest["changes"] == {"added": 1, "changed": 1, "removed": 1}
    assert [each["publication"] for each in changes] == [2, 1]
    assert changes[0]["changed"][0]["fields"] == [
        {"name": "objet", "before": "Atelier cuisine", "after": "Atelier cuisine et santé"}
    ]
    assert changes[0]["removed"][0]["idBeneficiaire"] == "35600000000048"
    assert check(raw) == []


def test_a_funder_without_its_siret_is_named_and_nothing_is_published(desk):
    rewrite(desk, city(sirets={"ville": VILLE}))
    grant(desk, 3_000_000, 3_000_000)

    with pytest.raises(NoSiretError) as refused:
        published(desk)

    assert "il manque le SIRET de État" in str(refused.value.sentence)
    assert desk.value("SELECT count(*) FROM publications") == 0
    rewrite(desk, city(funders=[{**CONTRACT["funders"][0], "publishes_itself": True}, city()["funders"][1]]))
    assert [(each.rows, each.elsewhere) for each in [published(desk)]] == [(1, 1)]


def test_a_file_the_schema_refuses_leaves_the_last_publication_in_its_place(desk):
    grant(desk, 3_000_000)
    published(desk)
    before = file(desk, "subventions.csv")
    desk.run("UPDATE organisations SET siret = '41816609600052'")  # a wrong key

    with pytest.raises(InvalidDataError) as refused:
        published(desk, at="2026-11-01")

    assert [(fault.line, fault.column) for fault in refused.value.faults] == [(2, "idBeneficiaire")]
    assert file(desk, "subventions.csv") == before


def test_the_schemas_own_checks_see_a_wrong_key_and_nobody_to_name():
    row = rows([GRANT])[0]

    def faults(**changes: str) -> list[tuple[str, str]]:
        return [(fault.code, fault.column) for fault in check(written([{**row, **changes}]).encode())]

    assert faults() == []
    assert faults(idAttribuant="21800019800019") == [("constraint-error", "idAttribuant")]
    assert faults(idBeneficiaire="", rnaBeneficiaire="") == [("row-constraint", "")]
    assert faults(idBeneficiaire="") == faults(rnaBeneficiaire="") == []
    assert faults(notificationUE="peut-être") == [("type-error", "notificationUE")]
    assert faults(pourcentageSubvention="0.001") == [("constraint-error", "pourcentageSubvention")]


GRANT = Grant(
    funder="etat", funder_name="État", funder_siret=VILLE, reference="A-1", decided_on=date(2026, 9, 15),
    organisation="Asso", siret=ASSO, rna="W802003218", title="Un  jardin", cents=100_001, whole_cents=100_001,
    year_cents=1, threshold_cents=1, instalments=(Instalment(date(2026, 11, 16)),), last_on=date(2027, 8, 30),
)  # fmt: skip


def told(**changes: Any) -> dict[str, str]:
    return rows([replace(GRANT, **changes)])[0]


def test_days_of_payment_and_names_are_told_as_the_schema_wants_them():
    a_day, no_day = Instalment(date(2026, 11, 16)), Instalment(None)

    assert [
        (told(instalments=given)["conditionsVersement"], told(instalments=given)["datesPeriodeVersement"])
        for given in ((a_day,), (no_day,), (a_day, no_day), (a_day, Instalment(date(2027, 2, 1))), ())
    ] == [
        ("unique", "2026-11-16"), ("unique", "2026-09-15/2027-08-30"), ("échelonné", "2026-11-16/2027-08-30"),
        ("échelonné", "2026-11-16/2027-02-01"),
        ("selon les modalités de la décision d’attribution", "2026-09-15/2027-08-30"),
    ]  # fmt: skip
    assert (told()["montant"], told()["pourcentageSubvention"], told()["objet"]) == (
        "1000.01",
        "1.00",
        "Un jardin",
    )
    assert [told(rna=rna)["rnaBeneficiaire"] for rna in ("W802003218", "W9R1234567", None)] == [
        "W802003218", "", "",
    ]  # fmt: skip
    assert len(told(title="mot " * 100)["objet"]) <= 256
    assert told(title="x" * 300)["objet"] == "x" * 255 + "…"
    least = rows([replace(GRANT, cents=1), replace(GRANT, cents=100_000, siret=CENTRE)])
    assert [row["pourcentageSubvention"] for row in least] == ["1.00", "0.0100"]
    assert not compare(least, least).any


def test_agreements_taken_over_are_published_once_for_all_their_years(desk):
    AgreementDesk(desk).taken_over()  # 10,000.01 € of the State a year, 20,000 € of the city

    assert published(desk).rows == 0
    grant(desk, 0, 300_001, siret=desk.value("SELECT siret FROM organisations"))
    made = published(desk)

    assert made.rows == 2
    agreement = next(line for line in lines(desk) if line["referenceDecision"].startswith("CONV"))
    assert (agreement["montant"], agreement["dateConvention"]) == ("60000.00", "2024-01-01")
    assert agreement["datesPeriodeVersement"].startswith("2024-01-01/2027-")
    assert check(file(desk, "subventions.csv")) == []


def test_a_year_of_an_agreement_that_was_paid_gives_the_first_day_of_its_payments(desk):
    house = AgreementDesk(desk)
    confirm(house, house.taken_over(amounts={"ville": 3_000_000}), 3, "2026-02-02")
    desk.run("UPDATE payments SET status = 'paid', paid_on = '2026-03-17' WHERE instalment = 'acompte'")

    published(desk)

    assert {line["datesPeriodeVersement"].split("/")[0] for line in lines(desk)} == {"2026-03-17"}


def test_feeds_tell_open_calls_and_grants_the_day_after_they_are_decided(desk):
    grant(desk, 500_000, organisation="Asso <&>\x0b", title="Jardin")

    calls, today, tomorrow, over = (
        fromstring(file(desk, name, at=at))
        for name, at in (
            ("appels.rss", "2026-10-02"), ("decisions.rss", "2026-09-15 18:00"), ("decisions.rss", "2026-09-16"),
            ("appels.rss", "2027-01-01"),
        )
    )  # fmt: skip

    assert [titles(each) for each in (calls, today, tomorrow, over)] == [
        ["Appel à projets 2026"], [], ["Asso <&> : Jardin"], [],
    ]  # fmt: skip
    assert tomorrow.findtext("channel/item/pubDate") == "Mon, 14 Sep 2026 22:00:00 GMT"
    assert "5 000,00 € accordés à Asso" in (tomorrow.findtext("channel/item/description") or "").replace(
        "\u202f", " "
    ).replace("\xa0", " ")


def titles(feed: Element) -> list[str]:
    return [(item.findtext("title") or "").replace("\u202f", " ") for item in feed.iter("item")]
