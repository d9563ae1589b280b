"""Several lanes that share one pile of work, in one event loop."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


async def run_lanes(lane: Callable[[], Coroutine[Any, Any, None]], count: int) -> None:
    """Run `lane` so many times at once. An error ends them all, and is told as it would be of one lane alone.

    A group of errors is none of those that callers know: a database away would look like a fault of ours.
    """
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(count):
                group.create_task(lane())
    except ExceptionGroup as several:
        raise several.exceptions[0] from None
