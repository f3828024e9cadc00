"""Acknowledgements and resumption (XEP-0198): a lost connection loses and doubles nothing."""

import asyncio

from ..archive import page
from ..checks import PATIENCE, check, equal
from ..device import Device, befriend, settle
from ..house import House
from ..scenario import scenario
from ..stanzas import SM, body, chat, is_message, name, presence


@scenario("slixmpp: every stanza is acknowledged")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    sender = await managed(house, ann)
    acked = acknowledgements(sender)
    for number in range(20):
        sender.say(bob.jid, f"count me {number}")
    sender["xep_0198"].request_ack()
    await settle(sender)
    sender["xep_0198"].request_ack()
    await sender.fence()
    equal([text for text in acked if text], [f"count me {n}" for n in range(20)], "acknowledged")


@scenario("slixmpp: what came while the line was cut is there after resumption, once and in order")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    sender = await house.device(ann).sign_in()
    receiver = await managed(house, bob)
    address = str(receiver.boundjid)
    for round_ in range(3):
        await receiver.cut()
        texts = [f"round {round_}, {number}" for number in range(40)]
        for text in texts:
            sender.say(bob.jid, text)
        await settle(sender)
        equal(await receiver.open(), "resumed", "session")
        await receiver.inbox.one("the last message", chat(texts[-1]))
        await settle(receiver)
        equal(received(receiver, f"round {round_}, "), texts, "messages after resumption")
    equal(str(receiver.boundjid), address, "address after resumption")


@scenario("slixmpp: what the server has, though its acknowledgement was lost, is not sent again")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    sender = await managed(house, ann)
    receiver = await house.device(bob).sign_in()
    before = sender["xep_0198"].seq
    sender.transport.pause_reading()
    texts = [f"burst {number}" for number in range(100)]
    for text in texts:
        sender.say(bob.jid, text)
    await receiver.inbox.one("the last of the burst", chat(texts[-1]))
    await sender.cut()
    equal(await sender.open(), "resumed", "session")
    equal(handled_by_server(sender, "resumed") - before, len(texts), "counted by the server")
    sender.say(bob.jid, "burst over")
    await receiver.inbox.one("the message after the burst", chat("burst over"))
    await settle(sender, receiver)
    equal(received(receiver, "burst "), [*texts, "burst over"], "messages at the other side")


@scenario(
    "slixmpp: a burst that is cut in the middle comes exactly once after resumption",
    prosody_lacks="order here: what it still had to read of the old line can spoil the new stream",
)
async def _(house: House) -> None:
    ann, bob = house.people(2)
    sender = await managed(house, ann)
    receiver = await house.device(bob).sign_in()
    texts = [f"burst {number}" for number in range(100)]
    before = sender["xep_0198"].seq
    for text in texts:
        sender.say(bob.jid, text)
    await receiver.inbox.one("the first of the burst", chat(texts[0]))
    await sender.cut()
    await sender.waiting_queue.join()  # slixmpp drops what it had not sent yet
    equal(await sender.open(), "resumed", "session")
    handled = handled_by_server(sender, "resumed") - before
    check(0 < handled <= len(texts), f"the server counts {handled} of the burst")
    for text in texts[handled:]:
        sender.say(bob.jid, text)
    await receiver.inbox.one("the last of the burst", chat(texts[-1]))
    await settle(sender, receiver)
    equal(received(receiver, "burst "), texts, "messages at the other side")


@scenario("slixmpp: contacts see nobody leave while a cut session can be resumed")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    watcher = await house.device(ann).sign_in()
    mobile = await managed(house, bob)
    await befriend(watcher, mobile)
    await settle(watcher, mobile)
    await mobile.cut()
    watcher.say(str(mobile.boundjid), "are you there?")
    await settle(watcher)
    equal(await mobile.open(), "resumed", "session")
    await mobile.inbox.one("the message", chat("are you there?"))
    await settle(mobile, watcher)
    gone = watcher.inbox.all(presence("unavailable", str(mobile.boundjid)))
    equal(len(gone), 0, "times that the contact was seen to leave")
    errors = watcher.inbox.all(lambda s: is_message(s) and s.get("type") == "error")
    equal(len(errors), 0, "bounces")


@scenario("slixmpp: a session is resumed though the server has not noticed the old line's end")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    sender = await house.device(ann).sign_in()
    receiver = await managed(house, bob)
    receiver.transport.pause_reading()  # the old line stays open at the server's end
    old = receiver.transport
    try:
        receiver.connection_lost(None)
        sender.say(bob.jid, "into the void")
        await settle(sender)
        equal(await receiver.open(), "resumed", "session")
        await receiver.inbox.one("the message", chat("into the void"))
        await settle(receiver)
        equal(received(receiver, "into"), ["into the void"], "messages after resumption")
    finally:
        old.abort()


@scenario("slixmpp: carbons, presence and roster pushes go on after resumption")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    phone = house.device(ann, "phone", resumable=True)
    await phone.sign_in(carbons=True)
    desk = await house.device(ann, "desk").sign_in(carbons=True)
    friend = await house.device(bob).sign_in()
    await phone.cut()
    equal(await phone.open(), "resumed", "session")
    desk.say(bob.jid, "copied?")
    await friend.inbox.one("the message", chat("copied?"))
    wrapped = name("urn:xmpp:carbons:2", "sent")
    await phone.inbox.one("the carbon", lambda s: is_message(s) and s.find(wrapped) is not None)
    await desk.update_roster(bob.jid, name="Bob")
    await phone.inbox.one("the push", lambda s: s.find("{jabber:iq:roster}query") is not None)


@scenario("slixmpp: a session that was ended in order cannot be resumed, and nor can another's")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    first = await managed(house, ann)
    stolen = first["xep_0198"].sm_id
    thief = house.device(bob, resumable=True)
    thief["xep_0198"].sm_id = stolen
    equal(await thief.open(), "new", "session of the thief")
    await thief.inbox.one("<failed/> for the thief", failed)
    await settle(first)

    await first.leave()
    again = house.device(ann, resumable=True)
    again["xep_0198"].sm_id = stolen
    equal(await again.open(), "new", "session after an orderly end")
    await again.inbox.one("<failed/> after an orderly end", failed)


@scenario("slixmpp: after a restart of the server nothing is lost and nothing comes twice", seconds=60)
async def _(house: House) -> None:
    ann, bob = house.people(2)
    sender, receiver = await managed(house, ann), await managed(house, bob)
    for text in "before 0", "before 1", "before 2":
        sender.say(bob.jid, text)
    await receiver.inbox.one("the third message", chat("before 2"))
    messages = sender["xep_0198"].seq
    await settle(sender, receiver)
    everything = sender["xep_0198"].seq
    await house.server.restart()
    await asyncio.wait_for(asyncio.gather(sender.offline.wait(), receiver.offline.wait()), PATIENCE)
    outcome = "resumed" if await sender.open() == "resumed" else "failed"
    handled = handled_by_server(sender, outcome)  # what wrote nothing may be forgotten
    check(messages <= handled <= everything, f"h {handled} in <{outcome}/>, sent {messages}")
    sender.say(bob.jid, "after")
    if await receiver.open() == "new":
        receiver.send_presence()
    await receiver.inbox.one("the message after the restart", chat("after"))
    await settle(sender, receiver)
    shown = received(receiver, "before ") + received(receiver, "after")
    equal(shown, ["before 0", "before 1", "before 2", "after"], "messages that were shown")
    archived = (await page(receiver, rsm={"max": 20})).entries
    equal([entry.text for entry in archived], shown, "archive")


@scenario(
    "slixmpp: a message that waits at a cut session survives a restart of the server",
    seconds=60,
)
async def _(house: House) -> None:
    ann, bob = house.people(2)
    sender, receiver = await house.device(ann).sign_in(), await managed(house, bob)
    await receiver.cut()
    sender.say(bob.jid, "do not lose me")
    await settle(sender)
    await sender.leave()
    await house.server.restart()
    if await receiver.open() == "new":
        receiver.send_presence()
    await receiver.inbox.one("the message", chat("do not lose me"))
    await settle(receiver)
    equal(received(receiver, "do not"), ["do not lose me"], "messages that were shown")


async def managed(house: House, account) -> Device:
    """A device with stream management, signed in."""
    return await house.device(account, resumable=True).sign_in()


def acknowledgements(device: Device) -> list[str | None]:
    """Fills with the bodies of what the server acknowledges."""
    acked: list[str | None] = []
    device.add_event_handler("stanza_acked", lambda stanza: acked.append(body(stanza.xml)))
    return acked


def failed(stanza) -> bool:
    return stanza.tag == name(SM, "failed")


def handled_by_server(device: Device, outcome: str) -> int:
    """The `h` in the last `<resumed/>` or `<failed/>`: what need not be sent again."""
    answer = device.inbox.all(lambda stanza: stanza.tag == name(SM, outcome))[-1]
    check(answer.get("h") is not None, f"<{outcome}/> carries no h")
    return int(answer.get("h"))


def received(device: Device, prefix: str) -> list[str]:
    texts = [body(stanza) or "" for stanza in device.inbox.all(is_message)]
    return [text for text in texts if text.startswith(prefix)]
