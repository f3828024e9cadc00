"""Rooms (XEP-0045): slixmpp's own plugin with three occupants, their archive, a restart, and Profanity."""

import asyncio
import itertools
import secrets
import xml.etree.ElementTree as ET

from slixmpp.exceptions import IqError

from ..archive import page
from ..checks import PATIENCE, Wrong, check, equal, refused
from ..device import Device, settle
from ..house import House
from ..scenario import scenario
from ..servers import DOMAIN
from ..stanzas import CLIENT, Match, bare, body, error_condition, is_message, name, stanza_id

SERVICE = f"groups.{DOMAIN}"
MUC_USER = "http://jabber.org/protocol/muc#user"
OCCUPANT = "urn:xmpp:occupant-id:0"
RETRACT = "urn:xmpp:message-retract:1"
MODERATE = "urn:xmpp:message-moderate:1"


def new_room() -> str:
    return f"room-{secrets.token_hex(4)}@{SERVICE}"


async def guest(house: House, account, **options) -> Device:
    device = house.device(account, **options)
    for plugin in "xep_0004 xep_0045 xep_0082".split():
        device.register_plugin(plugin)
    return await device.sign_in()


async def guests(house: House, count: int) -> list[Device]:
    return [await guest(house, one) for one in house.people(count)]


async def enter(device: Device, room: str, nick: str, **options):
    """Enters as an app does; gives back the presence of oneself, subject, occupants and history."""
    return await device["xep_0045"].join_muc_wait(room, nick, timeout=PATIENCE, **options)


async def turned_away(device: Device, room: str, nick: str, condition: str) -> None:
    """Asks to enter in vain. slixmpp itself waits for a mark that Prosody 0.12 leaves out."""
    device["xep_0045"].join_muc(room, nick)
    answer = await device.inbox.one(
        f"a refusal of {nick}",
        lambda s: (
            s.tag == name(CLIENT, "presence")
            and s.get("type") == "error"
            and s.get("from") == f"{room}/{nick}"
            and error_condition(s) == condition
        ),
    )
    equal(answer.get("to"), str(device.boundjid), "whom the refusal is to")


async def found(device: Device, room: str, nick: str, **fields: str) -> None:
    """Makes a room and configures it by its form; without fields as it comes."""
    await enter(device, room, nick)
    await configure(device, room, **fields)


async def configure(device: Device, room: str, **fields: str) -> None:
    muc = device["xep_0045"]
    form = await muc.get_room_config(room, timeout=PATIENCE)
    values = form.get_values()
    for key, value in fields.items():
        values[f"muc#roomconfig_{key}"] = value
    form.reply()
    form["values"] = values
    await muc.set_room_config(room, form, timeout=PATIENCE)


async def three(house: House, **fields: str) -> tuple[str, Device, Device, Device]:
    room = new_room()
    ann, bob, eve = await guests(house, 3)
    await found(ann, room, "Ann", **fields)
    await enter(bob, room, "Bob")
    await enter(eve, room, "Eve")
    return room, ann, bob, eve


def to_all(room: str, nick: str, text: str) -> Match:
    return lambda stanza: (
        is_message(stanza)
        and stanza.get("type") == "groupchat"
        and stanza.get("from") == f"{room}/{nick}"
        and body(stanza) == text
    )


def heard(device: Device, room: str) -> list[str]:
    """What was said to all, as it came, history included."""
    return [
        body(s)
        for s in device.inbox.stanzas
        if is_message(s) and s.get("type") == "groupchat" and bare(s.get("from")) == room and body(s)
    ]


def say(device: Device, room: str, text: str) -> None:
    device.send_message(mto=room, mbody=text, mtype="groupchat")


def gone(room: str, nick: str, code: str | None = None) -> Match:
    """The presence by which an occupant goes, with this status code."""

    def match(stanza: ET.Element) -> bool:
        if stanza.tag != name(CLIENT, "presence") or stanza.get("type") != "unavailable":
            return False
        codes = [s.get("code") for s in stanza.iter(name(MUC_USER, "status"))]
        return stanza.get("from") == f"{room}/{nick}" and (code is None or code in codes)

    return match


def standing(room: str, nick: str, **attributes: str) -> Match:
    def match(stanza: ET.Element) -> bool:
        if stanza.tag != name(CLIENT, "presence") or stanza.get("from") != f"{room}/{nick}":
            return False
        item = stanza.find(f"{name(MUC_USER, 'x')}/{name(MUC_USER, 'item')}")
        return item is not None and all(item.get(k) == v for k, v in attributes.items())

    return match


def from_room(room: str, path: str) -> Match:
    """Messages of the room itself with such a descendant."""
    return lambda s: is_message(s) and s.get("from") == room and s.find(path) is not None


async def affiliated(device: Device, room: str, affiliation: str) -> list[str]:
    muc = device["xep_0045"]
    people = await muc.get_affiliation_list(room, affiliation, timeout=PATIENCE)
    return [str(one) for one in people]


@scenario("slixmpp: three in a room hear each other, in one order")
async def _(house: House) -> None:
    room, ann, bob, eve = await three(house)
    everybody = ann, bob, eve
    for number in range(10):
        for device in everybody:
            say(device, room, f"{device.account.name} {number}")
    for device in everybody:
        for speaker, nick in zip(everybody, ("Ann", "Bob", "Eve")):
            await device.inbox.one("the last words", to_all(room, nick, f"{speaker.account.name} 9"))
    await settle(*everybody)
    equal(len(heard(ann, room)), 30, "messages")
    equal(heard(bob, room), heard(ann, room), "the order that Bob saw")
    equal(heard(eve, room), heard(ann, room), "the order that Eve saw")


@scenario("slixmpp: a room tells occupants, subject and history to a newcomer")
async def _(house: House) -> None:
    room = new_room()
    ann, bob = await guests(house, 2)
    await found(ann, room, "Ann")
    ann["xep_0045"].set_subject(room, "Dinner")
    say(ann, room, "soup?")
    await ann.inbox.one("the message", to_all(room, "Ann", "soup?"))
    own, subject, occupants, history = await enter(bob, room, "Bob", maxstanzas=10)
    equal(subject["subject"], "Dinner", "subject")
    equal(str(occupants[0]["from"]), f"{room}/Ann", "the first occupant")
    equal([m["body"] for m in history], ["soup?"], "history")
    equal(own["muc"]["role"], "participant", "role")
    check(history[0].xml.find(name("urn:xmpp:delay", "delay")) is not None, "no delay")


@scenario("slixmpp: a room's voice, kicks and bans")
async def _(house: House) -> None:
    room, ann, bob, eve = await three(house)
    muc = ann["xep_0045"]
    await refused(bob["xep_0045"].set_role(room, "Eve", "none", timeout=PATIENCE), "forbidden", "not-allowed")
    await muc.set_role(room, "Eve", "visitor", timeout=PATIENCE)
    await eve.inbox.one("the loss of voice", standing(room, "Eve", role="visitor"))
    say(eve, room, "mute")
    answer = await eve.inbox.one("a refusal", lambda s: is_message(s) and s.get("type") == "error")
    equal(error_condition(answer), "forbidden", "answer to a message without voice")
    eve["xep_0045"].request_voice(room, "participant")
    await ann.inbox.one("the request", from_room(room, "{jabber:x:data}x"))
    await muc.set_role(room, "Eve", "participant", timeout=PATIENCE)
    say(eve, room, "loud")
    await bob.inbox.one("what Eve says", to_all(room, "Eve", "loud"))
    await muc.set_role(room, "Eve", "none", reason="enough", timeout=PATIENCE)
    await eve.inbox.one("the kick", gone(room, "Eve", "307"))
    await enter(eve, room, "Eve")
    await muc.set_affiliation(room, "outcast", jid=eve.account.jid, timeout=PATIENCE)
    await eve.inbox.one("the ban", gone(room, "Eve", "301"))
    await turned_away(eve, room, "Eve", "forbidden")
    equal(await affiliated(ann, room, "outcast"), [eve.account.jid], "bans")
    await refused(affiliated(bob, room, "outcast"), "forbidden")


@scenario("slixmpp: a members-only room, an invitation, a nick that is taken, and leaving")
async def _(house: House) -> None:
    room = new_room()
    ann, bob, eve = await guests(house, 3)
    await found(ann, room, "Ann", membersonly="1", whois="anyone")
    await turned_away(bob, room, "Bob", "registration-required")
    ann["xep_0045"].invite(room, bob.account.jid, "come in")
    invite = f"{name(MUC_USER, 'x')}/{name(MUC_USER, 'invite')}"
    await bob.inbox.one("the invitation", from_room(room, invite))
    await ann.fence()
    await turned_away(bob, room, "Ann", "conflict")
    own, *_ = await enter(bob, room, "Bob")
    equal(own["muc"]["affiliation"], "member", "affiliation of who was invited")
    # Who knows each other in a closed room may know the list, as encryption needs it.
    equal(await affiliated(bob, room, "member"), [bob.account.jid], "members")
    await refused(affiliated(eve, room, "member"), "forbidden")
    await bob.leave()
    await ann.inbox.one("that Bob is gone", gone(room, "Bob"))


@scenario("slixmpp: the archive of a room has each message once, under the id of the live copy")
async def _(house: House) -> None:
    room, ann, bob, _ = await three(house)
    for number in range(30):
        say(ann if number % 2 else bob, room, f"line {number}")
    await settle(ann, bob)
    await bob.inbox.one("the last line", to_all(room, "Ann", "line 29"))
    live = [s for s in bob.inbox.stanzas if is_message(s) and s.get("type") == "groupchat" and body(s)]
    first = await page(bob, jid=room, rsm={"max": 20})
    equal(len(first.entries), 20, "entries on the first page")
    rest = await page(bob, jid=room, rsm={"max": 20, "after": first.last})
    check(rest.complete, "the second page is not the last")
    entries = first.entries + rest.entries
    equal([e.id for e in entries], [stanza_id(s, room) for s in live], "ids in the archive")
    equal([e.text for e in entries], [body(s) for s in live], "texts in the archive")
    equal({e.message.get("from") for e in entries}, {f"{room}/Ann", f"{room}/Bob"}, "authors")
    known = [entry.message.find(name(OCCUPANT, "occupant-id")) is not None for entry in entries]
    check(all(known), "no occupant-id")


@scenario("slixmpp: a moderator's retraction in a room leaves a tombstone", prosody_lacks="XEP-0425")
async def _(house: House) -> None:
    room, ann, bob, _ = await three(house)
    say(bob, room, "rubbish")
    live = await ann.inbox.one("the message", to_all(room, "Bob", "rubbish"))
    ident = stanza_id(live, room)
    wish = f'<moderate xmlns="{MODERATE}" id="{ident}"><retract xmlns="{RETRACT}"/></moderate>'
    await refused(bob.ask("set", wish, room), "forbidden")
    await ann.ask("set", wish, room)
    await bob.inbox.one("the notice", from_room(room, name(RETRACT, "retract")))
    [entry, *_] = (await page(bob, jid=room, rsm={"max": 5})).entries
    check(entry.text is None, f"still in the archive: {entry.text}")
    check(entry.message.find(name(RETRACT, "retracted")) is not None, "no tombstone")


@scenario(
    "slixmpp: a restart in the middle of a busy room loses no message and no affiliation", seconds=90
)
async def _(house: House) -> None:
    room = new_room()
    ann, bob, eve = [await guest(house, one, resumable=True) for one in house.people(3)]
    await found(ann, room, "Ann", persistentroom="1", membersonly="1", whois="anyone")
    await ann["xep_0045"].set_affiliation(room, "admin", jid=bob.account.jid, timeout=PATIENCE)
    await ann["xep_0045"].set_affiliation(room, "member", jid=eve.account.jid, timeout=PATIENCE)
    await enter(bob, room, "Bob")
    await enter(eve, room, "Eve")

    async def chatter() -> None:
        for number in itertools.count():
            for device in ann, bob:
                if not device.offline.is_set():
                    say(device, room, f"{device.account.name} {number}")
            await eve.fence()

    talking = asyncio.create_task(chatter())
    await eve.inbox.expect("a busy room", lambda s: is_message(s) and bool(body(s)), 40)
    await house.server.stop()
    talking.cancel()
    for device in ann, bob, eve:
        await asyncio.wait_for(device.offline.wait(), PATIENCE)
    said = heard(eve, room)
    await house.server.start()
    ann, bob, eve = [await guest(house, d.account, resource="again") for d in (ann, bob, eve)]
    try:
        await bob["xep_0199"].send_ping(f"{room}/Bob", timeout=PATIENCE)
        raise Wrong("somebody is in a room that knows nobody")
    except IqError as error:
        equal(error.condition, "not-acceptable", "answer to a ping of oneself")
    everybody = (ann, "Ann", "owner"), (bob, "Bob", "admin"), (eve, "Eve", "member")
    for device, nick, affiliation in everybody:
        own, *_ = await enter(device, room, nick, maxstanzas=0)
        equal(own["muc"]["affiliation"], affiliation, f"affiliation of {nick}")
    kept, last = [], None
    while True:
        part = await page(eve, jid=room, rsm={"max": 50, **({"after": last} if last else {})})
        kept += [entry.text for entry in part.entries]
        last = part.last
        if part.complete:
            break
    equal(kept[: len(said)], said, "what everybody had heard is in the archive")
    equal(len(kept), len(set(kept)), "nothing is there twice")
    say(bob, room, "and on")
    await eve.inbox.one("life after the restart", to_all(room, "Bob", "and on"))


@scenario("slixmpp: rooms are found, hidden ones are not")
async def _(house: House) -> None:
    public, hidden = new_room(), new_room()
    ann, bob = await guests(house, 2)
    await found(ann, public, "Ann", publicroom="1", roomname="Everybody welcome")
    await found(ann, hidden, "Ann", publicroom="0")
    disco = bob["xep_0030"]
    services = await disco.get_items(jid=DOMAIN, timeout=PATIENCE)
    known = [str(item[0]) for item in services["disco_items"]["items"]]
    check(SERVICE in known, "the service is not listed")
    rooms = await disco.get_items(jid=SERVICE, timeout=PATIENCE)
    listed = {str(item[0]): item[2] for item in rooms["disco_items"]["items"]}
    equal(listed.get(public), "Everybody welcome", "name in the list")
    check(hidden not in listed, "a hidden room is listed")
    info = await disco.get_info(jid=public, timeout=PATIENCE)
    check("http://jabber.org/protocol/muc" in info["disco_info"]["features"], "no room")
    check("muc_public" in info["disco_info"]["features"], "not public")


@scenario("Profanity: joins a room, talks and hears", seconds=60)
async def _(house: House) -> None:
    room = new_room()
    ann, bob = house.people(2)
    friend = await guest(house, bob)
    await found(friend, room, "Friend")
    say(friend, room, "said before")
    await friend.fence()
    window = await house.profanity(ann)
    await window.connect()
    await window.type(f"/join {room} nick Terminal")
    await friend.inbox.one("that somebody is there", standing(room, "Terminal", role="participant"))
    await window.shows("the history", "said before")
    await window.type("typed in a room")
    await friend.inbox.one("the message", to_all(room, "Terminal", "typed in a room"))
    say(friend, room, "answered in a room")
    await window.shows("the answer", "answered in a room")
    await window.type("/close")
    await friend.inbox.one("that it left", gone(room, "Terminal"))
