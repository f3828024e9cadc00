"""Gajim, a desktop app of people's own, on a screen that nobody sees, driven over its D-Bus door and heard through its log."""

import asyncio
import json
import os
import sqlite3
from pathlib import Path

from . import processes
from .checks import PATIENCE, Wrong
from .servers import ADDRESS, DOMAIN, Account, Server

ACCOUNT = "home"
# Gajim will not run as root, and its bus wants to be of one user with it: what root is here has another number there.
AS_SOMEBODY = ("unshare", "--user", "--map-user=1000", "--map-group=1000") if os.geteuid() == 0 else ()
START_SECONDS = 40  # a toolkit, its icons and its fonts, on a machine that has just installed them
DOOR = ("--dest", "org.gajim.Gajim", "--object-path", "/org/gajim/dbus/RemoteObject")


class Gajim:
    """One instance with a home, a display and a message bus of its own."""

    def __init__(self, server: Server, home: Path, account: Account):
        self.server = server
        self.account = account
        self._home = home
        self._processes: list[asyncio.subprocess.Process] = []
        self._environment = os.environ | {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "NO_AT_BRIDGE": "1"}
        self._heard: list[str] = []
        self._hearing: asyncio.Task | None = None
        self._news = asyncio.Event()

    async def start(self) -> None:
        """As at every start after the first: the account is set up, and Gajim signs in by itself."""
        self._settle_in()
        await self._display()
        await self._bus()
        gajim = await self._run(
            *("gajim", "--verbose", "--config-path", str(self._home / "gajim")),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._hearing = asyncio.create_task(self._hear(gajim.stdout))

    async def say_in(self, room: str, text: str) -> None:
        await self._door()
        method = "org.gajim.dbus.RemoteInterface.send_groupchat_message"
        await self._call(method, room, text, ACCOUNT)

    async def hears(self, what: str, *texts: str) -> None:
        """Waits until Gajim's log has these texts, one after the other."""
        try:
            async with asyncio.timeout(PATIENCE * 2):
                place = 0
                for text in texts:
                    place = await self._find(text, place) + 1
        except TimeoutError:
            raise Wrong(f"Gajim does not hear {what}; last lines: {self._heard[-6:]}") from None

    async def _find(self, text: str, place: int) -> int:
        while True:
            for number in range(place, len(self._heard)):
                if text in self._heard[number]:
                    return number
            place = len(self._heard)
            self._news.clear()
            await self._news.wait()

    async def _door(self) -> None:
        """Gajim opens it some seconds after its start, and has no event for it."""
        async with asyncio.timeout(START_SECONDS):
            while True:
                try:
                    return await self._call("org.gajim.dbus.RemoteInterface.list_accounts")
                except RuntimeError:
                    await asyncio.sleep(0.2)

    async def _call(self, method: str, *words: str) -> None:
        command = (*AS_SOMEBODY, "gdbus", "call", "--session", *DOOR, "--method", method)
        await processes.run(*command, *words, env=self._environment)

    async def close(self) -> None:
        for process in reversed(self._processes):
            await processes.end(process, patience=5)
        if self._hearing:
            await self._hearing

    def _settle_in(self) -> None:
        folder = self._home / "gajim"
        (folder / "cert_store").mkdir(parents=True)
        (folder / "cert_store" / "server").write_text(self.server.certificate.read_text())
        general = {"remote_control": True, "use_keyring": False, "show_status_change_in_groupchat": True}
        account = {
            "name": self.account.name,
            "hostname": DOMAIN,
            "resource": "gajim",
            "savepass": True,
            "password": self.account.password,
            "account_label": "home",
            "use_custom_host": True,
            "custom_host": ADDRESS,
            "custom_port": self.server.client,
            "custom_type": "START TLS",
            "active": True,
        }
        with sqlite3.connect(folder / "settings.sqlite") as settings:
            settings.executescript(
                """
                CREATE TABLE settings (name TEXT UNIQUE, settings TEXT);
                CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT);
                INSERT INTO settings VALUES ('soundevents', '{}'), ('status_presets', '{}'), ('proxies', '{}'), ('plugins', '{}');
                INSERT INTO settings VALUES ('workspaces', '{"w": {"name": "Home", "color": "", "chats": []}}');
                PRAGMA user_version = 5;
                """
            )
            settings.execute("INSERT INTO settings VALUES ('app', ?)", (json.dumps(general),))
            settings.execute("INSERT INTO account_settings VALUES (?, ?)", (ACCOUNT, json.dumps({"account": account, "contact": {}, "group_chat": {}})))
        settings.close()

    async def _display(self) -> None:
        """Xvfb chooses a free display and says which."""
        read, write = os.pipe()
        words = ("Xvfb", "-displayfd", str(write), "-screen", "0", "1100x760x24", "-nolisten", "tcp")
        await self._run(*words, pass_fds=(write,), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            number = await asyncio.wait_for(asyncio.to_thread(pipe.readline), PATIENCE)
        self._environment |= {"DISPLAY": f":{number.strip()}", "GDK_BACKEND": "x11"}

    async def _bus(self) -> None:
        bus = await self._run(
            *("dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        address = await asyncio.wait_for(bus.stdout.readline(), PATIENCE)
        self._environment["DBUS_SESSION_BUS_ADDRESS"] = address.decode().strip()

    async def _run(self, *words: str, **options) -> asyncio.subprocess.Process:
        process = await processes.start(*AS_SOMEBODY, *words, env=self._environment, **options)
        self._processes.append(process)
        return process

    async def _hear(self, lines: asyncio.StreamReader) -> None:
        async for line in lines:
            self._heard.append(line.decode(errors="replace").rstrip())
            self._news.set()
