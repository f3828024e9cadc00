"""A small BOSH client (XEP-0124, XEP-0206): one request held by the server, one to send with."""

import asyncio
import hashlib
import itertools
import secrets
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from .checks import PATIENCE, Inbox, Wrong, check
from .scram import Scram
from .servers import DOMAIN, Account, Server
from .stanzas import CLIENT, name
from .web import open_web

HTTPBIND = "http://jabber.org/protocol/httpbind"
STREAM = "http://etherx.jabber.org/streams"
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
BIND = "urn:ietf:params:xml:ns:xmpp-bind"


class Keys:
    """Key sequencing (XEP-0124 §15): each request shows the hash's origin of the one before."""

    def __init__(self, length: int):
        self.length = length
        self._left: list[str] = []

    def attributes(self) -> dict[str, str]:
        answer = {"key": self._left.pop()} if self._left else {}
        if not self._left:
            key = secrets.token_hex(8)
            for _ in range(self.length):
                key = hashlib.sha1(key.encode()).hexdigest()
                self._left.append(key)
            answer["newkey"] = self._left.pop()
        return answer


class BoshClient:
    def __init__(
        self,
        server: Server,
        account: Account,
        resource: str = "bosh",
        *,
        wait: int = 60,
        keys: Keys | None = None,
    ):
        self.account = account
        self.resource = resource
        self.inbox = Inbox(f"{account.name}/{resource} (BOSH)")
        self.session: ET.Element | None = None
        self.ended: ET.Element | None = None
        self.jid = ""
        self.history: list[tuple[str, str]] = []
        self._wait = wait
        self._keys = keys
        self._url = f"{server.site}/http-bind"
        self._web = open_web(server, connections=2)
        self._rids = itertools.count(secrets.randbelow(2**32))
        self._sid = ""
        self._waiting: dict[int, ET.Element] = {}
        self._next_answer = 0
        self._in_flight = 0
        self._failure: str | None = None
        self._ids = itertools.count()
        self._tasks: set[asyncio.Task] = set()

    # the session

    async def connect(self, hash_name: str = "sha256") -> str:
        """Creates a session, signs in by SCRAM and binds; gives back the address."""
        rid = next(self._rids)
        self._next_answer = rid
        await self._post(
            rid,
            "",
            f'to="{DOMAIN}" ver="1.6" wait="{self._wait}" hold="1" xml:lang="en" '
            'content="text/xml; charset=utf-8" xmpp:version="1.0"',
        )
        check(self.session is not None and self._sid, "no session")
        await self._features(1)
        await self._scram(hash_name)
        self._start("", f'xmpp:restart="true" to="{DOMAIN}" xml:lang="en"')
        await self._features(2)
        resource = f"<resource>{self.resource}</resource>"
        bound = await self.ask("set", f'<bind xmlns="{BIND}">{resource}</bind>')
        self.jid = bound.findtext(f"{name(BIND, 'bind')}/{name(BIND, 'jid')}")
        return self.jid

    async def sign_in(self) -> "BoshClient":
        await self.connect()
        await self.send("<presence xmlns='jabber:client'/>")
        await self.fence()
        return self

    async def leave(self) -> None:
        """Ends the session by the protocol (XEP-0124 §13)."""
        goodbye = f'<presence type="unavailable" xmlns="{CLIENT}"/>'
        await asyncio.wait_for(self._start(goodbye, 'type="terminate"'), PATIENCE)
        check(self.ended is not None, "the end of the session was not answered")

    async def _features(self, count: int) -> ET.Element:
        features = name(STREAM, "features")
        found = await self.inbox.expect("stream features", lambda e: e.tag == features, count)
        return found[-1]

    async def _scram(self, hash_name: str) -> None:
        mechanism = {"sha1": "SCRAM-SHA-1", "sha256": "SCRAM-SHA-256"}[hash_name]
        scram = Scram(hash_name, self.account.name, self.account.password)
        await self.send(f'<auth xmlns="{SASL}" mechanism="{mechanism}">{scram.first()}</auth>')
        challenge = await self._sasl("challenge")
        await self.send(f'<response xmlns="{SASL}">{scram.final(challenge)}</response>')
        scram.verify(await self._sasl("success"))

    async def _sasl(self, wanted: str) -> str:
        tags = name(SASL, wanted), name(SASL, "failure")
        answer = await self.inbox.one(wanted, lambda element: element.tag in tags)
        if answer.tag == tags[1]:
            raise Wrong(f"sign-in refused: {answer[0].tag.partition('}')[2]}")
        return answer.text or ""

    # stanzas

    async def send(self, stanzas: str) -> None:
        """Sends stanzas; the answer may come to this request or to the one that is held."""
        check(self.ended is None, "the session has ended")
        check(self._failure is None, self._failure)
        self._start(stanzas)

    async def say(self, to: str, text: str) -> None:
        message = f'type="chat" to="{to}"><body>{escape(text)}</body>'
        await self.send(f'<message xmlns="{CLIENT}" {message}</message>')

    async def ask(self, kind: str, payload: str, to: str = "") -> ET.Element:
        number = f"bosh{next(self._ids)}"
        receiver = f" to={quoteattr(to)}" if to else ""
        await self.send(f'<iq xmlns="{CLIENT}" type="{kind}" id="{number}"{receiver}>{payload}</iq>')
        answer = await self.inbox.one("an answer", lambda stanza: stanza.get("id") == number)
        check(answer.get("type") == "result", f"refused: {ET.tostring(answer)}")
        return answer

    async def fence(self) -> None:
        await self.ask("get", '<ping xmlns="urn:xmpp:ping"/>', to=DOMAIN)

    # requests

    def _start(self, payload: str, attributes: str = "") -> asyncio.Task:
        task = asyncio.create_task(self._post(next(self._rids), payload, attributes))
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            self._failure = f"a BOSH request failed: {task.exception()!r}"

    def _poll(self) -> None:
        """Keeps one request at the server, so that it can answer at any time."""
        if self._sid and self.ended is None and self._in_flight == 0:
            self._start("")

    async def _post(self, rid: int, payload: str, attributes: str = "") -> None:
        keys = self._keys.attributes() if self._keys else {}
        extra = "".join(f' {key}="{value}"' for key, value in keys.items())
        sid = f' sid="{self._sid}"' if self._sid else ""
        body = (
            f'<body xmlns="{HTTPBIND}" xmlns:xmpp="urn:xmpp:xbosh" rid="{rid}"{sid}{extra} '
            f"{attributes}>{payload}</body>"
        )
        self._in_flight += 1
        try:
            answer = await self.post(body)
        finally:
            self._in_flight -= 1
        self.history.append((body, answer))
        self._waiting[rid] = ET.fromstring(answer)
        while (element := self._waiting.pop(self._next_answer, None)) is not None:
            self._next_answer += 1
            self._take(element)
        self._poll()

    async def post(self, body: str) -> str:
        """One HTTP request as it is."""
        headers = {"Content-Type": "text/xml; charset=utf-8"}
        async with self._web.post(self._url, data=body.encode(), headers=headers) as response:
            check(response.status == 200, f"HTTP status {response.status}")
            return await response.text()

    def _take(self, element: ET.Element) -> None:
        check(element.tag == name(HTTPBIND, "body"), f"answered with {element.tag}")
        if not self._sid:
            self.session, self._sid = element, element.get("sid") or ""
        if element.get("type") == "terminate":
            self.ended = element
        for child in element:
            self.inbox.add(child)

    def pending(self) -> set[asyncio.Task]:
        """The requests that the server has not answered yet."""
        return set(self._tasks)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._web.close()
