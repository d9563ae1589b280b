"""What a migration may not do while the version before still answers: each rule, why, and how to do it instead.

A migration made for a stop says so itself, a line per rule: `# offline: rule, why`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parvis.models.parts import TABLES

BUSY = ("cases", "journal", "letters", "timers", "visits", "files", "organisations", "fundings", "documents")
"""Tables that pages and jobs write to all day, and that grow without end."""
SETTLED = "0039"
"""The last revision before the rules: every installation so far makes them at once, on empty tables."""

_OFFLINE = re.compile(r"^# offline: (?P<rule>[a-z-]+), (?P<why>.{10,})$", re.MULTILINE)
_UPGRADE = re.compile(r"(?s)^(?P<up>.*?)def downgrade\(")


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that stops whoever is at work, or breaks the version before; `instead` does not."""

    name: str
    forbidden: re.Pattern[str]
    instead: str
    in_a_stop: bool = True
    """Whether a migration made for a stop may do it."""


def _rule(name: str, forbidden: str, instead: str, *, in_a_stop: bool = True) -> Rule:
    return Rule(name, re.compile(forbidden, re.IGNORECASE | re.DOTALL), instead, in_a_stop)


_TABLE = rf"(?:ONLY )?({'|'.join(BUSY)})\b"
_CUT = rf"(?:ONLY )?({'|'.join(TABLES)})\b"
_IN_ONE = r"(?:(?!;|\"\"\").)*?"
RULES = (
    _rule("drop-column", r"\bDROP COLUMN\b",
          "leave it unused in this version, drop it in the next one: the version before still reads it"),
    _rule("drop-table", r"\bDROP TABLE\b", "drop it one version after the last that reads it"),
    _rule("rename", r"\bRENAME (?:COLUMN|TO)\b",
          "add the new one, fill it, read both, drop the old one a version later"),
    _rule("change-type", r"\bALTER COLUMN \w+ (?:SET DATA )?TYPE\b",
          "add a column of the new type beside it: this one is rewritten under a lock that stops everybody"),
    _rule("not-null", r"\bALTER COLUMN \w+ SET NOT NULL\b",
          "add a CHECK … NOT VALID, validate it, then SET NOT NULL a version later"),
    _rule("required-column", r"\bADD COLUMN (?:(?!DEFAULT|,|;|\").)*?\bNOT NULL(?!(?:(?!,|;|\").)*\bDEFAULT\b)",
          "give it a DEFAULT: the version before writes rows without it"),
    _rule("index", rf"\bCREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)\S+ ON {_TABLE}",
          "CREATE INDEX CONCURRENTLY in an autocommit block"),
    _rule("constraint", rf"\bALTER TABLE {_TABLE}(?:(?!;|\"\"\").)*?\bADD CONSTRAINT \w+"
          r" (?:CHECK|FOREIGN KEY)(?!(?:(?!;|\"\"\").)*\bNOT VALID\b)",
          "ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT in a transaction of its own"),
    _rule("whole-update", rf"\bUPDATE {_TABLE} SET\b(?:(?!\bWHERE\b|;|\"\"\").)*(?:;|\"\"\"|\"\s*\))",
          "write it in batches from a job, by primary key"),
    # An installation may have cut these tables (ADR 0034): what such tables refuse would stop its migration.
    _rule("parts-index", rf"\bCREATE (?:UNIQUE )?INDEX CONCURRENTLY \S+ ON {_CUT}",
          "CREATE INDEX in a stop: `# offline: index, why`", in_a_stop=False),
    _rule("parts-unique", rf"\bCREATE UNIQUE INDEX \S+ ON {_CUT}(?!{_IN_ONE}\bcase_id\b)"
          rf"|\bALTER TABLE {_CUT}{_IN_ONE}\b(?:UNIQUE|PRIMARY KEY)\b(?!{_IN_ONE}\bcase_id\b)",
          "hold the case in the key, or keep it in a table beside as `journal_keys`", in_a_stop=False),
    _rule("parts-drop", rf"\bALTER TABLE {_CUT}{_IN_ONE}\bDROP CONSTRAINT \"?(?:pk|uq)_",
          "a cut table has it on each part: read `models/parts.py`", in_a_stop=False),
    _rule("parts-target", rf"\bREFERENCES {_CUT}", "triggers, as those of `suppressions`", in_a_stop=False),
    _rule("parts-source", rf"\bALTER TABLE {_CUT}{_IN_ONE}\bFOREIGN KEY\b{_IN_ONE}\bNOT VALID\b",
          "without NOT VALID, in a stop: `# offline: constraint, why`", in_a_stop=False),
)  # fmt: skip


def broken(text: str) -> Iterator[Rule]:
    """The rules that the upgrade of a migration breaks, without saying that it is made for a stop."""
    found = _UPGRADE.match(text)
    upward = found["up"] if found else text
    joined = re.sub(r"\"\s*\n\s*f?\"", "", upward)  # one statement written as several strings
    offline = {said["rule"] for said in _OFFLINE.finditer(text)}
    return (
        rule for rule in RULES
        if not (rule.in_a_stop and rule.name in offline) and rule.forbidden.search(joined)
    )  # fmt: skip
