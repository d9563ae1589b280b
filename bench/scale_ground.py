"""A national service: many cities in one installation, each with a few neighbourhoods and years of cases."""

from collections.abc import Iterator
from dataclasses import replace

import psycopg

from bench.ground import MOVED, Ground, lay, on, settle
from parvis.models import databases
from parvis.models.embedded import EmbeddedServer
from parvis.states.journal import micros

CASES_OF_A_CITY = 2_500
"""Of four years: four hundred cities with their sixteen hundred neighbourhoods make a million cases."""
PLACES = 4
LINES = 10
"""Of the journal of every case."""
AT_ONCE = 50_000
FIRST = 1_000
"""The number of the first case; the model cases come before it."""
STAGES = ("submitted", "instructed", "committee", "funded", "evaluated", "evaluated", "rejected", "lapsed")
_ACTIONS = (
    "submit", "receive_documents", "check_eligibility", "ask_opinions", "give_opinion", "assess", "instruct",
    "schedule", "fund", "evaluate",
)  # fmt: skip
_REACHED = ("draft", *["submitted"] * 6, "instructed", "committee", "funded")

CITIES = """
INSERT INTO contracts (code, name, digest, document)
SELECT 'ville-' || n, 'Contrat de la ville ' || n, '', jsonb_set(document, '{code}', to_jsonb('ville-' || n))
  FROM contracts, generate_series(1, %(cities)s) n
"""
FRAME = """
CREATE TEMPORARY TABLE cities AS
SELECT id AS contract_id, row_number() OVER (ORDER BY id) - 1 AS n FROM contracts WHERE code LIKE 'ville-%';
INSERT INTO neighbourhoods (contract_id, code, name)
SELECT contract_id, 'QN' || lpad((n * {places} + p)::text, 6, '0') || 'M', 'Quartier ' || p
  FROM cities, generate_series(0, {places} - 1) p;
INSERT INTO challenges (contract_id, code, label)
SELECT contract_id, 'D0' || d, 'Défi ' || d FROM cities, generate_series(1, 4) d;
INSERT INTO funders (contract_id, code, name, kind, email)
SELECT contract_id, f, f, 'other', f || '@ville.example' FROM cities, unnest(ARRAY['etat', 'ville']) f;
INSERT INTO people (contract_id, email, name, role)
SELECT contract_id, r || '@ville' || n || '.example', 'Personne ' || r, r
  FROM cities, unnest(ARRAY['instructor', 'manager', 'secretary']) r;
INSERT INTO calls (contract_id, code, title, instrument, year, opens_on, document, digest)
SELECT c.contract_id, 'annuel-' || y, 'Appel ' || y, k.instrument, y, k.opens_on, k.document, k.digest
  FROM cities c, generate_series(2023, 2026) y, (SELECT * FROM calls ORDER BY id LIMIT 1) k;
INSERT INTO organisations (siret, name, email)
SELECT lpad(n::text, 14, '0'), 'Association ' || n, n || '@asso.example' FROM generate_series(1, {organisations}) n;
CREATE TEMPORARY TABLE frame AS
SELECT c.n, array_agg(DISTINCT k.id ORDER BY k.id) AS calls, array_agg(DISTINCT p.id ORDER BY p.id) AS places,
       array_agg(DISTINCT f.id ORDER BY f.id) AS funders,
       (SELECT id FROM people WHERE contract_id = c.contract_id AND role = 'instructor') AS officer
  FROM cities c JOIN calls k USING (contract_id) JOIN neighbourhoods p USING (contract_id)
  JOIN funders f USING (contract_id) GROUP BY c.n, c.contract_id;
CREATE UNIQUE INDEX ON frame (n);
CREATE TEMPORARY TABLE groups AS SELECT array_agg(id ORDER BY id) AS ids FROM organisations WHERE name LIKE 'Assoc% %';
ANALYZE frame;
"""


def _hashed(line: int) -> str:
    """The hash of this line of the case `i`, after the one of the line before."""
    source, target = _REACHED[line - 1], "stage" if line == LINES else f"'{_REACHED[line]}'"
    before = f"h{line - 1}.h" if line > 1 else r"'\x" + "00" * 32 + "'::bytea"
    return (
        f"CROSS JOIN LATERAL (SELECT sha256({before} || convert_to(concat_ws(chr(31), i, {line}, {_micros(line)},"
        f" 'person:1', 'instructor', '{_ACTIONS[line - 1]}', '{source}', {target}, '{{}}'), 'UTF8')) AS h OFFSET 0)"
        f" h{line}"
    )


def _micros(line: int) -> int:
    return micros(MOVED) + line * 60_000_000


def _instant(line: int) -> str:
    return f"timestamptz '{MOVED}' + interval '{line} minutes'"


def _line(line: int) -> str:
    target = "stage" if line == LINES else f"'{_REACHED[line]}'"
    return f"({line}, {_instant(line)}, '{_ACTIONS[line - 1]}', '{_REACHED[line - 1]}', {target}, h{line})"


WITH_JOURNAL = f"""
WITH new AS MATERIALIZED (
    SELECT i, f.calls[1 + i / 7 %% 4] AS call_id, f.officer, g.ids[1 + i %% array_length(g.ids, 1)] AS organisation,
           (ARRAY{list(STAGES)})[1 + i / %(cities)s %% {len(STAGES)}] AS stage,
           {", ".join(f"h{line}.h AS h{line}" for line in range(1, LINES + 1))}
      FROM generate_series(%(first)s::bigint, %(last)s::bigint) i
      JOIN frame f ON f.n = i %% %(cities)s CROSS JOIN groups g
     CROSS JOIN LATERAL (SELECT (ARRAY{list(STAGES)})[1 + i / %(cities)s %% {len(STAGES)}] AS stage) s
     {chr(10).join(_hashed(line) for line in range(1, LINES + 1))}
), made AS (
    INSERT INTO cases (id, call_id, organisation_id, instructor_id, reference, external_id, source, content_hash,
                       stage, version, journal_head, entered_at, entered_version, title, summary, requested_cents,
                       total_cost_cents, deposited_on, due_on, late_after)
    OVERRIDING SYSTEM VALUE
    SELECT i, call_id, organisation, officer, 'N-' || lpad(i::text, 8, '0'), 'N-' || i, 'spreadsheet', '', stage,
           {LINES}, h{LINES}, {_instant(LINES)}, {LINES}, 'Atelier numéro ' || i, repeat('Un résumé. ', 20),
           (1000 + i %% 49000) * 100, 9000000, date '2026-01-05' + (i %% 300)::int,
           CASE WHEN stage IN ('submitted', 'instructed', 'committee') THEN date '2027-01-01' + (i %% 240)::int END,
           CASE WHEN stage IN ('submitted', 'instructed', 'committee') THEN date '2027-01-05' + (i %% 240)::int END
      FROM new
)
INSERT INTO journal (case_id, seq, at, actor, role, action, source, target, details, hash)
SELECT i, v.seq, v.at, 'person:1', 'instructor', v.action, v.source, v.target, '{{}}', v.hash
  FROM new CROSS JOIN LATERAL (VALUES {", ".join(_line(line) for line in range(1, LINES + 1))}
       ) v(seq, at, action, source, target, hash)
"""
BESIDE = (
    """INSERT INTO case_words SELECT c.id, bare_words(concat_ws(' ', reference, external_id, title, o.name, o.siret))
         FROM cases c JOIN organisations o ON o.id = c.organisation_id WHERE c.id BETWEEN %(first)s AND %(last)s""",
    """INSERT INTO case_neighbourhoods
       SELECT i, f.places[1 + i / %(cities)s %% array_length(f.places, 1)]
         FROM generate_series(%(first)s::bigint, %(last)s::bigint) i JOIN frame f ON f.n = i %% %(cities)s""",
    """INSERT INTO fundings (case_id, funder_id, requested_cents)
       SELECT i, f.funders[1 + i %% 2], 100000
         FROM generate_series(%(first)s::bigint, %(last)s::bigint) i JOIN frame f ON f.n = i %% %(cities)s""",
    """INSERT INTO timers (case_id, rule, occurrence, kind, period, action, template, recipient, deadline, due_at,
                           settled_at, outcome)
       SELECT c.id, r.rule, '10/' || r.rule, r.kind, 'stage', NULL, 'stage_late', 'instructor', c.late_after,
              CASE WHEN r.rule = 'late' AND c.late_after IS NOT NULL THEN c.late_after ELSE c.entered_at END,
              CASE WHEN r.rule = 'late' AND c.late_after IS NOT NULL THEN NULL ELSE c.entered_at END,
              CASE WHEN r.rule = 'late' AND c.late_after IS NOT NULL THEN NULL ELSE 'cancelled' END
         FROM cases c, (VALUES ('reply', 'reminder'), ('late', 'escalation')) r(rule, kind)
        WHERE c.id BETWEEN %(first)s AND %(last)s""",
    """INSERT INTO letters (case_id, rule, occurrence, recipient, template, data, owed_at, not_before, stage, version,
                            rendered_at, address, name, language, subject, body_text, body_html, message_id, sent_at)
       SELECT i, 'submit', '1', 'applicant', 'acknowledgement', '{}', %(at)s, %(at)s, 'sent', 2, %(at)s,
              'contact@asso.example', 'Association', 'fr', 'Votre dossier ' || i, repeat('Une ligne de texte. ', 30),
              repeat('<p>Une ligne.</p>', 40), '<' || i || '@parvis.example>', %(at)s
         FROM generate_series(%(first)s::bigint, %(last)s::bigint) i""",
)


def cities(cases: int) -> int:
    """How many cities have so many cases."""
    return max(1, cases // CASES_OF_A_CITY)


def national(server: EmbeddedServer, cases: int) -> Ground:
    """The database of so many cases, with ten lines of a journal that holds and a letter each; made once a run.

    Its model cases are those of `lay`; the cases of the cities are numbered from `FIRST`, one city after the other.
    """
    name = f"national_{cases}"
    if databases.exists(server.url(), name):
        return _found(on(server, name))
    ground = lay(server, name)
    with ground.admin() as connection:
        count = cities(cases)
        connection.execute(CITIES, {"cities": count})
        frame = FRAME.replace("{places}", str(PLACES)).replace("{organisations}", str(20 * count + 100))
        connection.execute(frame.encode())
        for first, last in _parts(cases):
            asked = {"first": first, "last": last, "cities": count, "at": MOVED}
            connection.execute(WITH_JOURNAL, asked)
            for statement in BESIDE:
                connection.execute(statement, asked)
        connection.execute("SELECT setval('cases_id_seq', %s)", (FIRST + cases,))
    settle(ground)
    return ground


def _parts(cases: int) -> Iterator[tuple[int, int]]:
    for first in range(FIRST, FIRST + cases, AT_ONCE):
        yield first, min(first + AT_ONCE, FIRST + cases) - 1


def _found(ground: Ground) -> Ground:
    with psycopg.connect(ground.dsn) as connection:
        rows = connection.execute(
            "SELECT id FROM cases WHERE id < %s ORDER BY id LIMIT 2", (FIRST,)
        ).fetchall()
    return replace(ground, model=rows[0][0], waiting=rows[1][0])
