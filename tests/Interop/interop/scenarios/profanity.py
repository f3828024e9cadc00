"""Profanity in a terminal: an app as people use it, with its own library underneath."""

import xml.etree.ElementTree as ET

from ..archive import page
from ..checks import check
from ..house import House
from ..scenario import scenario
from ..servers import Account
from ..stanzas import chat, copied


@scenario("Profanity: two instances, on STARTTLS and on direct TLS, meet and chat", seconds=60)
async def _(house: House) -> None:
    ann, bob = house.people(2)
    left, right = await house.profanity(ann), await house.profanity(bob)
    await left.connect("force")
    await right.connect("legacy")

    await left.type(f"/roster add {bob.jid} Bobby")
    await left.shows("the new contact", f"Roster item added: {bob.jid} (Bobby)")
    await left.type(f"/sub request {bob.jid}")
    await right.shows("the request", f"Received authorization request from {ann.jid}")
    await right.type(f"/sub allow {ann.jid}")
    await left.shows("the approval", f"Subscription received from {bob.jid}")
    await right.type(f"/sub request {ann.jid}")
    await left.shows("the request", f"Received authorization request from {bob.jid}")
    await left.type(f"/sub allow {bob.jid}")
    await right.shows("the approval", f"Subscription received from {ann.jid}")
    await left.shows("the contact online", "Bobby (profanity) is online")
    await left.fence()
    await left.type("/roster")
    await left.shows("the roster", f"{bob.jid} (Bobby) - both")

    await left.type(f"/msg {bob.jid} hällo from the left")
    await right.shows("that a message is here", "<< chat message:")
    await right.type(f"/msg {ann.jid} and from the right")
    await left.shows("the answer", "and from the right")
    await right.shows("the message", "hällo from the left")
    for number in range(5):
        await left.type(f"left {number}")
        await right.type(f"right {number}")
    for window in left, right:
        await window.shows("the last words", "right 4")
        screen = await window.shows("the last words", "left 4")
        for side in "left", "right":
            places = [screen.find(f"{side} {number}") for number in range(5)]
            check(-1 not in places and places == sorted(places), f"{side} at {places}")


@scenario("Profanity: a wrong password is refused", seconds=40)
async def _(house: House) -> None:
    [ann] = house.people(1)
    window = await house.profanity(Account(ann.name, "guess"))
    await window.enter()
    await window.shows("the refusal", "Login failed.")


@scenario("Profanity: chat with slixmpp both ways", seconds=40)
async def _(house: House) -> None:
    ann, bob = house.people(2)
    window = await house.profanity(ann)
    friend = await house.device(bob).sign_in()
    await window.connect()
    await window.type(f"/msg {bob.jid} typed by hand & <sent>")
    got = await friend.inbox.one("the message", chat("typed by hand & <sent>"))
    friend.say(got.get("from"), "answered by a program")
    await window.shows("the answer", "answered by a program")


@scenario("Profanity: messages that waited are shown at sign-in", seconds=40)
async def _(house: House) -> None:
    ann, bob = house.people(2)
    friend = await house.device(bob).sign_in()
    friend.say(ann.jid, "written while you were away")
    await friend.fence()
    window = await house.profanity(ann)
    await window.connect()
    # The console may have been cleared since.
    await window.shows("a second window", "[2]")
    await window.type(f"/msg {bob.jid} now I am here")
    await window.shows("the message", "written while you were away")


@scenario("Profanity: carbons of what another device sends and gets are shown", seconds=40)
async def _(house: House) -> None:
    ann, bob = house.people(2)
    window = await house.profanity(ann)
    await window.connect()
    await window.type("/carbons on")
    await window.shows("that carbons are on", "carbons preference enabled")
    other = await house.device(ann, "other").sign_in(carbons=True)
    friend = await house.device(bob).sign_in()
    await window.type(f"/msg {bob.jid} from the terminal")
    await other.inbox.one("the carbon of it", copied("sent", "from the terminal"))
    other.say(bob.jid, "from my other device")
    await window.shows("what the other device sent", "from my other device")
    friend.say(str(other.boundjid), "to the other device")
    await window.shows("what the other device got", "to the other device")


@scenario("Profanity: it reconnects by itself after a restart of the server, and chat goes on", seconds=60)
async def _(house: House) -> None:
    ann, bob = house.people(2)
    window = await house.profanity(ann)
    await window.connect()
    await window.type("/clear")
    await house.server.restart()
    friend = await house.device(bob).sign_in()
    await window.shows("that the line is back", "Connection re-established")
    friend.say(ann.jid, "welcome back")
    await window.shows("that a message is here", "<< chat message:")
    await window.type(f"/msg {bob.jid} glad to be back")
    await friend.inbox.one("the answer", chat("glad to be back"))
    await window.shows("the message", "welcome back")


@scenario("Profanity: ping, disco and blocking by its own commands", seconds=40)
async def _(house: House) -> None:
    ann, bob = house.people(2)
    window = await house.profanity(ann)
    friend = await house.device(bob).sign_in()
    await window.connect()
    await window.fence()
    await window.type("/disco info")
    await window.shows("the features of the server", "urn:xmpp:blocking")
    await window.type(f"/blocked add {bob.jid}")
    await window.shows("the block", f"User {bob.jid} successfully blocked")
    sent = friend.say(ann.jid, "not for you")
    await friend.inbox.one("the refusal", lambda s: s.get("id") == sent and s.get("type") == "error")
    await window.type(f"/blocked remove {bob.jid}")
    await window.shows("its end", f"User {bob.jid} successfully unblocked")
    await window.type("/blocked")
    await window.shows("an empty block list", "No blocked users")


@scenario(
    "Profanity: two instances speak OMEMO, and the server carries no word of it",
    seconds=60,
    prosody_lacks="error codes (XEP-0086), without which Profanity never publishes its first device",
)
async def _(house: House) -> None:
    ann, bob = house.people(2)
    left, right = await house.profanity(ann), await house.profanity(bob)
    await left.connect()
    await right.connect()
    await left.type(f"/sub request {bob.jid}")
    await right.shows("the request", f"Received authorization request from {ann.jid}")
    await right.type(f"/sub allow {ann.jid}")
    await left.shows("the approval", f"Subscription received from {bob.jid}")
    await right.type(f"/sub request {ann.jid}")
    await left.shows("the request", f"Received authorization request from {bob.jid}")
    await left.type(f"/sub allow {bob.jid}")
    await right.shows("the approval", f"Subscription received from {ann.jid}")

    for window in left, right:
        await window.lock()
    await left.fence()  # by now PEP has told it of the other's device
    await left.type(f"/omemo start {bob.jid}")
    await left.shows("the padlock", "[OMEMO]")
    await left.type("/win 1")
    await left.shows("that it has the other's keys", f"Blind trust for {bob.jid} device")
    await left.type("/win 2")
    await left.type("under lock and key")
    await right.shows("that a message is here", "<< chat message:")
    await right.type(f"/omemo start {ann.jid}")
    await right.shows("the message", "under lock and key")
    await right.type("so is the answer")
    await left.shows("the answer", "so is the answer")

    watcher = await house.device(ann, "watcher").sign_in()
    kept = [ET.tostring(entry.message, "unicode") for entry in (await page(watcher, rsm={"max": 50})).entries]
    encrypted = [xml for xml in kept if "eu.siacs.conversations.axolotl" in xml]
    check(len(encrypted) == 2, f"{len(encrypted)} encrypted messages in the archive: {kept}")
    for xml in kept:
        check("lock and key" not in xml and "the answer" not in xml, f"in the clear: {xml}")
