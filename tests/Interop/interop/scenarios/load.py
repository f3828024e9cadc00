"""Many messages at once: each arrives exactly once and in order, at every device."""

import asyncio

from ..checks import check, equal
from ..device import Device, settle
from ..house import House
from ..scenario import scenario
from ..stanzas import body, carbon, is_message

MANY = 500


@scenario("slixmpp: 500 messages reach two devices and the sender's other one, in order", seconds=60)
async def _(house: House) -> None:
    ann, bob = house.people(2)
    phone = await house.device(ann, "phone", resumable=True).sign_in(carbons=True)
    desk = await house.device(ann, "desk", resumable=True).sign_in(carbons=True)
    first = await house.device(bob, "first", resumable=True).sign_in(carbons=True)
    second = await house.device(bob, "second").sign_in(carbons=True)
    texts = [f"number {number}" for number in range(MANY)]
    for text in texts:
        phone.say(bob.jid, text)
    for device in first, second, desk:
        await device.inbox.expect("all messages", lambda s: shown(s) is not None, MANY)
    await settle(phone, desk, first, second)
    for device in first, second, desk:
        equal(everything_shown(device), texts, f"messages at {device.inbox.owner}")


@scenario("slixmpp: five people talk to each other at once, and each pair stays in order", seconds=60)
async def _(house: House) -> None:
    devices = await house.devices(5, resumable=True)
    for number in range(25):
        for speaker in devices:
            for listener in devices:
                if speaker is not listener:
                    speaker.say(listener.account.jid, f"{speaker.account.name} {number}")
        await asyncio.sleep(0)  # lets each device read while all of them write
    for listener in devices:
        await listener.inbox.expect("all messages", lambda s: shown(s) is not None, 100)
    await settle(*devices)
    for listener in devices:
        texts = everything_shown(listener)
        equal(len(texts), 100, f"messages at {listener.inbox.owner}")
        for speaker in devices:
            if speaker is not listener:
                name = speaker.account.name
                said = [text for text in texts if text.split()[0] == name]
                equal(said, [f"{name} {number}" for number in range(25)], f"{name} as heard")
    check(all(not device.offline.is_set() for device in devices), "somebody was thrown out")


def shown(stanza) -> str | None:
    """What a person reads: the text of a message, or of the message in a carbon."""
    if not is_message(stanza):
        return None
    for message in stanza, carbon(stanza, "received"), carbon(stanza, "sent"):
        if message is not None and body(message) is not None:
            return body(message)
    return None


def everything_shown(device: Device) -> list[str]:
    return [text for stanza in device.inbox.stanzas if (text := shown(stanza)) is not None]
