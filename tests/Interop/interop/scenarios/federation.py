"""Servers of friends: Prosody and ejabberd, each with people and rooms of its own."""

import asyncio
import secrets
import tempfile
from pathlib import Path

from ..archive import page
from ..checks import PATIENCE, Wrong, check, equal
from ..device import Device, befriend
from ..friends import Friend, World
from ..house import House
from ..scenario import scenario
from ..servers import Account
from ..stanzas import chat, error_condition, is_message, name, presence
from .rooms import configure, enter

_worlds: dict[House, World] = {}
_people = iter(range(1000))


async def world(house: House) -> World:
    """Made by the first scenario that needs it."""
    check(house.server.kind == "kith", "only Kith has friends here")
    made = World(Path(tempfile.mkdtemp(prefix="world-", dir=house.work)), house.server.program)
    house.visit.push_async_callback(made.close)
    await made.open(Federation__QueueSeconds=6)
    await made.prosody.add(*[Friend(f"friend{i}", "secret", "prosody.test") for i in range(2)])
    await made.home.add([Account(f"ann{i}", "secret") for i in range(2)])
    await made.prosody.start()
    return made


async def device(house: House, server, account: Account) -> Device:
    made = Device(server, account)
    for plugin in "xep_0004 xep_0045 xep_0060 xep_0082 xep_0084 xep_0163".split():
        made.register_plugin(plugin)
    house.visit.push_async_callback(made.close)
    return await made.sign_in()


def ann(number: int = 0) -> Account:
    return Account(f"ann{number}", "secret")


def friend(number: int = 0, domain: str = "prosody.test") -> Friend:
    return Friend(f"friend{number}", "secret", domain)


def log_of(world: World) -> str:
    return world.home.output.read_text(errors="replace")


@scenario("federation: a friend at Prosody, presence and messages both ways, and the archive after", seconds=60)
async def _(house: House) -> None:
    around = await world(house)
    here = await device(house, around.home, ann())
    there = await device(house, around.prosody, friend())
    await befriend(here, there)
    await here.inbox.one("the friend's presence", presence(None, str(there.boundjid)))
    await there.inbox.one("her presence", presence(None, str(here.boundjid)))
    here.say(there.account.jid, "Grüße")
    await there.inbox.one("the message", chat("Grüße"))
    there.say(here.account.jid, "ebenfalls")
    await here.inbox.one("the answer", chat("ebenfalls"))
    texts = [e.text for e in (await page(here, with_jid=there.account.jid)).entries]
    equal(texts, ["Grüße", "ebenfalls"], "her archive")
    texts = [e.text for e in (await page(there, with_jid=here.account.jid)).entries]
    equal(texts, ["Grüße", "ebenfalls"], "the friend's archive")
    check("prosody.test" in log_of(around) and "by certificate" in log_of(around), "no stream by certificate")
    await there.leave()
    await here.inbox.one("the friend's leaving", presence("unavailable", str(there.boundjid)))
