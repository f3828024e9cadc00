"""slixmpp as a person's device: the peer of most scenarios."""

import asyncio
import xml.etree.ElementTree as ET

import slixmpp

from .checks import PATIENCE, Inbox, Wrong, check
from .servers import ADDRESS, Account, Server
from .stanzas import ROSTER, Match, name, presence

PLUGINS = """
    xep_0012 xep_0030 xep_0049 xep_0054 xep_0059 xep_0077 xep_0092 xep_0115 xep_0191 xep_0199
    xep_0202 xep_0203 xep_0280 xep_0297 xep_0313 xep_0352 xep_0359 xep_0363
""".split()


class SignInRefused(Exception):
    """The server took none of the mechanisms that were tried; holds the conditions it named."""

    def __init__(self, conditions: list[str]):
        super().__init__(f"sign-in refused: {', '.join(conditions) or 'no mechanism in common'}")
        self.conditions = conditions


class Device(slixmpp.ClientXMPP):
    """One slixmpp client, with every stanza it received kept in `inbox`."""

    def __init__(
        self,
        server: Server,
        account: Account,
        resource: str = "device",
        *,
        mechanism: str | None = None,
        resumable: bool = False,
    ):
        super().__init__(f"{account.jid}/{resource}", account.password, sasl_mech=mechanism)
        self.home = server
        self.account = account
        self.ca_certs = server.certificate
        self.auto_authorize, self.auto_subscribe = None, False
        if mechanism:
            self["feature_mechanisms"].sasl_callback = self._without_channel_binding
        for plugin in PLUGINS + (["xep_0198"] if resumable else []):
            self.register_plugin(plugin)
        self.mechanism_used: str | None = None
        self.inbox = Inbox(f"{account.name}/{resource}")
        self.offline = asyncio.Event()
        self.offline.set()
        self._refusals: list[str] = []
        self._outcome: asyncio.Future | None = None
        self.add_filter("in", self._received)
        self.add_event_handler("connected", lambda _: self.offline.clear())
        self.add_event_handler("disconnected", self._disconnected)
        self.add_event_handler("connection_failed", lambda why: self._settle(ConnectionError(why)))
        self.add_event_handler("failed_auth", lambda e: self._refusals.append(e["condition"]))
        self.add_event_handler("auth_success", self._authenticated)
        self.add_event_handler("stream_negotiated", lambda _: self._settle("new"))
        self.add_event_handler("session_resumed", lambda _: self._settle("resumed"))

    # slixmpp's own hooks

    async def get_dns_records(self, domain, port=None):
        """No name service knows the domain: it is where the server listens."""
        return [(domain, ADDRESS, port)]

    def _without_channel_binding(self, required: set, optional: set) -> dict:
        """With it, slixmpp says `y` (RFC 5802 §7) even where a plain mechanism was asked for."""
        return self["feature_mechanisms"]._default_credentials(
            required, optional - {"channel_binding"}
        )

    def _received(self, stanza):
        self.inbox.add(stanza.xml)
        return stanza

    def _authenticated(self, _):
        self.mechanism_used = self["feature_mechanisms"].mech.name

    def _disconnected(self, _):
        self.offline.set()
        self._settle(SignInRefused(self._refusals))

    def _settle(self, outcome) -> None:
        if self._outcome is None or self._outcome.done():
            return
        if isinstance(outcome, Exception):
            self._outcome.set_exception(outcome)
        else:
            self._outcome.set_result(outcome)

    # connecting

    async def open(self, *, direct: bool = False) -> str:
        """Connects and signs in; says whether the session is `new` or `resumed`."""
        self._refusals.clear()
        self._outcome = asyncio.get_running_loop().create_future()
        port = self.home.client_tls if direct else self.home.client
        self.connect((self.server_name, port), use_ssl=direct)
        try:
            return await asyncio.wait_for(self._outcome, PATIENCE)
        except asyncio.TimeoutError:
            raise Wrong(f"{self.inbox.owner}: no end of sign-in in {PATIENCE} s") from None
        finally:
            self._outcome = None

    @property
    def server_name(self) -> str:
        return self.requested_jid.domain

    async def sign_in(self, *, direct: bool = False, carbons: bool = False) -> "Device":
        """A new session as apps start it: roster, carbons where wanted, presence."""
        check(await self.open(direct=direct) == "new", "a fresh device resumed a session")
        await self.get_roster(timeout=PATIENCE)
        if carbons:
            await self["xep_0280"].enable(timeout=PATIENCE)
        self.send_presence()
        await self.fence()
        return self

    async def leave(self) -> None:
        """Signs out in order: stream end and TLS goodbye."""
        if not self.offline.is_set():
            await self.disconnect(wait=3)
            await self.offline.wait()

    async def cut(self) -> None:
        """Loses the connection like a phone in a lift: no stream end, no TLS goodbye."""
        self.transport.abort()
        await self.offline.wait()

    async def close(self) -> None:
        """The scenario is over: leaves nothing behind, whatever state it is in."""
        self.cancel_connection_attempt()
        try:
            await asyncio.wait_for(self.leave(), 5)
        except asyncio.TimeoutError:
            self.abort()
        if self._run_out_filters:  # slixmpp itself never ends its sending task
            self._run_out_filters.cancel()

    # asking and telling

    async def ask(self, kind: str, payload: str, to: str | None = None) -> ET.Element:
        """An IQ written out as XML; gives back the whole answer, errors as IqError."""
        iq = self.make_iq(ito=to, itype=kind)
        iq.append(ET.fromstring(payload))
        return (await iq.send(timeout=PATIENCE)).xml

    async def fence(self) -> None:
        """Back when the server has handled all that was sent, and all it had for us is here."""
        await self["xep_0199"].send_ping(self.server_name, timeout=PATIENCE)

    def say(self, to: str, text: str, extra: str = "", **attributes: str) -> str:
        """A chat message, with further elements as XML; gives back its id."""
        message = self.make_message(mto=to, mbody=text, mtype="chat")
        for key, value in attributes.items():
            message[key] = value
        if extra:
            message.append(ET.fromstring(extra))
        message.send()
        return message["id"]

    async def current_roster(self) -> dict[str, ET.Element]:
        """The roster as the server has it now."""
        answer = await self.ask("get", f'<query xmlns="{ROSTER}"/>')
        return {item.get("jid"): item for item in answer.iter(name(ROSTER, "item"))}


async def settle(*devices: Device) -> None:
    """All that these devices sent has been handled, in this order, and what it caused is here."""
    for device in devices:
        await device.fence()


async def befriend(one: Device, other: Device) -> None:
    """Mutual subscription, by the book."""
    for asker, owner in ((one, other), (other, one)):
        asker.send_presence(pto=owner.account.jid, ptype="subscribe")
        await owner.inbox.one("a subscription request", subscription("subscribe", asker))
        owner.send_presence(pto=asker.account.jid, ptype="subscribed")
        await asker.inbox.one("the approval", subscription("subscribed", owner))


def subscription(kind: str, sender: Device) -> Match:
    return presence(kind, sender.account.jid)

