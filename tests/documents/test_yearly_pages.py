"""The report of a year: an accessible archive document, its charts in words, whatever the names in it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from parvis.documents.yearly import Compared, Family, FundedAction, Gap, InForce, Spot, YearContent, YearRow
from parvis.documents.yearly_pages import year_data, year_pdf
from tests.documents.pdf import structure
from tests.documents.test_packet import HOSTILE

AT = datetime(2026, 12, 30, 23, tzinfo=UTC)
FED = YearRow(
    name="D01 – Se nourrir", proposed=2, funded=1, requested_cents=1_000_050, granted_cents=400_000, paid_cents=-1_700,
    granted_before_cents=320_000, reported=1, people_planned=40, people_done=52, share_planned=75,
    cost_done_cents=12_345,
)  # fmt: skip
CONTENT = YearContent(
    city="Ville", contract="Contrat de la ville", year=2026, counted_on=date(2026, 12, 31),
    summary=("En 2026, on a proposé 2 actions : une est financée.",), how="Une action compte une fois.",
    total=replace(FED, name="Ensemble"),
    compared=(Compared("Accordé", 400_000, 320_000, True, 25), Compared("Proposées", 2, 3, False, -33)),
    compared_says="4 000 € accordés.", challenges=(("D01", "Se nourrir"), ("D02", "Se soigner")),
    crossed=(("Étouvie", (Spot(2, 1), Spot(0, 0))), ("Amiens Nord", (Spot(3, 0), Spot(0, 0)))),
    gaps_say="Sur 4 croisements, 2 sans proposition.", gaps=(Gap("D02 – Se soigner", "tous les quartiers", ""),),
    families=(Family("Ce qu’ont reçu les défis", "Défi", "En tête : D01.", (FED, YearRow(name="D02"))),),
    in_force=(InForce("Ville", 2, 50_000, 90_000, 30_000), InForce("Ensemble", 2, 50_000, 90_000, 30_000)),
    in_force_says="900 €.",
    actions=(
        FundedAction("ANNUEL-2026-00001", "Jardin", "Asso", ("Étouvie",), ("D01",), "financé", 800_000, 400_000, 0,
                     None, 40, None),
    ),
)  # fmt: skip


def test_the_report_is_accessible_archivable_and_the_same_of_the_same():
    pdf = year_pdf(CONTENT, stamped_at=AT)

    found = structure(pdf)
    assert (found.ua_part, found.archive, found.language) == ("1", "2A", "fr-FR")
    assert pdf == year_pdf(CONTENT, stamped_at=AT)
    assert found.bookmarks == [
        "L’année en quelques phrases", "2026 et 2025", "Quartiers et défis", "Ce à quoi personne n’a répondu",
        "Ce qu’ont reçu les défis", "Publics par défi", "Les conventions en cours", "Les actions financées",
    ]  # fmt: skip
    assert found.tags["Table"] == 7
    assert [said.partition(".")[0] for said in found.alternatives] == [
        "Accordé par défi en 2025 et en 2026", "Demandé et accordé par défi", "Personnes prévues et touchées par défi",
    ]  # fmt: skip
    assert (
        "D01 – Se nourrir\u202f: 10\u202f000,50\u202f€ (demandé), 4\u202f000\u202f€ (accordé)"
        in found.alternatives[1]
    )


def test_amounts_keep_their_cents_and_changes_their_sign():
    data = year_data(CONTENT)

    family = data["families"][0]
    assert family["money"][0][5:] == (
        "10\u202f000,50\u202f€", "4\u202f000\u202f€", "−17\u202f€", "0\u202f€", "3\u202f200\u202f€",
    )  # fmt: skip
    assert family["people"][0][5:] == ("75\u202f%", "—", "—", "123,45\u202f€", "—", "—")
    assert [row[-1] for row in data["compared"]["rows"]] == ["+25\u202f%", "−33\u202f%"]
    assert data["matrix"]["rows"][1] == ("Amiens Nord", [("unfunded", "0\u00a0/\u00a03"), ("none", "—")])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_break_no_report(text):
    hostile = year_pdf(
        replace(
            CONTENT, city=text, contract=text, summary=(text,),
            challenges=(("D01", text), ("D02", text)),
            crossed=((text, (Spot(1, 1), Spot(1, 0))),), gaps=(Gap(text, text, text),),
            families=(Family("Les défis", "Défi", text, (replace(FED, name=text),)),),
            actions=(replace(CONTENT.actions[0], title=text, organisation=text, neighbourhoods=(text,)),),
        ),
        stamped_at=AT,
    )  # fmt: skip

    assert structure(hostile).ua_part == "1"


def test_an_empty_year_has_a_report():
    empty = YearContent(
        city="V",
        contract="C",
        year=2026,
        counted_on=date(2026, 1, 1),
        summary=(),
        how="",
        total=YearRow(name="Ensemble"),
    )

    assert structure(year_pdf(empty, stamped_at=AT)).bookmarks[-1] == "Les actions financées"
