"""The small extensions that apps lean on, asked through slixmpp's own plugins."""

from datetime import datetime, timedelta, timezone
from time import monotonic

from slixmpp.exceptions import IqError

from ..checks import PATIENCE, check, equal, refused
from ..device import Device, befriend, settle
from ..house import House
from ..scenario import scenario
from ..servers import DOMAIN
from ..stanzas import canonical, chat

# What apps look for before they use it, and where they look.
SERVER_FEATURES = """
    http://jabber.org/protocol/disco#info jabber:iq:register jabber:iq:version urn:xmpp:blocking
    urn:xmpp:carbons:2 urn:xmpp:ping urn:xmpp:time
""".split()
ACCOUNT_FEATURES = "urn:xmpp:mam:2", "urn:xmpp:mam:2#extended", "urn:xmpp:sid:0"
EITHER = "jabber:iq:last", "jabber:iq:private", "vcard-temp"


@scenario("slixmpp: ping is answered by the server, by the own account and by a contact's device")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    await befriend(ann, bob)
    for target in DOMAIN, ann.account.jid, str(bob.boundjid):
        await ann["xep_0199"].send_ping(target, timeout=PATIENCE)


@scenario("slixmpp: disco shows the server, its features, and the archive on the account")
async def _(house: House) -> None:
    [ann] = await house.devices(1)
    identities, server = await info(ann, DOMAIN)
    check(("server", "im") in identities, f"identities of the server {identities}")
    equal(set(SERVER_FEATURES) - server, set(), "features missing on the server")
    identities, account = await info(ann, ann.account.jid)
    check(("account", "registered") in identities, f"identities of the account {identities}")
    equal(set(ACCOUNT_FEATURES) - account, set(), "features missing on the account")
    equal(set(EITHER) - server - account, set(), "features missing on both")
    await ann["xep_0030"].get_items(jid=DOMAIN, timeout=PATIENCE)


async def info(device: Device, jid: str) -> tuple[set[tuple[str, str]], set[str]]:
    answer = await device["xep_0030"].get_info(jid=jid, timeout=PATIENCE)
    identities = {(category, kind) for category, kind, *_ in answer["disco_info"]["identities"]}
    return identities, set(answer["disco_info"]["features"])


@scenario("slixmpp: an account that is no contact looks like one that does not exist")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    answers = []
    for target in bob.account.jid, f"nobody-here@{DOMAIN}":
        for payload in (
            '<query xmlns="http://jabber.org/protocol/disco#info"/>',
            '<query xmlns="jabber:iq:last"/>',
        ):
            try:
                answers.append((await ann.ask("get", payload, to=target)).get("type"))
            except IqError as error:
                answers.append(error.condition)
    equal(answers[:2], answers[2:], "answers for a stranger and for nobody")


@scenario("slixmpp: version, time and uptime of the server")
async def _(house: House) -> None:
    [ann] = await house.devices(1)
    version = await ann["xep_0092"].get_version(DOMAIN, timeout=PATIENCE)
    check(version["software_version"]["name"], "no name")
    check(version["software_version"]["version"], "no version")
    clock = await ann["xep_0202"].get_entity_time(DOMAIN, timeout=PATIENCE)
    utc = clock.xml.findtext("{urn:xmpp:time}time/{urn:xmpp:time}utc")
    check(utc.endswith("Z") and clock.xml.findtext("{urn:xmpp:time}time/{urn:xmpp:time}tzo"), utc)
    age = datetime.now(timezone.utc) - datetime.fromisoformat(utc)
    check(abs(age) < timedelta(seconds=10), f"the server's clock says {utc}")
    uptime = await ann["xep_0012"].get_last_activity(DOMAIN, timeout=PATIENCE)
    check(uptime["last_activity"]["seconds"] >= 0, "no uptime")


@scenario("slixmpp: last activity of a contact who left")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    await befriend(ann, bob)
    before = monotonic()
    bob.send_presence(ptype="unavailable", pstatus="gone fishing")
    await settle(bob)
    await bob.leave()
    answer = await ann["xep_0012"].get_last_activity(bob.account.jid, timeout=PATIENCE)
    seconds = answer["last_activity"]["seconds"]
    check(0 <= seconds <= monotonic() - before + 1, f"{seconds} s ago, not just now")
    words = answer["last_activity"]["status"]
    check(not words or words == "gone fishing", f"words of farewell {words!r}")


@scenario("slixmpp: nobody but contacts may ask for last activity")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    await bob.leave()
    question = ann["xep_0012"].get_last_activity(bob.account.jid, timeout=PATIENCE)
    await refused(question, "forbidden", "service-unavailable", "subscription-required")


@scenario("slixmpp: private XML is kept per element, for its owner alone, over a restart", seconds=40)
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    stored = (
        '<storage xmlns="storage:bookmarks"><conference jid="a@groups.x" name="Ünï" '
        'autojoin="true"><nick>me</nick></conference></storage>',
        '<notes xmlns="urn:example:notes"><note>one</note><note>two</note></notes>',
    )
    empty = '<storage xmlns="storage:bookmarks"/>', '<notes xmlns="urn:example:notes"/>'
    for payload in stored:
        await ann.ask("set", f'<query xmlns="jabber:iq:private">{payload}</query>')
    await refused(ann.ask("get", wrapped(empty[0]), to=bob.account.jid))
    await ann.leave()
    await house.server.restart()
    again = await house.device(ann.account, "again").sign_in()
    for asked, wanted in zip(empty, stored):
        answer = await again.ask("get", wrapped(asked))
        equal(canonical(answer.find("{jabber:iq:private}query")[0]), canonical(wanted), "what was kept")


def wrapped(payload: str) -> str:
    return f'<query xmlns="jabber:iq:private">{payload}</query>'


@scenario("slixmpp: a vCard is published and read by a contact")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    await befriend(ann, bob)
    card = ann["xep_0054"].make_vcard()
    card["FN"], card["NICKNAME"] = "Ann Öther", "ann"
    card["PHOTO"]["TYPE"], card["PHOTO"]["BINVAL"] = "image/png", b"\x89PNG not really"
    await ann["xep_0054"].publish_vcard(card, timeout=PATIENCE)
    answer = await bob["xep_0054"].get_vcard(ann.account.jid, timeout=PATIENCE)
    read = answer["vcard_temp"]
    equal(read["FN"], "Ann Öther", "name")
    equal(read["PHOTO"]["BINVAL"], b"\x89PNG not really", "picture")
    mine = await ann["xep_0054"].get_vcard(ann.account.jid, local=False, timeout=PATIENCE)
    equal(mine["vcard_temp"]["NICKNAME"], ["ann"], "one's own nickname")


@scenario("slixmpp: a phone in the pocket still gets its messages, and the rest when it is taken out")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    await befriend(ann, bob)
    await settle(ann, bob)
    check(bob["xep_0352"].enabled, "the server does not offer client state indication")
    bob["xep_0352"].send_inactive()
    await settle(bob)
    ann.send_presence(pshow="xa", pstatus="changed meanwhile")
    ann.say(bob.account.jid, "important")
    await bob.inbox.one("the message", chat("important"))
    bob["xep_0352"].send_active()
    await bob.inbox.one(
        "the presence that was held back",
        lambda s: s.findtext("{jabber:client}status") == "changed meanwhile",
    )
    await settle(bob)
    equal(len(bob.inbox.all(chat("important"))), 1, "copies of the message")


@scenario("slixmpp: an unknown question is answered, whoever is asked")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    for target in None, DOMAIN, ann.account.jid, bob.account.jid, f"nobody-here@{DOMAIN}":
        for kind in "get", "set":
            question = ann.ask(kind, '<what xmlns="urn:example:unknown"/>', to=target)
            await refused(question, "service-unavailable", "feature-not-implemented")
