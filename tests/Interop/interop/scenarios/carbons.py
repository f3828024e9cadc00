"""Copies to one's other devices (XEP-0280)."""

from ..checks import equal
from ..device import settle
from ..house import House
from ..scenario import scenario
from ..stanzas import bare, carbon, chat, copied, is_message


@scenario("slixmpp: what one device sends and receives reaches the second one as carbons")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    phone = await house.device(ann, "phone").sign_in(carbons=True)
    desk = await house.device(ann, "desk").sign_in(carbons=True)
    friend = await house.device(bob).sign_in()

    phone.say(bob.jid, "from my phone")
    await friend.inbox.one("the message", chat("from my phone"))
    copy = await desk.inbox.one("the carbon of what was sent", copied("sent", "from my phone"))
    equal(copy.get("from"), ann.jid, "sender of the carbon")
    equal(carbon(copy, "sent").get("from"), str(phone.boundjid), "sender in the carbon")

    friend.say(str(phone.boundjid), "to your phone")
    await phone.inbox.one("the answer", chat("to your phone"))
    copy = await desk.inbox.one("the carbon of the answer", copied("received", "to your phone"))
    inner = carbon(copy, "received")
    equal(inner.get("to"), str(phone.boundjid), "receiver in the carbon")

    await settle(phone, friend, desk)
    for text in "from my phone", "to your phone":
        equal(len(desk.inbox.all(chat(text))), 0, f"copies of {text!r} besides the carbon")
        wrapped = [s for d in ("sent", "received") for s in phone.inbox.all(copied(d, text))]
        equal(len(wrapped), 0, f"carbons of {text!r} to the device that took part itself")


@scenario("slixmpp: a message to the bare address reaches every device exactly once")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    devices = [await house.device(ann, name).sign_in(carbons=True) for name in ("a", "b", "c")]
    friend = await house.device(bob).sign_in()
    friend.say(ann.jid, "to all of you")
    await settle(friend, *devices)
    for device in devices:
        shown = device.inbox.all(chat("to all of you"))
        shown += device.inbox.all(copied("received", "to all of you"))
        equal(len(shown), 1, f"copies at {device.inbox.owner}")


@scenario("slixmpp: no carbons without asking, after disabling them, or of private messages")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    phone = await house.device(ann, "phone").sign_in(carbons=True)
    plain = await house.device(ann, "plain").sign_in()
    former = await house.device(ann, "former").sign_in(carbons=True)
    await former["xep_0280"].disable(timeout=5)
    keen = await house.device(ann, "keen").sign_in(carbons=True)
    friend = await house.device(bob).sign_in()
    phone.say(bob.jid, "secret", '<private xmlns="urn:xmpp:carbons:2"/>')
    phone.say(bob.jid, "open")
    await friend.inbox.one("the message", chat("secret"))
    await keen.inbox.one("the carbon", copied("sent", "open"))
    await settle(phone, plain, former, keen)
    equal(len(keen.inbox.all(copied("sent", "secret"))), 0, "carbons of a private message")
    for device in plain, former:
        equal(len(device.inbox.all(is_message)), 0, f"messages at {device.inbox.owner}")


@scenario("slixmpp: a carbon that somebody else forges never looks like one's own server's")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    ann.send(
        f"<message to='{bob.account.jid}' type='chat'><received xmlns='urn:xmpp:carbons:2'>"
        "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='boss@x' "
        f"to='{bob.boundjid}' type='chat'><body>pay me</body></message></forwarded></received>"
        "</message>"
    )
    await settle(ann, bob)
    for forged in bob.inbox.all(copied("received", "pay me")):
        equal(bare(forged.get("from")), ann.account.jid, "sender of the forged carbon")
