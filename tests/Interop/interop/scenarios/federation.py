"""Servers of friends: Prosody and ejabberd, each with people and rooms of its own."""

import base64
import hashlib
import secrets
import tempfile
from pathlib import Path

from ..archive import page
from ..checks import PATIENCE, Wrong, check, equal
from ..device import Device, befriend, settle
from ..friends import HOME, Friend, World
from ..house import House
from ..relay import Relay
from ..scenario import scenario
from ..servers import Account
from ..stanzas import CLIENT, chat, error_condition, is_message, name, presence
from .pep import AVATAR, PICTURE, event
from .rooms import configure, enter

PUBSUB = "http://jabber.org/protocol/pubsub"


async def world(house: House) -> World:
    """A home among friends, for this scenario alone."""
    made = World(Path(tempfile.mkdtemp(prefix="world-", dir=house.work)), house.server.program)
    house.visit.push_async_callback(made.close)
    await made.open(Federation__QueueSeconds=6)
    await made.prosody.add(*[Friend(f"friend{i}", "secret", "prosody.test") for i in range(2)])
    await made.home.add([Account(f"ann{i}", "secret") for i in range(2)])
    await made.prosody.start()
    return made


async def device(house: House, server, account: Account) -> Device:
    made = Device(server, account)
    for plugin in "xep_0004 xep_0045 xep_0060 xep_0082 xep_0084 xep_0163 xep_0172".split():
        made.register_plugin(plugin)
    house.visit.push_async_callback(made.close)
    return await made.sign_in()


def ann(number: int = 0) -> Account:
    return Friend(f"ann{number}", "secret", HOME)


def friend(number: int = 0, domain: str = "prosody.test") -> Friend:
    return Friend(f"friend{number}", "secret", domain)


def log_of(world: World) -> str:
    return world.home.output.read_text(errors="replace")


@scenario(
    "federation: a friend at Prosody, presence and messages both ways, and the archive after",
    seconds=60,
    prosody_lacks="friends: the home is Kith",
)
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


async def share_rooms(theirs: str, here: Device, there: Device) -> None:
    """Each makes a room at home, and the other is a guest there."""
    for service, maker, guest in ((f"groups.{HOME}", here, there), (theirs, there, here)):
        room = f"room-{secrets.token_hex(4)}@{service}"
        await enter(maker, room, "maker")
        await configure(maker, room)
        await enter(guest, room, "guest")
        await maker.inbox.one("the guest", presence(None, f"{room}/guest"))
        guest.send_message(mto=room, mbody=f"hi {service}", mtype="groupchat")
        maker.send_message(mto=room, mbody=f"ho {service}", mtype="groupchat")
        for one in (maker, guest):
            await one.inbox.one("the guest's words", chat(f"hi {service}"))
            await one.inbox.one("the maker's words", chat(f"ho {service}"))
        guest["xep_0045"].leave_muc(room, "guest")
        await maker.inbox.one("the guest's leaving", presence("unavailable", f"{room}/guest"))


@scenario(
    "federation: rooms on either side with people of both, their archive, dialback",
    seconds=60,
    prosody_lacks="friends: the home is Kith",
)
async def _(house: House) -> None:
    around = await world(house)
    here = await device(house, around.home, ann())
    there = await device(house, around.prosody, friend())
    await share_rooms("rooms.prosody.test", here, there)
    check("by dialback" in log_of(around), "nobody dialled back")


@scenario(
    "federation: avatars and OMEMO devices of a friend at Prosody, asked for and told",
    seconds=60,
    prosody_lacks="friends: the home is Kith",
)
async def _(house: House) -> None:
    around = await world(house)
    here = await device(house, around.home, ann())
    there = await device(house, around.prosody, friend())
    for one, node, text in (
        (there, "eu.siacs.conversations.axolotl.devicelist", "31415"),
        (here, "eu.siacs.conversations.axolotl.devicelist", "27182"),
    ):
        await one.ask(
            "set",
            f'<pubsub xmlns="{PUBSUB}"><publish node="{node}"><item id="current">'
            f'<list xmlns="eu.siacs.conversations.axolotl"><device id="{text}"/></list></item></publish>'
            f'<publish-options><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden">'
            f"<value>{PUBSUB}#publish-options</value></field>"
            '<field var="pubsub#access_model"><value>open</value></field></x></publish-options></pubsub>',
        )
        other = there if one is here else here
        answer = await other.ask(
            "get", f'<pubsub xmlns="{PUBSUB}"><items node="{node}"/></pubsub>', to=one.account.jid
        )
        ids = [d.get("id") for d in answer.iter(name("eu.siacs.conversations.axolotl", "device"))]
        equal(ids, [text], f"devices of {one.account.jid}")
    # As apps do: they see each other and say what they want to hear of.
    await befriend(here, there)
    for one, other, nick in ((here, there, "Ann"), (there, here, "Bob")):
        other["xep_0163"].add_interest("http://jabber.org/protocol/nick")
        await other["xep_0115"].update_caps()
        other.send_presence()
        await other.fence()
        await one["xep_0172"].publish_nick(nick, timeout=PATIENCE)
        await other.inbox.one(f"the notice of {nick}", lambda s, nick=nick: any(n.text == nick for n in s.iter()))


async def share_pictures(here: Device, there: Device) -> None:
    """XEP-0084 both ways: whoever cares hears of the picture, asks for its data, and gets the same; then it is taken away."""
    await befriend(here, there)
    for one in here, there:
        one["xep_0163"].add_interest(AVATAR)
        await one["xep_0115"].update_caps()
        one.send_presence()
    await settle(here, there)
    await here.inbox.one("the friend's presence", presence(None, str(there.boundjid)))
    await there.inbox.one("her presence", presence(None, str(here.boundjid)))
    for one, other in (here, there), (there, here):
        picture = PICTURE + one.account.name.encode()
        digest = hashlib.sha1(picture).hexdigest()
        await one["xep_0084"].publish_avatar(picture, timeout=PATIENCE)
        await one["xep_0084"].publish_avatar_metadata(
            {"id": digest, "type": "image/png", "bytes": len(picture)}, timeout=PATIENCE
        )
        heard = await other.inbox.one("the metadata", event(AVATAR, one.account.jid, digest))
        [info] = heard.iter(name(AVATAR, "info"))
        equal(info.get("bytes"), str(len(picture)), "the bytes that are told")
        answer = await other["xep_0084"].retrieve_avatar(one.account.jid, digest, timeout=PATIENCE)
        data = next(answer.xml.iter(name("urn:xmpp:avatar:data", "data"))).text
        check(base64.b64decode(data) == picture, "another picture came")
        await one["xep_0084"].stop(timeout=PATIENCE)
        told = event(AVATAR, one.account.jid)
        await other.inbox.one("that it is gone", lambda s, told=told: told(s) and not list(s.iter(name(AVATAR, "info"))))


@scenario(
    "federation: pictures (XEP-0084) of a friend at Prosody, both ways, and taken away",
    seconds=60,
    prosody_lacks="friends: the home is Kith",
)
async def _(house: House) -> None:
    around = await world(house)
    here = await device(house, around.home, ann())
    await share_pictures(here, await device(house, around.prosody, friend()))


@scenario(
    "federation: pictures (XEP-0084) of a friend at ejabberd, both ways, and taken away",
    seconds=60,
    prosody_lacks="friends: the home is Kith",
)
async def _(house: House) -> None:
    around = await world(house)
    await around.ejabberd.add(friend(0, "ejabberd.test"))
    await around.ejabberd.start()
    here = await device(house, around.home, ann())
    await share_pictures(here, await device(house, around.ejabberd, friend(0, "ejabberd.test")))


@scenario(
    "federation: either side restarts, and nothing is lost",
    seconds=60,
    prosody_lacks="friends: the home is Kith",
)
async def _(house: House) -> None:
    around = await world(house)
    here = await device(house, around.home, ann())
    there = await device(house, around.prosody, friend())
    here.say(there.account.jid, "first")
    await there.inbox.one("the first", chat("first"))
    await there.leave()
    await around.prosody.stop()
    here.say(friend().jid, "second")
    await here.fence()
    await here.leave()
    await around.home.restart()
    await around.prosody.start()
    again = await device(house, around.prosody, friend())
    late = await again.inbox.one("the second", chat("second"))
    check(late.find(name("urn:xmpp:delay", "delay")) is not None, "it does not say that it is late")
    again.say(ann().jid, "third")
    back = await device(house, around.home, ann())
    await back.inbox.one("the third", chat("third"))


@scenario(
    "federation: what was on the way to Prosody when the line was cut goes again, in order (XEP-0198)",
    seconds=60,
    prosody_lacks="friends: the home is Kith",
)
async def _(house: House) -> None:
    around = await world(house)
    line = Relay(around.prosody.server)
    house.visit.push_async_callback(line.close)
    around.names.servers["prosody.test"] = await line.open()
    here = await device(house, around.home, ann())
    there = await device(house, around.prosody, friend())
    here.say(there.account.jid, "before")
    await there.inbox.one("what came before", chat("before"))
    for number in range(3):
        line.hold()
        here.say(there.account.jid, f"lost {number}")
        await here.fence()
        line.cut()
        await there.inbox.one("what was on the way", chat(f"lost {number}"))
    here.say(there.account.jid, "after")
    await there.inbox.one("what came after", chat("after"))
    # Prosody has no streams to go on with between servers: what it took and did not say so within the second comes twice.
    texts = [text for each in there.inbox.all(is_message) if (text := each.findtext(name(CLIENT, "body")))]
    equal(list(dict.fromkeys(texts)), ["before", "lost 0", "lost 1", "lost 2", "after"], "what came")
    equal(here.inbox.all(lambda s: is_message(s) and s.get("type") == "error"), [], "errors")


@scenario(
    "federation: what waits too long for a server that is down goes back",
    seconds=60,
    prosody_lacks="friends: the home is Kith",
)
async def _(house: House) -> None:
    around = await world(house)
    here = await device(house, around.home, ann())
    there = await device(house, around.prosody, friend())
    here.say(there.account.jid, "first")
    await there.inbox.one("the first", chat("first"))
    await there.leave()
    await around.prosody.stop()
    here.say(friend().jid, "second")
    await here.inbox.one("the error", failed("remote-server-timeout", friend().jid))
    here.say("nobody@nowhere.test", "hello")
    await here.inbox.one("the other error", failed("remote-server-not-found", "nobody@nowhere.test"))


@scenario(
    "federation: a server whose certificate nobody has signed is refused, and the log says why",
    seconds=60,
    prosody_lacks="friends: the home is Kith",
)
async def _(house: House) -> None:
    around = await world(house)
    await around.prosody.stop()
    await around.authority.certify(around.prosody.data, "prosody.test", own=True)
    await around.prosody.start()
    here = await device(house, around.home, ann())
    here.say(friend().jid, "first")
    await here.inbox.one("the error", failed("remote-server-timeout", friend().jid))
    said = [line for line in log_of(around).splitlines() if "is not accepted" in line]
    check(any("prosody.test" in line and "has signed it" in line for line in said), f"the log says {said}")
    there = Device(around.prosody, friend())
    there.ca_certs = around.prosody.data / "cert.pem"
    house.visit.push_async_callback(there.close)
    await there.sign_in()
    there.say(here.account.jid, "let me in")
    await there.inbox.one("the error", lambda s: is_message(s) and s.get("type") == "error")
    equal(here.inbox.all(chat("let me in")), [], "what came")


async def nameless(house: House, *, signed: bool) -> tuple[World, Device, Device]:
    """Prosody dials without a certificate; whether its own server has one that the home accepts."""
    around = await world(house)
    await around.prosody.stop()
    if not signed:
        await around.authority.certify(around.prosody.data, "prosody.test", own=True)
        around.prosody.certificate = around.prosody.data / "cert.pem"
    around.prosody.hide_certificate()
    await around.prosody.start()
    here = await device(house, around.home, ann())
    return around, here, await device(house, around.prosody, friend())


@scenario(
    "federation: Prosody that dials without a certificate is asked back over TLS, and let in",
    seconds=60,
    prosody_lacks="friends: the home is Kith",
)
async def _(house: House) -> None:
    around, here, there = await nameless(house, signed=True)
    there.say(here.account.jid, "let me in")
    await here.inbox.one("the message", chat("let me in"))
    came = [line for line in log_of(around).splitlines() if "prosody.test" in line]
    check(any("by dialback" in line for line in came), f"nobody was asked back: {came}")
    check(not any("by certificate" in line for line in came), f"it showed one: {came}")
    here.say(there.account.jid, "be welcome")
    await there.inbox.one("the answer", chat("be welcome"))


@scenario(
    "federation: Prosody that dials without a certificate, and whose own nobody has signed, is refused, and the log says why",
    seconds=60,
    prosody_lacks="friends: the home is Kith",
)
async def _(house: House) -> None:
    around, here, there = await nameless(house, signed=False)
    there.say(here.account.jid, "let me in")
    await there.inbox.one("the error", lambda s: is_message(s) and s.get("type") == "error")
    await here.fence()
    equal(here.inbox.all(chat("let me in")), [], "what came")
    said = [line for line in log_of(around).splitlines() if "prosody.test" in line]
    check(any("its server could not be asked" in line and "has signed it" in line for line in said), f"the log says {said}")


@scenario(
    "federation: a friend at ejabberd: presence, messages, rooms on either side, a restart",
    seconds=60,
    prosody_lacks="friends: the home is Kith",
)
async def _(house: House) -> None:
    around = await world(house)
    await around.ejabberd.add(friend(0, "ejabberd.test"))
    await around.ejabberd.start()
    here = await device(house, around.home, ann())
    there = await device(house, around.ejabberd, friend(0, "ejabberd.test"))
    await befriend(here, there)
    await here.inbox.one("the friend's presence", presence(None, str(there.boundjid)))
    await there.inbox.one("her presence", presence(None, str(here.boundjid)))
    here.say(there.account.jid, "Grüße")
    await there.inbox.one("the message", chat("Grüße"))
    there.say(here.account.jid, "ebenfalls")
    await here.inbox.one("the answer", chat("ebenfalls"))
    await share_rooms("rooms.ejabberd.test", here, there)
    await there.leave()
    await around.ejabberd.stop()
    here.say(there.account.jid, "late")
    await here.fence()
    await around.ejabberd.start()
    again = await device(house, around.ejabberd, friend(0, "ejabberd.test"))
    try:
        await again.inbox.one("the late one", chat("late"))
    except Wrong:
        # ejabberd forgets to hand out what comes while somebody signs in; it has it all the same.
        texts = [e.text for e in (await page(again, with_jid=here.account.jid)).entries]
        equal(texts[-1:], ["late"], "the friend's archive")


def failed(condition: str, sender: str):
    return lambda s: (
        is_message(s)
        and s.get("type") == "error"
        and s.get("from") == sender
        and error_condition(s) == condition
    )
