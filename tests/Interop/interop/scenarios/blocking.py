"""Blocking (XEP-0191)."""

from ..checks import equal
from ..device import Device, befriend, settle
from ..house import House
from ..scenario import scenario
from ..stanzas import chat, error_condition, is_message, presence


@scenario("slixmpp: a blocked contact reaches nobody, sees nobody, and can be unblocked")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    desk = await house.device(bob.account, "desk").sign_in()
    await desk["xep_0191"].get_blocked(timeout=5)  # asking for the list asks for its changes
    await bob["xep_0191"].get_blocked(timeout=5)
    await befriend(ann, bob)
    await settle(ann, bob)

    await bob["xep_0191"].block(ann.account.jid, timeout=5)
    await ann.inbox.one("bob gone", presence("unavailable", str(bob.boundjid)))
    await desk.inbox.one("the push", lambda s: s.find("{urn:xmpp:blocking}block") is not None)
    equal(await blocked(bob), {ann.account.jid}, "block list")
    sent = ann.say(bob.account.jid, "let me in")
    bounce = await ann.inbox.one(
        "the refusal", lambda s: is_message(s) and s.get("type") == "error" and s.get("id") == sent
    )
    equal(error_condition(bounce), "service-unavailable", "condition")
    bob.say(ann.account.jid, "hello")
    refusal = await bob.inbox.one(
        "the refusal of one's own", lambda s: is_message(s) and s.get("type") == "error"
    )
    equal(error_condition(refusal), "not-acceptable", "condition of one's own")
    await settle(ann, bob, desk)
    equal(len(bob.inbox.all(chat("let me in"))), 0, "messages from the blocked contact")
    equal(len(ann.inbox.all(chat("hello"))), 0, "messages to the blocked contact")

    seen = len(ann.inbox.all(presence(None, str(bob.boundjid))))
    await bob["xep_0191"].unblock(ann.account.jid, timeout=5)
    equal(await blocked(bob), set(), "block list after unblocking")
    await ann.inbox.expect("bob back", presence(None, str(bob.boundjid)), seen + 1)
    ann.say(bob.account.jid, "thank you")
    await bob.inbox.one("the message after unblocking", chat("thank you"))


@scenario("slixmpp: what a blocked contact sent while one was away never comes")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    await bob["xep_0191"].block(ann.account.jid, timeout=5)
    await bob.leave()
    ann.say(bob.account.jid, "are you there?")
    await settle(ann)
    again = await house.device(bob.account, "again").sign_in()
    equal(len(again.inbox.all(chat("are you there?"))), 0, "messages that waited")
    equal(await blocked(again), {ann.account.jid}, "block list at the next sign-in")


async def blocked(device: Device) -> set[str]:
    answer = await device["xep_0191"].get_blocked(timeout=5)
    return {str(jid) for jid in answer["blocklist"]["items"]}
