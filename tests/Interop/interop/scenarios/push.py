"""A browser that is closed is woken over its push service (XEP-0357, RFC 8030, RFC 8291, RFC 8292)."""

import json

from ..checks import check, equal
from ..device import Device, settle
from ..house import House
from ..scenario import scenario
from ..servers import DOMAIN, Account

PUSH = "urn:xmpp:push:0"
WEB_PUSH = "urn:kith:web-push:0"


async def close_browser(house: House, owner: Account) -> tuple:
    """A device that is told through its browser, signed out; and the key that the server shows to push services."""
    browser = await house.browser()
    device: Device = await house.device(owner, "browser").sign_in()
    offer = await device.ask("get", f'<web-push xmlns="{WEB_PUSH}"/>')
    key = offer.find(f"{{{WEB_PUSH}}}web-push").get("key")
    said = " ".join(f'{name}="{value}"' for name, value in browser.subscription.items())
    answer = await device.ask("set", f'<subscribe xmlns="{WEB_PUSH}" {said}/>')
    node = answer.find(f"{{{WEB_PUSH}}}subscribed").get("node")
    await device.ask("set", f'<enable xmlns="{PUSH}" jid="{DOMAIN}" node="{node}"/>')
    await device.leave()
    return browser, key


@scenario(
    "http_ece: a closed browser reads who wrote what",
    prosody_lacks="an app server for browsers",
)
async def _(house: House) -> None:
    ann, bob = house.people(2)
    browser, key = await close_browser(house, ann)
    writer = await house.device(bob).sign_in()
    writer.say(ann.jid, "Grüße & <3 👪🏽")
    push = await browser.pushes.one("the push", lambda push: push.get("event") == "push")
    notice = json.loads(push.get("text"))
    equal((notice["from"], notice["text"]), (bob.jid, "Grüße & <3 👪🏽"), "notice")
    equal((push.get("path"), push.get("urgency")), ("/push/abc", "normal"), "request")
    equal(push.get("key"), key, "who signed it")


@scenario(
    "http_ece: of an encrypted message the browser reads no word, and a call is urgent",
    prosody_lacks="an app server for browsers",
)
async def _(house: House) -> None:
    ann, bob = house.people(2)
    browser, _ = await close_browser(house, ann)
    writer = await house.device(bob).sign_in()
    sealed = (
        '<encrypted xmlns="eu.siacs.conversations.axolotl"><payload>c2VjcmV0</payload></encrypted>'
    )
    writer.say(ann.jid, "I sent you an OMEMO encrypted message", sealed)
    await settle(writer)
    writer.send_raw(
        f'<message to="{ann.jid}" type="chat"><propose xmlns="urn:xmpp:jingle-message:0" id="c"/>'
        '<store xmlns="urn:xmpp:hints"/></message>'
    )
    first, second = await browser.pushes.expect("both pushes", lambda _: True, count=2)
    notice = json.loads(first.get("text"))
    check(notice.get("encrypted") is True and "text" not in notice, f"notice {notice}")
    equal(json.loads(second.get("text"))["kind"], "call", "kind")
    equal(second.get("urgency"), "high", "urgency")
