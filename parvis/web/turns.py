"""Turns: few requests are at work in a process at once, so that each is answered soon after the one before it."""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

AT_ONCE = 2
PATIENCE = 0.25


class Turns:
    """Gives requests turns, first come, first served, `at_once` in a process.

    All at once they would take the interpreter from one another at each statement: eight case pages asked for
    together took up to 48 ms each, and take 33. After `patience` seconds a request goes on beside the others:
    theirs are long, an export or a file that comes in.
    """

    def __init__(self, app: ASGIApp, at_once: int = AT_ONCE, patience: float = PATIENCE) -> None:
        self.app = app
        self.patience = patience
        self._turns = asyncio.Semaphore(at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request in its turn."""
        if not await self._turn():
            await self.app(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        finally:
            self._turns.release()

    async def _turn(self) -> bool:
        try:
            async with asyncio.timeout(self.patience):
                return await self._turns.acquire()
        except TimeoutError:
            return False
