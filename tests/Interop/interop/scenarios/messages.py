"""Chat between slixmpp devices (RFC 6121 §5 and §8)."""

from ..checks import check, equal
from ..device import settle
from ..house import House
from ..scenario import scenario
from ..stanzas import body, canonical, chat, error_condition, is_message

TEXT = "Grüße & <kisses> \"quoted\" 'single' — 你好 👪🏽\n  second line\ttabbed ]]>"


@scenario("slixmpp: two people chat both ways, and every character arrives as it was typed")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    sent = ann.say(bob.account.jid, TEXT)
    got = await bob.inbox.one("the message", chat(TEXT))
    equal((got.get("from"), got.get("type")), (str(ann.boundjid), "chat"), "from and type")
    equal(got.get("id"), sent, "id")
    bob.say(got.get("from"), "and back")
    back = await ann.inbox.one("the answer", chat("and back"))
    equal(back.get("from"), str(bob.boundjid), "from of the answer")


@scenario("slixmpp: what a device writes into `from` is not what others see")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    [other] = house.people(1)
    forged = ann.make_message(mto=bob.account.jid, mbody="forged", mtype="chat")
    forged["from"] = other.jid
    forged.send()
    errors = []
    ann.add_event_handler("stream_error", lambda error: errors.append(error["condition"]))
    bob.say(ann.account.jid, "still there?")
    await settle(bob)
    for message in bob.inbox.all(is_message):
        check(not (message.get("from") or "").startswith(other.jid), "a forged sender got through")
    if ann.offline.is_set() or errors:
        equal(errors, ["invalid-from"], "stream error")


@scenario("slixmpp: a message goes to the devices with the highest priority, never to a negative one")
async def _(house: House) -> None:
    [ann, bob] = house.people(2)
    sender = await house.device(ann).sign_in()
    hidden = await house.device(bob, "hidden").sign_in()
    hidden.send_presence(ppriority=-1)
    await hidden.fence()
    seen = await house.device(bob, "seen").sign_in()
    sender.say(bob.jid, "whoever looks")
    await seen.inbox.one("the message", chat("whoever looks"))
    sender.say(str(hidden.boundjid), "you alone")
    await hidden.inbox.one("the message to the full address", chat("you alone"))
    await settle(sender, hidden, seen)
    equal(len(hidden.inbox.all(chat("whoever looks"))), 0, "copies at the hidden device")
    equal(len(seen.inbox.all(chat("you alone"))), 0, "copies of what was for the other device")


@scenario("slixmpp: a message to nobody is answered by an error with the same id")
async def _(house: House) -> None:
    [ann] = await house.devices(1)
    sent = ann.say("nobody-here@kith.localhost", "hello?")
    bounce = await ann.inbox.one(
        "the error", lambda s: is_message(s) and s.get("type") == "error" and s.get("id") == sent
    )
    equal(error_condition(bounce), "service-unavailable", "condition")


@scenario("slixmpp: markers, receipts and typing reach the other side unchanged")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    extras = [
        '<request xmlns="urn:xmpp:receipts"/>',
        '<active xmlns="http://jabber.org/protocol/chatstates"/>',
        '<markable xmlns="urn:xmpp:chat-markers:0"/>',
        '<x:thing xmlns:x="urn:example:foreign" x:a="1"><y xmlns="urn:example:in">z</y></x:thing>',
    ]
    for number, extra in enumerate(extras):
        ann.send(  # as text, because slixmpp drops attributes of a foreign namespace
            f"<message to='{bob.boundjid}' type='chat'><body>with {number}</body>{extra}</message>"
        )
        got = await bob.inbox.one("the message", chat(f"with {number}"))
        check(canonical(extra) in {canonical(child) for child in got}, f"{extra} came otherwise")
    bob.send(
        f"<message to='{ann.boundjid}' type='chat'>"
        "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
    )
    typing = "{http://jabber.org/protocol/chatstates}composing"
    got = await ann.inbox.one("typing", lambda s: is_message(s) and s.find(typing) is not None)
    equal(body(got), None, "body")
