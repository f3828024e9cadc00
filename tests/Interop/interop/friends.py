"""Servers of friends: a home that talks to others, Prosody, ejabberd, and what they need to find and trust each other."""

import asyncio
import json
import os
from dataclasses import dataclass
from pathlib import Path

from . import processes
from .names import NameService
from .servers import ADDRESS, STOP_SECONDS, Account, Kith

EJABBERD_LIBRARIES = "/usr/lib/x86_64-linux-gnu"
HOME = "home.test"
EC_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes".split()


@dataclass(frozen=True)
class Friend(Account):
    """Somebody at another server."""

    domain: str

    @property
    def jid(self) -> str:
        return f"{self.name}@{self.domain}"


class Authority:
    """A certificate authority of this run."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.root, self.key = folder / "root.pem", folder / "root.key"

    async def open(self) -> "Authority":
        await processes.run(
            *("openssl", "req", "-x509", *EC_KEY, "-days", "2", "-subj", "/CN=Interop"),
            *("-keyout", str(self.key), "-out", str(self.root)),
        )
        return self

    async def certify(self, where: Path, *domains: str, days: int = 2, own: bool = False) -> None:
        """`where/cert.pem` and `where/key.pem`; for servers only, as public authorities do it. `own`: signed by itself."""
        names = ",".join(f"DNS:{domain}" for domain in domains)
        request, extensions = where / "request.pem", where / "extensions"
        extensions.write_text(f"subjectAltName={names}\nextendedKeyUsage=serverAuth\n")
        await processes.run(
            *("openssl", "req", *EC_KEY, "-subj", f"/CN={domains[0]}"),
            *("-keyout", str(where / "key.pem"), "-out", str(request)),
        )
        signer = (
            ("-signkey", str(where / "key.pem"))
            if own
            else ("-CA", str(self.root), "-CAkey", str(self.key), "-CAcreateserial")
        )
        await processes.run(
            *("openssl", "x509", "-req", "-in", str(request), *signer, "-days", str(days)),
            *("-extfile", str(extensions), "-out", str(where / "cert.pem")),
        )


class FriendServer:
    """Another server on loopback, for devices what a `Server` is."""

    def __init__(self, work: Path, domain: str, authority: Authority):
        self.data = work / domain
        self.data.mkdir(mode=0o700)
        self.domain, self.certificate = domain, authority.root
        self.authority = authority
        self.client, self.server = processes.free_ports(2)
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with (self.data / "output.log").open("ab") as log:
            self.process = await self._launch(log)
        for port in (self.client, self.server):
            await processes.listening(port, self.process)

    async def stop(self) -> None:
        process, self.process = self.process, None
        await processes.end(process, patience=STOP_SECONDS)


class FriendlyProsody(FriendServer):
    """`prosody.test` by certificates, `rooms.prosody.test` by dialback."""

    def __init__(self, work: Path, authority: Authority, home: int):
        super().__init__(work, "prosody.test", authority)
        here = Path(__file__).parent
        self.configuration = here / "friend.cfg.lua"
        self.environment = os.environ | {
            "FRIEND_DATA": str(self.data),
            "FRIEND_ROOT": str(authority.root),
            "FRIEND_PLUGINS": str(here / "plugins"),
            "FRIEND_CLIENT": str(self.client),
            "FRIEND_SERVER": str(self.server),
            "FRIEND_HOME": str(home),
            "FRIEND_DOMAIN": HOME,
        }

    def hide_certificate(self) -> None:
        """From its next start on it shows none where it dials, and has to be dialled back."""
        self.environment |= {"FRIEND_NAMELESS": "yes"}

    async def _launch(self, log) -> asyncio.subprocess.Process:
        return await processes.start(
            *("prosody", "-F", "--config", str(self.configuration)),
            stdout=log,
            stderr=log,
            env=self.environment,
        )

    async def add(self, *people: Friend) -> None:
        store = self.data / "store" / self.domain.replace(".", "%2e") / "accounts"
        store.mkdir(parents=True, exist_ok=True)
        for each in people:
            line = f'return {{ ["password"] = {json.dumps(each.password)} }};\n'
            (store / f"{each.name}.dat").write_text(line)


class FriendlyEjabberd(FriendServer):
    """`ejabberd.test` and its rooms; it finds the others by the run's name service."""

    def __init__(self, work: Path, authority: Authority, names: NameService):
        super().__init__(work, "ejabberd.test", authority)
        self.names = names
        self.people: tuple[Friend, ...] = ()

    async def add(self, *people: Friend) -> None:
        self.people += people

    def _configure(self) -> Path:
        text = Path(__file__).with_name("friend.yml").read_text()
        for word, value in (
            ("DATA", self.data),
            ("ROOT", self.authority.root),
            ("CLIENT", self.client),
            ("SERVER", self.server),
        ):
            text = text.replace(word, str(value))
        configuration = self.data / "ejabberd.yml"
        configuration.write_text(text)
        both = (self.data / "key.pem").read_text() + (self.data / "cert.pem").read_text()
        (self.data / "both.pem").write_text(both)
        (self.data / "inetrc").write_text(
            "{lookup, [dns]}.\n{resolv_conf, \"\"}.\n{hosts_file, \"\"}.\n"
            f"{{nameserver, {{127,0,0,1}}, {self.names.port}}}.\n"
        )
        return configuration

    async def _launch(self, log) -> asyncio.subprocess.Process:
        environment = os.environ | {
            "EJABBERD_CONFIG_PATH": str(self._configure()),
            "EJABBERD_LOG_PATH": str(self.data / "ejabberd.log"),
            "ERL_CRASH_DUMP": str(self.data / "crash.dump"),
            "ERL_INETRC": str(self.data / "inetrc"),
            "ERL_LIBS": EJABBERD_LIBRARIES,
            "HOME": str(self.data),
        }
        register = "".join(
            f' ejabberd_auth:try_register(<<"{one.name}">>, <<"{one.domain}">>, <<"{one.password}">>),'
            for one in self.people
        )
        return await processes.start(
            *("erl", "-noinput", "-mnesia", "dir", f'"{self.data}/mnesia"'),
            *("-eval", f"{{ok, _}} = application:ensure_all_started(ejabberd),{register} ok."),
            stdout=log,
            stderr=log,
            env=environment,
            cwd=self.data,
        )


class World:
    """A home with friends around it. What one scenario stops it starts again."""

    def __init__(self, work: Path, program: str):
        self.work = work
        self.program = program
        self.authority = Authority(work)
        self.names = NameService({})
        self.home: Kith
        self.prosody: FriendlyProsody
        self.ejabberd: FriendlyEjabberd

    async def open(self, **settings: object) -> "World":
        await self.authority.open()
        await self.names.open()
        inside = self.work / "home"
        inside.mkdir()
        certificates = self.work / "certificates"
        certificates.mkdir()
        await self.authority.certify(certificates, HOME, f"groups.{HOME}")
        [server] = processes.free_ports(1)
        self.home = Kith(
            inside,
            self.program,
            Domain=HOME,
            Components=f"gateway.{HOME}=sesame-open",
            Tls__Mode="files",
            Tls__Certificate=certificates / "cert.pem",
            Tls__Key=certificates / "key.pem",
            Federation__Mode="open",
            Federation__TrustedRoots=self.authority.root,
            Federation__AllowPrivateAddresses="true",
            Dns__Server=f"{ADDRESS}:{self.names.port}",
            Listen__Server=server,
            **settings,
        )
        self.home.certificate = self.authority.root
        self.prosody = FriendlyProsody(self.work, self.authority, server)
        await self.authority.certify(self.prosody.data, "prosody.test", "rooms.prosody.test")
        self.ejabberd = FriendlyEjabberd(self.work, self.authority, self.names)
        await self.authority.certify(self.ejabberd.data, "ejabberd.test", "rooms.ejabberd.test")
        self.names.servers |= {
            "ejabberd.test": self.ejabberd.server,
            "rooms.ejabberd.test": self.ejabberd.server,
            "prosody.test": self.prosody.server,
            "rooms.prosody.test": self.prosody.server,
            HOME: server,
            f"groups.{HOME}": server,
        }
        await self.home.start()
        await processes.listening(server, self.home.process)
        return self

    async def close(self) -> None:
        self.names.close()
        await self.prosody.stop()
        await self.ejabberd.stop()
        if self.home.process:
            await self.home.stop()
