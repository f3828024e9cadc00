"""A stretch of network between a client and the server that a scenario can tear apart."""

import asyncio

from .servers import ADDRESS


class Relay:
    """Passes bytes on to a port of the server until its lines are cut."""

    def __init__(self, target: int):
        self.target = target
        self._server: asyncio.Server | None = None
        self._ends: list[asyncio.StreamWriter] = []
        self._going = asyncio.Event()
        self._going.set()

    async def open(self) -> int:
        """The port where clients connect."""
        self._server = await asyncio.start_server(self._serve, ADDRESS, 0)
        return self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(ADDRESS, self.target)
        self._ends += [writer, far_writer]
        await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                await self._going.wait()
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass  # one end is gone, and so is the other in a moment
        writer.close()

    def hold(self) -> None:
        """What is sent from now on stays on the way, until the next cut."""
        self._going.clear()

    def cut(self) -> None:
        """Both ends lose the line without a goodbye, and what was on the way; new lines can be opened."""
        ends, self._ends = self._ends, []
        for end in ends:
            end.transport.abort()
        self._going.set()

    async def close(self) -> None:
        self._server.close()
        self.cut()
