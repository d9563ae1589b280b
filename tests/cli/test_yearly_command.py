"""`parvis evaluation`: a year read on the screen, by a program, as a report and as tables."""

import openpyxl


def test_a_year_is_shown_told_and_written(desk, terminal, tmp_path):
    desk.submitted_case(title="Jardin", challenges=("D01",))
    pdf, xlsx = tmp_path / "2026.pdf", tmp_path / "2026.xlsx"

    shown = terminal("evaluation", "2026", width=200).said
    told = terminal("evaluation", "2026", "--json", "--pdf", str(pdf), "--xlsx", str(xlsx)).json

    assert "on a proposé 1 action ; aucune n’est financée" in shown
    assert "Ce qu’ont reçu les défis" in shown
    narrow = terminal("evaluation", "2026", width=80).said
    assert ("Dépensé" in shown, "Étouvie 1 0 0 € 0 €" in narrow) == (True, True)
    assert (told["total"]["now"]["requested_cents"], told["unanswered"]["pairs"]) == (
        800_000,
        [["QN08003M", "D01"]],
    )
    assert [action["title"] for action in told["actions"]] == ["Jardin"]
    assert pdf.read_bytes().startswith(b"%PDF")
    book = openpyxl.load_workbook(xlsx)
    assert book.sheetnames == [
        "Ce qu’ont reçu les défis", "Ce qu’ont reçu les quartiers", "L’apport des financeurs",
        "Par quel moyen", "Publics par défi", "Publics par quartier", "Publics par financeur", "Publics par moyen",
        "Ce à quoi personne n’a répondu", "Quartiers et défis", "Les actions",
    ]  # fmt: skip
    assert [cell.value for cell in book["Ce qu’ont reçu les quartiers"][4]][:6] == [
        "Ensemble",
        1,
        0,
        0,
        0,
        8000,
    ]
    assert book["Les actions"]["B2"].value == "Jardin"


def test_a_year_without_a_call_is_refused_with_the_years_there_are(desk, terminal):
    answer = terminal("evaluation", "2031")

    assert answer.code == 2
    assert "Les années connues : 2026." in answer.said
