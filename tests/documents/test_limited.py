"""Work on what strangers sent ends by itself: past its memory, past its time, whatever it says."""

import pytest

from parvis.documents.limited import LimitedError, run_limited


@pytest.mark.parametrize(
    ("module", "code"), [("parvis.documents.nowhere", "failed"), ("antigravity_of_none", "failed")]
)
def test_a_module_that_cannot_run_fails_and_says_why(module, code):
    with pytest.raises(LimitedError) as refused:
        run_limited(module, b"", memory_bytes=400_000_000, seconds=10)

    assert refused.value.code == code
    assert "No module named" in refused.value.complaint


def test_too_little_memory_stops_it():
    with pytest.raises(LimitedError):
        run_limited("parvis.documents.docx_worker", b'{"do": "check"}', memory_bytes=30_000_000, seconds=20)


def test_too_little_time_stops_it():
    with pytest.raises(LimitedError) as refused:
        run_limited(
            "parvis.documents.docx_worker", b'{"do": "check"}', memory_bytes=500_000_000, seconds=0.01
        )

    assert refused.value.code == "timeout"
