"""A worker on a host of its own, in a layout of several: it takes runs until asked to stop, then lets them end.

Prefect's own `worker start` ends its runs at once when it is told to stop: letters being sent would wait ten minutes
for another host, and a job that runs alone would keep its place for five.
"""

import asyncio
import signal
import socket
from typing import TYPE_CHECKING

from prefect.workers.process import ProcessWorker

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun

POOL = "parvis"
AT_ONCE = 10
"""Runs at a time on this host: each is a process of its own."""
PATIENCE_SECONDS = 100.0
"""How long the runs that have begun may take to end; TimeoutStopSec of the unit is longer."""
_LOOK_SECONDS = 0.2


class Worker(ProcessWorker):
    """Takes no new run once `stopping`."""

    stopping = False

    @classmethod
    def __dispatch_key__(cls) -> str:
        """Not in the place of Prefect's own among the kinds of workers."""
        return "parvis"

    async def get_and_submit_flow_runs(self) -> "list[FlowRun]":
        """Take what is due, unless asked to stop."""
        return [] if self.stopping else await super().get_and_submit_flow_runs()

    async def let_end(self, seconds: float) -> bool:
        """Take nothing more, and wait for what runs here; False if some of it still does after so many seconds."""
        self.stopping = True
        limit = asyncio.get_running_loop().time() + seconds
        while self.limiter.borrowed_tokens > 0:
            if asyncio.get_running_loop().time() > limit:
                return False
            await asyncio.sleep(_LOOK_SECONDS)
        return True


async def work(patience: float = PATIENCE_SECONDS) -> None:
    """Take runs until SIGTERM or SIGINT, then let those that have begun end."""
    worker = Worker(POOL, name=socket.gethostname(), limit=AT_ONCE)
    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    working = asyncio.create_task(worker.start())
    told = asyncio.create_task(asked.wait())
    await asyncio.wait({working, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if working.done():
        working.result()
        return
    await worker.let_end(patience)
    working.cancel()
    await asyncio.wait({working})


def main() -> None:
    """Work until asked to stop."""
    asyncio.run(work())


if __name__ == "__main__":
    main()
