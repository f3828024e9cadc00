"""A terminal that programs draw on and scenarios read and type into: tmux in control mode."""

import asyncio
import itertools
import os
from collections import deque
from pathlib import Path

from . import processes
from .checks import PATIENCE, Wrong

WIDTH, HEIGHT = 160, 50


class TerminalServer:
    """One tmux of our own, in the foreground, so that it ends with the run."""

    def __init__(self, folder: Path):
        self.socket = folder / "tmux.sock"
        self._process: asyncio.subprocess.Process | None = None
        self._numbers = itertools.count()

    async def start(self) -> None:
        if self._process and self._process.returncode is None:
            return
        self._process = await processes.start(
            *("tmux", "-S", str(self.socket), "-f", "/dev/null", "-D"),
            env=os.environ | {"LC_ALL": "C.UTF-8", "TERM": "xterm-256color"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(PATIENCE):
            while not self.socket.exists():
                await asyncio.sleep(0.01)  # the socket has no event to wait for

    async def open(self, name: str, *command: str, **environment: str) -> "Terminal":
        await self.start()
        terminal = Terminal(name)
        await terminal.open(self.socket, f"pane{next(self._numbers)}", command, environment)
        return terminal

    async def close(self) -> None:
        await processes.end(self._process, patience=3)


class Terminal:
    """One program on a screen; tmux tells when something was drawn, so nothing polls."""

    def __init__(self, name: str):
        self.name = name
        self.pid = 0
        self._session = ""
        self._client: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task | None = None
        self._answers: deque[asyncio.Future] = deque()
        self._drawn = asyncio.Event()

    async def open(self, socket: Path, session: str, command, environment: dict) -> None:
        self._session = session
        settings = [word for key in environment for word in ("-e", f"{key}={environment[key]}")]
        size = ("-x", str(WIDTH), "-y", str(HEIGHT))
        self._answers.append(opened := asyncio.get_running_loop().create_future())
        self._client = await processes.start(
            *("tmux", "-S", str(socket), "-C", "new-session", "-s", session, *size, *settings),
            *command,
            env=os.environ | {"LC_ALL": "C.UTF-8", "TERM": "xterm-256color"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._reading = asyncio.create_task(self._read())
        await asyncio.wait_for(opened, PATIENCE)
        await self._do(f"refresh-client -C {WIDTH}x{HEIGHT}")
        [pid] = await self._do(f"display-message -p -t {session} '#{{pane_pid}}'")
        self.pid = int(pid)

    async def type(self, text: str) -> None:
        """Types a line and the Return key."""
        quoted = text.replace("'", "'\\''")
        await self._do(f"send-keys -t {self._session} -l '{quoted}'")
        await self._do(f"send-keys -t {self._session} Enter")

    async def screen(self) -> str:
        return "\n".join(await self._do(f"capture-pane -p -J -t {self._session}"))

    async def shows(self, what: str, text: str, count: int = 1) -> str:
        """Waits until the screen shows a text so many times; gives back the screen."""
        screen = ""
        try:
            async with asyncio.timeout(PATIENCE * 2):
                while True:
                    self._drawn.clear()
                    screen = await self.screen()
                    if screen.count(text) >= count:
                        return screen
                    await self._drawn.wait()
        except TimeoutError:
            lines = [line.rstrip() for line in screen.splitlines() if line.strip()]
            raise Wrong(f"{self.name} does not show {what}; last lines: {lines[-6:]}") from None

    async def close(self) -> None:
        """Ends the program and the view of it."""
        if self._client and self._client.returncode is None and self.pid:
            await self._do(f"kill-session -t {self._session}")
        await processes.end(self._client, patience=3)
        if self._reading:
            await self._reading

    async def _do(self, command: str) -> list[str]:
        self._answers.append(answer := asyncio.get_running_loop().create_future())
        self._client.stdin.write(command.encode() + b"\n")
        return await asyncio.wait_for(answer, PATIENCE)

    async def _read(self) -> None:
        lines: list[str] | None = None
        async for raw in self._client.stdout:
            line = raw.decode(errors="replace").rstrip("\n")
            if line.startswith("%begin "):
                lines = []
            elif line.startswith(("%end ", "%error ")) and lines is not None:
                self._settle(lines, failed=line.startswith("%error "))
                lines = None
            elif lines is not None:
                lines.append(line)
            elif line.startswith("%output "):
                self._drawn.set()
        while self._answers:
            self._settle([], failed=False)
        self._drawn.set()

    def _settle(self, lines: list[str], failed: bool) -> None:
        answer = self._answers.popleft()
        if answer.done():
            return
        if failed:
            answer.set_exception(RuntimeError(f"tmux: {' '.join(lines)}"))
        else:
            answer.set_result(lines)
