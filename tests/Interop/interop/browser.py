"""A browser that is closed, and its push service: npm's http_ece in a node process."""

import asyncio
import json
import os
import xml.etree.ElementTree as ET
from pathlib import Path

from . import processes
from .checks import Inbox
from .servers import Server

SCRIPT = Path(__file__).with_name("browser.mjs")


class Browser:
    """What was pushed to it is in `pushes`, decrypted."""

    def __init__(self, server: Server):
        self.pushes = Inbox("browser")
        self.subscription: dict[str, str] = {}
        self._files = {"certificate": str(server.push_certificate), "key": str(server.push_key)}
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task | None = None

    async def open(self) -> None:
        self._process = await processes.start(
            *("node", str(SCRIPT)),
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {"INTEROP_PUSH": json.dumps(self._files)},
        )
        ready = json.loads(await self._process.stdout.readline())
        self.subscription = {
            "endpoint": f"https://localhost:{ready['port']}/push/abc",
            "p256dh": ready["p256dh"],
            "auth": ready["auth"],
        }
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for line in self._process.stdout:
            event = json.loads(line)
            self.pushes.add(ET.Element("push", {key: str(value) for key, value in event.items()}))

    async def close(self) -> None:
        await processes.end(self._process, patience=3)
        if self._reading:
            await self._reading
