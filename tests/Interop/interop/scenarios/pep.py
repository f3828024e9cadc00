"""PEP and pubsub through slixmpp's own plugins: what apps publish about themselves, and what others see of it."""

import base64
import hashlib
import xml.etree.ElementTree as ET

from ..checks import PATIENCE, check, equal, refused
from ..device import Device, befriend, settle
from ..house import House
from ..scenario import scenario
from ..servers import DOMAIN
from ..stanzas import CLIENT, Match, is_message, name

PUBSUB = "http://jabber.org/protocol/pubsub"
EVENT = PUBSUB + "#event"
NICK = "http://jabber.org/protocol/nick"
AVATAR = "urn:xmpp:avatar:metadata"
DEVICES = "eu.siacs.conversations.axolotl.devicelist"
BUNDLE = "eu.siacs.conversations.axolotl.bundles:"
BOOKMARKS = "urn:xmpp:bookmarks:1"
PEP_PLUGINS = "xep_0004 xep_0048 xep_0060 xep_0084 xep_0163 xep_0172 xep_0223".split()
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
ROOM = f"family@groups.{DOMAIN}"


async def pair(house: House, *interests: str) -> list[Device]:
    """Two contacts whose apps are interested in these nodes."""
    devices = [await interested(house.device(person), *interests) for person in house.people(2)]
    await befriend(*devices)
    await settle(*devices)
    return devices


async def interested(device: Device, *interests: str) -> Device:
    for plugin in PEP_PLUGINS:
        device.register_plugin(plugin)
    for interest in interests:
        device["xep_0163"].add_interest(interest)
    return await device.sign_in()


def event(node: str, sender: str, item: str | None = None) -> Match:
    """Headlines about the node, from the bare address."""

    def match(stanza: ET.Element) -> bool:
        items = stanza.find(f"{name(EVENT, 'event')}/{name(EVENT, 'items')}")
        return (
            is_message(stanza)
            and stanza.get("type") == "headline"
            and stanza.get("from") == sender
            and items is not None
            and items.get("node") == node
            and (item is None or any(child.get("id") == item for child in items))
        )

    return match


async def publish(device: Device, node: str, item: str, payload: str) -> None:
    await device["xep_0060"].publish(
        device.account.jid, node, id=item, payload=ET.fromstring(payload), timeout=PATIENCE
    )


@scenario("pep: a nickname is heard of by a contact, and by one who comes later")
async def _(house: House) -> None:
    ann, bob = await pair(house, NICK)
    await ann["xep_0172"].publish_nick("Annie", timeout=PATIENCE)
    heard = await bob.inbox.one("the nickname", event(NICK, ann.account.jid))
    equal(next(heard.iter(name(NICK, "nick"))).text, "Annie", "the nickname")
    late = await interested(house.device(bob.account, "late"), NICK)
    await late.inbox.one("the last nickname", event(NICK, ann.account.jid))


@scenario("pep: OMEMO lists and bundles are read by somebody who is no contact")
async def _(house: House) -> None:
    ann, bob = await pair(house, DEVICES)
    [stranger] = await house.devices(1)
    stranger.register_plugin("xep_0060")
    devices = '<list xmlns="eu.siacs.conversations.axolotl"><device id="31415"/></list>'
    bundle = (
        '<bundle xmlns="eu.siacs.conversations.axolotl">'
        "<identityKey>QUJD</identityKey><prekeys><preKeyPublic preKeyId='1'>QUJD</preKeyPublic></prekeys></bundle>"
    )
    await publish(ann, BUNDLE + "31415", "current", bundle)
    await publish(ann, DEVICES, "current", devices)
    await bob.inbox.one("the list", event(DEVICES, ann.account.jid, "current"))
    for node, element in (DEVICES, "device"), (BUNDLE + "31415", "identityKey"):
        answer = await stranger["xep_0060"].get_items(ann.account.jid, node, timeout=PATIENCE)
        check(list(answer.xml.iter(name("eu.siacs.conversations.axolotl", element))), f"no {element}")
    await refused(
        stranger["xep_0060"].get_items(ann.account.jid, BUNDLE + "1", timeout=PATIENCE), "item-not-found"
    )


@scenario("pep: a picture of XEP-0084 is in the card and on presence", prosody_lacks="the conversion")
async def _(house: House) -> None:
    ann, bob = await pair(house)
    digest = hashlib.sha1(PICTURE).hexdigest()
    await ann["xep_0084"].publish_avatar(PICTURE, timeout=PATIENCE)
    await ann["xep_0084"].publish_avatar_metadata(
        {"id": digest, "type": "image/png", "bytes": len(PICTURE)}, timeout=PATIENCE
    )
    await bob.inbox.one("presence with the hash", stamped(ann, digest))
    card = await bob["xep_0054"].get_vcard(ann.account.jid, timeout=PATIENCE)
    equal(bytes(card["vcard_temp"]["PHOTO"]["BINVAL"]), PICTURE, "the photo in the card")


@scenario("pep: a picture of XEP-0153 is published as one of XEP-0084", prosody_lacks="the conversion")
async def _(house: House) -> None:
    ann, bob = await pair(house)
    ann.register_plugin("xep_0153")
    digest = hashlib.sha1(PICTURE).hexdigest()
    await ann["xep_0153"].set_avatar(avatar=PICTURE, mtype="image/png", timeout=PATIENCE)
    await bob.inbox.one("the metadata", event(AVATAR, ann.account.jid, digest))
    answer = await bob["xep_0084"].retrieve_avatar(ann.account.jid, digest, timeout=PATIENCE)
    data = next(answer.xml.iter(name("urn:xmpp:avatar:data", "data"))).text
    equal(base64.b64decode(data), PICTURE, "the data")
    await bob.inbox.one("presence with the hash", stamped(ann, digest))


def stamped(sender: Device, digest: str) -> Match:
    path = f"{name('vcard-temp:x:update', 'x')}/{name('vcard-temp:x:update', 'photo')}"
    return lambda stanza: (
        stanza.tag == name(CLIENT, "presence")
        and stanza.get("from") == str(sender.boundjid)
        and stanza.findtext(path) == digest
    )


@scenario("pep: bookmarks are the same in private XML, on the old node and on the new one", prosody_lacks="them")
async def _(house: House) -> None:
    ann, _ = await pair(house, BOOKMARKS)
    old = ann["xep_0048"].stanza.Bookmarks()
    old.add_conference(ROOM, "ann", name="Family", autojoin=True)
    await ann["xep_0048"].set_bookmarks(old, method="xep_0049", timeout=PATIENCE)
    await ann.inbox.one("the bookmark", event(BOOKMARKS, ann.account.jid, ROOM))
    answer = await ann["xep_0060"].get_items(ann.account.jid, BOOKMARKS, timeout=PATIENCE)
    [conference] = answer.xml.iter(name(BOOKMARKS, "conference"))
    equal((conference.get("name"), conference.get("autojoin")), ("Family", "true"), "the bookmark")
    equal(conference.findtext(name(BOOKMARKS, "nick")), "ann", "the nickname in it")

    other = f"club@groups.{DOMAIN}"
    await publish(ann, BOOKMARKS, other, f'<conference xmlns="{BOOKMARKS}" name="Club"/>')
    for method in "xep_0049", "xep_0223":
        answer = await ann["xep_0048"].get_bookmarks(method=method, timeout=PATIENCE)
        rooms = {each.get("jid") for each in answer.xml.iter(name("storage:bookmarks", "conference"))}
        equal(rooms, {ROOM, other}, f"the rooms by {method}")


@scenario("pubsub: nodes of the server are made, subscribed to, published on and removed", prosody_lacks="them there")
async def _(house: House) -> None:
    ann, bob = await pair(house)
    node = "noticeboard"
    service = ann["xep_0060"]
    await service.create_node(DOMAIN, node, timeout=PATIENCE)
    await bob["xep_0060"].subscribe(DOMAIN, node, timeout=PATIENCE)
    note = ET.fromstring('<note xmlns="urn:example:note">milk</note>')
    await service.publish(DOMAIN, node, id="1", payload=note, timeout=PATIENCE)
    await bob.inbox.one("the note", event(node, DOMAIN, "1"))
    form = (await service.get_node_config(DOMAIN, node, timeout=PATIENCE))["pubsub_owner"]["configure"]["form"]
    equal(form["values"]["pubsub#access_model"], "open", "the access model")
    await service.retract(DOMAIN, node, "1", notify=True, timeout=PATIENCE)
    await bob.inbox.expect("the note and its end", event(node, DOMAIN, "1"), 2)
    await refused(bob["xep_0060"].delete_node(DOMAIN, node, timeout=PATIENCE), "forbidden")
    await service.delete_node(DOMAIN, node, timeout=PATIENCE)
    await refused(service.get_items(DOMAIN, node, timeout=PATIENCE), "item-not-found")
