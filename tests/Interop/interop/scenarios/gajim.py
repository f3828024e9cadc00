"""Gajim on a desktop: what a person sees who signs in and does nothing else."""

from ..checks import check
from ..house import House
from ..scenario import scenario
from ..servers import DOMAIN
from ..stanzas import CLIENT, body, is_message, name
from .rooms import enter, guest

ROOM = f"family@groups.{DOMAIN}"


@scenario(
    "Gajim: somebody new in the circle is in its room by itself, and people talk there",
    seconds=120,
    prosody_lacks="circles",
)
async def _(house: House) -> None:
    ann, bob = await house.family(2)
    member = await guest(house, ann)
    await enter(member, ROOM, "Ann")
    gajim = await house.gajim(bob)
    # The bookmark that the house has written brings it in, with no word or click of Bob's.
    there = await member.inbox.one(
        "the presence of Gajim in the room",
        lambda s: s.tag == name(CLIENT, "presence") and bob.jid in (item(s) or ""),
    )
    check((there.get("from") or "").startswith(ROOM + "/"), f"in the room as {there.get('from')}")
    member.make_message(mto=ROOM, mbody="welcome, Bob", mtype="groupchat").send()
    await gajim.hears("the welcome", "welcome, Bob", "Raise event: gc-message-received")
    await gajim.say_in(ROOM, "glad to be here")
    await member.inbox.one(
        "the answer", lambda s: is_message(s) and s.get("from") == there.get("from") and body(s) == "glad to be here"
    )


def item(presence) -> str | None:
    """The address behind an occupant."""
    found = presence.find(".//{http://jabber.org/protocol/muc#user}item")
    return None if found is None else found.get("jid")
