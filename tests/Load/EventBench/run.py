"""What one delivery costs the server: a message in a room of fifty, and a PEP publish to fifty sessions.

    KITH=/path/to/kith python3 tests/Load/EventBench/run.py [MESSAGES]

Both in one process of the published program, four in flight, and a second time the other way round. CPU is the
server's alone, from the kernel; every recipient must get each message once, or the run does not count.
"""

import asyncio
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Interop"))

from interop.device import Device, settle  # noqa: E402
from interop.servers import DOMAIN, Account, Kith  # noqa: E402

CROWD, IN_FLIGHT = 50, 4
NODE = "urn:kith:bench:0"
ROOM = f"bench@groups.{DOMAIN}"


class Listener(Device):
    """Counts, and keeps nothing: an inbox of thousands would be what is measured."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.got, self.told = Counter(), lambda number: None

    def _received(self, stanza):
        number = stanza.xml.find(f".//{{{NODE}}}n")
        if number is not None:
            self.got[number.text] += 1
            self.told(number.text)
        else:
            self.inbox.add(stanza.xml)
        return None if number is not None else stanza


def cpu(pid: int) -> float:
    """Seconds that the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(name: str, pid: int, audience: list[Listener], send, messages: int) -> float:
    """µs of the server's CPU per delivery."""
    missing, slots = Counter(), asyncio.Semaphore(IN_FLIGHT)

    def told(number: str) -> None:
        missing[number] -= 1
        if missing[number] == 0:
            slots.release()

    async def run(first: int, count: int) -> None:
        for number in map(str, range(first, first + count)):
            await asyncio.wait_for(slots.acquire(), 30)
            missing[number] = len(audience)
            send(f"<n xmlns='{NODE}'>{number}</n>")
        for _ in range(IN_FLIGHT):
            await asyncio.wait_for(slots.acquire(), 30)
        for _ in range(IN_FLIGHT):
            slots.release()

    for each in audience:
        each.got.clear()
        each.told = told
    await run(0, messages // 2)  # warm
    before = cpu(pid)
    await run(messages, messages)
    cost = (cpu(pid) - before) / (messages * len(audience)) * 1e6
    wrong = sum(1 for each in audience for times in each.got.values() if times != 1)
    assert not wrong and all(len(each.got) == messages // 2 + messages for each in audience), name
    print(f"{name:28} {cost:6.1f} µs of CPU per delivery, {cost * len(audience):6.0f} per message", flush=True)
    return cost


async def bench(server: Kith, messages: int) -> None:
    people = [Account(f"bench{number}", f"secret{number}") for number in range(CROWD)]
    lines = "".join(f"{each.name}:{each.password}\n" for each in people)
    await server.command("circle", "create", "Bench")
    await server.command("user", "import", "-", "--circle", "Bench", stdin=lines)
    crowd = [Listener(server, each) for each in people]
    for device in crowd:
        for plugin in "xep_0004 xep_0045 xep_0060 xep_0163".split():
            device.register_plugin(plugin)
        device["xep_0163"].add_interest(NODE)
    for device in crowd:
        await device.sign_in()
        await device["xep_0115"].update_caps()  # slixmpp hashed its features before it had them all
        device.send_presence()
    speaker = crowd[0]
    for device in crowd:
        await device["xep_0045"].join_muc_wait(ROOM, device.account.name, maxstanzas=0, timeout=30)
    await settle(*crowd)

    def publish(payload: str) -> None:
        speaker.send_raw(
            f"<iq type='set' id='b'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='{NODE}'>"
            f"<item id='current'>{payload}</item></publish></pubsub></iq>"
        )

    def talk(payload: str) -> None:
        speaker.send_raw(f"<message type='groupchat' to='{ROOM}'><body>now</body>{payload}</message>")

    pid, costs = server.process.pid, {}
    for name, send in [("room", talk), ("PEP", publish), ("PEP again", publish), ("room again", talk)]:
        costs[name] = await measure(name, pid, crowd, send, messages)
    ratio = (costs["PEP"] + costs["PEP again"]) / (costs["room"] + costs["room again"])
    print(f"PEP costs {ratio:.2f} of the room")
    for device in crowd:
        device.abort()


async def main() -> None:
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory(prefix="kith-events-") as work:
        server = Kith(Path(work), os.environ["KITH"], Limits__StanzasPerSecond=0)
        await server.start()
        try:
            await bench(server, messages)
        finally:
            await server.stop()


asyncio.run(main())
