"""Profanity, an app of people's own, driven through its screen."""

from pathlib import Path

from . import processes
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

    def __init__(self, server: Server, terminals: TerminalServer, home: Path, account: Account):
        self.server = server
        self.account = account
        self._terminals = terminals
        self._home = home
        self.terminal: Terminal | None = None

    async def start(self) -> None:
        certificates = self._home / "certificates"
        (self._home / "config" / "profanity").mkdir(parents=True)
        certificates.mkdir()
        (certificates / "server.pem").write_text(self.server.certificate.read_text())
        await processes.run("openssl", "rehash", str(certificates))
        settings = SETTINGS.format(certificates=certificates)
        (self._home / "config" / "profanity" / "profrc").write_text(settings)
        self.terminal = await self._terminals.open(
            f"Profanity of {self.account.name}",
            *("profanity", "-l", "DEBUG"),
            HOME=str(self._home),
            XDG_CONFIG_HOME=str(self._home / "config"),
            XDG_DATA_HOME=str(self._home / "data"),
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

    async def fence(self) -> None:
        """Back when all that the server had for this instance is here; in the console alone."""
        seen = (await self.terminal.screen()).count(PONG)
        await self.type("/ping")
        await self.shows("the answer to ping", PONG, seen + 1)

    async def type(self, line: str) -> None:
        await self.terminal.type(line)

    async def shows(self, what: str, text: str, count: int = 1) -> str:
        return await self.terminal.shows(what, text, count)

    async def close(self) -> None:
        if self.terminal:
            await self.terminal.close()
