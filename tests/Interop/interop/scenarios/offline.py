"""Messages for people who are away (RFC 6121 §8.5.2.2, XEP-0160, XEP-0203)."""

from datetime import datetime, timedelta, timezone

from slixmpp.plugins.xep_0082 import parse

from ..checks import check, equal
from ..device import Device, settle
from ..house import House
from ..scenario import scenario
from ..stanzas import DELAY, body, is_message, name

TEXTS = [f"while you were away {number}" for number in range(5)]


@scenario("slixmpp: messages for somebody who is away come once, in order, with their time")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    sender = await house.device(ann).sign_in()
    for text in TEXTS:
        sender.say(bob.jid, text)
    await settle(sender)

    first = await house.device(bob, "first").sign_in()
    equal(texts(first), TEXTS, "messages at the first device")
    now = datetime.now(timezone.utc)
    for message in first.inbox.all(is_message):
        delay = message.find(name(DELAY, "delay"))
        check(delay is not None, "a message that waited has no delay")
        age = now - parse(delay.get("stamp"))
        check(timedelta(0) <= age < timedelta(minutes=1), f"delay says {delay.get('stamp')}")
    await first.leave()
    second = await house.device(bob, "second").sign_in()
    equal(texts(second), [], "messages at the second sign-in")


@scenario("slixmpp: messages for somebody who is away survive a restart of the server", seconds=40)
async def _(house: House) -> None:
    ann, bob = house.people(2)
    sender = await house.device(ann).sign_in()
    for text in TEXTS:
        sender.say(bob.jid, text)
    await settle(sender)
    await sender.leave()
    await house.server.restart()
    receiver = await house.device(bob).sign_in()
    equal(texts(receiver), TEXTS, "messages after the restart")


@scenario("slixmpp: a device with negative priority leaves waiting messages to the next one")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    sender = await house.device(ann).sign_in()
    sender.say(bob.jid, TEXTS[0])
    await settle(sender)
    hidden = house.device(bob, "hidden")
    await hidden.open()
    hidden.send_presence(ppriority=-1)
    await hidden.fence()
    equal(texts(hidden), [], "messages at the device with negative priority")
    seen = await house.device(bob, "seen").sign_in()
    equal(texts(seen), TEXTS[:1], "messages at the device with priority 0")


@scenario(
    "slixmpp: typing, headlines and what asks not to be stored do not wait",
    prosody_lacks="this choice: its mod_offline keeps every chat message",
)
async def _(house: House) -> None:
    ann, bob = house.people(2)
    sender = await house.device(ann).sign_in()
    sender.say(bob.jid, "not kept", '<no-store xmlns="urn:xmpp:hints"/>')
    sender.send_message(mto=bob.jid, mbody="news", mtype="headline")
    sender.send(
        f"<message to='{bob.jid}' type='chat'>"
        "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
    )
    sender.say(bob.jid, "kept")
    await settle(sender)
    receiver = await house.device(bob).sign_in()
    equal(texts(receiver), ["kept"], "messages that waited")


def texts(device: Device) -> list[str | None]:
    return [body(message) for message in device.inbox.all(is_message)]
