"""The message archive as apps page through it (XEP-0313, XEP-0059, XEP-0359, XEP-0424)."""

from datetime import datetime

from slixmpp.plugins.xep_0082 import parse

from ..archive import Entry, Page, page
from ..checks import PATIENCE, check, equal, refused
from ..device import Device, settle
from ..house import House
from ..scenario import scenario
from ..stanzas import MAM, RETRACT, SID, body, chat, forwarded, is_message, name, stanza_id

MANY, PAGE = 250, 50


async def chatter(house: House, count: int, texts: str = "message {}") -> tuple[Device, Device]:
    """Two people of whom the first has sent the second so many messages."""
    ann, bob = await house.devices(2)
    for number in range(count):
        ann.say(bob.account.jid, texts.format(number))
    await bob.inbox.expect("the messages", is_message, count)
    return ann, bob


@scenario("slixmpp: 250 archived messages are paged backwards and forwards, 50 at a time", seconds=40)
async def _(house: House) -> None:
    ann, bob = await chatter(house, MANY)
    texts = [f"message {number}" for number in range(MANY)]
    for device in ann, bob:
        equal(await walk(device, "before"), texts, "archive read backwards")
        equal(await walk(device, "after"), texts, "archive read forwards")


async def walk(device: Device, direction: str) -> list[str | None]:
    """All texts, oldest first; checks each page's size, order, count and `complete`."""
    pages: list[Page] = []
    mark: dict = {"before": True} if direction == "before" else {}
    while not pages or not pages[-1].complete:
        check(len(pages) <= MANY / PAGE, f"reading {direction} does not end")
        one = await page(device, rsm={"max": PAGE, **mark})
        if one.entries:
            equal((one.first, one.last), (one.entries[0].id, one.entries[-1].id), "first, last")
            check(one.count in (MANY, None), f"count {one.count}")
        if len(pages) < MANY / PAGE:
            equal(len(one.entries), PAGE, f"size of page {len(pages)} read {direction}")
        mark = {direction: one.first if direction == "before" else one.last}
        pages.append(one)
    if direction == "before":
        pages.reverse()
    entries = [entry for one in pages for entry in one.entries]
    equal(len({entry.id for entry in entries}), MANY, "different ids")
    return [entry.text for entry in entries]


@scenario("slixmpp: its own archive iterator finds every message once, in both directions")
async def _(house: House) -> None:
    _, bob = await chatter(house, 60)
    texts = [f"message {number}" for number in range(60)]
    for reverse in False, True:
        found = [
            body(forwarded(message.xml.find(name(MAM, "result"))))
            async for message in bob["xep_0313"].iterate(reverse=reverse, rsm={"max": 25})
        ]
        equal(found, texts[::-1] if reverse else texts, f"iterated with reverse={reverse}")


@scenario("slixmpp: a page of no messages carries the count, and an unknown id is refused")
async def _(house: House) -> None:
    _, bob = await chatter(house, 7)
    empty = await page(bob, rsm={"max": 0})
    equal((len(empty.entries), empty.count), (0, 7), "entries and count")
    await refused(page(bob, rsm={"max": 5, "after": "no-such-id"}), "item-not-found")


@scenario("slixmpp: `with` finds the messages with one contact, sent and received")
async def _(house: House) -> None:
    ann, bob, eve = await house.devices(3)
    ann.say(bob.account.jid, "to bob")
    bob.say(ann.account.jid, "from bob")
    eve.say(ann.account.jid, "from eve")
    await ann.inbox.expect("both messages", is_message, 2)
    await settle(ann, bob, eve)
    everything = await page(ann, rsm={"max": PAGE})
    equal({e.text for e in everything.entries}, {"to bob", "from bob", "from eve"}, "all")
    with_bob = await page(ann, with_jid=bob.account.jid, rsm={"max": PAGE})
    equal({e.text for e in with_bob.entries}, {"to bob", "from bob"}, "with bob")
    counted = await page(ann, with_jid=bob.account.jid, rsm={"max": 0})
    equal(counted.count, 2, "count with bob")
    with_eve = await page(ann, with_jid=str(eve.boundjid), rsm={"max": PAGE})
    equal([e.text for e in with_eve.entries], ["from eve"], "with eve's device")


@scenario("slixmpp: `start` and `end` cut the archive at the times that it shows itself")
async def _(house: House) -> None:
    _, bob = await chatter(house, 30)
    everything = (await page(bob, rsm={"max": PAGE})).entries
    equal(len(everything), 30, "all")
    since, until = (parse(everything[i].stamp) for i in (10, 20))
    late = await page(bob, start=since, rsm={"max": PAGE})
    early = await page(bob, end=until, rsm={"max": PAGE})
    middle = await page(bob, start=since, end=until, rsm={"max": PAGE})
    for got, low, high in ((late, since, None), (early, None, until), (middle, since, until)):
        wanted = [e.text for e in everything if within(e, low, high)]
        equal([e.text for e in got.entries], wanted, f"between {low} and {high}")


def within(entry: Entry, low: datetime | None, high: datetime | None) -> bool:
    stamp = parse(entry.stamp)
    return (low is None or stamp >= low) and (high is None or stamp <= high)


@scenario("slixmpp: the archive's ids are the stanza-ids of the live copies, one per message")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    for number in range(3):
        ann.say(bob.account.jid, f"live {number}")
    live = await bob.inbox.expect("the messages", lambda s: is_message(s) and body(s), 3)
    ids = [stanza_id(message, bob.account.jid) for message in live]
    check(all(ids) and len(set(ids)) == 3, f"stanza-ids {ids}")
    archived = await page(bob, rsm={"max": PAGE})
    equal([entry.id for entry in archived.entries], ids, "ids in the archive")
    ours = await page(ann, rsm={"max": PAGE})
    equal([e.text for e in ours.entries], ["live 0", "live 1", "live 2"], "sender's archive")


@scenario(
    "slixmpp: a stanza-id that the sender made up is gone before the message arrives",
    prosody_lacks="this check between accounts of its own",
)
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    jid = bob.account.jid
    ann.say(jid, "stamped", f'<stanza-id xmlns="{SID}" by="{jid}" id="forged"/>')
    live = await bob.inbox.one("the message", chat("stamped"))
    check(stanza_id(live, jid) not in (None, "forged"), "the forged id is still there")


@scenario("slixmpp: nobody reads somebody else's archive")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    query = f'<query xmlns="{MAM}"/>'
    await refused(bob.ask("set", query, to=ann.account.jid), "forbidden", "service-unavailable")


@scenario(
    "slixmpp: a retracted message leaves a tombstone in both archives",
    prosody_lacks="tombstones (XEP-0424)",
)
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    info = await ann["xep_0030"].get_info(jid=ann.account.jid, timeout=PATIENCE)
    check(f"{RETRACT}#tombstone" in info["disco_info"]["features"], "no feature for tombstones")
    regretted = ann.say(bob.account.jid, "I should not have said this")
    ann.say(bob.account.jid, "but this")
    ann.send(
        f"<message to='{bob.account.jid}' type='chat' id='undo'>"
        f"<retract xmlns='{RETRACT}' id='{regretted}'/>"
        "<fallback xmlns='urn:xmpp:fallback:0'/><body>I took a message back</body></message>"
    )
    await bob.inbox.one("the retraction", chat("I took a message back"))
    await settle(ann, bob)
    for device in ann, bob:
        entries = (await page(device, rsm={"max": PAGE})).entries
        texts = [entry.text for entry in entries]
        check("I should not have said this" not in texts, "the text is still in the archive")
        equal(texts.count("but this"), 1, "the message that was not retracted")
        stones = [e.message.find(name(RETRACT, "retracted")) for e in entries]
        stones = [stone for stone in stones if stone is not None]
        equal([stone.get("id") for stone in stones], ["undo"], "tombstones")
        check(stones[0].get("stamp"), "the tombstone has no stamp")


@scenario("slixmpp: a stranger's retraction takes nothing away", prosody_lacks="retraction")
async def _(house: House) -> None:
    ann, bob, eve = await house.devices(3)
    sent = ann.say(bob.account.jid, "keep me")
    await bob.inbox.one("the message", chat("keep me"))
    eve.send(
        f"<message to='{bob.account.jid}' type='chat'><retract xmlns='{RETRACT}' id='{sent}'/>"
        "<body>fallback</body></message>"
    )
    await bob.inbox.one("the false retraction", chat("fallback"))
    await settle(bob)
    entries = (await page(bob, rsm={"max": PAGE})).entries
    check("keep me" in [entry.text for entry in entries], "the message is gone")


@scenario("slixmpp: the archive survives a restart of the server", seconds=40)
async def _(house: House) -> None:
    ann, bob = await chatter(house, 3)
    before = [(e.id, e.text) for e in (await page(bob, rsm={"max": PAGE})).entries]
    equal(len(before), 3, "entries before the restart")
    await bob.leave()
    await ann.leave()
    await house.server.restart()
    again = await house.device(bob.account, "again").sign_in()
    after = [(e.id, e.text) for e in (await page(again, rsm={"max": PAGE})).entries]
    equal(after, before, "archive after the restart")
