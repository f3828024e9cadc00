"""Our web client in Chromium as a person's device: what they do on its pages, in the words of the walks."""

import asyncio
import json
import os
from pathlib import Path

from . import processes
from .checks import Wrong
from .servers import Account, Server

SCRIPT = Path(__file__).with_name("webapp.mjs")
PATIENCE = 25  # the page itself waits for ten seconds at most, for each step of what is done


class WebApp:
    """A browser of its own. Methods of `walks/sealed.mjs` are called by `does`."""

    def __init__(self, server: Server, account: Account, kind: str = "desktop"):
        self.account = account
        self._told = {"site": server.site, "certificate": server.pin, "kind": kind}
        self._process: asyncio.subprocess.Process | None = None

    async def sign_in(self) -> "WebApp":
        self._process = await processes.start(
            *("node", str(SCRIPT)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {"INTEROP_WEBAPP": json.dumps(self._told)},
            limit=2**24,
        )
        await self.does("signIn", self.account.name, self.account.password)
        return self

    async def does(self, what: str, *details: str) -> str | list[str] | None:
        """What the person does, and what they see then."""
        self._process.stdin.write(json.dumps([what, *details]).encode() + b"\n")
        return await self._answer(what)

    async def sees(self, *texts: str) -> None:
        for text in texts:
            await self.does("sees", text)

    async def _answer(self, what: str) -> str | list[str] | None:
        try:
            line = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE)
        except asyncio.TimeoutError:
            raise Wrong(f"{self.account.name}'s browser does not come to an end with {what}") from None
        answer = json.loads(line or '{"fault": "the browser is gone"}')
        if "fault" in answer:
            raise Wrong(f"{self.account.name}'s browser: {answer['fault']}")
        return answer["value"]

    async def leave(self) -> None:
        """Closes the browser; wrong where it complained of anything, on the console or in its requests."""
        self._process.stdin.close()
        complaint = await self._answer("closing")
        if complaint:
            raise Wrong(f"{self.account.name}'s browser: {complaint}")
        await self.close()

    async def close(self) -> None:
        await processes.end(self._process, patience=5)
