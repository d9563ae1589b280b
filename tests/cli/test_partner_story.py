"""A coordinated proposal lived on the command line: confirmed, decided part by part, left after the decision, paid."""

import pytest

from parvis.services.imports.deposit import PartnerShare
from tests.services.desk import Desk
from tests.services.session_desk import SessionDesk, contract

INES, LEA = ("--as", "ines@ville.example"), ("--as", "lea@ville.example")
CASE, CENTRE, REGIE = "ANNUEL-2026-00001", "35600000000048", "21800019600123"
COPIL = ("copil", "2026-09-15")
PAYEES = """
SELECT COALESCE(o.siret, 'lead'), sum(p.amount_cents) FROM payments p LEFT JOIN organisations o ON o.id = p.partner_id
 WHERE p.status <> 'cancelled' GROUP BY 1
"""


@pytest.fixture
def table(desk, terminal) -> SessionDesk:
    desk.run("UPDATE contracts SET digest = ''")
    Desk.opened(desk.database, contract())
    terminal.environment["PARVIS_CONTRACT"] = "no-file.yaml"
    return SessionDesk(desk)


@pytest.fixture
def case(table) -> int:
    """A proposal of three associations, in a call that would pay the partners through the lead."""
    shares = (
        PartnerShare(siret=CENTRE, requested_cents=200_000, email="centre@asso.example"),
        PartnerShare(siret=REGIE, requested_cents=100_000, by_funder=(("ville", 100_000),)),
    )
    case = table.desk.submitted_case(partners=shares)
    table.desk.run(
        "UPDATE calls SET digest = digest || '+', document = document || '{\"pays_through_lead\": true}'"
    )
    return int(case)


def done(terminal, *words: str) -> None:
    answer = terminal(*words)
    assert answer.code == 0, answer.said


def refused(terminal, *words: str) -> str:
    answer = terminal(*words)
    assert answer.code == 3, answer.said
    return str(answer.said)


def confirmed(terminal, desk: Desk, case: int) -> None:
    """Both partners sign on paper, and the case reaches the agenda."""
    done(terminal, "partner", "invite", CASE, REGIE, "--email", "regie@asso.example", *INES)
    assert "n’ont pas confirmé leur part" in refused(terminal, "case", "advance", CASE, "instruct", *INES)
    for siret, name in ((CENTRE, "Zoé Petit"), (REGIE, "Ali Roy")):
        done(terminal, "partner", "confirm", CASE, siret, "--name", name, "--quality", "présidence", *INES)
    codes = [code for (code,) in desk.rows("SELECT code FROM documents WHERE case_id = %(id)s", id=case)]
    for words in (
        ("receive-documents", "--documents", ",".join(codes)), ("check-eligibility",), ("assess", "--score", "70"),
        ("instruct",), ("schedule", "--committee", "copil/2026-09-15"),
    ):  # fmt: skip
        done(terminal, "case", "advance", CASE, *words, *INES)


def test_a_coordinated_proposal_is_lived_from_the_command_line(table, terminal, case, tmp_path):
    desk = table.desk
    confirmed(terminal, desk, case)
    terminal.at = "2026-09-15 15:00"
    done(terminal, "session", "open", *COPIL, *LEA)
    done(terminal, "session", "attend", *COPIL, "--rest", "présent", *LEA)
    fund = ("session", "decide", *COPIL, CASE, "fund", "--amount", "etat=4 000", "--amount", "ville=2 000")
    wrong = ("--part", "lead:ville=1 000", "--part", f"{REGIE}:ville=900", "--part", f"{CENTRE}:ville=0")
    assert "soit 100,00 € d’écart" in refused(terminal, *fund, *wrong, *LEA)
    done(terminal, *fund, "--part", f"{REGIE}:ville=900,01", *LEA)
    file = tmp_path / "decisions.csv"
    lines = "Dossier;Décision;Etat;Ville;Parts\n" + CASE + ';financé;4 000;2 000;"{}"\n'
    file.write_text(lines.format("régie ville 900"), encoding="utf-8")
    assert (
        "« régie ville 900 » ne se lit pas"
        in terminal("session", "decide", *COPIL, "--file", f"{file}", *LEA).said
    )
    told = f"porteur:ville=1 000 ; {REGIE[:3]} {REGIE[3:]}:ville=900,01\n{CENTRE}:Ville=99,99"
    file.write_text(lines.format(told), encoding="utf-8")
    done(terminal, "session", "decide", *COPIL, "--file", f"{file}", *LEA)

    assert "L1611-4" in refused(terminal, "session", "close", *COPIL, *LEA)
    desk.run("UPDATE calls SET digest = digest || '+', document = document - 'pays_through_lead'")
    done(terminal, "session", "close", *COPIL, *LEA)

    paid = dict(desk.rows(PAYEES))
    assert (paid[REGIE], sum(paid.values())) == (90_001, 600_000)
    assert desk.rows("SELECT sum(amount_cents) FROM payments p JOIN funders f ON f.id = p.funder_id"
                     " WHERE f.code = 'ville' AND partner_id IS NULL") == [(100_000,)]  # fmt: skip
    leave = ("partner", "withdraw", CASE, CENTRE, "--reason", "Liquidation.", *INES)
    done(terminal, *leave)
    assert dict(desk.rows(PAYEES)) == {name: cents for name, cents in paid.items() if name != CENTRE}
    assert desk.value("SELECT sum(granted_cents) FROM fundings") == 600_000 - paid[CENTRE]
    assert "n’a pas ce partenaire, ou ne l’a plus" in refused(terminal, *leave)


def test_the_clause_of_the_agreement_lets_the_lead_be_paid_for_all(table, terminal, case):
    confirmed(terminal, table.desk, case)
    done(
        terminal,
        "case",
        "advance",
        CASE,
        "write-clause",
        "--reason",
        "Article 6 : le porteur reverse.",
        *INES,
    )
    terminal.at = "2026-09-15 15:00"
    done(terminal, "session", "open", *COPIL, *LEA)
    done(terminal, "session", "attend", *COPIL, "--rest", "présent", *LEA)

    done(terminal, "session", "decide", *COPIL, CASE, "fund", "--amount", "etat=4 000", *LEA)
    done(terminal, "session", "close", *COPIL, *LEA)

    assert dict(table.desk.rows(PAYEES)) == {"lead": 400_000}
