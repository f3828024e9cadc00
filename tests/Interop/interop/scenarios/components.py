"""Programs beside the house (XEP-0114), as slixmpp's ComponentXMPP makes them."""

import asyncio

import slixmpp

from ..checks import PATIENCE, Inbox, Wrong, equal
from ..device import settle
from ..house import House
from ..scenario import scenario
from ..servers import ADDRESS, COMPONENT, COMPONENT_SECRET, Server
from ..stanzas import chat


class Gateway(slixmpp.ComponentXMPP):
    """A component, with every stanza it received kept in `inbox`."""

    def __init__(self, server: Server):
        super().__init__(COMPONENT, COMPONENT_SECRET, ADDRESS, server.component)
        for plugin in ("xep_0030", "xep_0092", "xep_0199"):
            self.register_plugin(plugin)
        self.inbox = Inbox(COMPONENT)
        self._there, self._gone = asyncio.Event(), asyncio.Event()
        self.add_filter("in", self._received)
        self.add_event_handler("session_start", lambda _: self._there.set())
        self.add_event_handler("disconnected", lambda _: self._gone.set())

    def _received(self, stanza):
        self.inbox.add(stanza.xml)
        return stanza

    async def open(self) -> "Gateway":
        self.connect()
        try:
            await asyncio.wait_for(self._there.wait(), PATIENCE)
        except asyncio.TimeoutError:
            raise Wrong(f"{COMPONENT}: no handshake in {PATIENCE} s") from None
        return self

    async def close(self) -> None:
        self.cancel_connection_attempt()
        await self.disconnect(wait=3)
        await asyncio.wait_for(self._gone.wait(), PATIENCE)
        if self._run_out_filters:  # slixmpp itself never ends its sending task
            self._run_out_filters.cancel()


async def gateway(house: House) -> Gateway:
    component = Gateway(house.server)
    house.visit.push_async_callback(component.close)
    return await component.open()


@scenario("slixmpp: a component and a person exchange messages, presence and requests")
async def _(house: House) -> None:
    [ann] = await house.devices(1)
    component = await gateway(house)
    came = asyncio.get_running_loop().create_future()
    component.add_event_handler("message", lambda m: came.done() or came.set_result(m))
    ann.say(f"bob@{COMPONENT}", "Grüße")
    message = await asyncio.wait_for(came, PATIENCE)
    equal((message["from"], message["type"]), (ann.boundjid, "chat"), "message")
    message.reply("ebenfalls").send()
    await ann.inbox.one("the answer", chat("ebenfalls"))
    # As programs do that make stanzas themselves: with the component's namespace on them.
    component.send_raw(
        f'<message xmlns="jabber:component:accept" from="bob@{COMPONENT}" to="{ann.account.jid}" '
        'type="chat"><body>von Hand</body></message>'
    )
    await ann.inbox.one("the answer by hand", chat("von Hand"))
    # Whoever may ask her client must see her presence.
    ann.send_presence(pto=f"bob@{COMPONENT}")
    await component.inbox.one("her presence", lambda p: p.tag.endswith("}presence"))
    await component["xep_0199"].send_ping(
        ann.boundjid, ifrom=f"bob@{COMPONENT}", timeout=PATIENCE
    )
    await ann["xep_0199"].send_ping(COMPONENT, timeout=PATIENCE)
    info = await ann["xep_0092"].get_version(COMPONENT, timeout=PATIENCE)
    equal(info["type"], "result", "answer")
    await settle(ann)


@scenario("slixmpp: who writes to a component that is gone is told, and it may come back")
async def _(house: House) -> None:
    [ann] = await house.devices(1)
    for word in "first", "second":
        component = Gateway(house.server)
        await component.open()
        ann.say(f"bob@{COMPONENT}", word)
        await component.inbox.one(f"the {word}", lambda m: any(c.text == word for c in m))
        await component.close()
        ann.say(f"bob@{COMPONENT}", f"after the {word}")
        await ann.inbox.expect(
            "the error",
            lambda m: m.tag.endswith("}message") and m.get("type") == "error",
            count=1 if word == "first" else 2,
        )
