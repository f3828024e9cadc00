"""What a scenario is given: people, their devices, and the server they live on."""

import itertools
import secrets
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from .bosh import BoshClient
from .browser import Browser
from .device import Device
from .gajim import Gajim
from .profanity import Profanity
from .servers import Account, Server
from .terminal import TerminalServer
from .webapp import WebApp
from .webclient import WebClient

POPULATION = 260


class House:
    """Hands out people nobody has met before, and ends every device with its scenario."""

    def __init__(self, server: Server, work: Path):
        self.server = server
        self.work = work
        self._terminals = TerminalServer(work)
        self._people = [
            Account(f"person{number}", secrets.token_hex(8)) for number in range(POPULATION)
        ]
        self._next = itertools.count()
        self._newcomers = itertools.count()
        self.visit = AsyncExitStack()

    async def move_in(self) -> None:
        await self.server.add(self._people)

    async def move_out(self) -> None:
        await self._terminals.close()
        await self.server.stop()

    def people(self, count: int) -> list[Account]:
        return [self._people[next(self._next)] for _ in range(count)]

    def newcomer(self) -> Account:
        """Somebody who has no account yet."""
        return Account(f"newcomer{next(self._newcomers)}", secrets.token_hex(8))

    def device(self, account: Account, resource: str = "device", **options) -> Device:
        device = Device(self.server, account, resource, **options)
        self.visit.push_async_callback(device.close)
        return device

    def web(self, account: Account, resource: str, **options) -> WebClient:
        client = WebClient(self.server, account, resource, **options)
        self.visit.push_async_callback(client.close)
        return client

    def bosh(self, account: Account, resource: str = "bosh", **options) -> BoshClient:
        client = BoshClient(self.server, account, resource, **options)
        self.visit.push_async_callback(client.close)
        return client

    async def browser(self) -> Browser:
        """A browser with a push service of its own."""
        browser = Browser(self.server)
        self.visit.push_async_callback(browser.close)
        await browser.open()
        return browser

    async def profanity(self, account: Account) -> Profanity:
        """A running Profanity that has not connected yet."""
        home = Path(tempfile.mkdtemp(prefix="profanity-", dir=self.work))
        window = Profanity(self.server, self._terminals, home, account)
        self.visit.push_async_callback(window.close)
        await window.move_in()
        await window.start()
        return window

    async def gajim(self, account: Account) -> Gajim:
        """A running Gajim that signs in by itself."""
        home = Path(tempfile.mkdtemp(prefix="gajim-", dir=self.work))
        gajim = Gajim(self.server, home, account)
        self.visit.push_async_callback(gajim.close)
        await gajim.start()
        return gajim

    async def family(self, count: int) -> list[Account]:
        """Newcomers who are in the circle Family, and so know each other and all who came before."""
        newcomers = [self.newcomer() for _ in range(count)]
        for each in newcomers:
            await self.server.add_to_family(each)
        return newcomers

    async def webapp(self, account: Account, kind: str = "desktop") -> WebApp:
        """Our web client in Chromium, on a phone or a desktop, signed in."""
        app = WebApp(self.server, account, kind)
        self.visit.push_async_callback(app.close)
        return await app.sign_in()

    async def devices(self, count: int, **options) -> list[Device]:
        """As many people, each signed in with one device."""
        return [await self.device(one, **options).sign_in() for one in self.people(count)]
