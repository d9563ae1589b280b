"""The examination of one journal: whether its chain holds, and if not what was done to which line. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from parvis.states import agreement_stages
from parvis.states.faults import GONE, Fault, FaultKind, line_fault
from parvis.states.journal import GENESIS, AnyLine, Event, Subject, link
from parvis.states.redaction import seal, vouched
from parvis.states.stages import STAGE_WORDS, Stage

BACKWARDS_ALLOWED = timedelta(days=1)
_REMOVED_AT_MOST = 100

Stored = tuple[AnyLine, bytes]


@dataclass(frozen=True, slots=True)
class Claim:
    """What the subject's own row says of its journal: number of lines, last hash, stage it leads to, if it has one."""

    reference: str
    version: int
    head: bytes
    stage: str | None


@dataclass(frozen=True, slots=True)
class Point:
    """A hash an anchor vouches for: line `seq` had it when the anchor of this number was made."""

    seq: int
    hash: bytes
    anchor: int


@dataclass(frozen=True, slots=True)
class Chain:
    """All there is about the journal of one subject, in order; `claim` is None when the subject is gone."""

    id: int
    claim: Claim | None
    points: Sequence[Point]
    lines: Sequence[Stored]
    subject: Subject = Subject.CASE

    @property
    def key(self) -> tuple[Subject, int]:
        """Whose journal it is."""
        return self.subject, self.id

    @property
    def reference(self) -> str:
        """The reference of the subject, empty when it is gone."""
        return self.claim.reference if self.claim else ""

    @property
    def last_hash(self) -> bytes:
        """The hash the chain ends with."""
        return self.lines[-1][1] if self.lines else GENESIS

    @property
    def redacted(self) -> int:
        """How many of its lines lost words that somebody typed, a later line vouching for what stays."""
        return len(vouched(self.lines))

    def fault(self, kind: FaultKind, seq: int, anchor: int | None = None, **values: object) -> Fault:
        """A fault of this journal at line `seq`."""
        return line_fault(kind, self.key, self.reference, seq, anchor, **values)


def examine(chain: Chain, *, backwards_allowed: timedelta = BACKWARDS_ALLOWED) -> Fault | None:
    """The first thing wrong with a journal; None when all of it holds.

    A line that lost words does not fit its hash any more: what stays of it fits the seal that a later line carries.
    A line may be dated before the one it follows by `backwards_allowed` at most: several machines write, and
    an honest clock is sometimes set right. Anchoring settles the dates of the lines it covers.
    """
    if chain.claim is None:
        return chain.fault(GONE[chain.subject], 1)
    return _along_the_chain(chain, chain.claim, backwards_allowed) or _at_the_end(chain, chain.claim)


def _along_the_chain(chain: Chain, claim: Claim, backwards_allowed: timedelta) -> Fault | None:
    anchored: defaultdict[int, list[Point]] = defaultdict(list)
    for point in chain.points:
        anchored[point.seq].append(point)
    settled = max(anchored, default=0)
    previous, before, sure = GENESIS, None, 0
    seals = vouched(chain.lines)
    for seq, (line, stored) in enumerate(chain.lines, 1):
        if line.seq != seq:
            return chain.fault(
                FaultKind.DELETED if line.seq > seq else FaultKind.INSERTED, min(line.seq, seq)
            )
        if link(previous, line) != stored and seals.get(seq) != seal(line, stored):
            return _broken(chain, claim, seq)
        for point in anchored.get(seq, ()):
            if point.hash != stored:
                return chain.fault(FaultKind.REWRITTEN, seq, point.anchor, first=sure + 1)
            sure = seq
        if before is not None and seq > settled and before - line.at > backwards_allowed:
            return chain.fault(FaultKind.BACKWARDS, seq, at=line.at, before=before)
        previous, before = stored, line.at
    return None


def _at_the_end(chain: Chain, claim: Claim) -> Fault | None:
    count, last = len(chain.lines), chain.last_hash
    beyond = next((point for point in chain.points if point.seq > count), None)
    if beyond is not None:
        return chain.fault(FaultKind.TRUNCATED, count + 1, beyond.anchor)
    if claim.version != count and count and claim.head == last:
        return chain.fault(FaultKind.VERSION, count, version=claim.version)
    if claim.version > count:
        return chain.fault(FaultKind.TRUNCATED, count + 1)
    if claim.version < count:
        return chain.fault(FaultKind.INSERTED, claim.version + 1)
    if claim.head != last:
        return chain.fault(FaultKind.HEAD, count)
    ends = chain.lines[-1][0] if count else None
    target = str(Stage.DRAFT) if ends is None or isinstance(ends, Event) else ends.target
    if claim.stage is not None and claim.stage != target:
        words = agreement_stages.STAGE_WORDS if chain.subject is Subject.AGREEMENT else STAGE_WORDS
        stage, said = words.get(claim.stage, claim.stage), words.get(target, target)
        return chain.fault(FaultKind.STAGE, count, stage=stage, target=said)
    return None


def _broken(chain: Chain, claim: Claim, seq: int) -> Fault:
    """What was done where the line `seq` no longer follows the one before.

    A line that fits its hash at another place was moved; one that fits nowhere was edited.
    """
    if earlier := _true_place_before(chain, seq):
        return chain.fault(FaultKind.INSERTED, earlier)
    if seq > claim.version:
        return chain.fault(FaultKind.INSERTED, seq)
    if _was_swapped(chain, seq):
        return chain.fault(FaultKind.SWAPPED, seq)
    if any(_fits(chain.lines[i], _hash_of(chain, seq - 1), seq) for i in range(seq, len(chain.lines))):
        return chain.fault(FaultKind.INSERTED, seq)
    if claim.version > len(chain.lines) or _was_pulled_up(chain, seq):
        return chain.fault(FaultKind.DELETED, seq)
    return chain.fault(FaultKind.EDITED, seq)


def _fits(stored: Stored, previous: bytes, seq: int) -> bool:
    """Whether this line has its hash as number `seq` after `previous`."""
    line, own = stored
    return link(previous, replace(line, seq=seq)) == own


def _hash_of(chain: Chain, seq: int) -> bytes:
    return chain.lines[seq - 1][1] if seq else GENESIS


def _true_place_before(chain: Chain, seq: int) -> int | None:
    """The earlier number at which the line `seq` fits: lines were slipped in there, pushing it down."""
    stored = chain.lines[seq - 1]
    return next((place for place in range(1, seq) if _fits(stored, _hash_of(chain, place - 1), place)), None)


def _was_swapped(chain: Chain, seq: int) -> bool:
    """Whether the line `seq` fits further on, or its hash fits what a later line now says."""
    stored, previous = chain.lines[seq - 1], _hash_of(chain, seq - 1)
    return any(
        _fits(stored, _hash_of(chain, place - 1), place)
        or _fits(stored, _hash_of(chain, place), place)
        or _fits((chain.lines[place - 1][0], stored[1]), previous, seq)
        for place in range(seq + 1, len(chain.lines) + 1)
    )


def _was_pulled_up(chain: Chain, seq: int) -> bool:
    """Whether the line after `seq` fits further on than where it stands: a line before it was taken out."""
    if seq >= len(chain.lines):
        return False
    after, previous = chain.lines[seq], _hash_of(chain, seq)
    return any(_fits(after, previous, seq + 1 + gap) for gap in range(1, _REMOVED_AT_MOST))
