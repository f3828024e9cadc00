"""A TURN client of our own over UDP (RFC 8489, RFC 8656), for what coturn's never say."""

import asyncio
import hashlib
import hmac
import ipaddress
import os
import struct

from .checks import Wrong

COOKIE = 0x2112A442
ALLOCATE, PERMIT, BIND = 3, 8, 9
CHANNEL, PEER, RELAYED, USERNAME, REALM, NONCE = 0x0C, 0x12, 0x16, 0x06, 0x14, 0x15
FAMILY, TRANSPORT, ERROR, INTEGRITY = 0x17, 0x19, 0x09, 0x08
UDP = (TRANSPORT, b"\x11\0\0\0")


def xor(address: bytes, transaction: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(address, struct.pack(">I", COOKIE) + transaction))


class TurnClient(asyncio.DatagramProtocol):
    """Signs its requests once it was challenged; ChannelData that comes is in `data`."""

    def __init__(self, username: str, password: str):
        self.username, self.password = username.encode(), password
        self.realm = self.nonce = b""
        self.data: asyncio.Queue[bytes] = asyncio.Queue()
        self._answers: dict[bytes, asyncio.Future] = {}

    async def open(self, host: str, port: int) -> "TurnClient":
        loop = asyncio.get_running_loop()
        self._line, _ = await loop.create_datagram_endpoint(lambda: self, remote_addr=(host, port))
        challenge = await self.ask(ALLOCATE, UDP)
        self.realm, self.nonce = challenge[REALM], challenge[NONCE]
        return self

    def close(self) -> None:
        self._line.close()

    def datagram_received(self, data: bytes, _) -> None:
        if data[0] & 0xC0:
            self.data.put_nowait(data)
        elif waiting := self._answers.pop(data[8:20], None):
            waiting.set_result(data)

    async def ask(self, method: int, *attributes: tuple[int, bytes], peer=None) -> dict[int, bytes]:
        """The attributes of the answer, and under 0 its error's code."""
        transaction = os.urandom(12)
        said = list(attributes)
        if peer:
            address, port = ipaddress.ip_address(peer[0]), peer[1] ^ (COOKIE >> 16)
            head = struct.pack(">xBH", 1 if address.version == 4 else 2, port)
            said.append((PEER, head + xor(address.packed, transaction)))
        if self.nonce:
            said += [(USERNAME, self.username), (REALM, self.realm), (NONCE, self.nonce)]
        body = b"".join(self._attribute(*each) for each in said)
        if self.nonce:
            head = struct.pack(">HHI", method, len(body) + 24, COOKIE) + transaction
            secret = b":".join((self.username, self.realm, self.password.encode()))
            key = hashlib.md5(secret).digest()
            body += self._attribute(INTEGRITY, hmac.new(key, head + body, hashlib.sha1).digest())
        answer = self._answers[transaction] = asyncio.get_running_loop().create_future()
        self._line.sendto(struct.pack(">HHI", method, len(body), COOKIE) + transaction + body)
        try:
            return self._read(await asyncio.wait_for(answer, 5))
        except asyncio.TimeoutError:
            raise Wrong(f"method {method} is not answered") from None

    async def allocate(self, *attributes: tuple[int, bytes]) -> tuple[str, int]:
        """The relayed address."""
        answer = await self.ask(ALLOCATE, UDP, *attributes)
        if answer[0]:
            raise Wrong(f"no allocation: {answer[0]}")
        value = answer[RELAYED]
        address = ipaddress.ip_address(xor(value[4:], answer[-1]))
        return str(address), struct.unpack(">H", value[2:4])[0] ^ (COOKIE >> 16)

    async def permit(self, address: str, port: int) -> int:
        return (await self.ask(PERMIT, peer=(address, port)))[0]

    async def bind(self, channel: int, address: str, port: int) -> int:
        number = (CHANNEL, struct.pack(">HH", channel, 0))
        return (await self.ask(BIND, number, peer=(address, port)))[0]

    def send(self, channel: int, payload: bytes) -> None:
        self._line.sendto(struct.pack(">HH", channel, len(payload)) + payload)

    @staticmethod
    def _attribute(kind: int, value: bytes) -> bytes:
        return struct.pack(">HH", kind, len(value)) + value + bytes(-len(value) % 4)

    @staticmethod
    def _read(message: bytes) -> dict:
        found, at = {0: 0, -1: message[8:20]}, 20
        while at < len(message):
            kind, length = struct.unpack(">HH", message[at : at + 4])
            found.setdefault(kind, message[at + 4 : at + 4 + length])
            at += 4 + length + (-length % 4)
        if error := found.get(ERROR):
            found[0] = error[2] * 100 + error[3]
        return found
