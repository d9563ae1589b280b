"""The examination of one case's journal: any change to any line is seen, at that line or before the one after."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from parvis.states.examination import Chain, Claim, Point, Stored, examine
from parvis.states.faults import FaultKind
from parvis.states.journal import GENESIS, AnyLine, Line, link

START = datetime(2026, 6, 1, 9, tzinfo=UTC)


def chained(lines: Sequence[AnyLine]) -> list[Stored]:
    """Lines with the hashes that make them a chain."""
    stored: list[Stored] = []
    previous = GENESIS
    for line in lines:
        previous = link(previous, line)
        stored.append((line, previous))
    return stored


def journal(length: int) -> Chain:
    """A sound journal of `length` lines, never anchored."""
    lines = chained([
        Line(7, seq, START + timedelta(hours=seq), "person:1", "instructor", "assess", "submitted", "submitted",
             f'{{"score":{seq}}}')
        for seq in range(1, length + 1)
    ])  # fmt: skip
    return Chain(7, Claim("A-1", length, lines[-1][1], "submitted"), (), lines)


lengths = st.integers(2, 12)


@given(lengths)
def test_a_sound_journal_has_no_fault(length):
    assert examine(journal(length)) is None


@given(st.data(), lengths)
def test_a_field_changed_in_any_line_is_an_edit_of_that_line(data, length):
    case = journal(length)
    seq = data.draw(st.integers(1, length))
    field, value = data.draw(
        st.sampled_from([("at", START), ("actor", "person:2"), ("role", "manager"), ("action", "submit"),
                         ("source", "draft"), ("target", "funded"), ("details", "{}")])
    )  # fmt: skip
    line, own = case.lines[seq - 1]

    fault = examine(
        replace(
            case, lines=[*case.lines[: seq - 1], (replace(line, **{field: value}), own), *case.lines[seq:]]
        )
    )

    assert fault is not None
    assert (fault.kind, fault.seq) == (FaultKind.EDITED, seq)


@given(st.data(), lengths)
def test_any_line_deleted_is_missed_where_it_was(data, length):
    case = journal(length)
    seq = data.draw(st.integers(1, length))

    fault = examine(replace(case, lines=[*case.lines[: seq - 1], *case.lines[seq:]]))

    assert fault is not None
    assert (fault.kind, fault.seq) == (FaultKind.TRUNCATED if seq == length else FaultKind.DELETED, seq)


@given(st.data(), st.integers(3, 12))
def test_any_two_lines_swapped_are_named_by_the_first(data, length):
    case = journal(length)
    first, second = sorted(data.draw(st.lists(st.integers(1, length), min_size=2, max_size=2, unique=True)))
    lines = list(case.lines)
    (a, a_hash), (b, b_hash) = lines[first - 1], lines[second - 1]
    lines[first - 1], lines[second - 1] = (replace(b, seq=first), b_hash), (replace(a, seq=second), a_hash)

    fault = examine(replace(case, lines=lines))

    assert fault is not None
    assert (fault.kind, fault.seq) == (FaultKind.SWAPPED, first)


@given(st.data(), lengths, st.booleans())
def test_a_line_slipped_in_anywhere_is_named(data, length, follows):
    case = journal(length)
    seq = data.draw(st.integers(1, length + 1))
    previous = case.lines[seq - 2][1] if seq > 1 else GENESIS
    forged = Line(
        7, seq, START + timedelta(hours=seq), "person:9", "manager", "assess", "submitted", "submitted", "{}"
    )
    own = link(previous, forged) if follows else bytes(32)
    pushed = [(replace(line, seq=line.seq + 1), stored) for line, stored in case.lines[seq - 1 :]]

    fault = examine(replace(case, lines=[*case.lines[: seq - 1], (forged, own), *pushed]))

    assert fault is not None
    assert (fault.kind, fault.seq) == (FaultKind.INSERTED, seq)


@given(st.data(), lengths)
def test_a_journal_written_again_is_named_by_the_first_anchored_line_it_changed(data, length):
    case = journal(length)
    changed, anchored = data.draw(st.integers(1, length)), data.draw(st.integers(1, length))
    lines = chained([replace(line, actor="x") if line.seq == changed else line for line, _ in case.lines])
    claim = Claim("A-1", length, lines[-1][1], "submitted")
    point = Point(anchored, case.lines[anchored - 1][1], anchor=3)

    fault = examine(Chain(7, claim, [point], lines))

    if changed > anchored:
        assert fault is None
    else:
        assert fault is not None
        assert (fault.kind, fault.seq, fault.anchor) == (FaultKind.REWRITTEN, anchored, 3)


def test_the_same_journal_given_to_another_case_does_not_hold():
    case = journal(3)

    fault = examine(
        replace(
            case,
            id=8,
            lines=[(replace(line, case_id=8), own) for line, own in case.lines if isinstance(line, Line)],
        )
    )

    assert fault is not None
    assert (fault.kind, fault.seq) == (FaultKind.EDITED, 1)
