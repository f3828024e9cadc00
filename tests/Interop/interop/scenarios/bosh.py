"""BOSH (XEP-0124, XEP-0206) with a client of our own, for want of one in a library."""

import asyncio
import xml.etree.ElementTree as ET

from ..bosh import HTTPBIND, Keys
from ..checks import Wrong, check, equal
from ..house import House
from ..scenario import scenario
from ..servers import Account
from ..stanzas import bare, body, chat, is_message, presence
from ..web import open_web


@scenario("BOSH: a session is created, signs in by SCRAM-SHA-256 and by SCRAM-SHA-1, and binds")
async def _(house: House) -> None:
    for hash_name in "sha256", "sha1":
        [ann] = house.people(1)
        client = house.bosh(ann)
        await client.connect(hash_name)
        check(bare(client.jid) == ann.jid, f"bound to {client.jid}")
        check(0 < int(client.session.get("wait")) <= 60, "wait")
        equal(client.session.get("hold"), "1", "hold")
        check(int(client.session.get("requests")) >= 2, "requests")
        check(client.session.get("inactivity"), "no inactivity")
        await client.fence()


@scenario("BOSH: a wrong password is refused")
async def _(house: House) -> None:
    [ann] = house.people(1)
    client = house.bosh(Account(ann.name, "guess"))
    try:
        await client.connect()
    except Wrong as refusal:
        check("not-authorized" in str(refusal), str(refusal))
    else:
        raise Wrong("signed in")


@scenario("BOSH: chat with slixmpp both ways, 50 messages each, in order")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    client = await house.bosh(ann).sign_in()
    friend = await house.device(bob).sign_in()
    texts = [f"Grüße & <{number}>" for number in range(50)]
    for text in texts:
        await client.say(bob.jid, text)
        friend.say(client.jid, text)
    for inbox in friend.inbox, client.inbox:
        await inbox.one("the last message", chat(texts[-1]))
        equal([body(message) for message in inbox.all(is_message)], texts, inbox.owner)


@scenario("BOSH: the end of the session is answered, seen by others, and final")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    client = await house.bosh(ann).sign_in()
    friend = await house.device(bob).sign_in()
    await client.send(f'<presence xmlns="jabber:client" to="{bob.jid}"/>')
    await friend.inbox.one("directed presence", presence(None, client.jid))
    await client.leave()
    await friend.inbox.one("unavailable presence", presence("unavailable", client.jid))
    sid = client.session.get("sid")
    answer = await client.post(f'<body xmlns="{HTTPBIND}" rid="1" sid="{sid}"/>')
    refused = ET.fromstring(answer)
    equal((refused.get("type"), refused.get("condition")), ("terminate", "item-not-found"), "after")


@scenario("BOSH: a repeated request gets the same answer, and its message is sent once")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    client = await house.bosh(ann).sign_in()
    friend = await house.device(bob).sign_in()
    await client.say(bob.jid, "only once")
    await friend.inbox.one("the message", chat("only once"))
    friend.say(client.jid, "seen")
    await client.inbox.one("the answer", chat("seen"))
    request, answer = next(pair for pair in reversed(client.history) if "seen" in pair[1])
    equal(await client.post(request), answer, "answer to the repeated request")
    await client.fence()
    await friend.fence()
    equal(len(friend.inbox.all(chat("only once"))), 1, "copies of the message")


@scenario("BOSH: nothing to say is said after `wait` seconds, and the session goes on")
async def _(house: House) -> None:
    [ann] = house.people(1)
    client = await house.bosh(ann, wait=1).sign_in()
    equal(client.session.get("wait"), "1", "wait")
    seen = len(client.history)
    friend = await house.device(ann, "other").sign_in()
    await client.inbox.one("presence of the other device", presence(None, str(friend.boundjid)))
    while not any(len(ET.fromstring(answer)) == 0 for _, answer in client.history[seen:]):
        # Not the task itself: awaiting one that is over already would never let the loop go on.
        await asyncio.wait(client.pending(), return_when=asyncio.FIRST_COMPLETED)
    await client.fence()


@scenario("BOSH: a session with key sequences works, over the end of a sequence")
async def _(house: House) -> None:
    [ann] = house.people(1)
    client = await house.bosh(ann, keys=Keys(4)).sign_in()
    for _ in range(5):
        await client.fence()


@scenario("BOSH: pages from other origins may use it, without credentials")
async def _(house: House) -> None:
    origin = "https://chat.example"
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    async with open_web(house.server) as web:
        async with web.options(f"{house.server.site}/http-bind", headers=asked) as answer:
            check(answer.status in (200, 204), f"preflight answered {answer.status}")
            check(answer.headers.get("Access-Control-Allow-Origin") in ("*", origin), "origin")
            check("POST" in answer.headers.get("Access-Control-Allow-Methods", ""), "methods")
            allowed = answer.headers.get("Access-Control-Allow-Headers", "").lower()
            check("content-type" in allowed or allowed == "*", "headers")
            credentials = answer.headers.get("Access-Control-Allow-Credentials", "false")
            equal(credentials, "false", "credentials")


@scenario("BOSH: what is no BOSH request harms nobody")
async def _(house: House) -> None:
    [ann] = house.people(1)
    client = await house.bosh(ann).sign_in()
    bad = "", "<body", "no xml", "<other/>", f'<body xmlns="{HTTPBIND}"/>', "<a>" * 500
    async with open_web(house.server) as web:
        for text in bad:
            url = f"{house.server.site}/http-bind"
            async with web.post(url, data=text, headers={"Content-Type": "text/xml"}) as answer:
                check(answer.status in (200, 400, 404), f"{text[:20]!r} answered {answer.status}")
                said = await answer.text()
                check(answer.status != 200 or "terminate" in said, f"{text[:20]!r}: {said[:100]}")
    await client.fence()
