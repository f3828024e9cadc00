"""How a scenario says that something is wrong, and how it waits for what should come."""

import asyncio
import xml.etree.ElementTree as ET
from typing import Any, Awaitable

from slixmpp.exceptions import IqError

from .stanzas import Match

PATIENCE = 10  # seconds that any single answer may take


class Wrong(Exception):
    """What a scenario saw is not what should be."""


def check(truth: Any, complaint: str) -> None:
    if not truth:
        raise Wrong(complaint)


def equal(seen: Any, wanted: Any, what: str) -> None:
    if seen != wanted:
        raise Wrong(f"{what}: {_short(seen)} instead of {_short(wanted)}")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 160 else f"{text[:80]} … {text[-70:]}"


async def refused(request: Awaitable, *conditions: str) -> None:
    """The request is answered by an error with one of these conditions (none given: by any)."""
    try:
        await request
    except IqError as error:
        if conditions and error.condition not in conditions:
            raise Wrong(f"refused with {error.condition} instead of {' or '.join(conditions)}")
        return
    raise Wrong("granted what should be refused")


class Inbox:
    """All stanzas that somebody received, in order."""

    def __init__(self, owner: str):
        self.owner = owner
        self.stanzas: list[ET.Element] = []
        self._changed = asyncio.Event()

    def add(self, stanza: ET.Element) -> None:
        self.stanzas.append(stanza)
        self._changed.set()

    def all(self, match: Match) -> list[ET.Element]:
        return [stanza for stanza in self.stanzas if match(stanza)]

    async def expect(self, what: str, match: Match, count: int = 1) -> list[ET.Element]:
        """Waits until `count` stanzas match; what came before the call counts too."""
        try:
            async with asyncio.timeout(PATIENCE):
                while len(found := self.all(match)) < count:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise Wrong(f"{self.owner} got {len(found)} of {count}: {what}") from None
        return found

    async def one(self, what: str, match: Match) -> ET.Element:
        return (await self.expect(what, match))[0]
