"""Our web client in Chromium, and other people's apps: encrypted chats that both can read, and nobody between them."""

from ..checks import check, equal
import secrets
from base64 import b64decode, b64encode

from ..checks import equal
from ..house import House
from ..profanity import Profanity
from ..scenario import scenario
from ..webapp import WebApp

LACK = "our web client"


async def pair(house: House) -> tuple[WebApp, Profanity]:
    """Two of the family, one with our client and one with Profanity, which has its keys."""
    ann, bob = await house.family(2)
    window = await house.profanity(bob)
    await window.connect()
    await window.lock()
    return await house.webapp(ann), window


async def greet(app: WebApp, window: Profanity) -> None:
    """The page opens a chat and writes first: it does so once its keys are published, and Profanity asks for them but once."""
    await app.does("startChat", window.account.jid)
    await app.does("locked")
    await app.does("send", "good morning")
    await window.shows("that a message is here", "<< chat message:")


@scenario("Profanity and the web client: a chat of two is encrypted both ways", seconds=90, prosody_lacks=LACK)
async def _(house: House) -> None:
    app, window = await pair(house)
    await app.does("startChat", window.account.jid)
    await app.does("locked")
    await app.does("send", "under lock and key")
    await window.shows("that a message is here", "<< chat message:")
    await window.type(f"/omemo start {app.account.jid}")
    await window.shows("the message", "under lock and key")
    await window.type("so is the answer")
    await app.sees("so is the answer")
    for number in range(3):
        await app.does("send", f"from the page {number}")
        await window.type(f"from the terminal {number}")
    await window.shows("the last words", "from the page 2")
    await app.sees(*(f"from the terminal {number}" for number in range(3)))
    await app.does("reload")
    await app.sees("so is the answer", "from the terminal 2")
    await app.does("reply", "so is the answer", "after a reload")
    await window.shows("what the reloaded page wrote", "after a reload")
    await window.type("good to have you back")
    await app.sees("good to have you back")
    await app.leave()


@scenario("Profanity and the web client: encrypted files both ways", seconds=90, prosody_lacks=LACK)
async def _(house: House) -> None:
    app, window = await pair(house)
    ours, theirs = (secrets.token_bytes(20_000) for _ in range(2))
    await app.does("startChat", window.account.jid)
    await app.does("sendFile", "recipe.bin", "application/octet-stream", b64encode(ours).decode())
    await window.shows("that a message is here", "<< chat message:")
    await window.type(f"/omemo start {app.account.jid}")
    await window.shows("the link", "aesgcm://")
    here = window.folder / "fetched.bin"
    await window.type(f"/url save \t {here}")
    await window.shows("that it has fetched it", "done")
    equal(await window.saved(here, len(ours)), ours, "what Profanity fetched")
    there = window.folder / "notes.bin"
    there.write_bytes(theirs)
    await window.type(f"/sendfile {there}")
    equal(b64decode(await app.does("saved", there.name)), theirs, "what the page saved")
    await app.leave()


@scenario("Profanity and the web client: a closed group is encrypted for all in it", seconds=90, prosody_lacks=LACK)
async def _(house: House) -> None:
    app, window = await pair(house)
    room = await app.does("newGroup", "Surprise", window.account.jid)
    await app.does("send", "not a word to anybody")
    await window.type(f"/join {room}")
    await window.shows("what was said before it came", "not a word to anybody")  # and so it has a session
    await window.type("/omemo start")
    await window.shows("the padlock", "[OMEMO]")
    await window.type("from the terminal")
    await app.sees("from the terminal")
    await app.does("send", "from the page")
    await window.shows("the words", "from the page")
    await app.does("reload")
    await app.does("send", "and again")
    await window.shows("the words", "and again")
    await window.type("until then")
    await app.sees("until then")
    await app.leave()


async def speak(app: WebApp, window: Profanity, words: str) -> None:
    """Each says something that the other reads."""
    await window.type(f"{words}, says the terminal")
    await app.sees(f"{words}, says the terminal")
    await app.does("send", f"{words}, says the page")
    await window.shows("what the page says", f"{words}, says the page")


@scenario(
    "Profanity and the web client: Profanity loses its sessions, then its keys, and both speak again",
    seconds=120,
    prosody_lacks=LACK,
)
async def _(house: House) -> None:
    app, window = await pair(house)
    await greet(app, window)
    await window.lock_chat(app.account.jid)
    await speak(app, window, "at first")

    await window.forget("sessions.txt")
    await window.lock_chat(app.account.jid)
    await speak(app, window, "without sessions")

    await window.forget("*")
    await window.lock()
    await window.lock_chat(app.account.jid)
    await speak(app, window, "without keys")
    await app.does("notices", "writes from a new device")
    await app.leave()


@scenario(
    "Profanity and the web client: the page loses all that it knew, and both speak again",
    seconds=120,
    prosody_lacks=LACK,
)
async def _(house: House) -> None:
    app, window = await pair(house)
    await greet(app, window)
    await window.lock_chat(app.account.jid)
    await speak(app, window, "at first")

    await app.does("forget", app.account.name, app.account.password)
    await app.does("open", window.account.name)
    await app.does("notices", "Messages from before this device can only be read on the devices you had then.")
    await app.does("locked")
    await app.does("send", "who am I, asks the page")
    await window.shows("the question", "who am I, asks the page")
    await speak(app, window, "anew")
    await app.leave()
