"""Whatever the bytes, a file ends in deposits or in a refusal that can be read."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.services.imports.problems import DepositFileError
from parvis.services.imports.reading import read_deposits
from parvis.services.imports.template import template_csv, template_xlsx
from tests.services.imports.samples import CONTEXT, DATA

SEEDS = [
    template_csv(CONTEXT),
    template_xlsx(CONTEXT),
    (DATA / "portal" / "dossier.json").read_bytes(),
    *(path.read_bytes() for path in sorted((DATA / "bad_files").iterdir())),
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A real file with some bytes replaced, removed or added."""
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        content[at : at + draw(st.integers(0, 12))] = draw(st.binary(max_size=12))
    return bytes(content)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(content=st.one_of(st.binary(max_size=300), damaged()))
def test_a_file_is_read_or_refused_and_never_fails_otherwise(content: bytes):
    try:
        deposits = read_deposits("x", content, CONTEXT)
    except DepositFileError as error:
        said = [text for p in error.problems for text in (p.sentence.fr, p.sentence.en)]
    else:
        said = [deposit.content_hash for deposit in deposits]
    assert all(text.encode() for text in said)
    assert said


@pytest.mark.parametrize("cut", [1, 100, 1_000, 3_000])
def test_a_workbook_cut_short_is_damaged(cut: int):
    with pytest.raises(DepositFileError) as refused:
        read_deposits("x", template_xlsx(CONTEXT)[:-cut], CONTEXT)

    assert refused.value.code == "file_corrupt"
