"""Ends a process when the one that started it is gone, even killed: nothing of `parvis up` outlives it."""

import os
import signal
import sys
import threading


def end_with_parent() -> None:
    """End, with all the processes we started, when standard input does.

    Its other side is held by the parent, which never writes and asks us to stop before letting go of it: when it
    ends, the parent was killed. There is then nobody left to be orderly for, and the next start settles the rest.
    """
    threading.Thread(target=_wait_for_the_end, name="parent", daemon=True).start()


def _wait_for_the_end() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGTERM)
