"""Cases to list: many, at every stage, of many organisations, with all that filters and lists look at."""

import psycopg

from bench.ground import Ground, lay, on, settle
from parvis.models import databases
from parvis.models.embedded import EmbeddedServer

WORDS = (
    "Atelier", "Jardin", "Théâtre", "Médiation", "Cuisine", "Vélo", "Numérique", "Langue", "Sport", "Mémoire",
    "Emploi", "Santé", "Musique", "Lecture", "Réparation", "Parentalité", "Fête", "Cirque", "Échecs", "Couture",
)  # fmt: skip
RARE = "Apiculture"  # in one title of two thousand

FRAME = """
INSERT INTO neighbourhoods (contract_id, code, name)
SELECT contract_id, 'QN0' || (8001 + n) || 'M', 'Quartier ' || n FROM neighbourhoods, generate_series(1, 6) n;
INSERT INTO challenges (contract_id, code, label)
SELECT contract_id, 'D' || lpad((n + 1)::text, 2, '0'), 'Défi ' || n FROM challenges, generate_series(1, 10) n;
INSERT INTO people (contract_id, email, name, role)
SELECT contract_id, 'officer' || n || '@ville.example', 'Officier ' || n, 'instructor'
  FROM people, generate_series(1, 19) n WHERE role = 'manager';
INSERT INTO calls (contract_id, code, title, instrument, year, opens_on, document)
SELECT contract_id, 'annuel-' || (2018 + n), 'Appel ' || (2018 + n), instrument, 2018 + n, opens_on, document
  FROM calls, generate_series(1, 7) n;
INSERT INTO waves (call_id, code, title, closes_new_on, closes_renewal_on)
SELECT id, code || '-' || n, 'Vague ' || n, '2026-01-31', '2026-01-31' FROM calls, generate_series(1, 3) n;
INSERT INTO organisations (siret, name, email)
SELECT lpad(n::text, 14, '0'), 'Association ' || (ARRAY[{words}])[1 + n %% 20] || ' ' || n, n || '@asso.example'
  FROM generate_series(1, 3000) n
"""
CASES = """
INSERT INTO cases (id, call_id, wave_id, organisation_id, instructor_id, reference, external_id, source, content_hash,
                   stage, version, entered_at, title, summary, requested_cents, total_cost_cents, deposited_on,
                   due_on, late_after, score, opinions_due_at, contact, report_accepted)
OVERRIDING SYSTEM VALUE
SELECT i, k.id, w.id, o.id, p.id, upper(k.code) || '-' || lpad(i::text, 7, '0'), 'X-' || i, 'spreadsheet', '',
       s.stage, 4, timestamptz '2026-01-01' + r.a * interval '300 days',
       CASE WHEN i %% 2000 = 0 THEN '{rare}' ELSE s.word1 END || ' et ' || s.word2 || ' au quartier, no ' || i,
       repeat('Un résumé de deux lignes. ', 12), (1000 + floor(r.b * 49000))::bigint * 100, 9000000,
       make_date(k.year, 1, 1) + floor(r.a * 364)::int,
       CASE WHEN s.open THEN date '2026-11-01' + floor(r.f * 240)::int END,
       CASE WHEN s.open THEN date '2026-11-01' + floor(r.f * 240)::int + 5 END,
       CASE WHEN r.c > 0.4 THEN floor(r.c * 100)::int END, '2026-12-15', '{{}}', false
  FROM generate_series(1000, 999 + %(count)s) i
  CROSS JOIN LATERAL (SELECT random() + i * 0 AS a, random() AS b, random() AS c, random() AS d, random() AS e,
                             random() AS f) r
  CROSS JOIN LATERAL (
        SELECT CASE WHEN r.d < .02 THEN 'draft' WHEN r.d < .10 THEN 'submitted' WHEN r.d < .13 THEN 'incomplete'
                    WHEN r.d < .18 THEN 'instructed' WHEN r.d < .22 THEN 'committee' WHEN r.d < .40 THEN 'funded'
                    WHEN r.d < .75 THEN 'evaluated' WHEN r.d < .80 THEN 'ineligible' WHEN r.d < .83 THEN 'lapsed'
                    WHEN r.d < .95 THEN 'rejected' WHEN r.d < .98 THEN 'withdrawn' ELSE 'reclaimed' END AS stage,
               r.d < .40 AS open,
               (ARRAY[{words}])[1 + floor(r.a * 20)::int] AS word1,
               (ARRAY[{words}])[1 + floor(r.c * 20)::int] AS word2) s
  JOIN frame_calls k ON k.n = floor(r.e * 8)::int
  JOIN frame_waves w ON w.call_id = k.id AND w.n = i %% 3
  JOIN frame_organisations o ON o.n = i %% 3000
  JOIN frame_people p ON p.n = i %% 20
"""
CHILDREN = (
    """INSERT INTO case_words SELECT c.id, bare_words(concat_ws(' ', reference, external_id, title, o.name, o.siret))
         FROM cases c JOIN organisations o ON o.id = c.organisation_id WHERE c.id >= 1000""",
    """INSERT INTO case_neighbourhoods SELECT c.id, n.id FROM cases c JOIN (
         SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM neighbourhoods) n
         ON n.n = c.id * 7919 / 100 % 7 OR (c.id % 4 = 0 AND n.n = c.id * 104729 / 100 % 7) WHERE c.id >= 1000""",
    """INSERT INTO case_challenges SELECT c.id, n.id FROM cases c JOIN (
         SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM challenges) n
         ON n.n = c.id * 6151 / 100 % 11 WHERE c.id >= 1000""",
    """INSERT INTO fundings (case_id, funder_id, requested_cents, opinion_asked_at, opinion, opinion_at)
       SELECT c.id, f.id, 100000, CASE WHEN c.stage <> 'draft' THEN c.entered_at END,
              CASE WHEN c.stage NOT IN ('draft', 'submitted', 'incomplete') OR f.n = c.id % 4 THEN 'favourable' END,
              c.entered_at
         FROM cases c JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM funders) f
         ON f.n <> c.id / 7 % 4 WHERE c.id >= 1000""",
    """INSERT INTO documents (case_id, code, label, received_at)
       SELECT c.id, d.code, d.code, CASE WHEN c.id % 3 > 0 THEN c.entered_at END
         FROM cases c CROSS JOIN (VALUES ('statuts'), ('rib')) d(code) WHERE c.id >= 1000""",
    """INSERT INTO journal (case_id, seq, at, actor, role, action, source, target, hash)
       SELECT c.id, 1, c.entered_at, 'importer', 'importer', 'submit', 'draft', 'submitted', ''
         FROM cases c WHERE c.id >= 1000""",
)


def cases_to_list(server: EmbeddedServer, name: str, count: int) -> Ground:
    """The database `name` with `count` cases of eight years and twenty instructors; made once a run."""
    if databases.exists(server.url(), name):
        return on(server, name)
    ground = lay(server, name)
    words = ", ".join(f"'{word}'" for word in WORDS)
    with ground.admin() as connection:
        connection.execute("SET jit = off; SELECT setseed(0.5)")
        connection.execute(FRAME.format(words=words).replace("%%", "%"))
        for table in ("calls", "waves", "organisations", "people"):
            _number(connection, table)
        connection.execute(CASES.format(words=words, rare=RARE), {"count": count})
        for statement in CHILDREN:
            connection.execute(statement)
    settle(ground)
    return ground


def _number(connection: psycopg.Connection, table: str) -> None:
    """The rows of a table with their place from nought, by which a case chooses one; waves within their call."""
    among = "PARTITION BY call_id" if table == "waves" else ""
    chosen = "WHERE role = 'instructor'" if table == "people" else ""
    connection.execute(
        f"CREATE TEMPORARY TABLE frame_{table} AS SELECT *, row_number() OVER ({among} ORDER BY id) - 1 AS n"
        f" FROM {table} {chosen}"
    )
