"""One port for all: what people bring, all on the port of HTTPS at the same time, each with a connection of its own."""

import json
import os
from base64 import b64encode
from pathlib import Path

from ..checks import check
from ..house import House
from ..scenario import scenario
from ..servers import ADDRESS, DOMAIN, Account
from ..tool import Tool, connections
from .calls import meeting, services
from .discovery import HELLO

PAGE = Path(__file__).parents[1] / "page.mjs"
FRAMED = f"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='{DOMAIN}' version='1.0'/>"
FENCE = f"<iq xmlns='jabber:client' type='get' id='fence' to='{DOMAIN}'><ping xmlns='urn:xmpp:ping'/></iq>"
BIND = "<iq xmlns='jabber:client' type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
PRESENCE = "<presence xmlns='jabber:client'/>"


def message(to: Account, text: str) -> str:
    return f"<message xmlns='jabber:client' type='chat' to='{to.jid}'><body>{text}</body></message>"


def plain(account: Account) -> str:
    secret = b64encode(f"\0{account.name}\0{account.password}".encode()).decode()
    return f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>"


async def sign_in(tool: Tool, account: Account, opening: str) -> None:
    for line, what, text in (
        (opening, "the mechanisms", "SCRAM-SHA-256"),
        (plain(account), "that it is signed in", "<success"),
        (opening, "the features after", "urn:ietf:params:xml:ns:xmpp-bind"),
        (BIND, "its address", f"{account.jid}/"),
    ):
        tool.say(line)
        await tool.prints(what, text)
    tool.say(PRESENCE)
    tool.say(FENCE)
    await tool.prints("the answer to ping", "fence")


async def openssl(house: House, account: Account) -> Tool:
    """Somebody by openssl's own client."""
    tool = Tool("openssl")
    house.visit.push_async_callback(tool.close)
    await tool.start(
        *("openssl", "s_client", "-connect", f"{ADDRESS}:{house.server.https}", "-servername", DOMAIN),
        *("-CAfile", str(house.server.certificate), "-verify_hostname", DOMAIN, "-verify_return_error"),
        *("-alpn", "xmpp-client"),
    )
    await sign_in(tool, account, HELLO)
    check("ALPN protocol: xmpp-client" in tool.printed, "no ALPN with openssl")
    return tool


async def chromium(house: House, account: Account) -> Tool:
    """Somebody in a page of the home."""
    stream = f"{house.server.site.replace('https', 'wss')}/xmpp-websocket"
    wanted = {"site": house.server.site, "stream": stream, "certificate": house.server.pin}
    tool = Tool("Chromium")
    house.visit.push_async_callback(tool.close)
    await tool.start("node", str(PAGE), env=os.environ | {"INTEROP_PAGE": json.dumps(wanted)})
    await tool.prints("its page", "page 200 by h2", patience=20)
    await sign_in(tool, account, FRAMED)
    return tool


class Curl:
    """Somebody whose app is curl: BOSH (XEP-0124), request by request."""

    def __init__(self, house: House, form: str):
        self.house, self.form = house, form
        self.rid, self.sid = 1000, ""

    async def post(self, inside: str = "", **attributes: str) -> Tool:
        """A request that may take a while to be answered."""
        self.rid += 1
        attributes |= {"rid": str(self.rid)} | ({"sid": self.sid} if self.sid else {})
        names = " ".join(f"{key.replace('__', ':')}='{value}'" for key, value in attributes.items())
        body = f"<body xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh' {names}>{inside}</body>"
        tool = Tool(f"curl {self.form}")
        self.house.visit.push_async_callback(tool.close)
        return await tool.start(
            *("curl", "-sSv", self.form, "--cacert", str(self.house.server.certificate)),
            *("--resolve", f"{DOMAIN}:{self.house.server.https}:{ADDRESS}", "--data-binary", body),
            *("-H", "Content-Type: text/xml; charset=utf-8", "-w", "\nended %{http_code} by %{http_version}\n"),
            f"{self.house.server.site}/http-bind",
        )

    async def ask(self, inside: str = "", **attributes: str) -> str:
        said = await (await self.post(inside, **attributes)).prints("its answer", "\nended ")
        check("\nended 200 by " in said, f"curl {self.form}: {said[-300:]}")
        return said

    async def sign_in(self, account: Account) -> "Curl":
        session = {"to": DOMAIN, "wait": "60", "hold": "1", "ver": "1.6", "xmpp__version": "1.0"}
        begun = await self.ask(**session)
        for quote in "'\"":
            if f" sid={quote}" in begun:
                self.sid = begun.split(f" sid={quote}", 1)[1].split(quote, 1)[0]
        check("<success" in await self.ask(plain(account)), "no success by BOSH")
        await self.ask(to=DOMAIN, xmpp__restart="true")
        said = await self.ask(BIND + PRESENCE + FENCE)
        while "fence" not in said:
            said += await self.ask()
        return self

    async def wait(self) -> Tool:
        """The request that the server holds until there is something to tell."""
        held = await self.post()
        await held.prints("that it asks", "> POST /http-bind")
        return held


@scenario(
    "one port: openssl, curl, Profanity, uclients and Chromium are all on the port of HTTPS at once",
    seconds=90,
    prosody_lacks="one port for all",
)
async def _(house: House) -> None:
    port = house.server.https
    ann, bob, carol, dave, erin = house.people(5)
    stream = await openssl(house, carol)
    page = await chromium(house, bob)
    window = await house.profanity(ann)
    await window.connect("legacy", port)
    polls = {}
    for form, who in ("--http2", dave), ("--http1.1", erin):
        polls[form] = await (await Curl(house, form).sign_in(who)).wait()
    call = Tool("uclient")
    house.visit.push_async_callback(call.close)
    await call.start(*meeting((await services(house))["turns tcp on the web's port"], "-n", "1500"))
    await call.prints("that its relays are there", "tot_recv_msgs=")

    pids = {tool.name: tool.process.pid for tool in (stream, page, call, *polls.values())}
    for name, pid in (pids | {"Profanity": window.terminal.pid}).items():
        check(connections(pid, port), f"{name} has no connection to the port")

    await window.type(f"/msg {bob.jid} typed in a terminal")
    await page.prints("what was typed", "typed in a terminal")
    page.say(message(ann, "answered in a page"))
    await window.shows("the answer", "answered in a page")
    await window.type(f"/msg {carol.jid} to openssl")
    await stream.prints("the message", "to openssl")
    for form, who, version in ("--http2", dave, "2"), ("--http1.1", erin, "1.1"):
        await window.type(f"/msg {who.jid} to curl {form}")
        said = await polls[form].prints("its answer", "\nended ")
        check(f"to curl {form}" in said and f"ended 200 by {version}\n" in said, said[-300:])
    check("Total lost packets 0 (0.000000%)" in await call.prints("its end", "Total lost packets 0 (", 30), "lost")
    check(connections(stream.process.pid, port) and connections(page.process.pid, port), "who stays is gone")
