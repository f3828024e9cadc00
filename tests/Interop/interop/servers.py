"""The server under test: Kith's published program, or Prosody to prove the scenarios themselves."""

import asyncio
import hashlib
import json
import os
import re
import ssl
from abc import ABC, abstractmethod
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from . import processes

DOMAIN = "kith.localhost"
ADDRESS = "127.0.0.1"
COMPONENT = f"gateway.{DOMAIN}"
COMPONENT_SECRET = "sesame-open"
STOP_SECONDS = 12  # ten are promised


@dataclass(frozen=True)
class Account:
    name: str
    password: str

    @property
    def jid(self) -> str:
        return f"{self.name}@{DOMAIN}"


class Server(ABC):
    """One server on loopback with a fresh data directory; a restart keeps ports and data."""

    kind: str

    def __init__(self, work: Path):
        self.data = work / "data"
        self.data.mkdir(mode=0o700)
        self.output = work / "server.log"
        self.push_certificate, self.push_key = work / "push.pem", work / "push.key"
        self.certificate = work / "certificate.pem"
        ports = processes.free_ports(6)
        self.client, self.client_tls, self.https, self.component, self.relay, self.relay_tls = ports
        self.process: asyncio.subprocess.Process | None = None

    @property
    def site(self) -> str:
        return f"https://{DOMAIN}:{self.https}"

    @property
    def pin(self) -> str:
        """The hash that Chromium knows the home's certificate by."""
        certificate = x509.load_pem_x509_certificate(self.certificate.read_bytes())
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b64encode(hashlib.sha256(key).digest()).decode()

    @abstractmethod
    async def _launch(self, log) -> asyncio.subprocess.Process: ...

    @abstractmethod
    async def add(self, accounts: list[Account]) -> None:
        """Makes members who are in no circle and nobody's contact."""

    @abstractmethod
    async def invite(self, *, inviter: Account | None = None) -> str:
        """An invite's token, good for one account."""

    async def start(self) -> None:
        with self.output.open("ab") as log:
            self.process = await self._launch(log)
        for port in (self.client, self.client_tls, self.https, self.component):
            await processes.listening(port, self.process)

    async def stop(self) -> None:
        process, self.process = self.process, None
        if not await processes.end(process, patience=STOP_SECONDS):
            raise RuntimeError(f"still there {STOP_SECONDS} s after SIGTERM, and so was killed")

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def gone(self) -> str | None:
        """What became of a server that should be running, None where all is well."""
        if self.process is None:
            return "the server was stopped and did not start again"
        code = self.process.returncode
        return None if code is None else f"the server ended with {code}"

    def faults(self, since: int) -> list[str]:
        """Errors that the server logged after the given size of its log."""
        return []

    def log_size(self) -> int:
        return self.output.stat().st_size if self.output.exists() else 0


class Kith(Server):
    kind = "kith"
    _FAULT = re.compile(r"\b(ERR|FTL|Error|Fatal|Unhandled exception)\b[\]:.]")

    def __init__(self, work: Path, program: str, **settings: object):
        """`settings` by their keys, with `__` for the colon: `Limits__StanzasPerSecond=0`."""
        super().__init__(work)
        self.program = program
        self.settings = {key.replace("__", ":"): value for key, value in settings.items()}

    async def start(self) -> None:
        await super().start()
        if not self.certificate.exists():
            pem = await asyncio.to_thread(ssl.get_server_certificate, (ADDRESS, self.client_tls))
            self.certificate.write_text(pem)

    async def _make_push_certificate(self) -> None:
        """For push services on loopback; it is the only root that the server trusts here."""
        await processes.run(
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(self.push_key), "-out", str(self.push_certificate)),
        )

    async def _launch(self, log) -> asyncio.subprocess.Process:
        if not self.push_certificate.exists():
            await self._make_push_certificate()
        settings = {
            "Domain": DOMAIN,
            "Public:Url": self.site,
            "Tls:Mode": "self-signed",
            "Federation:Mode": "off",
            "Listen:Address": ADDRESS,
            "Listen:Https": self.https,
            "Listen:Client": self.client,
            "Listen:ClientTls": self.client_tls,
            "Listen:Component": self.component,
            "Listen:Relay": self.relay,
            "Listen:RelayTls": self.relay_tls,
            "Components": f"{COMPONENT}={COMPONENT_SECRET}",
            "Push:AllowPrivateAddresses": "true",
            **{f"Listen:{off}": 0 for off in ("Http", "Server", "ServerTls")},
            **self.settings,
        }
        pairs = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
        return await processes.start(
            *(self.program, "run", "--data", str(self.data), *pairs),
            stdout=log,
            stderr=log,
            env=os.environ | {"SSL_CERT_FILE": str(self.push_certificate)},
        )

    async def command(self, *words: str, stdin: str = "") -> str:
        return await processes.run(
            self.program, *words[:2], "--data", str(self.data), *words[2:], stdin=stdin
        )

    async def add(self, accounts: list[Account]) -> None:
        lines = "".join(f"{each.name}:{each.password}\n" for each in accounts)
        await self.command("user", "import", "-", stdin=lines)

    async def add_to_family(self, account: Account) -> None:
        """`user add`, whose accounts are in the circle Family, unlike imported ones."""
        await self.command(
            "user", "add", account.name, "--password-stdin", stdin=account.password + "\n"
        )

    async def invite(self, *, inviter: Account | None = None) -> str:
        origin = ["--from", inviter.name] if inviter else []
        printed = await self.command("invite", "create", *origin)
        link = re.search(rf"{re.escape(self.site)}/invite/([\w-]+)", printed)
        uri = re.search(r"xmpp:\S+preauth=([\w-]+)", printed)
        if not link or not uri or link[1] != uri[1]:
            raise RuntimeError(f"invite create printed no link with its xmpp: twin: {printed!r}")
        return link[1]

    def faults(self, since: int) -> list[str]:
        with self.output.open("rb") as log:
            log.seek(since)
            lines = log.read().decode(errors="replace").splitlines()
        return [line for line in lines if self._FAULT.search(line)]


class Prosody(Server):
    kind = "prosody"

    def __init__(self, work: Path):
        super().__init__(work)
        self.configuration = Path(__file__).with_name("prosody.cfg.lua")
        self.environment = os.environ | {
            "INTEROP_DATA": str(self.data),
            "INTEROP_CLIENT": str(self.client),
            "INTEROP_CLIENT_TLS": str(self.client_tls),
            "INTEROP_HTTPS": str(self.https),
            "INTEROP_COMPONENT": str(self.component),
        }

    async def start(self) -> None:
        if not self.certificate.exists():
            await self._make_certificate()
        await super().start()

    async def _make_certificate(self) -> None:
        key, certificate = self.data / "key.pem", self.data / "cert.pem"
        await processes.run(
            *"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes".split(),
            *("-days", "2", "-subj", f"/CN={DOMAIN}", "-addext", f"subjectAltName=DNS:{DOMAIN}"),
            *("-keyout", str(key), "-out", str(certificate)),
        )
        self.certificate.write_text(certificate.read_text())

    async def _launch(self, log) -> asyncio.subprocess.Process:
        return await processes.start(
            *("prosody", "-F", "--config", str(self.configuration)),
            stdout=log,
            stderr=log,
            env=self.environment,
        )

    async def add(self, accounts: list[Account]) -> None:
        store = self.data / "store" / DOMAIN.replace(".", "%2e") / "accounts"
        store.mkdir(parents=True, exist_ok=True)
        for each in accounts:
            line = f'return {{ ["password"] = {json.dumps(each.password, ensure_ascii=False)} }};\n'
            (store / f"{each.name}.dat").write_text(line)

    async def invite(self, *, inviter: Account | None = None) -> str:
        printed = await processes.run(
            *("prosodyctl", "--root", "--config", str(self.configuration)),
            *("mod_invites", "generate", DOMAIN),
            env=self.environment,
        )
        return re.search(r"preauth=([\w-]+)", printed)[1]
