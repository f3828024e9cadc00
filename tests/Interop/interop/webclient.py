"""@xmpp/client over WebSocket as a person's device: a second library, independent of slixmpp."""

import asyncio
import itertools
import json
import os
import xml.etree.ElementTree as ET
from pathlib import Path

from . import processes
from .checks import PATIENCE, Inbox, Wrong
from .servers import DOMAIN, Account, Server

SCRIPT = Path(__file__).with_name("websocket.mjs")


class WebClient:
    """A node process with one connection; its stanzas are in `inbox`, what else happens in `log`."""

    def __init__(self, server: Server, account: Account, resource: str, port: int | None = None):
        self.account = account
        self.inbox = Inbox(f"{account.name}/{resource} (web)")
        self.jid = ""
        self.log = Inbox(f"{account.name}/{resource} (web), events")
        self._login = {
            "service": f"wss://{DOMAIN}:{port or server.https}/xmpp-websocket",
            "domain": DOMAIN,
            "username": account.name,
            "password": account.password,
            "resource": resource,
        }
        self._certificate = server.certificate
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task | None = None
        self._answers: dict[int, asyncio.Future] = {}
        self._numbers = itertools.count()

    async def run(self) -> None:
        """Starts the process, without connecting."""
        self._process = await processes.start(
            *("node", "--experimental-websocket", "--no-warnings", str(SCRIPT)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=os.environ
            | {
                "INTEROP_LOGIN": json.dumps(self._login),
                "NODE_EXTRA_CA_CERTS": str(self._certificate),
            },
            limit=2**22,
        )
        self._reading = asyncio.create_task(self._read())

    async def connect(self) -> str:
        """Signs in (again) and gives back the bound address."""
        self.jid = (await self._do("start"))["jid"]
        return self.jid

    async def leave(self) -> None:
        await self._do("stop")

    async def send(self, stanza: str) -> None:
        await self._do("send", xml=stanza)

    async def say(self, to: str, text: str) -> None:
        await self.send(f'<message type="chat" to="{to}"><body>{text}</body></message>')

    async def ask(self, kind: str, payload: str, to: str = "") -> ET.Element:
        receiver = f' to="{to}"' if to else ""
        answer = await self._do("ask", xml=f'<iq type="{kind}"{receiver}>{payload}</iq>')
        return ET.fromstring(answer["xml"])

    async def sign_in(self, *, carbons: bool = False) -> "WebClient":
        await self.run()
        await self.connect()
        if carbons:
            await self.ask("set", '<enable xmlns="urn:xmpp:carbons:2"/>')
        await self.send("<presence/>")
        await self.fence()
        return self

    async def fence(self) -> None:
        await self.ask("get", '<ping xmlns="urn:xmpp:ping"/>', to=DOMAIN)

    def events(self, kind: str) -> list[ET.Element]:
        return self.log.all(lambda event: event.tag == kind)

    async def close(self) -> None:
        await processes.end(self._process, patience=3)
        if self._reading:
            await self._reading

    async def _do(self, action: str, **details) -> dict:
        number = next(self._numbers)
        self._answers[number] = answer = asyncio.get_running_loop().create_future()
        command = {"id": number, "do": action, **details}
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        try:
            result = await asyncio.wait_for(answer, PATIENCE)
        except asyncio.TimeoutError:
            raise Wrong(f"@xmpp/client: {action} did not end in {PATIENCE} s") from None
        if "error" in result:
            raise Wrong(f"@xmpp/client: {action} failed: {result['error']}")
        return result

    async def _read(self) -> None:
        async for line in self._process.stdout:
            event = json.loads(line)
            kind = event.pop("event")
            if kind == "done":
                answer = self._answers.pop(event["id"])
                if not answer.done():  # nobody waits any more where it came too late
                    answer.set_result(event)
            elif kind == "element":
                self.inbox.add(ET.fromstring(event["xml"]))
            else:
                self.log.add(ET.Element(kind, {key: str(value) for key, value in event.items()}))
