"""A name service for the few domains that a run invents (RFC 1035, RFC 2782): SRV and A over UDP, on loopback."""

import asyncio
import struct

A, SRV = 1, 33
HOST = "localhost"  # where all of them are; ejabberd looks the target up in the system's own way
NAME_ERROR = 3


class NameService(asyncio.DatagramProtocol):
    """Answers for `servers`, the port of each domain's server; all else does not exist."""

    def __init__(self, servers: dict[str, int]):
        self.servers = servers
        self.port = 0
        self._transport: asyncio.DatagramTransport | None = None

    async def open(self) -> "NameService":
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=("127.0.0.1", 0)
        )
        self.port = self._transport.get_extra_info("sockname")[1]
        return self

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    def datagram_received(self, data: bytes, address) -> None:
        number, end = data[:2], data.index(b"\0", 12) + 1
        kind = struct.unpack("!H", data[end : end + 2])[0]
        question = data[12 : end + 4]
        name = ".".join(self._labels(data[12:end]))
        answer, exists = self._answer(name.lower(), kind)
        flags = 0x8180 | (0 if exists else NAME_ERROR)
        header = number + struct.pack("!HHHHH", flags, 1, 1 if answer else 0, 0, 0)
        # The answer's name is the question's, at its place behind the header.
        record = struct.pack("!HHHIH", 0xC00C, kind, 1, 1, len(answer)) + answer if answer else b""
        self._transport.sendto(header + question + record, address)

    @staticmethod
    def _labels(wire: bytes) -> list[str]:
        labels, at = [], 0
        while wire[at]:
            labels.append(wire[at + 1 : at + 1 + wire[at]].decode())
            at += 1 + wire[at]
        return labels

    def _answer(self, name: str, kind: int) -> tuple[bytes, bool]:
        service = "_xmpp-server._tcp."
        if name.startswith(service) and (domain := name[len(service) :]) in self.servers:
            target = b"".join(bytes([len(part)]) + part.encode() for part in HOST.split("."))
            data = struct.pack("!HHH", 5, 5, self.servers[domain]) + target + b"\0"
            return (data, True) if kind == SRV else (b"", True)
        if name == HOST:
            return (bytes([127, 0, 0, 1]), True) if kind == A else (b"", True)
        return b"", False
