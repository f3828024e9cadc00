"""What a client finds before it signs in: TLS with ALPN (XEP-0368) and host-meta (XEP-0156)."""

import asyncio
import json
import xml.etree.ElementTree as ET

from .. import processes
from ..checks import check, equal
from ..house import House
from ..scenario import scenario
from ..servers import ADDRESS, DOMAIN, Server
from ..web import open_web

XRD = "{http://docs.oasis-open.org/ns/xri/xrd-1.0}"
WEBSOCKET = "urn:xmpp:alt-connections:websocket"
BOSH = "urn:xmpp:alt-connections:xbosh"
LACK = "host-meta of its own"


async def s_client(server: Server, port: int, *options: str, say: str = "", until: str) -> str:
    """openssl's own client, verifying the certificate; gives back all that it printed."""
    process = await processes.start(
        *("openssl", "s_client", "-connect", f"{ADDRESS}:{port}", "-servername", DOMAIN),
        *("-CAfile", str(server.certificate), "-verify_hostname", DOMAIN, "-verify_return_error"),
        *options,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed = ""
    try:
        process.stdin.write(say.encode())
        while until not in printed and (some := await process.stdout.read(65536)):
            printed += some.decode(errors="replace")
    finally:
        await processes.end(process, patience=2)
    return printed


HELLO = (
    f"<stream:stream to='{DOMAIN}' version='1.0' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams'>"
)


@scenario("openssl: direct TLS negotiates ALPN xmpp-client, and a stream begins inside")
async def _(house: House) -> None:
    for version in "-tls1_2", "-tls1_3":
        port = house.server.client_tls
        options = "-alpn", "xmpp-client", version
        printed = await s_client(
            house.server, port, *options, say=HELLO, until="</stream:features>"
        )
        check("ALPN protocol: xmpp-client" in printed, f"no ALPN with {version}")
        check("Verify return code: 0 (ok)" in printed, f"certificate with {version}")
        check("<stream:features" in printed, f"no stream features with {version}")
        check("SCRAM-SHA-256" in printed, f"no mechanisms with {version}")


@scenario("openssl: STARTTLS leads to the same certificate")
async def _(house: House) -> None:
    printed = await s_client(
        house.server,
        house.server.client,
        *("-starttls", "xmpp", "-xmpphost", DOMAIN),
        say=HELLO,
        until="</stream:features>",
    )
    check("Verify return code: 0 (ok)" in printed, "certificate")
    check("SCRAM-SHA-256" in printed, "no mechanisms after STARTTLS")


@scenario("openssl: TLS 1.1 is refused")
async def _(house: House) -> None:
    printed = await s_client(
        house.server,
        house.server.client_tls,
        *("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"),
        until="Verify return code",
    )
    check("New, (NONE), Cipher is (NONE)" in printed, "a session was made")


@scenario("host-meta: both forms name the WebSocket and BOSH addresses", prosody_lacks=LACK)
async def _(house: House) -> None:
    wanted = {
        (WEBSOCKET, f"wss://{DOMAIN}:{house.server.https}/xmpp-websocket"),
        (BOSH, f"https://{DOMAIN}:{house.server.https}/http-bind"),
    }
    async with open_web(house.server) as web:
        async with web.get(f"{house.server.site}/.well-known/host-meta") as answer:
            equal(answer.status, 200, "status of host-meta")
            equal(answer.content_type, "application/xrd+xml", "type of host-meta")
            equal(answer.headers.get("Access-Control-Allow-Origin"), "*", "origins of host-meta")
            equal(links_of_xrd(await answer.text()) & wanted, wanted, "links in host-meta")
        async with web.get(f"{house.server.site}/.well-known/host-meta.json") as answer:
            equal(answer.status, 200, "status of host-meta.json")
            check("json" in answer.content_type, f"type of host-meta.json {answer.content_type}")
            origins = answer.headers.get("Access-Control-Allow-Origin")
            equal(origins, "*", "origins of host-meta.json")
            equal(links_of_json(await answer.text()) & wanted, wanted, "links in host-meta.json")


@scenario("host-meta: the addresses come from the settings, not from the request", prosody_lacks=LACK)
async def _(house: House) -> None:
    async with open_web(house.server) as web:
        for path in "host-meta", "host-meta.json":
            url = f"{house.server.site}/.well-known/{path}"
            async with web.get(url, headers={"Host": "evil.example"}) as answer:
                check("evil.example" not in await answer.text(), f"{path} repeats the Host header")


@scenario("host-meta: its reader understands the examples of the specification")
async def _(_: House) -> None:
    wanted = {(BOSH, "https://web.example.com:5280/bosh"), (WEBSOCKET, "wss://web.example.com/ws")}
    links = "".join(f"<Link rel='{rel}' href='{href}'/>" for rel, href in wanted)
    equal(links_of_xrd(f"<XRD xmlns='{XRD[1:-1]}'>{links}</XRD>"), wanted, "XRD")
    document = {"links": [{"rel": rel, "href": href} for rel, href in wanted]}
    equal(links_of_json(json.dumps(document)), wanted, "JSON")


def links_of_xrd(text: str) -> set[tuple[str | None, str | None]]:
    return {(link.get("rel"), link.get("href")) for link in ET.fromstring(text).iter(f"{XRD}Link")}


def links_of_json(text: str) -> set[tuple[str | None, str | None]]:
    return {(link.get("rel"), link.get("href")) for link in json.loads(text)["links"]}
