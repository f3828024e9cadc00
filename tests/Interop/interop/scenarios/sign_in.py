"""Signing in with slixmpp: every mechanism on both kinds of TLS (RFC 6120 §6, XEP-0368)."""

import ssl
import time

from ..checks import Wrong, check, equal
from ..device import SignInRefused
from ..house import House
from ..scenario import scenario
from ..servers import Account

MECHANISMS = "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"


def mechanism_scenarios(mechanism: str, direct: bool) -> None:
    transport = "direct TLS" if direct else "STARTTLS"

    @scenario(f"slixmpp: {mechanism} over {transport} signs in")
    async def _(house: House) -> None:
        [person] = house.people(1)
        device = house.device(person, mechanism=mechanism)
        await device.sign_in(direct=direct)
        equal(device.mechanism_used, mechanism, "mechanism")
        equal(str(device.boundjid), f"{person.jid}/device", "bound address")


for each in MECHANISMS:
    mechanism_scenarios(each, direct=False)
    mechanism_scenarios(each, direct=True)


@scenario("slixmpp: its own choice of mechanism signs in")
async def _(house: House) -> None:
    [person] = house.people(1)
    await house.device(person).sign_in()


@scenario("slixmpp: its own choice of mechanism signs in over TLS 1.2")
async def _(house: House) -> None:
    [person] = house.people(1)
    device = house.device(person)
    device.ssl_context.maximum_version = ssl.TLSVersion.TLSv1_2
    await device.sign_in()


@scenario("slixmpp: its own choice of mechanism signs in twelve times in a row and is never slowed")
async def _(house: House) -> None:
    [person] = house.people(1)
    for number in range(12):
        device = house.device(person, f"visit{number}")
        began = time.monotonic()
        await device.sign_in()
        check(time.monotonic() - began < 3, f"sign-in {number} took long")
        await device.leave()


@scenario("slixmpp: a wrong password is refused by every mechanism, and the right one still works")
async def _(house: House) -> None:
    [person] = house.people(1)
    for mechanism in MECHANISMS:
        impostor = house.device(Account(person.name, "guess"), mechanism=mechanism)
        await refused_sign_in(impostor, "not-authorized")
    await house.device(person).sign_in()


@scenario("slixmpp: an account that does not exist is refused like a wrong password")
async def _(house: House) -> None:
    for mechanism in MECHANISMS:
        await refused_sign_in(
            house.device(Account("nobody-here", "guess"), mechanism=mechanism), "not-authorized"
        )


@scenario("slixmpp: a password with spaces, signs and letters outside ASCII signs in")
async def _(house: House) -> None:
    person = Account("zoe", "Käse & <Ключ>=, 鍵:%")
    await house.server.add([person])
    for mechanism in MECHANISMS:
        await house.device(person, f"by-{mechanism}", mechanism=mechanism).sign_in()


@scenario("slixmpp: a second sign-in with the same resource ends the first with conflict")
async def _(house: House) -> None:
    [person] = house.people(1)
    first = await house.device(person).sign_in()
    errors = []
    first.add_event_handler("stream_error", lambda error: errors.append(error["condition"]))
    second = await house.device(person).sign_in()
    await first.offline.wait()
    equal(errors, ["conflict"], "stream errors of the first session")
    equal(second.boundjid.resource, "device", "resource of the second session")
    await second.fence()


async def refused_sign_in(device, condition: str) -> None:
    try:
        await device.open()
    except SignInRefused as refusal:
        equal(refusal.conditions, [condition], "conditions of the refusal")
        return
    raise Wrong("signed in")
