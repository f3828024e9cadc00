"""Accounts: registration by invite (XEP-0401, XEP-0445), password and removal (XEP-0077)."""

from slixmpp.stanza import StreamFeatures
from slixmpp.xmlstream import ElementBase, register_stanza_plugin

from ..checks import PATIENCE, Wrong, check, equal, refused
from ..device import Device, SignInRefused
from ..house import House
from ..scenario import scenario
from ..servers import DOMAIN, Account
from ..stanzas import CLIENT, error_condition, name


class IbrToken(ElementBase):
    """The stream feature that says: an account can be made with a token (XEP-0445 §2.1)."""

    name = "register"
    namespace = "urn:xmpp:ibr-token:0"
    plugin_attrib = "ibr_token"


class Newcomer(Device):
    """A device that makes its account with an invite before it signs in."""

    def __init__(self, server, account: Account, token: str | None):
        super().__init__(server, account)
        self.token = token
        self.answers: list[str] = []
        register_stanza_plugin(StreamFeatures, IbrToken)
        self.register_feature("ibr_token", self._register, restart=False, order=40)

    async def _register(self, features) -> bool:
        if "mechanisms" in self.features or self.answers:
            return False
        if self.token:
            await self._ask(f"<preauth xmlns='urn:xmpp:pars:0' token='{self.token}'/>")
        await self._ask(
            "<query xmlns='jabber:iq:register'>"
            f"<username>{self.account.name}</username>"
            f"<password>{self.account.password}</password></query>"
        )
        return False

    async def _ask(self, payload: str) -> None:
        """slixmpp keeps IQs back until a session begins, so these are written by hand."""
        number = f"reg{len(self.answers)}"
        self.send_raw(f"<iq type='set' id='{number}' to='{DOMAIN}'>{payload}</iq>")
        answer = await self.inbox.one(
            "the answer", lambda s: s.tag == name(CLIENT, "iq") and s.get("id") == number
        )
        self.answers.append(error_condition(answer) or answer.get("type"))


async def register(house: House, account: Account, token: str | None) -> Newcomer:
    newcomer = Newcomer(house.server, account, token)
    house.visit.push_async_callback(newcomer.close)
    return newcomer


@scenario("slixmpp: an invite's token makes an account, which signs in at once and ever after")
async def _(house: House) -> None:
    somebody = house.newcomer()
    newcomer = await register(house, somebody, await house.server.invite())
    await newcomer.sign_in()
    equal(newcomer.answers, ["result", "result"], "answers to token and registration")
    [friend] = await house.devices(1)
    friend.say(somebody.jid, "welcome")
    await newcomer.inbox.one("the welcome", lambda s: s.findtext(name(CLIENT, "body")) == "welcome")
    await house.device(somebody, "second").sign_in()


@scenario("slixmpp: nobody registers without a token, with a wrong one, or with one used up")
async def _(house: House) -> None:
    token = await house.server.invite()
    await (await register(house, house.newcomer(), token)).sign_in()
    for wrong in None, "no-such-token", token:
        stranger = await register(house, house.newcomer(), wrong)
        try:
            await stranger.open()
        except SignInRefused:
            pass
        else:
            raise Wrong(f"signed in after registering with token {wrong!r}")
        check(stranger.answers, "registration was not even answered")
        check("result" not in stranger.answers, f"token {wrong!r} got {stranger.answers}")


@scenario("slixmpp: a name that is taken is refused, and the invite stays good")
async def _(house: House) -> None:
    [taken] = house.people(1)
    token = await house.server.invite()
    thief = await register(house, Account(taken.name, "mine now"), token)
    try:
        await thief.open()
        raise Wrong("took over an account")
    except SignInRefused:
        equal(thief.answers, ["result", "conflict"], "answers")
    await house.device(taken).sign_in()
    await (await register(house, house.newcomer(), token)).sign_in()


@scenario(
    "slixmpp: inviter and invited are contacts at once",
    prosody_lacks="a command for invites from a person",
)
async def _(house: House) -> None:
    [host] = await house.devices(1)
    somebody = house.newcomer()
    newcomer = await register(house, somebody, await house.server.invite(inviter=host.account))
    await newcomer.sign_in()
    for one, other in ((newcomer, host), (host, newcomer)):
        item = (await one.current_roster()).get(other.account.jid)
        check(item is not None, f"{other.account.name} is not in {one.account.name}'s roster")
        equal(item.get("subscription"), "both", "subscription")


@scenario("slixmpp: a changed password counts at once, the old one no longer")
async def _(house: House) -> None:
    [device] = await house.devices(1)
    account = device.account
    await device["xep_0077"].change_password("the new one", jid=DOMAIN, timeout=PATIENCE)
    await device.fence()
    await signs_in_no_more(house, account)
    await house.device(Account(account.name, "the new one"), "new").sign_in()


@scenario(
    "slixmpp: a changed password ends the account's other sessions, which cannot be resumed",
    prosody_lacks="this",
)
async def _(house: House) -> None:
    [account] = house.people(1)
    changer = await house.device(account, "changer").sign_in()
    other = await house.device(account, "other", resumable=True).sign_in()
    asleep = await house.device(account, "asleep", resumable=True).sign_in()
    await asleep.cut()
    await changer["xep_0077"].change_password("the new one", jid=DOMAIN, timeout=PATIENCE)
    await other.inbox.one("the end", lambda s: s.tag.endswith("}error"))
    await changer.fence()
    asleep.password = "the new one"
    equal(await asleep.open(), "new", "session after the change")


@scenario("slixmpp: a removed account is gone: no sign-in, no messages, and its devices are out")
async def _(house: House) -> None:
    leaver, friend = await house.devices(2)
    second = await house.device(leaver.account, "second").sign_in()
    leaver.send(
        f"<iq type='set' id='bye' to='{DOMAIN}'>"
        "<query xmlns='jabber:iq:register'><remove/></query></iq>"
    )
    await leaver.offline.wait()
    await second.offline.wait()
    answers = leaver.inbox.all(lambda s: s.get("id") == "bye")
    check(all(answer.get("type") == "result" for answer in answers), "removal was refused")
    await signs_in_no_more(house, leaver.account)
    sent = friend.say(leaver.account.jid, "still there?")
    bounce = await friend.inbox.one(
        "the error", lambda s: s.get("id") == sent and s.get("type") == "error"
    )
    equal(error_condition(bounce), "service-unavailable", "condition")


@scenario("slixmpp: nobody changes or removes somebody else's account")
async def _(house: House) -> None:
    ann, bob = await house.devices(2)
    jid = bob.account.jid
    query = "<query xmlns='jabber:iq:register'>{}</query>"
    theft = query.format(f"<username>{bob.account.name}</username><password>x</password>")
    await refused(ann.ask("set", theft, to=DOMAIN))
    await refused(ann.ask("set", query.format("<remove/>"), to=jid))
    await house.device(bob.account, "again").sign_in()


async def signs_in_no_more(house: House, account: Account) -> None:
    for mechanism in "SCRAM-SHA-256", "PLAIN":
        try:
            await house.device(account, "late", mechanism=mechanism).open()
        except SignInRefused as refusal:
            equal(refusal.conditions, ["not-authorized"], f"refusal of {mechanism}")
        else:
            raise Wrong(f"the old password still signs in by {mechanism}")
