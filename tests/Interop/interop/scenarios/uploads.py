"""Sharing files (XEP-0363): slixmpp finds the service, asks for slots and uploads by aiohttp; somebody else downloads."""

import io
import random
from unittest import mock

from ..checks import PATIENCE, check, equal, refused
from ..device import Device
from ..house import House
from ..scenario import scenario
from ..servers import DOMAIN
from ..stanzas import chat
from ..web import open_web

UPLOAD = "urn:xmpp:http:upload:0"
PICTURE = random.Random(363).randbytes(3_000_000)
NAME = "très cool'(1).jpg"


async def service_of(device: Device):
    """What the server says of itself; slixmpp 1.8.3 cannot look by itself on Python 3.11 (asyncio.wait)."""
    answer = await device["xep_0030"].get_info(DOMAIN, timeout=PATIENCE)
    info = answer["disco_info"]
    check(any(each[:2] == ("store", "file") for each in info["identities"]), "no identity store/file")
    check(UPLOAD in info["features"], "the feature is missing")
    return answer


async def upload(house: House, device: Device, filename: str, content: bytes, **options) -> str:
    """slixmpp's own way, whole, on a connection that trusts the server's certificate."""
    device["xep_0363"].upload_service = (await service_of(device))["from"]
    web = "slixmpp.plugins.xep_0363.http_upload.ClientSession"
    with mock.patch(web, lambda **_: open_web(house.server)):
        return await device["xep_0363"].upload_file(
            filename, input_file=io.BytesIO(content), timeout=PATIENCE, **options
        )


async def slot_of(device: Device, filename: str, size: int) -> tuple[str, str, dict[str, str]]:
    """Both addresses, and what goes with the first."""
    answer = await device["xep_0363"].request_slot(
        DOMAIN, filename, size, "image/jpeg", timeout=PATIENCE
    )
    slot = answer["http_upload_slot"]
    headers = {each["name"]: each["value"] for each in slot["put"]["headers"]}
    return slot["put"]["url"], slot["get"]["url"], headers


@scenario("slixmpp: the server itself takes files, and says how large they may be")
async def _(house: House) -> None:
    (ann,) = await house.devices(1)
    service = await service_of(ann)
    forms = [form["values"] for form in service["disco_info"].iterables]
    largest = [int(form["max-file-size"]) for form in forms if "max-file-size" in form]
    check(largest and largest[0] > 0, f"max-file-size {largest}")
    await refused(slot_of(ann, "film.mp4", largest[0] + 1), "not-acceptable")


@scenario("slixmpp: a picture goes up, its link goes to somebody else, and the picture comes down")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    url = await upload(house, ann, NAME, PICTURE)
    check(url.startswith(house.server.site + "/"), f"address {url}")
    check(url.isascii() and url.endswith(".jpg"), f"address {url}")
    ann.say(bob.account.jid, url)
    await bob.inbox.one("the link", chat(url))
    async with open_web(house.server) as web:
        async with web.get(url) as answer:
            equal(answer.status, 200, "status")
            equal(answer.content_type, "image/jpeg", "type")
            check(await answer.read() == PICTURE, "another picture came down")
        async with web.head(url) as answer:
            equal(answer.headers["Content-Length"], str(len(PICTURE)), "length of HEAD")


@scenario(
    "slixmpp: an interrupted download is taken up where it ended",
    prosody_lacks="the number of the last byte: it says one too many",
)
async def _(house: House) -> None:
    (ann,) = await house.devices(1)
    url = await upload(house, ann, "film.mp4", PICTURE)
    async with open_web(house.server) as web:
        async with web.get(url, headers={"Range": "bytes=1000000-"}) as answer:
            equal(answer.status, 206, "status")
            equal(answer.headers["Content-Range"], "bytes 1000000-2999999/3000000", "range")
            check(await answer.read() == PICTURE[1000000:], "another stretch came down")


@scenario("aiohttp: a slot takes exactly what it was asked for, and once")
async def _(house: House) -> None:
    (ann,) = await house.devices(1)
    put, get, headers = await slot_of(ann, "a.jpg", 1000)
    headers["Content-Type"] = "image/jpeg"
    async with open_web(house.server) as web:

        async def status(url: str, content: bytes) -> int:
            async with web.put(url, data=content, headers=headers) as answer:
                return answer.status

        for wrong in bytes(999), bytes(1001):
            check(400 <= await status(put, wrong) < 500, f"{len(wrong)} bytes are taken for 1000")
        async with web.put(get, data=bytes(1000)) as answer:
            check(400 <= answer.status < 500, "who knows the address alone may upload")
        async with web.get(get) as answer:
            check(answer.status in (404, 410), f"{answer.status} before the upload")
        equal(await status(put, bytes(1000)), 201, "status of the upload")
        check(400 <= await status(put, bytes(1000)) < 500, "the slot is taken twice")


@scenario("aiohttp: a page that somebody uploads is no page of the server's")
async def _(house: House) -> None:
    (ann,) = await house.devices(1)
    url = await upload(house, ann, "evil.html", b"<script>alert(1)</script>", content_type="text/html")
    async with open_web(house.server) as web:
        async with web.get(url) as answer:
            check("attachment" in answer.headers["Content-Disposition"], "shown, not saved")
            check("default-src 'none'" in answer.headers["Content-Security-Policy"], "policy")
            equal(answer.headers["X-Content-Type-Options"], "nosniff", "sniffing")
