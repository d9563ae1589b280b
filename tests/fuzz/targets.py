"""Every parser of what strangers send, as one line: what it is given, how it is called, how it may refuse."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from hypothesis import strategies as st

from parvis.documents import docx_sandbox
from parvis.documents.calendar_feed import Due, Sat, feed_text
from parvis.documents.calendar_invite import Attendee, invitation_text
from parvis.notifications.bounces import read_bounces
from parvis.notifications.checks import check_template
from parvis.notifications.smtp_url import SmtpUrlError, parse_smtp_url
from parvis.services import clamd
from parvis.services.contracts import ContractFileError, read_contract
from parvis.services.demarches.failing import DemarcheError
from parvis.services.demarches.reading import Reader
from parvis.services.demarches.shapes import Dossier, DossierPage, understood
from parvis.services.file_contents import sniff
from parvis.services.file_names import clean_name
from parvis.services.file_problems import FileRefusedError
from parvis.services.imports.json_text import read_json
from parvis.services.imports.problems import DepositFileError
from parvis.services.imports.reading import read_deposits
from parvis.services.imports.template import template_csv, template_xlsx
from parvis.services.queue_address import read_query, write_query
from parvis.services.scrubbing import Scrubber
from parvis.services.sessions.decisions_file import read_decisions
from parvis.states import fields
from parvis.states.contract import Contract
from tests.documents.test_calendar_invite import SITTING, event
from tests.fuzz.inputs import DATA, damaged, odd_text, repacked, retyped, revalued
from tests.services.demarches.conftest import FORM
from tests.services.desk import CONTRACT
from tests.services.files import samples
from tests.services.imports.samples import CONTEXT, ods_of, ods_row, ods_text

Nothing: tuple[type[Exception], ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """One parser: what it may be given, the call, and the errors it may refuse with; any other is ours."""

    given: st.SearchStrategy[Any]
    call: Callable[[Any], object]
    refuses: tuple[type[Exception], ...]


DOSSIER = json.loads((DATA / "portal" / "dossier.json").read_text(encoding="utf-8"))
DEMARCHE = json.loads((DATA / "demarche" / "dossier.json").read_text(encoding="utf-8"))
_ROWS = [
    ods_row([ods_text(cell) for cell in line])
    for line in csv.reader(template_csv(CONTEXT).decode("utf-8-sig").splitlines(), delimiter=";")
]
ODS = (ods_of(("Dépôts", "".join(_ROWS))),)
YAML = (
    json.dumps(CONTRACT, ensure_ascii=False, indent=1),
    (DATA.parents[1] / "contracts" / "amiens.yaml").read_text("utf-8"),
)
LETTER = (
    (
        "Bonjour {{ deadline }},\n{% if wave %}vague {{ wave }}"
        "{% elif missed_on > decides_on %}{{ decides_on }}{% endif %}\n"
        "{% for d in [1, 2] %}- {{ d }}\n{% endfor %}"
    ),
    "{{ reference|upper }} : {{ deadline }}",
)
WORD = (
    (
        "<w:p><w:t>{{ document.reference }}</w:t></w:p>\n"
        "<w:p>{% for f in financeurs %}{{ f.nom|upper }} {{ loop.index }}{% endfor %}</w:p>"
    ),
    "{% if contrat.nom %}{{ contrat.nom }}{% else %}x{% endif %}",
)
DECISIONS = "reference;decision;motif;etat;ville\r\nA-1;financer;;100,00;50\r\nA-2;rejeter;Hors sujet;;\r\n"
BOUNCE = b"""From: MAILER-DAEMON@relais.example
To: retours+l42@ville.example
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Non remis.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.example

Original-Recipient: rfc822; lea@ville.example
Final-Recipient: rfc822; lea@ville.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: text/rfc822-headers

Message-ID: <l42@ville.example>
Subject: =?utf-8?q?Accus=C3=A9?=
--b--
"""


def _portal(value: Any) -> object:
    return read_deposits(
        "dossier.json", json.dumps(value, default=str).encode("utf-8", "surrogatepass"), CONTEXT
    )


def _demarche_reader() -> Reader:
    call = {**CONTRACT["calls"][0], "opens_on": "2024-01-01", "demarche": FORM}
    contract = Contract.model_validate({**CONTRACT, "calls": [call]})
    named = contract.calls[0]
    assert named.demarche is not None
    return Reader.of(contract, named, named.demarche, CONTEXT)


def _invited(said: str) -> object:
    attendees = (Attendee(said, f"{said}@x.example"),)
    text = invitation_text(replace(SITTING, summary=said, description=said, location=said, video_url=said,
                                   organiser_name=said, attendees=attendees))  # fmt: skip
    return event(text)


def _fed(said: str) -> object:
    at = datetime(2026, 12, 10, 13, 30, tzinfo=UTC)
    due = Due(uid=said, day=date(2026, 12, 10), summary=said, address=said)
    sat = Sat(uid=said, starts_at=at, ends_at=at.replace(hour=16), summary=said, location=said, address=said)
    text = feed_text(said, [due, sat], stamped_at=at, language="fr")
    text.encode()
    return text


def _listed(query: str) -> object:
    read = read_query(query)
    again = read_query(write_query(read.wanted, read.order, read.columns))
    assert again.wanted == read.wanted
    return [sentence.fr for _, sentence in read.problems]


def _field(value: Any) -> object:
    """Every parser of a field on one value; each may refuse it."""
    kept = []
    for parse in _FIELDS:
        try:
            kept.append(parse(value))
        except fields.FieldError as refused:
            (refused.sentence.fr + refused.sentence.en).encode()
    return kept


_FIELDS: tuple[Callable[[Any], object], ...] = (
    fields.amount, partial(fields.amount, zero_allowed=True), fields.account_number, fields.bic, fields.iban,
    fields.calendar_day, fields.instant, fields.day_or_instant, fields.siret, fields.rna,
    partial(fields.qpv, known={"QN08001M"}), fields.email, fields.integer, fields.percentage, fields.text,
    partial(fields.text, lines=True, max_length=20),
)  # fmt: skip
TYPED = st.one_of(
    odd_text(), st.none(), st.booleans(), st.integers(), st.integers(-(10**400), 10**400), st.floats(),
    st.decimals(), st.dates(), st.datetimes(), st.text("0123456789 .,'’€-+/ \u00a0\u202fkKMeE%²", max_size=30),
    retyped(("FR14 2004 1010 0505 0001 3M02 606", "12 345,50 €", "31/12/2026", "2026-12-31T23:59:59+01:00",
             "418 166 096 00051", "W801234567", "QN08001M", "lea@ville.example", "le 3 février 2026"), " /-T.@"),
)  # fmt: skip

TARGETS: dict[str, Target] = {
    "portal JSON": Target(revalued(DOSSIER), _portal, (DepositFileError,)),
    "any JSON": Target(
        damaged((json.dumps(DOSSIER).encode(), b'{"a": [1, 1e5, "\\ud800", null]}', b"[" * 400)), read_json,
        (DepositFileError,),
    ),
    "Demarche dossier": Target(revalued(DEMARCHE), lambda value: _demarche_reader().read(value)
                               if isinstance(value, dict) else None, (DepositFileError,)),
    "Demarche answer": Target(
        revalued({"pageInfo": {"hasNextPage": True, "endCursor": "x"}, "nodes": [DEMARCHE]}),
        lambda value: (understood(DossierPage, value), understood(Dossier, value)), (DemarcheError,),
    ),
    "CSV": Target(
        retyped((template_csv(CONTEXT).decode("utf-8-sig"),)).map(lambda text: text.encode("utf-8", "surrogatepass")),
        lambda content: read_deposits("depots.csv", content, CONTEXT), (DepositFileError,),
    ),
    "XLSX": Target(repacked((template_xlsx(CONTEXT),)),
                   lambda content: read_deposits("depots.xlsx", content, CONTEXT), (DepositFileError,)),
    "ODS": Target(repacked(ODS),
                  lambda content: read_deposits("depots.ods", content, CONTEXT), (DepositFileError,)),
    "any file of deposits": Target(
        damaged((template_csv(CONTEXT), template_xlsx(CONTEXT), *ODS, json.dumps(DOSSIER).encode())),
        lambda content: read_deposits("x", content, CONTEXT), (DepositFileError,),
    ),
    "contract": Target(retyped(YAML, "\n:,"), read_contract, (ContractFileError,)),
    "bounce": Target(damaged((BOUNCE,)), read_bounces, Nothing),
    "invitation": Target(odd_text(), _invited, Nothing),
    "calendar": Target(odd_text(), _fed, Nothing),
    "typed field": Target(TYPED, _field, Nothing),
    "letter template": Target(
        retyped(LETTER, "\n %{}|"),
        lambda text: check_template("acknowledge", "fr", text[:80], text, text),
        Nothing,
    ),
    "Word template": Target(retyped(WORD, "\n %{}|.<>"), docx_sandbox.problems_of, Nothing),
    "attachment": Target(
        repacked((samples.word(),)) | damaged((samples.pdf(), samples.png(), samples.jpeg(), b"bonjour")),
        lambda content: sniff("a.docx" if content[:2] == b"PK" else "a.pdf", content),
        (FileRefusedError,),
    ),
    "name of a file": Target(odd_text(), clean_name, (FileRefusedError,)),
    "filter in the address": Target(
        retyped(("etape=submitted&tri=montant&sens=desc&min=100&max=2 000,50&q=atelier&apres=12.3&instructeur=moi",),
                "&=") | st.text(max_size=60),
        _listed, Nothing,
    ),
    "decisions": Target(
        retyped((DECISIONS,)).map(lambda text: text.encode("utf-8", "surrogatepass")),
        lambda content: read_decisions("d.csv", content, cases={"A-1": 1, "A-2": 2}, funders=("etat", "ville")),
        (DepositFileError,),
    ),
    "SMTP address": Target(
        retyped(("smtp+starttls://u:p%40@mail.example:587/",), ":/@"), parse_smtp_url, (SmtpUrlError,)
    ),
    "clamd address": Target(retyped(("clamd://[::1]:3310", "clamd:///run/c.ctl"), ":/[]"), clamd.place_of,
                            (clamd.ClamdAddressError,)),
    "line of a log": Target(odd_text(), Scrubber(["secret"]), Nothing),
}  # fmt: skip
