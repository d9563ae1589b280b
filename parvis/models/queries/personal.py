"""All that is held on one person, known by an address: the rows that are theirs, and where else they are named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import String

from parvis.models.session import Session, select
from parvis.models.tables import metadata
from parvis.states.words import Sentence


@dataclass(frozen=True, slots=True)
class Known:
    """Who an address is here: the people, the organisations it reaches, the cases it is the contact of; their names."""

    email: str
    contract_id: int | None
    people: tuple[int, ...]
    organisations: tuple[int, ...]
    cases: tuple[int, ...]
    names: tuple[str, ...]

    @property
    def anybody(self) -> bool:
        """Whether anything is held under this address."""
        return bool(self.people or self.organisations or self.cases)

    @property
    def subjects(self) -> list[str]:
        """The opaque names the register knows them by."""
        return [
            *(f"person:{each}" for each in self.people), *(f"organisation:{each}" for each in self.organisations),
            *(f"case:{each}" for each in self.cases),
        ]  # fmt: skip


_HERE = "(%(contract)s::bigint IS NULL OR {} = %(contract)s)"


_KNOWN_PEOPLE = f"""
SELECT id, name FROM people p WHERE lower(email) = %(email)s AND {_HERE.format("p.contract_id")} ORDER BY id
"""  # noqa: S608
_KNOWN_ORGANISATIONS = f"""
SELECT id FROM organisations o WHERE lower(email) = %(email)s
   AND (%(contract)s::bigint IS NULL OR NOT EXISTS (SELECT FROM cases c WHERE c.organisation_id = o.id)
        OR EXISTS (SELECT FROM cases c JOIN calls k ON k.id = c.call_id
                    WHERE c.organisation_id = o.id AND k.contract_id = %(contract)s))
 UNION SELECT r.organisation_id FROM partners r JOIN cases c ON c.id = r.case_id
         JOIN calls k ON k.id = c.call_id
        WHERE lower(r.email) = %(email)s AND {_HERE.format("k.contract_id")} ORDER BY 1
"""  # noqa: S608
_KNOWN_CASES = f"""
SELECT c.id, c.contact ->> 'name' FROM cases c JOIN calls k ON k.id = c.call_id
 WHERE lower(c.contact ->> 'email') = %(email)s AND {_HERE.format("k.contract_id")}
 UNION SELECT c.id, d.answers #>> '{{contact,nom,0}}' FROM drafts d JOIN cases c ON c.id = d.case_id
         JOIN calls k ON k.id = c.call_id
        WHERE lower(trim(d.answers #>> '{{contact,courriel,0}}')) = %(email)s
          AND {_HERE.format("k.contract_id")}
 ORDER BY 1, 2
"""  # noqa: S608


def known(session: Session, email: str, contract_id: int | None = None) -> Known:
    """Who this address is, letter case apart: in one contract, or in all for the person themself."""
    values = {"email": email.strip().lower(), "contract": contract_id}
    people = select(session, _KNOWN_PEOPLE, values)
    organisations = select(session, _KNOWN_ORGANISATIONS, values)
    cases = select(session, _KNOWN_CASES, values)
    names = dict.fromkeys(name for _, name in (*people, *cases) if name)
    return Known(
        email.strip().lower(), contract_id, tuple(row[0] for row in people), tuple(row[0] for row in organisations),
        tuple(dict.fromkeys(row[0] for row in cases)), tuple(names),
    )  # fmt: skip


# Each part: what it is, and its rows. The hashes of secrets are nobody's data, and are left out.
_PARTS: tuple[tuple[str, Sentence, str], ...] = (
    ("person", Sentence("Fonctions dans le contrat de ville", "Roles in the city contract"),
     """SELECT p.id, p.name, p.email, p.role, f.name AS funder, p.language, p.delivery, p.active, p.organisations,
               p.address, p.left_on
          FROM people p LEFT JOIN funders f ON f.id = p.funder_id WHERE p.id = ANY(%(people)s) ORDER BY p.id"""),
    ("organisations", Sentence("Organismes joints à cette adresse", "Organisations reached at this address"),
     """SELECT id, siret, rna, name, email, email_source, email_at, phone, address, language FROM organisations
         WHERE id = ANY(%(organisations)s) ORDER BY id"""),
    ("contacts", Sentence("Dossiers dont cette personne est le contact", "Cases this person is the contact of"),
     """SELECT c.reference, c.title, c.stage, c.deposited_on, c.contact ->> 'name' AS name,
               c.contact ->> 'email' AS email, c.contact ->> 'phone' AS phone, o.name AS organisation
          FROM cases c JOIN organisations o ON o.id = c.organisation_id
         WHERE c.id = ANY(%(cases)s) AND c.contact <> '{}' ORDER BY c.id"""),
    ("drafts", Sentence("Demandes tapées ici dont cette personne est le contact",
                        "Requests typed here this person is the contact of"),
     """SELECT c.reference, d.answers #>> '{contact,nom,0}' AS name, d.answers #>> '{contact,courriel,0}' AS email,
               d.answers #>> '{contact,telephone,0}' AS phone, d.saved_at
          FROM drafts d JOIN cases c ON c.id = d.case_id
         WHERE c.id = ANY(%(cases)s) AND lower(trim(d.answers #>> '{contact,courriel,0}')) = %(email)s
         ORDER BY c.id"""),
    ("partners", Sentence("Parts de projets portés par d’autres", "Parts of proposals led by others"),
     """SELECT c.reference, p.state, p.email, p.signed_by, p.answers, p.invited_at, p.answered_at
          FROM partners p JOIN cases c ON c.id = p.case_id JOIN calls k ON k.id = c.call_id
         WHERE lower(p.email) = %(email)s AND (%(contract)s::bigint IS NULL OR k.contract_id = %(contract)s)
         ORDER BY c.id"""),
    ("letters", Sentence("Lettres envoyées à cette adresse", "Letters sent to this address"),
     """SELECT l.owed_at, l.sent_at, l.stage, l.name, l.address, l.subject, l.body_text FROM letters l
          LEFT JOIN cases c ON c.id = l.case_id LEFT JOIN calls k ON k.id = c.call_id
          LEFT JOIN agreements a ON a.id = l.agreement_id
         WHERE (lower(l.address) = %(email)s OR l.recipient = ANY(%(recipients)s)
                OR lower(l.data ->> 'email') = %(email)s)
           AND (%(contract)s::bigint IS NULL
                OR COALESCE(l.contract_id, k.contract_id, a.contract_id) = %(contract)s)
         ORDER BY l.id"""),
    ("suppressions", Sentence("Refus de courrier de cette adresse", "Mail refused by this address"),
     """SELECT address, status, said, since, lifted_at FROM suppressions WHERE address = %(email)s ORDER BY id"""),
    ("sign_ups", Sentence("Demandes d’espace", "Spaces asked for"),
     "SELECT siret, name, email, language, made_at, used_at FROM sign_ups WHERE lower(email) = %(email)s ORDER BY id"),
    ("address_changes", Sentence("Nouvelles adresses demandées", "New addresses asked for"),
     """SELECT o.siret, a.email, a.made_at, a.used_at
          FROM address_changes a JOIN organisations o ON o.id = a.organisation_id
         WHERE lower(a.email) = %(email)s OR a.organisation_id = ANY(%(organisations)s) ORDER BY o.id"""),
    ("identities", Sentence("Identités liées", "Linked identities"),
     "SELECT issuer, subject, email, linked_at, seen_at FROM identities WHERE person_id = ANY(%(people)s) ORDER BY id"),
    ("sessions", Sentence("Sessions", "Sessions"),
     """SELECT made_at, seen_at, ended_at, browser FROM web_sessions
         WHERE person_id = ANY(%(people)s) OR organisation_id = ANY(%(organisations)s) ORDER BY id"""),
    ("links", Sentence("Liens pour entrer", "Links to come in"),
     """SELECT purpose, made_at, expires_at, used_at FROM access_links
         WHERE person_id = ANY(%(people)s) OR organisation_id = ANY(%(organisations)s) ORDER BY id"""),
    ("tokens", Sentence("Jetons de programmes", "Tokens of programs"),
     """SELECT name, scopes, made_at, expires_at, used_at, revoked_at FROM api_tokens
         WHERE person_id = ANY(%(people)s) ORDER BY id"""),
    ("visits", Sentence("Pages consultées", "Pages looked at"),
     """SELECT v.at, v.method, v.path, v.status FROM visits v
          LEFT JOIN web_sessions w ON w.id = v.session_id LEFT JOIN api_tokens t ON t.id = v.token_id
         WHERE w.person_id = ANY(%(people)s) OR w.organisation_id = ANY(%(organisations)s)
            OR t.person_id = ANY(%(people)s) ORDER BY v.id"""),
    ("acts", Sentence("Actes au journal des dossiers", "Acts in the journal of cases"),
     """SELECT c.reference, j.seq, j.at, j.role, j.action, j.source, j.target, j.details
          FROM journal j JOIN cases c ON c.id = j.case_id WHERE j.actor = ANY(%(actors)s) ORDER BY j.id"""),
    ("notes", Sentence("Notes écrites", "Notes written"),
     """SELECT c.reference, t.version, t.saved_at, t.body FROM note_texts t JOIN notes n ON n.id = t.note_id
          JOIN cases c ON c.id = n.case_id WHERE t.saved_by = ANY(%(people)s) ORDER BY t.id"""),
    ("seats", Sentence("Sièges aux comités", "Seats in committees"),
     """SELECT m.name AS committee, m.held_on, s.role, s.attendance, s.declared_at FROM committee_members s
          JOIN committees m ON m.id = s.committee_id WHERE s.person_id = ANY(%(people)s) ORDER BY m.held_on, s.id"""),
    ("interests", Sentence("Intérêts et déports", "Interests and recusals"),
     """SELECT c.reference, i.ground, i.detail, i.status, i.reason, i.at FROM interests i
          JOIN cases c ON c.id = i.case_id WHERE i.person_id = ANY(%(people)s) ORDER BY i.id"""),
    ("views", Sentence("Listes enregistrées", "Saved lists"),
     "SELECT name, shared, query, saved_at FROM views WHERE person_id = ANY(%(people)s) ORDER BY id"),
    ("bank", Sentence("Coordonnées bancaires, masquées", "Bank details, masked"),
     """SELECT masked, state, asked_at, decided_at FROM bank_details
         WHERE organisation_id = ANY(%(organisations)s) ORDER BY id"""),
    ("register", Sentence("Ce qui a été fait de ces données", "What was done to these data"),
     "SELECT at, role, action, subject, details FROM data_journal WHERE subject = ANY(%(subjects)s) ORDER BY id"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what is held: its code, what it is, its rows as JSON values by name."""

    code: str
    title: Sentence
    rows: tuple[Mapping[str, Any], ...]


def held(session: Session, who: Known) -> list[Part]:
    """Every part of what is held on somebody that has rows."""
    actors = [each for each in who.subjects if not each.startswith("case:")]
    values = {
        "email": who.email, "contract": who.contract_id, "people": list(who.people),
        "organisations": list(who.organisations), "cases": list(who.cases), "actors": actors, "subjects": who.subjects,
        "recipients": [f"person:{each}" for each in who.people],
    }  # fmt: skip
    parts = []
    for code, title, statement in _PARTS:
        found = session.exec_driver_sql(f"SELECT to_jsonb(x) FROM ({statement}) x", values)  # noqa: S608 - above
        rows = tuple(row[0] for row in found)
        parts += [Part(code, title, rows)] if rows else []
    return parts


def mentions(session: Session, words: Sequence[str]) -> list[tuple[str, int]]:
    """Where else one of these words is written: tables and how many of their rows say it, for somebody to look at."""
    found = []
    for table in metadata.sorted_tables:
        texts = [column.name for column in table.columns if isinstance(column.type, String | JSONB)]
        if texts and words:
            said = " || ' ' || ".join(f"COALESCE({name}::text, '')" for name in texts)
            count = session.exec_driver_sql(
                f"SELECT count(*) FROM {table.name} WHERE lower({said}) LIKE ANY(%(words)s)",  # noqa: S608 - our own names
                {"words": [f"%{_plain(word.lower())}%" for word in words if word.strip()]},
            ).scalar_one()
            found += [(table.name, int(count))] if count else []
    return found


def _plain(word: str) -> str:
    """A word that means itself in a pattern."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
