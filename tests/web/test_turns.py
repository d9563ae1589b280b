"""Turns of requests: few at once, in their order, and nobody kept waiting by a long one."""

import asyncio

from starlette.types import Receive, Scope, Send

from parvis.web.turns import Turns


class Work:
    """An application whose requests last until they are told to end."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.may_end, self.second = asyncio.Event(), asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Work; a request that fails says so."""
        self.begun.append(scope["path"])
        if len(self.begun) == 2:
            self.second.set()
        await self.may_end.wait()
        if scope["path"] == "/fails":
            raise RuntimeError


def ask(turns: Turns, *paths: str) -> list["asyncio.Task[None]"]:
    async def receive() -> dict[str, str]:
        return {"type": "http.request"}

    async def send(_: object) -> None:
        return None

    return [asyncio.ensure_future(turns({"type": "http", "path": path}, receive, send)) for path in paths]


def test_two_are_at_work_and_the_others_follow_in_their_order_even_after_one_that_fails():
    async def story() -> tuple[list[str], list[str]]:
        work = Work()
        turns = Turns(work, at_once=2, patience=60)
        asked = ask(turns, "/a", "/fails", "/c", "/d")
        await asyncio.sleep(0.01)
        first = list(work.begun)
        work.may_end.set()
        await asyncio.gather(*asked, return_exceptions=True)
        return first, work.begun

    assert asyncio.run(story()) == (["/a", "/fails"], ["/a", "/fails", "/c", "/d"])


def test_nobody_waits_for_ever_behind_long_ones():
    async def story() -> list[str]:
        work = Work()
        turns = Turns(work, at_once=1, patience=0.02)
        asked = ask(turns, "/export", "/page")
        await asyncio.wait_for(work.second.wait(), 10)
        begun = list(work.begun)
        work.may_end.set()
        await asyncio.gather(*asked)
        return begun

    assert asyncio.run(story()) == ["/export", "/page"]
