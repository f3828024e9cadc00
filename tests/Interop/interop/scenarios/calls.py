"""The relay for calls (XEP-0215, RFC 8656): coturn's own clients, and two pages of Chromium."""

import asyncio
import json
import os
import re
from dataclasses import dataclass, fields, replace
from pathlib import Path

from .. import processes
from ..checks import Wrong, check, equal
from ..house import House
from ..scenario import scenario
from ..servers import ADDRESS, DOMAIN
from ..stun import FAMILY, TurnClient

SERVICES = "urn:xmpp:extdisco:2"
CALL = Path(__file__).parents[1] / "call.mjs"
LACK = "a relay of its own"


@dataclass(frozen=True)
class Service:
    """What a client is told, and how coturn's tools are told the same."""

    type: str
    transport: str
    host: str
    port: str
    username: str
    password: str

    @property
    def url(self) -> str:
        return f"{self.type}:{self.host}:{self.port}?transport={self.transport}"

    @property
    def flags(self) -> list[str]:
        over = {"turn udp": [], "turn tcp": ["-t"], "turns tcp": ["-t", "-S"]}
        return over[f"{self.type} {self.transport}"] + ["-p", self.port]


async def services(house: House) -> dict[str, Service]:
    """As a person's app finds them: by type and transport."""
    [ann] = house.people(1)
    device = await house.device(ann).sign_in()
    answer = await device.ask("get", f'<services xmlns="{SERVICES}"/>', to=DOMAIN)
    found = {}
    for each in answer.iter(f"{{{SERVICES}}}service"):
        equal(each.get("host"), DOMAIN, "host of the services")
        service = Service(*(each.get(field.name, "") for field in fields(Service)))
        web = " on the web's port" if service.port == str(house.server.https) else ""
        found[f"{service.type} {service.transport}{web}"] = service
    return found


def meeting(service: Service, *more: str) -> tuple[str, ...]:
    """The command for two of coturn's clients that call each other by relayed addresses (-y)."""
    return (
        *("turnutils_uclient", "-y", "-c", "-m", "1", "-l", "172", "-z", "5"),
        *("-u", service.username, "-w", service.password, "-L", ADDRESS),
        *(*service.flags, *more, ADDRESS),
    )


async def uclient(service: Service, *more: str) -> str:
    """Two of coturn's clients meet; what they printed."""
    client = await processes.start(
        *meeting(service, "-n", "20", *more),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        printed, _ = await asyncio.wait_for(client.communicate(), 15)
    except asyncio.TimeoutError:
        raise Wrong("uclient does not come to its end") from None
    finally:
        await processes.end(client, patience=1)
    return printed.decode(errors="replace")


async def refused(service: Service, error: str, *more: str) -> None:
    """The client gets this error; it would try again for ever."""
    client = await processes.start(
        *("turnutils_uclient", "-c", "-m", "1", "-n", "5", "-L", ADDRESS),
        *("-u", service.username, "-w", service.password, *service.flags, *more, ADDRESS),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    seen = ""
    try:
        while error not in seen:
            line = (await client.stdout.readline()).decode(errors="replace")
            check(line, f"no {error}: {seen[-300:]}")
            seen += line
    finally:
        await processes.end(client, patience=1)


@scenario("coturn: stunclient learns its own address", prosody_lacks=LACK)
async def _(house: House) -> None:
    stun = (await services(house))["stun udp"]
    equal(stun.username, "", "credential for STUN")
    printed = await processes.run("turnutils_stunclient", "-p", stun.port, ADDRESS)
    check(re.search(rf"UDP reflexive addr: {re.escape(ADDRESS)}:\d+", printed), printed)


for way in "turn udp", "turn tcp", "turns tcp", "turns tcp on the web's port":

    @scenario(
        f"coturn: two uclients meet through the relay by {way}, and nothing is lost",
        prosody_lacks=LACK,
    )
    async def _(house: House, way: str = way) -> None:
        service = (await services(house))[way]
        for sending in (), ("-s",):
            printed = await uclient(service, *sending)
            check("Total lost packets 0 (0.000000%)" in printed, printed[-300:])

    @scenario(
        f"Chromium: two pages see each other through the relay by {way}",
        seconds=40,
        prosody_lacks=LACK,
    )
    async def _(house: House, way: str = way) -> None:
        service = (await services(house))[way]
        by = "tls" if service.type == "turns" else service.transport
        credential = {"username": service.username, "credential": service.password}
        # For names under localhost Chromium asks nobody, and takes ::1 for UDP, where no server is.
        url = service.url if by == "tls" else service.url.replace(DOMAIN, ADDRESS)
        server = {"urls": [url], **credential}
        wanted = {"iceServers": [server], "certificate": house.server.pin}
        printed = await processes.run(
            "node", str(CALL), env=os.environ | {"INTEROP_CALL": json.dumps(wanted)}, timeout=38
        )
        told = json.loads(printed)
        check("fault" not in told, printed)
        for person in "ann", "bob":
            pair = told[person]
            seen = (pair["local"], pair["remote"], pair["by"])
            equal(seen, ("relay", "relay", by), f"{person}'s way")


@scenario("coturn: the box's own network is no peer", prosody_lacks=LACK)
async def _(house: House) -> None:
    service = (await services(house))["turn udp"]
    await refused(service, "error 403", "-e", ADDRESS, "-r", str(house.server.client))


@scenario("coturn: TCP to peers is off, and a wrong password is nobody", prosody_lacks=LACK)
async def _(house: House) -> None:
    service = (await services(house))["turn tcp"]
    await refused(service, "error 442", "-T", "-y")
    await refused(replace(service, password="guess"), "Cannot complete Allocation", "-y")


FORBIDDEN = """
    127.0.0.1 127.1.2.3 0.0.0.0 0.1.2.3 10.1.2.3 172.16.0.9 192.168.1.1 100.64.0.9 169.254.169.254
    192.0.0.8 192.0.2.9 192.88.99.1 198.18.0.9 198.51.100.9 203.0.113.9 224.0.0.1 240.0.0.1
    255.255.255.255
""".split()
FORBIDDEN_V6 = """
    :: ::1 ::ffff:127.0.0.1 ::ffff:9.9.9.9 ::7f00:1 64:ff9b::7f00:1 64:ff9b::909:909 2002:7f00:1::1
    2001:0:7f00:1::1 2001:db8::1 fe80::1 fec0::1 fc00::1 fd12:3456::1 ff02::1
""".split()


async def clients(house: House, count: int) -> list[TurnClient]:
    found = (await services(house))["turn udp"]
    opened = []
    for _ in range(count):
        client = await TurnClient(found.username, found.password).open(ADDRESS, int(found.port))
        house.visit.callback(client.close)
        opened.append(client)
    return opened


@scenario("TURN: no forbidden peer is accepted in any form, and the world is", prosody_lacks=LACK)
async def _(house: House) -> None:
    four, six = await clients(house, 2)
    await four.allocate()
    await six.allocate((FAMILY, b"\x02\0\0\0"))
    for client, forbidden, world in (four, FORBIDDEN, "9.9.9.9"), (six, FORBIDDEN_V6, "2620:fe::9"):
        for number, address in enumerate(forbidden):
            equal(await client.permit(address, 5000), 403, f"permission for {address}")
            equal(await client.bind(0x4000 + number, address, 5000), 403, f"channel to {address}")
        equal(await client.permit(world, 5000), 0, f"permission for {world}")
        equal(await client.bind(0x4F00, world, 5000), 0, f"channel to {world}")
    equal(await four.permit("2620:fe::9", 5000), 443, "IPv6 peer of an IPv4 allocation")
    for port in house.server.client, house.server.https, house.server.relay:
        equal(await four.permit(ADDRESS, port), 403, f"the box's own port {port}")


@scenario("TURN: a burst of all sizes arrives whole and in order", prosody_lacks=LACK)
async def _(house: House) -> None:
    ann, bob = await clients(house, 2)
    ann_at, bob_at = await ann.allocate(), await bob.allocate()
    equal(await ann.bind(0x4001, *bob_at), 0, "ann's channel")
    equal(await bob.bind(0x4002, *ann_at), 0, "bob's channel")
    # Runs of one length, shorter and longer ones between them, empty and the longest.
    sizes = [172] * 20 + [100] + [1200] * 20 + [1201, 1199, 0, 0, 1, 1] + [60000] + [172] * 10
    for first in range(0, len(sizes), 30):
        numbered = enumerate(sizes[first : first + 30], first)
        burst = [bytes([number & 0xFF]) * size for number, size in numbered]
        for payload in burst:
            ann.send(0x4001, payload)
        for number, payload in enumerate(burst, first):
            data = await asyncio.wait_for(bob.data.get(), 5)
            wanted = b"\x40\x02" + len(payload).to_bytes(2, "big") + payload
            check(data == wanted, f"datagram {number}: {len(data)} bytes instead of {len(wanted)}")
