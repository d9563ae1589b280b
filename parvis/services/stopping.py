"""Being interrupted while something is on its way: what is begun ends, and only then does the interruption go on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from threading import Event
from typing import TypeVar

Done = TypeVar("Done")
_LOOK_SECONDS = 0.5


def let_end(work: Callable[[Callable[[], bool]], Done]) -> Done:
    """Do `work` beside this thread, which alone is interrupted, by Ctrl-C or by whoever cancels a run.

    What `work` is given then answers True: it takes up nothing new, and its end is waited for. A second interruption
    does not wait.
    """
    interrupted = Event()
    with ThreadPoolExecutor(1, thread_name_prefix="work") as beside:
        beside.submit(bool).result()  # the thread is there, and will be waited for, before anything is begun
        try:
            doing = beside.submit(copy_context().run, work, interrupted.is_set)
            while not wait([doing], _LOOK_SECONDS).done:
                pass  # a signal that another thread received is heard at a look
            return doing.result()
        except BaseException:
            interrupted.set()
            raise
