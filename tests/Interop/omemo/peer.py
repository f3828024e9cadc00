"""A device of Debian's python3-oldmemo and python3-twomemo, driven by lines of JSON.

In come commands {"id", "do", ...} and answers {"answer", "value"}; out go results {"id", "value"} or {"id", "error"},
and questions {"ask", "id", ...} about what is published, which the other side of the pipe keeps.
"""

import asyncio
import json
import sys
import xml.etree.ElementTree as ET

import oldmemo
import oldmemo.etree
import omemo
import twomemo
import twomemo.etree
from omemo.storage import Just, Nothing

AXOLOTL = oldmemo.oldmemo.NAMESPACE
OMEMO2 = twomemo.twomemo.NAMESPACE
FORMS = {AXOLOTL: oldmemo.etree, OMEMO2: twomemo.etree}


class Memory(omemo.Storage):
    def __init__(self):
        super().__init__(disable_cache=True)
        self.rows = {}

    async def _load(self, key):
        return Just(json.loads(self.rows[key])) if key in self.rows else Nothing()

    async def _store(self, key, value):
        self.rows[key] = json.dumps(value)

    async def _delete(self, key):
        self.rows.pop(key, None)


class Pipe:
    def __init__(self):
        self.waiting = {}
        self.asked = 0

    def write(self, line):
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()

    async def ask(self, what, **details):
        self.asked += 1
        answer = self.waiting[self.asked] = asyncio.get_running_loop().create_future()
        self.write({"ask": what, "id": self.asked, **details})
        return await answer


def sce(body, sender, to):
    envelope = ET.Element("{urn:xmpp:sce:1}envelope")
    content = ET.SubElement(envelope, "{urn:xmpp:sce:1}content")
    ET.SubElement(content, "{jabber:client}body").text = body
    ET.SubElement(envelope, "{urn:xmpp:sce:1}rpad").text = "x" * 17
    ET.SubElement(envelope, "{urn:xmpp:sce:1}from", {"jid": sender})
    ET.SubElement(envelope, "{urn:xmpp:sce:1}to", {"jid": to})
    return ET.tostring(envelope)


def manager(pipe):
    class Manager(omemo.SessionManager):
        @staticmethod
        async def _upload_bundle(bundle):
            await pipe.ask("publishBundle", namespace=bundle.namespace, device=bundle.device_id,
                           xml=ET.tostring(FORMS[bundle.namespace].serialize_bundle(bundle), "unicode"))

        @staticmethod
        async def _download_bundle(namespace, bare_jid, device_id):
            xml = await pipe.ask("fetchBundle", namespace=namespace, jid=bare_jid, device=device_id)
            if xml is None:
                raise omemo.BundleNotFound()
            return FORMS[namespace].parse_bundle(ET.fromstring(xml), bare_jid, device_id)

        @staticmethod
        async def _delete_bundle(namespace, device_id):
            raise NotImplementedError

        @staticmethod
        async def _upload_device_list(namespace, device_list):
            await pipe.ask("publishDevices", namespace=namespace,
                           xml=ET.tostring(FORMS[namespace].serialize_device_list(device_list), "unicode"))

        @staticmethod
        async def _download_device_list(namespace, bare_jid):
            xml = await pipe.ask("fetchDevices", namespace=namespace, jid=bare_jid)
            return {} if xml is None else FORMS[namespace].parse_device_list(ET.fromstring(xml))

        async def _evaluate_custom_trust_level(self, device):
            return omemo.TrustLevel(device.trust_level_name)

        async def _make_trust_decision(self, undecided, identifier):
            for device in undecided:
                await self.set_trust(device.bare_jid, device.identity_key, "TRUSTED")

        @staticmethod
        async def _send_message(message, bare_jid):
            await pipe.ask("send", to=bare_jid, xml=ET.tostring(FORMS[message.namespace].serialize_message(message), "unicode"))

    return Manager


class Peer:
    def __init__(self, pipe):
        self.pipe = pipe

    async def start(self, jid, namespaces, label=None):
        storage = Memory()
        made = {AXOLOTL: oldmemo.Oldmemo, OMEMO2: twomemo.Twomemo}
        self.jid = jid
        self.manager = await manager(self.pipe).create(
            [made[namespace](storage) for namespace in namespaces], storage, jid, label, "UNDECIDED")
        await self.manager.after_history_sync()
        device, _ = await self.manager.get_own_device_information()
        return {"device": device.device_id, "fingerprint": omemo.identity_key_pair.xeddsa.ed25519_pub_to_curve25519_pub(device.identity_key).hex()}

    async def devices(self, jid, namespace):
        await self.manager.refresh_device_list(namespace, jid)

    async def encrypt(self, to, body, namespaces):
        plain = {AXOLOTL: body.encode(), OMEMO2: sce(body, self.jid, to)}
        messages, errors = await self.manager.encrypt(
            frozenset({to}), {namespace: plain[namespace] for namespace in namespaces}, namespaces)
        if errors:
            raise RuntimeError(repr(errors))
        return [ET.tostring(FORMS[message.namespace].serialize_message(message), "unicode") for message in messages]

    async def decrypt(self, xml, sender):
        element = ET.fromstring(xml)
        if element.tag.startswith("{" + AXOLOTL):
            message = await oldmemo.etree.parse_message(element, sender, self.jid, self.manager)
        else:
            message = twomemo.etree.parse_message(element, sender)
        plain, device, _ = await self.manager.decrypt(message)
        if plain is None:
            return {"device": device.device_id, "body": None}
        if message.namespace == OMEMO2:
            envelope = ET.fromstring(plain)
            return {
                "device": device.device_id,
                "body": envelope.find("{urn:xmpp:sce:1}content/{jabber:client}body").text,
                "from": envelope.find("{urn:xmpp:sce:1}from").get("jid"),
                "padded": len(envelope.find("{urn:xmpp:sce:1}rpad").text),
            }
        return {"device": device.device_id, "body": plain.decode()}


async def main():
    pipe = Pipe()
    peer = Peer(pipe)
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=2**24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    tasks = set()

    async def run(line):
        number, what = line.pop("id"), line.pop("do")
        try:
            pipe.write({"id": number, "value": await getattr(peer, what)(**line)})
        except Exception as error:  # whatever it is, the other side must hear of it
            pipe.write({"id": number, "error": f"{type(error).__name__}: {error}"})

    while text := await reader.readline():
        line = json.loads(text)
        if "answer" in line:
            pipe.waiting.pop(line["answer"]).set_result(line["value"])
        else:
            task = loop.create_task(run(line))
            tasks.add(task)
            task.add_done_callback(tasks.discard)


asyncio.run(main())
