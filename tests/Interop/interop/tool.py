"""A command-line program on pipes: what it prints is waited for, and what connections it holds is known."""

import asyncio
from pathlib import Path

from . import processes
from .checks import PATIENCE, Wrong

ESTABLISHED = "01"


class Tool:
    """One program, said line by line what to do."""

    def __init__(self, name: str):
        self.name = name
        self.printed = ""
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, *command: str, **options) -> "Tool":
        self.process = await processes.start(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            **options,
        )
        return self

    def say(self, line: str) -> None:
        self.process.stdin.write(line.encode() + b"\n")

    async def prints(self, what: str, text: str, patience: float = PATIENCE) -> str:
        """Waits until it has printed the text; what came before the call counts too. Gives back all."""
        try:
            async with asyncio.timeout(patience):
                while text not in self.printed:
                    some = await self.process.stdout.read(65536)
                    if not some:
                        raise Wrong(f"{self.name} ended without {what}: {self.printed[-300:]}")
                    self.printed += some.decode(errors="replace")
        except TimeoutError:
            raise Wrong(f"{self.name} does not tell {what}: {self.printed[-300:]}") from None
        return self.printed

    async def close(self) -> None:
        await processes.end(self.process, patience=5)


def connections(pid: int, port: int) -> int:
    """How many connections to a port the program and its children hold at this moment."""
    own = {link for each in _family(pid) for link in _sockets(each)}
    count = 0
    for table in "tcp", "tcp6":
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            row = line.split()
            far = int(row[2].rsplit(":", 1)[1], 16)
            count += row[3] == ESTABLISHED and far == port and f"socket:[{row[9]}]" in own
    return count


def _family(pid: int) -> set[int]:
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            pass  # it ended meanwhile
    family, found = {pid}, True
    while found:
        found = {child for child, parent in parents.items() if parent in family} - family
        family |= found
    return family


def _sockets(pid: int) -> set[str]:
    links = set()
    try:
        for each in Path(f"/proc/{pid}/fd").iterdir():
            try:
                links.add(str(each.readlink()))
            except FileNotFoundError:
                pass  # it was closed meanwhile
    except (FileNotFoundError, ProcessLookupError):
        pass  # it ended meanwhile
    return links
