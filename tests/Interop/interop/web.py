"""HTTPS to the server, which no name service knows, with its own certificate trusted."""

import socket
import ssl

import aiohttp
from aiohttp.abc import AbstractResolver

from .servers import ADDRESS, Server


class _ToTheServer(AbstractResolver):
    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[dict]:
        where = {"hostname": host, "host": ADDRESS, "port": port}
        return [where | {"family": socket.AF_INET, "proto": 0, "flags": socket.AI_NUMERICHOST}]

    async def close(self) -> None:
        pass


def open_web(server: Server, connections: int = 10) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            resolver=_ToTheServer(),
            ssl=ssl.create_default_context(cafile=str(server.certificate)),
            limit=connections,
        ),
        timeout=aiohttp.ClientTimeout(total=90),
    )
