"""Rosters, subscriptions and presence between slixmpp devices (RFC 6121 §2 to §4)."""

from ..checks import check, equal
from ..device import befriend, settle, subscription
from ..house import House
from ..scenario import scenario
from ..stanzas import CLIENT, ROSTER, name, presence, roster_push


@scenario("slixmpp: a contact is added, renamed, grouped and removed, and each device hears of it")
async def _(house: House) -> None:
    [person, friend] = house.people(2)
    phone = await house.device(person, "phone").sign_in()
    desk = await house.device(person, "desk").sign_in()

    await phone.update_roster(friend.jid, name="Bo", groups=["Chess", "Work"])
    for device in phone, desk:
        push = roster_push(friend.jid, name="Bo", subscription="none")
        item = (await device.inbox.one("a roster push", push)).find(f".//{name(ROSTER, 'item')}")
        equal(groups(item), {"Chess", "Work"}, "groups in the push")
    await desk.update_roster(friend.jid, name="Bo B.", groups=[])
    await phone.inbox.one("the push of the new name", roster_push(friend.jid, name="Bo B."))
    item = (await phone.current_roster())[friend.jid]
    equal((item.get("name"), groups(item)), ("Bo B.", set()), "item after the change")

    await phone.del_roster_item(friend.jid)
    gone = roster_push(friend.jid, subscription="remove")
    await desk.inbox.one("the push of the removal", gone)
    check(friend.jid not in await desk.current_roster(), "the removed contact is still in the roster")


@scenario("slixmpp: two people subscribe to each other and see each other come and go")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    await befriend(ann, bob)
    for one, other in ((ann, bob), (bob, ann)):
        contact = other.account.jid
        await one.inbox.one("the push `both`", roster_push(contact, subscription="both"))
        equal((await one.current_roster())[contact].get("subscription"), "both", "subscription")
        await one.inbox.one("presence", presence(None, str(other.boundjid)))

    ann.send_presence(pshow="away", pstatus="at lunch")
    is_hers = presence(None, str(ann.boundjid))
    away = await bob.inbox.one(
        "away presence", lambda s: is_hers(s) and s.findtext(name(CLIENT, "show")) == "away"
    )
    equal(away.findtext(name(CLIENT, "status")), "at lunch", "status")
    await ann.leave()
    await bob.inbox.one("unavailable presence", presence("unavailable", str(ann.boundjid)))

    again = await house.device(ann.account, "other").sign_in()
    await bob.inbox.one("presence of the new device", presence(None, str(again.boundjid)))
    await again.inbox.one("presence of the contact", presence(None, str(bob.boundjid)))


@scenario("slixmpp: a request waits for a contact who is away, and a refused one leaves no trace")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    asker = await house.device(ann).sign_in()
    asker.send_presence(pto=bob.jid, ptype="subscribe")
    await asker.inbox.one("the push `ask`", roster_push(bob.jid, ask="subscribe"))
    owner = await house.device(bob).sign_in()
    await owner.inbox.one("the waiting request", subscription("subscribe", asker))
    owner.send_presence(pto=ann.jid, ptype="unsubscribed")
    await asker.inbox.one("the refusal", subscription("unsubscribed", owner))
    pushed = roster_push(bob.jid, subscription="none", ask=None)
    await asker.inbox.one("the push without `ask`", pushed)
    check(ann.jid not in await owner.current_roster(), "the refused one is in the roster")


@scenario("slixmpp: removing a contact ends both subscriptions")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    await befriend(ann, bob)
    await settle(ann, bob)
    await ann.del_roster_item(bob.account.jid)
    none = roster_push(ann.account.jid, subscription="none")
    await bob.inbox.one("the push `none`", none)
    await bob.inbox.one("the end of the subscription", subscription("unsubscribed", ann))
    check(bob.account.jid not in await ann.current_roster(), "the removed contact is still there")
    before = len(ann.inbox.all(presence(None, str(bob.boundjid))))
    bob.send_presence(pshow="dnd")
    await settle(bob, ann)
    equal(len(ann.inbox.all(presence(None, str(bob.boundjid)))), before, "presence after the end")


@scenario("slixmpp: strangers see no presence, and directed presence reaches whom it is sent to")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    ann.send_presence(pshow="chat")
    await settle(ann, bob)
    equal(bob.inbox.all(presence(None, ann.account.jid)), [], "presence from a stranger")
    ann.send_presence(pto=str(bob.boundjid), pstatus="for you alone")
    await bob.inbox.one("directed presence", presence(None, str(ann.boundjid)))
    await ann.leave()
    await bob.inbox.one("its end", presence("unavailable", str(ann.boundjid)))


@scenario(
    "slixmpp: accounts made by `user add` are each other's contacts without asking",
    prosody_lacks="circles",
)
async def _(house: House) -> None:
    members = await house.family(2)
    ann, bob = [await house.device(each).sign_in() for each in members]
    item = (await ann.current_roster())[bob.account.jid]
    equal((item.get("subscription"), groups(item)), ("both", {"Family"}), "item of the circle")
    await ann.inbox.one("presence", presence(None, str(bob.boundjid)))
    await bob.inbox.one("presence", presence(None, str(ann.boundjid)))


def groups(item) -> set[str]:
    return {group.text for group in item.findall(name(ROSTER, "group"))}
