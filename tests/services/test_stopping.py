"""Work that is interrupted: what it has begun ends first."""

import os
import signal
import time
from collections.abc import Callable
from contextvars import ContextVar

import pytest

from parvis.services.stopping import let_end

FOR_WHOM: ContextVar[str] = ContextVar("for_whom")


def test_work_is_done_and_its_answer_and_its_failure_come_back():
    FOR_WHOM.set("Inès")

    assert let_end(lambda _: FOR_WHOM.get()) == "Inès"
    with pytest.raises(ZeroDivisionError):
        let_end(lambda _: 1 // 0)


def test_interrupted_it_ends_what_is_begun_and_takes_up_nothing_more():
    ended: list[str] = []

    def work(asked: Callable[[], bool]) -> None:
        for letter in "abc":
            if not asked():
                os.kill(os.getpid(), signal.SIGINT)
                while not asked():
                    time.sleep(0.01)
                ended.append(letter)

    with pytest.raises(KeyboardInterrupt):
        let_end(work)

    assert ended == ["a"]
