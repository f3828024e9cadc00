"""@xmpp/client from npm over WebSocket (RFC 7395), among slixmpp devices on TCP."""

from ..checks import PATIENCE, Wrong, check, equal
from ..device import settle
from ..house import House
from ..relay import Relay
from ..scenario import scenario
from ..servers import DOMAIN, Account
from ..stanzas import ROSTER, body, chat, copied, is_message, name, presence


@scenario("@xmpp/client: SCRAM over WebSocket signs in, and ping works both ways")
async def _(house: House) -> None:
    [ann] = house.people(1)
    web = await house.web(ann, "web").sign_in()
    check(web.jid.startswith(f"{ann.jid}/"), f"bound to {web.jid}")
    [sign_in] = web.events("sign-in")
    check(sign_in.get("mechanism").startswith("SCRAM-"), f"by {sign_in.get('mechanism')}")
    desk = await house.device(ann, "desk").sign_in()
    await desk["xep_0199"].send_ping(web.jid, timeout=PATIENCE)
    await web.ask("get", '<ping xmlns="urn:xmpp:ping"/>', to=str(desk.boundjid))


@scenario("@xmpp/client: a wrong password is refused over WebSocket")
async def _(house: House) -> None:
    [ann] = house.people(1)
    web = house.web(Account(ann.name, "guess"), "web")
    await web.run()
    try:
        await web.connect()
    except Wrong as refusal:
        check("not-authorized" in str(refusal), str(refusal))
    else:
        raise Wrong("signed in")


@scenario("@xmpp/client: the roster over WebSocket is the one that slixmpp wrote")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    desk = await house.device(ann, "desk").sign_in()
    await desk.update_roster(bob.jid, name="Bób & Co", groups=["Work"])
    web = await house.web(ann, "web").sign_in()
    answer = await web.ask("get", f'<query xmlns="{ROSTER}"/>')
    item = answer.find(f"{name(ROSTER, 'query')}/{name(ROSTER, 'item')}")
    equal((item.get("jid"), item.get("name")), (bob.jid, "Bób & Co"), "item")
    payload = f'<query xmlns="{ROSTER}"><item jid="{bob.jid}" subscription="remove"/></query>'
    await web.ask("set", payload)
    equal(await desk.current_roster(), {}, "roster after the removal")


@scenario("@xmpp/client: chat with slixmpp both ways, every character as it was typed")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    web = await house.web(ann, "web").sign_in()
    desk = await house.device(bob).sign_in()
    await web.say(bob.jid, "Grüße &amp; &lt;3 👪🏽")
    got = await desk.inbox.one("the message", chat("Grüße & <3 👪🏽"))
    equal(got.get("from"), web.jid, "sender")
    desk.say(web.jid, "zurück \"'<>&")
    back = await web.inbox.one("the answer", chat("zurück \"'<>&"))
    equal(back.get("from"), str(desk.boundjid), "sender of the answer")


@scenario("@xmpp/client: two connections of one account, and carbons between them and TCP")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    first = await house.web(ann, "first").sign_in(carbons=True)
    second = await house.web(ann, "second").sign_in(carbons=True)
    desk = await house.device(ann, "desk").sign_in(carbons=True)
    friend = await house.device(bob).sign_in()
    await first.say(bob.jid, "from the first")
    await friend.inbox.one("the message", chat("from the first"))
    for other in second, desk:
        await other.inbox.one("the carbon", copied("sent", "from the first"))
    friend.say(first.jid, "to the first")
    await first.inbox.one("the answer", chat("to the first"))
    for other in second, desk:
        await other.inbox.one("the carbon of the answer", copied("received", "to the first"))


@scenario("@xmpp/client: a torn WebSocket is resumed, and no message is lost or doubled")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    relay = Relay(house.server.https)
    house.visit.push_async_callback(relay.close)
    web = await house.web(ann, "web", port=await relay.open()).sign_in()
    friend = await house.device(bob).sign_in()
    for round_ in range(2):
        relay.cut()
        texts = [f"round {round_}, {number}" for number in range(20)]
        for text in texts:
            friend.say(ann.jid, text)
        await settle(friend)
        await web.log.expect("resumption", lambda event: event.tag == "resumed", round_ + 1)
        await web.inbox.one("the last message", chat(texts[-1]))
        await web.fence()
        shown = [body(s) for s in web.inbox.all(is_message) if body(s).startswith(f"round {round_}")]
        equal(shown, texts, "messages after resumption")


@scenario(
    "@xmpp/client: SASL2 with Bind 2 signs in, and a FAST token the next time",
    prosody_lacks="SASL2 (XEP-0388) in this version",
)
async def _(house: House) -> None:
    [ann] = house.people(1)
    web = house.web(ann, "web")
    await web.run()
    await web.connect()
    first_address = web.jid
    await web.leave()
    await web.connect()
    await web.ask("get", '<ping xmlns="urn:xmpp:ping"/>', to=DOMAIN)
    first, second = web.events("sign-in")
    equal(first.get("kind"), "authenticate", "kind of the first sign-in")
    check(first.get("mechanism").startswith("SCRAM-"), f"first by {first.get('mechanism')}")
    equal(second.get("mechanism"), "HT-SHA-256-NONE", "mechanism of the second sign-in")
    for address in first_address, web.jid:
        check(address.startswith(f"{ann.jid}/web"), f"bound to {address}")


@scenario("@xmpp/client: leaving ends the session at once")
async def _(house: House) -> None:
    ann, bob = house.people(2)
    web = await house.web(ann, "web").sign_in()
    friend = await house.device(bob).sign_in()
    await web.send(f'<presence to="{bob.jid}"/>')
    await friend.inbox.one("directed presence", presence(None, web.jid))
    await web.leave()
    await friend.inbox.one("unavailable presence", presence("unavailable", web.jid))
