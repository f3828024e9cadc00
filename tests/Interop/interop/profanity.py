"""Profanity, an app of people's own, driven through its screen."""

import asyncio
from pathlib import Path

from . import processes
from .checks import PATIENCE, check
from .servers import ADDRESS, Account, Server
from .terminal import Terminal, TerminalServer

SETTINGS = """
[ui]
splash=false
vercheck=false
wrap=true
mouse=false
flash=false
beep=false
roster=false
statuses.console=all
statuses.chat=all
intype=false

[notifications]
message=false
room=off
sub=false
invite=false
typing=false

[connection]
autoping=0
reconnect=1
tls.certpath={certificates}
"""

PONG = "Ping response from server"


class Profanity:
    """One instance with a home of its own; what it shows can be waited for."""

    def __init__(self, server: Server, terminals: TerminalServer, folder: Path, account: Account):
        self.server = server
        self.account = account
        self._terminals = terminals
        self.folder = folder
        self.terminal: Terminal | None = None

    async def move_in(self) -> None:
        certificates = self.folder / "certificates"
        (self.folder / "config" / "profanity").mkdir(parents=True)
        certificates.mkdir()
        (certificates / "server.pem").write_text(self.server.certificate.read_text())
        await processes.run("openssl", "rehash", str(certificates))
        settings = SETTINGS.format(certificates=certificates)
        (self.folder / "config" / "profanity" / "profrc").write_text(settings)

    async def start(self) -> None:
        self.terminal = await self._terminals.open(
            f"Profanity of {self.account.name}",
            *("profanity", "-l", "DEBUG"),
            HOME=str(self.folder),
            XDG_CONFIG_HOME=str(self.folder / "config"),
            XDG_DATA_HOME=str(self.folder / "data"),
        )
        await self.terminal.shows("its first screen", "Profanity")

    async def connect(self, tls: str = "force", port: int | None = None) -> None:
        """`/connect` with STARTTLS (`force`) or direct TLS (`legacy`), certificate verified."""
        await self.enter(tls, port)
        await self.shows("the sign-in", f"{self.account.jid}/profanity logged in successfully")
        await self.type("/disco info")  # Profanity uses only what it has heard of
        await self.shows("the features of the server", "urn:xmpp:ping")
        await self.type("/clear")

    async def enter(self, tls: str = "force", port: int | None = None) -> None:
        port = port or (self.server.client_tls if tls == "legacy" else self.server.client)
        address = f"{self.account.jid}/profanity"
        await self.type(f"/connect {address} server {ADDRESS} port {port} tls {tls}")
        await self.shows("the question for the password", "Enter password:")
        await self.type(self.account.password)

    async def lock(self) -> None:
        """Makes its OMEMO device, and publishes it."""
        await self.type("/omemo trustmode blind")
        await self.type("/omemo gen")
        await self.shows("its own keys", "materials generated")
        await self.shows("that its device is published", f"Blind trust for {self.account.jid} device")

    async def lock_chat(self, address: str) -> None:
        """Opens a chat where it has a session with every device that the other has published."""
        await self.type(f"/omemo start {address}")
        await self.type("/win 1")
        await self.fence()  # the list has come,
        await self.fence()  # and what the devices on it published
        await self.type(f"/win {address}")
        await self.shows("the padlock", "[OMEMO]")

    async def forget(self, file: str) -> None:
        """Ends it, throws a file of its OMEMO away (`*`: all of them), and signs in again."""
        await self.close()
        kept = list((self.folder / "data" / "profanity" / "omemo").glob(f"*/{file}"))
        check(kept, f"Profanity keeps no {file}")
        for each in kept:
            each.unlink()
        await self.start()
        await self.connect()

    async def fence(self) -> None:
        """Back when all that the server had for this instance is here; in the console alone."""
        seen = (await self.terminal.screen()).count(PONG)
        await self.type("/ping")
        await self.shows("the answer to ping", PONG, seen + 1)

    async def type(self, line: str) -> None:
        await self.terminal.type(line)

    async def shows(self, what: str, text: str, count: int = 1) -> str:
        return await self.terminal.shows(what, text, count)

    async def saved(self, file: Path, size: int) -> bytes:
        """What it writes to a file, once there is so much: it says that it is done before it decrypts."""
        reading = await processes.start("tail", "-c", "+1", "-f", str(file), stdout=asyncio.subprocess.PIPE)
        try:
            return await asyncio.wait_for(reading.stdout.readexactly(size), PATIENCE)
        finally:
            await processes.end(reading)

    async def close(self) -> None:
        if self.terminal:
            await self.terminal.close()
