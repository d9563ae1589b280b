"""Connections shared out over the web processes in turn: one accepts them all, each answers those it is handed.

Processes that wait on one socket do not share it evenly: the one that went idle last is woken first, and eight browsers
find themselves seven to one.
"""

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle, islice

import uvicorn

ONE = b"."


@dataclass
class Sharing:
    """A listening socket, and the channels to those who answer; a connection goes to the next one in turn."""

    listening: socket.socket
    channels: Sequence[socket.socket]
    _turns: Iterator[socket.socket] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.listening.settimeout(0)
        for channel in self.channels:
            channel.settimeout(0)
        self._turns = cycle(self.channels)

    def hand_out(self) -> None:
        """Hand over the connection that waits, if there is still one; dropped when nobody has room for it."""
        with suppress(OSError):  # whoever connected is gone, or no file can be opened now
            connection, _ = self.listening.accept()
            with connection:
                self._give(connection)

    def _give(self, connection: socket.socket) -> None:
        for channel in islice(self._turns, len(self.channels)):
            with suppress(BlockingIOError):
                socket.send_fds(channel, [ONE], [connection.fileno()])
                return


class Handed(uvicorn.Server):
    """uvicorn, answering the connections that come by a channel instead of those of a socket of its own."""

    def __init__(self, config: uvicorn.Config, channel: socket.socket) -> None:
        super().__init__(config)
        self.channel = channel

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take what the channel brings."""
        await super().startup(sockets=sockets or [])
        self.channel.settimeout(0)
        asyncio.get_running_loop().add_reader(self.channel, self._take)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take nothing more, and finish what is under way."""
        asyncio.get_running_loop().remove_reader(self.channel)
        await super().shutdown(sockets=sockets)

    def _take(self) -> None:
        loop = asyncio.get_running_loop()
        with suppress(BlockingIOError):
            word, files, _, _ = socket.recv_fds(self.channel, len(ONE), 1)
            if not word:  # whoever accepts is gone, and this process is being ended
                loop.remove_reader(self.channel)
            for file in files:
                task = loop.create_task(self._answer(socket.socket(fileno=file)))
                self.server_state.tasks.add(task)
                task.add_done_callback(self.server_state.tasks.discard)

    async def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError):  # closed again before it was answered
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg]  # as uvicorn's own startup makes it
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
