"""Agreements by the command line: taken over from a file, listed, shown, moved, explained, renewed, told."""

import json
from pathlib import Path

import pytest

from parvis.cli.exits import ExitCode
from tests.cli.conftest import Terminal
from tests.services.agreement_desk import contract
from tests.services.desk import Desk
from tests.services.files.samples import pdf
from tests.services.renewal_story import RenewalStory

HEADER = (
    "reference;siret;organisme;courriel;objet;titre;debut;fin;agrement_caf;instructeur;quartiers;etat;ville\n"
)
GOOD = (
    "CONV-24-01;41816609600051;Centre social d’Étouvie;bonjour@centre.example;centre;Centre social d’Étouvie;"
    "01/01/2024;31/12/2026;31/12/2027;ines@ville.example;QN08001M;10 000,01;20 000\n"
    "CONV-24-02;41816609600051;Centre social d’Étouvie;;evs;Espace de vie sociale;2024-01-01;2026-12-31;;;;;5000\n"
)
BAD = (
    "CONV-24-01;41816609600051;Centre;;centre;Centre;01/01/2024;31/12/2026;;;;1;\n"
    "CONV-24-01;123;Centre;;centre;Centre;01/01/2024;31/12/2023;;;;1;\n"
    "CONV-24-03;41816609600051;Centre;;centre;Centre;01/06/2026;31/12/2028;;;;1;\n"
    "CONV-24-04;41816609600051;Centre;;autre;Centre;01/06/2026;31/12/2028;;x@y.example;QN99999M;;\n"
)


@pytest.fixture
def city(desk: Desk, terminal: Terminal) -> Terminal:
    Path(terminal.environment["PARVIS_CONTRACT"]).write_text(json.dumps(contract()), encoding="utf-8")
    terminal.at = "2026-10-01"
    return terminal


def file(folder: Path, lines: str) -> str:
    path = folder / "conventions.csv"
    path.write_text(HEADER + lines, encoding="utf-8")
    return str(path)


def test_agreements_are_taken_over_renewed_and_told(city: Terminal, desk: Desk, tmp_path: Path) -> None:
    path = file(tmp_path, GOOD)
    checked = city("agreement", "import", path, "--dry-run", "--json")
    assert (checked.json["created"], checked.json["written"]) == (["CONV-24-01", "CONV-24-02"], False)
    assert desk.value("SELECT count(*) FROM agreements") == 0
    assert city("agreement", "import", path).code == ExitCode.DONE
    again = city("agreement", "import", path, "--json").json
    assert (again["created"], again["unchanged"]) == ([], ["CONV-24-01", "CONV-24-02"])
    assert desk.value("SELECT count(*) FROM letters") == 0

    renewed = city("agreement", "renew", "--json").json
    listed = city(
        "agreement", "list", "--stage", "en renouvellement", "--ends-by", "2026-12-31", "--json"
    ).json
    shown = city("agreement", "show", "conv-24-01")
    why = city("agreement", "why", "CONV-24-01")

    assert (renewed["moved"], renewed["requests"]) == (2, 2)
    assert [each["request"] for each in listed["agreements"]] == ["CONVENTIONS-00001", "CONVENTIONS-00002"]
    assert "30 000,01" in shown.said.replace("\u202f", " ").replace("\xa0", " ")
    assert "CONVENTIONS-00001" in shown.said
    assert "La demande de renouvellement existe déjà" in why.said
    answers = desk.value("SELECT answers FROM drafts ORDER BY case_id LIMIT 1")
    assert answers["action"]["qpv"] == ["QN08001M"]

    done = city("agreement", "advance", "CONV-24-01", "review-year", "--role", "instructeur", "--year", "3",
                "--result", "on-course", "--reason", "Tout va bien")  # fmt: skip
    refused = city("agreement", "advance", "CONV-24-01", "terminate", "--role", "responsable")
    told = city("agreement", "history", "CONV-24-01")
    assert (done.code, refused.code) == (ExitCode.DONE, ExitCode.REFUSED)
    assert "Indiquer le motif" in refused.said
    assert "Conclusion : conforme à ce qui était prévu" in told.said.replace("\u202f", " ")
    assert city("agreement", "show", "CONV-99").code == ExitCode.NOT_FOUND


def test_the_signed_agreement_is_filed_listed_and_written_out(city: Terminal, tmp_path: Path) -> None:
    city("agreement", "import", file(tmp_path, GOOD))
    (tmp_path / "convention.pdf").write_bytes(pdf())
    filed = city("agreement", "attach", "CONV-24-01", str(tmp_path / "convention.pdf"), "--on", "2024-01-08",
                 "--role", "secretaire")  # fmt: skip
    nothing = city("agreement", "advance", "CONV-24-01", "file-document", "--role", "secretaire")
    listed = city("agreement", "files", "CONV-24-01")
    city("agreement", "file", "CONV-24-01", "convention.pdf", "--to", str(tmp_path / "copie.pdf"))
    assert "CONV-24-01 : Convention, version 1, « convention.pdf » versé." in filed.said
    assert "Joindre le fichier" in nothing.said
    assert "Convention 1 convention.pdf 1 ko" in listed.said
    assert (tmp_path / "copie.pdf").read_bytes() == pdf()
    assert "Fichier « convention.pdf »" in city("agreement", "history", "CONV-24-01").said


def test_a_file_with_errors_is_refused_whole_and_each_line_says_what_to_mend(
    city: Terminal, desk: Desk, tmp_path: Path
) -> None:
    answer = city("agreement", "import", file(tmp_path, BAD))
    overlapping = city(
        "agreement", "import", file(tmp_path, BAD.splitlines()[0] + "\n" + BAD.splitlines()[2] + "\n")
    )

    assert answer.code == overlapping.code == ExitCode.INVALID
    for said in (
        "SIRET",
        "La fin vient avant le début",
        "Aucun instructeur actif",
        "Aucun montant",
        "QN99999M",
    ):
        assert said in answer.said
    assert "ligne 3" in overlapping.said
    assert "convention pour cet objet" in overlapping.said
    assert desk.value("SELECT count(*) FROM agreements") == 0


def test_an_agreement_is_renewed_by_the_command_line_from_its_first_step_to_the_one_that_follows(
    city: Terminal, desk: Desk, tmp_path: Path
) -> None:
    story = RenewalStory(desk)
    city.at = "2025-09-01"
    city("agreement", "import", file(tmp_path, GOOD.splitlines()[0] + "\n"))
    city.at = "2025-10-31 06:15"
    opened = city("agreement", "renew", "--json").json
    city.at = "2026-03-02"
    said = city("agreement", "advance", "CONV-24-01", "receive-evaluation", "--role", "porteur", "--reason",
                "Trois ans d’accueil")  # fmt: skip
    story.owes_a_report()
    city.at = "2026-09-01 06:15"
    gated, why = city("agreement", "renew", "--json").json, city("agreement", "why", "CONV-24-01").said
    story.gives_its_report()
    released = city("agreement", "renew", "--json").json
    story.is_funded()
    city.at = "2026-12-11"
    before, after = city("agreement", "show", "CONV-24-01").said, city("agreement", "show", "CONV-00002")
    told = city("agreement", "history", "CONV-24-01").said

    assert (opened["moved"], said.code, gated["requests"], released["requests"]) == (1, ExitCode.DONE, 0, 1)
    assert "Bilans attendus avant toute nouvelle demande" in why
    assert "renouvelée" in before
    assert "Suivie de : CONV-00002" in before
    assert "Du 1er janvier 2027 au 31 décembre 2029" in after.said
    for step in ("ouvrir le renouvellement", "recevoir l’auto-évaluation", "écrire la demande de renouvellement",
                 "constater le renouvellement"):  # fmt: skip
        assert step in told
