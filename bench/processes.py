"""Processes that work when told to, kept between two measures."""

import multiprocessing as mp
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe
from typing import Any


@contextmanager
def processes(work: Callable[..., None], *each: tuple[Any, ...]) -> Iterator[list[Pipe]]:
    """A process for each tuple of arguments, which `work` takes after its end of a pipe; the other ends.

    A worker reads orders until None, which it is told at the end.
    """
    context = mp.get_context("spawn")
    pairs = [context.Pipe() for _ in each]
    running = [
        context.Process(target=work, args=(theirs, *arguments), daemon=True)
        for (_, theirs), arguments in zip(pairs, each, strict=True)
    ]
    for process in running:
        process.start()
    pipes = [ours for ours, _ in pairs]
    yield pipes
    for pipe in pipes:
        pipe.send(None)
    for process in running:
        process.join()
