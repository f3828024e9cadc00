using System.Globalization;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xunit;
using static Server.Tests.Plays.Waking.Sleeping;

namespace Server.Tests.Plays.Waking;

/// <summary>XEP-0357: which devices are told, of what, and how often (README, "Waking devices").</summary>
public sealed class PushPlays
{
    // §4.1, §5.
    [Theory, Framings]
    public async Task The_account_says_that_it_can(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor phone = await play.Connect("juliet", "phone");
        await phone.Ask(
            $"<iq type='get' to='{phone.Bare}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'><feature var='urn:xmpp:push:0'/></query></iq>"
        );
    }

    // Waking 1: gone, cut, or inactive is asleep.
    [Theory, Framings]
    public async Task A_device_that_is_gone_is_told(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectNothing();
        await phone.Expect("<message><body>look</body></message>");
        await phone.Leave();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush();
    }

    [Theory, Framings]
    public async Task A_device_that_may_resume_is_told(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        await phone.Cut();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush();
        await phone.Resume();
        await phone.Expect("<message><body>look</body></message>");
    }

    [Theory, Framings]
    public async Task A_device_in_a_pocket_is_told(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        await State(phone, "inactive");
        await phone.Ping();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush();
        await phone.Expect("<message><body>look</body></message>");
    }

    // Waking 1: that somebody looks at the laptop does not keep the phone asleep, nor the other way round.
    [Theory, Framings]
    public async Task Each_device_is_asked_by_itself(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        Actor laptop = await play.Connect("juliet", "laptop");
        await laptop.Ask(Enable("n2"), "<iq type='result'/>");
        await phone.Cut();
        await romeo.Send(Chat(laptop.Jid));
        await server.ExpectPush(node: "n1");
    }

    // Waking 2: once, until it was there.
    [Theory, Framings]
    public async Task A_device_is_told_once_until_it_was_there(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        await phone.Cut();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush();
        await play.Advance(TimeSpan.FromMinutes(5));
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectNothing();

        await phone.Resume();
        await phone.Acknowledge();
        await phone.Ping();
        await phone.Cut();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush();

        await phone.Return();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectNothing();
        await State(phone, "inactive");
        await phone.Ping();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush();
        await State(phone, "active");
        await State(phone, "inactive");
        await phone.Ping();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush();
    }

    // Waking 2: what is louder is told all the same.
    [Theory, Framings]
    public async Task A_message_is_told_after_a_reaction(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        await phone.Leave();
        await romeo.Send(
            Chat(phone.Bare, "<reactions xmlns='urn:xmpp:reactions:0' id='m'><reaction>x</reaction></reactions>")
        );
        await server.ExpectPush();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush(count: 2);
    }

    // Life 5, Waking 2: XEP-0353; each call rings, and stops ringing, but nobody rings for ever.
    [Theory, Framings]
    public async Task Calls_are_always_told_within_reason(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        await phone.Leave();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush(1);
        string[] steps = ["propose", "retract", "propose", "retract", "propose", "retract"];
        int count = 1;
        foreach (string step in steps)
        {
            await romeo.Send(Chat(phone.Bare, $"<{step} xmlns='urn:xmpp:jingle-message:0' id='c'/>"));
            await server.ExpectPush(++count);
        }
        await romeo.Send(Chat(phone.Bare, "<propose xmlns='urn:xmpp:jingle-message:0' id='c'/>"));
        await server.ExpectNothing();
        await play.Advance(TimeSpan.FromMinutes(1));
        await romeo.Send(Chat(phone.Bare, "<invite xmlns='urn:xmpp:call-invites:0'/>"));
        await server.ExpectPush(count + 2);
    }

    // Life 5: the table of payloads.
    [Theory, Framings]
    public async Task What_is_not_for_people_wakes_nobody(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        await phone.Leave();
        string[] quiet =
        [
            "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
            "<received xmlns='urn:xmpp:receipts' id='m'/>",
            "<displayed xmlns='urn:xmpp:chat-markers:0' id='m'/>",
            "<retract xmlns='urn:xmpp:message-retract:1' id='m'/>",
            "<accept xmlns='urn:xmpp:jingle-message:0' id='c'/>",
            "<proceed xmlns='urn:xmpp:jingle-message:0' id='c'/>",
            "<ringing xmlns='urn:xmpp:jingle-message:0' id='c'/>",
            "<finish xmlns='urn:xmpp:jingle-message:0' id='c'/>",
            "<left xmlns='urn:xmpp:call-invites:0' id='c'/>",
            "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/></encrypted>",
        ];
        foreach (string inside in quiet)
            await romeo.Send(Chat(phone.Bare, inside));
        await romeo.Send($"<message to='{phone.Bare}' type='headline'><body>news</body></message>");
        await server.ExpectNothing();
        await romeo.Send(
            Chat(phone.Bare, "<encrypted xmlns='eu.siacs.conversations.axolotl'><payload>x</payload></encrypted>")
        );
        await server.ExpectPush();
    }

    // What went nowhere is nothing to come back for.
    [Theory, Framings]
    public async Task What_was_not_kept_wakes_nobody(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        await phone.Leave();
        await romeo.Send(Chat(phone.Bare, "<body>look</body><no-store xmlns='urn:xmpp:hints'/>"));
        await romeo.Expect("<message type='error'/>");
        await server.ExpectNothing();
    }

    // Reach 4: who is blocked wakes nobody.
    [Theory, Framings]
    public async Task The_blocked_and_the_person_itself_wake_nobody(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        await phone.Ask($"<iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='{romeo.Bare}'/></block></iq>");
        Actor laptop = await play.Connect("juliet", "laptop");
        await phone.Leave();
        await romeo.Send(Chat(phone.Bare));
        await romeo.Expect("<message type='error'/>");
        await laptop.Send(Chat(phone.Bare));
        await server.ExpectNothing();
    }

    // Waking 3: what a lost connection may have swallowed.
    [Theory, Framings]
    public async Task What_was_not_acknowledged_is_told_when_the_line_is_lost(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        await romeo.Send(Chat(phone.Bare));
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectNothing();
        await phone.Cut();
        await server.ExpectPush();
        await phone.Resume();
        await phone.Acknowledge();
        await phone.Ping();
        await phone.Cut();
        await server.ExpectNothing();
    }

    // The same for what only a copy told it (XEP-0280).
    [Theory, Framings]
    public async Task A_copy_that_was_not_acknowledged_counts_too(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        await SignIn.CarbonsAsync(phone);
        Actor laptop = await play.Connect("juliet", "laptop");
        await romeo.Send(Chat(laptop.Jid));
        await laptop.Expect("<message><body>look</body></message>");
        await server.ExpectNothing();
        await phone.Cut();
        await server.ExpectPush();
    }

    [Theory, Framings]
    public async Task Who_leaves_in_order_knows_what_it_has(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectNothing();
        await phone.Leave();
        await server.ExpectNothing();
    }

    // §8: who published to it is told to stop, and nobody else can say so.
    [Theory, Framings]
    public async Task An_app_server_ends_what_was_registered_there(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        var other = new Neighbour(play, "other.test");
        play.Server.Dispatcher.Services.Add(other).ShouldBeTrue();
        string End(string from, string node, string whose, string affiliation = "none") =>
            $"<message from='{from}' to='{phone.Bare}'><pubsub xmlns='http://jabber.org/protocol/pubsub' node='{node}'>"
            + $"<affiliation jid='{whose}' affiliation='{affiliation}'/></pubsub></message>";
        await other.Send(End("other.test", "n1", phone.Bare));
        await server.Neighbour.Send(End("x@" + Domain, "n1", phone.Bare));
        await server.Neighbour.Send(End(Domain, "n2", phone.Bare));
        await server.Neighbour.Send(End(Domain, "n1", romeo.Bare));
        await server.Neighbour.Send(End(Domain, "n1", phone.Bare, "publish-only"));
        await romeo.Send(End(Domain, "n1", phone.Bare).Replace($" from='{Domain}'", "", StringComparison.Ordinal));
        await play.Settle();
        play.Account("juliet").PushTargets.Length.ShouldBe(1);
        phone.Forget();
        await server.Neighbour.Send(End(Domain, "n1", phone.Bare));
        await play.ExpectNothing(phone);
        play.Account("juliet").PushTargets.ShouldBeEmpty();
        await phone.Leave();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectNothing();
        await play.Restart();
        play.Account("juliet").PushTargets.ShouldBeEmpty();
    }

    // Laws, "The world outside" 2: neither sender nor text, whatever the device asks to be told.
    [Theory, Framings]
    public async Task Others_learn_neither_who_nor_what(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        await phone.Leave();
        await romeo.Send(Chat(phone.Bare, "<body>a secret</body>"));
        string published = (await server.ExpectPush()).ToString();
        foreach (string secret in (string[])["romeo", "juliet", "secret", "last-message"])
            published.ShouldNotContain(secret, Case.Insensitive);
    }

    // §5, §7: what the app server asked for goes with each publish.
    [Theory, Framings]
    public async Task Publish_options_are_passed_on(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        string Form(string secret) =>
            $"""
                <x xmlns='jabber:x:data' type='submit'>
                  <field var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#publish-options</value></field>
                  <field var='secret'><value>{secret}</value></field>
                </x>
                """;
        await phone.Ask(Enable(inside: Form("old")), "<iq type='result'/>");
        await phone.Ask(Enable(inside: Form("&lt;new&gt;")), "<iq type='result'/>");
        await phone.Leave();
        await play.Restart();
        server = new AppServer(play);
        romeo = await play.Connect("romeo", "garden");
        await romeo.Send(Chat(phone.Bare));
        await server.Expect(
            $"""
            <iq type='set'>
              <pubsub xmlns='http://jabber.org/protocol/pubsub'>
                <publish node='n1'/><publish-options>{Form("&lt;new&gt;")}</publish-options>
              </pubsub>
            </iq>
            """
        );
    }

    // Laws, "The world outside" 2: whatever the account's role is, and whatever the gate says of that domain.
    [Theory, Framings]
    public async Task A_child_s_device_is_woken_too(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (_, Actor romeo, AppServer server) = await Assemble(play);
        await play.AddAccount("child", Xmpp.Server.Stores.Role.Limited, "Verona");
        Actor tablet = await play.Connect("child", "tablet");
        await tablet.Ask(Enable("n9"), "<iq type='result'/>");
        await tablet.Leave();
        await romeo.Send(Chat(tablet.Bare));
        await server.ExpectPush(node: "n9");
    }

    // Life 1, 10: a push delays nobody, and nothing is written for it.
    [Theory, Framings]
    public async Task An_app_server_that_never_answers_holds_up_nothing(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        server.Neighbour.Answer = null;
        play.Server.Dispatcher.Services.Remove(server.Neighbour);
        play.Server.Dispatcher.Services.Add(new Silence());
        await phone.Cut();
        for (int i = 0; i < 200; i++)
            await romeo.Send(Chat(phone.Bare, $"<body>{i.ToString(CultureInfo.InvariantCulture)}</body>"));
        await play.Settle();
        await phone.Resume();
        for (int i = 0; i < 200; i++)
            await phone.Expect($"<message><body>{i}</body></message>");
    }

    private sealed class Silence : Xmpp.Server.Routing.Service
    {
        public override Xmpp.Addresses.Jid Address { get; } = Xmpp.Addresses.Jid.Parse(Domain);

        public override void TakeMessage(Xmpp.Server.Routing.Origin origin, Xmpp.Stanzas.Stanza message) { }

        public override void TakePresence(Xmpp.Server.Routing.Origin origin, Xmpp.Stanzas.Stanza presence) { }

        public override ValueTask TakeIqAsync(
            Xmpp.Server.Routing.Origin origin,
            Xmpp.Stanzas.Stanza iq,
            CancellationToken cancellation
        ) => new(new TaskCompletionSource().Task);
    }
}
